#include "rat.h"
#include "sim/eye.h"

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
    cmocka_unit_test(no_such_camera),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
