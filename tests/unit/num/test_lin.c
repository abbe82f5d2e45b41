#include "base/err.h"
#include "num/lin.h"
#include "num/mat.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* the second difference matrix has eigenvalues 2 - 2 cos(pi k / (n + 1)) and sine vectors */
static void second_differences(void **state)
{
  (void)state;
  enum { N = 30, K = 4 };
  double a[N * N] = {0}, values[N], v[K * N];
  for (size_t i = 0; i < N; i++) {
    a[i * N + i] = 2;
    if (i + 1 < N) a[i * N + i + 1] = -1; // the lower triangle is never read
  }
  assert_int_equal(vr_eigh(N, a, K, values, v), 0);
  for (int k = 0; k < N; k++)
    assert_true(fabs(values[k] - (2 - 2 * cos(M_PI * (N - k) / (N + 1)))) < 1e-13);
  for (int k = 0; k < K; k++)
    for (int i = 0; i < N; i++) {
      double want = sqrt(2.0 / (N + 1)) * sin(M_PI * (N - k) * (i + 1) / (N + 1));
      assert_true(fabs(fabs(v[k * N + i]) - fabs(want)) < 1e-12);
    }
}

static void sign_is_fixed(void **state)
{
  (void)state;
  double a[4] = {0.1, -0.7, 0.2, 0.6}, b[4] = {-0.5, 0.5, -0.5, 0.5}, zero[2] = {0, 0};
  vr_fix_sign(4, a);
  assert_true(a[1] == 0.7 && a[0] == -0.1);
  vr_fix_sign(4, b);
  assert_true(b[0] == 0.5 && b[1] == -0.5);
  vr_fix_sign(2, zero);
  assert_true(zero[0] == 0);
}

static void products(void **state)
{
  (void)state;
  double x[6] = {1, 2, 3, 4, 5, 6}, c[4] = {0, 0, 99, 0}, w[9] = {0}, y[9], z[9];
  float xf[6] = {1, 2, 3, 4, 5, 6}, t[6] = {1, 3, 5, 2, 4, 6}, wf[9] = {0}, zf[9];
  const double xt[6] = {1, 3, 5, 2, 4, 6};
  vr_syrk(3, 2, x, 2, c);
  assert_true(c[0] == 35 && c[1] == 44 && c[2] == 99 && c[3] == 56);
  vr_syrk_wide(2, 3, x, 2, w);
  vr_syrk_widef(2, 3, xf, 2, wf);
  vr_gemm_nt(3, 3, 2, x, 2, x, 2, y, 3);
  vr_gemm(3, 3, 2, x, 2, xt, 3, z, 3);
  vr_gemmf(3, 3, 2, xf, 2, t, 3, zf, 3);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      double want = x[2 * i] * x[2 * j] + x[2 * i + 1] * x[2 * j + 1];
      assert_true(y[3 * i + j] == want && z[3 * i + j] == want && (double)zf[3 * i + j] == want);
      assert_true(w[3 * i + j] == (j < i ? 0 : want) && (double)wf[3 * i + j] == w[3 * i + j]);
    }
}

static void bad_input(void **state)
{
  (void)state;
  double a[4] = {1, NAN, 0, 1}, values[2], v[4];
  assert_int_equal(vr_eigh(2, a, 1, values, v), VR_ENUM);
  assert_int_equal(vr_eigh(0, a, 0, values, v), VR_EARG);
  assert_int_equal(vr_eigh(2, a, 3, values, v), VR_EARG);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(second_differences),
    cmocka_unit_test(sign_is_fixed),
    cmocka_unit_test(products),
    cmocka_unit_test(bad_input),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
