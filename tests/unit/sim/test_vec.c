/* Saved states and vectors of environments: the same bits, whoever steps them. With VR_LONG set, the
 * soak is of 2 million control steps. */
#include "../test.h"
#include "base/mem.h"
#include "base/rng.h"
#include "sim/vec.h"
#include "rl/rats.h"
#include "rat.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NTASKS = 5, N = 10, MAXOBS = 256, MAXACT = 64 };

static const char *const tasks[NTASKS] = {
  "flat", "gaps", "maze:radius=0.2", "bowl", "twotap:reach=0.1,radius=0.1"};
static vr_scene *scene[NTASKS];

static int open_all(void **state)
{
  (void)state;
  for (int i = 0; i < NTASKS; i++)
    if (open_scene(tasks[i], 0.002, scene + i)) return 1;
  return 0;
}

static int close_all(void **state)
{
  (void)state;
  for (int i = 0; i < NTASKS; i++) vr_scene_free(scene[i]);
  return 0;
}

/* Noise of this deviation around the spawn pose: action (n x nact) of a step. */
static void noise(uint64_t step, size_t n, double sd, float *action)
{
  const vr_layout *l = vr_scene_layout(scene[0]);
  vr_rng r = vr_rng_new(77, (uint32_t)step, 0);
  for (size_t i = 0; i < n * l->nact; i++)
    action[i] = (float)(l->hold[i % l->nact] + sd * vr_rng_normal(&r));
}

/* -- the last view of an episode -- */

static void the_last_view_is_that_of_the_end(void **state)
{
  (void)state;
  enum { LIMIT = 4, EYE = 64 * 64 * 3 };
  static uint8_t now[EYE], last[2][EYE];
  double obs[MAXOBS];
  float action[MAXACT];
  int end[2] = {0};
  vr_herd h[2];
  vr_rats_share share = {.scene = scene[0], .task = "flat"};
  for (int k = 0; k < 2; k++) { // one is cut at once, the other lives on
    vr_rats_par par = {.seed = 3, .seconds = k ? 100 : 0.02 * LIMIT, .eye = 1, .threads = 1};
    assert_int_equal(vr_rats_herd(&share, 1, 1, &par, h + k), 0);
    assert_int_equal(vr_herd_reset(h + k, NULL, obs), 0);
  }
  for (uint64_t t = 0; t < LIMIT && end[0] == VR_GOES_ON; t++) {
    noise(t, 1, 0.5, action);
    for (int k = 0; k < 2; k++) {
      vr_herd_out out = {.obs = obs, .end = end + k, .last_eye = last[k]};
      assert_int_equal(vr_herd_step(h + k, NULL, action, &out), 0);
    }
  }
  assert_int_equal(end[0], VR_CUT);
  assert_int_equal(end[1], VR_GOES_ON);
  assert_int_equal(vr_herd_look(h + 1, NULL, now), 0);
  assert_memory_equal(last[0], now, sizeof now);
  assert_int_equal(vr_herd_look(h, NULL, now), 0); // the next episode has begun
  assert_memory_not_equal(last[0], now, sizeof now);
  for (int k = 0; k < 2; k++) vr_herd_free(h + k);
}

/* -- saved states -- */

static void a_saved_state_goes_on_alike(void **state)
{
  (void)state;
  double obs[2][MAXOBS], reward[2];
  float action[MAXACT];
  for (int t = 0; t < NTASKS; t++) {
    vr_env *one, *two;
    void *saved;
    size_t nobs = vr_scene_layout(scene[t])->nobs * sizeof(double), n[2];
    assert_int_equal(vr_env_new(scene[t], &one), 0);
    assert_int_equal(vr_env_new(scene[t], &two), 0);
    assert_int_equal(vr_alloc(&saved, vr_env_state_size(one), 1), 0);
    assert_int_equal(vr_env_reset(one, 5, obs[0]), 0);
    assert_int_equal(vr_env_reset(two, 6, obs[1]), 0);
    for (uint64_t k = 0; k < 90; k++) {
      if (k == 0 || k == 40) { // at the start, and amid
        vr_env_save(one, saved);
        assert_int_equal(vr_env_restore(two, saved, obs[1]), 0);
        assert_memory_equal(obs[0], obs[1], nobs);
        assert_true(vr_env_discount(one) == vr_env_discount(two));
      }
      noise(k, 1, 0.5, action);
      vr_env_step(one, action, obs[0], reward);
      vr_env_step(two, action, obs[1], reward + 1);
      assert_memory_equal(obs[0], obs[1], nobs);
      assert_memory_equal(reward, reward + 1, sizeof *reward);
      vr_env_events(one, n);
      vr_env_events(two, n + 1);
      assert_int_equal(n[0], n[1]);
      assert_int_equal(!vr_env_done(one), !vr_env_done(two));
    }
    vr_release(saved);
    vr_env_free(one);
    vr_env_free(two);
  }
}

