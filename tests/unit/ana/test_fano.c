/* Fano factors: 1 for Poisson counts of any rate, less where shared gain is quenched, no less where only
 * the rate grows and means are matched; and what is told of all draws is what 20,000 draws give. */
#include "../test.h"
#include "../counts.h"
#include "ana/fano.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 4, STEP = 4, TIMES = 10, LENGTH = TIMES * STEP };

/* Counts a frame of n windows one after the other. Units fire 4 to 60 times a second, of which frames are
 * hundredths; from the middle on, `grow` times as often. The gain of a window has variance `gain`, in its
 * second half a third of that if `quench`. */
static void planted(
  uint32_t run, size_t units, size_t n, double grow, double gain, int quench, vr_mat *x)
{
  vr_rng r = vr_rng_new(17, run, 0);
  assert_int_equal(vr_mat_resize(x, n * LENGTH, units), 0);
  for (size_t e = 0; e < n; e++)
    for (size_t j = 0; j < units; j++) {
      // a gamma of mean 1: the mean of some exponentials
      double g[2] = {0, 0};
      int parts = gain > 0 ? (int)lround(1 / gain) : 0;
      for (int p = 0; p < parts * 3; p++) {
        double d = -log(1 - vr_rng_uniform(&r));
        if (p < parts) g[0] += d / parts;
        g[1] += d / (3 * parts);
      }
      if (!parts) g[0] = g[1] = 1;
      double rate = 0.04 * pow(15, (double)j / (double)units);
      for (size_t i = 0; i < LENGTH; i++) {
        int late = i >= LENGTH / 2;
        vr_row(x, e * LENGTH + i)[j] = poisson(&r, rate * g[quench && late] * (late ? grow : 1));
      }
    }
}

static void tell(const vr_mat *x, size_t n, vr_fano *f)
{
  vr_mat mean = {0}, var = {0};
  size_t *first = malloc(n * sizeof *first), *windows = malloc(x->cols * sizeof *windows);
  for (size_t e = 0; e < n; e++) first[e] = e * LENGTH;
  for (size_t j = 0; j < x->cols; j++) windows[j] = n;
  assert_int_equal(vr_mat_resize(&mean, x->cols, TIMES), 0);
  assert_int_equal(vr_mat_resize(&var, x->cols, TIMES), 0);
  assert_int_equal(vr_fano_moments(x, 1, first, n, FRAMES, STEP, &mean, &var, 0), 0);
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.04, 0.25, f), 0);
  vr_mat_free(&mean);
  vr_mat_free(&var);
  free(windows);
  free(first);
}

// mean of times k0 .. k1 - 1
static double over(const double *a, size_t k0, size_t k1)
{
  double s = 0;
  for (size_t k = k0; k < k1; k++) s += a[k] / (double)(k1 - k0);
  return s;
}

static void moments(void **state)
{
  (void)state;
  // two windows of two times; counts of two frames, at a scale of a half
  double a[] = {2, 0, 4, 2, 0, 6, 2, 2, 8, 0, 2, 4, 0, 2, 0, 4};
  vr_mat x = {.rows = 8, .cols = 2, .a = a}, mean = {0}, var = {0};
  const size_t first[] = {0, 4};
  assert_int_equal(vr_mat_resize(&mean, 3, 2), 0);
  assert_int_equal(vr_mat_resize(&var, 3, 2), 0);
  assert_int_equal(vr_fano_moments(&x, 0.5, first, 2, 2, 2, &mean, &var, 1), 0);
  // unit 1: 3 and 1, then 5 and 0; unit 2: 1 and 4, then 2 and 3
  const double m[] = {4, 0.5, 1.5, 3.5}, v[] = {2, 0.5, 0.5, 0.5};
  assert_memory_equal(vr_row(&mean, 1), m, sizeof m);
  assert_memory_equal(vr_row(&var, 1), v, sizeof v);
  assert_int_equal(vr_fano_moments(&x, 1, first, 1, 2, 2, &mean, &var, 0), VR_EARG);
  assert_int_equal(vr_fano_moments(&x, 1, first, 2, 2, 3, &mean, &var, 0), VR_EARG);
  assert_int_equal(vr_fano_moments(&x, 1, first, 2, 2, 2, &mean, &var, 2), VR_EARG);
  int code;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_fano_moments(&x, 1, first, 2, 2, 2, &mean, &var, 0), (void)0);
  vr_mat_free(&mean);
  vr_mat_free(&var);
}

