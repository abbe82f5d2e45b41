#include "../test.h"
#include "sim/gait.h"
#include <math.h>
#include <string.h>
#include "rat.h"

#define GAITS "share/gait"

/* A layout without an engine: four actuators. */
static char *names[] = {"lumbar_bend", "hip_L_extend", "hip_R_extend", "toe_L"};
static const double hold[] = {0, 0.2, 0.2, -1};
static const vr_axis actuators = {"actuator", 4, names};
static const vr_layout small = {.nact = 4, .naxes = 1, .axis = &actuators, .hold = hold};

static void the_formula(void **state)
{
  (void)state;
  vr_gait g = {.n = 2,
    .frequency = 2,
    .row = {{0.1, 0.2, 0.3, 0.05, -0.4, -0.4, 0.3}, {0.9, 0.5, 0, 0, 0, 0, -2}}};
  double u[2], t = 1.1, s = 0.5;
  vr_gait_act(&g, t, s, u);
  double want = 0.1 + 1.15 * (0.2 * sin(t + 0.3) + 0.05 * sin(2 * t - 0.4)) - 0.2;
  assert_true(fabs(u[0] - want) < 1e-15);
  // 1 - 2 * 0.5 = 0: no amplitude is left; and never a negative one
  assert_true(u[1] == 0.9);
  vr_gait_act(&g, t, 1, u);
  assert_true(u[1] == 0.9);
  // commands stay in -1 .. 1
  vr_gait_act(&g, M_PI / 2, -1, u);
  assert_true(u[1] == 1);
}

static void speeds_between_gaits(void **state)
{
  (void)state;
  vr_gait list[3] = {{.n = 1, .frequency = 2, .speed = 0, .row = {{.offset = 0}}},
    {.n = 1, .frequency = 4, .speed = 0.5, .row = {{.offset = 1, .amp1 = 1, .phase1 = 3}}},
    {.n = 1, .frequency = 8, .speed = 1, .row = {{.offset = 0, .amp1 = 0, .phase1 = -3}}}},
          g;
  vr_gait_at(list, 3, 0.25, &g);
  assert_true(g.frequency == 3 && g.row[0].offset == 0.5 && g.row[0].amp1 == 0.5);
  for (int k = 0; k < 3; k++) {
    vr_gait_at(list, 3, list[k].speed, &g);
    assert_true(g.frequency == list[k].frequency && g.row[0].offset == list[k].row[0].offset);
  }
  // from 3 to -3 over pi, not over 0
  vr_gait_at(list, 3, 0.75, &g);
  assert_true(fabs(fabs(g.row[0].phase1) - M_PI) < 1e-12);
  // beyond the ends it stays
  vr_gait_at(list, 3, 2, &g);
  assert_true(g.frequency == 8);
  vr_gait_at(list, 1, 2, &g);
  assert_true(g.frequency == 2);
}

/* Two harmonics through the filter of the activations: the place is told wherever in the period it is
 * played, nothing is told of an animal that rests, and the law without a clock goes round by itself. */
static void a_place_in_a_period(void **state)
{
  (void)state;
  enum { STEPS = 40 };
  const double step = 2 * M_PI / STEPS, keep = 0.6;
  vr_gait g = {.n = 4,
    .frequency = 1 / (STEPS * 0.02),
    .row = {{.offset = 0.3, .steer = 1},
      {.offset = 0.1, .amp1 = 0.3, .phase1 = 0.5, .amp2 = 0.4, .phase2 = -1},
      {.offset = -0.2, .amp1 = 0.5, .phase1 = -2, .amp2 = 0.1, .phase2 = 2},
      {.offset = 0.99, .amp1 = 1}}};
  double act[4] = {0}, rest[4] = {0}, u[4], theta = 7;
  assert_int_equal(vr_gait_place(&g, rest, rest, keep, STEPS, &theta), 0);
  assert_true(theta == 7);
  for (int k = 0; k < 3 * STEPS; k++) {
    vr_gait_act(&g, k * step, 0, u);
    for (int i = 0; i < 4; i++) act[i] = keep * act[i] + (1 - keep) * u[i];
    if (k < STEPS) continue;
    assert_int_equal(vr_gait_place(&g, act, rest, keep, STEPS, &theta), 1);
    assert_true(fabs(remainder(theta - (k + 1) * step, 2 * M_PI)) < 1e-9);
  }
  double turned = 0, before = theta;
  for (int k = 0; k < 5 * STEPS; k++) {
    vr_gait_act(&g, theta, 0, u);
    for (int i = 0; i < 4; i++) act[i] = keep * act[i] + (1 - keep) * u[i];
    assert_int_equal(vr_gait_place(&g, act, rest, keep, STEPS, &theta), 1);
    turned += remainder(theta - before, 2 * M_PI);
    before = theta;
  }
  assert_true(fabs(turned - 10 * M_PI) < 1e-9);
}