static void a_state_of_another_scene_is_refused(void **state)
{
  (void)state;
  vr_env *one, *two;
  char saved[16384] = {0};
  double obs[MAXOBS];
  assert_int_equal(vr_env_new(scene[0], &one), 0);
  assert_int_equal(vr_env_new(scene[1], &two), 0);
  assert_true(vr_env_state_size(one) < sizeof saved);
  assert_int_equal(vr_env_restore(one, saved, obs), VR_EDATA);
  vr_env_free(one);
  vr_env_free(two);
}

/* -- vectors -- */

static vr_vec *new_vec(size_t n, double seconds)
{
  const vr_scene *each[64];
  vr_vec_par par = VR_VEC_DEFAULTS;
  vr_vec *v;
  par.seconds = seconds;
  for (size_t i = 0; i < n; i++) each[i] = scene[i % NTASKS];
  assert_int_equal(vr_vec_new(each, n, &par, &v), 0);
  return v;
}

typedef struct {
  double obs[N][158], last[N][158], reward[N], discount[N];
  int end[N];
} block;

static void threads_make_no_difference(void **state)
{
  (void)state;
  static block b[2];
  static float action[N * MAXACT];
  vr_pool one = {1}, four = {4};
  vr_vec *v[2] = {new_vec(N, 0.4), new_vec(N, 0.4)};
  int ends = 0;
  size_t first[N] = {0};
  memset(b, 0, sizeof b);
  assert_int_equal(vr_scene_layout(scene[0])->nobs, 158);
  assert_int_equal(vr_vec_reset(v[0], &one, b[0].obs[0]), 0);
  assert_int_equal(vr_vec_reset(v[1], &four, b[1].obs[0]), 0);
  for (uint64_t k = 0; k < 50; k++) {
    noise(k, N, 1, action);
    for (int i = 0; i < 2; i++) {
      vr_vec_out out = {.obs = b[i].obs[0],
        .last = b[i].last[0],
        .reward = b[i].reward,
        .discount = b[i].discount,
        .end = b[i].end};
      assert_int_equal(vr_vec_step(v[i], i ? &four : &one, action, &out), 0);
    }
    assert_memory_equal(b, b + 1, sizeof *b);
    for (int i = 0; i < N; i++) {
      size_t steps;
      uint32_t episode = vr_vec_episode(v[0], (size_t)i, &steps);
      assert_int_equal(b[0].end[i] != VR_GOES_ON, steps == 0);
      if (b[0].end[i] != VR_GOES_ON && !first[i]) first[i] = (size_t)k + 1;
      assert_true(steps <= 20 && episode <= 50);
      ends += b[0].end[i] != VR_GOES_ON;
    }
  }
  assert_true(ends >= 2 * N);
  // first episodes are cut at different times, none beyond the limit
  size_t different = 0;
  for (int i = 0; i < N; i++) {
    assert_true(first[i] >= 1 && first[i] <= 20);
    different += first[i] != first[0];
  }
  assert_true(different >= N / 2);
  vr_vec_free(v[0]);
  vr_vec_free(v[1]);
}

/* An environment alone does what it does among others; its seeds are those of its number. */
static void others_make_no_difference(void **state)
{
  (void)state;
  static block b;
  static float action[N * MAXACT];
  size_t nact = vr_scene_layout(scene[0])->nact;
  vr_pool two = {2};
  vr_vec *v = new_vec(N, 0.4);
  vr_env *e;
  double obs[158], reward;
  vr_vec_out out = {.obs = b.obs[0], .end = b.end};
  assert_int_equal(vr_env_new(scene[3], &e), 0);
  assert_int_equal(vr_vec_reset(v, &two, b.obs[0]), 0);
  assert_int_equal(vr_env_reset(e, vr_episode_seed(1, 3, 0), obs), 0);
  assert_memory_equal(obs, b.obs[3], sizeof obs);
  uint32_t episode = 0;
  for (uint64_t k = 0; k < 30; k++) {
    noise(k, N, 0.3, action);
    assert_int_equal(vr_vec_step(v, &two, action, &out), 0);
    vr_env_step(e, action + 3 * nact, obs, &reward);
    if (b.end[3]) assert_int_equal(vr_env_reset(e, vr_episode_seed(1, 3, ++episode), obs), 0);
    assert_memory_equal(obs, b.obs[3], sizeof obs);
  }
  assert_true(episode >= 1);
  vr_env_free(e);
  vr_vec_free(v);
}

