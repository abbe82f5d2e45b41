/* rollout_state.h -- what the files of the rollout share; included nowhere else. */
#ifndef VR_RL_ROLLOUT_STATE_H
#define VR_RL_ROLLOUT_STATE_H
#include "rl/rollout.h"

/* What an animal is in the middle of; no pointers: it is saved as it is. */
typedef struct {
  uint64_t left;   /* steps until somebody else may drive */
  uint64_t taught; /* a teacher drives */
  uint64_t fresh;  /* an episode begins */
  uint64_t steps;  /* of this episode */
  double reward;   /* so far in this episode */
} vr_rider;

struct vr_rollout {
  vr_herd *herd;
  const vr_agent *agent;
  vr_rollout_par par;
  size_t n, nin, npriv, nact, nstate, nvalue, nshard;
  int eye, seen; /* seen: the images are those of now */
  vr_inputs inputs, priv;
  vr_strip_shape shape;
  size_t *head; /* ntask: value head */
  uint64_t step;
  vr_rider *rider;
  vr_strip_view *strip; /* n: where this unroll goes */
  double *obs, *last, *reward, *discount, *success;
  int *end;
  uint8_t *image, *last_image, *reset;
  float *state, *spare; /* spare: states nobody needs */
  float *in, *privs, *mean, *std, *value, *label, *action;
  vr_agent_work **work; /* nshard */
  vr_tally *tally;
  vr_rollout_time time;
  vr_arena arena;
};

/* Columns of observations that are no inputs, which a critic of its own may see. VR_EDATA when the
 * architecture asks for another number. */
int vr_rollout_privileged(const vr_arch *arch, const vr_herd *h, vr_inputs *priv);

#endif
