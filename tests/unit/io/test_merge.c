// test_merge.c -- several images into one: order, numbering, what stays and what is left out.
#include "base/err.h"
#include "base/mem.h"
#include "io/merge.h"
#include "io/schema.h"
#include "io/stream.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// a stream of ntrials trials of `frames` frames; x counts on from `start`
static vr_turn *stream(size_t ntrials, size_t frames, double start, double basis)
{
  vr_turn *t;
  vr_trials tr = {0};
  static char *const names[] = {"hip", "knee"};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_resize(&tr, ntrials), 0);
  tr.rate = 50;
  for (size_t k = 0; k < ntrials; k++) {
    tr.first[k] = k * frames;
    tr.frames[k] = frames;
  }
  assert_int_equal(vr_put_trials(t, &tr, NULL), 0);
  assert_int_equal(vr_put_strings(t, "/names/joint", names, 2, "joint"), 0);
  vr_mat x = {0};
  assert_int_equal(vr_mat_resize(&x, ntrials * frames, 2), 0);
  for (size_t i = 0; i < x.rows * 2; i++) x.a[i] = start + (double)i;
  assert_int_equal(vr_put_mat(t, "/pose/angles", &x, "time joint", "rad"), 0);
  assert_int_equal(vr_put_mat(t, "/eigenposture/angles", &x, "time mode", "1"), 0);
  vr_mat mean = {.rows = 2, .cols = 1, .a = (double[]){basis, 1}};
  assert_int_equal(vr_put_mat(t, "/basis/eigenposture/angles/mean", &mean, "joint", "1"), 0);
  vr_mat_free(&x);
  vr_trials_free(&tr);
  return t;
}

