/* stage_posture.h -- eigenpostures of a turn, as vr-eigenposture makes them.
 *
 * Adds /eigenposture/NAME (M x n scores, float64) and its basis in /basis/eigenposture/NAME (see
 * io/basis.h) for each input; NAME is the last word of the input's path. Frames are read in blocks,
 * so memory does not grow with their number. */
#ifndef VR_IO_STAGE_POSTURE_H
#define VR_IO_STAGE_POSTURE_H
#include "ana/pca.h"
#include "io/stream.h"

enum { VR_POSTURE_SETS = 8 }; /* most inputs */

/* What is done by default: those of /pose/angles and /pose/positions that are there; *n of them.
 * VR_EDATA when neither is. */
int vr_posture_inputs(const vr_turn *t, const char *path[2], size_t *n);

/* basis NULL: fits a basis to all frames. Otherwise projects on the bases of that file, which must
 * be for the same names; they are copied into the turn. */
int vr_stage_posture(vr_turn *t, const char *const *input, size_t n, const vr_pca_par *par,
  const vr_h5 *basis, const vr_pool *pool);

/* One input; its scores go to `scores` ("/pca/angles"), its basis to `group`. `component` names the
 * axis of components. */
int vr_stage_pca(vr_turn *t, const char *input, const char *scores, const char *group,
  const char *component, const vr_pca_par *par, const vr_h5 *basis, const vr_pool *pool);

/* Scores that a later stage needs: computed with the defaults where there are none, with a line in
 * the history that names the program `because_of`. With a basis, what is there must be on it. */
int vr_need_posture(vr_turn *t, const vr_h5 *basis, const char *because_of, const vr_pool *pool);

#endif
