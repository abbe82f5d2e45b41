#include "num/lin.h"
#include "base/err.h"
#include "num/blas.h"
#include "num/mat.h"
#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <string.h>

void vr_fix_sign(size_t n, double *v)
{
  double most = 0;
  for (size_t i = 0; i < n; i++)
    if (fabs(v[i]) > most) most = fabs(v[i]);
  size_t first = 0;
  while (first < n && fabs(v[first]) < most * (1 - 1e-9)) first++;
  if (first < n && v[first] < 0)
    for (size_t i = 0; i < n; i++) v[i] = -v[i];
}

int vr_eigh(size_t n, double *a, size_t k, double *values, double *vectors)
{
  if (!n || n > 32768 || k > n)
    return vr_fail(VR_EARG, "%zu eigenvectors of a %zu x %zu matrix cannot be", k, n, n);
  for (size_t i = 0; i < n; i++)
    if (vr_find_bad(a + i * n + i, n - i) < n - i)
      return vr_fail(VR_ENUM, "row %zu of a symmetric matrix is not finite", i);
  vr_blas_begin();

  // A row-major upper triangle is a column-major lower one; eigenvectors come as rows, ascending.
  lapack_int info =
    LAPACKE_dsyevd(LAPACK_COL_MAJOR, k ? 'V' : 'N', 'L', (lapack_int)n, a, (lapack_int)n, values);
  if (info == LAPACK_WORK_MEMORY_ERROR)
    return vr_fail(VR_EMEM, "no memory for the eigenvectors of a %zu x %zu matrix", n, n);
  if (info) return vr_fail(VR_ENUM, "eigenvalues of a %zu x %zu matrix do not converge", n, n);

  // largest first
  for (size_t i = 0; i < n / 2; i++) {
    double low = values[i];
    values[i] = values[n - 1 - i];
    values[n - 1 - i] = low;
  }
  for (size_t i = 0; i < k; i++) {
    memcpy(vectors + i * n, a + (n - 1 - i) * n, n * sizeof *vectors);
    vr_fix_sign(n, vectors + i * n);
  }
  return 0;
}

void vr_syrk(size_t rows, size_t d, const double *x, size_t ldx, double *c)
{
  vr_blas_begin();
  cblas_dsyrk(
    CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)rows, 1, x, (int)ldx, 0, c, (int)d);
}

void vr_gemm_nt(size_t n, size_t m, size_t d, const double *a, size_t lda, const double *b,
  size_t ldb, double *c, size_t ldc)
{
  vr_blas_begin();
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)m, (int)d, 1, a, (int)lda, b,
    (int)ldb, 0, c, (int)ldc);
}

void vr_syrk_wide(size_t rows, size_t d, const double *x, size_t ldx, double *c)
{
  vr_blas_begin();
  cblas_dsyrk(
    CblasRowMajor, CblasUpper, CblasNoTrans, (int)d, (int)rows, 1, x, (int)ldx, 0, c, (int)d);
}

void vr_syrk_widef(size_t rows, size_t d, const float *x, size_t ldx, float *c)
{
  vr_blas_begin();
  cblas_ssyrk(
    CblasRowMajor, CblasUpper, CblasNoTrans, (int)d, (int)rows, 1, x, (int)ldx, 0, c, (int)d);
}

void vr_gemm(size_t n, size_t m, size_t d, const double *a, size_t lda, const double *b, size_t ldb,
  double *c, size_t ldc)
{
  vr_blas_begin();
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)m, (int)d, 1, a, (int)lda, b,
    (int)ldb, 0, c, (int)ldc);
}

void vr_gemmf(size_t n, size_t m, size_t d, const float *a, size_t lda, const float *b, size_t ldb,
  float *c, size_t ldc)
{
  vr_blas_begin();
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)m, (int)d, 1, a, (int)lda, b,
    (int)ldb, 0, c, (int)ldc);
}
