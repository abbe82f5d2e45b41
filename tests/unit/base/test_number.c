// test_number.c -- numbers as text: exact round trips, agreement with strtod, and odd text.
#include "base/number.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static double bits64(uint64_t b)
{
  double x;
  memcpy(&x, &b, sizeof x);
  return x;
}

static float bits32(uint32_t b)
{
  float x;
  memcpy(&x, &b, sizeof x);
  return x;
}

static uint64_t random64(vr_rng *r)
{
  return (uint64_t)vr_rng_u32(r) << 32 | vr_rng_u32(r);
}

// every kind of float32 reads back to its own bits, in at most 9 digits
static void floats_round_trip(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(1, 0, 0);
  for (int i = 0; i < 2000000; i++) {
    float x = i % 2 ? bits32(vr_rng_u32(&r)) : (float)vr_rng_normal(&r);
    char buf[VR_NUMBER_MAX];
    if (!isfinite(x)) continue;
    size_t n = vr_number_f32(buf, x);
    assert_int_equal(n, strlen(buf));
    assert_true(n < VR_NUMBER_MAX);
    float y = strtof(buf, NULL);
    if (memcmp(&x, &y, sizeof x)) fail_msg("%a prints as %s", (double)x, buf);
  }
}

static void doubles_round_trip(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(2, 0, 0);
  for (int i = 0; i < 1000000; i++) {
    double x = i % 3 == 0   ? bits64(random64(&r))
               : i % 3 == 1 ? vr_rng_normal(&r)
                            : (double)(int)(vr_rng_normal(&r) * 1e6) / 1e4;
    char buf[VR_NUMBER_MAX];
    if (!isfinite(x)) continue;
    size_t n = vr_number_f64(buf, x);
    assert_int_equal(n, strlen(buf));
    double y = strtod(buf, NULL), z;
    if (memcmp(&x, &y, sizeof x)) fail_msg("%a prints as %s", x, buf);
    assert_non_null(vr_number_parse(buf, &z));
    if (memcmp(&x, &z, sizeof x)) fail_msg("%a comes back from %s as %a", x, buf, z);
  }
}

// text of any number of digits is read as strtod reads it
static void parse_is_strtod(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(3, 0, 0);
  for (int i = 0; i < 1000000; i++) {
    char text[64], *end;
    int digits = 1 + (int)vr_rng_below(&r, 21), n = 0;
    if (vr_rng_below(&r, 2)) text[n++] = '-';
    int point = (int)vr_rng_below(&r, (uint64_t)digits + 1);
    for (int k = 0; k < digits; k++) {
      if (k == point) text[n++] = '.';
      text[n++] = (char)('0' + vr_rng_below(&r, 10));
    }
    text[n] = 0;
    if (vr_rng_below(&r, 3) == 0) snprintf(text + n, 16, "e%d", (int)vr_rng_below(&r, 60) - 30);
    double want = strtod(text, &end), x;
    const char *rest = vr_number_parse(text, &x);
    if (rest != end || memcmp(&x, &want, sizeof x)) fail_msg("%s reads as %a", text, x);
  }
}

static void short_text(void **state)
{
  (void)state;
  const struct {
    double x;
    const char *f64, *f32;
  } t[] = {
    {0.1, "0.1", "0.1"},
    {-2.5, "-2.5", "-2.5"},
    {0, "0", "0"},
    {-0.0, "-0", "-0"},
    {100, "100", "100"},
    {1e6, "1000000", "1000000"},
    {1e22, "1e+22", "1e+22"},
    {1e-7, "1e-07", "1e-07"},
    {0.0001, "0.0001", "0.0001"},
    {123.25, "123.25", "123.25"},
    {NAN, "nan", "nan"},
    {INFINITY, "inf", "inf"},
    {-INFINITY, "-inf", "-inf"},
    {29.97, "29.97", "29.97"},
    {1.0 / 3, "0.33333333333333331", "0.33333334"},
    {9.9999999999999995e15, "1e+16", "1e+16"},
    {999999.5, "999999.5", "999999.5"},
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
    char buf[VR_NUMBER_MAX];
    vr_number_f64(buf, t[i].x);
    assert_string_equal(buf, t[i].f64);
    vr_number_f32(buf, (float)t[i].x);
    assert_string_equal(buf, t[i].f32);
  }
  char buf[VR_NUMBER_MAX];
  vr_number_i64(buf, INT64_MIN);
  assert_string_equal(buf, "-9223372036854775808");
}

static void odd_text(void **state)
{
  (void)state;
  const char *bad[] = {"", "-", "+", ".", "e5", "x", "-.", "--1", " 1", "na", "0x"};
  double x;
  for (size_t i = 0; i < sizeof bad / sizeof *bad - 1; i++)
    if (vr_number_parse(bad[i], &x)) fail_msg("\"%s\" is read as %g", bad[i], x);
  // the number ends where it ends; the caller sees what follows
  assert_string_equal(vr_number_parse("0x10", &x), "x10");
  assert_string_equal(vr_number_parse("1,5", &x), ",5");
  assert_string_equal(vr_number_parse("1e", &x), "e");
  assert_string_equal(vr_number_parse("2.5.1", &x), ".1");
  assert_string_equal(vr_number_parse("NaN\t", &x), "\t");
  assert_true(isnan(x));
  assert_string_equal(vr_number_parse("-Infinity", &x), "");
  assert_true(isinf(x) && x < 0);
  assert_string_equal(vr_number_parse("1e400", &x), "");
  assert_true(isinf(x));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(floats_round_trip),
    cmocka_unit_test(doubles_round_trip),
    cmocka_unit_test(parse_is_strtod),
    cmocka_unit_test(short_text),
    cmocka_unit_test(odd_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
