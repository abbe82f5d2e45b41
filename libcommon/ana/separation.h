/* separation.h -- how far apart labelled points lie, from their distances, and how far they would by
 * chance.
 *
 * Points come in units that share a label: the frames of a trial, or each point by itself. Whatever a
 * point is compared with lies in other units, so that neighbours in time do not count. The null gives
 * the labels to other units: all of them, or those of the same stratum. */
#ifndef VR_ANA_SEPARATION_H
#define VR_ANA_SEPARATION_H
#include "base/pool.h"
#include "num/mat.h"

typedef struct {
  size_t n, units, labels;
  const size_t *unit;    /* n: of each point */
  const int32_t *label;  /* units: 0 .. labels - 1 */
  const size_t *stratum; /* units, or NULL: all units may swap labels */
  size_t votes;          /* how many nearest points tell a label; 0 is 1 */
} vr_grouping;

enum { VR_SILHOUETTE, VR_NEAREST, VR_SEPARATIONS };

typedef struct {
  double value;      /* of the labels as they are */
  double mean, high; /* of the null, and its 95th percentile */
  double p;          /* share of the null that reaches the value: (1 + how many) / (1 + draws) */
} vr_separation;

/* out[VR_SILHOUETTE]: mean over the points of (b - a) / max(a, b), a the mean distance to points of
 * the same label, b to those of the nearest other label (Rousseeuw 1987); 0 where there is no a.
 * out[VR_NEAREST]: share of points whose label has most of the votes of the nearest ones (of equals,
 * that of the nearest), as the mean over labels. d (n x n) distances. VR_EDATA unless two labels have
 * two units each, the message telling how many. */
int vr_separation_of(const vr_mat *d, const vr_grouping *g, size_t draws, uint64_t seed,
  const vr_pool *pool, vr_separation out[VR_SEPARATIONS]);

#endif
