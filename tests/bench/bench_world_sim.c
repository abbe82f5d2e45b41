/* bench_world_sim TASK STEP FRAMES THREADS WHAT -- the rat in a task (flat, bowl:collider=native ...), in
 * trials of 100 control steps with the actions of peer_world_sim.py. WHAT is timed:
 *
 * state  control steps with all senses but the eye     reset  starts of episodes, FRAMES of them
 * eye    the same with the eye                         bare   mj_step alone, on the same model
 * see    the eye alone, in between the steps           vec    control steps of a vr_vec of 8
 * rays   what its pixels hit, without their colours */
#include "base/err.h"
#include "base/pool.h"
#include "sim/eye_parts.h"
#include "sim/play.h"
#include "sim/vec.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 100, MAXTHREADS = 64, ANIMALS = 8, ACTIONS = 38 };
enum { STATE, EYE, SEE, RAYS, RESET, BARE, VEC, KINDS };
static const char *const words[KINDS] = {"state", "eye", "see", "rays", "reset", "bare", "vec"};

typedef struct {
  const vr_scene *scene;
  vr_env *env[MAXTHREADS];
  vr_eye *eye[MAXTHREADS];
  uint8_t picture[MAXTHREADS][VR_EYE_SIZE * VR_EYE_SIZE * 3];
  double obs[MAXTHREADS][512], cpu[MAXTHREADS], wall[MAXTHREADS];
  int what;
} work;

static double seconds(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wave(size_t trial, int t, float *action)
{
  for (int i = 0; i < ACTIONS; i++) action[i] = (float)(0.4 * sin(0.3 * t + i + (double)trial));
}

static void bare_step(vr_env *e, const float *action)
{
  for (int i = 0; i < ACTIONS; i++) e->d->ctrl[i] = action[i];
  for (int i = 0; i < e->scene->layout.substeps; i++) mj_step(e->m, e->d);
}

/* clock of a thread: adds what has passed since `from` */
static void count(work *w, int thread, const double from[2])
{
  w->cpu[thread] += seconds(CLOCK_THREAD_CPUTIME_ID) - from[0];
  w->wall[thread] += seconds(CLOCK_MONOTONIC) - from[1];
}

static void now(double at[2])
{
  at[0] = seconds(CLOCK_THREAD_CPUTIME_ID);
  at[1] = seconds(CLOCK_MONOTONIC);
}

static int trial(void *ctx, size_t k, int thread)
{
  work *w = ctx;
  vr_env *e = w->env[thread];
  vr_eye *eye = w->eye[thread];
  int eye_only = w->what == SEE || w->what == RAYS;
  float action[ACTIONS];
  double reward, from[2];
  now(from);
  VR_TRY(vr_env_reset(e, k, w->obs[thread]));
  if (w->what == RESET) count(w, thread, from);
  for (int t = 0; t < STEPS && w->what != RESET; t++) {
    wave(k, t, action);
    now(from);
    if (w->what == BARE)
      bare_step(e, action);
    else
      vr_env_step(e, action, w->obs[thread], &reward);
    if (eye_only) now(from);
    if (w->what == EYE || w->what == SEE) vr_eye_see(eye, e, w->picture[thread]);
    if (w->what == RAYS) vr_eye_cast(eye, e->m, e->d, e->episode);
    count(w, thread, from);
  }
  return 0;
}

static int run(work *w, int frames, int threads)
{
  vr_pool pool = {threads};
  double cpu = 0, wall = 0;
  for (int i = 0; i < threads; i++) VR_TRY(vr_env_new(w->scene, &w->env[i]));
  for (int i = 0; i < threads; i++) VR_TRY(vr_eye_new(w->scene, VR_EYE_CAMERA, &w->eye[i]));
  VR_TRY(vr_pool_run(&pool, (size_t)(w->what == RESET ? frames : frames / STEPS), trial, w));
  for (int i = 0; i < threads; i++) {
    cpu += w->cpu[i];
    wall = fmax(wall, w->wall[i]);
    vr_eye_free(w->eye[i]);
    vr_env_free(w->env[i]);
  }
  printf("cpu_s %.6f\nwall_s %.6f\n", cpu, wall);
  return 0;
}

static int run_vec(const vr_scene *s, int frames, int threads)
{
  vr_pool pool = {threads};
  vr_vec_par par = VR_VEC_DEFAULTS;
  const vr_scene *all[ANIMALS];
  float action[ANIMALS][ACTIONS];
  static double obs[ANIMALS * 512], reward[ANIMALS];
  vr_vec *v;
  for (int i = 0; i < ANIMALS; i++) all[i] = s;
  VR_TRY(vr_vec_new(all, ANIMALS, &par, &v));
  VR_TRY(vr_vec_reset(v, &pool, obs));
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  for (int t = 0; t < frames / ANIMALS; t++) {
    for (size_t i = 0; i < ANIMALS; i++) wave(i, t, action[i]);
    VR_TRY(vr_vec_step(v, &pool, action[0], &(vr_vec_out){.obs = obs, .reward = reward}));
  }
  printf("cpu_s %.6f\nwall_s %.6f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
    seconds(CLOCK_MONOTONIC) - wall);
  vr_vec_free(v);
  return 0;
}

static int bench(const char *spec, double step, int frames, int threads, int what)
{
  static work w;
  vr_body body = {0};
  vr_task task = {0};
  vr_scene *scene;
  VR_TRY(vr_body_load("share/body/rat", &body));
  VR_TRY(vr_task_read("share/task", spec, &task));
  VR_TRY(vr_scene_of(&body, &task, step, &scene));
  w.scene = scene;
  w.what = what;
  VR_TRY(what == VEC ? run_vec(scene, frames, threads) : run(&w, frames, threads));
  vr_scene_free(scene);
  vr_task_free(&task);
  vr_body_free(&body);
  return 0;
}

int main(int argc, char **argv)
{
  int threads = argc == 6 ? atoi(argv[4]) : 0, what = 0;
  while (what < KINDS && argc == 6 && strcmp(argv[5], words[what])) what++;
  if (threads < 1 || threads > MAXTHREADS || what == KINDS) {
    fprintf(stderr, "usage: bench_world_sim TASK STEP FRAMES THREADS WHAT\n");
    return 2;
  }
  if (!bench(argv[1], atof(argv[2]), atoi(argv[3]), threads, what)) return 0;
  fprintf(stderr, "bench_world_sim: %s\n", vr_errmsg());
  return 1;
}