// six points of two times by hand: all variances 1.5 times their means; then one that is not
static void closed_form(void **state)
{
  (void)state;
  double m[] = {0.1, 0.3, 0.2, 0.6, 0.4, 1.0, 0.6, 0.1, 1.0, 0.2, 1.2, 0.4, 0, 1.2}, v[14];
  vr_mat mean = {.rows = 7, .cols = 2, .a = m}, var = {.rows = 7, .cols = 2, .a = v};
  const size_t windows[] = {10, 20, 10, 20, 10, 20, 10};
  vr_fano f = {0};
  for (int i = 0; i < 14; i++) v[i] = 1.5 * m[i];
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 0.25, &f), 0);
  assert_true(f.times == 2 && f.points[0] == 6 && f.points[1] == 7 && f.fewest == 6 && f.at == 0);
  // bins of a quarter: 2 1 1 0 2 at the first time, 2 2 1 0 2 at the second
  assert_true(f.kept == 6 && f.bins == 4);
  for (int k = 0; k < 2; k++) {
    assert_true(fabs(f.raw.factor[k] - 1.5) < 1e-14 && fabs(f.same.factor[k] - 1.5) < 1e-14);
    assert_true(f.raw.high[k] - f.raw.low[k] < 1e-13);
  }
  assert_true(fabs(f.raw.count[0] - 3.5 / 6) < 1e-15);
  assert_true(fabs(f.same.count[1] - (0.1 + 0.2 + 0.7 / 2 + 0.6 + 1.0 + 1.2) / 6) < 1e-15);
  v[0] = 0.3;
  double mv = 0, mm = 0, rest = 0;
  for (int i = 0; i < 6; i++) {
    double w = (double)windows[i] / pow(m[2 * i] + 0.1, 2);
    mv += w * m[2 * i] * v[2 * i];
    mm += w * m[2 * i] * m[2 * i];
  }
  for (int i = 0; i < 6; i++)
    rest += (double)windows[i] / pow(m[2 * i] + 0.1, 2) * pow(v[2 * i] - mv / mm * m[2 * i], 2);
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 0.25, &f), 0);
  assert_true(fabs(f.raw.factor[0] - mv / mm) < 1e-14);
  // 2.5706: the 97.5 % quantile of t with 5 degrees of freedom
  assert_true(fabs(f.raw.high[0] - mv / mm - 2.570581835636 * sqrt(rest / 5 / mm)) < 1e-12);
  vr_fano_free(&f);
}

// Poisson: the mean of F is 1 at low and high rates, and 95 % of intervals hold it
static void poisson_is_one(void **state)
{
  (void)state;
  enum { RUNS = 100, UNITS = 60, N = 20 };
  size_t held[2] = {0};
  double sum[2] = {0};
  vr_mat x = {0};
  vr_fano f = {0};
  for (uint32_t r = 0; r < RUNS; r++) {
    planted(r, UNITS, N, 2, 0, 0, &x);
    tell(&x, N, &f);
    assert_true(f.kept >= VR_FANO_POINTS);
    for (size_t k = 0; k < TIMES; k++) {
      sum[0] += f.raw.factor[k];
      sum[1] += f.same.factor[k];
      held[0] += f.raw.low[k] <= 1 && f.raw.high[k] >= 1;
      held[1] += f.same.low[k] <= 1 && f.same.high[k] >= 1;
    }
  }
  for (int c = 0; c < 2; c++) {
    print_message(
      "mean %.4f, in %zu of %d intervals\n", sum[c] / (RUNS * TIMES), held[c], RUNS * TIMES);
    assert_true(fabs(sum[c] / (RUNS * TIMES) - 1) < 0.01);
    assert_in_range(held[c], RUNS * TIMES * 92 / 100, RUNS * TIMES * 98 / 100);
  }
  vr_fano_free(&f);
  vr_mat_free(&x);
}