static void a_saved_vector_goes_on_alike(void **state)
{
  (void)state;
  static block b[2];
  static float action[N * MAXACT];
  vr_pool two = {2};
  vr_vec *v = new_vec(N, 0.4);
  void *saved;
  vr_vec_out out[2];
  memset(b, 0, sizeof b);
  for (int i = 0; i < 2; i++)
    out[i] = (vr_vec_out){.obs = b[i].obs[0],
      .last = b[i].last[0],
      .reward = b[i].reward,
      .discount = b[i].discount,
      .end = b[i].end};
  assert_int_equal(vr_vec_reset(v, &two, NULL), 0);
  assert_int_equal(vr_alloc(&saved, vr_vec_state_size(v), 1), 0);
  for (int run = 0; run < 2; run++) {
    if (run) assert_int_equal(vr_vec_restore(v, saved, b[1].obs[0]), 0);
    for (uint64_t k = run ? 15 : 0; k < 40; k++) {
      if (!run && k == 15) vr_vec_save(v, saved);
      noise(k, N, 0.5, action);
      assert_int_equal(vr_vec_step(v, &two, action, out + run), 0);
    }
  }
  assert_memory_equal(b[0].obs, b[1].obs, sizeof b->obs);
  assert_memory_equal(b[0].reward, b[1].reward, sizeof b->reward);
  assert_memory_equal(b[0].end, b[1].end, sizeof b->end);
  vr_release(saved);
  vr_vec_free(v);
}

static void what_does_not_go_together(void **state)
{
  (void)state;
  vr_vec_par par = VR_VEC_DEFAULTS;
  vr_vec *v;
  vr_scene *more;
  assert_int_equal(open_scene("bowl:cues=release", 0.002, &more), 0);
  const vr_scene *each[2] = {scene[0], more};
  assert_int_equal(vr_vec_new(each, 2, &par, &v), VR_EARG);
  assert_null(v);
  assert_int_equal(vr_vec_new(each, 0, &par, &v), VR_EARG);
  vr_scene_free(more);
}

static void out_of_memory(void **state)
{
  (void)state;
  int code;
  vr_vec *v = NULL;
  vr_vec_par par = VR_VEC_DEFAULTS;
  const vr_scene *each[2] = {scene[2], scene[3]};
  VR_FAIL_EACH_ALLOCATION(code, code = vr_vec_new(each, 2, &par, &v), vr_vec_free(v));
}

/* Resident memory of this process, kB. */
static long resident(void)
{
  long pages = 0, kept = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f) return 0;
  if (fscanf(f, "%ld %ld", &pages, &kept) != 2) kept = 0;
  fclose(f);
  return kept * 4;
}

/* All tasks with wild actions: no crash, no leak, every divergence ended and told, nothing falls
 * through a floor, all numbers are finite. */
static void soak(void **state)
{
  (void)state;
  static double obs[64][158], reward[64], discount[64];
  static int end[64];
  static float action[64 * MAXACT];
  const char *all = getenv("VR_LONG");
  size_t steps = all && *all ? 2000000 : 2000, n = 20, count[4] = {0};
  vr_pool pool = {vr_pool_default_threads()};
  vr_vec *v = new_vec(n, all && *all ? 0 : 2);
  vr_vec_out out = {.obs = obs[0], .reward = reward, .discount = discount, .end = end};
  long before = 0;
  double lowest = 0;
  assert_int_equal(vr_vec_reset(v, &pool, obs[0]), 0);
  for (size_t k = 0; k * n < steps; k++) {
    noise(k, n, 1, action);
    assert_int_equal(vr_vec_step(v, &pool, action, &out), 0);
    for (size_t i = 0; i < n; i++) {
      vr_cue cue;
      count[end[i]]++;
      assert_true(isfinite(reward[i]));
      for (size_t j = 0; j < 158; j++) assert_true(isfinite(obs[i][j]));
      assert_true(end[i] != VR_BROKEN || discount[i] == 0);
      vr_env_cue(vr_vec_env(v, i), &cue);
      if (i % NTASKS != 1) lowest = fmin(lowest, cue.height); // the rat falls in gaps only
    }
    if (k * n * 4 < steps) before = resident();
  }
  long grown = resident() - before;
  print_message(
    "%zu steps: %zu episodes ended, %zu cut, %zu broke off; lowest %.3f m; memory %+ld kB\n", steps,
    count[VR_ENDED], count[VR_CUT], count[VR_BROKEN], lowest, grown);
  assert_true(count[VR_CUT] > 0);
  assert_true(count[VR_BROKEN] <= steps / 10000);
  assert_true(lowest > -0.05);
  assert_true(grown < 8192);
  vr_vec_free(v);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_last_view_is_that_of_the_end),
    cmocka_unit_test(a_saved_state_goes_on_alike),
    cmocka_unit_test(a_state_of_another_scene_is_refused),
    cmocka_unit_test(threads_make_no_difference),
    cmocka_unit_test(others_make_no_difference),
    cmocka_unit_test(a_saved_vector_goes_on_alike),
    cmocka_unit_test(what_does_not_go_together),
    cmocka_unit_test(out_of_memory),
    cmocka_unit_test(soak),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
