/* stage_tsne.h -- the map of a turn, as vr-tsne makes it.
 *
 * Adds /map/xy (M x 2, every frame) with the parameters as attributes; /map/used (M, uint8: 1 where a
 * frame was embedded, 0 where it was placed afterwards); /map/kl by /map/iteration; and what places
 * new frames: /map/input (the datasets of the features), /map/mean and /map/sd of their columns. */
#ifndef VR_IO_STAGE_TSNE_H
#define VR_IO_STAGE_TSNE_H
#include "ana/tsne.h"
#include "io/stream.h"

typedef struct {
  vr_tsne_par tsne;
  int every;    /* embed every so manieth frame ... */
  int most;     /* ... or more seldom, so that no more than this are embedded; 0: no limit */
  double place; /* perplexity with which the others, and new frames, are placed */
  uint64_t seed;
  vr_tsne_progress progress; /* or NULL */
} vr_stage_tsne_par;
#define VR_STAGE_TSNE_DEFAULTS                                                                     \
  {                                                                                                \
    .tsne = VR_TSNE_DEFAULTS, .every = 1, .most = 200000, .place = 5, .seed = 1                    \
  }

/* What was done, to be told. */
typedef struct {
  size_t frames, used; /* frames in all, and of the map that was made */
  vr_tsne_mode mode;
  double kl; /* at the end, of the kept neighbours */
} vr_stage_tsne_info;

/* The map of the features in the datasets path[0 .. n-1]; replaces one that is there. */
int vr_stage_tsne(vr_turn *t, const char *const *path, size_t n, const vr_stage_tsne_par *par,
  const vr_pool *pool, vr_stage_tsne_info *info);

/* Frames are placed into the map of another file, which holds its features too. path NULL: the
 * datasets that made that map (missing ones computed on its bases where they are the default ones,
 * because of `program`). */
int vr_stage_tsne_onto(vr_turn *t, const char *const *path, size_t n, const vr_h5 *map,
  const char *program, const vr_stage_tsne_par *par, const vr_pool *pool, vr_stage_tsne_info *info);

#endif
