#include "../test.h"
#include "sim/gait.h"
#include "sim/play.h"
#include "sim/reflex.h"
#include "sim/teacher.h"
#include <math.h>
#include <string.h>
#include "rat.h"

#define GAITS "share/gait"

/* A task with a teacher in it. */
typedef struct {
  vr_scene *scene;
  vr_env *env;
  vr_teacher *teacher;
  float action[VR_GAIT_MAX];
  double *obs;
} school;

static void open_at(const char *task, double physics_step, school *s)
{
  *s = (school){0};
  assert_int_equal(open_scene(task, physics_step, &s->scene), 0);
  assert_int_equal(vr_env_new(s->scene, &s->env), 0);
  assert_int_equal(vr_teacher_new("teacher", GAITS, s->scene, &s->teacher), 0);
  assert_int_equal(vr_alloc(&s->obs, vr_scene_layout(s->scene)->nobs, sizeof *s->obs), 0);
}

static void open_school(const char *task, school *s)
{
  open_at(task, 0.002, s);
}

static void close_school(school *s)
{
  vr_teacher_free(s->teacher);
  vr_env_free(s->env);
  vr_scene_free(s->scene);
  vr_release(s->obs);
}

static void begin(school *s, uint64_t seed)
{
  assert_int_equal(vr_env_reset(s->env, seed, s->obs), 0);
  vr_teacher_start(s->teacher, seed);
}

/* A step of what the teacher says, and its reward. */
static double step(school *s)
{
  double reward;
  vr_teacher_act(s->teacher, s->env, s->action);
  vr_env_step(s->env, s->action, s->obs, &reward);
  return reward;
}

/* The runner at 0.5 m/s. */
static void get_gait(const vr_scene *scene, vr_gait *g)
{
  assert_int_equal(vr_gait_read(GAITS, "r050", vr_scene_layout(scene), g), 0);
}

/* The phase whose commands these are: the best of many. */
static double phase_of(const vr_gait *g, const float *action, double steer)
{
  double best = INFINITY, at = 0, u[VR_GAIT_MAX];
  for (int k = 0; k < 6283; k++) {
    double sum = 0;
    vr_gait_act(g, k * 1e-3, steer, u);
    for (size_t i = 0; i < g->n; i++) sum += fabs(u[i] - action[i]);
    if (sum < best) best = sum, at = k * 1e-3;
  }
  return at;
}

static void it_keeps_the_clock(void **state)
{
  (void)state;
  school s;
  vr_gait g;
  vr_cue cue;
  open_school("flat:noise=0.1", &s);
  get_gait(s.scene, &g);
  begin(&s, 3);
  double before = 0, most = 0, turned = 2 * M_PI * g.frequency * VR_CONTROL_STEP;
  for (int k = 0; k < 80; k++) {
    vr_env_cue(s.env, &cue);
    double steer = vr_gait_steer(cue.heading, s.env->is.course);
    step(&s);
    double now = phase_of(&g, s.action, steer);
    if (k > 12) most = fmax(most, fabs(remainder(now - before - turned, 2 * M_PI)));
    before = now;
  }
  // once the activations follow, nothing pulls at the phase
  if (!(most < 2.1e-3)) fail_msg("the phase is pulled by %g", most);
  close_school(&s);
}

static void it_labels_what_others_do(void **state)
{
  (void)state;
  school s;
  vr_gait g;
  double u[VR_GAIT_MAX], reward, far = 0;
  open_school("flat", &s);
  get_gait(s.scene, &g);
  begin(&s, 1);
  for (int k = 0; k < 20; k++) step(&s);
  // somebody runs with another phase, a little slower: the labels go with it
  double theta = phase_of(&g, s.action, 0) + 2.5;
  for (int k = 0; k < 60; k++) {
    theta += 2 * M_PI * 0.95 * g.frequency * VR_CONTROL_STEP;
    vr_teacher_act(s.teacher, s.env, s.action);
    vr_cue cue;
    vr_env_cue(s.env, &cue);
    double label = phase_of(&g, s.action, vr_gait_steer(cue.heading, s.env->is.course));
    if (k > 15) far = fmax(far, fabs(remainder(label - theta, 2 * M_PI)));
    vr_gait_act(&g, theta, 0, u);
    for (size_t i = 0; i < g.n; i++) s.action[i] = (float)u[i];
    vr_env_step(s.env, s.action, s.obs, &reward);
  }
  if (!(far < 0.6)) fail_msg("the label is off by %g rad", far);
  close_school(&s);
}

