#include "base/err.h"
#include "base/mem.h"
#include "num/lin.h"
#include "num/stat.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* the rows of tests/ref/num.py, `offset` added */
static void fill(vr_mat *x, size_t rows, size_t cols, double offset)
{
  assert_int_equal(vr_mat_resize(x, rows, cols), 0);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      vr_row(x, i)[j] = offset + sin(0.7 * (double)i + 1.3 * (double)j) +
                        0.1 * (double)(j + 1) * cos(2.1 * (double)i * (double)j);
}

static void values_of_numpy(void **state)
{
  (void)state;
  static const double want[] = {
    1.2376593000021865, 0.85167234433031491, 0.01241571335846799, 0.0026409801316405624};
  static const double first[] = {
    -0.58803666920221109, -0.38880397301864666, 0.38607364899071772, 0.59497183445393143};
  static const double q[] = {0, 0.1, 0.5, 0.937, 1};
  static const double at[] = {-1.0693142444764856, -0.91618038877523444, -0.28843678485680024,
    0.84039192687836461, 0.94670615196696051};
  vr_mat x = {0}, a = {0};
  vr_cov c;
  double values[4], v[4], column[50];
  fill(&x, 50, 4, 0);
  assert_int_equal(vr_cov_init(&c, 4), 0);
  assert_int_equal(vr_cov_add(&c, &x, NULL), 0);
  assert_int_equal(vr_cov_matrix(&c, &a), 0);
  assert_int_equal(vr_eigh(4, a.a, 1, values, v), 0);
  for (int k = 0; k < 4; k++) {
    assert_true(fabs(values[k] - want[k]) < 1e-13);
    assert_true(fabs(v[k] - first[k]) < 1e-12);
  }
  for (int k = 0; k < 5; k++) {
    for (size_t i = 0; i < 50; i++) column[i] = vr_row(&x, i)[2];
    assert_true(fabs(vr_quantile(column, 50, q[k]) - at[k]) < 1e-14);
  }
  vr_cov_free(&c);
  vr_mat_free(&x);
  vr_mat_free(&a);
}

/* an offset of a million changes the covariance by rounding of the input only */
static void offsets_do_not_cancel(void **state)
{
  (void)state;
  vr_mat x = {0}, y = {0}, a = {0}, b = {0};
  vr_cov c, d;
  fill(&x, 9000, 7, 0);
  fill(&y, 9000, 7, 1e6);
  assert_int_equal(vr_cov_init(&c, 7), 0);
  assert_int_equal(vr_cov_init(&d, 7), 0);
  assert_int_equal(vr_cov_add(&c, &x, NULL), 0);
  assert_int_equal(vr_cov_add(&d, &y, NULL), 0);
  assert_int_equal(vr_cov_matrix(&c, &a), 0);
  assert_int_equal(vr_cov_matrix(&d, &b), 0);
  for (int i = 0; i < 49; i++) assert_true(fabs(a.a[i] - b.a[i]) < 1e-9);
  vr_cov_free(&c);
  vr_cov_free(&d);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&a);
  vr_mat_free(&b);
}

/* one thread or four, whole or cut at a block: the same bytes */
static void threads_and_cuts(void **state)
{
  (void)state;
  enum { ROWS = 41000, D = 9 };
  vr_mat x = {0};
  vr_cov one, four, cut;
  vr_pool pool = {.threads = 4};
  fill(&x, ROWS, D, 3);
  assert_int_equal(vr_cov_init(&one, D), 0);
  assert_int_equal(vr_cov_init(&four, D), 0);
  assert_int_equal(vr_cov_init(&cut, D), 0);
  assert_int_equal(vr_cov_add(&one, &x, NULL), 0);
  assert_int_equal(vr_cov_add(&four, &x, &pool), 0);
  for (size_t first = 0; first < ROWS; first += 3 * VR_COV_BLOCK) {
    vr_mat part = {.rows = 3 * VR_COV_BLOCK, .cols = D, .a = vr_row(&x, first)};
    if (part.rows > ROWS - first) part.rows = ROWS - first;
    assert_int_equal(vr_cov_add(&cut, &part, &pool), 0);
  }
  assert_memory_equal(one.mean, four.mean, D * (D + 1) * sizeof(double));
  assert_memory_equal(one.mean, cut.mean, D * (D + 1) * sizeof(double));
  vr_cov_free(&one);
  vr_cov_free(&four);
  vr_cov_free(&cut);
  vr_mat_free(&x);
}

