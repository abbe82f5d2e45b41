/* bench_train_sim WHAT NETWORK ROUNDS THREADS -- frames of a training on flat ground at 2 ms: 32 animals,
 * unrolls of 32. WHAT: `vmpo` (animals that stand, with noise), `distil` (animals that their teacher
 * drives), or `bare-vmpo`, `bare-distil`: the same motions, but nobody looks and nothing is learned. */
#include "bench.h"
#include "base/rng.h"
#include "nn/conf.h"
#include "rl/rats.h"
#include "rl/trainer.h"
#include <string.h>

enum { ANIMALS = 32, UNROLL = 32 };

static float actions[ANIMALS * 64], labels[ANIMALS * 64];

/* The engine alone. */
static void bare(vr_herd *h, int taught, int rounds, const vr_pool *pool)
{
  vr_herd_out out = {0};
  double sd = taught ? 0.08 : 0.25;
  bench_must(vr_herd_reset(h, pool, NULL));
  for (uint32_t t = 0; t < (uint32_t)rounds * UNROLL; t++) {
    vr_rng r = vr_rng_new(1, t, 0);
    if (taught) bench_must(vr_herd_teach(h, pool, labels));
    for (size_t i = 0; i < ANIMALS * h->nact; i++) {
      double centre = taught ? (double)labels[i] : (double)h->hold[i % h->nact];
      actions[i] = (float)fmin(fmax(centre + sd * vr_rng_normal(&r), -1), 1);
    }
    bench_must(vr_herd_step(h, pool, actions, &out));
  }
}

static void train(vr_herd *h, vr_policy *p, int taught, int rounds, const vr_pool *pool)
{
  vr_train_par par = VR_TRAIN_DEFAULTS;
  vr_trainer *t;
  vr_round round, sum = {0};
  par.unroll = UNROLL;
  par.learn.algorithm = taught ? VR_DISTIL : VR_VMPO;
  par.epochs = taught ? 1 : 4; // one pass over what was seen; of V-MPO as it is set
  par.least = 1;               // the teacher drives all
  bench_must(vr_trainer_new(h, p, &par, &t));
  bench_must(vr_trainer_start(t, pool));
  for (int i = 0; i < rounds; i++) {
    bench_must(vr_trainer_round(t, pool, &round));
    sum.physics += round.physics;
    sum.eye += round.eye;
    sum.act += round.act + round.teach;
    sum.learn += round.learn;
  }
  printf("physics_s %.3f\neye_s %.3f\nact_s %.3f\nlearn_s %.3f\n", sum.physics, sum.eye, sum.act,
    sum.learn);
  vr_trainer_free(t);
}

int main(int argc, char **argv)
{
  if (argc != 5) {
    fprintf(stderr, "usage: bench_train_sim WHAT NETWORK ROUNDS THREADS\n");
    return 2;
  }
  int rounds = atoi(argv[3]), taught = strstr(argv[1], "distil") != NULL;
  vr_pool pool = {atoi(argv[4])};
  vr_body body = {0};
  vr_task task = {0};
  vr_arch arch;
  vr_policy policy;
  vr_scene *scene;
  vr_herd herd;
  bench_must(vr_conf_read(argv[2], &arch));
  bench_must(vr_policy_untrained(&arch, 1, &policy));
  bench_must(vr_body_load("share/body/rat", &body));
  bench_must(vr_task_read("share/task", "flat:noise=0.1", &task));
  bench_must(vr_scene_of(&body, &task, 0.002, &scene));
  vr_rats_share share = {.scene = scene, .task = "flat", .teacher = taught ? "teacher" : NULL};
  vr_rats_par par = {.seed = 1,
    .eye = arch.eye != VR_EYE_NONE,
    .threads = pool.threads,
    .gaits = "share/gait"};
  bench_must(vr_rats_herd(&share, 1, ANIMALS, &par, &herd));
  bench_clock();
  if (strncmp(argv[1], "bare", 4))
    train(&herd, &policy, taught, rounds, &pool);
  else
    bare(&herd, taught, rounds, &pool);
  double cpu = bench_now(CLOCK_PROCESS_CPUTIME_ID) - bench_cpu;
  double wall = bench_now(CLOCK_MONOTONIC) - bench_wall;
  printf("cpu_s %.6f\nwall_s %.6f\nframes_s %.1f\n", cpu, wall, rounds * ANIMALS * UNROLL / wall);
  vr_herd_free(&herd);
  vr_policy_free(&policy);
  vr_scene_free(scene);
  vr_task_free(&task);
  vr_body_free(&body);
  return 0;
}