static void it_runs_turns_and_gets_up(void **state)
{
  (void)state;
  school s;
  vr_cue cue;
  open_school("flat:speed=0.5,turn=1,noise=0.1", &s);
  begin(&s, 2);
  double turned = 0, heading = 0, way = 0, x = 0, y = 0;
  for (int k = 0; k < 200; k++) {
    step(&s);
    vr_env_cue(s.env, &cue);
    if (k) turned += remainder(cue.heading - heading, 2 * M_PI), way += hypot(cue.x - x, cue.y - y);
    heading = cue.heading, x = cue.x, y = cue.y;
    assert_true(fmin(cue.torso[2], cue.pelvis[2]) > 0.3);
  }
  if (!(turned > 3 && turned < 5 && way > 1.4)) fail_msg("turned %g in %g m", turned, way);
  assert_string_equal(vr_teacher_doing(s.teacher), "run");
  close_school(&s);

  open_school("flat:speed=0,drop=1", &s);
  for (uint32_t k = 0; k < 4; k++) {
    begin(&s, vr_trial_seed(1, k));
    for (int i = 0; i < 100; i++) step(&s);
    vr_env_cue(s.env, &cue);
    assert_true(fmin(cue.torso[2], cue.pelvis[2]) > 0.8);
  }
  close_school(&s);
}

/* Steps after a restored state are those after the saved one, to the bit. */
static void again(const char *task, uint64_t seed, int first, int then)
{
  school a, b;
  open_school(task, &a);
  open_school(task, &b);
  begin(&a, seed);
  begin(&b, seed + 1); // b has lived differently
  for (int k = 0; k < first; k++) step(&a);
  for (int k = 0; k < first / 2; k++) step(&b);
  char *world, *mind;
  size_t n = vr_teacher_state_size(a.teacher);
  assert_int_equal(vr_alloc(&world, vr_env_state_size(a.env), 1), 0);
  assert_int_equal(vr_alloc(&mind, n, 1), 0);
  vr_env_save(a.env, world);
  vr_teacher_save(a.teacher, mind);
  assert_int_equal(vr_env_restore(b.env, world, b.obs), 0);
  assert_int_equal(vr_teacher_restore(b.teacher, mind), 0);
  for (int k = 0; k < then; k++) {
    assert_true(step(&a) == step(&b));
    assert_memory_equal(a.action, b.action, a.scene->layout.nact * sizeof *a.action);
  }
  mind[0]++;
  assert_int_equal(vr_teacher_restore(b.teacher, mind), VR_EDATA);
  vr_release(world);
  vr_release(mind);
  close_school(&a);
  close_school(&b);
}

/* How often two events are told in `seconds` of some episodes. */
static void count_at(double physics_step, const char *task, uint32_t episodes, double seconds,
  const char *const name[2], int n[2])
{
  school s;
  n[0] = n[1] = 0;
  open_at(task, physics_step, &s);
  for (uint32_t k = 0; k < episodes; k++) {
    begin(&s, vr_trial_seed(1, k));
    for (double t = 0; t < seconds && !vr_env_done(s.env); t += VR_CONTROL_STEP) {
      size_t told;
      step(&s);
      const vr_event *e = vr_env_events(s.env, &told);
      for (size_t i = 0; i < told; i++)
        for (int j = 0; j < 2; j++) n[j] += !strcmp(e[i].name, name[j]);
    }
  }
  close_school(&s);
}

static void count(
  const char *task, uint32_t episodes, double seconds, const char *const name[2], int n[2])
{
  count_at(0.002, task, episodes, seconds, name, n);
}

