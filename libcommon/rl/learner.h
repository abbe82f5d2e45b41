/* learner.h -- one step of a policy's weights from one batch of strips; no files.
 *
 * The batch comes in shards of strips. What a shard adds to the gradient does not depend on which
 * thread or process works on it, and shards are summed in their order. */
#ifndef VR_RL_LEARNER_H
#define VR_RL_LEARNER_H
#include "base/pool.h"
#include "base/ranks.h"
#include "nn/adam.h"
#include "nn/popart.h"
#include "rl/policy.h"
#include "rl/strip.h"
#include "rl/vtrace.h"

typedef enum {
  VR_VMPO, /* V-MPO (rl/vmpo.h) */
  VR_PPO,  /* clipped ratios (Schulman et al. 2017), to tell faults of one from faults of a task */
  VR_DISTIL, /* no reward for the policy: it follows the labels of teachers */
} vr_algorithm;

typedef struct {
  int algorithm;
  double gamma;
  vr_vtrace_par trace;
  vr_adam_par adam;
  double value;  /* weight of the value's loss */
  double popart; /* rate of the statistics of returns, of a step */
  /* V-MPO: bounds in nats, of sums over the actions */
  double eps_eta, eps_mean, eps_spread, dual_rate;
  /* PPO */
  double clip, entropy;
  /* labels: weight of KL(teacher || policy), a mean over labelled steps; the teacher's spread */
  double kick, teacher_std;
  size_t burn; /* first steps of strips from before, on which nothing is learned */
  size_t lag;  /* fresh strips are of weights so many updates old */
} vr_learn_par;

#define VR_LEARN_DEFAULTS                                                                          \
  {                                                                                                \
    .algorithm = VR_VMPO, .gamma = 0.98, .trace = VR_VTRACE_DEFAULTS, .adam = VR_ADAM_DEFAULTS,    \
    .value = 0.5, .popart = 0.01, .eps_eta = 0.05, .eps_mean = 0.05, .eps_spread = 1e-3,           \
    .dual_rate = 0.3, .clip = 0.2, .kick = 0, .teacher_std = 0.1, .burn = 8                        \
  }

/* What a step saw; means over the samples in use. */
typedef struct {
  double samples, labelled;
  double policy_loss, value_loss, label_loss;
  double kl_mean, kl_spread; /* from the old policy: V-MPO's target, else the one that acted */
  double e_kl, eta;          /* of the E-step */
  double alpha_mean, alpha_spread;
  double rho, clipped;       /* mean of pi / mu; share of samples where it was clipped */
  double explained;          /* share of the returns' variance that the value explains */
  double entropy, norm, std; /* of the policy; of the gradient; mean spread of the actions */
} vr_learn_stats;

typedef struct {
  void *const *strip; /* n records */
  size_t n;           /* VR_SHARD at most */
} vr_shard;

typedef struct vr_learner vr_learner;

/* For batches of up to nshard shards. task_head (ntask): the value head of each task. ranks: the
 * processes that step together, each with as many shards; their order is that of the whole batch.
 * VR_EMEM. */
int vr_learner_new(const vr_policy *p, const vr_strip_shape *shape, size_t nshard,
  const size_t *task_head, size_t ntask, const vr_ranks *ranks, vr_learner **l);
void vr_learner_free(vr_learner *l);

/* The old policy of V-MPO becomes what p is now; `update` is the number of its weights. */
void vr_learner_set_target(vr_learner *l, const vr_policy *p, uint64_t update);

/* One step: p->param, value_mean and value_std change. update: the number of the weights as they are;
 * strips of numbers below update - lag are from before. The same bits for any pool. VR_ENUM when something is not
 * finite: the weights are then of no more use. */
int vr_learner_step(vr_learner *l, vr_policy *p, const vr_learn_par *par, uint64_t update,
  const vr_shard *shard, size_t nshard, const vr_pool *pool, vr_learn_stats *stats);

/* Before the old policy of V-MPO is renewed: how far p has moved from it in all, on the same batch, goes
 * to stats->kl_mean and kl_spread, and the multipliers climb or fall by that. During the steps that led
 * there the KL begins at 0 and grows like the square of their number: multipliers that follow each of
 * them hold the mean on the bound, and leave the end at several times it. */
int vr_learner_settle(vr_learner *l, vr_policy *p, const vr_learn_par *par, uint64_t update,
  const vr_shard *shard, size_t nshard, const vr_pool *pool, vr_learn_stats *stats);

/* A piece of memory that a checkpoint must keep. */
typedef enum { VR_PART_F64, VR_PART_F32, VR_PART_U8 } vr_part_kind;
typedef struct {
  const char *name; /* a word */
  vr_part_kind kind;
  size_t n;
  void *at;
  int own; /* other processes have others of this kind, under other names */
} vr_part;

enum { VR_LEARNER_PIECES = 6 };
void vr_learner_pieces(vr_learner *l, vr_part piece[VR_LEARNER_PIECES]);

#endif
