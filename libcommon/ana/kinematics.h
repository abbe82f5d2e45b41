/* kinematics.h -- principal components of wavelet amplitudes, in one pass over blocks.
 *
 * m series x nfreq frequencies are m nfreq columns (375 in the paper), of which the first n
 * components are kept. The columns of all frames are never held: the covariance of each block is
 * added while the block is in cache. Blocks are kept for the projection as long as they fit in
 * the caller's room; the amplitudes of the others are computed once more (the results then differ by
 * the rounding of the precision). */
#ifndef VR_ANA_KINEMATICS_H
#define VR_ANA_KINEMATICS_H
#include "ana/pca.h"
#include "ana/wavelet.h"

/* Room for amplitudes between the passes, used again by the next call: {.most = ...} at first, freed
 * with vr_release(room.block). */
typedef struct {
  size_t most; /* bytes it may grow to */
  size_t size; /* bytes it has */
  char *block;
} vr_kinematics_room;
#define VR_KINEMATICS_ROOM                                                                         \
  {                                                                                                \
    .most = (size_t)212 << 20                                                                      \
  }

/* Where series come from and results go; called from the calling thread only, each returns 0 or an
 * error, which ends the work. */
typedef struct {
  /* x (rows x m) = rows first .. first + rows - 1 of the series; asked for twice */
  int (*read)(void *ctx, size_t first, size_t rows, double *x);
  /* scores (rows x n) of rows first ...; in order */
  int (*scores)(void *ctx, size_t first, size_t rows, const double *scores);
  /* NULL, or amplitudes (rows x m nfreq; float, or double when exact) of rows first ...; in order */
  int (*raw)(void *ctx, size_t first, size_t rows, const void *amp);
  void *ctx;
} vr_kinematics_io;

/* fit: *b becomes the basis of these amplitudes (par; the rest of *b is freed). Otherwise they are
 * projected on *b, which is left alone. w: from vr_waves_new. Same bytes for any pool. */
int vr_kinematics(vr_waves *w, const vr_trials *tr, size_t m, const vr_pca_par *par, int fit,
  const vr_kinematics_io *io, vr_kinematics_room *room, const vr_pool *pool, vr_pca *b);

#endif
