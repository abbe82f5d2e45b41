/* Windows around events: a travelling bump comes out in its order, quenched noise as much quenched as
 * it is, and windows at places by chance are called locked as often as the null says. */
#include "../test.h"
#include "ana/align.h"
#include "base/rng.h"
#include "num/rank.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS = 20, TRIALS = 5, FRAMES = 400, EVENTS = 20, LAGS = 61 };

static void trials_of(vr_trials *tr, size_t n, size_t frames)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = 50;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

static void noise(uint32_t run, vr_mat *z, size_t rows, size_t units)
{
  vr_rng rng = vr_rng_new(31, run, 0);
  assert_int_equal(vr_mat_resize(z, rows, units), 0);
  for (size_t i = 0; i < rows * units; i++)
    z->a[i] = i >= units && i / units % FRAMES ? 0.7 * z->a[i - units] + 0.7 * vr_rng_normal(&rng)
                                               : vr_rng_normal(&rng);
}

// windows of 60 frames, four a trial; unit j peaks 3 j frames into them; frames 20 .. 39 vary by half
static void planted(vr_mat *z, vr_trials *tr, vr_window *w, double strength)
{
  trials_of(tr, TRIALS, FRAMES);
  noise(1, z, (size_t)TRIALS * FRAMES, UNITS);
  for (size_t e = 0; e < EVENTS; e++) {
    size_t first = e / 4 * FRAMES + 20 + e % 4 * 90;
    w[e] = (vr_window){(int32_t)(e / 4), (double)first, 1};
    for (size_t l = 0; l < LAGS; l++)
      for (size_t j = 0; j < UNITS; j++) {
        double *to = vr_row(z, first + l) + (UNITS - 1 - j), d = (double)l - 3 * (double)j - 1;
        if (l >= 20 && l < 40) *to *= 0.5;
        *to += strength * exp(-d * d / 18);
      }
  }
}

static void sequence(void **state)
{
  (void)state;
  vr_mat z = {0};
  vr_trials tr = {0};
  vr_window w[EVENTS];
  vr_aligned a = {0};
  vr_align_par par = VR_ALIGN_DEFAULTS;
  par.lags = LAGS;
  par.inside[0] = 20;
  par.inside[1] = 40;
  par.surrogates = 200;
  planted(&z, &tr, w, 5);
  for (int show = 0; show < 3; show++) {
    par.show = (vr_show)show;
    assert_int_equal(vr_align(&z, &tr, w, EVENTS, &par, NULL, &a), 0);
    for (size_t j = 0; j < UNITS; j++) {
      assert_int_equal(a.order[j], UNITS - 1 - j);
      assert_in_range(a.peak[2 * UNITS + j] + 2, 3 * (UNITS - 1 - j), 3 * (UNITS - 1 - j) + 4);
    }
    assert_true(a.test[VR_ALIGN_SPLIT].value > 0.95 && a.test[VR_ALIGN_RIDGE].value > 2);
    for (size_t k = 0; k <= VR_ALIGN_SINGLE; k++) assert_true(a.test[k].p == 1.0 / 201);
    assert_true(a.test[VR_ALIGN_UNIFORM].p > 0.05 && a.test[VR_ALIGN_ENTROPY].p > 0.05);
    // half as variable: the log is -0.69
    assert_true(fabs(a.test[VR_ALIGN_QUENCH].value - log(0.5)) < 0.1);
    assert_true(a.test[VR_ALIGN_QUENCH].p == 1.0 / 201);
    assert_true(a.spread[30] < a.spread[4 * LAGS + 30] && a.spread[5] > 1.5 * a.spread[30]);
  }
  vr_align_free(&a);
  vr_trials_free(&tr);
  vr_mat_free(&z);
}