static void it_takes_orbs(void **state)
{
  (void)state;
  int n[2];
  count("maze:cells=7,rooms=1", 3, 12, (const char *const[2]){"orb", "fall"}, n);
  if (n[0] < 7) fail_msg("%d of 9 orbs, %d falls", n[0], n[1]);
}

static void it_taps_twice(void **state)
{
  (void)state;
  int n[2];
  count("twotap:reach=0.3", 3, 14, (const char *const[2]){"first-tap", "second-tap"}, n);
  if (n[0] < 4 || n[1] < 3) fail_msg("%d first taps, %d in time", n[0], n[1]);
}

/* It leaves a smooth hollow, where it has to run up to the rim; and a corridor without gaps is run. */
static void it_gets_out(void **state)
{
  (void)state;
  int n[2];
  const char *const ends[2] = {"escape", "plunge"};
  count("bowl:size=2,samples=41,height=0.2,bump_low=1,escape=1.5", 3, 10, ends, n);
  if (n[0] < 2) fail_msg("%d of 3", n[0]);
  count("gaps:gap_low=0,gap_high=0,start=0.5,spawn=0.4", 1, 4, ends, n);
  assert_int_equal(n[1], 0);
}

/* Most of its leaps clear gaps of 0.1 m, under the physics that they were searched with. */
static void it_leaps(void **state)
{
  (void)state;
  int n[2];
  const char *const name[2] = {"jump", "fall"};
  count_at(0.001, "gaps:spawn=5.5,gap_low=0.1,gap_high=0.1,platform_high=0.5", 2, 5, name, n);
  if (n[0] < 3) fail_msg("%d leaps, %d falls", n[0], n[1]);
}

/* In the midst of a leap, a teacher that has seen nothing of it goes on with it. */
static void it_needs_no_clock(void **state)
{
  (void)state;
  school s;
  vr_teacher *fresh;
  float other[VR_GAIT_MAX];
  int leaps = 0, same = 0;
  open_at("gaps:spawn=5.5,gap_low=0.1,gap_high=0.1,platform_high=0.5", 0.001, &s);
  assert_int_equal(vr_teacher_new("teacher", GAITS, s.scene, &fresh), 0);
  begin(&s, 3);
  for (int k = 0; k < 150; k++) {
    vr_teacher_start(fresh, 1);
    vr_teacher_act(fresh, s.env, other);
    step(&s);
    if (strcmp(vr_teacher_doing(s.teacher), "leap")) continue;
    leaps++;
    same += !memcmp(other, s.action, vr_scene_layout(s.scene)->nact * sizeof *other);
  }
  if (leaps < 20 || same < 0.7 * leaps) fail_msg("%d of %d labels", same, leaps);
  vr_teacher_free(fresh);
  close_school(&s);
}

/* What is felt moves the offsets of those actuators that have a reflex, the sides apart. */
static void reflexes(void **state)
{
  (void)state;
  school s;
  vr_gait g, bent;
  static vr_reflex r;
  double feel[VR_NFEELS] = {[VR_FEEL_ZX] = 0.5, [VR_FEEL_ZY] = -0.2};
  open_school("bowl", &s);
  const vr_layout *l = vr_scene_layout(s.scene);
  assert_int_equal(vr_gait_read(GAITS, "climb", l, &g), 0);
  assert_int_equal(vr_reflex_read(GAITS, "climb", l, &r), 0);
  assert_int_equal(vr_reflex_read(GAITS, "r050", l, &r), VR_EIO);
  assert_int_equal(vr_reflex_read(GAITS, "climb", l, &r), 0);
  bent = g;
  vr_reflex_apply(&r, feel, &bent);
  enum { LEFT = 10, RIGHT = 16, TOE = 13 }; // hip_extend, toe_L
  assert_true(
    fabs(bent.row[LEFT].offset - g.row[LEFT].offset - 0.5 * 0.0339329 - 0.2 * 0.29533) < 1e-6);
  assert_true(
    fabs(bent.row[RIGHT].offset - g.row[RIGHT].offset - 0.5 * 0.0339329 + 0.2 * 0.29533) < 1e-6);
  assert_true(bent.row[TOE].offset == g.row[TOE].offset);
  begin(&s, 1);
  vr_reflex_feel(s.env, feel);
  const double *up = s.obs + find_sense(s.scene, "world_zaxis")->first;
  const double *gyro = s.obs + find_sense(s.scene, "sensors_gyro")->first;
  assert_true(feel[VR_FEEL_ZX] == up[0] && feel[VR_FEEL_ZY] == up[1]);
  assert_true(feel[VR_FEEL_WX] == gyro[0] / 10 && feel[VR_FEEL_WY] == gyro[1] / 10);
  assert_true(fabs(feel[VR_FEEL_H]) <= 2);
  close_school(&s);
}

