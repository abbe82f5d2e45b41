#include "ana/mds.h"
#include "ana/separation.h"
#include "base/rng.h"
#include "../test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 40 };

/* tests/ref/mds.py: scikit-learn's silhouette, and the nearest point */
static void as_sklearn(void **state)
{
  (void)state;
  vr_mat x = {0}, d = {0};
  size_t unit[N];
  int32_t label[N];
  vr_separation s[VR_SEPARATIONS], four[VR_SEPARATIONS];
  assert_int_equal(vr_mat_resize(&x, N, 2), 0);
  for (size_t i = 0; i < N; i++) {
    vr_row(&x, i)[0] = sin((double)(i * i)) + (double)(i % 3);
    vr_row(&x, i)[1] = cos((double)(i * i)) + 0.5 * (i % 3 == 1);
    unit[i] = i;
    label[i] = (int32_t)(i % 3);
  }
  vr_grouping g = {.n = N, .units = N, .labels = 3, .unit = unit, .label = label};
  assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
  assert_int_equal(vr_separation_of(&d, &g, 99, 1, NULL, s), 0);
  assert_true(fabs(s[VR_SILHOUETTE].value - 0.10830475758217899) < 1e-13);
  assert_true(fabs(s[VR_NEAREST].value - 0.8003663003663003) < 1e-13);
  assert_true(s[VR_NEAREST].p == 0.01 && s[VR_SILHOUETTE].p == 0.01);
  assert_true(fabs(s[VR_NEAREST].mean - 0.33) < 0.05 && s[VR_NEAREST].high < 0.6);
  assert_int_equal(vr_separation_of(&d, &g, 99, 1, &(vr_pool){4}, four), 0);
  assert_memory_equal(s, four, sizeof s);
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_separation_of(&d, &g, 2, 1, NULL, s), (void)0);
  // without draws there is a value and no null
  assert_int_equal(vr_separation_of(&d, &g, 0, 1, NULL, s), 0);
  assert_true(s[VR_NEAREST].p == 1);
  // two labels with two units are needed
  for (size_t i = 0; i < N; i++) label[i] = i == 7;
  assert_int_equal(vr_separation_of(&d, &g, 9, 1, NULL, s), VR_EDATA);
  assert_int_equal(vr_separation_of(&x, &g, 9, 1, NULL, s), VR_EARG);
  vr_mat_free(&x);
  vr_mat_free(&d);
}

/* How often p <= 0.05 for each statistic: UNITS trials of slow walks, or means of clusters (strata)
 * that differ between clusters; `shift` parts the labels. */
static void count(int runs, int trials, double shift, int hit[VR_SEPARATIONS])
{
  enum { UNITS = 24, FRAMES = 6 };
  vr_mat x = {0}, d = {0};
  size_t unit[UNITS * FRAMES], stratum[UNITS];
  int32_t label[UNITS];
  vr_separation s[VR_SEPARATIONS];
  size_t n = trials ? UNITS * FRAMES : UNITS;
  memset(hit, 0, VR_SEPARATIONS * sizeof *hit);
  for (size_t u = 0; u < UNITS; u++) {
    label[u] = (int32_t)(u % 2);
    stratum[u] = u / 2;
  }
  for (size_t i = 0; i < n; i++) unit[i] = trials ? i / FRAMES : i;
  vr_grouping g = {n, UNITS, 2, unit, label, trials ? NULL : stratum, 1};
  assert_int_equal(vr_mat_resize(&x, n, 3), 0);
  for (int run = 0; run < runs; run++) {
    vr_rng r = vr_rng_new((uint64_t)run, 9, 9);
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < 3; k++) {
        double step = vr_rng_normal(&r), *here = &vr_row(&x, i)[k];
        *here = trials && i % FRAMES ? here[-3] + 0.2 * step
                                     : step + (trials ? 0 : 5 * sin((double)(i / 2 * (k + 1))));
        if (!trials || i % FRAMES == 0) *here += shift * (double)label[unit[i]];
      }
    assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
    assert_int_equal(vr_separation_of(&d, &g, 99, (uint64_t)run, NULL, s), 0);
    for (size_t k = 0; k < VR_SEPARATIONS; k++) hit[k] += s[k].p <= 0.05;
  }
  vr_mat_free(&x);
  vr_mat_free(&d);
}

/* Walks that cluster by trial are not taken for labels that lie apart; labels that do are found. */
static void null(void **state)
{
  (void)state;
  int runs = getenv("VR_LONG") ? 800 : 200, hit[VR_SEPARATIONS];
  for (int trials = 0; trials < 2; trials++) {
    count(runs, trials, 0, hit);
    print_message("# %s: p <= 0.05 in %d (silhouette) and %d (nearest) of %d\n",
      trials ? "frames of trials" : "means of clusters", hit[0], hit[1], runs);
    for (size_t k = 0; k < VR_SEPARATIONS; k++) {
      // ties of few units make it smaller, never larger than 5 %, but for three standard deviations
      double slack = 3 * sqrt(runs * 0.05 * 0.95);
      assert_true(hit[k] <= 0.05 * runs + slack);
      if (k == VR_SILHOUETTE && trials) assert_true(hit[k] >= 0.05 * runs - slack);
    }
    count(20, trials, 8, hit);
    assert_int_equal(hit[VR_SILHOUETTE], 20);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(as_sklearn),
    cmocka_unit_test(null),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
