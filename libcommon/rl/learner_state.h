/* learner_state.h -- what the files of the learner share; included nowhere else. */
#ifndef VR_RL_LEARNER_STATE_H
#define VR_RL_LEARNER_STATE_H
#include "base/mem.h"
#include "nn/agent.h"
#include "rl/learner.h"

/* A shard of the batch, time-major (steps x strips x columns). */
typedef struct {
  size_t n, first;             /* strips; place of its first sample among those of the batch */
  vr_agent_work *work, *plain; /* plain: of the old policy */
  vr_agent_in net;             /* what the network is given */
  float *in, *priv, *state, *mean, *std, *value; /* T + 1 steps: what it sees and says */
  float *action, *old_mean, *old_std, *label;    /* T steps */
  float *teacher_std, *dmean, *dstd, *dvalue;    /* T; T + 1 */
  float *grad;
  uint8_t *eye, *reset;
  vr_strip_view *strip;
  double *column; /* scratch: five columns of numbers over time */
} vr_lot;

/* Numbers of each sample of the batch: sample (t, b) of a shard is first + t n + b. */
typedef struct {
  size_t n;
  double *logp, *log_mu, *rho, *target, *advantage, *value;
  double *old_mean, *old_spread;     /* KL from the old policy, in its two parts */
  double *label_mean, *label_spread; /* KL from the teacher */
  double *entropy, *spread;          /* of the policy; mean over its actions */
  /* weights of their gradients, and of log pi and the entropy; d(loss)/d(value) */
  double *w_logp, *w_mean, *w_spread, *w_label, *w_entropy, *dvalue;
  size_t *head, *place;
  uint8_t *use, *drawn, *labelled; /* drawn: in use, and by the policy */
} vr_samples;

struct vr_learner {
  const vr_agent *agent;
  vr_strip_shape shape;
  vr_ranks ranks;
  size_t nshard, nparam, nvalue, ntask, room; /* room: samples, of all ranks */
  size_t w_first, w_rows, b_first;            /* of the value heads among the parameters */
  size_t *task_head;
  vr_lot *lot;
  vr_samples is;
  float *grad;
  unsigned char *message; /* between ranks */
  /* what is kept from step to step */
  float *target, *m, *v;
  double alpha[2]; /* of the mean, of the spread */
  double count[2]; /* steps of Adam; number of the target's weights */
  vr_popart popart;
  vr_arena arena;
};

/* A step in the making. */
typedef struct {
  vr_learner *l;
  vr_policy *p;
  const vr_learn_par *par;
  const vr_shard *shard;
  const vr_pool *inner; /* for the network, where there is one shard only */
  size_t nshard;
  size_t mine;     /* samples of this rank */
  uint64_t update; /* number of the weights as they are */
} vr_learn_step;

/* Chunks of vr_pool_run: shard k forward (values, log probabilities, returns), and backward. */
int vr_learn_forward(void *step, size_t k, int thread);
int vr_learn_backward(void *step, size_t k, int thread);

/* From all samples of the batch: statistics, and the weights of all gradients. */
int vr_learn_weigh(vr_learn_step *now, vr_learn_stats *stats);

/* KL from the old policy, means over the samples in use. */
void vr_learn_moved(const vr_learn_step *now, vr_learn_stats *stats);

#endif
