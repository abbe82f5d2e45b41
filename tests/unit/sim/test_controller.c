#include "../test.h"
#include "sim/controller.h"
#include "sim/motion.h"
#include <math.h>
#include <string.h>
#include "rat.h"

#define GAITS "share/gait"

static vr_scene *scene;
static const vr_layout *layout;

static int open_rat(void **state)
{
  (void)state;
  if (open_scene("flat", 0.001, &scene)) return -1;
  layout = vr_scene_layout(scene);
  return 0;
}

static int close_rat(void **state)
{
  (void)state;
  vr_scene_free(scene);
  return 0;
}

static void names_and_settings(void **state)
{
  (void)state;
  vr_controller *c;
  size_t n;
  const char *const *list = vr_controller_names(&n);
  for (size_t i = 0; i < n; i++) {
    assert_int_equal(vr_controller_new(list[i], GAITS, layout, &c), 0);
    vr_controller_free(c);
    assert_true(strlen(vr_controller_what(i)) > 10);
  }
  static const struct {
    const char *spec, *told;
  } wrong[] = {{"trott", "did you mean 'trot'"}, {"", "there is no controller ''"},
    {"run:sped=1", "did you mean 'speed'"}, {"run:speed=9", "from 0 to 0.65"},
    {"run:speed=fast", "must be a number"}, {"run:speed", "is not key=value"},
    {"hold:speed=1", "has no settings"}, {"runs", "did you mean 'run'"}};
  for (size_t i = 0; i < VR_LEN(wrong); i++) {
    assert_int_equal(vr_controller_new(wrong[i].spec, GAITS, layout, &c), VR_EARG);
    assert_null(c);
    if (!strstr(vr_errmsg(), wrong[i].told)) fail_msg("%s: %s", wrong[i].spec, vr_errmsg());
  }
  vr_controller_free(NULL);
}

/* A body that stands (or lies) still while a controller acts; events go to `name`, `time`. */
static size_t stand(const char *spec, uint64_t seed, int steps, int lies, const char **name,
  double *time, float *last)
{
  vr_controller *c;
  vr_event event[VR_CONTROLLER_EVENTS];
  float action[64];
  size_t n = 0;
  assert_int_equal(vr_controller_new(spec, GAITS, layout, &c), 0);
  vr_controller_start(c, seed);
  for (int k = 0; k < steps; k++) {
    double z = lies ? 0 : 1;
    vr_cue cue = {.time = k * VR_CONTROL_STEP, .torso = {0, 1 - z, z}, .pelvis = {0, 1 - z, z}};
    size_t told = vr_controller_act(c, &cue, action, event);
    for (int i = 0; i < 38; i++) assert_true(fabsf(action[i]) <= 1);
    for (size_t i = 0; i < told && n < 1000; i++) {
      name[n] = event[i].name;
      time[n++] = cue.time;
    }
  }
  if (last) memcpy(last, action, 38 * sizeof *last);
  vr_controller_free(c);
  return n;
}

