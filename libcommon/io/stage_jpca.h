/* stage_jpca.h -- the rotations of a dataset with a row for each frame, as vr-jpca finds them. */
#ifndef VR_IO_STAGE_JPCA_H
#define VR_IO_STAGE_JPCA_H
#include "ana/flow.h"
#include "ana/jpca.h"
#include "io/stream.h"

typedef struct {
  vr_jpca_par jpca;
  vr_flow_par field; /* bins 0: no fields; surrogates, piece and seed are those of jpca */
} vr_stage_jpca_par;
#define VR_STAGE_JPCA_DEFAULTS                                                                     \
  {                                                                                                \
    .jpca = VR_JPCA_DEFAULTS, .field = VR_FLOW_DEFAULTS                                            \
  }

/* The activity that is there: all of /neural/LAYER/c and /neural/REGION/rate, in the order of the
 * attribute `layers` of /neural, then by name. One block, vr_release(*path). VR_EDATA: there is
 * none. */
int vr_activity_paths(const vr_turn *t, char ***path, size_t *n);

/* Writes /jpca/PATH and /field/PATH/{pc1,jpc1,jpc2...} (see vr.5), replacing what was there. info,
 * with the fit, is the caller's to free. */
int vr_stage_jpca(
  vr_turn *t, const char *path, const vr_stage_jpca_par *par, const vr_pool *pool, vr_jpca *info);

#endif