// windows between rows, and of another step: a straight line stays one
static void between(void **state)
{
  (void)state;
  vr_mat z = {0};
  vr_trials tr = {0};
  trials_of(&tr, 2, 50);
  assert_int_equal(vr_mat_resize(&z, 100, 2), 0);
  for (size_t i = 0; i < 100; i++) vr_row(&z, i)[0] = (double)i, vr_row(&z, i)[1] = 1;
  const vr_window w[2] = {{0, 3.25, 1.5}, {1, 60, 39.0 / 9}};
  double to[2 * 10 * 2];
  assert_int_equal(vr_align_cut(&z, &tr, w, 2, 10, to), 0);
  for (size_t e = 0; e < 2; e++)
    for (size_t l = 0; l < 10; l++)
      assert_true(fabs(to[(e * 10 + l) * 2] - w[e].row - w[e].step * (double)l) < 1e-9);
  const vr_window bad[] = {{0, 40, 1.5}, {1, 40, 1}, {2, 0, 1}, {0, 0, 0}};
  for (size_t k = 0; k < 4; k++)
    assert_int_equal(vr_align_cut(&z, &tr, bad + k, 1, 10, to), VR_EARG);
  vr_trials_free(&tr);
  vr_mat_free(&z);
}

static void null_is_right(void **state)
{
  (void)state;
  enum { N = 12, WIDE = 20 };
  size_t runs = getenv("VR_LONG") ? 4000 : 1000, wrong[4] = {0};
  vr_mat z = {0};
  vr_trials tr = {0};
  vr_aligned a = {0};
  vr_align_par par = VR_ALIGN_DEFAULTS;
  par.lags = WIDE;
  par.inside[1] = 8;
  par.surrogates = 99;
  trials_of(&tr, TRIALS, FRAMES);
  for (uint32_t r = 0; r < runs; r++) {
    vr_window w[N];
    vr_rng rng = vr_rng_new(77, r, 0);
    noise(r + 5, &z, (size_t)TRIALS * FRAMES, 8);
    for (size_t e = 0; e < N; e++) {
      w[e] = (vr_window){(int32_t)(e % TRIALS), 0, 1};
      w[e].row = (double)tr.first[e % TRIALS] + vr_rng_uniform(&rng) * (FRAMES - WIDE);
    }
    par.seed = r + 1;
    assert_int_equal(vr_align(&z, &tr, w, N, &par, NULL, &a), 0);
    for (size_t k = 0; k < 4; k++) wrong[k] += a.test[k].p <= 0.05;
  }
  for (size_t k = 0; k < 4; k++) {
    print_message("rejected: %zu of %zu\n", wrong[k], runs);
    assert_in_range(wrong[k] * 100, 3 * runs, 7 * runs);
  }
  vr_align_free(&a);
  vr_trials_free(&tr);
  vr_mat_free(&z);
}

static void threads_and_refusals(void **state)
{
  (void)state;
  vr_mat z = {0};
  vr_trials tr = {0};
  vr_window w[EVENTS];
  vr_aligned a = {0}, b = {0};
  vr_pool pool = {.threads = 4};
  vr_align_par par = VR_ALIGN_DEFAULTS;
  par.lags = LAGS;
  par.surrogates = 20;
  planted(&z, &tr, w, 1);
  assert_int_equal(vr_align(&z, &tr, w, EVENTS, &par, NULL, &a), 0);
  assert_int_equal(vr_align(&z, &tr, w, EVENTS, &par, &pool, &b), 0);
  assert_memory_equal(a.average.a, b.average.a, UNITS * LAGS * sizeof(double));
  assert_memory_equal(a.spread, b.spread, 5 * LAGS * sizeof(double));
  assert_memory_equal(a.test, b.test, sizeof a.test);
  // no inside: no test of it; few windows: averages only
  assert_true(a.test[VR_ALIGN_QUENCH].p == 0);
  assert_int_equal(vr_align(&z, &tr, w, 9, &par, NULL, &a), 0);
  for (size_t k = 0; k < VR_ALIGN_STATISTICS; k++) assert_true(a.test[k].p == 0);
  assert_int_equal(vr_align(&z, &tr, w, 1, &par, NULL, &a), 0);
  assert_int_equal(vr_find_bad(a.sd.a, UNITS * LAGS), UNITS * LAGS);
  assert_int_equal(vr_align(&z, &tr, w, 0, &par, NULL, &a), VR_EDATA);
  w[3].row += FRAMES;
  assert_int_equal(vr_align(&z, &tr, w, EVENTS, &par, NULL, &a), VR_EARG);
  w[3].row -= FRAMES;
  int code;
  par.surrogates = 2;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_align(&z, &tr, w, EVENTS, &par, NULL, &a), vr_align_free(&a));
  vr_align_free(&a);
  vr_align_free(&b);
  vr_trials_free(&tr);
  vr_mat_free(&z);
}

