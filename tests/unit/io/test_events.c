/* /events is read in order, and added to without losing rows or columns. */
#include "../test.h"
#include "io/events.h"
#include <math.h>
#include <string.h>

static vr_turn *make(void)
{
  static char *const name[] = {"tap", "orb", "tap"};
  static char *const note[] = {"a", "b", "c"};
  vr_turn *t;
  vr_trials tr = {0};
  size_t n = 3;
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_resize(&tr, 2), 0);
  tr.rate = 50;
  tr.frames[0] = tr.frames[1] = tr.first[1] = 100;
  tr.first[0] = 0;
  assert_int_equal(vr_put_trials(t, &tr, NULL), 0);
  assert_int_equal(vr_put_strings(t, "/events/name", name, n, "number"), 0);
  assert_int_equal(vr_put_strings(t, "/events/note", note, n, "number"), 0);
  assert_int_equal(vr_put_ints(t, "/events/trial", (int32_t[]){1, 0, 0}, n, "number"), 0);
  const double time[] = {0.5, 1, 0.25}, depth[] = {7, 8, 9};
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &n, time, "number", "s"), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/depth", VR_F64, 1, &n, depth, "number", "m"), 0);
  vr_trials_free(&tr);
  return t;
}

static void in_order(void **state)
{
  (void)state;
  vr_turn *t = make();
  vr_marks m = {0};
  assert_int_equal(vr_get_marks(t, NULL, &m), 0);
  assert_true(m.n == 3 && m.row[0].time == 0.25 && m.row[1].time == 1 && m.row[2].trial == 1);
  assert_true(isnan(m.row[0].value));
  assert_int_equal(vr_get_marks(t, "tap", &m), 0);
  assert_true(m.n == 2 && !strcmp(m.row[0].name, "tap"));
  assert_int_equal(vr_get_marks(t, "tap,rob", &m), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "did you mean 'orb'"));
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_get_marks(t, "tap", &m), vr_marks_free(&m));
  vr_turn_free(t);
}

static void merged(void **state)
{
  (void)state;
  vr_turn *t = make();
  vr_marks m = {0}, all = {0};
  vr_mat depth = {0};
  char **note;
  size_t added, n;
  assert_int_equal(vr_marks_add(&m, "jump", 0, 0.5, 2), 0);
  assert_int_equal(vr_marks_add(&m, "tap", 0, 0.2501, 2), 0); // is there
  assert_int_equal(vr_marks_add(&m, "orb", 0, 0.25, 2), 0);   // another name
  assert_int_equal(vr_put_marks(t, &m, 50, &added), 0);
  assert_int_equal(added, 2);
  assert_int_equal(vr_get_marks(t, NULL, &all), 0);
  const char *want[] = {"tap", "orb", "jump", "orb", "tap"};
  assert_int_equal(all.n, 5);
  for (size_t k = 0; k < 5; k++) assert_string_equal(all.row[k].name, want[k]);
  assert_int_equal(vr_get_mat_raw(t, "/events/depth", &depth), 0);
  assert_int_equal(vr_get_strings(t, "/events/note", &note, &n), 0);
  assert_true(depth.a[0] == 9 && isnan(depth.a[1]) && depth.a[3] == 8 && depth.a[4] == 7);
  assert_true(!strcmp(note[0], "c") && !strcmp(note[2], "") && !strcmp(note[4], "a"));
  // all of it is there now
  assert_int_equal(vr_put_marks(t, &m, 50, &added), 0);
  assert_int_equal(added, 0);
  vr_release(note);
  vr_mat_free(&depth);
  vr_marks_free(&m);
  vr_marks_free(&all);
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(in_order), cmocka_unit_test(merged)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
