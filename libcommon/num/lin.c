#include "num/lin.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/blas.h"
#include "num/mat.h"
#include <cblas.h>
#include <complex.h>
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

// u and v of the eigenvector z = (u - i v) / sqrt(2), whose largest entry is made real
static void real_pair(size_t n, const double complex *z, double *u, double *v)
{
  size_t top = 0;
  for (size_t i = 1; i < n; i++)
    if (cabs(z[i]) > cabs(z[top]) * (1 + 1e-9)) top = i;
  double complex turn = conj(z[top]) / cabs(z[top]);
  for (size_t i = 0; i < n; i++) {
    u[i] = sqrt(2) * creal(z[i] * turn);
    v[i] = -sqrt(2) * cimag(z[i] * turn);
  }
}

// rows done .. n-1 of an orthonormal basis: what is left of the axes after the rows before
static void complete(size_t n, size_t done, double *rows)
{
  for (size_t axis = 0; done < n && axis < n; axis++) {
    double *r = rows + done * n, length = 0;
    for (size_t i = 0; i < n; i++) r[i] = i == axis;
    for (int twice = 0; twice < 2; twice++)
      for (size_t k = 0; k < done; k++) {
        double dot = cblas_ddot((int)n, r, 1, rows + k * n, 1);
        cblas_daxpy((int)n, -dot, rows + k * n, 1, r, 1);
      }
    length = cblas_dnrm2((int)n, r, 1);
    // an axis that lies almost in the span of the others would leave rounding only
    if (length * length * (double)n < 0.5) continue;
    cblas_dscal((int)n, 1 / length, r, 1);
    done++;
  }
}

int vr_eig_skew(size_t n, const double *m, double *w, double *planes)
{
  double complex *h;
  if (!n || n % 2 || n > 1024)
    return vr_fail(VR_EARG, "a %zu x %zu matrix does not turn planes: an even number does", n, n);
  if (vr_find_bad(m, n * n) < n * n) return vr_fail(VR_ENUM, "a skew matrix is not finite");
  VR_TRY(vr_alloc(&h, n * n + n, sizeof *h));
  double *values = (double *)(h + n * n);
  vr_blas_begin();
  // i m is Hermitian (column-major here)
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) h[j * n + i] = I * (m[i * n + j] - m[j * n + i]) / 2;
  lapack_int info = LAPACKE_zheev(
    LAPACK_COL_MAJOR, 'V', 'U', (lapack_int)n, (lapack_complex_double *)h, (lapack_int)n, values);
  // eigenvalues ascend from -w[0] to w[0]
  size_t done = 0;
  for (size_t k = 0; k < n / 2 && !info; k++) {
    w[k] = fmax(values[n - 1 - k], 0);
    if (w[k] <= 1e-13 * w[0]) continue;
    real_pair(n, h + (n - 1 - k) * n, planes + 2 * k * n, planes + (2 * k + 1) * n);
    done = 2 * k + 2;
  }
  if (!info) complete(n, done, planes);
  vr_release(h);
  if (info == LAPACK_WORK_MEMORY_ERROR) return vr_fail(VR_EMEM, "no memory for a skew matrix");
  return info ? vr_fail(VR_ENUM, "eigenvalues of a %zu x %zu matrix do not converge", n, n) : 0;
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
