// test_check.c -- what vr_check finds: each kind of problem, in a stream that is good but for it.
#include "base/err.h"
#include "base/mem.h"
#include "io/check.h"
#include "io/prov.h"
#include "io/stream.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static vr_turn *good(void)
{
  static char *const joint[] = {"hip", "knee"}, *const word[] = {"vr-load"};
  vr_turn *t;
  vr_trials tr = {0};
  vr_mat x = {0};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_resize(&tr, 2), 0);
  tr.rate = 50;
  tr.frames[0] = 3;
  tr.first[1] = 3;
  tr.frames[1] = 2;
  assert_int_equal(vr_put_trials(t, &tr, NULL), 0);
  assert_int_equal(vr_put_strings(t, "/names/joint", joint, 2, "joint"), 0);
  assert_int_equal(vr_mat_resize(&x, 5, 2), 0);
  memset(x.a, 0, 10 * sizeof *x.a);
  assert_int_equal(vr_put_begin(t, "/action", VR_F32, 5, 2, "time actuator", "1"), 0);
  assert_int_equal(vr_put_rows(t, "/action", VR_F64, 0, 5, x.a), 0);
  const vr_run run = {.program = "vr-load", .command = word, .nwords = 1};
  assert_int_equal(vr_history_add(t, &run), 0);
  vr_mat_free(&x);
  vr_trials_free(&tr);
  return t;
}

// the report of t holds `line`, and nothing else
static void finds(vr_turn *t, const char *line)
{
  vr_check_report r = {0};
  assert_int_equal(vr_check(t->out, &r), 0);
  assert_string_equal(vr_str_get(&r.text), line);
  assert_int_equal(r.problems, *line != 0);
  vr_check_free(&r);
  vr_turn_free(t);
}

static void nothing(void **state)
{
  (void)state;
  finds(good(), "");
}

static void numbers(void **state)
{
  (void)state;
  vr_turn *t = good();
  float bad[2] = {0, NAN};
  assert_int_equal(vr_put_rows(t, "/action", VR_F32, 3, 1, bad), 0);
  finds(t, "/action: row 3, column 1: NaN\n");
  t = good();
  vr_mat x = {.rows = 5, .cols = 2, .a = (double[]){0, 0, NAN, 0, 0, 0, 0, 0, 0, INFINITY}};
  assert_int_equal(vr_put_mat(t, "/series", &x, "time column", "1"), 0);
  finds(t, "/series: row 4, column 1: Inf\n"); // NaN is allowed there
}

static void words(void **state)
{
  (void)state;
  vr_turn *t = good();
  vr_mat x = {.rows = 5, .cols = 2, .a = (double[10]){0}};
  assert_int_equal(vr_put_mat(t, "/action", &x, "time actuator", "1"), 0);
  finds(t, "/action: is of type f64, not f32\n");
  t = good();
  assert_int_equal(vr_h5_set_attr_str(t->out, "/action", "units", "rad"), 0);
  finds(t, "/action: is in \"rad\", not in \"1\"\n");
  t = good();
  assert_int_equal(vr_put_mat(t, "/map/xy", &x, "time coordinate", "1"), 0);
  assert_int_equal(vr_put_mat(t, "/kinematics/slow", &x, "time channel", "1"), 0);
  finds(t, "/kinematics/slow: is along time channel, not time component\n");
  t = good();
  static char *const twice[] = {"a", "b", "a"};
  assert_int_equal(vr_put_strings(t, "/names/body", twice, 3, "body"), 0);
  finds(t, "/names/body: rows 0 and 2 have the same name\n");
}

static void tables(void **state)
{
  (void)state;
  vr_turn *t = good();
  double time = 0.5;
  assert_int_equal(vr_put_rows(t, "/time", VR_F64, 4, 1, &time), 0);
  finds(t, "/time: row 4: is 0.5 s, where its trial is at 0.02 s\n");
  t = good();
  int32_t trial = 0;
  assert_int_equal(vr_put_rows(t, "/trial", VR_I32, 3, 1, &trial), 0);
  finds(t, "/trial: row 3: is 0, in trial 1\n");
  t = good();
  int64_t first = 2;
  assert_int_equal(vr_put_rows(t, "/trials/first", VR_I64, 1, 1, &first), 0);
  finds(t, "/trials/first: row 1: the trial starts at frame 2, not at 3\n");
  t = good();
  assert_int_equal(vr_h5_append_line(t->out, "/history", "{\"id\":\"x\","), 0);
  vr_check_report r = {0};
  assert_int_equal(vr_check(t->out, &r), 0);
  assert_non_null(strstr(vr_str_get(&r.text), "/history: row 1: not JSON"));
  vr_check_free(&r);
  vr_turn_free(t);
}

static void events(void **state)
{
  (void)state;
  size_t one = 1;
  int64_t number = 0;
  int32_t trial = 1;
  double time = 0.05; // the trial is 0.04 s long
  vr_turn *t = good();
  assert_int_equal(vr_h5_put(t->out, "/events/number", VR_I64, 1, &one, &number, "number", ""), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/trial", VR_I32, 1, &one, &trial, "number", ""), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &one, &time, "number", "s"), 0);
  finds(t, "/events/time: row 0: is 0.05 s, in a trial of 0.04 s\n");
}

static void out_of_memory(void **state)
{
  (void)state;
  vr_turn *t = good();
  int code = VR_EMEM;
  for (long at = 1; code && at < 10000; at++) {
    vr_check_report r = {0};
    vr_alloc_fail_at(at);
    code = vr_check(t->out, &r);
    vr_alloc_fail_at(0);
    if (!code) code = r.problems > 0; // told as damage where the call said so
    vr_check_free(&r);
  }
  assert_int_equal(code, 0);
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(nothing), cmocka_unit_test(numbers),
    cmocka_unit_test(words), cmocka_unit_test(tables), cmocka_unit_test(events),
    cmocka_unit_test(out_of_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