static void add_event(vr_turn *t, int32_t trial)
{
  size_t one = 1;
  int64_t number = 0;
  double time = 0.5;
  static char *const name[] = {"touch"};
  assert_int_equal(vr_h5_put(t->out, "/events/number", VR_I64, 1, &one, &number, "number", ""), 0);
  assert_int_equal(vr_h5_put_strings(t->out, "/events/name", name, 1, "number"), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/trial", VR_I32, 1, &one, &trial, "number", ""), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &one, &time, "number", "s"), 0);
}

static int merge3(vr_turn *a, vr_turn *b, vr_turn *c, vr_turn **out)
{
  vr_h5 *in[] = {a->out, b->out, c->out};
  const char *names[] = {"a", "b", "c"};
  assert_int_equal(vr_turn_new(out), 0);
  return vr_merge(in, names, 3, (*out)->out, &(*out)->dropped);
}

static void free3(vr_turn *a, vr_turn *b, vr_turn *c, vr_turn *out)
{
  vr_turn_free(a);
  vr_turn_free(b);
  vr_turn_free(c);
  vr_turn_free(out);
}

static void order_and_numbers(void **state)
{
  (void)state;
  vr_turn *a = stream(2, 3, 0, 7), *b = stream(1, 4, 12, 7), *c = stream(1, 2, 20, 7), *m;
  add_event(a, 1);
  add_event(c, 0);
  assert_int_equal(merge3(a, b, c, &m), 0);
  assert_string_equal(vr_str_get(&m->dropped), "");
  vr_mat x = {0};
  vr_trials tr = {0};
  int32_t *ints;
  size_t n;
  // frames in order, with everything that is the same in all
  assert_int_equal(vr_get_mat(m, "/pose/angles", &x), 0);
  assert_int_equal(x.rows, 12);
  for (size_t i = 0; i < 24; i++) assert_true(x.a[i] == (double)i);
  assert_int_equal(vr_get_mat(m, "/eigenposture/angles", &x), 0);
  assert_int_equal(x.rows, 12);
  assert_int_equal(vr_get_mat(m, "/basis/eigenposture/angles/mean", &x), 0);
  assert_int_equal(x.rows, 2);
  // trials and events are numbered on, also across an input without events
  assert_int_equal(vr_get_trials(m, &tr), 0);
  assert_int_equal(tr.n, 4);
  assert_int_equal(tr.first[3], 10);
  assert_int_equal(vr_get_ints(m, "/trial", &ints, &n), 0);
  assert_int_equal(n, 12);
  assert_int_equal(ints[3], 1);
  assert_int_equal(ints[6], 2);
  assert_int_equal(ints[11], 3);
  vr_release(ints);
  assert_int_equal(vr_get_ints(m, "/events/trial", &ints, &n), 0);
  assert_int_equal(n, 2);
  assert_int_equal(ints[0], 1);
  assert_int_equal(ints[1], 3);
  vr_release(ints);
  assert_int_equal(vr_get_ints(m, "/events/number", &ints, &n), 0);
  assert_int_equal(ints[1], 1);
  vr_release(ints);
  vr_mat_free(&x);
  vr_trials_free(&tr);
  free3(a, b, c, m);
}

// scores go when their basis is not the same; the recording stays
static void without_fit(void **state)
{
  (void)state;
  vr_turn *a = stream(1, 3, 0, 7), *b = stream(1, 3, 0, 7), *c = stream(1, 3, 0, 8), *m;
  assert_int_equal(merge3(a, b, c, &m), 0);
  assert_true(vr_turn_has(m, "/pose/angles"));
  assert_false(vr_turn_has(m, "/eigenposture/angles"));
  assert_false(vr_turn_has(m, "/basis/eigenposture/angles/mean"));
  assert_non_null(strstr(m->dropped.s, "/eigenposture/angles: "));
  assert_non_null(strstr(m->dropped.s, "/basis/eigenposture/angles/mean: not the same in c"));
  free3(a, b, c, m);
}

static void do_not_fit(void **state)
{
  (void)state;
  vr_turn *a = stream(1, 3, 0, 7), *b = stream(1, 3, 0, 7), *c = stream(1, 3, 0, 7), *m;
  assert_int_equal(vr_h5_set_attr_num(c->out, "/time", "rate", 60), 0);
  assert_int_equal(merge3(a, b, c, &m), VR_EDATA);
  assert_string_equal(vr_errmsg(), "a is sampled at 50 Hz, c at 60 Hz");
  free3(a, b, c, m);
}

// each allocation fails in turn: an error, never a crash
static void out_of_memory(void **state)
{
  (void)state;
  vr_turn *a = stream(1, 3, 0, 7), *b = stream(1, 3, 0, 7), *c = stream(1, 3, 0, 8), *m;
  int code = VR_EMEM;
  for (long at = 1; code; at++) {
    assert_true(at < 20000);
    assert_int_equal(vr_turn_new(&m), 0);
    vr_h5 *in[] = {a->out, b->out, c->out};
    const char *names[] = {"a", "b", "c"};
    vr_alloc_fail_at(at);
    code = vr_merge(in, names, 3, m->out, &m->dropped);
    vr_alloc_fail_at(0);
    vr_turn_free(m);
    if (at > 40) at += at / 20; // the later ones are all of a kind
  }
  vr_turn_free(a);
  vr_turn_free(b);
  vr_turn_free(c);
}

static void schema_patterns(void **state)
{
  (void)state;
  const struct {
    const char *pattern, *path;
    int match;
  } t[] = {{"/pose/angles", "/pose/angles", 1}, {"/pose/angles", "/pose/angle", 0},
    {"/sense/*", "/sense/touch", 1}, {"/sense/*", "/sense/a/b", 0}, {"/sense/*", "/sense/", 0},
    {"/neural/*/rate", "/neural/M1/rate", 1}, {"/neural/*/rate", "/neural/M1/h", 0},
    {"/basis/**", "/basis/a/b", 1}, {"/basis/**", "/basis/", 0}, {"/basis/**", "/basis", 0}};
  for (size_t i = 0; i < VR_LEN(t); i++)
    assert_int_equal(vr_schema_match(t[i].pattern, t[i].path), t[i].match);
  assert_string_equal(vr_schema_find("/label/region")->fit, "/region");
  assert_string_equal(vr_schema_find("/label/core")->fit, "/cluster");
  assert_null(vr_schema_find("/nothing/like/it"));
  assert_true(vr_schema_word("rad|m|", '|', ""));
  assert_false(vr_schema_word("rad|m", '|', ""));
  char word[8];
  assert_true(vr_schema_axis("time body space", 2, word, sizeof word));
  assert_string_equal(word, "space");
  assert_false(vr_schema_axis("time body space", 3, word, sizeof word));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(order_and_numbers),
    cmocka_unit_test(without_fit),
    cmocka_unit_test(do_not_fit),
    cmocka_unit_test(out_of_memory),
    cmocka_unit_test(schema_patterns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
