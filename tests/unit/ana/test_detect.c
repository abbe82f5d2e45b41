/* Stays above a level, turns, phases and strides, at known places. */
#include "../test.h"
#include "ana/detect.h"
#include <math.h>
#include <string.h>

static void trials_of(vr_trials *tr, size_t n, size_t frames, double rate)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = rate;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

static void levels(void **state)
{
  (void)state;
  // a stay from rise to fall, one over a gap, one that is too short, one cut by the end of a trial
  double x[40] = {0, 2, 1, 1, 0, 0, 3, 0, 3, 3, 0, 0, 2, 0, 0, 0, 0, 0, 2, 2, //
    2, 2, 0, 1, 1, NAN, 0, 2, NAN, 2};
  vr_trials tr = {0};
  vr_episodes e = {0};
  vr_level par = {.rise = 2, .fall = 1, .shortest = 0.2, .gap = 0.2};
  trials_of(&tr, 2, 20, 10);
  assert_int_equal(vr_detect_level(x, NULL, &tr, &par, &e), 0);
  assert_int_equal(e.n, 5);
  const double want[5][4] = {
    {0, 0.1, 0.4, 2}, {0, 0.6, 1, 3}, {0, 1.8, 2, 2}, {1, 0, 0.2, 2}, {1, 0.7, 1, 2}};
  for (size_t k = 0; k < 5; k++) {
    assert_int_equal(e.row[k].trial, (int)want[k][0]);
    assert_true(fabs(e.row[k].start - want[k][1]) < 1e-12);
    assert_true(fabs(e.row[k].stop - want[k][2]) < 1e-12);
    assert_true(e.row[k].value == want[k][3]);
  }
  // only where it can be
  unsigned char active[40] = {0};
  memset(active + 18, 1, 4);
  e.n = 0;
  assert_int_equal(vr_detect_level(x, active, &tr, &par, &e), 0);
  assert_int_equal(e.n, 2);
  par.fall = 3;
  assert_int_equal(vr_detect_level(x, NULL, &tr, &par, &e), VR_EARG);
  par.fall = 1;
  int code;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_detect_level(x, NULL, &tr, &par, &e), vr_episodes_free(&e));
  vr_trials_free(&tr);
}

// one and a half turns left, a rest, two turns right over a short rest, a quarter turn
static void turns(void **state)
{
  (void)state;
  enum { N = 1000 };
  double h[N], at = 3;
  vr_trials tr = {0};
  vr_episodes e = {0};
  trials_of(&tr, 1, N, 100);
  for (int i = 0; i < N; i++) {
    double w = i < 100   ? 0
               : i < 250 ? 2 * M_PI
               : i < 400 ? 0.1
               : i < 500 ? -2 * M_PI
               : i < 504 ? 0
               : i < 604 ? -2 * M_PI
               : i < 800 ? 0
               : i < 825 ? 2 * M_PI
                         : 0;
    at += w / 100;
    h[i] = remainder(at, 2 * M_PI);
  }
  vr_unwrap(h, &tr);
  assert_int_equal(vr_detect_turns(h, &tr, M_PI / 2, 2 * M_PI, 0.1, &e), 0);
  assert_int_equal(e.n, 2);
  vr_episode left = e.row[0].value > 0 ? e.row[0] : e.row[1];
  vr_episode right = e.row[0].value > 0 ? e.row[1] : e.row[0];
  assert_true(fabs(left.value - 3 * M_PI) < 0.2 && fabs(left.start - 1) < 0.06);
  assert_true(fabs(right.value + 4 * M_PI) < 0.2 && fabs(right.stop - 6.04) < 0.06);
  vr_episodes_free(&e);
  vr_trials_free(&tr);
}

// a rhythm of 5 Hz under a slow drift and a fast one: its maxima to a twentieth of a frame
static void phases(void **state)
{
  (void)state;
  enum { N = 500 };
  double x[2 * N], phase[2 * N];
  vr_trials tr = {0};
  vr_episodes e = {0};
  trials_of(&tr, 2, N, 50);
  for (int i = 0; i < 2 * N; i++) {
    double t = (i % N) / 50.0;
    x[i] = 4 + cos(2 * M_PI * 5 * t - (i < N ? 1 : 2)) + 0.5 * cos(2 * M_PI * 0.5 * t) +
           0.3 * cos(2 * M_PI * 12 * t);
  }
  assert_int_equal(vr_phase(x, &tr, 3, 7, phase), 0);
  assert_int_equal(vr_detect_phase(phase, NULL, &tr, 0, &e), 0);
  size_t inside = 0;
  for (size_t k = 0; k < e.n; k++) {
    double t = e.row[k].start, at = 5 * t - (e.row[k].trial ? 2 : 1) / (2 * M_PI);
    if (t < 1 || t > 9) continue;
    inside++;
    assert_true(fabs(at - round(at)) < 5 * 0.05 / 50);
  }
  assert_in_range(inside, 80, 82);
  // a quarter cycle later
  vr_episodes q = {0};
  assert_int_equal(vr_detect_phase(phase, NULL, &tr, M_PI / 2, &q), 0);
  for (size_t k = 10; k < 40; k++) {
    double d = remainder(q.row[k].start - e.row[10].start, 0.2);
    assert_true(fabs(d - 0.05) < 2e-3);
  }
  // the first and the last go, and so do strides beside one that is too long
  double median;
  vr_episodes s = {0};
  const double at[] = {0, 0.2, 0.4, 0.6, 1.1, 1.3, 1.5, 1.7, 5, 5.2, 5.4};
  for (size_t k = 0; k < 11; k++)
    assert_int_equal(vr_episodes_add(&s, (vr_episode){0, at[k], at[k], 0}), 0);
  assert_int_equal(vr_strides_keep(&s, 1, &median), 6);
  assert_true(fabs(median - 0.2) < 1e-12 && s.n == 5);
  const double kept[] = {0.2, 0.4, 1.3, 1.5, 5.2};
  for (size_t k = 0; k < 5; k++) {
    assert_true(s.row[k].start == kept[k] && fabs(s.row[k].value - 0.2) < 1e-12);
  }
  assert_int_equal(vr_phase(x, &tr, 3, 30, phase), VR_EARG);
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_phase(x, &tr, 3, 7, phase), (void)0);
  vr_episodes_free(&e);
  vr_episodes_free(&q);
  vr_episodes_free(&s);
  vr_trials_free(&tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(levels),
    cmocka_unit_test(turns),
    cmocka_unit_test(phases),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