static void steering_goes_the_short_way(void **state)
{
  (void)state;
  assert_true(fabs(vr_gait_steer(0, 0.3) - 0.3) < 1e-15);
  assert_true(fabs(vr_gait_steer(3.1, -3.1) - (2 * M_PI - 6.2)) < 1e-12);
  assert_true(vr_gait_steer(0, 2) == 1 && vr_gait_steer(0, -2) == -1);
}

static void tables_hold_what_was_found(void **state)
{
  (void)state;
  vr_scene *s;
  vr_gait g;
  vr_righting r;
  assert_int_equal(open_scene("flat", 0.001, &s), 0);
  const vr_layout *l = vr_scene_layout(s);
  assert_int_equal(vr_gait_read(GAITS, "r050", l, &g), 0);
  // rounded numbers of the sheet: lumbar_extend, left and right knee; mandible holds
  assert_true(fabs(g.frequency - 5.581) < 5e-4 && g.n == 38);
  assert_true(fabs(g.row[0].offset + 0.147) < 5e-4 && fabs(g.row[0].amp1 - 0.336) < 5e-4);
  assert_true(fabs(g.row[0].phase1 - 2.349) < 5e-4);
  assert_true(fabs(g.row[11].amp1 - 0.143) < 5e-4 && g.row[11].phase1 == g.row[17].phase1);
  assert_true(g.row[21].offset == l->hold[21] && g.row[21].amp1 == 0);
  assert_true(g.row[1].steer == -0.4 && g.row[10].scale == -0.3 && g.row[16].scale == 0.3);
  // the trot's right side is half a period later
  assert_int_equal(vr_gait_read(GAITS, "rtrot", l, &g), 0);
  double u[VR_GAIT_MAX], v[VR_GAIT_MAX];
  vr_gait_act(&g, 0.7, 0, u);
  vr_gait_act(&g, 0.7 + M_PI, 0, v);
  for (int i = 8; i < 14; i++) assert_true(fabs(u[i] - v[i + 6]) < 1e-5);
  // each gait of the list can be read, and a wrong one is named
  static const char *const all[] = {"r050", "r067", "r070", "leap100", "leap", "rtrot", "rear"};
  for (size_t i = 0; i < VR_LEN(all); i++) assert_int_equal(vr_gait_read(GAITS, all[i], l, &g), 0);
  assert_int_equal(vr_gait_read(GAITS, "canter", l, &g), VR_EARG);
  assert_int_equal(vr_gait_read("nowhere", "r050", l, &g), VR_EIO);
  // a table for another animal
  assert_int_equal(vr_gait_read(GAITS, "r050", &small, &g), VR_EDATA);
  assert_int_equal(vr_righting_read(GAITS, &small, &r), VR_EDATA);
  vr_scene_free(s);
}

static void righting_by_hand(void **state)
{
  (void)state;
  vr_righting r = {
    .n = 1, .frequency = 2.5, .side = 1, .hold = {0.1}, .row = {{0.1, 0.2, 0.3, 0.05, 0.4, 0.5}}};
  double u;
  // upright: hold
  vr_cue cue = {.torso = {0, 0, 1}, .pelvis = {0, 0, 1}};
  assert_false(vr_righting_update(&r, &cue));
  vr_righting_act(&r, &cue, &u);
  assert_true(u == 0.1);
  // on its right side: side -1, all of the kick, the clock starts anew
  cue = (vr_cue){.torso = {0, -0.9, 0}, .pelvis = {0, -0.8, -0.1}};
  assert_true(vr_righting_update(&r, &cue));
  vr_righting_act(&r, &cue, &u);
  assert_true(fabs(u - (0.1 + 0.1 - 0.2 + 0.05 - 0.5)) < 1e-15);
  double phi = 2 * M_PI * 2.5 * 0.02, s = sin(phi), c = cos(phi);
  vr_righting_act(&r, &cue, &u);
  assert_true(fabs(u - (0.1 + 0.1 - 0.2 + (0.3 - 0.4) * s + (0.05 - 0.5) * c)) < 1e-15);
  // a small y keeps the side; half tipped, the kick is weaker; it ends above 0.86 only
  cue = (vr_cue){.torso = {0, 0.05, 0.7}, .pelvis = {0, 0.05, 0.7}};
  assert_true(vr_righting_update(&r, &cue));
  vr_righting_act(&r, &cue, &u);
  assert_true(r.side == -1 && fabs(u) < 0.4);
  cue.torso[2] = cue.pelvis[2] = 0.9;
  assert_false(vr_righting_update(&r, &cue));
}

