/* bench_step_sim STEP FRAMES THREADS -- control steps with all senses on flat ground; each thread plays
 * its share of 8 trials. The actions are waves, the same as in peer_step_sim.py. */
#include "base/err.h"
#include "base/pool.h"
#include "sim/env.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TRIALS = 8, MAXTHREADS = 64 };

typedef struct {
  vr_env *env[MAXTHREADS];
  double obs[MAXTHREADS][256], sum[TRIALS];
  int frames;
} work;

static double seconds(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int trial(void *ctx, size_t k, int thread)
{
  work *w = ctx;
  float action[64];
  double reward;
  VR_TRY(vr_env_reset(w->env[thread], k, w->obs[thread]));
  for (int t = 0; t < w->frames / TRIALS; t++) {
    for (int i = 0; i < 38; i++) action[i] = (float)(0.4 * sin(0.3 * t + i + (double)k));
    vr_env_step(w->env[thread], action, w->obs[thread], &reward);
    w->sum[k] += reward;
  }
  return 0;
}

static int run(double step, int frames, int threads)
{
  vr_body body = {0};
  vr_task task = {0};
  vr_scene *scene;
  static work w;
  vr_pool pool = {threads};
  VR_TRY(vr_body_load("share/body/rat", &body));
  VR_TRY(vr_task_read("share/task", "flat", &task));
  VR_TRY(vr_scene_of(&body, &task, step, &scene));
  w.frames = frames;
  for (int i = 0; i < threads; i++) VR_TRY(vr_env_new(scene, &w.env[i]));
  double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  VR_TRY(vr_pool_run(&pool, TRIALS, trial, &w));
  printf("cpu_s %.6f\nwall_s %.6f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
    seconds(CLOCK_MONOTONIC) - wall);
  for (int i = 0; i < threads; i++) vr_env_free(w.env[i]);
  vr_scene_free(scene);
  vr_task_free(&task);
  vr_body_free(&body);
  return 0;
}

int main(int argc, char **argv)
{
  int threads = argc == 4 ? atoi(argv[3]) : 0;
  if (threads < 1 || threads > MAXTHREADS) {
    fprintf(stderr, "usage: bench_step_sim STEP FRAMES THREADS\n");
    return 2;
  }
  if (!run(atof(argv[1]), atoi(argv[2]), threads)) return 0;
  fprintf(stderr, "bench_step_sim: %s\n", vr_errmsg());
  return 1;
}
