/* basis.h -- bases of principal components in a stream, so that new data can be projected on them.
 *
 *   GROUP/mean (d), GROUP/loadings (d x n), GROUP/variance (n), GROUP/scale (d, only when columns
 *   were divided by it). Attributes of GROUP/variance: `total` of all d components, `rows` it was
 *   made from. */
#ifndef VR_IO_BASIS_H
#define VR_IO_BASIS_H
#include "ana/pca.h"
#include "io/stream.h"

/* Writes b at `group` ("/basis/pca/angles"). `axis` names the columns ("joint"), `component` the
 * components ("mode"), units are those of a column. */
int vr_put_basis(vr_turn *t, const char *group, const char *axis, const char *component,
  const char *units, const vr_pca *b);

/* Reads a basis; its further variances are 0, its total is kept. VR_EDATA names what is missing. */
int vr_get_basis(const vr_h5 *f, const char *group, vr_pca *b);

/* VR_EDATA unless both files hold the same basis at `group`. */
int vr_same_basis(const vr_h5 *a, const vr_h5 *b, const char *group);

/* VR_EDATA unless both files have the same strings at path, where both have it. */
int vr_same_names(const vr_h5 *a, const vr_h5 *b, const char *path);

#endif
