/* Pictures of the rat by the engine's renderer. Without OpenGL they are skipped, by name. */
#include "base/err.h"
#include "base/mem.h"
#include "rat.h"
#include "sim/render.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { W = 192, H = 256, BYTES = W * H * 3 };

static vr_scene *flat;
static float root[7] = {0, 0, 0, 1, 0, 0, 0}, angles[VR_RENDER_MAXCOLUMNS];
static uint8_t one[BYTES], two[BYTES];

static const vr_render_par small = {.width = W,
  .height = H,
  .camera = "free",
  .distance = 0.5,
  .azimuth = 120,
  .elevation = -25,
  .window = 4,
  .plain = 1};

static vr_render *view_of(const vr_render_par *par)
{
  vr_render *v;
  assert_int_equal(vr_render_new(par, &v), 0);
  assert_int_equal(vr_render_scene(v, flat, 1), 0);
  assert_int_equal(vr_render_pose(v, root, angles), 0);
  return v;
}

static void take(vr_render *v, const vr_render_over *over, uint8_t *rgb)
{
  memset(rgb, 0, BYTES);
  assert_int_equal(vr_render_draw(v, over, rgb), 0);
}

static size_t differing(const uint8_t *a, const uint8_t *b, size_t from, size_t to)
{
  size_t n = 0;
  for (size_t i = from * W; i < to * W; i++) n += memcmp(a + 3 * i, b + 3 * i, 3) != 0;
  return n;
}

static void pictures_repeat_and_show_the_animal(void **state)
{
  (void)state;
  const vr_render_over none = {0};
  vr_render *v = view_of(&small);
  take(v, &none, one);
  take(v, &none, two);
  assert_memory_equal(one, two, BYTES);
  // another view gives the same bytes
  vr_render_free(v);
  v = view_of(&small);
  take(v, &none, two);
  assert_memory_equal(one, two, BYTES);
  // bent limbs are seen, in the middle of the picture
  for (size_t i = 0; i < 60; i++) angles[i] = 0.3f;
  assert_int_equal(vr_render_pose(v, root, angles), 0);
  take(v, &none, two);
  assert_true(differing(one, two, H / 4, 3 * H / 4) > 100);
  memset(angles, 0, sizeof angles);
  vr_render_free(v);
}

static void the_first_row_is_the_top(void **state)
{
  (void)state;
  const vr_render_over none = {0};
  vr_render_par par = small;
  par.elevation = 0;
  vr_render *v = view_of(&par);
  take(v, &none, one);
  // sky is lighter than ground
  unsigned long top = 0, bottom = 0;
  for (size_t i = 0; i < 3 * W; i++) top += one[i], bottom += one[BYTES - 1 - i];
  assert_true(top > bottom);
  vr_render_free(v);
}

static void what_the_eye_saw_stands_in_its_corner(void **state)
{
  (void)state;
  static uint8_t eye[VR_RENDER_EYE * VR_RENDER_EYE * 3];
  vr_render_over over = {.see = 1, .eye = eye};
  vr_render *v = view_of(&small);
  // upper half red, lower half blue
  for (size_t i = 0; i < VR_RENDER_EYE * VR_RENDER_EYE; i++)
    eye[3 * i + (i < VR_RENDER_EYE * VR_RENDER_EYE / 2 ? 0 : 2)] = 255;
  take(v, &over, one);
  const uint8_t *high = one + 3 * (10 * W + W - 12), *low = one + 3 * (66 * W + W - 12);
  assert_true(high[0] > 250 && high[1] < 5 && high[2] < 5);
  assert_true(low[0] < 5 && low[1] < 5 && low[2] > 250);
  // without a record of it, it is drawn
  over.eye = NULL;
  take(v, &over, two);
  assert_true(differing(one, two, 10, 66) > 1000);
  vr_render_free(v);
}

static void strips_lie_below_and_move(void **state)
{
  (void)state;
  static float a[400];
  for (size_t i = 0; i < VR_LEN(a); i++) a[i] = (float)(i % 50);
  vr_strip strip = {.title = "/x", .rows = VR_LEN(a), .cols = 1, .a = a, .rate = 50};
  vr_render_over over = {.time = 2};
  vr_render *v = view_of(&small);
  take(v, &over, two);
  over.strip = &strip;
  over.nstrips = 1;
  take(v, &over, one);
  assert_true(differing(one, two, 3 * H / 4, H) > W * H / 6);
  over.time = 2.3;
  take(v, &over, two);
  assert_int_equal(differing(one, two, 0, 3 * H / 4), 0);
  assert_true(differing(one, two, 3 * H / 4, H) > 20);
  // more rows than the renderer has room for, and none
  strip.rate = 1e6, strip.rows = VR_LEN(a);
  take(v, &over, two);
  strip.rows = 0;
  take(v, &over, two);
  vr_render_free(v);
}

/* -- skin and textures of the released rat, where `make art` has fetched them -- */

#define ART "share/art"
#define NEEDS_ART                                                                                  \
  if (access(ART "/skin.skn", R_OK)) skip()

