#include "../test.h"
#include "base/rng.h"
#include "sim/physics.h"
#include "sim/play.h"
#include <math.h>
#include <string.h>
#include "rat.h"

enum { MAXOBS = 256, MAXACT = 64 };

static void senses_are_those_of_the_release(void **state)
{
  static const struct {
    const char *name;
    size_t n;
  } want[] = {{"actuator_activation", 38}, {"appendages_pos", 15}, {"body_height", 1},
    {"end_effectors_pos", 12}, {"joints_pos", 30}, {"joints_vel", 30}, {"sensors_accelerometer", 3},
    {"sensors_gyro", 3}, {"sensors_touch", 4}, {"sensors_velocimeter", 3}, {"tendons_pos", 8},
    {"tendons_vel", 8}, {"world_zaxis", 3}};
  (void)state;
  vr_scene *s;
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  const vr_layout *l = vr_scene_layout(s);
  assert_int_equal(l->nact, 38);
  assert_int_equal(l->nobs, 158);
  assert_int_equal(l->njoint, 67);
  assert_int_equal(l->nbody, 65);
  assert_int_equal(l->substeps, 20);
  assert_int_equal(l->nsense, VR_LEN(want));
  size_t first = 0;
  for (size_t i = 0; i < VR_LEN(want); i++) {
    assert_string_equal(l->sense[i].name, want[i].name);
    assert_int_equal(l->sense[i].n, want[i].n);
    assert_int_equal(l->sense[i].first, first);
    // its columns have names
    const vr_axis *axis = vr_layout_axis(l, l->sense[i].axis);
    assert_true(axis ? axis->n == want[i].n : want[i].n == 1);
    first += want[i].n;
  }
  assert_string_equal(vr_layout_axis(l, "joint")->name[0], "vertebra_1_extend");
  assert_string_equal(vr_layout_axis(l, "servo")->name[0], "hip_L_supinate");
  assert_string_equal(vr_layout_axis(l, "body")->name[0], "torso");
  assert_string_equal(vr_layout_axis(l, "appendage")->name[13], "skull_y");
  assert_null(vr_layout_axis(l, "wing"));
  vr_scene_free(s);
}

/* |got - want| <= tol, element by element */
static void near(const double *got, const double *want, size_t n, double tol)
{
  for (size_t i = 0; i < n; i++)
    if (!(fabs(got[i] - want[i]) <= tol))
      fail_msg("number %zu: %.9g, not %.9g (tolerance %g)", i, got[i], want[i], tol);
}

/* Values of another build of the engine (MuJoCo 3.12.0), flat floor. */
static void the_first_observation(void **state)
{
  static const double ends[] = {0.0193288, -0.0218353, -0.0362437, 0.0193288, 0.0218353, -0.0362437,
    -0.08594, -0.0242399, -0.0559274, -0.08594, 0.0242465, -0.0559274, 0.0662354, -1.84e-7,
    0.00740655};
  (void)state;
  vr_scene *s;
  vr_env *e;
  double obs[MAXOBS];
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  near(obs + find_sense(s, "body_height")->first, (double[]){0.0650896}, 1, 6e-8);
  near(obs + find_sense(s, "appendages_pos")->first, ends, 15, 6e-8);
  near(obs + find_sense(s, "end_effectors_pos")->first, ends, 12, 6e-8);
  near(obs + find_sense(s, "world_zaxis")->first, (double[]){0, 0, 1}, 3, 1e-12);
  near(obs + find_sense(s, "sensors_accelerometer")->first,
    (double[]){0.780486, -0.000300, -0.493075}, 3, 6e-7);
  near(obs + find_sense(s, "sensors_touch")->first, (double[]){1, 1, 0, 0}, 4, 0);
  static const char *const zero[] = {"actuator_activation", "joints_pos", "joints_vel",
    "sensors_gyro", "sensors_velocimeter", "tendons_pos", "tendons_vel"};
  for (size_t k = 0; k < VR_LEN(zero); k++) {
    const vr_sense *v = find_sense(s, zero[k]);
    for (size_t i = 0; i < v->n; i++) assert_true(fabs(obs[v->first + i]) < 1e-12);
  }
  vr_env_free(e);
  vr_scene_free(s);
}

/* The same build after constant actions: root's place, torso's height, hip_L_extend, elbow_L;
 * accelerometer; gyro. */
