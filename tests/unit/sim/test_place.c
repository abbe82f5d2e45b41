/* Scenes moved to another episode without compiling, and the collider of fields of heights. */
#include "../test.h"
#include "base/rng.h"
#include "sim/controller.h"
#include "sim/env.h"
#include "sim/mjcf.h"
#include "sim/physics.h"
#include "sim/place.h"
#include <math.h>
#include <string.h>
#include <time.h>

#define RADIUS 0.02 // of the ball

static vr_body rat;
static vr_task task;
static vr_ground g;

static int load_rat(void **state)
{
  (void)state;
  return vr_body_load("share/body/rat", &rat);
}

static int free_rat(void **state)
{
  (void)state;
  vr_body_free(&rat);
  return 0;
}

static void begin(const char *spec)
{
  assert_int_equal(vr_task_read("share/task", spec, &task), 0);
  assert_int_equal(vr_ground_new(&task, &g), 0);
}

static void end(void)
{
  vr_ground_free(&g);
  vr_task_free(&task);
}

/* The scene of an episode with a ball in it, compiled; and its data. */
static mjModel *compile(uint64_t seed, int parked, mjData **d)
{
  vr_world w;
  vr_str text = {0};
  mjModel *m;
  assert_int_equal(vr_ground_draw(&task, seed, &g), 0);
  assert_int_equal(vr_task_dress(&task, &g, parked, &w), 0);
  vr_str_addf(&w.after,
    "    <body name=\"ball\" pos=\"0 0 5\"><freejoint/><geom name=\"ball\" type=\"sphere\" "
    "size=\"%g\" condim=\"1\"/></body>\n",
    RADIUS);
  assert_int_equal(vr_mjcf_scene(&rat, &w, 0.001, &text), 0);
  assert_int_equal(vr_physics_compile(vr_str_get(&text), &m), 0);
  assert_int_equal(vr_physics_data(m, d), 0);
  vr_str_free(&text);
  vr_world_free(&w);
  return m;
}

/* reset with the animal where the ground says, at height z */
static void start(const mjModel *m, mjData *d, double z)
{
  assert_int_equal(vr_physics_reset(m, d), 0);
  memcpy(d->qpos, g.spawn, sizeof g.spawn);
  d->qpos[2] = z;
}

static void put_ball(const mjModel *m, mjData *d, double x, double y, double z)
{
  const double at[7] = {x, y, z, 1, 0, 0, 0};
  int j = m->body_jntadr[mj_name2id(m, mjOBJ_BODY, "ball")];
  memcpy(d->qpos + m->jnt_qposadr[j], at, sizeof at);
  memset(d->qvel + m->jnt_dofadr[j], 0, 6 * sizeof(double));
}

static double ball_height(const mjModel *m, const mjData *d)
{
  return d->qpos[m->jnt_qposadr[m->body_jntadr[mj_name2id(m, mjOBJ_BODY, "ball")]] + 2];
}

/* a few steps of 1 ms without any command */
static void run(mjModel *m, mjData *d, int steps)
{
  float action[64] = {0};
  assert_int_equal(vr_physics_forward(m, d), 0);
  if (steps) assert_int_equal(vr_physics_step(m, d, action, steps), 0);
}

static void done(mjModel *m, mjData *d)
{
  mj_deleteData(d);
  mj_deleteModel(m);
}

/* bit for bit */
static void same_contacts(mjModel *m, mjData *d, mjModel *n, mjData *e)
{
  run(m, d, 0);
  run(n, e, 0);
  assert_int_equal(d->ncon, e->ncon);
  for (int i = 0; i < d->ncon; i++) {
    assert_true(d->contact[i].dist == e->contact[i].dist);
    assert_memory_equal(d->contact[i].frame, e->contact[i].frame, 3 * sizeof(double));
  }
}

/* A scene compiled for one episode and moved to another is that episode's own scene: the animal and
 * the ball do the same in both but for roundings, over so many steps. */
