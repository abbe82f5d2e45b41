/* overlap.h -- how much of the space of scores groups of trials share, and how much they would by
 * chance.
 *
 * For two labels, each the frames of its trials: the overlap of their histograms in the plane of the
 * first two columns, sum of min(p, q), 0 to 1; the Bhattacharyya coefficient of the same, sum of
 * sqrt(p q); and the share of variance that the leading principal axes of one catch of the other, of
 * what that one's own would (Elsayed et al. 2016), the mean of both directions. Frames of a trial
 * are alike, so the null gives whole trials to other labels. */
#ifndef VR_ANA_OVERLAP_H
#define VR_ANA_OVERLAP_H
#include "base/pool.h"
#include "num/mat.h"

typedef struct {
  int grid;     /* bins of a histogram on a side, between the 0.5th and 99.5th percentile of all */
  int subspace; /* leading axes that are compared */
  int draws;    /* of labels for the null */
} vr_overlap_par;
#define VR_OVERLAP_DEFAULTS                                                                        \
  {                                                                                                \
    .grid = 20, .subspace = 2, .draws = 199                                                        \
  }

enum { VR_OVERLAP_HISTOGRAM, VR_OVERLAP_BHATTACHARYYA, VR_OVERLAP_SUBSPACE, VR_OVERLAPS };

typedef struct {
  int measure;
  size_t first, second; /* labels, from 0; equal: the mean over all pairs */
  double value;
  double mean, low; /* of the null, and its 5th percentile */
  double p;         /* share of draws that overlap as little: (1 + how many) / (1 + draws) */
} vr_overlap_row;

/* The overlaps of the rows of x (frames x columns, two at least) by of[trial] = 1 .. labels (0: left
 * out). row: room for VR_OVERLAPS * (1 + labels (labels - 1) / 2): first the mean over pairs of each
 * measure, then the pairs. VR_EDATA unless two labels have a trial each and three trials are there,
 * the message telling how many. The same bytes for any pool. */
int vr_overlap(const vr_mat *x, const vr_trials *tr, const int32_t *of, size_t labels,
  const vr_overlap_par *par, uint64_t seed, const vr_pool *pool, vr_overlap_row *row);

#endif