static const struct {
  char action; /* 0 zero, 5 all 0.5, h hold, s sin(i + 1) */
  int steps;
  double place[3], height, hip, elbow, acc[3], gyro[3];
} runs[] = {
  {'0', 1, {0.00767385, -2.5e-6, -0.00597595}, 0.061668, -0.135800, -0.263846,
    {-5.8252, 0.0098, -22.102}, {0.0002, -11.319, 0.0024}},
  {'0', 10, {-0.0244434, 5.0e-6, -0.00758304}, 0.052720, -0.303158, -0.329424,
    {-1.1252, -0.0051, 10.478}, {-0.0013, 0.2474, 0.0010}},
  {'0', 50, {-0.0421053, -0.000147, -0.0136742}, 0.050126, -0.359630, -0.310544,
    {-1.1671, -0.0063, 9.7303}, {-0.0000, -0.0109, 0.0002}},
  {'5', 1, {0.0183223, -0.01141, -0.00701033}, 0.062201, -0.148505, -0.140104,
    {3.5549, 9.2999, -6.7057}, {-11.101, -13.453, 1.4589}},
  {'5', 10, {0.0400105, -0.0494263, 0.000288871}, 0.057134, 0.375620, 0.190486,
    {-2.578, 1.4809, -1.6204}, {-2.4506, -5.8566, -1.9133}},
  {'h', 50, {0.00130776, -4.5e-6, -0.00572255}, 0.060412, 0.014267, -0.069096,
    {-0.5602, 0.0088, 9.7938}, {-0.0000, -0.0063, 0.0001}},
  {'s', 1, {0.0252992, -0.00135497, -0.0115051}, 0.059711, -0.349163, -0.192149,
    {-12.557, 16.973, 0.0301}, {-6.5278, -22.853, -8.4788}},
  {'s', 10, {0.047952, -0.0267987, -0.0293887}, 0.037251, -1.548839, -0.107830,
    {8.2187, 3.7324, 4.6196}, {-0.0156, -1.2815, -2.382}},
};

static void fixed_actions_end_where_they_should(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  double obs[MAXOBS], root[7], reward;
  float action[MAXACT];
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  const vr_layout *l = vr_scene_layout(s);
  const double *joints = obs + find_sense(s, "joints_pos")->first;
  for (size_t k = 0; k < VR_LEN(runs); k++) {
    for (size_t i = 0; i < l->nact; i++)
      action[i] = runs[k].action == '5'   ? 0.5f
                  : runs[k].action == 'h' ? (float)l->hold[i]
                  : runs[k].action == 's' ? (float)sin((double)i + 1)
                                          : 0;
    assert_int_equal(vr_env_reset(e, 1, obs), 0);
    for (int i = 0; i < runs[k].steps; i++) vr_env_step(e, action, obs, &reward);
    assert_null(vr_env_done(e));
    vr_env_pose(e, &(vr_pose){.root = root});
    near(root, runs[k].place, 3, 2e-5);
    near(obs + find_sense(s, "body_height")->first, &runs[k].height, 1, 2e-5);
    // columns 2 and 19 of joints_pos: hip_L_extend and elbow_L
    assert_string_equal(vr_layout_axis(l, "servo")->name[2], "hip_L_extend");
    assert_string_equal(vr_layout_axis(l, "servo")->name[19], "elbow_L");
    near(joints + 2, &runs[k].hip, 1, 2e-5);
    near(joints + 19, &runs[k].elbow, 1, 2e-5);
    for (int i = 0; i < 3; i++) {
      near(obs + find_sense(s, "sensors_accelerometer")->first + i, runs[k].acc + i, 1,
        0.01 + 0.01 * fabs(runs[k].acc[i]));
      near(obs + find_sense(s, "sensors_gyro")->first + i, runs[k].gyro + i, 1,
        0.002 + 0.001 * fabs(runs[k].gyro[i]));
    }
  }
  vr_env_free(e);
  vr_scene_free(s);
}

static void the_activation_follows_with_40_ms(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  double obs[MAXOBS], reward;
  float action[MAXACT];
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  for (int i = 0; i < 38; i++) action[i] = 0.5f;
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  vr_env_step(e, action, obs, &reward);
  // 0.5 (1 - 0.975^20)
  for (int i = 0; i < 38; i++) assert_true(fabs(obs[i] - 0.5 * (1 - pow(0.975, 20))) < 1e-12);
  assert_true(fabs(obs[0] - 0.198656) < 5e-7);
  vr_env_free(e);
  vr_scene_free(s);
}

/* Steps of an episode of smooth noise; the last observation. */
static void episode(vr_env *e, size_t nact, uint64_t seed, int steps, double *obs)
{
  vr_rng r = vr_rng_new(seed, 0, 99);
  float action[MAXACT] = {0};
  double reward;
  assert_int_equal(vr_env_reset(e, seed, obs), 0);
  for (int k = 0; k < steps; k++) {
    for (size_t i = 0; i < nact; i++)
      action[i] = (float)(0.8 * action[i] + 0.3 * vr_rng_normal(&r));
    vr_env_step(e, action, obs, &reward);
  }
}

