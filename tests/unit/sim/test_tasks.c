/* The rules of gaps, maze, bowl and twotap: rewards, ends, cues, and what an orb feels. */
#include "../test.h"
#include "base/rng.h"
#include "sim/physics.h"
#include "sim/play.h"
#include "rat.h"
#include <math.h>
#include <string.h>

enum { MAXOBS = 256, MAXACT = 64 };

static vr_scene *s;
static vr_env *e;
static double obs[MAXOBS];
static float hold[MAXACT];

static void begin(const char *task, uint64_t seed)
{
  assert_int_equal(open_scene(task, 0.001, &s), 0);
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_env_reset(e, seed, obs), 0);
  for (size_t i = 0; i < vr_scene_layout(s)->nact; i++)
    hold[i] = (float)vr_scene_layout(s)->hold[i];
}

static void end(void)
{
  vr_env_free(e);
  vr_scene_free(s);
}

/* The root at (x, y, z), turned by `angle` around y and moving at v along x; then the reward. */
static double reward_at(double x, double z, double angle, double v)
{
  const double q[7] = {x, 0, z, cos(angle / 2), 0, sin(angle / 2), 0};
  assert_int_equal(vr_physics_reset(e->m, e->d), 0);
  memcpy(e->d->qpos + s->senses.qpos, q, sizeof q);
  e->d->qvel[s->senses.qvel] = v;
  mj_forward(e->m, e->d);
  return s->play->after(e);
}

static double step(void)
{
  double reward;
  vr_env_step(e, hold, obs, &reward);
  return reward;
}

static int events_named(const char *name)
{
  size_t n;
  int count = 0;
  const vr_event *event = vr_env_events(e, &n);
  for (size_t i = 0; i < n; i++) count += !strcmp(event[i].name, name);
  return count;
}

static void time_limits(void **state)
{
  static const struct {
    const char *task;
    double seconds;
  } want[] = {{"flat", 30}, {"gaps", 30}, {"maze", 30}, {"bowl", 20}, {"twotap", 30}};
  (void)state;
  for (size_t i = 0; i < VR_LEN(want); i++) {
    vr_task t = {0};
    assert_int_equal(vr_task_read("share/task", want[i].task, &t), 0);
    assert_true(vr_task_seconds(&t) == want[i].seconds);
    vr_task_free(&t);
  }
}

/* -- gaps -- */

static void gaps_pay_speed(void **state)
{
  static const double v[] = {0, 0.25, 0.5, 1, 1.5, 2, 3, -1};
  static const double want[] = {0, 0.25, 0.5, 1, 0.5, 0, 0, 0};
  (void)state;
  begin("gaps", 1);
  assert_true(e->d->qpos[0] == 5 && e->d->qpos[1] == 0 && e->d->qpos[2] == 0);
  for (size_t i = 0; i < VR_LEN(v); i++)
    assert_true(fabs(reward_at(5, 0, 0, v[i]) - want[i]) < 1e-12);
  end();
}

static void gaps_end_below(void **state)
{
  (void)state;
  begin("gaps", 1);
  step();
  assert_null(vr_env_done(e));
  assert_true(vr_env_discount(e) == 1);
  reward_at(5, -0.2, 0, 0);
  assert_null(vr_env_done(e));
  reward_at(5, -0.4, 0, 0);
  assert_string_equal(vr_env_done(e), "fell into a gap");
  assert_true(vr_env_discount(e) == 0);
  assert_int_equal(events_named("plunge"), 1);
  // and nothing of it is left in the next episode
  assert_int_equal(vr_env_reset(e, 2, obs), 0);
  assert_null(vr_env_done(e));
  assert_true(vr_env_discount(e) == 1);
  end();
}

static void gaps_are_crossed_once(void **state)
{
  (void)state;
  begin("gaps", 3);
  int crossed = 0;
  double width = 0;
  const vr_ground *g = &e->ground;
  for (double x = 5; x < 9; x += 0.01) {
    e->nevents = 0;
    reward_at(x, 0, 0, 0);
    crossed += events_named("jump");
    if (events_named("jump")) width += e->event[0].value;
  }
  // torso's origin is 0.031 m before the root's
  int want = 0;
  double wide = 0;
  for (size_t i = 2; i < g->nboxes; i++) {
    double edge = g->box[i].pos[0] - g->box[i].half[0];
    if (edge > 8.99 + 0.03) break;
    want++;
    wide += edge - g->box[i - 1].pos[0] - g->box[i - 1].half[0];
  }
  assert_true(want >= 2);
  assert_int_equal(crossed, want);
  assert_true(fabs(width - wide) < 1e-9);
  end();
}

