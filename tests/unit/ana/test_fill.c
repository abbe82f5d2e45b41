/* Gaps: straight lines, SciPy's monotone cubic (tests/ref/fill.py), holding, limits, trials. */
#include "ana/fill.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { N = 15 };
static const double series[N] = {0, 1, 2.5, NAN, NAN, 4, 3.5, NAN, 9, 9, NAN, NAN, NAN, 2, NAN};

static void near_to(double x, double want)
{
  if (isnan(want) ? !isnan(x) : !(fabs(x - want) <= 1e-12)) fail_msg("%.17g is not %.17g", x, want);
}

/* the series as x of a point whose y is its mirror image */
static void make(vr_tracks *k, double rate)
{
  assert_int_equal(vr_tracks_alloc(k, N, 1, 1, 2, 0), 0);
  k->rate = rate;
  for (size_t t = 0; t < N; t++) {
    vr_point(k, t, 0, 0)[0] = series[t];
    vr_point(k, t, 0, 0)[1] = -series[t];
  }
}

static void check(int how, double max_gap, const double *want, size_t filled, size_t longest)
{
  vr_tracks k = {0};
  vr_fill_count c;
  uint8_t mask[N] = {0};
  vr_fill_par par = {how, max_gap};
  make(&k, 10);
  assert_int_equal(vr_fill(&k, &par, mask, &c), 0);
  size_t marks = 0;
  for (size_t t = 0; t < N; t++) {
    near_to(vr_point(&k, t, 0, 0)[0], want[t]);
    near_to(vr_point(&k, t, 0, 0)[1], -want[t]);
    marks += mask[t];
  }
  assert_int_equal(c.missing, 7);
  assert_int_equal(c.filled, filled);
  assert_int_equal(marks, filled);
  assert_int_equal(c.longest, longest);
  vr_tracks_free(&k);
}

static void known_values(void **state)
{
  (void)state;
  static const double linear[N] = {0, 1, 2.5, 3, 3.5, 4, 3.5, 6.25, 9, 9, 7.25, 5.5, 3.75, 2, NAN};
  static const double pchip[N] = {0, 1, 2.5, 3.2525252525252526, 3.7929292929292933, 4, 3.5, 6.25,
    9, 9, 8.496875, 7.075, 4.865625, 2, NAN};
  static const double hold[N] = {0, 1, 2.5, 2.5, 2.5, 4, 3.5, 3.5, 9, 9, 9, 9, 9, 2, 2};
  check(VR_FILL_NONE, 1, series, 0, 3);
  check(VR_FILL_LINEAR, 1, linear, 6, 1);
  check(VR_FILL_PCHIP, 1, pchip, 6, 1);
  check(VR_FILL_HOLD, 1, hold, 7, 0);
}

static void limits(void **state)
{
  (void)state;
  static const double two[N] = {0, 1, 2.5, 3, 3.5, 4, 3.5, 6.25, 9, 9, NAN, NAN, NAN, 2, NAN};
  check(VR_FILL_LINEAR, 0.2, two, 3, 3); // 2 frames at 10 Hz
  check(VR_FILL_LINEAR, 0, series, 0, 3);
  vr_tracks k = {0};
  vr_fill_count c;
  vr_fill_par par = VR_FILL_DEFAULTS;
  make(&k, 0);
  assert_int_equal(vr_fill(&k, &par, NULL, &c), VR_EARG);
  k.rate = 10;
  par.max_gap = -1;
  assert_int_equal(vr_fill(&k, &par, NULL, &c), VR_EARG);
  par.max_gap = 1;
  vr_alloc_fail_at(1);
  assert_int_equal(vr_fill(&k, &par, NULL, &c), VR_EMEM);
  vr_alloc_fail_at(0);
  // nothing was seen: nothing is invented
  for (size_t t = 0; t < N; t++) vr_point(&k, t, 0, 0)[0] = vr_point(&k, t, 0, 0)[1] = NAN;
  par.how = VR_FILL_HOLD;
  assert_int_equal(vr_fill(&k, &par, NULL, &c), 0);
  assert_int_equal(c.filled, 0);
  assert_int_equal(c.longest, N);
  vr_tracks_free(&k);
}

static void trials(void **state)
{
  (void)state;
  vr_tracks k = {0};
  vr_stretches s;
  make(&k, 10);
  assert_int_equal(vr_split(&k, 0, 1, &s), 0);
  assert_int_equal(s.n, 1);
  assert_int_equal(s.list[0].frames, N);
  vr_release(s.list);
  assert_int_equal(vr_split(&k, 1, 0.2, &s), 0);
  static const size_t first[] = {0, 5, 8}, frames[] = {3, 2, 2};
  assert_int_equal(s.n, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(s.list[i].first, first[i]);
    assert_int_equal(s.list[i].frames, frames[i]);
    assert_int_equal(s.list[i].cut, 1);
  }
  assert_int_equal(s.gap_frames, 7);
  assert_int_equal(s.short_frames, 1);
  assert_int_equal(s.short_stretches, 1);
  vr_release(s.list);
  assert_int_equal(vr_split(&k, 1, 10, &s), 0);
  assert_int_equal(s.n, 0);
  vr_release(s.list);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_split(&k, 1, 0, &s), VR_EMEM);
  vr_alloc_fail_at(0);
  vr_release(s.list);
  vr_tracks_free(&k);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(known_values), cmocka_unit_test(limits), cmocka_unit_test(trials)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
