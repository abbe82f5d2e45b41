/* lesion.h -- trials of a policy with some of its cells held or driven, and what they come to.
 *
 * Held: cells are set to a value in each step of the trial (inactivation). Driven: from a time on,
 * they follow a course, one row a step, and are then free again (activation). A cell is set after its
 * update, and its output is taken from what it was set to (nn/agent.h). Which trials are played does
 * not depend on what is held: the same seeds everywhere, so conditions are compared in pairs. */
#ifndef VR_RL_LESION_H
#define VR_RL_LESION_H
#include "base/pool.h"
#include "rl/policy.h"
#include "sim/env.h"

/* What is counted of a trial: how often an event happened, and (attempts) how often it could have; or
 * whether it happened at all. Events are those of the environment, and "rearing" and "spin", told from
 * the motion of the root by the rules of vr-events(1). */
typedef struct {
  const char *event;   /* what is a success */
  const char *attempt; /* events that could have become one; NULL: the trial is the attempt */
  double from, to; /* s: successes and attempts in this part of the trial only; to <= from: all */
} vr_lesion_goal;

/* One condition: cells of one layer. */
typedef struct {
  size_t layer, n;      /* of vr_agent_layers; cells */
  const size_t *unit;   /* n */
  const double *value;  /* n: what they are held at; NULL: they are driven */
  const vr_mat *course; /* steps x n: what they follow */
  double at;            /* s: when that begins */
} vr_lesion;

typedef struct {
  const vr_scene *scene;
  const vr_policy *policy;
  int sample;
  uint64_t seed; /* of the first trial's number 0, as in a recording */
  size_t trials, frames;
  vr_lesion_goal goal;
} vr_lesion_par;

/* Of one trial. */
typedef struct {
  size_t attempts, successes, frames;
  double total; /* of its rewards */
} vr_lesion_trial;

/* Plays all trials of all conditions on the pool; out: ncondition x trials. progress may be NULL.
 * VR_EARG (no such layer or unit), VR_EDATA (a policy for another animal), VR_EMEM, VR_ENUM. */
int vr_lesion_run(const vr_lesion_par *par, const vr_lesion *condition, size_t ncondition,
  const vr_pool *pool, void (*progress)(const char *what, double done, double total),
  vr_lesion_trial *out);

#endif
