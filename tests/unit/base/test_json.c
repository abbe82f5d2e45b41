// test_json.c -- JSON read and written; every damaged text is refused.
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void reads(void **state)
{
  (void)state;
  vr_json *v;
  const char *text =
    " {\"a\": [1, -2.5e3, true, null, \"x\\n\\u00e9\\ud83d\\ude00\\\"\"], \"b\": {}} ";
  assert_int_equal(vr_json_parse(text, &v), 0);
  const vr_json *a = vr_json_get(v, "a");
  assert_int_equal(a->kind, VR_JSON_ARRAY);
  assert_true(a->first->number == 1);
  assert_true(a->first->next->number == -2500);
  assert_int_equal(a->first->next->next->kind, VR_JSON_BOOL);
  const vr_json *s = a->first->next->next->next->next;
  assert_string_equal(s->text, "x\n\xc3\xa9\xf0\x9f\x98\x80\"");
  assert_int_equal(vr_json_get(v, "b")->kind, VR_JSON_OBJECT);
  assert_null(vr_json_get(v, "c"));
  assert_null(vr_json_get(a, "a"));
  assert_null(vr_json_get(NULL, "a"));
  vr_json_free(v);
}

static void refuses(void **state)
{
  (void)state;
  const char *bad[] = {"", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "[1 2]", "\"x",
    "\"\\x\"", "\"\\u12g4\"", "nul", "1 2", "\"\n\"", "[", "-", "{\"a\":}", "]"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    vr_json *v;
    if (vr_json_parse(bad[i], &v) != VR_EDATA) fail_msg("%s is read", bad[i]);
    assert_null(v);
  }
  char deep[300];
  memset(deep, '[', sizeof deep);
  deep[sizeof deep - 1] = 0;
  vr_json *v;
  assert_int_equal(vr_json_parse(deep, &v), VR_EDATA);
}

static void writes(void **state)
{
  (void)state;
  vr_str t = {0};
  const char odd[] = "a\"\\\n\x01\xff\xc3\xa9";
  vr_json_add_string(&t, odd, sizeof odd - 1);
  assert_string_equal(t.s, "\"a\\\"\\\\\\n\\u0001\\ufffd\xc3\xa9\"");
  vr_str_clear(&t);
  vr_json_add_number(&t, 0.1);
  vr_str_addc(&t, ' ');
  vr_json_add_number(&t, NAN);
  assert_string_equal(t.s, "0.1 null");
  vr_str_free(&t);
}

static void out_of_memory(void **state)
{
  (void)state;
  vr_json *v;
  int code = VR_EMEM;
  for (long at = 1; code; at++) {
    vr_alloc_fail_at(at);
    code = vr_json_parse("{\"a\":[1,\"two\",{\"b\":null}]}", &v);
    vr_alloc_fail_at(0);
    assert_true(code == 0 || code == VR_EMEM);
    vr_json_free(v);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(refuses),
    cmocka_unit_test(writes), cmocka_unit_test(out_of_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
