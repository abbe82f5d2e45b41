/* A network made by hand: one of its eight units, when its cell is 1, makes the rat fall. */
#include "io/ablation.h"
#include "io/record.h"
#include "io/stage_events.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/rng.h"
#include "nn/conf.h"
#include "sim/controller.h"
#include "rat.h"

enum { TIPS = 2, UNITS = 8 };

static vr_scene *scene;
static vr_policy tipping, quiet, rearing;

static float *tensor(const vr_policy *p, const char *name, size_t *cols)
{
  size_t n;
  const vr_tensor *w = vr_agent_tensors(p->agent, &n);
  for (size_t i = 0; i < n; i++)
    if (!strcmp(w[i].name, name)) {
      *cols = w[i].cols;
      return p->param + w[i].first;
    }
  fail_msg("no tensor %s", name);
  return NULL;
}

/* Legs stretched on the left, folded on the right: it falls after 0.3 s. */
static double to_fall(size_t i)
{
  const vr_layout *l = vr_scene_layout(scene);
  const char *name = vr_layout_axis(l, "actuator")->name[i];
  return strstr(name, "_L") ? 1 : strstr(name, "_R") ? -1 : l->hold[i];
}

static float reared[64]; /* the commands of one that rears, when it is highest */

static double to_rear(size_t i)
{
  return (double)reared[i];
}

static int find_rearing(void)
{
  vr_env *e = NULL;
  vr_controller *c = NULL;
  double reward;
  int code = vr_env_new(scene, &e);
  if (!code) code = vr_controller_new("rear", "share/gait", vr_scene_layout(scene), &c);
  if (!code) code = vr_env_reset(e, 1, NULL);
  if (!code) vr_controller_start(c, 1);
  for (int i = 0; i < 50 && !code; i++) {
    vr_cue cue;
    vr_event event[VR_CONTROLLER_EVENTS];
    vr_env_cue(e, &cue);
    vr_controller_act(c, &cue, reared, event);
    vr_env_step(e, reared, NULL, &reward);
  }
  vr_controller_free(c);
  vr_env_free(e);
  return code;
}

/* g: what goes into the cell of the unit that moves the animal to `pose`. */
static int make_policy(double g, double (*pose)(size_t), vr_policy *p)
{
  static const char conf[] =
    "inputs body_height\ncolumns 1\nactions 38\neye none\nfeatures 0\nmlp none\ncore 1\npolicy 8\n"
    "skips no\nhead none\ncritic none\nprivate 0\nvalues 1\nfloor 0.05\nspread 0.25\n";
  vr_arch a;
  size_t cols;
  VR_TRY(vr_conf_parse("tips", conf, strlen(conf), &a));
  VR_TRY(vr_policy_new(&a, p));
  const vr_layout *l = vr_scene_layout(scene);
  // gates i f g o of the unit: in, forget, what, out
  float *b = tensor(p, "policy1/b", &cols);
  b[TIPS] = b[3 * UNITS + TIPS] = 20;
  b[UNITS + TIPS] = -20;
  b[2 * UNITS + TIPS] = (float)g;
  float *w = tensor(p, "action/w", &cols);
  for (size_t i = 0; i < l->nact; i++) {
    p->offset[i] = (float)l->hold[i];
    w[TIPS * cols + i] = (float)((pose(i) - l->hold[i]) / tanh(1));
  }
  return 0;
}

static int open_all(void **state)
{
  (void)state;
  int code = open_scene("flat", 0.002, &scene);
  if (!code) code = make_policy(20, to_fall, &tipping);
  if (!code) code = make_policy(0, to_fall, &quiet);
  if (!code) code = find_rearing();
  if (!code) code = make_policy(20, to_rear, &rearing);
  return code;
}

static int close_all(void **state)
{
  (void)state;
  vr_policy_free(&tipping);
  vr_policy_free(&quiet);
  vr_policy_free(&rearing);
  vr_scene_free(scene);
  return 0;
}

static vr_lesion_par trials_of(const vr_policy *p)
{
  return (vr_lesion_par){
    .scene = scene, .policy = p, .seed = 1, .trials = 2, .frames = 40, .goal = {.event = "fall"}};
}

