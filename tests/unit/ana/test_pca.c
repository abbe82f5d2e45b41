#include "ana/pca.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* rows with three strong directions and a weak rest, about an offset */
static void fill(vr_mat *x, size_t rows, size_t cols)
{
  assert_int_equal(vr_mat_resize(x, rows, cols), 0);
  for (size_t i = 0; i < rows; i++) {
    double t = (double)i, a = 3 * sin(0.37 * t), b = 2 * cos(0.81 * t + 1), c = sin(1.3 * t);
    for (size_t j = 0; j < cols; j++) {
      double u = (double)j + 1;
      vr_row(x, i)[j] = 10 + a * sin(u) + b * cos(1.7 * u) + c * sin(2.9 * u + 1) +
                        0.01 * sin(12.9898 * t + 78.233 * u) * cos(t * u);
    }
  }
}

/* two columns: a line at 45 degrees */
static void closed_form(void **state)
{
  (void)state;
  vr_mat x = {0}, s = {0};
  vr_pca b = {0};
  vr_pca_par par = VR_PCA_DEFAULTS;
  assert_int_equal(vr_mat_resize(&x, 3, 2), 0);
  memcpy(x.a, (double[]){-1, -1, 0, 0, 1, 1}, 6 * sizeof(double));
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), 0);
  assert_int_equal(b.n, 2);
  assert_true(fabs(b.variance[0] - 2) < 1e-15 && b.variance[1] < 1e-15);
  assert_true(fabs(b.loadings[0] - sqrt(0.5)) < 1e-15);
  assert_int_equal(vr_pca_project(&b, &x, NULL, &s), 0);
  assert_true(fabs(s.a[4] - sqrt(2)) < 1e-15 && fabs(s.a[1]) < 1e-15);
  vr_pca_free(&b);
  vr_mat_free(&x);
  vr_mat_free(&s);
}

/* what is left out of a row is the sum of the eigenvalues left out; order of rows does not matter */
static void reconstruction_and_order(void **state)
{
  (void)state;
  enum { ROWS = 5000, D = 12 };
  vr_mat x = {0}, y = {0}, s = {0};
  vr_pca b = {0}, c = {0};
  vr_pca_par par = {.n = 3};
  fill(&x, ROWS, D);
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), 0);
  assert_int_equal(vr_pca_project(&b, &x, NULL, &s), 0);
  double error = 0, rest = 0;
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < D; j++) {
      double e = vr_row(&x, i)[j] - b.mean[j];
      for (size_t k = 0; k < 3; k++) e -= vr_row(&s, i)[k] * b.loadings[k * D + j];
      error += e * e / (ROWS - 1);
    }
  for (size_t k = 3; k < D; k++) rest += b.variance[k];
  assert_true(fabs(error - rest) < 1e-10 * b.total);
  assert_int_equal(vr_mat_resize(&y, ROWS, D), 0);
  for (size_t i = 0; i < ROWS; i++)
    memcpy(vr_row(&y, i), vr_row(&x, ROWS - 1 - i), D * sizeof(double));
  assert_int_equal(vr_pca_fit(&y, &par, NULL, &c), 0);
  for (size_t k = 0; k < 3 * D; k++) assert_true(fabs(b.loadings[k] - c.loadings[k]) < 1e-10);
  vr_pca_free(&b);
  vr_pca_free(&c);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&s);
}

static void threads_and_precision(void **state)
{
  (void)state;
  enum { ROWS = 9100, D = 12 };
  vr_mat x = {0}, one = {0}, four = {0};
  vr_matf f = {0};
  vr_pca b = {0}, c = {0};
  vr_pca_par par = VR_PCA_DEFAULTS;
  vr_pool pool = {.threads = 4};
  fill(&x, ROWS, D);
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), 0);
  assert_int_equal(vr_pca_fit(&x, &par, &pool, &c), 0);
  assert_int_equal(b.n, D);
  assert_memory_equal(b.mean, c.mean, D * (D + 3) * sizeof(double));
  assert_int_equal(vr_pca_project(&b, &x, NULL, &one), 0);
  assert_int_equal(vr_pca_project(&b, &x, &pool, &four), 0);
  assert_memory_equal(one.a, four.a, ROWS * D * sizeof(double));
  assert_int_equal(vr_matf_resize(&f, ROWS, D), 0);
  for (size_t i = 0; i < ROWS * D; i++) f.a[i] = (float)x.a[i];
  assert_int_equal(vr_pca_projectf(&b, &f, &pool, &four), 0);
  for (size_t i = 0; i < ROWS * D; i++) assert_true(fabs(one.a[i] - four.a[i]) < 1e-5);
  vr_pca_free(&b);
  vr_pca_free(&c);
  vr_mat_free(&x);
  vr_mat_free(&one);
  vr_mat_free(&four);
  vr_matf_free(&f);
}

/* scaled columns have variance 1 in sum, a constant column none */
static void scaling(void **state)
{
  (void)state;
  vr_mat x = {0}, s = {0};
  vr_pca b = {0};
  vr_pca_par par = {.n = 5, .scale = 1};
  fill(&x, 700, 5);
  for (size_t i = 0; i < 700; i++) {
    vr_row(&x, i)[2] = 4;
    vr_row(&x, i)[3] *= 1000;
  }
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), 0);
  assert_true(fabs(b.total - 4) < 1e-12);
  assert_true(b.scale[2] == 1 && fabs(b.loadings[2]) < 1e-12);
  assert_int_equal(vr_pca_project(&b, &x, NULL, &s), 0);
  assert_int_equal(vr_find_bad(s.a, 700 * 5), 700 * 5);
  vr_pca_free(&b);
  vr_mat_free(&x);
  vr_mat_free(&s);
}

static void refused(void **state)
{
  (void)state;
  vr_mat x = {0}, s = {0};
  vr_pca b = {0};
  vr_pca_par par = VR_PCA_DEFAULTS, none = {.n = 0};
  fill(&x, 1, 4);
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), VR_EDATA);
  fill(&x, 9, 4);
  assert_int_equal(vr_pca_fit(&x, &none, NULL, &b), VR_EARG);
  x.a[7] = INFINITY;
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), VR_ENUM);
  x.a[7] = 0;
  assert_int_equal(vr_pca_fit(&x, &par, NULL, &b), 0);
  fill(&x, 9, 5);
  assert_int_equal(vr_pca_project(&b, &x, NULL, &s), VR_EARG);
  vr_pca_free(&b);
  int code = VR_EMEM;
  for (long fail = 1; code; fail++) {
    vr_alloc_fail_at(fail);
    code = vr_pca_fit(&x, &par, NULL, &b);
    if (!code) code = vr_pca_project(&b, &x, NULL, &s);
    assert_true(code == 0 || code == VR_EMEM);
    vr_alloc_fail_at(0);
    vr_pca_free(&b);
    vr_mat_free(&s);
  }
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(closed_form),
    cmocka_unit_test(reconstruction_and_order),
    cmocka_unit_test(threads_and_precision),
    cmocka_unit_test(scaling),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