static void an_episode_follows_from_its_seed(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e, *other;
  double a[MAXOBS], b[MAXOBS];
  assert_int_equal(open_scene("flat:noise=0.1,drop=1", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_env_new(s, &other), 0);
  size_t nact = vr_scene_layout(s)->nact, bytes = 158 * sizeof(double);
  episode(e, nact, 7, 10, a);
  // again after another one, and in another environment
  episode(e, nact, 8, 5, b);
  assert_memory_not_equal(a, b, bytes);
  episode(e, nact, 7, 10, b);
  assert_memory_equal(a, b, bytes);
  episode(other, nact, 7, 10, b);
  assert_memory_equal(a, b, bytes);
  assert_true(vr_trial_seed(1, 0) != vr_trial_seed(1, 1));
  assert_true(vr_trial_seed(1, 0) != vr_trial_seed(2, 0));
  assert_true(vr_trial_seed(1, 0) < (uint64_t)1 << 53);
  vr_env_free(e);
  vr_env_free(other);
  vr_scene_free(s);
}

static void a_drop_starts_above_the_ground(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  double root[7], lowest = 1;
  assert_int_equal(open_scene("flat:drop=1", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  for (uint64_t k = 0; k < 20; k++) {
    vr_cue cue;
    double pads[MAXOBS];
    assert_int_equal(vr_env_reset(e, k, pads), 0);
    vr_env_pose(e, &(vr_pose){.root = root});
    double norm = 0;
    for (int i = 3; i < 7; i++) norm += root[i] * root[i];
    assert_true(fabs(norm - 1) < 1e-12);
    assert_true(root[2] >= 0 && root[2] < 0.4);
    vr_env_cue(e, &cue);
    lowest = fmin(lowest, cue.torso[2]);
    // nothing touches: it falls freely, and the accelerometer shows nothing
    double *acc = pads + find_sense(s, "sensors_accelerometer")->first;
    assert_true(fabs(acc[0]) + fabs(acc[1]) + fabs(acc[2]) < 3);
    size_t n;
    vr_env_events(e, &n);
    assert_int_equal(n, 0);
  }
  assert_true(lowest < -0.5);
  vr_env_free(e);
  vr_scene_free(s);
}

/* Positions have their origin at the root, x along its heading, z up. */
static void positions_do_not_know_the_place(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  double obs[MAXOBS], p[65 * 3], root[7], reward;
  float action[MAXACT] = {0};
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  vr_env_pose(e, &(vr_pose){.positions = p});
  near(p, (double[]){0.03099526055, 2.058524938e-07, 0.06508957263}, 3, 1e-9);
  for (int i = 0; i < 38; i++) action[i] = (float)sin(i + 1);
  for (int k = 0; k < 30; k++) vr_env_step(e, action, obs, &reward);
  vr_env_pose(e, &(vr_pose){.positions = p, .root = root});
  vr_cue cue;
  vr_env_cue(e, &cue);
  // back in the world, the torso stands where it is
  double c = cos(cue.heading), sn = sin(cue.heading);
  assert_true(fabs(root[0] + c * p[0] - sn * p[1] - cue.x) < 1e-12);
  assert_true(fabs(root[1] + sn * p[0] + c * p[1] - cue.y) < 1e-12);
  assert_true(fabs(root[2] + p[2] - cue.height) < 1e-12);
  // and it keeps its distance from the root, to which it is welded
  assert_true(fabs(p[0] * p[0] + p[1] * p[1] + p[2] * p[2] - 0.0051973588) < 1e-9);
  vr_env_free(e);
  vr_scene_free(s);
}

static void divergence_ends_an_episode(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  double obs[MAXOBS], before[MAXOBS], reward = 1;
  float action[MAXACT] = {0};
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  memcpy(before, obs, sizeof before);
  action[3] = NAN;
  vr_env_step(e, action, obs, &reward);
  assert_string_equal(vr_env_done(e), "engine: command not finite or huge");
  assert_memory_equal(obs, before, sizeof before);
  assert_true(reward == 0);
  // the next episode knows nothing of it
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  assert_null(vr_env_done(e));
  assert_memory_equal(obs, before, 158 * sizeof *obs);
  vr_env_free(e);
  vr_scene_free(s);
}

static void rewards_are_tolerances(void **state)
{
  (void)state;
  assert_true(vr_play_within(1, 1, 1, 1) == 1 && vr_play_within(0, 1, 1, 1) == 0);
  assert_true(vr_play_within(0.5, 1, 1, 1) == 0.5 && vr_play_within(1.5, 1, 1, 1) == 0.5);
  assert_true(vr_play_within(2.5, 1, 1, 1) == 0 && vr_play_within(3, 2, 4, 1) == 1);
  assert_true(vr_play_upright(1) == 1 && vr_play_upright(0.9) == 1);
  assert_true(fabs(vr_play_upright(-1)) < 1e-12);
  assert_true(fabs(vr_play_upright(-0.0669872981) - 0.5) < 1e-9);
  // lying is told from rearing
  assert_true(vr_cue_lies(&(vr_cue){.torso = {0, 0.9, 0.1}, .pelvis = {0, 0.9, 0.1}}));
  assert_true(vr_cue_lies(&(vr_cue){.torso = {0, 0, -1}, .pelvis = {0, 0, -1}}));
  assert_false(vr_cue_lies(&(vr_cue){.torso = {-0.99, 0, 0.1}, .pelvis = {-0.7, 0, 0.7}}));
  assert_false(vr_cue_lies(&(vr_cue){.torso = {0, 0, 1}, .pelvis = {0, 0, 1}}));
}

static void bad_scenes_are_refused(void **state)
{
  (void)state;
  vr_scene *s;
  assert_int_equal(open_scene("flat", 0.0007, &s), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "whole number"));
  assert_int_equal(
    vr_scene_new("<mujoco><worldbody><body><geom/></body></worldbody></mujoco>", NULL, &s),
    VR_EDATA);
  assert_null(s);
  assert_int_equal(vr_scene_new("no xml at all", NULL, &s), VR_EDATA);
  assert_int_equal(vr_scene_new("<mujoco><worldbody/></mujoco>", NULL, &s), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "no animal"));
  vr_scene_free(NULL);
  vr_env_free(NULL);
}

static void out_of_memory(void **state)
{
  (void)state;
  vr_scene *s = NULL;
  vr_env *e = NULL;
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = open_scene("flat", 0.001, &s), vr_scene_free(s));
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_env_new(s, &e), vr_env_free(e));
  vr_scene_free(s);
}