/* products in single precision stay within its rounding */
static void single_precision(void **state)
{
  (void)state;
  enum { ROWS = 1500, D = 5 };
  vr_mat x = {0};
  vr_matf f = {0}, wide = {0};
  vr_cov c, d, e;
  float scratch[D * D];
  fill(&x, ROWS, D, 2);
  assert_int_equal(vr_matf_resize(&f, ROWS, D), 0);
  for (size_t i = 0; i < ROWS * D; i++) f.a[i] = (float)x.a[i];
  assert_int_equal(vr_cov_init(&c, D), 0);
  assert_int_equal(vr_cov_init(&d, D), 0);
  assert_int_equal(vr_cov_init(&e, D), 0);
  assert_int_equal(vr_cov_add(&c, &x, NULL), 0);
  assert_int_equal(vr_cov_addf(&d, &f, NULL), 0);
  assert_int_equal(vr_matf_resize(&wide, D, ROWS), 0);
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < D; j++) vr_rowf(&wide, j)[i] = vr_rowf(&f, i)[j];
  vr_cov_widef(&e, wide.a, ROWS, ROWS, scratch);
  for (size_t i = 0; i < D; i++)
    for (size_t j = i; j < D; j++) {
      assert_true(fabs(c.prod[i * D + j] - d.prod[i * D + j]) < 1e-3);
      assert_true(fabs(c.prod[i * D + j] - e.prod[i * D + j]) < 1e-2);
    }
  vr_cov_free(&c);
  vr_cov_free(&d);
  vr_cov_free(&e);
  vr_mat_free(&x);
  vr_matf_free(&f);
  vr_matf_free(&wide);
}

static void moments_of_columns(void **state)
{
  (void)state;
  vr_mat x = {0};
  double mean[2], sd[2], m, v;
  assert_int_equal(vr_mat_resize(&x, 4, 2), 0);
  for (size_t i = 0; i < 4; i++) {
    vr_row(&x, i)[0] = (double)i;
    vr_row(&x, i)[1] = 5;
  }
  assert_int_equal(vr_column_stats(&x, mean, sd), 0);
  assert_true(mean[0] == 1.5 && mean[1] == 5 && sd[1] == 0);
  assert_true(fabs(sd[0] - sqrt(5.0 / 3)) < 1e-15);
  double row[] = {1, 2, 4};
  vr_mean_var(row, 3, &m, &v);
  assert_true(fabs(m - 7.0 / 3) < 1e-15 && fabs(v - 7.0 / 3) < 1e-15);
  vr_mean_var(row, 0, &m, &v);
  assert_true(m == 0 && v == 0);
  vr_mat_free(&x);
}

static void bad_input_and_no_memory(void **state)
{
  (void)state;
  vr_cov c;
  vr_mat x = {0}, a = {0};
  assert_int_equal(vr_cov_init(&c, 0), VR_EARG);
  assert_int_equal(vr_cov_init(&c, VR_COV_MAX + 1), VR_EARG);
  assert_int_equal(vr_cov_init(&c, 3), 0);
  fill(&x, 10, 4, 0);
  assert_int_equal(vr_cov_add(&c, &x, NULL), VR_EARG);
  assert_int_equal(vr_cov_matrix(&c, &a), VR_EDATA);
  fill(&x, 10, 3, 0);
  for (long fail = 1; fail <= 2; fail++) {
    vr_alloc_fail_at(fail);
    assert_int_equal(vr_cov_add(&c, &x, NULL), VR_EMEM);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(vr_cov_add(&c, &x, NULL), 0);
  assert_int_equal(c.n, 10);
  vr_cov_free(&c);
  vr_mat_free(&x);
}

/* Intervals of scipy.stats.binomtest(k, n).proportion_ci(method='wilson'). */
static void intervals_of_wilson(void **state)
{
  (void)state;
  static const struct {
    size_t k, n;
    double low, high;
  } at[] = {{8, 10, 0.4901624715366418, 0.9433178485456248}, {0, 10, 0, 0.27753279986288926},
    {10, 10, 0.7224672001371109, 1}, {1, 3, 0.06149194472039626, 0.7923403991979523},
    {23, 50, 0.3296965219222435, 0.5960112860084252}, {0, 0, 0, 1}};
  for (size_t i = 0; i < VR_LEN(at); i++) {
    double low, high;
    vr_wilson(at[i].k, at[i].n, 1.959963984540054, &low, &high);
    assert_true(fabs(low - at[i].low) < 1e-12 && fabs(high - at[i].high) < 1e-12);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_of_numpy),
    cmocka_unit_test(offsets_do_not_cancel),
    cmocka_unit_test(threads_and_cuts),
    cmocka_unit_test(single_precision),
    cmocka_unit_test(moments_of_columns),
    cmocka_unit_test(bad_input_and_no_memory),
    cmocka_unit_test(intervals_of_wilson),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
