/* policy.h -- a trained (or untrained) network with all that it takes to act. */
#ifndef VR_RL_POLICY_H
#define VR_RL_POLICY_H
#include "nn/agent.h"
#include "nn/norm.h"
#include "num/mat.h"

/* Owned: made by vr_policy_new, freed by vr_policy_free; zero-initialised it is none. The action is
 * drawn around mean + offset with the spread std (sampled) or is mean + offset, clipped to -1 .. 1. */
typedef struct {
  vr_arch arch;
  vr_agent *agent;
  float *param;       /* vr_agent_nparam(agent) */
  vr_norm norm;       /* arch.nin: of the inputs (rl/inputs.h) */
  vr_norm priv;       /* arch.npriv: of the privileged columns; d = 0 without any */
  double *value_mean; /* nvalue: value = value_mean + value_std * output (PopArt) */
  double *value_std;
  char (*head)[VR_ARCH_WORD]; /* nvalue: the task of each value head, "" for any */
  float *offset;              /* nact: added to the mean: the commands that hold the spawn pose */
  uint64_t seed;              /* of the first weights */
  double frames;              /* it was trained on; 0: untrained */
  double labelled;            /* of these, learned from the labels of teachers, not from rewards */
  /* what the training looked like: a row an entry of its log; ncurve names. Both NULL: none is kept */
  vr_mat curves;
  char (*curve)[VR_ARCH_WORD];
} vr_policy;

/* Weights 0, nothing normalised (mean 0, spread 1), offset 0. VR_EARG, VR_EDATA, VR_EMEM. */
int vr_policy_new(const vr_arch *arch, vr_policy *p);

/* The same with random first weights. */
int vr_policy_untrained(const vr_arch *arch, uint64_t seed, vr_policy *p);

/* Room for a table of `rows` x `cols` training curves, in place of what was there. VR_EMEM. */
int vr_policy_curves(vr_policy *p, size_t rows, size_t cols);

/* Place of the value head for a task: that of its name, else one for any task; -1: there is none. */
int vr_policy_head(const vr_policy *p, const char *task);

void vr_policy_free(vr_policy *p);

#endif