/* -- bowl -- */

static void bowl_pays_distance_and_uprightness(void **state)
{
  (void)state;
  begin("bowl", 1);
  // the head is straight above the centre, at its own height
  double head = reward_at(0, 0, 0, 0);
  const double *at = e->d->site_xpos + 3 * s->senses.head;
  assert_true(fabs(head - sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]) / 6) < 1e-12);
  assert_true(reward_at(-at[0], -at[2], 0, 0) < 1e-6); // 0 at the centre
  assert_true(reward_at(6.5, 1, 0, 0) == 1);
  assert_true(fabs(reward_at(8, 1, acos(-0.0669872981), 0) - 0.5) < 1e-6);
  assert_true(fabs(reward_at(8, 1, M_PI, 0)) < 1e-6);
  assert_true(fabs(reward_at(3, 0, 0, 0) - 0.5) < 0.02);
  assert_null(vr_env_done(e));
  end();
}

/* Before the bumps appear nothing is touched; with the release's rule they then are. */
static void bowl_starts_in_contact_or_not(void **state)
{
  (void)state;
  int touching = 0;
  begin("bowl", 1);
  for (uint64_t seed = 1; seed <= 10; seed++) {
    assert_int_equal(vr_env_reset(e, seed, obs), 0);
    assert_true(e->d->qpos[2] > 0.01 && e->d->qpos[2] < 0.3);
    touching += e->d->ncon > 0;
  }
  assert_int_equal(touching, 10);
  end();
  begin("bowl:spawn_field=1", 1);
  for (uint64_t seed = 1; seed <= 10; seed++) {
    assert_int_equal(vr_env_reset(e, seed, obs), 0);
    assert_int_equal(e->d->ncon, 0);
  }
  end();
}

static void cues_are_only_told_when_asked(void **state)
{
  (void)state;
  begin("bowl", 1);
  assert_int_equal(vr_scene_layout(s)->nobs, 158);
  end();
  begin("bowl:cues=release", 1);
  const vr_sense *o = find_sense(s, "origin");
  assert_non_null(o);
  assert_int_equal(vr_scene_layout(s)->nobs, 161);
  // R * told + p = 0
  const double *p = e->d->xpos + 3 * s->senses.torso, *r = e->d->xmat + 9 * s->senses.torso;
  for (int k = 0; k < 3; k++) {
    double x = p[k];
    for (int j = 0; j < 3; j++) x += r[3 * k + j] * obs[o->first + (size_t)j];
    assert_true(fabs(x) < 1e-12);
  }
  end();
  begin("twotap:cues=release", 1);
  assert_int_equal(vr_scene_layout(s)->nobs, 159);
  const vr_sense *logic = find_sense(s, "task_logic");
  memcpy(e->is.place, e->d->xpos + 3 * s->feeler[VR_HAND_L].body, sizeof e->is.place);
  assert_true(step() > 25);
  assert_true(obs[logic->first] == 0); // the senses come before the reward
  step();
  assert_true(obs[logic->first] == 1);
  end();
}

/* -- maze -- */

static void maze_pays_each_orb_once(void **state)
{
  (void)state;
  begin("maze", 4);
  int n = (int)e->ground.norbs, taken = mj_name2id(e->m, mjOBJ_MATERIAL, "orb_taken");
  assert_true(n >= 3 && taken >= 0);
  assert_true(step() == 0);
  for (int k = 0; k < n; k++) {
    double *pos = e->ground.orb[k].pos;
    memcpy(pos, e->d->xpos + 3 * s->senses.torso, 3 * sizeof *pos);
    assert_true(step() == 50);
    assert_int_equal(events_named("orb"), 1);
    assert_true(e->event[0].value == n - 1 - k);
    assert_int_equal(e->m->geom_matid[e->m->body_geomadr[s->places.orb + k]], taken);
    assert_true((vr_env_done(e) != NULL) == (k == n - 1));
  }
  assert_string_equal(vr_env_done(e), "all orbs taken");
  assert_true(vr_env_discount(e) == 1);
  assert_int_equal(vr_env_reset(e, 4, obs), 0);
  assert_int_not_equal(e->m->geom_matid[e->m->body_geomadr[s->places.orb]], taken);
  assert_int_equal(e->is.ntaken, 0);
  end();
}

