#include "../test.h"
#include "sim/tune.h"
#include "sim/tune_in.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rat.h"

#define GAITS "share/gait"

static vr_scene *scene;
static const vr_layout *layout;
static vr_gait runner;

static int open_rat(void **state)
{
  (void)state;
  if (open_scene("flat:noise=0.1", 0.002, &scene)) return -1;
  layout = vr_scene_layout(scene);
  return vr_gait_read(GAITS, "r050", layout, &runner);
}

static int close_rat(void **state)
{
  (void)state;
  vr_scene_free(scene);
  return 0;
}

/* The commands of two gaits, at some phases, are the same. */
static void same_commands(const vr_gait *a, const vr_gait *b)
{
  double u[VR_GAIT_MAX], v[VR_GAIT_MAX];
  for (double theta = 0; theta < 6; theta += 0.7) {
    vr_gait_act(a, theta, 0.4, u);
    vr_gait_act(b, theta, 0.4, v);
    for (size_t i = 0; i < a->n; i++) assert_true(fabs(u[i] - v[i]) < 1e-12);
  }
}

static void numbers_and_back(void **state)
{
  (void)state;
  static vr_knobs k;
  static vr_reflex r, back;
  static double x[VR_MAXKNOBS];
  static const char *const names[] = {"r050", "rtrot", "rear", "leap100", "climb"};
  for (size_t i = 0; i < VR_LEN(names); i++) {
    vr_gait g, again;
    assert_int_equal(vr_gait_read(GAITS, names[i], layout, &g), 0);
    int reflexes = !strcmp(names[i], "climb");
    if (reflexes) assert_int_equal(vr_reflex_read(GAITS, names[i], layout, &r), 0);
    vr_knobs_find(layout, &g, reflexes ? &r : NULL, 0, reflexes, &k);
    assert_true(k.n > 30 && k.n < 130);
    vr_knobs_start(&k, x);
    vr_knobs_set(&k, x, &again, &back);
    assert_true(again.frequency == g.frequency);
    same_commands(&g, &again);
    for (size_t j = 0; reflexes && j < g.n * VR_NFEELS; j++)
      assert_true(r.gain[j / VR_NFEELS][j % VR_NFEELS] == back.gain[j / VR_NFEELS][j % VR_NFEELS]);
  }
  // 16 numbers swing less than with their second harmonics
  size_t before = k.n;
  vr_knobs_find(layout, &runner, NULL, 1, 0, &k);
  assert_true(k.n > 40 && before != k.n);
}

/* What is turned on the left is turned on the right, a trot's half a period later. */
static void both_sides(void **state)
{
  (void)state;
  static vr_knobs k;
  static vr_reflex r;
  static double x[VR_MAXKNOBS];
  vr_gait g;
  enum { LEFT = 10, RIGHT = 16, FEEL = VR_FEEL_ZY }; // hip_extend
  assert_int_equal(vr_gait_read(GAITS, "rtrot", layout, &g), 0);
  vr_knobs_find(layout, &g, NULL, 0, 1, &k);
  vr_knobs_start(&k, x);
  for (size_t j = 0; j < k.n; j++) x[j] += 0.01 * (double)(j % 7);
  vr_knobs_set(&k, x, &g, &r);
  assert_true(g.row[LEFT].offset == g.row[RIGHT].offset && g.row[LEFT].amp1 == g.row[RIGHT].amp1);
  assert_true(
    fabs(fabs(remainder(g.row[LEFT].phase1 - g.row[RIGHT].phase1, 2 * M_PI)) - M_PI) < 1e-5);
  assert_true(r.gain[LEFT][FEEL] != 0 && r.gain[LEFT][FEEL] == -r.gain[RIGHT][FEEL]);
  assert_true(r.gain[LEFT][VR_FEEL_ZX] == r.gain[RIGHT][VR_FEEL_ZX]);
}

static double score_of(const vr_tune_par *par, const vr_gait *g)
{
  vr_env *e;
  vr_teacher *t;
  double score;
  size_t frames;
  assert_int_equal(vr_env_new(scene, &e), 0);
  assert_int_equal(vr_teacher_new("teacher", GAITS, scene, &t), 0);
  vr_teacher_use(t, g, NULL);
  assert_int_equal(vr_tune_try(par, e, t, 3, &score, &frames), 0);
  assert_int_equal(frames, (size_t)round(par->seconds / VR_CONTROL_STEP));
  assert_true(e->m->opt.gravity[0] == 0 && e->m->opt.gravity[2] < -9.8);
  vr_env_free(e);
  vr_teacher_free(t);
  return score;
}

static void what_is_better(void **state)
{
  (void)state;
  vr_gait stand, slow = runner;
  vr_tune_par par = VR_TUNE_DEFAULTS;
  par.seconds = 1.6;
  vr_gait_stand(&runner, layout->hold, &stand);
  for (size_t i = 0; i < slow.n; i++) slow.row[i].amp1 *= 0.5;
  double fast = score_of(&par, &runner), half = score_of(&par, &slow), still = score_of(&par, &stand);
  if (!(fast > half && half > still)) fail_msg("%g %g %g", fast, half, still);
  // it is harder uphill
  par.slope = 0.3;
  assert_true(score_of(&par, &runner) < fast - 0.1);
  // where leaps count, one that stands has none
  par.slope = par.speed = 0;
  par.stretch = 100;
  assert_true(score_of(&par, &stand) < score_of(&par, &runner));
}

