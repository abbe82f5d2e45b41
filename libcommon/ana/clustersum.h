/* clustersum.h -- sums and means of rows by label, for several labellings in one pass over the rows. */
#ifndef VR_ANA_CLUSTERSUM_H
#define VR_ANA_CLUSTERSUM_H
#include "base/pool.h"
#include "num/mat.h"

/* Zero-initialise, then vr_clustersum_init. */
typedef struct {
  size_t k, d;   /* labels, columns */
  double *sum;   /* k x d */
  size_t *count; /* k: rows of each label */
} vr_clustersum;

int vr_clustersum_init(
  vr_clustersum *s, size_t k, size_t d); /* VR_EARG for k = 0 or d = 0; VR_EMEM */
void vr_clustersum_free(vr_clustersum *s);

/* Adds the rows of x to each of n labellings: row i of x to label[m][i] = 1 .. s[m].k of s[m]; 0 is
 * left out. Sums run in the order of the rows: the cuts of blocks and the number of threads do not
 * matter. VR_EARG: other columns. VR_EDATA: a label above s[m].k or below 0. */
int vr_clustersum_add(
  vr_clustersum *s, size_t n, const vr_mat *x, const int32_t *const *label, const vr_pool *pool);
int vr_clustersum_addf(
  vr_clustersum *s, size_t n, const vr_matf *x, const int32_t *const *label, const vr_pool *pool);

/* m (n x d): row i is the mean of the rows of the labels which[i] * group + 1 .. + group taken
 * together (group 1: of the label which[i] + 1). VR_EARG: there is no such label, or no row of it. */
int vr_clustersum_means(
  const vr_clustersum *s, const size_t *which, size_t n, size_t group, vr_mat *m);

#endif