/* -- twotap -- */

/* A hand is at the orb from one ms to another; the orb is moved, for the rat to rest. */
static struct {
  int from, to;
} touch[3];
static vr_play scripted;

static void move_orb(vr_env *env)
{
  int ms = (int)lrint(1000 * env->d->time), on = 0;
  for (size_t i = 0; i < VR_LEN(touch); i++) on |= ms >= touch[i].from && ms <= touch[i].to;
  const double *hand = env->d->geom_xpos + 3 * s->feeler[VR_HAND_R].geom[0];
  const double away[3] = {1, 1, 0.14};
  memcpy(env->is.place, on ? hand : away, sizeof away);
  vr_play_twotap.during(env);
}

/* Rewards of 25 until `steps`; *second: when the last orb was judged; *next: when it was replaced. */
static int paid(int steps, const char *judged, double *second, double *next)
{
  int sum = 0;
  *second = *next = NAN;
  assert_int_equal(vr_env_reset(e, 1, obs), 0);
  for (int k = 0; k < steps; k++) {
    double reward = step();
    assert_true(reward == 0 || reward == 25);
    sum += reward > 0;
    if (events_named(judged)) *second = e->d->time;
    if (events_named("orb") && isnan(*next)) *next = e->d->time - 0.02;
  }
  return sum;
}

static void script(int from0, int to0, int from1, int to1, int from2, int to2)
{
  memset(touch, 0, sizeof touch);
  touch[0].from = from0, touch[0].to = to0;
  touch[1].from = from1, touch[1].to = to1;
  touch[2].from = from2, touch[2].to = to2;
}

static void twotap_pays_in_time(void **state)
{
  (void)state;
  double second, next;
  begin("twotap:close=0", 1);
  scripted = vr_play_twotap;
  scripted.during = move_orb;
  s->play = &scripted;
  // any time within a control step, 0.72 to 0.88 s apart
  static const int good[] = {720, 800, 880};
  for (size_t i = 0; i < VR_LEN(good); i++)
    for (int at = 101; at <= 120; at += i == 1 ? 3 : 9) {
      script(at, at, at + good[i], at + good[i], -1, -1);
      assert_int_equal(paid(55, "second-tap", &second, &next), 2);
      assert_true(fabs(second - 0.12 - good[i] / 1000.0) < 1e-9);
      assert_true(fabs(next - second - 0.02) < 1e-9);
    }
  // 0.69 s: 34 control steps; 0.91 s: 46
  script(101, 101, 791, 791, -1, -1);
  assert_int_equal(paid(110, "too-soon", &second, &next), 1);
  assert_true(fabs(second - 0.12 - 0.68) < 1e-9);
  assert_true(next - second > 1.2 && next - second < 1.245);
  script(120, 120, 1030, 1030, -1, -1);
  assert_int_equal(paid(120, "too-late", &second, &next), 1);
  assert_true(second - 0.12 > 0.89 && second - 0.12 < 0.93);
  assert_true(next - second > 1.2 && next - second < 1.245);
  end();
}