/* Walls and platforms out of reach are left out of the search for contacts, which changes no bit. */
static void what_is_far_away_changes_nothing(void **state)
{
  (void)state;
  static const char *const tasks[] = {"gaps", "maze"};
  for (size_t k = 0; k < VR_LEN(tasks); k++) {
    vr_scene *s;
    vr_env *a, *b;
    double reward;
    float action[MAXACT];
    assert_int_equal(open_scene(tasks[k], 0.002, &s), 0);
    assert_int_equal(vr_env_new(s, &a), 0);
    assert_int_equal(vr_env_new(s, &b), 0);
    assert_int_equal(vr_env_reset(a, 5, NULL), 0);
    assert_int_equal(vr_env_reset(b, 5, NULL), 0);
    vr_rng r = vr_rng_new(1, 0, 0);
    for (int t = 0; t < 100; t++) {
      for (int i = 0; i < 38; i++) action[i] = (float)(2 * vr_rng_uniform(&r) - 1);
      vr_env_step(a, action, NULL, &reward);
      assert_int_equal(vr_physics_step(b->m, b->d, action, 10), 0);
      assert_memory_equal(a->d->qpos, b->d->qpos, (size_t)a->m->nq * sizeof(double));
      assert_memory_equal(a->d->qvel, b->d->qvel, (size_t)a->m->nv * sizeof(double));
    }
    int far = 0;
    for (int i = 0; i < s->places.nboxes; i++) far += !a->m->body_contype[s->places.box + i];
    assert_true(far > (int)(s->places.nboxes - a->ground.nboxes));
    vr_env_free(a);
    vr_env_free(b);
    vr_scene_free(s);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(senses_are_those_of_the_release),
    cmocka_unit_test(the_first_observation),
    cmocka_unit_test(fixed_actions_end_where_they_should),
    cmocka_unit_test(the_activation_follows_with_40_ms),
    cmocka_unit_test(an_episode_follows_from_its_seed),
    cmocka_unit_test(a_drop_starts_above_the_ground),
    cmocka_unit_test(positions_do_not_know_the_place),
    cmocka_unit_test(divergence_ends_an_episode),
    cmocka_unit_test(rewards_are_tolerances),
    cmocka_unit_test(what_is_far_away_changes_nothing),
    cmocka_unit_test(bad_scenes_are_refused),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