static vr_body rat;

static vr_render_par dressed(const char *camera)
{
  vr_render_par par = small;
  par.camera = camera;
  par.body = &rat;
  par.art = ART;
  return par;
}

static void the_skin_covers_the_animal_and_moves_with_it(void **state)
{
  (void)state;
  NEEDS_ART;
  const vr_render_over none = {0};
  vr_render_par par = dressed("free");
  vr_render *bare = view_of(&small), *v = view_of(&par);
  take(bare, &none, one);
  take(v, &none, two);
  assert_true(differing(one, two, H / 4, 3 * H / 4) > 1000);
  // bent: the middle of the picture changes as it does without the skin
  for (size_t i = 0; i < 60; i++) angles[i] = 0.3f;
  assert_int_equal(vr_render_pose(v, root, angles), 0);
  assert_int_equal(vr_render_pose(bare, root, angles), 0);
  take(v, &none, one);
  size_t skin = differing(one, two, H / 4, 3 * H / 4), geoms;
  take(bare, &none, two);
  memset(angles, 0, sizeof angles);
  assert_int_equal(vr_render_pose(bare, root, angles), 0);
  take(bare, &none, one);
  geoms = differing(one, two, H / 4, 3 * H / 4);
  assert_true(skin > geoms / 2 && skin < 2 * geoms);
  vr_render_free(v);
  vr_render_free(bare);
}

// pictures of one eye and one camera in it, in an arena with textures and without art
static void see(const vr_scene *s, const vr_render_par *par, int corner, uint8_t *rgb)
{
  vr_render *v;
  assert_int_equal(vr_render_new(par, &v), 0);
  assert_int_equal(vr_render_scene(v, s, 3), 0);
  assert_int_equal(vr_render_pose(v, root, angles), 0);
  take(v, &(vr_render_over){.see = corner}, rgb);
  vr_render_free(v);
}

static void the_eye_does_not_see_the_art(void **state)
{
  (void)state;
  NEEDS_ART;
  enum { SIDE = 64, GAP = 8 };
  vr_scene *gaps;
  vr_render_par bare = small, art = dressed("free");
  assert_int_equal(open_scene("gaps", 0.001, &gaps), 0);
  see(gaps, &bare, 1, one);
  see(gaps, &art, 1, two);
  assert_true(differing(one, two, H / 4, 3 * H / 4) > 1000);
  for (size_t y = GAP; y < GAP + SIDE; y++)
    assert_memory_equal(
      one + 3 * (y * W + W - GAP - SIDE), two + 3 * (y * W + W - GAP - SIDE), 3 * SIDE);
  bare.camera = art.camera = "egocentric";
  see(gaps, &bare, 0, one);
  see(gaps, &art, 0, two);
  assert_memory_equal(one, two, BYTES);
  vr_scene_free(gaps);
}

static void misuse_is_told(void **state)
{
  (void)state;
  vr_render *v;
  vr_render_par par = small;
  par.width = 5;
  assert_int_equal(vr_render_new(&par, &v), VR_EARG);
  assert_null(v);
  par = small;
  par.camera = "none";
  assert_int_equal(vr_render_new(&par, &v), 0);
  assert_int_equal(vr_render_scene(v, flat, 1), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "side_alt"));
  vr_render_free(v);
  // a folder that holds no art
  par = dressed("free");
  par.art = "share/task";
  assert_int_equal(vr_render_new(&par, &v), 0);
  assert_int_equal(vr_render_scene(v, flat, 1), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "share/task"));
  vr_render_free(v);
  vr_render_free(NULL);
}

static void memory_may_run_out(void **state)
{
  (void)state;
  int code = VR_EMEM;
  vr_render_par par = dressed("free");
  if (access(ART "/skin.skn", R_OK)) par.art = NULL;
  for (long n = 1; code; n++) {
    vr_render *v;
    vr_alloc_fail_at(n);
    code = vr_render_new(&par, &v);
    if (!code) code = vr_render_scene(v, flat, 1);
    vr_alloc_fail_at(0);
    if (code) assert_int_equal(code, VR_EMEM);
    vr_render_free(v);
    assert_true(n < 100);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pictures_repeat_and_show_the_animal),
    cmocka_unit_test(the_first_row_is_the_top),
    cmocka_unit_test(what_the_eye_saw_stands_in_its_corner),
    cmocka_unit_test(strips_lie_below_and_move),
    cmocka_unit_test(the_skin_covers_the_animal_and_moves_with_it),
    cmocka_unit_test(the_eye_does_not_see_the_art),
    cmocka_unit_test(misuse_is_told),
    cmocka_unit_test(memory_may_run_out),
  };
  vr_render *v;
  if (vr_render_new(&small, &v) == VR_EIO) {
    printf("1..0 # SKIP pictures of the rat (sim/render.c): %s\n", vr_errmsg());
    return 0;
  }
  vr_render_free(v);
  if (open_scene("flat", 0.001, &flat) || vr_body_load("share/body/rat", &rat)) return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  vr_scene_free(flat);
  vr_body_free(&rat);
  return failed;
}