/* The gaits in the physics, shortly; tests/peers/test_sim.py plays the whole table. */
static double play(const char *gait, int steps, int *fell)
{
  vr_scene *s;
  vr_env *e;
  vr_gait g;
  vr_cue cue;
  double u[VR_GAIT_MAX], reward, theta = 1, x0 = 0, y0 = 0;
  float action[VR_GAIT_MAX];
  assert_int_equal(open_scene("flat:noise=0.1", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_gait_read(GAITS, gait, vr_scene_layout(s), &g), 0);
  assert_int_equal(vr_env_reset(e, 3, NULL), 0);
  *fell = 0;
  for (int k = 0; k < steps; k++) {
    vr_env_cue(e, &cue);
    if (k == 25) x0 = cue.x, y0 = cue.y;
    if (k > 20) *fell |= fmin(cue.torso[2], cue.pelvis[2]) < 0.3;
    theta += 2 * M_PI * g.frequency * VR_CONTROL_STEP;
    vr_gait_act(&g, theta, vr_gait_steer(cue.heading, 0), u);
    for (int i = 0; i < 38; i++) action[i] = (float)u[i];
    vr_env_step(e, action, NULL, &reward);
  }
  vr_env_cue(e, &cue);
  vr_env_free(e);
  vr_scene_free(s);
  return hypot(cue.x - x0, cue.y - y0) / ((steps - 25) * VR_CONTROL_STEP);
}

static void they_run_and_trot(void **state)
{
  (void)state;
  int fell;
  double v = play("r050", 150, &fell);
  if (!(v > 0.4 && v < 0.52) || fell) fail_msg("r050: %g m/s, fell %d", v, fell);
  v = play("rtrot", 150, &fell);
  if (!(v > 0.2 && v < 0.34) || fell) fail_msg("rtrot: %g m/s, fell %d", v, fell);
}

static void it_gets_up(void **state)
{
  (void)state;
  vr_scene *s;
  vr_env *e;
  vr_cue cue;
  static vr_righting r;
  double u[VR_GAIT_MAX], reward;
  float action[VR_GAIT_MAX];
  assert_int_equal(open_scene("flat:drop=1", 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  const vr_layout *l = vr_scene_layout(s);
  assert_int_equal(vr_righting_read(GAITS, l, &r), 0);
  for (uint64_t k = 0; k < 3; k++) {
    assert_int_equal(vr_env_reset(e, vr_trial_seed(1, (uint32_t)k), NULL), 0);
    vr_righting_start(&r);
    for (int i = 0; i < 100; i++) {
      vr_env_cue(e, &cue);
      if (vr_righting_update(&r, &cue))
        vr_righting_act(&r, &cue, u);
      else
        memcpy(u, l->hold, sizeof(double) * 38);
      for (int j = 0; j < 38; j++) action[j] = (float)u[j];
      vr_env_step(e, action, NULL, &reward);
    }
    vr_env_cue(e, &cue);
    assert_true(cue.torso[2] > 0.8 && cue.pelvis[2] > 0.8);
  }
  vr_env_free(e);
  vr_scene_free(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_formula),
    cmocka_unit_test(speeds_between_gaits),
    cmocka_unit_test(a_place_in_a_period),
    cmocka_unit_test(steering_goes_the_short_way),
    cmocka_unit_test(tables_hold_what_was_found),
    cmocka_unit_test(righting_by_hand),
    cmocka_unit_test(they_run_and_trot),
    cmocka_unit_test(it_gets_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
