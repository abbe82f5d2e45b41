/* stat.h -- moments, quantiles, and covariances that grow block by block. */
#ifndef VR_NUM_STAT_H
#define VR_NUM_STAT_H
#include "base/pool.h"
#include "num/mat.h"

/* Mean of the n numbers of x, and their variance with divisor n - 1 (0 for n < 2), in two passes.
 * Either result may be NULL. n = 0 gives zeros. */
void vr_mean_var(const double *x, size_t n, double *mean, double *var);

/* Mean and standard deviation (divisor n - 1) of each column of x (n x d), d numbers each; either
 * may be NULL. */
int vr_column_stats(const vr_mat *x, double *mean, double *sd);

/* Puts the n numbers of x in ascending order. NaN must not be in x. */
void vr_sort(double *x, size_t n);

/* Quantile 0 <= q <= 1 of x (n >= 1), linear between order statistics (type 7, NumPy's default). x
 * is reordered. NaN must not be in x. */
double vr_quantile(double *x, size_t n, double q);

/* Interval of a share of k in n by Wilson's score (1927) at z standard deviations (1.96: 95 %); within
 * 0 .. 1, and all of it for n = 0. */
void vr_wilson(size_t k, size_t n, double z, double *low, double *high);

/* Covariance of rows that arrive in blocks. Every block of VR_COV_BLOCK rows is centred on its own
 * mean; blocks are merged in their order (Chan, Golub & LeVeque 1983), so nothing cancels and the
 * result is the same for any number of threads. Zero-initialise, then vr_cov_init. */
enum { VR_COV_BLOCK = 2000, VR_COV_MAX = 8192 };
typedef struct {
  size_t d, n;  /* columns; rows so far */
  double *mean; /* d */
  double *prod; /* d x d, upper triangle: sum of (x - mean)(x - mean)' */
} vr_cov;

int vr_cov_init(vr_cov *c, size_t d); /* VR_EARG for d = 0 or above VR_COV_MAX; VR_EMEM */
void vr_cov_free(vr_cov *c);

/* Adds the rows of x (cols = d). Blocks start at row 0 of each call: call with multiples of
 * VR_COV_BLOCK rows (but the last) and the cuts do not matter. The products of single precision
 * rows are formed in double. */
int vr_cov_add(vr_cov *c, const vr_mat *x, const vr_pool *pool);
int vr_cov_addf(vr_cov *c, const vr_matf *x, const vr_pool *pool);

/* One block, for callers that thread over blocks themselves: sets c to the moments of x, which has
 * a variable in a row (d x rows, ld numbers from one to the next) and is centred in place. The float
 * form multiplies in single precision, adds every VR_COV_BLOCK products in double, and needs scratch
 * for d x d numbers. */
void vr_cov_wide(vr_cov *c, double *x, size_t rows, size_t ld);
void vr_cov_widef(vr_cov *c, float *x, size_t rows, size_t ld, float *scratch);
void vr_cov_merge(vr_cov *into, const vr_cov *from);

/* a = the full symmetric covariance (d x d, divisor n - 1). VR_EDATA for fewer than two rows. */
int vr_cov_matrix(const vr_cov *c, vr_mat *a);

#endif
