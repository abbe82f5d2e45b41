// test_pipeline.c -- histories as shell lines: chains, merges, prerequisites, damage.
#include "base/err.h"
#include "io/pipeline.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define RUN(id, parents, command, rest)                                                            \
  "{\"id\":\"" id "\",\"parents\":[" parents "],\"command\":[" command "]" rest "}"

static void is_line(char *const *lines, size_t n, const char *want)
{
  vr_str t = {0};
  assert_int_equal(vr_history_pipeline(lines, n, &t), 0);
  assert_string_equal(vr_str_get(&t), want);
  vr_str_free(&t);
}

static void lines(void **state)
{
  (void)state;
  char *chain[] = {RUN("a", "", "\"vr-record\",\"mix\"", ""),
    RUN("b", "\"a\"", "\"vr-eigenposture\"", ",\"because_of\":\"vr-tsne\""),
    RUN("c", "\"b\"", "\"vr-tsne\",\"-n\",\"3\",\"a b.h5\"", ",\"inputs\":1")};
  is_line(chain, 3, "vr-record mix | vr-tsne -n 3\n");
  // a prerequisite alone has no input: the file that was named stays
  char *alone[] = {RUN("b", "", "\"vr-eigenposture\"", ",\"because_of\":\"vr-tsne\""),
    RUN("c", "\"b\"", "\"vr-tsne\",\"a b.h5\"", ",\"inputs\":1")};
  is_line(alone, 2, "vr-tsne 'a b.h5'\n");
  // branches that meet again
  char *merge[] = {RUN("a", "", "\"vr-load\",\"it's\"", ""), RUN("b", "", "\"vr-load\",\"\"", ""),
    RUN("c", "\"a\",\"b\"", "\"vr-cat\",\"x\",\"y\"", ",\"inputs\":2")};
  is_line(merge, 3, "{ vr-load 'it'\\''s'; vr-load ''; } | vr-cat\n");
  is_line(merge, 2, "{ vr-load 'it'\\''s'; vr-load ''; }\n");
}

static void damage(void **state)
{
  (void)state;
  vr_str t = {0};
  char *ring[] = {RUN("a", "\"b\"", "\"x\"", ""), RUN("b", "\"a\"", "\"y\"", "")};
  char *ring_below[] = {
    RUN("a", "\"b\"", "\"x\"", ""), RUN("b", "\"a\"", "\"y\"", ""), RUN("c", "\"a\"", "\"y\"", "")};
  char *missing[] = {RUN("a", "\"z\"", "\"x\"", "")};
  char *odd[] = {"{\"id\":5,\"parents\":{},\"command\":\"x\",\"inputs\":-3}"};
  char *not_json[] = {"{\"id\":"};
  assert_int_equal(vr_history_pipeline(ring, 2, &t), VR_EDATA);
  assert_int_equal(vr_history_pipeline(ring_below, 3, &t), VR_EDATA);
  assert_int_equal(vr_history_pipeline(missing, 1, &t), VR_EDATA);
  assert_int_equal(vr_history_pipeline(not_json, 1, &t), VR_EDATA);
  assert_int_equal(vr_history_table(not_json, 1, &t), VR_EDATA);
  assert_int_equal(vr_history_pipeline(NULL, 0, &t), VR_EDATA);
  assert_int_equal(vr_history_pipeline(odd, 1, &t), 0);
  assert_int_equal(vr_history_table(odd, 1, &t), 0);
  vr_str_free(&t);
}

static void words(void **state)
{
  (void)state;
  const char *t[][2] = {{"plain-1.h5", "plain-1.h5"}, {"", "''"}, {"a b", "'a b'"},
    {"$(rm -r x)", "'$(rm -r x)'"}, {"it's", "'it'\\''s'"}, {"a\nb'\\", "$'a\\012b\\'\\\\'"},
    {"{a,b}", "'{a,b}'"}, {"~", "'~'"}, {"*", "'*'"}};
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    vr_str s = {0};
    vr_shell_word(&s, t[i][0]);
    assert_string_equal(vr_str_get(&s), t[i][1]);
    vr_str_free(&s);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines), cmocka_unit_test(damage), cmocka_unit_test(words)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
