/* purity.h -- how well one labelling of the frames tells another. */
#ifndef VR_ANA_PURITY_H
#define VR_ANA_PURITY_H
#include "num/mat.h"
#include <stdint.h>

/* Over the frames where both labels are at least 1. */
typedef struct {
  size_t frames;
  double purity;   /* share of frames whose b is the most frequent b of their a */
  double chance;   /* the same if all frames had one a: the share of the most frequent b */
  double balanced; /* mean over the values of b of the share of their frames in regions where b is
                      the most frequent: rare behaviours count as much as common ones */
  double nmi;      /* mutual information over the mean of the two entropies, 0 .. 1 */
} vr_purity;

/* a[i] in 0 .. ka, b[i] in 0 .. kb, n frames; 0 = none. count (ka x kb) frames, `best` (ka) the most
 * frequent b of each a (1 .. kb, the smaller of equals, 0 where none) and `share` (ka) its share; any
 * of the three may be NULL; count is resized. VR_EARG, VR_EMEM. */
int vr_purity_of(const int32_t *a, size_t ka, const int32_t *b, size_t kb, size_t n, vr_mat *count,
  int32_t *best, double *share, vr_purity *result);

#endif
