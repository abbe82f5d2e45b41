#include "ana/overlap.h"
#include "base/rng.h"
#include "../test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 10, FRAMES = 60, COLS = 4 };

static void make_trials(vr_trials *tr)
{
  assert_int_equal(vr_trials_resize(tr, TRIALS), 0);
  tr->rate = 50;
  for (size_t k = 0; k < TRIALS; k++) {
    tr->first[k] = k * FRAMES;
    tr->frames[k] = FRAMES;
  }
}

/* slow walks in each trial; those of the second label moved by `shift` in the first column, and long
 * in another direction by `turn` */
static void fill(vr_mat *x, const int32_t *of, double shift, int turn, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 7, 7);
  assert_int_equal(vr_mat_resize(x, TRIALS * FRAMES, COLS), 0);
  for (size_t i = 0; i < x->rows; i++)
    for (size_t k = 0; k < COLS; k++) {
      double step = vr_rng_normal(&r), *here = &vr_row(x, i)[k];
      int second = of[i / FRAMES] == 2, longest = k == (turn && second ? 3 : 0);
      double size = longest ? 5 : 1;
      *here = i % FRAMES ? 0.9 * here[-COLS] + size * 0.43 * step : size * step;
    }
  for (size_t i = 0; i < x->rows; i++)
    if (of[i / FRAMES] == 2) vr_row(x, i)[0] += shift;
}

static const int32_t label[TRIALS] = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2};

/* The same frames overlap fully; those far apart not at all; a plane catches itself. */
static void extremes(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_overlap_par par = VR_OVERLAP_DEFAULTS;
  vr_overlap_row row[2 * VR_OVERLAPS];
  make_trials(&tr);
  fill(&x, label, 0, 0, 1);
  for (size_t k = 0; k < TRIALS; k += 2)
    memcpy(vr_row(&x, (k + 1) * FRAMES), vr_row(&x, k * FRAMES), FRAMES * COLS * sizeof(double));
  assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, 1, NULL, row), 0);
  for (size_t m = 0; m < VR_OVERLAPS; m++) {
    assert_int_equal(row[m].measure, m);
    assert_true(fabs(row[m].value - 1) < 1e-12 && row[m].p == 1);
    assert_true(row[VR_OVERLAPS + m].first == 0 && row[VR_OVERLAPS + m].second == 1);
    assert_true(row[VR_OVERLAPS + m].value == row[m].value);
  }
  fill(&x, label, 1000, 1, 1);
  assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, 1, NULL, row), 0);
  assert_true(
    row[VR_OVERLAP_HISTOGRAM].value < 1e-12 && row[VR_OVERLAP_BHATTACHARYYA].value < 1e-12);
  assert_true(row[VR_OVERLAP_SUBSPACE].value < 0.6 && row[VR_OVERLAP_SUBSPACE].p < 0.05);
  assert_true(row[VR_OVERLAP_HISTOGRAM].p < 0.05 && row[VR_OVERLAP_HISTOGRAM].mean > 0.3);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* tests/ref/overlap.py: NumPy */
static void as_numpy(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_overlap_par par = {.grid = 5, .subspace = 2};
  vr_overlap_row row[VR_OVERLAPS * 4];
  static const int32_t of[TRIALS] = {1, 2, 3, 1, 2, 3, 1, 2, 3, 0};
  static const double known[] = {0.5537037037037037, 0.7374878885345972, 0.9987141374815377,
    0.4333333333333333, 0.6341311451660473, 0.9990939746151807, 0.6222222222222221,
    0.7991410415343152, 0.9977496135629529, 0.6055555555555555, 0.7791914789034293,
    0.9992988242664795};
  make_trials(&tr);
  assert_int_equal(vr_mat_resize(&x, TRIALS * FRAMES, COLS), 0);
  for (size_t i = 0; i < x.rows; i++)
    for (size_t k = 0; k < COLS; k++)
      vr_row(&x, i)[k] =
        (double)(COLS - k) * sin((double)(i * i * (k + 1))) + (double)(i / FRAMES * (k + 2) % 3);
  assert_int_equal(vr_overlap(&x, &tr, of, 3, &par, 1, NULL, row), 0);
  for (size_t r = 0; r < VR_OVERLAPS * 4; r++) assert_true(fabs(row[r].value - known[r]) < 1e-12);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

static void threads(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_overlap_par par = VR_OVERLAP_DEFAULTS;
  vr_overlap_row one[2 * VR_OVERLAPS], four[2 * VR_OVERLAPS];
  make_trials(&tr);
  fill(&x, label, 1, 1, 3);
  memset(one, 0, sizeof one);
  memset(four, 0, sizeof four);
  assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, 1, NULL, one), 0);
  assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, 1, &(vr_pool){4}, four), 0);
  for (size_t r = 0; r < 2 * VR_OVERLAPS; r++)
    assert_true(
      one[r].value == four[r].value && one[r].p == four[r].p && one[r].low == four[r].low);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* Slow trials of one kind are not taken for two kinds; kinds that differ are found. */
static void null(void **state)
{
  (void)state;
  int runs = getenv("VR_LONG") ? 600 : 200, hit[VR_OVERLAPS] = {0}, found[VR_OVERLAPS] = {0};
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_overlap_par par = {.grid = 8, .subspace = 1, .draws = 99};
  vr_overlap_row row[2 * VR_OVERLAPS];
  make_trials(&tr);
  for (int run = 0; run < runs; run++) {
    fill(&x, label, 0, 0, 10 + (uint64_t)run);
    assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, (uint64_t)run, NULL, row), 0);
    for (size_t m = 0; m < VR_OVERLAPS; m++) hit[m] += row[m].p <= 0.05;
  }
  for (int run = 0; run < 20; run++) {
    fill(&x, label, 15, 1, 10 + (uint64_t)run);
    assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, (uint64_t)run, NULL, row), 0);
    for (size_t m = 0; m < VR_OVERLAPS; m++) found[m] += row[m].p <= 0.05;
  }
  double slack = 3 * sqrt(runs * 0.05 * 0.95);
  for (size_t m = 0; m < VR_OVERLAPS; m++) {
    print_message("# measure %zu: p <= 0.05 in %d of %d of one kind, %d of 20 of two\n", m, hit[m],
      runs, found[m]);
    assert_true(fabs(hit[m] - 0.05 * runs) <= slack);
    assert_int_equal(found[m], 20);
  }
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

static void refused(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_overlap_par par = {.grid = 8, .subspace = 9, .draws = 2};
  vr_overlap_row row[2 * VR_OVERLAPS];
  int32_t one[TRIALS] = {1}, two[TRIALS] = {1, 2};
  int code;
  make_trials(&tr);
  fill(&x, label, 0, 0, 1);
  assert_int_equal(vr_overlap(&x, &tr, one, 2, &par, 1, NULL, row), VR_EDATA);
  assert_int_equal(vr_overlap(&x, &tr, two, 2, &par, 1, NULL, row), VR_EDATA);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_overlap(&x, &tr, label, 2, &par, 1, NULL, row), (void)0);
  x.cols = 1;
  assert_int_equal(vr_overlap(&x, &tr, label, 2, &par, 1, NULL, row), VR_EARG);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(extremes),
    cmocka_unit_test(as_numpy),
    cmocka_unit_test(threads),
    cmocka_unit_test(null),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