// gain of variance 1 / 2: F = 1 + mean / 2 at each mean
static void quenched_or_not(void **state)
{
  (void)state;
  enum { UNITS = 150, N = 60 };
  vr_mat x = {0};
  vr_fano f = {0};
  // quenched at the same rate: F falls, matched or not
  planted(1, UNITS, N, 1, 0.5, 1, &x);
  tell(&x, N, &f);
  double before = over(f.same.factor, 0, TIMES / 2), after = over(f.same.factor, TIMES / 2, TIMES);
  print_message("quenched: %.3f to %.3f, %zu of %d kept\n", before, after, f.kept, (int)UNITS);
  assert_true(f.kept > 100 && before - 1 > 2.2 * (after - 1) && before > 1.25);
  assert_true(over(f.raw.factor, 0, 5) - over(f.raw.factor, 5, 10) > 0.15);
  for (size_t k = 5; k < TIMES; k++) assert_true(f.same.high[k] < f.same.low[k - 5]);
  // three times the rate: F grows, not at matched means
  planted(2, UNITS, N, 3, 0.5, 0, &x);
  tell(&x, N, &f);
  before = over(f.same.factor, 0, TIMES / 2), after = over(f.same.factor, TIMES / 2, TIMES);
  double raw = over(f.raw.factor, TIMES / 2, TIMES) - over(f.raw.factor, 0, TIMES / 2);
  print_message("faster: %.3f to %.3f matched, %.3f more before\n", before, after, raw);
  assert_true(fabs(after - before) < 0.1 && raw > 0.3);
  // and so do the means
  assert_true(f.raw.count[9] > 2.5 * f.raw.count[0]);
  assert_true(fabs(f.same.count[9] / f.same.count[0] - 1) < 0.1);
  // slower by the same: no drop where there is one in raw numbers
  planted(3, UNITS, N, 1.0 / 3, 0.5, 0, &x);
  tell(&x, N, &f);
  before = over(f.same.factor, 0, TIMES / 2), after = over(f.same.factor, TIMES / 2, TIMES);
  raw = over(f.raw.factor, 0, TIMES / 2) - over(f.raw.factor, TIMES / 2, TIMES);
  print_message("slower: %.3f to %.3f matched, %.3f less before\n", before, after, raw);
  assert_true(fabs(after - before) < 0.1 && raw > 0.15);
  vr_fano_free(&f);
  vr_mat_free(&x);
}

/* -- draws -- */

typedef struct {
  size_t units, times, bins, bin[400], least[64], order[400];
  vr_mat mean, var;
} lot;

// F of one draw at time k
static double draw(lot *l, size_t k, vr_rng *r, double n, double e)
{
  size_t left[64];
  double mv = 0, mm = 0;
  memcpy(left, l->least, sizeof left);
  for (size_t j = l->units; j > 1; j--) {
    size_t at = vr_rng_below(r, j), swap = l->order[j - 1];
    l->order[j - 1] = l->order[at];
    l->order[at] = swap;
  }
  for (size_t j = 0; j < l->units; j++) {
    size_t i = l->order[j];
    double m = vr_row(&l->mean, i)[k], w = n / ((m + e) * (m + e));
    if (!(m > 0) || !left[l->bin[i]]) continue;
    left[l->bin[i]]--;
    mv += w * m * vr_row(&l->var, i)[k];
    mm += w * m * m;
  }
  return mv / mm;
}

