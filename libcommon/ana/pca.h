/* pca.h -- principal components of rows that are seen block by block.
 *
 * Covariance with divisor rows - 1 (MATLAB pca, scikit-learn), eigenvectors of length 1 whose entry of
 * largest magnitude is positive, so signs do not depend on the order of the data. Memory does not
 * grow with the number of rows: vr_cov_add blocks (num/stat.h), vr_pca_solve once, then
 * vr_pca_project blocks. */
#ifndef VR_ANA_PCA_H
#define VR_ANA_PCA_H
#include "base/pool.h"
#include "num/mat.h"
#include "num/stat.h"

typedef struct {
  int n;     /* components kept; fewer where there are fewer columns */
  int scale; /* divide columns by their standard deviation (constant ones stay 0) */
} vr_pca_par;
#define VR_PCA_DEFAULTS                                                                            \
  {                                                                                                \
    .n = 15                                                                                        \
  }

/* Zero-initialise; freed with vr_pca_free. One block: copy the fields, not the struct. */
typedef struct {
  size_t d, n, rows;
  double *mean;     /* d */
  double *scale;    /* d: what columns are divided by, 1 without scaling */
  double *loadings; /* n x d, a component in a row */
  double *variance; /* d, descending: of all components, not only those kept */
  double total;     /* sum of variance */
} vr_pca;

int vr_pca_alloc(vr_pca *b, size_t d, size_t n); /* an empty basis to be filled; scale 1 */
void vr_pca_free(vr_pca *b);

/* The basis of what was added to cov. VR_EDATA below two rows, VR_ENUM for what is not finite. */
int vr_pca_solve(const vr_cov *cov, const vr_pca_par *par, vr_pca *b);

/* scores (rows x n), resized: (x - mean) / scale on the loadings. VR_EARG unless cols = d. */
int vr_pca_project(const vr_pca *b, const vr_mat *x, const vr_pool *pool, vr_mat *scores);
int vr_pca_projectf(const vr_pca *b, const vr_matf *x, const vr_pool *pool, vr_mat *scores);

/* The basis of the rows of x. */
int vr_pca_fit(const vr_mat *x, const vr_pca_par *par, const vr_pool *pool, vr_pca *b);

#endif
