/* vec.h -- many environments stepped together by a pool of threads.
 *
 * Environment i plays one episode after the other: where one ends, by its rules or its time limit,
 * the next begins in the same call. Episode k of environment i has a seed of its own
 * (vr_episode_seed), so that nothing depends on the number of threads or on how the others fare.
 * Arrays belong to the caller, environment after environment; nothing is allocated in a step. */
#ifndef VR_SIM_VEC_H
#define VR_SIM_VEC_H
#include "base/pool.h"
#include "sim/env.h"

typedef struct vr_vec vr_vec;

typedef struct {
  uint64_t seed;
  uint32_t first; /* number of the first environment: its trial */
  double seconds; /* time limit of an episode; 0: that of its task */
  int stagger;    /* the first episode of each environment is cut somewhere before its limit */
} vr_vec_par;

#define VR_VEC_DEFAULTS                                                                            \
  {                                                                                                \
    .seed = 1, .stagger = 1                                                                        \
  }

/* How a step went: the episode goes on, has ended by the rules of the task, was cut at its time
 * limit, or broke off since the engine diverged. */
enum { VR_GOES_ON, VR_ENDED, VR_CUT, VR_BROKEN };

/* What a step fills, n of each; members that are NULL are not filled. */
typedef struct {
  double *obs;      /* n x nobs: where an episode has ended, the first of the next one */
  double *last;     /* n x nobs: where it has ended, the last of it (not where it broke off) */
  double *reward;   /* n */
  double *discount; /* n */
  int *end;         /* n: VR_GOES_ON ... */
  /* called where an episode ended of which more could have come, while number i is as it was last */
  void (*ended)(void *ctx, size_t i, int thread);
  void *ctx;
} vr_vec_out;

/* n environments, number i in scene[i]; scenes may repeat and must outlive it. VR_EARG when they
 * differ in actions or observations, VR_EMEM. */
int vr_vec_new(const vr_scene *const *scene, size_t n, const vr_vec_par *par, vr_vec **v);
void vr_vec_free(vr_vec *v);

/* Episode 0 of each; obs (n x nobs) may be NULL. VR_ENUM when a hundred starts in a row diverge. */
int vr_vec_reset(vr_vec *v, const vr_pool *pool, double *obs);

/* action (n x nact). The same bits for any pool. VR_ENUM as above. */
int vr_vec_step(vr_vec *v, const vr_pool *pool, const float *action, const vr_vec_out *out);

/* Number i itself, to ask for its pose, cue or events (those of a new episode's start: none). */
vr_env *vr_vec_env(vr_vec *v, size_t i);
/* Its episode's number and how many steps that has taken. */
uint32_t vr_vec_episode(const vr_vec *v, size_t i, size_t *steps);

/* All of them as bytes, and back (vr_env_save). */
size_t vr_vec_state_size(const vr_vec *v);
void vr_vec_save(const vr_vec *v, void *state);
int vr_vec_restore(vr_vec *v, const void *state, double *obs);

#endif
