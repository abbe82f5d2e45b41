/* features.h -- what a frame is for tools that compare frames: columns of several datasets, side by
 * side, each brought to mean 0 and standard deviation 1. */
#ifndef VR_IO_FEATURES_H
#define VR_IO_FEATURES_H
#include "base/pool.h"
#include "io/stream.h"

enum { VR_FEATURES_MAX = 64 }; /* most datasets of a list */

/* The default list, "behavioural features": eigenpostures (of angles, where there are any, and of
 * positions) and intermediate kinematics, 60 columns for the rat. What is missing is computed, on
 * the bases of `basis` where that is not NULL, with lines in the history that name the program
 * `because_of`. path has room for 3. */
int vr_features_default(vr_turn *t, const vr_h5 *basis, const char *because_of, const vr_pool *pool,
  const char *path[3], size_t *n);

/* Zero-initialise; freed with vr_features_free. */
typedef struct {
  vr_mat x;          /* M x d */
  double *mean, *sd; /* d, of the columns as they were; sd 0 where a column is constant */
} vr_features;

/* The columns of the datasets, z-scored; constant ones become 0. All must have the same rows. NaN
 * and Inf are VR_EDATA with dataset and row. */
int vr_features_get(const vr_turn *t, const char *const *path, size_t n, vr_features *f);

/* The same with given means and sds (d of each), so that new frames can be compared with old. */
int vr_features_get_by(const vr_turn *t, const char *const *path, size_t n, const double *mean,
  const double *sd, size_t d, vr_features *f);
void vr_features_free(vr_features *f);

#endif
