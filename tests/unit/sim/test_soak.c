/* Control steps of every task under noise that throws the rat about, thousands of them, or as many as
 * VR_SOAK says (make check-long: two million): no crash, no leak, each divergence ended and counted, nothing
 * that falls through the world. */
#include "rat.h"
#include "base/rng.h"
#include "sim/play.h"
#include "sim/vec.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TASKS = 5, EACH = 2, ENVS = TASKS * EACH, ACTIONS = 38 };

/* memory that the process holds, in kB */
static long resident(void)
{
  long pages = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f) return 0;
  if (fscanf(f, "%*s %ld", &pages) != 1) pages = 0;
  fclose(f);
  return pages * 4;
}

/* how far the torso is below what should carry it, at most; a fall into a gap ends at -0.3 m */
static double sunk(const vr_env *e)
{
  vr_cue cue;
  vr_env_cue(e, &cue);
  double floor = e->ground.heights.n ? vr_heights_at(&e->ground.heights, cue.x, cue.y, NULL) : 0;
  int gaps = !strcmp(e->scene->task.name, "gaps");
  return floor - cue.height - (gaps ? 0.4 : 0);
}

static long steps_asked(void)
{
  const char *n = getenv("VR_SOAK");
  return n ? atol(n) : 3000;
}

static void nothing_wears_out(void **state)
{
  (void)state;
  static const char *const tasks[TASKS] = {"flat", "gaps", "maze", "bowl", "twotap"};
  static float action[ENVS][ACTIONS];
  static int end[ENVS];
  vr_scene *s[TASKS];
  const vr_scene *all[ENVS];
  vr_vec *v;
  vr_vec_par par = VR_VEC_DEFAULTS;
  vr_pool pool = {vr_pool_default_threads()};
  vr_rng r = vr_rng_new(1, 0, 0);
  long rounds = steps_asked() / ENVS, early = 0, count[4] = {0}, broken[TASKS] = {0};
  double deepest = -1;
  for (int k = 0; k < TASKS; k++) assert_int_equal(open_scene(tasks[k], 0.002, &s[k]), 0);
  for (int i = 0; i < ENVS; i++) all[i] = s[i % TASKS];
  assert_int_equal(vr_vec_new(all, ENVS, &par, &v), 0);
  assert_int_equal(vr_vec_reset(v, &pool, NULL), 0);
  for (long t = 0; t < rounds; t++) {
    for (int i = 0; i < ENVS; i++)
      for (int k = 0; k < ACTIONS; k++) action[i][k] = (float)vr_rng_normal(&r);
    assert_int_equal(vr_vec_step(v, &pool, action[0], &(vr_vec_out){.end = end}), 0);
    for (int i = 0; i < ENVS; i++) {
      count[end[i]]++;
      broken[i % TASKS] += end[i] == VR_BROKEN;
      deepest = fmax(deepest, sunk(vr_vec_env(v, (size_t)i)));
    }
    if (t == rounds / 10) early = resident();
    if (rounds > 10000 && t % 10000 == 9999)
      print_message("%ld steps: %ld kB, %ld ended, %ld cut, %ld broken, deepest %.3f m\n",
        (t + 1) * ENVS, resident(), count[VR_ENDED], count[VR_CUT], count[VR_BROKEN], deepest);
  }
  long late = resident();
  print_message("%ld control steps: %ld kB, then %ld kB; %ld ended, %ld cut, %ld broken off", //
    rounds * ENVS, early, late, count[VR_ENDED], count[VR_CUT], count[VR_BROKEN]);
  for (int k = 0; k < TASKS; k++) print_message("%s%s %ld", k ? ", " : " (", tasks[k], broken[k]);
  print_message("); deepest %.3f m\n", deepest);
  assert_true(late - early < 2048);
  assert_true(deepest < 0.05);
  vr_vec_free(v);
  for (int k = 0; k < TASKS; k++) vr_scene_free(s[k]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_wears_out)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
