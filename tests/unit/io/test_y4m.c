/* Colours of video, and names and bytes of PNG files. */
#include "base/err.h"
#include "base/mem.h"
#include "io/png.h"
#include "io/y4m.h"
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void colours_of_bt601(void **state)
{
  (void)state;
  // black, white, grey and the primaries, as the standard's formula gives them
  static const uint8_t known[][6] = {{0, 0, 0, 16, 128, 128}, {255, 255, 255, 235, 128, 128},
    {128, 128, 128, 126, 128, 128}, {255, 0, 0, 81, 90, 240}, {0, 255, 0, 145, 54, 34},
    {0, 0, 255, 41, 240, 110}};
  for (size_t i = 0; i < VR_LEN(known); i++) {
    uint8_t planes[3];
    vr_y4m_planes(known[i], 1, 1, VR_Y4M_444, planes);
    assert_memory_equal(planes, known[i] + 3, 3);
    vr_y4m_planes(known[i], 1, 1, VR_Y4M_420, planes);
    assert_memory_equal(planes, known[i] + 3, 3);
  }
}

static void all_colours_are_near_the_formula(void **state)
{
  (void)state;
  for (int r = 0; r < 256; r += 5)
    for (int g = 0; g < 256; g += 5)
      for (int b = 0; b < 256; b += 5) {
        uint8_t rgb[3] = {(uint8_t)r, (uint8_t)g, (uint8_t)b}, p[3];
        double y = 16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255;
        double cb = 128 + (-37.797 * r - 74.203 * g + 112 * b) / 255;
        double cr = 128 + (112 * r - 93.786 * g - 18.214 * b) / 255;
        vr_y4m_planes(rgb, 1, 1, VR_Y4M_444, p);
        assert_true(fabs(p[0] - y) < 0.51 && fabs(p[1] - cb) < 0.51 && fabs(p[2] - cr) < 0.51);
      }
}

static void chroma_is_the_mean_of_four(void **state)
{
  (void)state;
  // 3 x 3: red and blue columns, then a column alone, and a row alone
  uint8_t rgb[27] = {0}, planes[9 + 8], one[3];
  for (size_t i = 0; i < 9; i++) rgb[3 * i + (i % 3 == 1 ? 2 : 0)] = i % 3 == 1 ? 254 : 255;
  assert_int_equal(vr_y4m_size(3, 3, VR_Y4M_420), 17);
  assert_int_equal(vr_y4m_size(3, 3, VR_Y4M_444), 27);
  vr_y4m_planes(rgb, 3, 3, VR_Y4M_420, planes);
  // (255 + 0) / 2 red, (0 + 254) / 2 blue
  double cb = 128 + (-37.797 * 127.5 + 112 * 127) / 255;
  double cr = 128 + (112 * 127.5 - 18.214 * 127) / 255;
  assert_int_equal(planes[9], (int)floor(cb + 0.5));
  assert_int_equal(planes[9 + 4], (int)floor(cr + 0.5));
  assert_int_equal(planes[9 + 2], planes[9]);
  vr_y4m_planes((uint8_t[]){255, 0, 0}, 1, 1, VR_Y4M_444, one);
  assert_int_equal(planes[9 + 1], one[1]);
  assert_int_equal(planes[9 + 3], one[1]);
  assert_int_equal(planes[9 + 5], one[2]);
}

static void rates_are_ratios(void **state)
{
  (void)state;
  static const struct {
    double rate;
    int32_t num, den;
  } known[] = {{50, 50, 1}, {25, 25, 1}, {50.0 / 3, 50, 3}, {30000.0 / 1001, 30000, 1001},
    {12.5, 25, 2}, {0.1, 1, 10}, {1000, 1000, 1}};
  for (size_t i = 0; i < VR_LEN(known); i++) {
    int32_t num, den;
    vr_y4m_ratio(known[i].rate, &num, &den);
    assert_int_equal(num, known[i].num);
    assert_int_equal(den, known[i].den);
  }
  // any rate comes back
  for (double rate = 0.01; rate < 1e5; rate *= 1.2345) {
    int32_t num, den;
    vr_y4m_ratio(rate, &num, &den);
    assert_true(num > 0 && den > 0 && fabs((double)num / den - rate) <= 1e-9 * rate);
  }
}

static void heads(void **state)
{
  (void)state;
  vr_str head = {0};
  vr_y4m_head(&head, 640, 480, 50, VR_Y4M_420);
  assert_string_equal(head.s, "YUV4MPEG2 W640 H480 F50:1 Ip A1:1 C420jpeg\n");
  vr_str_clear(&head);
  vr_y4m_head(&head, 64, 64, 30000.0 / 1001, VR_Y4M_444);
  assert_string_equal(head.s, "YUV4MPEG2 W64 H64 F30000:1001 Ip A1:1 C444\n");
  vr_str_free(&head);
}

static void names_of_files(void **state)
{
  (void)state;
  static const char *const bad[] = {"%s", "%d%d", "a%", "%ld", "%5", "%099d", "%n", "%-5d"};
  vr_str name = {0};
  int counts;
  assert_int_equal(vr_png_name("a-%05d.png", 42, &name, &counts), 0);
  assert_string_equal(name.s, "a-00042.png");
  assert_int_equal(counts, 1);
  assert_int_equal(vr_png_name("%d%%.png", 123456, &name, &counts), 0);
  assert_string_equal(name.s, "123456%.png");
  assert_int_equal(vr_png_name("a.png", 1, &name, &counts), 0);
  assert_int_equal(counts, 0);
  for (size_t i = 0; i < VR_LEN(bad); i++)
    assert_int_equal(vr_png_name(bad[i], 0, &name, &counts), VR_EARG);
  vr_str_free(&name);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_png_name("a-%05d.png", 42, &name, &counts), VR_EMEM);
  vr_alloc_fail_at(0);
  vr_str_free(&name);
}

static void files_read_back(void **state)
{
  (void)state;
  char folder[] = "/tmp/vr-test-png-XXXXXX", path[64];
  uint8_t rgb[7 * 5 * 3], again[7 * 5 * 3];
  png_image image = {.version = PNG_IMAGE_VERSION};
  for (size_t i = 0; i < sizeof rgb; i++) rgb[i] = (uint8_t)(37 * i);
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/a.png", folder);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_png_write(path, rgb, 7, 5), VR_EMEM);
  vr_alloc_fail_at(0);
  assert_int_equal(vr_png_write(path, rgb, 7, 5), 0);
  assert_true(png_image_begin_read_from_file(&image, path));
  assert_int_equal(image.width, 7);
  assert_int_equal(image.height, 5);
  image.format = PNG_FORMAT_RGB;
  assert_true(png_image_finish_read(&image, NULL, again, 0, NULL));
  assert_memory_equal(rgb, again, sizeof rgb);
  unlink(path);
  // nothing else was left, and what cannot be is told
  assert_int_equal(rmdir(folder), 0);
  assert_int_equal(vr_png_write(path, rgb, 7, 5), VR_EIO);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(colours_of_bt601),
    cmocka_unit_test(all_colours_are_near_the_formula),
    cmocka_unit_test(chroma_is_the_mean_of_four),
    cmocka_unit_test(rates_are_ratios),
    cmocka_unit_test(heads),
    cmocka_unit_test(names_of_files),
    cmocka_unit_test(files_read_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
