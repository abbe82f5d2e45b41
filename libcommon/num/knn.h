/* knn.h -- exact k nearest neighbours by Euclidean distance.
 *
 * Brute force in single precision over tiles of 12 queries x 32 points, with a rigorous bound on
 * the rounding, and double precision for the few candidates that are left: neighbours, their order
 * and their distances are those of double precision, for any processor and number of threads. The
 * columns are turned to principal axes first, so that most tiles are given up after 16 of them.
 * Rows that follow each other in time should follow each other in x: the search starts with a
 * query's own surroundings. Cost grows with rows x rows; memory beside the result is 4 bytes a
 * number of x and 2 MiB a thread. */
#ifndef VR_NUM_KNN_H
#define VR_NUM_KNN_H
#include "base/pool.h"
#include "num/mat.h"

/* Zero-initialise. Row i holds the k neighbours of query i, nearest first, ties by index. */
typedef struct {
  size_t rows, k;
  int32_t *index; /* rows x k */
  float *dist2;   /* rows x k, squared distances (infinite above 3e38) */
} vr_knn;

/* The k nearest other rows of each row of x (n x d, finite, not changed). Rows that are equal are
 * legal neighbours at distance 0. out is made by the callee, freed by the caller with vr_knn_free.
 * VR_EARG: k < 1, k >= n, or more than 2^31 rows. VR_EMEM. */
int vr_knn_self(const vr_mat *x, size_t k, const vr_pool *pool, vr_knn *out);

/* The k nearest rows of x for each row of q (m x d). k <= rows of x. */
int vr_knn_query(const vr_mat *x, const vr_mat *q, size_t k, const vr_pool *pool, vr_knn *out);

void vr_knn_free(vr_knn *knn);

#endif
