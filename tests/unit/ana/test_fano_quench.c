/* Is a drop of the Fano factor more than chance? The null is right for counts that events do not move; at matched
 * means it takes no change of the rate alone for a drop; and it sees a gain that is quenched. */
#include "../test.h"
#include "../counts.h"
#include "ana/fano.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Trials of 200 frames in which units have a gain that changes every 20 frames, by
 * `calm` as much after an event, where rates are `grow` times as high. */
enum { LONG = 200, AROUND = 40, ROUNDS = 12 };
static void trials(uint32_t run, size_t units, double grow, double calm, vr_mat *x, size_t *event)
{
  vr_rng r = vr_rng_new(23, run, 0);
  assert_int_equal(vr_mat_resize(x, ROUNDS * LONG, units), 0);
  for (size_t e = 0; e < ROUNDS; e++) {
    event[e] = e * LONG + AROUND + vr_rng_below(&r, LONG - 2 * AROUND);
    for (size_t j = 0; j < units; j++) {
      double gain = 1, rate = 0.1 * pow(10, (double)j / (double)units);
      for (size_t i = 0; i < LONG; i++) {
        double after = (double)(e * LONG + i) - (double)event[e];
        int near = after >= 0 && after < AROUND / 2;
        if (i % 20 == 0) gain = vr_rng_uniform(&r) < 0.5 ? 0.4 : 1.6;
        vr_row(x, e * LONG + i)[j] =
          poisson(&r, rate * (near ? grow : 1) * (near ? 1 + (gain - 1) * calm : gain));
      }
    }
  }
}

// mean of times k0 .. k1 - 1
static double over(const double *a, size_t k0, size_t k1)
{
  double s = 0;
  for (size_t k = k0; k < k1; k++) s += a[k] / (double)(k1 - k0);
  return s;
}

// counts of 0.1 s, four of them in a window
static vr_fano_windows one_group(
  const vr_mat *x, const size_t *from, const size_t *first, const size_t *low, const size_t *high)
{
  return (vr_fano_windows){.x = x,
    .scale = 1,
    .rate = 100,
    .frames = 10,
    .step = 10,
    .times = 4,
    .groups = 1,
    .from = from,
    .first = first,
    .low = low,
    .high = high};
}

static void test_of(
  uint32_t run, size_t units, double grow, double calm, vr_tested t[2], const vr_pool *pool)
{
  vr_mat x = {0}, mean = {0}, var = {0};
  vr_fano f = {0};
  size_t event[ROUNDS], first[ROUNDS], low[ROUNDS], high[ROUNDS];
  const size_t from[] = {0, ROUNDS};
  trials(run, units, grow, calm, &x, event);
  for (size_t e = 0; e < ROUNDS; e++) {
    first[e] = event[e] - AROUND / 2;
    low[e] = e * LONG;
    high[e] = (e + 1) * LONG - AROUND;
  }
  vr_fano_windows w = one_group(&x, from, first, low, high);
  w.bin = 0.5;
  w.inside[0] = 2, w.inside[1] = 4;
  assert_int_equal(vr_fano_of(&w, &mean, &var, &f), 0);
  assert_int_equal(vr_fano_quench(&w, &f, 59, run + 1, pool, t), 0);
  vr_fano_free(&f);
  vr_mat_free(&mean);
  vr_mat_free(&var);
  vr_mat_free(&x);
}

static void null_is_right(void **state)
{
  (void)state;
  enum { UNITS = 60, RATES = 200, CALMS = 40 };
  size_t runs = getenv("VR_LONG") ? 4000 : 300, wrong[2] = {0}, rate[2] = {0}, calm[2] = {0};
  vr_tested t[2];
  for (uint32_t r = 0; r < runs; r++) {
    test_of(r, UNITS, 1, 1, t, NULL);
    for (int k = 0; k < 2; k++) wrong[k] += t[k].p > 0 && t[k].p <= 0.05;
  }
  for (uint32_t r = 0; r < RATES; r++) {
    test_of(r + 10000, UNITS, 0.5, 1, t, NULL);
    for (int k = 0; k < 2; k++) rate[k] += t[k].p > 0 && t[k].p <= 0.05;
  }
  for (uint32_t r = 0; r < CALMS; r++) {
    test_of(r + 20000, UNITS, 1, 0, t, NULL);
    for (int k = 0; k < 2; k++) calm[k] += t[k].p > 0 && t[k].p <= 0.05;
  }
  for (int k = 0; k < 2; k++) {
    print_message(
      "%s: rejected %zu of %zu; %zu of %d at half the rate, %zu of %d where gain is quenched\n",
      k ? "matched" : "all", wrong[k], runs, rate[k], (int)RATES, calm[k], (int)CALMS);
    assert_in_range(wrong[k] * 100, 3 * runs, 7 * runs);
    assert_true(calm[k] == CALMS);
  }
  // a change of the rate alone is taken for a drop where means are not matched
  assert_true(rate[0] > RATES * 9 / 10 && rate[1] <= RATES * 7 / 100);
}

static void quench(void **state)
{
  (void)state;
  vr_tested a[2], b[2];
  const vr_pool pool = {.threads = 4};
  test_of(5, 60, 1, 0, a, NULL);
  test_of(5, 60, 1, 0, b, &pool);
  assert_memory_equal(a, b, sizeof a);
  // quenched counts are Poisson, the others of F = 1 + 0.36 mean or so
  assert_true(a[1].value < -0.3 && a[1].p == 1.0 / 60 && a[1].null > a[1].value && a[1].null < 0);
  // the value, by its definition; no test without an inside, without surrogates, of too few
  vr_mat x = {0}, mean = {0}, var = {0};
  vr_fano f = {0};
  size_t event[ROUNDS], low[ROUNDS], high[ROUNDS];
  const size_t from[] = {0, ROUNDS};
  trials(6, 30, 1, 0, &x, event);
  for (size_t e = 0; e < ROUNDS; e++) low[e] = e * LONG, high[e] = low[e] + LONG - 40;
  vr_fano_windows w = one_group(&x, from, event, low, high);
  w.bin = 5;
  w.inside[1] = 1;
  assert_int_equal(vr_fano_of(&w, &mean, &var, &f), 0);
  assert_int_equal(vr_fano_quench(&w, &f, 3, 1, NULL, a), 0);
  assert_true(fabs(a[0].value - log(f.raw.factor[0] / over(f.raw.factor, 1, 4))) < 1e-14);
  assert_true(fabs(a[1].value - log(f.same.factor[0] / over(f.same.factor, 1, 4))) < 1e-14);
  assert_true(a[0].p >= 0.25 && a[0].p <= 1);
  assert_int_equal(vr_fano_quench(&w, &f, 0, 1, NULL, a), 0);
  assert_true(a[0].p == 0 && a[1].p == 0);
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_fano_quench(&w, &f, 2, 1, NULL, a), (void)0);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_fano_of(&w, &mean, &var, &f), (void)0);
  w.inside[1] = 0;
  assert_int_equal(vr_fano_quench(&w, &f, 3, 1, NULL, a), 0);
  assert_true(a[0].p == 0 && a[1].p == 0);
  f.kept = VR_FANO_POINTS - 1;
  w.inside[1] = 2;
  assert_int_equal(vr_fano_quench(&w, &f, 3, 1, NULL, a), 0);
  assert_true(a[0].p > 0 && a[1].p == 0);
  vr_fano_free(&f);
  vr_mat_free(&mean);
  vr_mat_free(&var);
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(null_is_right),
    cmocka_unit_test(quench),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