static void twotap_refuses_a_resting_paw(void **state)
{
  (void)state;
  double second, next;
  begin("twotap:close=0", 1);
  scripted = vr_play_twotap;
  scripted.during = move_orb;
  s->play = &scripted;
  // for 0.2 s it is one touch (the engine's clock decides the last ms), for longer it is the second
  script(105, 304, 905, 905, -1, -1);
  assert_int_equal(paid(55, "second-tap", &second, &next), 2);
  script(105, 310, 905, 905, -1, -1);
  assert_int_equal(paid(55, "too-soon", &second, &next), 1);
  assert_true(fabs(second - 0.32) < 1e-9);
  script(105, 1400, -1, -1, -1, -1);
  assert_int_equal(paid(55, "too-soon", &second, &next), 1);
  // 0.3 s apart, and again in the time-out at what would have been right
  script(105, 105, 405, 405, 905, 905);
  assert_int_equal(paid(80, "too-soon", &second, &next), 1);
  assert_true(fabs(second - 0.42) < 1e-9);
  assert_int_equal(paid(60, "too-soon", &second, &next), 1);
  int blue = mj_name2id(e->m, mjOBJ_MATERIAL, "orb_twice");
  assert_int_equal(e->m->geom_matid[e->m->body_geomadr[s->places.orb]], blue);
  // too late: the time-out runs from the end of the window, a touch in it pays nothing
  script(105, 105, 1500, 1500, -1, -1);
  assert_int_equal(paid(100, "too-late", &second, &next), 1);
  assert_int_equal(e->m->geom_matid[e->m->body_geomadr[s->places.orb]], blue);
  end();
}

static void twotap_colours(void **state)
{
  (void)state;
  begin("twotap", 1);
  int geom = e->m->body_geomadr[s->places.orb];
  int green = mj_name2id(e->m, mjOBJ_MATERIAL, "orb"),
      once = mj_name2id(e->m, mjOBJ_MATERIAL, "orb_once");
  assert_int_equal(e->m->geom_matid[geom], green);
  scripted = vr_play_twotap;
  scripted.during = move_orb;
  s->play = &scripted;
  script(5, 5, -1, -1, -1, -1);
  step();
  assert_int_equal(e->m->geom_matid[geom], once);
  end();
}

static void hands_are_eight_geoms(void **state)
{
  (void)state;
  begin("twotap", 1);
  assert_int_equal(s->feeler[VR_HAND_L].n + s->feeler[VR_HAND_R].n, 8);
  assert_int_equal(s->feeler[VR_ANIMAL].n, 100);
  assert_true(s->feeler[VR_HAND_L].reach < 0.05);
  end();
}

/* Distances of geoms to points against the engine's, of geoms to a small ball. */
static void distances_are_those_of_the_engine(void **state)
{
  (void)state;
  begin("twotap:radius=0.005", 1);
  vr_rng r = vr_rng_new(1, 0, 0);
  int orb = e->m->body_geomadr[s->places.orb], shapes[mjNGEOMTYPES] = {0};
  for (int i = 0; i < s->feeler[VR_ANIMAL].n; i++) {
    int g = s->feeler[VR_ANIMAL].geom[i];
    for (int tries = 0; tries < 20; tries++) {
      double p[3];
      for (int k = 0; k < 3; k++)
        p[k] = e->d->geom_xpos[3 * g + k] + 0.06 * (vr_rng_uniform(&r) - 0.5);
      double mine = vr_geom_distance(e->m, e->d, g, p);
      if (mine < 0.006) continue; // the engine's is of surfaces: its ball must not overlap
      memcpy(e->d->geom_xpos + 3 * orb, p, sizeof p);
      double theirs = mj_geomDistance(e->m, e->d, orb, g, 1, NULL) + 0.005;
      if (fabs(mine - theirs) > 1e-5) fail_msg("geom %d: %.9g, engine %.9g", g, mine, theirs);
      shapes[e->m->geom_type[g]]++;
    }
  }
  assert_true(shapes[mjGEOM_SPHERE] > 50 && shapes[mjGEOM_CAPSULE] > 50);
  assert_true(shapes[mjGEOM_ELLIPSOID] > 50 && shapes[mjGEOM_BOX] > 20);
  end();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(time_limits),
    cmocka_unit_test(gaps_pay_speed),
    cmocka_unit_test(gaps_end_below),
    cmocka_unit_test(gaps_are_crossed_once),
    cmocka_unit_test(bowl_pays_distance_and_uprightness),
    cmocka_unit_test(bowl_starts_in_contact_or_not),
    cmocka_unit_test(cues_are_only_told_when_asked),
    cmocka_unit_test(maze_pays_each_orb_once),
    cmocka_unit_test(twotap_pays_in_time),
    cmocka_unit_test(twotap_refuses_a_resting_paw),
    cmocka_unit_test(twotap_colours),
    cmocka_unit_test(hands_are_eight_geoms),
    cmocka_unit_test(distances_are_those_of_the_engine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