static void held_units_take_their_behaviour_with_them(void **state)
{
  (void)state;
  vr_lesion_par par = trials_of(&tipping);
  static const size_t one[] = {TIPS}, others[] = {0, 1, 3, 4, 5, 6, 7};
  static const double zero[7] = {0}, half[7] = {.5, .5, .5, .5, .5, .5, .5};
  vr_lesion c[] = {{0}, {.layer = 1, .n = 1, .unit = one, .value = zero},
    {.layer = 1, .n = 7, .unit = others, .value = half},
    {.layer = 1, .n = 1, .unit = one, .value = half}};
  vr_lesion_trial t[8], again[8];
  vr_pool many = {4};
  assert_int_equal(vr_lesion_run(&par, c, 4, NULL, NULL, t), 0);
  static const size_t falls[] = {1, 1, 0, 0, 1, 1};
  for (int i = 0; i < 6; i++) {
    assert_int_equal(t[i].successes, falls[i]);
    assert_int_equal(t[i].attempts, 1);
    assert_int_equal(t[i].frames, 40);
  }
  // units that nothing comes of change nothing, to the bit
  assert_true(t[0].total == t[4].total && t[0].total != t[6].total);
  assert_int_equal(vr_lesion_run(&par, c, 4, &many, NULL, again), 0);
  assert_memory_equal(t, again, sizeof t);
  // what cannot be
  vr_lesion bad[] = {{.layer = 2, .n = 1, .unit = one, .value = zero}};
  assert_int_equal(vr_lesion_run(&par, bad, 1, NULL, NULL, t), VR_EARG);
}

static void driven_units_bring_their_behaviour(void **state)
{
  (void)state;
  vr_lesion_par par = trials_of(&quiet);
  static const size_t tips[] = {TIPS}, other[] = {3};
  double ones[25], late[25] = {0};
  for (int i = 0; i < 25; i++) ones[i] = 1;
  vr_mat on = {25, 1, ones, 0}, off = {25, 1, late, 0};
  vr_lesion c[] = {{0}, {.layer = 1, .n = 1, .unit = tips, .course = &on, .at = 0.1},
    {.layer = 1, .n = 1, .unit = other, .course = &on, .at = 0.1},
    {.layer = 1, .n = 1, .unit = tips, .course = &off, .at = 0.1}};
  vr_lesion_trial t[8];
  par.goal.from = 0.1;
  par.goal.to = 0.7;
  assert_int_equal(vr_lesion_run(&par, c, 4, NULL, NULL, t), 0);
  static const size_t falls[] = {0, 0, 1, 1, 0, 0, 0, 0};
  for (int i = 0; i < 8; i++) assert_int_equal(t[i].successes, falls[i]);
  // a fall that comes outside of the part that counts
  par.goal.to = 0.3;
  assert_int_equal(vr_lesion_run(&par, c, 2, NULL, NULL, t), 0);
  assert_int_equal(t[2].successes, 0);
}

static void attempts_are_counted_by_their_event(void **state)
{
  (void)state;
  vr_lesion_par par = trials_of(&tipping);
  vr_lesion c = {0};
  vr_lesion_trial t[2];
  par.goal.event = "spin";
  par.goal.attempt = "fall";
  assert_int_equal(vr_lesion_run(&par, &c, 1, NULL, NULL, t), 0);
  assert_true(t[0].attempts == 1 && t[0].successes == 0);
}

/* What vr-events finds in a recording of the same trial. */
static void motions_are_told_by_the_rules_of_events(void **state)
{
  (void)state;
  vr_task task = {0};
  vr_find_par rules = VR_FIND_DEFAULTS;
  vr_lesion_par par = trials_of(&rearing);
  vr_lesion c = {0};
  vr_lesion_trial t;
  par.trials = 1;
  par.frames = 60;
  par.goal.event = "rearing";
  assert_int_equal(vr_task_read("share/task", "flat", &task), 0);
  vr_record_par record = {
    .trials = 1, .frames = 60, .seed = 1, .policy = &rearing, .who = "rearing", .wide = 1};
  vr_turn *turn;
  vr_marks m = {0};
  assert_int_equal(vr_turn_new(&turn), 0);
  assert_int_equal(vr_record(scene, &task, &record, NULL, turn), 0);
  assert_int_equal(vr_find_events(turn, VR_FIND_REAR, &rules, &m), 0);
  assert_int_equal(vr_lesion_run(&par, &c, 1, NULL, NULL, &t), 0);
  assert_int_equal(m.n, 1);
  assert_int_equal(t.successes, 1);
  // it counts when it begins
  par.goal.to = 0.02;
  assert_int_equal(vr_lesion_run(&par, &c, 1, NULL, NULL, &t), 0);
  assert_int_equal(t.successes, 0);
  par.goal = (vr_lesion_goal){.event = "spin"};
  assert_int_equal(vr_lesion_run(&par, &c, 1, NULL, NULL, &t), 0);
  assert_int_equal(t.successes, 0);
  vr_marks_free(&m);
  vr_task_free(&task);
  vr_turn_free(turn);
}

