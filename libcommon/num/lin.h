/* lin.h -- linear algebra by OpenBLAS and LAPACK, always on one BLAS thread.
 *
 * The functions below call vr_blas_begin (blas.h) themselves. Threads are ours: callers split rows in fixed blocks (pool.h), so the sums do not depend on their
 * number. All matrices are row-major; ld is the distance between rows in elements. */
#ifndef VR_NUM_LIN_H
#define VR_NUM_LIN_H
#include <stddef.h>

/* Eigenvalues and vectors of a symmetric matrix a (n x n, upper triangle read, destroyed).
 * values[n] descend; vectors (k x n, k <= n) holds the k first as rows, of length 1, signs by
 * vr_fix_sign. 0, VR_EARG, VR_EMEM, or VR_ENUM for a matrix that is not finite. */
int vr_eigh(size_t n, double *a, size_t k, double *values, double *vectors);

/* The planes in which a skew-symmetric matrix m (n x n, n even) turns: rows 2k and 2k + 1 of `planes`
 * (n x n, orthonormal) are u, v with u m = w[k] v and v m = -w[k] u; w[n / 2] >= 0 descend. A plane
 * with w = 0 is what the others leave. In each plane u is turned so that its largest entry, over all
 * turns, is as large as can be, and positive. 0, VR_EARG, VR_EMEM or VR_ENUM. */
int vr_eig_skew(size_t n, const double *m, double *w, double *planes);

/* Turns v (n) so that its entry of largest magnitude is positive; of entries equal in magnitude to
 * 1e-9 the first decides, so that rounding does not. */
void vr_fix_sign(size_t n, double *v);

/* c = x'x, upper triangle only. x (rows x d), c (d x d, the lower triangle is left as it is). */
void vr_syrk(size_t rows, size_t d, const double *x, size_t ldx, double *c);

/* c = x x', upper triangle only. x (d x rows), c (d x d). */
void vr_syrk_wide(size_t rows, size_t d, const double *x, size_t ldx, double *c);
void vr_syrk_widef(size_t rows, size_t d, const float *x, size_t ldx, float *c);

/* c = a b'. a (n x d), b (m x d), c (n x m). */
void vr_gemm_nt(size_t n, size_t m, size_t d, const double *a, size_t lda, const double *b,
  size_t ldb, double *c, size_t ldc);

/* c = a b. a (n x d), b (d x m), c (n x m). */
void vr_gemm(size_t n, size_t m, size_t d, const double *a, size_t lda, const double *b, size_t ldb,
  double *c, size_t ldc);
void vr_gemmf(size_t n, size_t m, size_t d, const float *a, size_t lda, const float *b, size_t ldb,
  float *c, size_t ldc);

#endif
