/* Labels of frames: columns of /trials, events that hold until the next, datasets, words that are
 * none; each allocation failing in turn. */
#include "base/err.h"
#include "base/mem.h"
#include "io/labels.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

// two trials of 5 and 4 frames at 10 Hz; events out of order, one after the end of its trial
static vr_turn *make(void)
{
  vr_turn *t;
  size_t n = 5;
  size_t first[] = {0, 5}, frames[] = {5, 4};
  vr_trials tr = {2, first, frames, 10};
  char *task[] = {"maze", "flat"}, *name[] = {"rest", "run", "run", "blink", "rest"};
  double time[] = {0.2, 0, 0.15, 0.2, 9};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_put_trials(t, &tr, &(vr_trial_columns){.task = task}), 0);
  assert_int_equal(vr_put_strings(t, "/events/name", name, 5, "number"), 0);
  assert_int_equal(vr_put_ints(t, "/events/trial", (int32_t[]){0, 0, 1, 1, 1}, 5, "number"), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &n, time, "number", "s"), 0);
  assert_int_equal(
    vr_put_ints(t, "/label/state", (int32_t[]){0, 1, 3, 3, 0, 1, 1, 1, 1}, 9, "time"), 0);
  assert_int_equal(
    vr_put_ints(t, "/label/bad", (int32_t[]){0, 1, -3, 3, 0, 1, 1, 1, 1}, 9, "time"), 0);
  return t;
}

static void expect(const vr_turn *t, const char *what, const char *names, const int32_t *of)
{
  vr_labels l = {0};
  char text[100] = "";
  assert_int_equal(vr_get_labels(t, what, &l), 0);
  for (size_t k = 0; k < l.k; k++) strcat(strcat(text, k ? " " : ""), l.name[k]);
  assert_string_equal(text, names);
  assert_int_equal(l.n, 9);
  assert_memory_equal(l.of, of, 9 * sizeof *of);
  vr_labels_free(&l);
}

static void kinds(void **state)
{
  (void)state;
  vr_turn *t = make();
  expect(t, "task", "maze flat", (int32_t[]){1, 1, 1, 1, 1, 2, 2, 2, 2});
  expect(t, "trial", "0 1", (int32_t[]){1, 1, 1, 1, 1, 2, 2, 2, 2});
  expect(t, "/label/state", "1 2 3", (int32_t[]){0, 1, 3, 3, 0, 1, 1, 1, 1});
  // an event at 0.15 s begins with the frame at 0.2 s, where the next one takes over
  expect(t, "event", "run rest blink", (int32_t[]){1, 1, 2, 2, 2, 0, 0, 3, 3});
  expect(t, "event:run,rest", "run rest", (int32_t[]){1, 1, 2, 2, 2, 0, 0, 1, 1});
  expect(t, "event:blink", "blink", (int32_t[]){0, 0, 0, 0, 0, 0, 0, 1, 1});
  vr_turn_free(t);
}

static void refused(void **state)
{
  (void)state;
  static const char *const words[] = {
    "tsak", "event:jump", "region", "/label/none", "/label/bad", ""};
  vr_labels l = {0};
  vr_turn *t = make();
  for (size_t k = 0; k < VR_LEN(words); k++)
    assert_int_not_equal(vr_get_labels(t, words[k], &l), 0);
  assert_null(l.of);
  assert_true(
    vr_has_labels(t, "task") && vr_has_labels(t, "event:run") && vr_has_labels(t, "trial"));
  assert_false(vr_has_labels(t, "region") || vr_has_labels(t, "tsak"));
  vr_turn_free(t);
}

static void memory_fails(void **state)
{
  (void)state;
  static const char *const words[] = {"task", "event:run", "/label/state", "trial"};
  vr_turn *t = make();
  for (size_t w = 0; w < VR_LEN(words); w++)
    for (long k = 1;; k++) {
      vr_labels l = {0};
      vr_alloc_fail_at(k);
      int code = vr_get_labels(t, words[w], &l);
      vr_alloc_fail_at(0);
      vr_labels_free(&l);
      if (!code) break;
      assert_int_equal(code, VR_EMEM);
    }
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(kinds),
    cmocka_unit_test(refused),
    cmocka_unit_test(memory_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