static vr_tune *search(const vr_pool *pool, int generations)
{
  vr_tune *s;
  vr_tune_report now;
  vr_tune_par par = VR_TUNE_DEFAULTS;
  par.population = 5;
  par.starts = 2;
  par.seconds = 0.3;
  assert_int_equal(vr_tune_new(scene, GAITS, &par, &runner, NULL, &s), 0);
  for (int i = 0; i < generations; i++) {
    assert_int_equal(vr_tune_generation(s, pool, &now), 0);
    assert_true(now.generation == (size_t)i + 1 && now.best >= now.median);
    assert_int_equal(now.frames, 15 * 2 * (5 + 6 * i));
  }
  return s;
}

static void the_same_again(void **state)
{
  (void)state;
  const vr_pool two = {2};
  vr_tune *a = search(NULL, 4), *b = search(&two, 2);
  vr_gait g, h;
  size_t n = vr_tune_state_size(a);
  double *kept, *end;
  assert_int_equal(vr_alloc(&kept, n, sizeof *kept), 0);
  assert_int_equal(vr_alloc(&end, n, sizeof *end), 0);
  vr_tune_save(b, kept);
  vr_tune_free(b);
  b = search(&two, 0);
  vr_tune_best(b, &h, NULL);
  same_commands(&h, &runner);
  vr_tune_restore(b, kept);
  vr_tune_report now;
  for (int i = 0; i < 2; i++) assert_int_equal(vr_tune_generation(b, &two, &now), 0);
  vr_tune_save(a, kept);
  vr_tune_save(b, end);
  assert_memory_equal(kept, end, n * sizeof *kept);
  vr_tune_best(a, &g, NULL);
  vr_tune_best(b, &h, NULL);
  assert_memory_equal(&g, &h, sizeof g);
  assert_true(vr_tune_size(a) > 30 && vr_tune_generations(b) == 4);
  vr_release(kept);
  vr_release(end);
  vr_tune_free(a);
  vr_tune_free(b);
}

/* A gait that is written is the one that is read. */
static void as_tables(void **state)
{
  (void)state;
  static vr_reflex r, back;
  vr_gait g, again;
  vr_str text = {0};
  char folder[] = "/tmp/vr-gaits-XXXXXX", path[64];
  assert_non_null(mkdtemp(folder));
  assert_int_equal(vr_gait_read(GAITS, "climb", layout, &g), 0);
  assert_int_equal(vr_reflex_read(GAITS, "climb", layout, &r), 0);
  g.frequency = 3.25;
  const char *const file[] = {"gaits", "climb", "climb-reflex"};
  for (int i = 0; i < 3; i++) {
    vr_str_clear(&text);
    if (i == 0) vr_str_add(&text, "name\tfrequency\tspeed\twhat\nclimb\t5\t0.5\tclimbs\n");
    if (i == 1) vr_gait_text(&g, layout, "climb", "climbs", &text);
    if (i == 2) vr_reflex_text(&r, layout, "climb", &text);
    snprintf(path, sizeof path, "%s/%s.tsv", folder, file[i]);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(vr_str_get(&text), f);
    assert_int_equal(fclose(f), 0);
  }
  assert_int_equal(vr_gait_read(folder, "climb", layout, &again), 0);
  assert_int_equal(vr_reflex_read(folder, "climb", layout, &back), 0);
  assert_true(again.frequency == 3.25 && again.speed == 0.5);
  same_commands(&g, &again);
  assert_memory_equal(&r, &back, sizeof r);
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, file[i]);
    remove(path);
  }
  remove(folder);
  vr_str_free(&text);
}

static void what_it_refuses(void **state)
{
  (void)state;
  vr_tune *s = NULL;
  vr_tune_report now;
  vr_tune_par par = VR_TUNE_DEFAULTS;
  int code;
  par.population = 3;
  assert_int_equal(vr_tune_new(scene, GAITS, &par, &runner, NULL, &s), VR_EARG);
  par.population = 4;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_tune_new(scene, GAITS, &par, &runner, NULL, &s), vr_tune_free(s));
  assert_int_equal(vr_tune_new(scene, "nowhere", &par, &runner, NULL, &s), 0);
  assert_int_equal(vr_tune_generation(s, NULL, &now), VR_EIO);
  vr_tune_free(s);
  vr_tune_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_and_back),
    cmocka_unit_test(both_sides),
    cmocka_unit_test(what_is_better),
    cmocka_unit_test(the_same_again),
    cmocka_unit_test(as_tables),
    cmocka_unit_test(what_it_refuses),
  };
  return cmocka_run_group_tests(tests, open_rat, close_rat);
}