static void against_draws(void **state)
{
  (void)state;
  enum { N = 20, DRAWS = 20000, LAST = TIMES - 1 };
  const size_t units[] = {30, 100, 400};
  for (int c = 0; c < 3; c++) {
    lot l = {.units = units[c], .times = TIMES};
    vr_mat x = {0};
    vr_fano f = {0};
    size_t first[N], windows[400];
    for (size_t e = 0; e < N; e++) first[e] = e * LENGTH;
    for (size_t j = 0; j < l.units; j++) windows[j] = N, l.order[j] = j;
    planted(40 + (uint32_t)c, l.units, N, 2, 0.5, 0, &x);
    assert_int_equal(vr_mat_resize(&l.mean, l.units, TIMES), 0);
    assert_int_equal(vr_mat_resize(&l.var, l.units, TIMES), 0);
    assert_int_equal(vr_fano_moments(&x, 1, first, N, FRAMES, STEP, &l.mean, &l.var, 0), 0);
    assert_int_equal(vr_fano_factor(&l.mean, &l.var, windows, 0.04, 0.25, &f), 0);
    // the least number of each bin, and the bins of the last time
    for (size_t k = 0; k < TIMES; k++) {
      size_t number[64] = {0};
      for (size_t j = 0; j < l.units; j++) {
        l.bin[j] = (size_t)(vr_row(&l.mean, j)[k] / 0.25);
        if (vr_row(&l.mean, j)[k] > 0) number[l.bin[j]]++;
      }
      for (int b = 0; b < 64; b++)
        l.least[b] = k && l.least[b] < number[b] ? l.least[b] : number[b];
    }
    vr_rng r = vr_rng_new(3, 0, 0);
    double sum = 0, square = 0;
    for (int d = 0; d < DRAWS; d++) {
      double one = draw(&l, LAST, &r, N, 0.04);
      sum += one / DRAWS;
      square += one * one / DRAWS;
    }
    double by_chance = sqrt((square - sum * sum) / DRAWS);
    double se = (f.same.high[LAST] - f.same.factor[LAST]) / 2;
    print_message("%zu kept: %.5f, draws %.5f +- %.5f, interval +- %.3f\n", f.kept,
      f.same.factor[LAST], sum, by_chance, 2 * se);
    // the two differ by less than a hundredth of the error, and by what draws leave to chance
    assert_true(fabs(f.same.factor[LAST] - sum) < 0.01 * se + 3 * by_chance);
    assert_true(by_chance < 0.01 * se);
    vr_fano_free(&f);
    vr_mat_free(&l.mean);
    vr_mat_free(&l.var);
    vr_mat_free(&x);
  }
}

static void orders_and_refusals(void **state)
{
  (void)state;
  double m[12], v[12], m2[12], v2[12];
  const size_t windows[6] = {8, 8, 8, 8, 8, 8};
  vr_mat mean = {.rows = 6, .cols = 2, .a = m}, var = {.rows = 6, .cols = 2, .a = v};
  vr_fano f = {0}, g = {0};
  for (int i = 0; i < 12; i++) m[i] = 0.1 * i + 0.05, v[i] = m[i] * (1 + 0.3 * sin(i));
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 10, &f), 0);
  // points in another order
  for (int i = 0; i < 6; i++)
    for (int k = 0; k < 2; k++)
      m2[2 * i + k] = m[10 - 2 * i + k], v2[2 * i + k] = v[10 - 2 * i + k];
  vr_mat mean2 = {.rows = 6, .cols = 2, .a = m2}, var2 = {.rows = 6, .cols = 2, .a = v2};
  assert_int_equal(vr_fano_factor(&mean2, &var2, windows, 0.1, 10, &g), 0);
  for (int k = 0; k < 2; k++) {
    assert_true(fabs(f.same.factor[k] - g.same.factor[k]) < 1e-14);
    // one bin keeps all
    assert_true(f.same.factor[k] == f.raw.factor[k] && f.kept == 6);
  }
  // narrow bins keep nobody, silence leaves nobody: no number
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 0.01, &f), 0);
  assert_true(f.kept == 0 && f.bins == 0 && f.same.factor[0] == 0 && f.raw.factor[0] > 0);
  for (int i = 0; i < 6; i++) m[2 * i + 1] = v[2 * i + 1] = 0;
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 1, &f), 0);
  assert_true(f.fewest == 0 && f.at == 1 && f.kept == 0 && f.raw.factor[0] == 0);
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 1e-9, &f), VR_EARG);
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0, 1, &f), VR_EARG);
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 0, &f), VR_EARG);
  var.rows = 5;
  assert_int_equal(vr_fano_factor(&mean, &var, windows, 0.1, 1, &f), VR_EARG);
  var.rows = 6;
  int code;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_fano_factor(&mean, &var, windows, 0.1, 1, &f), vr_fano_free(&f));
  vr_fano_free(&f);
  vr_fano_free(&g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(moments),
    cmocka_unit_test(closed_form),
    cmocka_unit_test(poisson_is_one),
    cmocka_unit_test(quenched_or_not),
    cmocka_unit_test(against_draws),
    cmocka_unit_test(orders_and_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
