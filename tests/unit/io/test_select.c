// test_select.c -- selections: everything is what came in; rows, columns and events agree with a
// plain loop; allocations that fail.
#include "base/err.h"
#include "base/mem.h"
#include "io/check.h"
#include "io/prov.h"
#include "io/select.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { TRIALS = 3, FRAMES = 40, COLS = 4 };

static double value(size_t trial, size_t frame, size_t col)
{
  return (double)(1000 * trial + 10 * frame + col);
}

static vr_turn *stream(void)
{
  static char *const joint[] = {"hip_L", "knee_L", "hip_R", "knee_R"}, *const word[] = {"vr-load"};
  static char *const task[] = {"flat", "bowl", "flat"};
  vr_turn *t;
  vr_trials tr = {0};
  vr_mat x = {0};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_resize(&tr, TRIALS), 0);
  tr.rate = 10;
  assert_int_equal(vr_mat_resize(&x, TRIALS * FRAMES, COLS), 0);
  for (size_t k = 0; k < TRIALS; k++) {
    tr.first[k] = k * FRAMES;
    tr.frames[k] = FRAMES;
    for (size_t i = 0; i < FRAMES; i++)
      for (size_t c = 0; c < COLS; c++) x.a[(k * FRAMES + i) * COLS + c] = value(k, i, c);
  }
  assert_int_equal(vr_put_trials(t, &tr, &(vr_trial_columns){.task = task}), 0);
  assert_int_equal(vr_put_strings(t, "/names/joint", joint, COLS, "joint"), 0);
  assert_int_equal(vr_put_begin(t, "/pose/angles", VR_F32, x.rows, COLS, "time joint", "rad"), 0);
  assert_int_equal(vr_put_rows(t, "/pose/angles", VR_F64, 0, x.rows, x.a), 0);
  // an event in the middle of each trial
  size_t n = TRIALS;
  int64_t number[] = {0, 1, 2};
  int32_t trial[] = {0, 1, 2};
  double time[] = {2, 2, 2};
  assert_int_equal(vr_h5_put(t->out, "/events/number", VR_I64, 1, &n, number, "number", ""), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/trial", VR_I32, 1, &n, trial, "number", ""), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &n, time, "number", "s"), 0);
  const vr_run run = {.program = "vr-load", .command = word, .nwords = 1};
  assert_int_equal(vr_history_add(t, &run), 0);
  t->in = t->out;
  vr_mat_free(&x);
  vr_trials_free(&tr);
  return t;
}

static vr_turn *cut(const vr_turn *t, const vr_select_par *par)
{
  vr_turn *out;
  vr_check_report r = {0};
  assert_int_equal(vr_turn_new(&out), 0);
  if (vr_select(t, par, out->out, &out->dropped)) fail_msg("%s", vr_errmsg());
  // whatever is selected is a valid stream
  assert_int_equal(vr_check(out->out, &r), 0);
  assert_string_equal(vr_str_get(&r.text), "");
  vr_check_free(&r);
  return out;
}

static void everything(void **state)
{
  (void)state;
  vr_turn *t = stream(), *out = cut(t, &(vr_select_par){0});
  vr_mat a = {0}, b = {0};
  assert_int_equal(vr_get_mat(t, "/pose/angles", &a), 0);
  assert_int_equal(vr_get_mat(out, "/pose/angles", &b), 0);
  assert_int_equal(a.rows, b.rows);
  assert_memory_equal(a.a, b.a, a.rows * a.cols * sizeof *a.a);
  assert_string_equal(vr_str_get(&out->dropped), "");
  vr_mat_free(&a);
  vr_mat_free(&b);
  vr_turn_free(out);
  vr_turn_free(t);
}

// every combination of window, step and columns against a plain loop
static void loops(void **state)
{
  (void)state;
  vr_turn *t = stream();
  const size_t col[] = {0, 2};
  for (size_t from = 0; from < FRAMES; from += 7)
    for (size_t to = from + 1; to <= FRAMES; to += 5)
      for (size_t every = 1; every < 5; every++) {
        char window[32];
        const char *columns[] = {"joint=hip*"};
        snprintf(window, sizeof window, "%zu:%zu", from, to);
        vr_select_par par = {
          .task = "flat", .frames = window, .every = every, .columns = columns, .ncolumns = 1};
        vr_turn *out = cut(t, &par);
        vr_mat x = {0};
        size_t row = 0;
        assert_int_equal(vr_get_mat(out, "/pose/angles", &x), 0);
        assert_int_equal(x.cols, 2);
        for (size_t k = 0; k < TRIALS; k += 2)
          for (size_t i = from; i < to; i += every, row++)
            for (size_t c = 0; c < 2; c++) assert_true(vr_row(&x, row)[c] == value(k, i, col[c]));
        assert_int_equal(row, x.rows);
        // the event at 2 s is frame 20
        int32_t *trial;
        size_t n;
        assert_int_equal(vr_get_ints(out, "/events/trial", &trial, &n), 0);
        assert_int_equal(n, from <= 20 && 20 < to ? 2 : 0);
        if (n) assert_int_equal(trial[1], 1);
        vr_release(trial);
        vr_mat_free(&x);
        vr_turn_free(out);
      }
  vr_turn_free(t);
}

static void out_of_memory(void **state)
{
  (void)state;
  vr_turn *t = stream();
  const char *columns[] = {"joint=hip*"};
  vr_select_par par = {.trials = "0-1", .time = "1:3", .columns = columns, .ncolumns = 1};
  int code = VR_EMEM;
  for (long at = 1; code; at++) {
    vr_turn *out;
    assert_true(at < 20000);
    assert_int_equal(vr_turn_new(&out), 0);
    vr_alloc_fail_at(at);
    code = vr_select(t, &par, out->out, &out->dropped);
    vr_alloc_fail_at(0);
    vr_turn_free(out);
    if (at > 40) at += at / 20;
  }
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(everything), cmocka_unit_test(loops), cmocka_unit_test(out_of_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
