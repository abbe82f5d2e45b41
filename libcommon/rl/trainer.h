/* trainer.h -- a training in rounds: an unroll of the herd, then steps of the learner; no files.
 *
 *   vr_trainer_new(&herd, &policy, &par, &t);
 *   vr_trainer_start(t, pool);           or vr_trainer_parts + vr_trainer_restored
 *   for (;;) vr_trainer_round(t, pool, &round);
 *
 * What comes out depends on the herd, the policy, the parameters and their seed, not on the pool. With
 * several processes there are two layouts. Peers: all act and learn; the herd of rank r starts with
 * animal r n. A learner and its actors: rank 0 learns, the herd of rank r starts with animal
 * (r - 1) n, and ranks 1 .. are in vr_trainer_serve. Weights are to the bit those of one process with
 * all the animals; with a lag, those of every other run with that lag. */
#ifndef VR_RL_TRAINER_H
#define VR_RL_TRAINER_H
#include "rl/learner.h"
#include "rl/rollout.h"

typedef struct {
  vr_learn_par learn;
  size_t unroll; /* steps */
  size_t epochs; /* steps of the learner in a round */
  double replay; /* strips from before for each fresh one in such a step */
  size_t batch;  /* in place of both: strips of each flock of VR_SHARD animals, drawn from those
                    that are kept; 0: the fresh ones */
  size_t keep;   /* strips that are kept of each animal */
  size_t target; /* rounds after which the old policy of V-MPO is renewed */
  double stop;   /* KL at which the steps of a round end early (PPO); 0: never */
  /* labels: a teacher drives this share of the segments, falling linearly to `least` over so many
   * frames; the spread of what is executed */
  double share, least, fade;
  size_t segment;
  double noise;
  double last_rate,
    frames; /* the rate of learning falls linearly to last_rate at `frames`; 0: stays */
  uint64_t seed;
  vr_ranks ranks; /* the peers that train together, each with as many animals */
  vr_ranks crew;  /* the learner and its actors (peers then are none); size 1: there are none */
  size_t lag;     /* unrolls that actors are ahead: their weights are older by so many rounds */
} vr_train_par;

#define VR_TRAIN_DEFAULTS                                                                          \
  {                                                                                                \
    .learn = VR_LEARN_DEFAULTS, .unroll = 32, .epochs = 4, .target = 1, .stop = 0, .share = 1,     \
    .least = 0.4, .fade = 30000, .segment = 25, .noise = 0.08, .last_rate = 1e-4, .seed = 1,       \
    .ranks = {0, 1}, .crew = {                                                                     \
      0,                                                                                           \
      1                                                                                            \
    }                                                                                              \
  }

/* What a round was like. */
typedef struct {
  uint64_t round;
  double frames;        /* so far */
  vr_learn_stats stats; /* means over the steps; of KL, eta and alphas the last */
  double steps, share, rate;
  double physics, eye, act, teach, learn; /* s of the clock */
  double broken;                          /* episodes that broke off */
  double here; /* frames that these times are of: of this process, or of all actors */
  double lag;  /* age of the weights that acted, in rounds */
} vr_round;

typedef struct vr_trainer vr_trainer;

/* The policy and the herd must outlive it. VR_EARG, VR_EDATA: they do not go together; VR_EMEM. */
int vr_trainer_new(vr_herd *h, vr_policy *p, const vr_train_par *par, vr_trainer **t);
void vr_trainer_free(vr_trainer *t);

/* The herd starts, counts are 0; actions are around those that hold the spawn pose. */
int vr_trainer_start(vr_trainer *t, const vr_pool *pool);

/* VR_ENUM, with the reason, when it has gone wrong: numbers that are not finite, a KL far beyond its
 * bound for ten rounds, an engine that diverges in a quarter of the herd. */
int vr_trainer_round(vr_trainer *t, const vr_pool *pool, vr_round *round);

/* An actor: unrolls, with the weights that the learner sends, until it has another wish: *save, to hand
 * over the state (vr_trainer_pieces), or else the end. */
int vr_trainer_serve(vr_trainer *t, const vr_pool *pool, int *save);
/* The learner: actors get ready to hand over their state, and wait; or they are sent home. */
void vr_trainer_call(vr_trainer *t, int save);

/* Of the episodes that ended since they were last cleared: one a task of the herd. */
vr_tally *vr_trainer_tally(vr_trainer *t);

/* All that the next rounds depend on, apart from the parameters: pieces of memory that may be written
 * out, and, in a trainer made alike, be filled again; then vr_trainer_restored. *n of them; they
 * belong to the trainer. */
const vr_part *vr_trainer_pieces(vr_trainer *t, size_t *n);
/* One more piece, of the caller, that goes with them. */
void vr_trainer_also(vr_trainer *t, const vr_part *piece);
int vr_trainer_restored(vr_trainer *t);

#endif