enum { FRAMES = 6000, EVENTS = 3, WINDOW = 40 };

/* A recording in which unit TIPS goes through `shape` before each event, unit 5 swings a little with it
 * and all others are noise around 0.5. */
static vr_turn *recording(double (*shape)(double))
{
  vr_turn *t;
  vr_trials tr = {0};
  vr_matf c = {0};
  vr_rng r = vr_rng_new(3, 0, 0);
  size_t n = EVENTS;
  static const double time[EVENTS] = {2, 55, 90};
  static const int32_t trial[EVENTS] = {0};
  static char word[] = "fall";
  char *name[EVENTS] = {word, word, word}, *task[] = {(char *)"flat"};
  assert_int_equal(vr_turn_new(&t), 0);
  assert_int_equal(vr_trials_single(&tr, FRAMES, 50), 0);
  assert_int_equal(vr_put_trials(t, &tr, &(vr_trial_columns){.task = task}), 0);
  assert_int_equal(vr_matf_resize(&c, FRAMES, UNITS), 0);
  for (size_t i = 0; i < FRAMES * UNITS; i++)
    c.a[i] = i % UNITS == TIPS ? 0 : (float)(0.5 + 0.1 * vr_rng_normal(&r));
  for (int e = 0; e < EVENTS; e++)
    for (int i = 0; i < WINDOW; i++) {
      float *row = vr_rowf(&c, (size_t)(time[e] * 50) - WINDOW + (size_t)i);
      row[TIPS] = (float)shape((i + 0.5) / WINDOW);
      row[5] += 0.2f * row[TIPS];
    }
  assert_int_equal(vr_put_matf(t, "/neural/policy1/c", &c, "time unit", "1"), 0);
  assert_int_equal(vr_put_strings(t, "/events/name", name, n, "number"), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/time", VR_F64, 1, &n, time, "number", "s"), 0);
  assert_int_equal(vr_h5_put(t->out, "/events/trial", VR_I32, 1, &n, trial, "number", ""), 0);
  int32_t label[FRAMES] = {0};
  for (int e = 0; e < EVENTS; e++) label[(int)(time[e] * 50)] = 4;
  assert_int_equal(vr_put_ints(t, "/label/state", label, FRAMES, "time"), 0);
  vr_matf_free(&c);
  vr_trials_free(&tr);
  return t;
}

static double swing(double x)
{
  return sin(2 * M_PI * x); // its mean is 0
}

static double stay(double x)
{
  (void)x;
  return 1;
}

static const char *const policy1[] = {"policy1"};

static vr_ablation_par small(void)
{
  vr_ablation_par par = VR_ABLATION_DEFAULTS;
  par.event = "fall";
  par.layer = policy1;
  par.nlayer = 1;
  par.controls = 2;
  par.level[1] = 1;
  par.level[2] = 99;
  par.nlevel = 3;
  return par;
}

static void check(const vr_turn *t, const char *path, const double *want, size_t n)
{
  vr_mat m = {0};
  if (vr_get_mat(t, path, &m)) fail_msg("%s", vr_errmsg());
  assert_int_equal(m.rows * m.cols, n);
  for (size_t i = 0; i < n; i++) assert_true(fabs(m.a[i] - want[i]) < 1e-9);
  vr_mat_free(&m);
}

/* The unit that was planted is found, holding it ends the behaviour, holding others does not. */
static void holding_finds_what_was_planted(void **state)
{
  (void)state;
  vr_ablation_par par = small();
  vr_lesion_par run = trials_of(&tipping);
  vr_turn *t = recording(swing);
  if (vr_ablation(t, &par, &run, NULL, NULL)) fail_msg("%s", vr_errmsg());
  int32_t *order;
  size_t n;
  assert_int_equal(vr_get_ints(t, "/ablation/policy1/order", &order, &n), 0);
  assert_int_equal(order[0], TIPS + 1);
  assert_int_equal(order[1], 6);
  vr_release(order);
  // level x (ranked, two controls): nothing held, one unit, all of them
  static const double share[] = {1, 1, 1, 0, 1, 1, 0, 0, 0};
  check(t, "/ablation/share", share, 9);
  // two trials that both change: a quarter of the ways, either way round
  static const double p[] = {1, 1, 1, .5, 1, 1, .5, .5, .5};
  check(t, "/ablation/p", p, 9);
  // 0 of 2 by Wilson: up to z^2 / (2 + z^2)
  vr_mat high = {0};
  assert_int_equal(vr_get_mat(t, "/ablation/high", &high), 0);
  assert_true(fabs(high.a[3] - 3.8414588 / 5.8414588) < 1e-6);
  vr_mat_free(&high);
  // once more, in place of what is there
  assert_int_equal(vr_ablation(t, &par, &run, NULL, NULL), 0);
  check(t, "/ablation/share", share, 9);
  vr_turn_free(t);
}

/* Along its own course the unit brings the behaviour; along that of other moments it does not. */
static void driving_finds_what_was_planted(void **state)
{
  (void)state;
  vr_ablation_par par = small();
  vr_lesion_par run = trials_of(&quiet);
  vr_turn *t = recording(stay);
  par.drive = 1;
  par.at = 0.1;
  par.within = 0.2;
  if (vr_ablation(t, &par, &run, NULL, NULL)) fail_msg("%s", vr_errmsg());
  static const double share[] = {0, 0, 0, 1, 0, 0, 1, 0, 0};
  check(t, "/ablation/share", share, 9);
  vr_turn_free(t);
}

static void what_is_missing_is_told(void **state)
{
  (void)state;
  vr_ablation_par par = small();
  vr_lesion_par run = trials_of(&quiet);
  vr_turn *t = recording(stay);
  static const char *const other[] = {"policy2"}, *const core[] = {"core"};
  size_t n;
  par.event = "fal";
  assert_int_equal(vr_ablation(t, &par, &run, NULL, NULL), VR_EDATA);
  assert_string_equal(
    vr_errmsg(), "/events: there is no 'fal' in the recording; did you mean 'fall'?");
  par.event = "fall";
  assert_int_equal(vr_ablation_windows(t, &par, &n), 0);
  assert_int_equal(n, 3);
  par.event = "/label/state=4";
  assert_int_equal(vr_ablation_windows(t, &par, &n), 0);
  assert_int_equal(n, 3);
  par.event = "/label/state=5";
  assert_int_equal(vr_ablation_windows(t, &par, &n), VR_EDATA);
  assert_string_equal(vr_errmsg(), "/label/state: no frame has the label '5'");
  par.event = "fall";
  par.before = 60;
  assert_int_equal(vr_ablation(t, &par, &run, NULL, NULL), VR_EDATA);
  assert_string_equal(vr_errmsg(), "'fall': 1 whole windows in the recording, 2 are needed");
  par.before = 0.8;
  par.layer = other;
  assert_int_equal(vr_ablation(t, &par, &run, NULL, NULL), VR_EARG);
  assert_string_equal(vr_errmsg(), "the policy has no layer 'policy2' (there are core, policy1)");
  par.layer = core;
  assert_int_equal(vr_ablation(t, &par, &run, NULL, NULL), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "/neural/core/c: is not in the recording"));
  vr_turn_free(t);
}

static void out_of_memory(void **state)
{
  (void)state;
  int code;
  vr_ablation_par par = small();
  vr_lesion_par run = trials_of(&quiet);
  run.trials = run.frames = 1;
  par.nlevel = 2;
  par.controls = 1;
  vr_turn *t = recording(stay);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_ablation(t, &par, &run, NULL, NULL), (void)0);
  vr_turn_free(t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(held_units_take_their_behaviour_with_them),
    cmocka_unit_test(driven_units_bring_their_behaviour),
    cmocka_unit_test(attempts_are_counted_by_their_event),
    cmocka_unit_test(motions_are_told_by_the_rules_of_events),
    cmocka_unit_test(holding_finds_what_was_planted),
    cmocka_unit_test(driving_finds_what_was_planted),
    cmocka_unit_test(what_is_missing_is_told),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