static void moved(const char *spec, double height, int steps)
{
  mjData *d, *e;
  vr_places p;
  begin(spec);
  mjModel *m = compile(1, 1, &d);
  assert_int_equal(vr_places_find(m, &p), 0);
  for (uint64_t seed = 2; seed < 5; seed++) {
    mjModel *fresh = compile(seed, 0, &e);
    assert_int_equal(vr_place(&p, &g, m), 0);
    start(m, d, height);
    start(fresh, e, height);
    put_ball(m, d, g.spawn[0] + 0.15, g.spawn[1], height + 0.1);
    put_ball(fresh, e, g.spawn[0] + 0.15, g.spawn[1], height + 0.1);
    same_contacts(m, d, fresh, e);
    run(m, d, steps);
    run(fresh, e, steps);
    double gap = 0;
    for (int i = 0; i < m->nq; i++) gap = fmax(gap, fabs(d->qpos[i] - e->qpos[i]));
    print_message("# %s: %.3g, %d contacts\n", spec, gap, d->ncon);
    assert_true(gap < 1e-9);
    assert_true(d->ncon > 0 && e->ncon == d->ncon);
    done(fresh, e);
  }
  done(m, d);
  end();
}

static void a_moved_scene_is_the_episodes_own(void **state)
{
  (void)state;
  moved("gaps", 0, 200);
  moved("maze", 0, 200);
  moved("twotap", 0, 200);
  moved("bowl", 0.1, 200);
  moved("bowl:collider=libccd", 0.1, 200);
  // its contacts throw the animal about, and roundings with it
  moved("bowl:collider=native", 0.03, 0);
}

/* a ball rests on each platform or wall, wherever it was before */
static void a_ball_rests_on_boxes(void **state)
{
  static const char *const specs[] = {"gaps", "maze"};
  (void)state;
  for (size_t s = 0; s < VR_LEN(specs); s++) {
    mjData *d;
    vr_places p;
    begin(specs[s]);
    mjModel *m = compile(1, 1, &d);
    assert_int_equal(vr_places_find(m, &p), 0);
    assert_int_equal(vr_ground_draw(&task, 9, &g), 0);
    assert_int_equal(vr_place(&p, &g, m), 0);
    for (size_t i = 0; i < g.nboxes; i += 3) {
      const vr_box *b = g.box + i;
      double top = b->pos[2] + b->half[2];
      start(m, d, 0);
      // near a corner too: what hangs on the size has changed with it
      put_ball(m, d, b->pos[0] + 0.9 * b->half[0], b->pos[1] + 0.7 * b->half[1], top + 0.03);
      run(m, d, 500);
      assert_true(fabs(ball_height(m, d) - top - RADIUS) < 0.001);
    }
    done(m, d);
    end();
  }
}

/* the rat stays on a platform that was elsewhere before, and its feet touch that platform */
static void the_rat_rests_on_a_box(void **state)
{
  (void)state;
  mjData *d;
  vr_places p;
  begin("gaps");
  mjModel *m = compile(1, 1, &d);
  assert_int_equal(vr_places_find(m, &p), 0);
  for (uint64_t seed = 3; seed < 6; seed++) {
    assert_int_equal(vr_ground_draw(&task, seed, &g), 0);
    assert_int_equal(vr_place(&p, &g, m), 0);
    g.spawn[0] = g.box[20 + seed].pos[0] + 0.05;
    start(m, d, 0);
    run(m, d, 1000);
    int torso = mj_name2id(m, mjOBJ_BODY, "torso"), feet = 0;
    assert_true(d->xpos[3 * torso + 2] > 0.03 && d->xpos[3 * torso + 2] < 0.08);
    for (int i = 0; i < d->ncon; i++)
      feet += d->contact[i].geom[1] == m->body_geomadr[p.box + 20 + (int)seed] ||
              d->contact[i].geom[0] == m->body_geomadr[p.box + 20 + (int)seed];
    assert_true(feet > 4);
  }
  done(m, d);
  end();
}

