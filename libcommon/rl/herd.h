/* herd.h -- many animals stepped together: what the learner knows of the world it learns in.
 *
 * Animal i plays one episode of its task after the other. A step takes an action from each and tells
 * what it has brought and what each senses now; where an episode has ended, the next one has begun.
 * In each step: vr_herd_look, vr_herd_teach (once, if at all), vr_herd_step. Arrays belong to the
 * caller, animal after animal; nothing is allocated in a step, and the bits do not depend on the
 * pool. */
#ifndef VR_RL_HERD_H
#define VR_RL_HERD_H
#include "base/pool.h"
#include "nn/agent.h"
#include "sim/vec.h"
#include <stddef.h>
#include <stdint.h>

/* What a step fills; members that are NULL are not filled. */
typedef struct {
  double *obs;  /* n x nobs: where an episode has ended, the first of the next one */
  double *last; /* n x nobs: where it has ended, the last of it (not where it broke off) */
  double *reward, *discount; /* n */
  int *end;                  /* n: VR_GOES_ON ... (sim/vec.h) */
  uint8_t
    *last_eye; /* n x VR_EYE_BYTES: where it has ended, and more could have come, the last view */
  double *success; /* n: where an episode has ended, 1 if it was one, else 0 */
} vr_herd_out;

/* A kind of herd: its calls on `self`. */
typedef struct {
  int (*reset)(void *self, const vr_pool *pool, double *obs);
  int (*step)(void *self, const vr_pool *pool, const float *action, const vr_herd_out *out);
  int (*look)(void *self, const vr_pool *pool, uint8_t *eye);
  int (*teach)(void *self, const vr_pool *pool, float *label);
  size_t (*state_size)(const void *self);
  void (*save)(const void *self, void *state);
  int (*restore)(void *self, const void *state);
  void (*free)(void *self);
} vr_herd_kind;

typedef struct {
  size_t n, nobs, nact, nsense;
  const vr_sense *sense; /* columns of obs */
  int eye;               /* there is something to see */
  size_t ntask;
  const char *const *name; /* ntask: of the tasks */
  const size_t *task;      /* n: of each animal */
  const uint8_t *taught;   /* n: it has a teacher */
  const float *hold;       /* nact: the actions of doing nothing; NULL: 0 */
  const vr_herd_kind *kind;
  void *self;
} vr_herd;

/* Episode 0 of each, cut somewhere before its limit so that they do not go in step. */
int vr_herd_reset(vr_herd *h, const vr_pool *pool, double *obs);
int vr_herd_step(vr_herd *h, const vr_pool *pool, const float *action, const vr_herd_out *out);
/* eye (n x VR_EYE_BYTES): what each sees now. */
int vr_herd_look(vr_herd *h, const vr_pool *pool, uint8_t *eye);
/* label (n x nact): what the teacher of each would do now; untouched where there is none. */
int vr_herd_teach(vr_herd *h, const vr_pool *pool, float *label);

/* All that the next steps depend on, to the bit, without pointers. What they sense is not told again
 * by a restored herd: the caller keeps it with the state. */
size_t vr_herd_state_size(const vr_herd *h);
void vr_herd_save(const vr_herd *h, void *state);
int vr_herd_restore(vr_herd *h, const void *state);
void vr_herd_free(vr_herd *h);

#endif
