/* cka.h -- how alike two sets of columns tell the same rows apart: linear CKA, with its null.
 *
 * Centred kernel alignment (Kornblith et al. 2019): K = HXX'H, L = HYY'H of the same k rows,
 * CKA = <K, L> / (|K| |L|), 0 to 1, the same for any rotation and any one scale of X or Y. With as
 * many columns as rows it is near 1 for anything (0.72 for independent normal X and Y of 50 x 128),
 * so every value has the distribution of row permutations beside it, and the debiased estimator: the
 * same ratio of U-centred matrices (Szekely & Rizzo 2014), 0 on average for unrelated ones, at times
 * negative.
 *
 * A permutation moves only <K, PLP'>; norms stay. And as the rows of K sum to 0, the debiased
 * numerator is <K, PLP'> - k / (k - 2) sum K_ii L_jj + tr K tr L / ((k - 1)(k - 2)) with j the row
 * that comes to i: one gathered product of k^2 / 2 numbers a draw gives both. */
#ifndef VR_ANA_CKA_H
#define VR_ANA_CKA_H
#include "base/pool.h"
#include "num/mat.h"
#include <stdint.h>

/* Zero-initialise; freed with vr_gram_free. */
typedef struct {
  size_t k;
  double *a;       /* k x k, double-centred */
  double norm;     /* |K|, 0 where all rows of X are equal */
  double debiased; /* norm of the U-centred matrix; 0 where K tells no pair of rows from another */
  double trace;
  double dim; /* effective dimension (tr K)^2 / |K|^2, at most k - 1; 0 when norm is */
} vr_gram;

/* K of x (k x p). VR_EARG for fewer than 2 rows or no columns. */
int vr_gram_make(const vr_mat *x, vr_gram *g);
/* The rest of g from its k and the upper triangle of a, of columns whose squares sum to `all` before
 * they were centred. */
void vr_gram_finish(vr_gram *g, double all);
int vr_gram_copy(const vr_gram *from, vr_gram *to);
void vr_gram_free(vr_gram *g);

/* The two estimators, of equally many rows; 0 where a norm is 0. */
double vr_cka(const vr_gram *x, const vr_gram *y);
double vr_cka_debiased(const vr_gram *x, const vr_gram *y); /* k > 3 */

/* A value, and what a null gives: its mean, its 95 % quantile, and the probability of a value at least
 * as high, (1 + how many) / (1 + draws). */
typedef struct {
  double value, mean, high, p;
} vr_cka_test;
typedef struct {
  vr_cka_test paper, debiased;
} vr_cka_result;

typedef struct {
  size_t x, y; /* places in the list of matrices */
} vr_cka_pair;

/* out[n] for pairs of g, whose matrices must all have the same k > 3. Draw t is the same permutation
 * for every pair, so that differences of pairs can be tested. draws >= 1. The same for any pool. */
int vr_cka_pairs(const vr_gram *g, const vr_cka_pair *pair, size_t n, int draws, uint64_t seed,
  const vr_pool *pool, vr_cka_result *out);

/* A value among draws of a null (reordered). Those that only rounding puts below it count as well. */
vr_cka_test vr_cka_judge(double value, double *null, size_t draws);

/* Dot products of the rows of x (k x p), the similarity matrix of figure 5A: s (k x k), resized. */
int vr_cka_similarity(const vr_mat *x, vr_mat *s);

#endif
