/* stage_overlap.h -- how much of the space of their components tasks share, as vr-pca --by tells it.
 *
 * For the scores of an input /PATH the group /overlap/PATH gets measure, first and second (the labels
 * of a pair, "all" for the mean of the pairs and for what has no pairs), value, mean, bound (the 5th
 * percentile of the null of overlaps, the 95th of separations) and p. */
#ifndef VR_IO_STAGE_OVERLAP_H
#define VR_IO_STAGE_OVERLAP_H
#include "ana/overlap.h"
#include "base/str.h"
#include "io/stream.h"

typedef struct {
  vr_overlap_par overlap;
  int frames;     /* of each label that are asked for the labels of their neighbours */
  int neighbours; /* that vote */
  uint64_t seed;
} vr_stage_overlap_par;
#define VR_STAGE_OVERLAP_DEFAULTS                                                                  \
  {                                                                                                \
    .overlap = VR_OVERLAP_DEFAULTS, .frames = 250, .neighbours = 15, .seed = 1                     \
  }

/* From the dataset `scores` ("/pca/pose/speeds") by the label `by`, which must be constant in each
 * trial, to /overlap + path. Too few trials or components are told in `notes`, not an error. */
int vr_stage_overlap(vr_turn *t, const char *path, const char *scores, const char *by,
  const vr_stage_overlap_par *par, const vr_pool *pool, vr_str *notes);

#endif
