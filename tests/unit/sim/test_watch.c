#include "sim/watch.h"
#include <math.h>
#include <string.h>
#include "../test.h"

/* Steps until one of that name happens, 0: none within n. pitch, rad; turning, rad/s. */
static size_t until(vr_watch *w, const char *name, double pitch, double turning, size_t n)
{
  const char *event[VR_WATCH_EVENTS];
  for (size_t i = 1; i <= n; i++) {
    vr_cue cue = {.heading = remainder(turning * VR_CONTROL_STEP * (double)i, 2 * M_PI),
      .torso = {sin(pitch), 0, cos(pitch)},
      .pelvis = {0, 0, 1}};
    size_t k = vr_watch_step(w, &cue, event);
    for (size_t j = 0; j < k; j++)
      if (!strcmp(event[j], name)) return i;
  }
  return 0;
}

static void a_raised_trunk_is_rearing(void **state)
{
  (void)state;
  vr_watch w = {0};
  assert_int_equal(until(&w, "rear", 0.8, 0, 100), 0);  // 46 degrees
  assert_int_equal(until(&w, "rear", 0.9, 0, 100), 10); // 52 degrees, 0.2 s
  assert_int_equal(until(&w, "rear", 0.9, 0, 100), 0);  // told
  assert_int_equal(until(&w, "rear", 0.6, 0, 10), 0);   // not down yet
  assert_int_equal(until(&w, "rear", 0.9, 0, 100), 0);
  until(&w, "rear", 0.4, 0, 1);
  assert_int_equal(until(&w, "rear", 0.9, 0, 100), 10);
  // too short
  w = (vr_watch){0};
  assert_int_equal(until(&w, "rear", 0.9, 0, 9), 0);
  assert_int_equal(until(&w, "rear", 0, 0, 9), 0);
  assert_int_equal(until(&w, "rear", 0.9, 0, 9), 0);
}

static void turning_fast_is_spinning(void **state)
{
  (void)state;
  vr_watch w = {0};
  double fast = 2 * M_PI * 1.5, slow = 1.4 * M_PI; // rad/s
  assert_int_equal(until(&w, "spin", 0, slow, 500), 0);
  w = (vr_watch){0};
  // three quarters of a turn at 1.5 turns a second: half a second
  size_t n = until(&w, "spin", 0, fast, 500);
  assert_true(n == 26 || n == 27);
  w = (vr_watch){0};
  assert_int_equal(until(&w, "spin", 0, -fast, 500), n);
}

static void what_lies_does_neither(void **state)
{
  (void)state;
  vr_watch w = {0};
  const char *event[VR_WATCH_EVENTS];
  for (int i = 0; i < 200; i++) {
    vr_cue cue = {
      .heading = remainder(0.2 * i, 2 * M_PI), .torso = {0.8, 0.6, 0}, .pelvis = {0, 1, 0}};
    assert_int_equal(vr_watch_step(&w, &cue, event), 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_raised_trunk_is_rearing),
    cmocka_unit_test(turning_fast_is_spinning),
    cmocka_unit_test(what_lies_does_neither),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