static void it_goes_on_where_it_was(void **state)
{
  (void)state;
  again("flat:command=random,drop=0.5", 5, 40, 60);
  again("flat:speed=0.4,drop=1", 6, 8, 60); // while it kicks
  again("maze", 7, 100, 100);
  again("bowl", 7, 50, 50);
  again("gaps:spawn=5.9", 7, 20, 20);
  again("twotap:reach=0.2", 8, 150, 150);
}

/* Commands by chance: in their ranges, changing at their times, seen by the animal, and the same
 * again. */
static void commands(void **state)
{
  (void)state;
  school s;
  open_school(
    "flat:command=random,speed_low=0.1,turn_high=1,change_low=0.4,change_high=0.8,drop=0.4", &s);
  const double *speed = s.obs + find_sense(s.scene, "command_speed")->first;
  const double *course = s.obs + find_sense(s.scene, "command_heading")->first;
  int lying = 0, changes = 0, since = 0;
  double seen[100];
  for (uint32_t k = 0; k < 60; k++) {
    begin(&s, vr_trial_seed(9, k));
    vr_cue cue;
    vr_env_cue(s.env, &cue);
    lying += cue.torso[2] < 0.999;
    assert_true(*speed >= 0.1 && *speed < 0.65 && fabs(*course) < 1e-12);
  }
  if (!(lying > 12 && lying < 36)) fail_msg("%d of 60 lie", lying);
  for (int twice = 0; twice < 2; twice++) {
    begin(&s, 77);
    for (int k = 0; k < 100; k++) {
      double last = *speed;
      double reward = step(&s);
      assert_true(reward >= 0 && reward <= 1);
      assert_true(*speed == s.env->is.speed && fabs(*course) < 1.4);
      assert_true(fabs(s.env->is.turn) <= 1);
      since++;
      if (*speed != last) {
        if (changes++ && !twice) assert_in_range(since, 20, 41);
        since = 0;
      }
      if (twice) assert_true(seen[k] == *speed);
      seen[k] = *speed;
    }
  }
  assert_true(changes >= 4);
  close_school(&s);
}

static void it_refuses(void **state)
{
  (void)state;
  vr_scene *s;
  vr_teacher *t;
  assert_int_equal(open_scene("flat", 0.002, &s), 0);
  assert_int_equal(vr_teacher_new("teacher:speed=1", GAITS, s, &t), VR_EARG);
  assert_null(t);
  assert_int_equal(vr_teacher_new("tutor", GAITS, s, &t), VR_EARG);
  assert_int_equal(vr_teacher_new("teacher", "nowhere", s, &t), VR_EIO);
  int code;
  t = NULL;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_teacher_new("teacher", GAITS, s, &t), vr_teacher_free(t));
  vr_teacher_free(NULL);
  vr_scene_free(s);
  assert_int_equal(open_scene("flat:speed_low=1,speed_high=0.5", 0.002, &s), VR_EARG);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(it_keeps_the_clock),
    cmocka_unit_test(it_labels_what_others_do),
    cmocka_unit_test(it_runs_turns_and_gets_up),
    cmocka_unit_test(it_takes_orbs),
    cmocka_unit_test(it_taps_twice),
    cmocka_unit_test(it_gets_out),
    cmocka_unit_test(it_leaps),
    cmocka_unit_test(it_needs_no_clock),
    cmocka_unit_test(reflexes),
    cmocka_unit_test(it_goes_on_where_it_was),
    cmocka_unit_test(commands),
    cmocka_unit_test(it_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
