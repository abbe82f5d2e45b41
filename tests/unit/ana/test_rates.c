/* Rates of cells: edges of bins, sums, a Gaussian in closed form, what was not seen. */
#include "ana/rates.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void edges(void **state)
{
  (void)state;
  // 0.29 * 100 is a little less than 29, 0.7 * 10 a little more than 7
  assert_true(vr_bin_of(0.29, 0, 100) == 29 && vr_bin_of(0.7, 0, 10) == 7);
  assert_true(vr_bin_of(1.2999, 1, 10) == 2 && vr_bin_of(0.99, 1, 10) == -1);
  const double time[] = {-1, 0.5, 0.5, 0.999, 1, 1.25, 2.49, 2.5, 9};
  double count[6];
  size_t first, n = vr_bin_spikes(time, 9, 0.5, 4, 6, count, &first);
  const double want[] = {2, 1, 1, 1, 0, 0};
  assert_true(first == 1 && n == 5);
  // 2.49 and 2.5 lie after 0.5 + 6 / 4 = 2
  assert_memory_equal(count, want, sizeof want);
  assert_true(vr_bin_spikes(time, 0, 0, 4, 6, count, &first) == 0 && count[0] == 0);
  assert_true(vr_bin_spikes(time, 9, 100, 4, 6, count, &first) == 0 && first == 9);
}

static void seen(void **state)
{
  (void)state;
  const double interval[] = {-5, 0.5, 0.85, 1.1, 1.5, 99};
  uint8_t s[10] = {0}, want[10] = {1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
  // bins of 0.25 s from 0 on; 0.85 .. 1.1 holds none as a whole
  vr_bin_seen(interval, 3, 0, 4, 10, s);
  assert_memory_equal(s, want, sizeof want);
}

static void smooth(void **state)
{
  (void)state;
  enum { N = 101 };
  double x[N] = {0}, sum = 0;
  x[50] = 1;
  assert_int_equal(vr_smooth_rate(x, NULL, N, 3), 0);
  // the middle is whole: a Gaussian whose weights are 1 together
  double all = 1;
  for (int d = 1; d <= 12; d++) all += 2 * exp(-d * d / 18.);
  for (int i = 0; i < N; i++) {
    int d = i - 50;
    double want = d * d <= 144 ? exp(-d * d / 18.) / all : 0;
    assert_true(fabs(x[i] - want) < 1e-15);
    sum += x[i];
  }
  assert_true(fabs(sum - 1) < 1e-14);
  // what is constant stays so, up to the ends and beside what was not seen
  uint8_t see[N];
  memset(see, 1, N);
  see[0] = see[40] = see[41] = 0;
  for (int i = 0; i < N; i++) x[i] = see[i] ? 7 : 1e9;
  assert_int_equal(vr_smooth_rate(x, see, N, 2.5), 0);
  for (int i = 0; i < N; i++) assert_true(see[i] ? fabs(x[i] - 7) < 1e-13 : isnan(x[i]));
  // no width: nothing but the marks changes; a width beyond the trial: the mean
  double y[4] = {1, 2, 3, 6}, z[4] = {1, 2, 3, 6};
  const uint8_t part[4] = {1, 0, 1, 1};
  assert_int_equal(vr_smooth_rate(y, part, 4, 0), 0);
  assert_true(y[0] == 1 && isnan(y[1]) && y[2] == 3 && y[3] == 6);
  assert_int_equal(vr_smooth_rate(z, NULL, 4, 1e9), 0);
  for (int i = 0; i < 4; i++) assert_true(fabs(z[i] - 3) < 1e-12);
}

static void memory(void **state)
{
  (void)state;
  double x[5] = {1, 0, 2, 0, 1};
  vr_alloc_fail_at(1);
  assert_int_equal(vr_smooth_rate(x, NULL, 5, 1), VR_EMEM);
  vr_alloc_fail_at(0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(edges), cmocka_unit_test(seen),
    cmocka_unit_test(smooth), cmocka_unit_test(memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
