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

/* Between the learner and its actors. */
typedef struct {
  unsigned char *word; /* what the learner says: a wish and the weights */
  size_t nslip;        /* numbers of a slip: what an actor tells beside its strips */
  vr_ranks_mail *mail; /* the learner's words, one an actor; or an actor's loads, two each */
  unsigned char *load; /* strips: an actor's lag + 1 unrolls; or lag that wait for the learner */
  double *slip;        /* theirs */
  double queued;       /* unrolls that wait */
} vr_crew;

struct vr_trainer {
  vr_herd *herd;
  vr_policy *policy;
  vr_train_par par;
  vr_rollout *rollout;
  vr_learner *learner;
  vr_strip_shape shape;
  size_t n, all; /* animals whose strips come here; of all processes */
  vr_crew crew;
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

/* The crew (crew.c): this process learns, or acts, for others. */
int vr_crew_learns(const vr_trainer *t);
int vr_crew_acts(const vr_trainer *t);
int vr_crew_new(vr_trainer *t);
void vr_crew_free(vr_trainer *t);
/* The strips of a round, from all actors in their order; the next unroll is called for. */
void vr_crew_take(vr_trainer *t);
/* The unrolls that are on their way are brought in. */
void vr_crew_drain(vr_trainer *t);

/* How the herd is driven now. */
vr_rollout_par vr_trainer_drive(const vr_trainer *t);

/* How many frames the policy has behind it now. */
void vr_trainer_age(vr_trainer *t);

#endif