/* all of a reset: the draw, placing, finding the bowl's start, the first pass */
static void resets_are_fast(void **state)
{
  static const char *const specs[] = {
    "gaps", "maze", "twotap", "bowl", "bowl:spawn_field=bumps", "bowl:collider=native"};
  (void)state;
  for (size_t s = 0; s < VR_LEN(specs); s++) {
    vr_scene *scene;
    vr_env *e;
    begin(specs[s]);
    assert_int_equal(vr_scene_of(&rat, &task, 0.001, &scene), 0);
    assert_int_equal(vr_env_new(scene, &e), 0);
    clock_t from = clock();
    for (uint64_t seed = 0; seed < 20; seed++) assert_int_equal(vr_env_reset(e, seed, NULL), 0);
    double ms = 1000. * (double)(clock() - from) / CLOCKS_PER_SEC / 20;
    print_message("# %s: %.2f ms\n", specs[s], ms);
    assert_true(ms < 50); // 1 to 3 by an optimised build; sanitised ones are slow
    vr_env_free(e);
    vr_scene_free(scene);
    end();
  }
}

static void too_small_scenes_are_told(void **state)
{
  (void)state;
  mjData *d;
  vr_places p;
  begin("maze");
  mjModel *m = compile(1, 0, &d);
  assert_int_equal(vr_places_find(m, &p), 0);
  p.nboxes = 3;
  assert_int_equal(vr_place(&p, &g, m), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "room for 3 boxes"));
  done(m, d);
  end();
  begin("bowl:samples=21");
  assert_int_equal(vr_ground_draw(&task, 1, &g), 0);
  vr_ground other = g;
  vr_task kept = task;
  begin("twotap");
  m = compile(1, 1, &d);
  assert_int_equal(vr_places_find(m, &p), 0);
  assert_int_equal(vr_place(&p, &other, m), VR_EDATA);
  done(m, d);
  end();
  g = other;
  task = kept;
  end();
}

/* -- the smooth collider -- */

/* a scene of one ball on a field that rises along x, or on a plane of that slope; how far it rolls */
static void roll(int on_field, int shape, double out[3])
{
  static const char *const balls[] = {"sphere\" size=\"0.02", "ellipsoid\" size=\"0.02 0.02 0.02",
    "capsule\" zaxis=\"0 1 0\" size=\"0.02 0.03", "box\" zaxis=\"-0.3 0 1\" size=\"0.02 0.03 0.02"};
  vr_str text = {0};
  mjModel *m;
  mjData *d;
  vr_str_addf(&text,
    "<mujoco><option timestep=\"0.001\" cone=\"elliptic\"/><custom><numeric "
    "name=\"vr_smooth_field\" data=\"1\"/></custom><asset><hfield name=\"f\" nrow=\"21\" "
    "ncol=\"21\" size=\"1 1 0.6 0.1\" elevation=\"");
  for (int i = 0; i < 21 * 21; i++) vr_str_addf(&text, "%.17g ", (i % 21) / 20.);
  vr_str_add(&text, "\"/></asset><worldbody>");
  vr_str_add(&text, on_field ? "<geom type=\"hfield\" hfield=\"f\" pos=\"0 0 -0.3\"/>"
                             : "<geom type=\"plane\" size=\"1 1 1\" zaxis=\"-0.3 0 1\"/>");
  double up = RADIUS * sqrt(1 + 0.09); // vertical distance of the centre
  vr_str_addf(&text,
    "<body pos=\"0.3 0.1 %.17g\"><freejoint/><geom type=\"%s\"/></body></worldbody></mujoco>",
    0.09 + up, balls[shape]);
  assert_int_equal(vr_physics_compile(vr_str_get(&text), &m), 0);
  assert_int_equal(vr_physics_data(m, &d), 0);
  float none[1] = {0};
  assert_int_equal(vr_physics_step(m, d, none, 500), 0);
  memcpy(out, d->qpos, 3 * sizeof *out);
  done(m, d);
  vr_str_free(&text);
}

static void a_ball_rolls_as_on_a_plane(void **state)
{
  (void)state;
  for (int shape = 0; shape < 4; shape++) {
    double field[3], plane[3];
    roll(1, shape, field);
    roll(0, shape, plane);
    print_message("# at %.6f m on the field, %.6f m on the plane\n", field[0], plane[0]);
    // a box slides on the plane by other points than its corners
    for (int k = 0; k < 3; k++) assert_true(fabs(field[k] - plane[k]) < (shape == 3 ? 2e-3 : 1e-5));
    assert_true(shape == 3 || field[0] < 0.1);
  }
}

