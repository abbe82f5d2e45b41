/* Colours and pictures: what a point leaves, means of colours, order, borders, failing memory. */
#include "ana/picture.h"
#include "base/err.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const vr_view box = {0, 10, 0, 10};

static void colours(void **state)
{
  (void)state;
  assert_int_equal(vr_mix(0x000000, 0xffffff, 0.5), 0x808080);
  assert_int_equal(vr_mix(0x123456, 0xffffff, 0), 0x123456);
  assert_int_equal(vr_ramp_colour(VR_RAMP_VALUE, -1), 0x440154);
  assert_int_equal(vr_ramp_colour(VR_RAMP_VALUE, 0.5), 0x21918c);
  assert_int_equal(vr_ramp_colour(VR_RAMP_VALUE, 9), 0xfde725);
  assert_int_equal(vr_ramp_colour(VR_RAMP_DENSITY, 0.0 / 0.0), 0xffffff);
  for (size_t i = 0; i < 3 * VR_PALETTE_SIZE; i++)
    for (size_t j = 0; j < i; j++) assert_int_not_equal(vr_palette(i), vr_palette(j));
  assert_int_equal(vr_palette(3 * VR_PALETTE_SIZE), vr_palette(0));
}

static void one_point(void **state)
{
  (void)state;
  vr_image im = {0};
  vr_mat xy = {2, 2, (double[]){5.5, 2.5, 70, 2}, 4}; // the second is outside
  uint32_t red[] = {0xff0000, 0x00ff00};
  assert_int_equal(vr_image_new(&im, 10, 10), 0);
  assert_int_equal(vr_image_points(&im, &box, &xy, red, 0.5, 1), 0);
  for (size_t i = 0; i < 100; i++) {
    const uint8_t *p = im.a + 4 * i;
    assert_int_equal(p[3] > 200, i == 25);
    assert_int_equal(p[0], i == 25 ? 255 : 0);
    assert_int_equal(p[1], 0);
  }
  vr_image_free(&im);
}

// equal numbers of black and white in any order are the middle of light, and more are more opaque
static void means(void **state)
{
  (void)state;
  double at[40];
  uint32_t a[20], b[20];
  vr_image one = {0}, two = {0};
  for (int i = 0; i < 20; i++) {
    at[2 * i] = at[2 * i + 1] = 4.5;
    a[i] = i < 10 ? 0xffffff : 0;
    b[i] = i % 2 ? 0xffffff : 0;
  }
  vr_mat xy = {20, 2, at, 40};
  assert_int_equal(vr_image_new(&one, 10, 10), 0);
  assert_int_equal(vr_image_new(&two, 10, 10), 0);
  assert_int_equal(vr_image_points(&one, &box, &xy, a, 1, 0.1), 0);
  assert_int_equal(vr_image_points(&two, &box, &xy, b, 1, 0.1), 0);
  assert_memory_equal(one.a, two.a, 400);
  const uint8_t *p = one.a + 4 * 44;
  assert_in_range(p[0], 183, 192); // half the light is 188 in sRGB
  assert_in_range(p[3], 216, 234); // 1 - 0.9^20 = 0.88
  vr_image_free(&one);
  vr_image_free(&two);
}

static void memory_fails(void **state)
{
  (void)state;
  for (long k = 1;; k++) {
    vr_image im = {0};
    vr_mat xy = {1, 2, (double[]){5, 5}, 2};
    uint32_t c = 0;
    vr_alloc_fail_at(k);
    int code = vr_image_new(&im, 4, 4);
    if (!code) code = vr_image_points(&im, &box, &xy, &c, 1, 1);
    vr_alloc_fail_at(0);
    vr_image_free(&im);
    if (!code) {
      assert_int_equal(k, 3);
      break;
    }
    assert_int_equal(code, VR_EMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(colours),
    cmocka_unit_test(one_point),
    cmocka_unit_test(means),
    cmocka_unit_test(memory_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