static void poses(void **state)
{
  (void)state;
  const char *name[1000];
  double time[1000];
  float a[38];
  assert_int_equal(stand("zero", 1, 3, 0, name, time, a), 1);
  assert_string_equal(name[0], "crouch");
  for (int i = 0; i < 38; i++) assert_true(a[i] == 0);
  assert_int_equal(stand("hold", 1, 3, 0, name, time, a), 1);
  assert_string_equal(name[0], "rest");
  for (int i = 0; i < 38; i++) assert_true(a[i] == (float)layout->hold[i]);
  // a controller that gets up does so when it lies, and says it once
  assert_int_equal(stand("right", 1, 10, 1, name, time, a), 1);
  assert_string_equal(name[0], "right");
  assert_int_equal(stand("hold", 1, 10, 1, name, time, a), 1);
  // one that stood before tells the fall, gets up, and goes on
  vr_controller *c;
  vr_event event[VR_CONTROLLER_EVENTS];
  vr_cue up = {.torso = {0, 0, 1}, .pelvis = {0, 0, 1}}, down = {.time = 1};
  assert_int_equal(vr_controller_new("trot", GAITS, layout, &c), 0);
  vr_controller_start(c, 1);
  assert_true(vr_controller_rights(c));
  assert_int_equal(vr_controller_act(c, &up, a, event), 1);
  assert_string_equal(event[0].name, "trot");
  assert_int_equal(vr_controller_act(c, &up, a, event), 0);
  assert_int_equal(vr_controller_act(c, &down, a, event), 2);
  assert_string_equal(event[0].name, "fall");
  assert_string_equal(event[1].name, "right");
  assert_int_equal(vr_controller_act(c, &down, a, event), 0);
  assert_int_equal(vr_controller_act(c, &up, a, event), 1);
  assert_string_equal(event[0].name, "trot");
  vr_controller_free(c);
}

static void noise_has_its_size(void **state)
{
  (void)state;
  vr_controller *c;
  vr_event event[VR_CONTROLLER_EVENTS];
  float a[64];
  double sum = 0, square = 0, product = 0, before = 0;
  enum { N = 20000, I = 10 }; // hip_L_extend, held at 0.2
  assert_int_equal(vr_controller_new("noise:size=0.2,tau=0.1", GAITS, layout, &c), 0);
  vr_controller_start(c, 5);
  for (int k = 0; k < N; k++) {
    vr_controller_act(c, &(vr_cue){.time = k * VR_CONTROL_STEP}, a, event);
    double x = a[I] - layout->hold[I];
    sum += x;
    square += x * x;
    product += x * before;
    before = x;
  }
  assert_true(fabs(sum / N) < 0.02);
  assert_true(fabs(sqrt(square / N) - 0.2) < 0.01);
  assert_true(fabs(product / square - exp(-0.2)) < 0.02);
  vr_controller_free(c);
}

static void mix_holds_all_motions(void **state)
{
  (void)state;
  const char *name[1000], *again[1000];
  double time[1000], other[1000];
  size_t n = stand("mix", 1, 30000, 0, name, time, NULL);
  assert_true(n > 120 && n < 300); // 600 s in bouts of 2 .. 5 s
  int seen[VR_MOTION_N] = {0};
  for (size_t i = 0; i < n; i++)
    for (int k = 0; k < VR_MOTION_N; k++)
      seen[k] += !strcmp(name[i], vr_motion_name((vr_motion_kind)k));
  for (int k = 0; k < VR_MOTION_N; k++)
    if (k != VR_MOTION_GET_UP) assert_true(seen[k] > 2);
  for (size_t i = 1; i < n; i++) {
    assert_string_not_equal(name[i], name[i - 1]);
    double bout = time[i] - time[i - 1];
    assert_true(bout > (strcmp(name[i - 1], "tip") ? 1.9 : 0.4) && bout < 6.2);
  }
  // the same again from the same seed, and another from another
  assert_int_equal(stand("mix", 1, 30000, 0, again, other, NULL), n);
  for (size_t i = 0; i < n; i++) assert_true(name[i] == again[i] && time[i] == other[i]);
  size_t m = stand("mix", 2, 30000, 0, again, other, NULL);
  assert_true(m != n || memcmp(time, other, n * sizeof *time));
  // shorter bouts
  assert_true(stand("mix:low=0.5,high=1", 1, 30000, 0, again, other, NULL) > 2 * n);
}

static void out_of_memory(void **state)
{
  (void)state;
  vr_controller *c = NULL;
  int code;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_controller_new("mix", GAITS, layout, &c), vr_controller_free(c));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_and_settings),
    cmocka_unit_test(poses),
    cmocka_unit_test(noise_has_its_size),
    cmocka_unit_test(mix_holds_all_motions),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, open_rat, close_rat);
}
