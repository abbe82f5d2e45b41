/* rollout.h -- a herd that acts by a policy, and the strips of what it lives through. */
#ifndef VR_RL_ROLLOUT_H
#define VR_RL_ROLLOUT_H
#include "rl/herd.h"
#include "rl/inputs.h"
#include "rl/policy.h"
#include "rl/strip.h"

typedef struct {
  uint64_t seed;
  uint32_t first; /* number of the first animal, from which its draws follow */
  size_t T;       /* steps of an unroll */
  double gamma;   /* only for the returns that are told */
  /* what an unroll is driven by; may change from one to the next */
  int labels;     /* teachers are asked */
  double share;   /* of the segments that a teacher drives; 0: none */
  size_t segment; /* steps */
  double noise;   /* spread of what is executed around the mean; 0: draws from the policy */
} vr_rollout_par;

/* Of the episodes that ended since they were last cleared: of one task. */
typedef struct {
  double episodes, reward, success, steps;
} vr_tally;

/* CPU time is not told apart: seconds of the clock by part. */
typedef struct {
  double physics, eye, act, teach;
} vr_rollout_time;

typedef struct vr_rollout vr_rollout;

/* The herd's senses must have the inputs of the policy. The herd and the policy's agent must outlive
 * it. VR_EDATA, VR_EARG, VR_EMEM. */
int vr_rollout_new(vr_herd *h, const vr_policy *p, const vr_rollout_par *par, vr_rollout **a);
void vr_rollout_free(vr_rollout *a);
int vr_rollout_reset(vr_rollout *a, const vr_pool *pool);

/* An unroll of each animal into n records of vr_strip_shape_of(arch, nstate, T), with the weights
 * and statistics of p; `update` is their number. The same bits for any pool. */
int vr_rollout_go(vr_rollout *a, const vr_rollout_par *par, const vr_policy *p, uint64_t update,
  const vr_pool *pool, void *records);

/* ntask value heads, one a task. */
const size_t *vr_rollout_heads(const vr_rollout *r);

/* ntask tallies and the times, to read and to clear. */
vr_tally *vr_rollout_tally(vr_rollout *a);
vr_rollout_time *vr_rollout_times(vr_rollout *a);

/* All that the next unroll depends on, as bytes, and back. */
size_t vr_rollout_state_size(const vr_rollout *a);
void vr_rollout_save(const vr_rollout *a, void *state);
int vr_rollout_restore(vr_rollout *a, const void *state);

#endif