static void correlations(void **state)
{
  (void)state;
  const double a[] = {1, 2, 2, 4, 5}, b[] = {10, 30, 20, 50, 40}, same[] = {3, 3, 3, 3, 3};
  double r;
  assert_int_equal(vr_spearman(a, b, 5, &r), 0);
  assert_true(fabs(r - 0.8720815992723809) < 1e-12); // scipy.stats.spearmanr
  assert_int_equal(vr_spearman(a, same, 5, &r), 0);
  assert_true(r == 0);
  double x[40], y[40];
  for (int i = 0; i < 40; i++) {
    x[i] = remainder(0.7 * i, 2 * M_PI);
    y[i] = remainder(0.7 * i + 2, 2 * M_PI);
  }
  assert_true(fabs(vr_circular_correlation(x, y, 40) - 1) < 1e-12);
  for (int i = 0; i < 40; i++) y[i] = -y[i];
  assert_true(fabs(vr_circular_correlation(x, y, 40) + 1) < 1e-12);
  // by its definition, over all pairs
  double ab = 0, aa = 0, bb = 0;
  for (int i = 0; i < 40; i++) y[i] = sin(3.0 * i) + x[i] / 2;
  for (int i = 0; i < 40; i++)
    for (int k = 0; k < i; k++) {
      double u = sin(x[i] - x[k]), v = sin(y[i] - y[k]);
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  assert_true(fabs(vr_circular_correlation(x, y, 40) - ab / sqrt(aa * bb)) < 1e-12);
}

// the same order twice, moved on a circle, and two that know nothing of each other
static void compared(void **state)
{
  (void)state;
  enum { N = 20, RUNS = 1000 };
  int32_t a[N], b[N];
  size_t wrong[2] = {0};
  vr_tested t;
  vr_align_par par = VR_ALIGN_DEFAULTS;
  par.surrogates = 199;
  for (int j = 0; j < N; j++) a[j] = b[j] = 2 * j;
  assert_int_equal(vr_align_compare(a, b, N, 40, 0, &par, &t), 0);
  assert_true(t.value == 1 && t.p == 1.0 / 200 && t.null < 0.5);
  for (int j = 0; j < N; j++) b[j] = (2 * j + 17) % 40;
  assert_int_equal(vr_align_compare(a, b, N, 40, 1, &par, &t), 0);
  assert_true(t.value > 0.95 && t.p == 1.0 / 200);
  for (uint32_t r = 0; r < RUNS; r++)
    for (int around = 0; around < 2; around++) {
      vr_rng rng = vr_rng_new(8, r, 0);
      for (int j = 0; j < N; j++) {
        a[j] = (int32_t)vr_rng_below(&rng, 40);
        b[j] = (int32_t)vr_rng_below(&rng, 40);
      }
      par.seed = r + 1;
      assert_int_equal(vr_align_compare(a, b, N, 40, around, &par, &t), 0);
      wrong[around] += t.p <= 0.05;
    }
  for (int k = 0; k < 2; k++) {
    print_message("rejected: %zu of %d\n", wrong[k], (int)RUNS);
    assert_in_range(wrong[k] * 100, 3 * RUNS, 7 * RUNS);
  }
  assert_int_equal(vr_align_compare(a, b, 1, 40, 0, &par, &t), VR_EARG);
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_align_compare(a, b, N, 40, 0, &par, &t), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sequence),
    cmocka_unit_test(between),
    cmocka_unit_test(null_is_right),
    cmocka_unit_test(threads_and_refusals),
    cmocka_unit_test(correlations),
    cmocka_unit_test(compared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
