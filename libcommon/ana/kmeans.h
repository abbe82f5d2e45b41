/* kmeans.h -- k-means: rows into k clusters so that the squared distances to their centres are small.
 *
 * Lloyd's iterations from k-means++ (greedy: the best of 2 + ln k draws; Arthur & Vassilvitskii
 * 2007), exact: distances are formed in single precision with a rigorous bound on their rounding,
 * and whatever that bound leaves open is decided in double precision, ties by index. Bounds on the
 * nearest and the second nearest centre (Hamerly 2010) spare the rows that cannot change. Sums are in
 * double precision over fixed chunks, so labels and centres are the same for any number of threads.
 * A cluster that loses its last row takes the row farthest from its centre. Memory beside x: 4 bytes
 * a number of x, 20 bytes a row, and 40 bytes a row while starts are drawn. */
#ifndef VR_ANA_KMEANS_H
#define VR_ANA_KMEANS_H
#include "base/pool.h"
#include "num/mat.h"

typedef struct {
  int k;          /* clusters */
  int restarts;   /* the best of so many starts */
  int iterations; /* at most; 0 only labels the rows by the centres given */
} vr_kmeans_par;
#define VR_KMEANS_DEFAULTS                                                                         \
  {                                                                                                \
    .k = 50, .restarts = 10, .iterations = 300                                                     \
  }

/* Zero-initialise; freed with vr_kmeans_free. */
typedef struct {
  vr_mat centre;  /* k x d */
  int32_t *label; /* n: 1 .. k */
  size_t n;
  size_t *count;  /* k: rows of each cluster */
  double *spread; /* k: mean squared distance of its rows to the centre, 0 without rows */
  double inertia; /* sum of all squared distances */
  double *each;   /* restarts: the inertia of each */
  int restarts, best, iterations; /* starts made, the best one, and how many iterations it took */
  int converged;                  /* 1: no label changed any more */
} vr_kmeans_fit;

/* Called after each start with what is done of `total`; may be NULL. */
typedef void (*vr_kmeans_progress)(void *ctx, double done, double total);

/* Clusters the rows of x (n x d, finite). start NULL: par->restarts draws of k-means++ from `seed`,
 * and clusters are numbered by size, largest first (ties: whose first row comes first). Otherwise one
 * run from these centres (k x d; par->k is not read), whose order is kept. fit is made by the callee.
 * VR_EARG: no rows, k < 1, k > n, restarts < 1, or start of other columns. VR_EDATA: fewer than k
 * distinct rows. VR_EMEM. */
int vr_kmeans(const vr_mat *x, const vr_mat *start, const vr_kmeans_par *par, uint64_t seed,
  const vr_pool *pool, vr_kmeans_progress progress, void *ctx, vr_kmeans_fit *fit);
void vr_kmeans_free(vr_kmeans_fit *fit);

#endif
