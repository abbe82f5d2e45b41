#include "ana/timescale.h"
#include "num/fft.h"
#include "num/stat.h"
#include "../test.h"
#include <math.h>
#include <string.h>

static void make_trials(vr_trials *tr, size_t n, size_t frames)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = 50;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

/* the pooled biased autocorrelation, summed as it is written */
static double by_sums(const vr_mat *x, size_t j, const vr_trials *tr)
{
  double last = 1, first = 0;
  for (size_t lag = 0;; lag++) {
    double sum = 0;
    for (size_t k = 0; k < tr->n; k++) {
      double mean = 0;
      size_t n = tr->frames[k];
      for (size_t i = 0; i < n; i++) mean += vr_row(x, tr->first[k] + i)[j] / (double)n;
      for (size_t i = 0; i + lag < n; i++)
        sum +=
          (vr_row(x, tr->first[k] + i)[j] - mean) * (vr_row(x, tr->first[k] + i + lag)[j] - mean);
    }
    if (!lag) first = sum;
    double here = sum / first;
    if (here <= exp(-1)) return ((double)lag - 1 + (last - exp(-1)) / (last - here)) / tr->rate;
    last = here;
  }
}

static void sums_and_threads(void **state)
{
  (void)state;
  enum { COLS = 21 };
  vr_mat x = {0};
  vr_trials tr = {0};
  double fall[COLS], four[COLS];
  make_trials(&tr, 3, 151);
  tr.frames[1] = 90;
  tr.first[2] = 241;
  assert_int_equal(vr_mat_resize(&x, 392, COLS), 0);
  for (size_t i = 0; i < x.rows; i++)
    for (size_t j = 0; j < COLS; j++)
      vr_row(&x, i)[j] = 3 + sin(0.05 * (double)(i * (j + 1))) + cos(0.3 * (double)i + (double)j);
  for (size_t i = 0; i < x.rows; i++) vr_row(&x, i)[7] = 0.1;
  assert_int_equal(vr_timescale(&x, &tr, NULL, fall), 0);
  assert_int_equal(vr_timescale(&x, &tr, &(vr_pool){4}, four), 0);
  assert_memory_equal(fall, four, sizeof fall);
  for (size_t j = 0; j < COLS; j++)
    assert_true(j == 7 ? fall[j] == 0 : fabs(fall[j] - by_sums(&x, j, &tr)) < 1e-10);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* Trials without end show the constant itself; those of 20 and 30 s what was measured elsewhere. */
static void expectation(void **state)
{
  (void)state;
  static const struct {
    size_t frames;
    double constant, fall, within;
  } known[] = {{1000, 1, 0.82, 0.02}, {1000, 5, 2.2, 0.1}, {1000, 10, 2.5, 0.1},
    {1500, 1, 0.86, 0.02}, {1500, 5, 2.6, 0.1}, {1500, 10, 3.6, 0.2}, {20000, 0.1, 0.1, 0.001}};
  vr_trials tr = {0};
  double fall, back;
  for (size_t k = 0; k < VR_LEN(known); k++) {
    make_trials(&tr, 3, known[k].frames);
    assert_int_equal(vr_timescale_expect(&tr, known[k].constant, &fall), 0);
    assert_true(fabs(fall - known[k].fall) <= known[k].within);
    assert_int_equal(vr_timescale_calibrate(&tr, &fall, 1, &back), 0);
    assert_true(fabs(back / known[k].constant - 1) < 1e-3);
  }
  // beyond the limit nothing is told
  double limit, far[2] = {1e9, 0};
  make_trials(&tr, 3, 1000);
  assert_int_equal(vr_timescale_limit(&tr, &limit), 0);
  assert_true(limit > 10 && limit < 30);
  assert_int_equal(vr_timescale_calibrate(&tr, far, 2, far), 0);
  assert_true(far[0] == limit && far[1] == 0);
  vr_trials_free(&tr);
}

/* What is drawn with a constant is told with that constant. */
static void planted(void **state)
{
  (void)state;
  enum { N = 20 };
  static const double constant[] = {0.2, 1, 4};
  vr_trials tr = {0};
  double fall[N], told[N], again[N];
  make_trials(&tr, 8, 1500);
  for (size_t k = 0; k < VR_LEN(constant); k++) {
    assert_int_equal(vr_timescale_draw(&tr, constant[k], N, 5, NULL, fall), 0);
    assert_int_equal(vr_timescale_draw(&tr, constant[k], N, 5, &(vr_pool){4}, again), 0);
    assert_memory_equal(fall, again, sizeof fall);
    assert_int_equal(vr_timescale_calibrate(&tr, fall, N, told), 0);
    double middle = vr_quantile(told, N, 0.5);
    assert_true(fabs(middle / constant[k] - 1) < 0.1);
  }
  vr_trials_free(&tr);
}

static void refused(void **state)
{
  (void)state;
  vr_trials tr = {0};
  vr_mat x = {0};
  double fall, told;
  int code;
  make_trials(&tr, 2, 2);
  assert_int_equal(vr_mat_resize(&x, 4, 1), 0);
  assert_int_equal(vr_timescale(&x, &tr, NULL, &fall), VR_EDATA);
  assert_int_equal(vr_timescale_expect(&tr, 1, &fall), VR_EDATA);
  assert_int_equal(vr_timescale_draw(&tr, 1, 1, 1, NULL, &fall), VR_EDATA);
  make_trials(&tr, 2, 9);
  assert_int_equal(vr_timescale(&x, &tr, NULL, &fall), VR_EARG);
  vr_fft_forget();
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_timescale_draw(&tr, 1, 1, 1, NULL, &fall), vr_fft_forget());
  VR_FAIL_EACH_ALLOCATION(code, code = vr_timescale_calibrate(&tr, &fall, 1, &told), (void)0);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sums_and_threads),
    cmocka_unit_test(expectation),
    cmocka_unit_test(planted),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
