/* trainer_state.h -- what the files of the trainer share; included nowhere else. */
#ifndef VR_RL_TRAINER_STATE_H
#define VR_RL_TRAINER_STATE_H
#include "rl/trainer.h"

enum { VR_TRAINER_PIECES = 32 };

/* Animals that are dealt with together, and their strips. */
typedef struct {
  size_t first, n; /* first: among those here */
  uint32_t number; /* of the first among those of all ranks */
  vr_ring ring;
  char name[32]; /* of the piece that its ring is */
  void *fresh[VR_SHARD], *old[VR_SHARD];
} vr_flock;

/* Places in vr_trainer.count. */
enum { VR_ROUNDS, VR_FRAMES, VR_FAR_OFF, VR_FRAMES_BEFORE, VR_LABELLED_BEFORE, VR_COUNTS };

struct vr_trainer {
  vr_herd *herd;
  vr_policy *policy;
  vr_train_par par;
  vr_rollout *rollout;
  vr_learner *learner;
  vr_strip_shape shape;
  size_t nflock;
  vr_flock *flock;
  vr_shard *shard;         /* 2 nflock */
  unsigned char *fresh;    /* records of this round */
  unsigned char *saved;    /* the rollout's state */
  double count[VR_COUNTS]; /* rounds, frames, rounds in a row with a KL far off; what
                            * the policy had behind it at the start */
  vr_part *piece, also;
  char name[32]; /* of the piece that is the herd */
};

/* How many frames the policy has behind it now. */
void vr_trainer_age(vr_trainer *t);

#endif