/* A scene of the rat on a field of equal heights, 5 cm above the plane; NULL task: the flat rules. */
static vr_scene *flat_field(const char *spec)
{
  vr_world w;
  vr_str text = {0};
  vr_scene *s;
  begin(spec);
  assert_int_equal(vr_ground_draw(&task, 1, &g), 0);
  const double upright[7] = {0, 0, 0.05, 1, 0, 0, 0};
  memcpy(g.spawn, upright, sizeof upright);
  assert_int_equal(vr_task_dress(&task, &g, 1, &w), 0);
  assert_int_equal(vr_mjcf_scene(&rat, &w, 0.001, &text), 0);
  assert_int_equal(vr_scene_new(vr_str_get(&text), NULL, &s), 0);
  vr_str_free(&text);
  vr_world_free(&w);
  end();
  return s;
}

static void no_normal_leans_on_equal_heights(void **state)
{
  (void)state;
  mjData *d;
  vr_rng r = vr_rng_new(1, 0, 0);
  begin("bowl:height=0,base=0.05");
  mjModel *m = compile(1, 1, &d);
  memcpy(g.spawn + 3, (double[]){1, 0, 0, 0}, 4 * sizeof(double));
  start(m, d, 0.05);
  run(m, d, 0);
  int field = mj_name2id(m, mjOBJ_GEOM, "terrain"), seen = 0;
  for (int t = 0; t < 50; t++) {
    float action[38];
    for (int i = 0; i < 38; i++) action[i] = (float)(0.7 * vr_rng_normal(&r));
    assert_int_equal(vr_physics_step(m, d, action, 20), 0);
    for (int i = 0; i < d->ncon; i++)
      if (d->contact[i].geom[0] == field) {
        assert_true(d->contact[i].frame[2] == 1);
        seen++;
      }
  }
  assert_true(seen > 100);
  done(m, d);
  end();
}

/* speed of the gait r050 over 4 s after the first half second, m/s */
static double speed(const vr_scene *s)
{
  vr_env *e;
  vr_controller *c;
  double reward, from[2] = {0}, to[2];
  assert_int_equal(vr_env_new(s, &e), 0);
  assert_int_equal(vr_controller_new("run:speed=0.5", "share/gait", vr_scene_layout(s), &c), 0);
  assert_int_equal(vr_env_reset(e, 1, NULL), 0);
  vr_controller_start(c, 1);
  for (int t = 0; t < 225 && !vr_env_done(e); t++) {
    float action[38];
    vr_cue cue;
    vr_event event[VR_CONTROLLER_EVENTS];
    vr_env_cue(e, &cue);
    vr_controller_act(c, &cue, action, event);
    vr_env_step(e, action, NULL, &reward);
    vr_env_cue(e, &cue);
    to[0] = cue.x;
    to[1] = cue.y;
    if (t == 24) memcpy(from, to, sizeof from);
  }
  vr_controller_free(c);
  vr_env_free(e);
  return hypot(to[0] - from[0], to[1] - from[1]) / 4;
}

static void the_rat_runs_on_equal_heights(void **state)
{
  (void)state;
  vr_scene *s = flat_field("bowl:height=0,base=0.05");
  double v = speed(s);
  vr_scene_free(s);
  print_message("# r050 on a field of equal heights: %.3f m/s\n", v);
  assert_true(v >= 0.35);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_moved_scene_is_the_episodes_own),
    cmocka_unit_test(a_ball_rests_on_boxes),
    cmocka_unit_test(the_rat_rests_on_a_box),
    cmocka_unit_test(resets_are_fast),
    cmocka_unit_test(too_small_scenes_are_told),
    cmocka_unit_test(a_ball_rolls_as_on_a_plane),
    cmocka_unit_test(no_normal_leans_on_equal_heights),
    cmocka_unit_test(the_rat_runs_on_equal_heights),
  };
  return cmocka_run_group_tests(tests, load_rat, free_rat);
}
