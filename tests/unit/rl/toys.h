/* toys.h -- networks for the toys, trained and tried. */
#ifndef VR_TEST_TOYS_H
#define VR_TEST_TOYS_H
#include "../test.h"
#include "rl/toy.h"
#include "rl/trainer.h"
#include <stdio.h>
#include <string.h>

enum { TOY_ANIMALS = 32 };

/* A herd in a toy, and a small network for it: with a core and a layer of policy, or none. */
typedef struct {
  vr_herd herd;
  vr_policy policy;
} toy_run;

static inline void toy_open(const char *toy, int memory, int sees, uint64_t seed, toy_run *r)
{
  assert_int_equal(vr_toy_herd(toy, TOY_ANIMALS, seed, 0, &r->herd), 0);
  vr_arch a = {.nact = r->herd.nact,
    .ninput = r->herd.nsense,
    .nvalue = 1,
    .std_floor = 0.05,
    .std_init = 0.5};
  for (size_t i = 0; i < a.ninput; i++) {
    snprintf(a.input[i], sizeof a.input[i], "%s", r->herd.sense[i].name);
    a.nin += r->herd.sense[i].n;
  }
  if (sees) {
    a.eye = VR_EYE_STRIDED;
    a.eye_out = 32;
  }
  if (memory) {
    a.mlp = (vr_widths){1, {16}};
    a.core = 32;
    a.npolicy = 1;
    a.policy[0] = 32;
    a.skips = 1;
  } else {
    a.head = (vr_widths){2, {64, 64}};
    a.critic = (vr_widths){2, {64, 64}};
  }
  assert_int_equal(vr_policy_untrained(&a, seed, &r->policy), 0);
}

static inline void toy_close(toy_run *r)
{
  vr_policy_free(&r->policy);
  vr_herd_free(&r->herd);
}

/* What the learner needs on toys: larger steps than on rats. */
static inline vr_train_par toy_par(int algorithm, uint64_t seed)
{
  vr_train_par par = VR_TRAIN_DEFAULTS;
  par.seed = seed;
  par.learn.algorithm = algorithm;
  par.learn.gamma = 0.9;
  par.learn.adam.rate = 3e-3;
  par.learn.eps_mean = 0.1;
  par.learn.eps_spread = 5e-3;
  par.epochs = 8;
  if (algorithm == VR_DISTIL) {
    par.batch = 8;
    par.keep = 16;
    par.fade = 5000;
    par.least = 0;
  }
  return par;
}

static inline void toy_train(toy_run *r, const vr_train_par *par, int rounds)
{
  vr_pool pool = {vr_pool_default_threads()};
  vr_trainer *t;
  vr_round round;
  assert_int_equal(vr_trainer_new(&r->herd, &r->policy, par, &t), 0);
  assert_int_equal(vr_trainer_start(t, &pool), 0);
  for (int i = 0; i < rounds; i++) assert_int_equal(vr_trainer_round(t, &pool, &round), 0);
  vr_trainer_free(t);
}

/* Share of successes of the policy's means, in episodes that it has not seen. */
static inline double toy_success(toy_run *r, const char *toy)
{
  vr_herd h;
  vr_rollout *o;
  vr_rollout_par par = {.T = 50, .segment = 50, .noise = 1e-9};
  void *records;
  vr_strip_shape shape =
    vr_strip_shape_of(&r->policy.arch, vr_agent_nstate(r->policy.agent), par.T);
  assert_int_equal(vr_toy_herd(toy, TOY_ANIMALS, 12345, 0, &h), 0);
  assert_int_equal(vr_alloc(&records, TOY_ANIMALS, shape.bytes), 0);
  assert_int_equal(vr_rollout_new(&h, &r->policy, &par, &o), 0);
  assert_int_equal(vr_rollout_reset(o, NULL), 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(vr_rollout_go(o, &par, &r->policy, 0, NULL, records), 0);
    if (!i) *vr_rollout_tally(o) = (vr_tally){0}; // first episodes are cut anywhere
  }
  const vr_tally *tally = vr_rollout_tally(o);
  double success = tally->success / tally->episodes;
  vr_rollout_free(o);
  vr_herd_free(&h);
  vr_release(records);
  return success;
}

#endif
