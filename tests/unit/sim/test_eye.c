#include "rat.h"
#include "sim/eye_parts.h"
#include "sim/play.h"
#include <math.h>

static uint8_t one[VR_EYE_SIZE * VR_EYE_SIZE * 3], two[sizeof one];

static const uint8_t *pixel(const uint8_t *rgb, int row, int column)
{
  return rgb + 3 * (row * VR_EYE_SIZE + column);
}

/* The sky is bluer than it is red, the ground is darker; seeing changes nothing. */
static void ground_and_sky(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  vr_eye *eye;
  assert_int_equal(open_scene("flat", 0.002, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_eye_new(s, VR_EYE_CAMERA, &eye), 0);
  assert_int_equal(vr_env_reset(e, 1, NULL), 0);
  vr_eye_see(eye, e, one);
  const uint8_t *top = pixel(one, 2, 32), *bottom = pixel(one, 45, 32);
  assert_true(top[2] > top[0] && top[2] > 180);
  assert_true(bottom[0] + bottom[1] + bottom[2] < top[0] + top[1] + top[2]);
  vr_eye_see(eye, e, two);
  assert_memory_equal(one, two, sizeof one);
  vr_eye_free(eye);
  vr_env_free(e);
  vr_scene_free(s);
}

/* The same state gives the same bytes to any eye; another state gives others. */
static void two_eyes_agree(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *a, *b;
  vr_eye *eye, *other;
  double reward;
  float action[64] = {0};
  assert_int_equal(open_scene("flat", 0.002, &s), 0);
  assert_int_equal(vr_env_new(s, &a), 0);
  assert_int_equal(vr_env_new(s, &b), 0);
  assert_int_equal(vr_eye_new(s, VR_EYE_CAMERA, &eye), 0);
  assert_int_equal(vr_eye_new(s, VR_EYE_CAMERA, &other), 0);
  assert_int_equal(vr_env_reset(a, 3, NULL), 0);
  assert_int_equal(vr_env_reset(b, 3, NULL), 0);
  for (int i = 0; i < 10; i++) {
    vr_env_step(a, action, NULL, &reward);
    vr_env_step(b, action, NULL, &reward);
  }
  vr_eye_see(eye, a, one);
  vr_eye_see(other, b, two);
  assert_memory_equal(one, two, sizeof one);
  for (int i = 0; i < 20; i++) vr_env_step(b, action, NULL, &reward);
  vr_eye_see(other, b, two);
  assert_memory_not_equal(one, two, sizeof one);
  vr_eye_free(eye);
  vr_eye_free(other);
  vr_env_free(a);
  vr_env_free(b);
  vr_scene_free(s);
}

/* whether the pixel shows what the engine's own ray meets first */
static int meets(const vr_eye *eye, const vr_env *e, int at)
{
  static const mjtByte groups[mjNGROUP] = {1, 1};
  const vr_eye_view *v = &eye->view;
  double x = (double)v->ray[at % VR_EYE_SIZE], y = -(double)v->ray[at / VR_EYE_SIZE], d[3], p[3];
  for (int k = 0; k < 3; k++) {
    d[k] = x * eye->turn[3 * k] + y * eye->turn[3 * k + 1] - eye->turn[3 * k + 2];
    p[k] = eye->at[k] + (double)v->near * d[k];
  }
  int id = -1, seen = v->seen[at];
  double t = mj_ray(e->m, e->d, p, d, groups, 1, -1, &id, NULL) + (double)v->near;
  if (seen < 0) return id < 0 || t > (double)v->far;
  return id == eye->geom[seen].id && fabs(t - (double)v->t[at]) < 1e-4 * (1 + t);
}

/* In every arena, but for outlines and for what the near plane cuts open. */
static void rays_of_the_engine(void **state)
{
  (void)state;
  static const char *const tasks[] = {"flat", "gaps", "maze", "bowl", "twotap"};
  for (size_t k = 0; k < sizeof tasks / sizeof *tasks; k++) {
    vr_scene *s;
    vr_env *e;
    vr_eye *eye;
    double reward;
    float action[64] = {0};
    int same = 0, n = 0;
    assert_int_equal(open_scene(tasks[k], 0.002, &s), 0);
    assert_int_equal(vr_env_new(s, &e), 0);
    assert_int_equal(vr_eye_new(s, VR_EYE_CAMERA, &eye), 0);
    for (unsigned seed = 0; seed < 3; seed++) {
      assert_int_equal(vr_env_reset(e, seed, NULL), 0);
      for (int i = 0; i < 5; i++) vr_env_step(e, action, NULL, &reward);
      vr_eye_see(eye, e, one);
      for (int at = (int)seed; at < VR_EYE_PIXELS; at += 37, n++) same += meets(eye, e, at);
    }
    if (same < 0.98 * n) fail_msg("%s: %d of %d pixels", tasks[k], same, n);
    vr_eye_free(eye);
    vr_env_free(e);
    vr_scene_free(s);
  }
}

/* mean colour of the pixels that show the geom, and how many they are */
static int mean_color(const vr_eye *eye, int geom, const uint8_t *rgb, double mean[3])
{
  int n = 0;
  mean[0] = mean[1] = mean[2] = 0;
  for (int i = 0; i < VR_EYE_PIXELS; i++) {
    int seen = eye->view.seen[i];
    if (seen < 0 || eye->geom[seen].id != geom) continue;
    for (int k = 0; k < 3; k++) mean[k] += rgb[3 * i + k];
    n++;
  }
  for (int k = 0; k < 3; k++) mean[k] /= n ? n : 1;
  return n;
}

/* The orb of two-tap half a metre ahead: green, after a tap yellow, after two blue, and a few pixels are
 * enough to tell which. */
static void colors_of_the_orb(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  vr_eye *eye;
  double mean[3][3];
  assert_int_equal(open_scene("twotap", 0.002, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_eye_new(s, VR_EYE_CAMERA, &eye), 0);
  assert_int_equal(vr_env_reset(e, 1, NULL), 0);
  const double *at = e->d->cam_xpos + 3 * eye->camera, *turn = e->d->cam_xmat + 9 * eye->camera;
  int orb = e->m->body_geomadr[s->places.orb];
  for (int k = 0; k < 3; k++) e->is.place[k] = at[k] - 0.5 * turn[3 * k + 2];
  for (int taps = 0; taps < 3; taps++) {
    e->is.touches = taps;
    s->play->show(e);
    mj_kinematics(e->m, e->d);
    vr_eye_see(eye, e, one);
    assert_in_range(mean_color(eye, orb, one, mean[taps]), 8, 40);
    print_message(
      "orb after %d taps: %.0f %.0f %.0f\n", taps, mean[taps][0], mean[taps][1], mean[taps][2]);
  }
  assert_true(mean[0][1] > mean[0][0] + 60 && mean[0][1] > mean[0][2] + 60);
  assert_true(mean[1][0] > mean[1][2] + 60 && mean[1][1] > mean[1][2] + 60);
  assert_true(mean[2][2] > mean[2][0] + 60 && mean[2][2] > mean[2][1] + 20);
  vr_eye_free(eye);
  vr_env_free(e);
  vr_scene_free(s);
}

static void no_such_camera(void **state)
{
  (void)state;
  vr_scene *s;
  vr_eye *eye;
  assert_int_equal(open_scene("flat", 0.002, &s), 0);
  assert_int_equal(vr_eye_new(s, "third eye", &eye), VR_EDATA);
  assert_null(eye);
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_eye_new(s, VR_EYE_CAMERA, &eye), vr_eye_free(eye));
  vr_scene_free(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ground_and_sky),
    cmocka_unit_test(two_eyes_agree),
    cmocka_unit_test(rays_of_the_engine),
    cmocka_unit_test(colors_of_the_orb),
    cmocka_unit_test(no_such_camera),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
