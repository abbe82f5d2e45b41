/* toy.h -- tasks of some numbers, to see whether the learner learns.
 *
 *   toy-reach  a point is pushed to a target; it feels where that lies and how fast it moves
 *   toy-tap    a flash on one side; eight steps later a signal: tap on that side (needs memory)
 *   toy-look   a spot in the image: point at it (needs the eye) */
#ifndef VR_RL_TOY_H
#define VR_RL_TOY_H
#include "base/rng.h"
#include "rl/herd.h"

enum { VR_TOY_STATE = 8, VR_TOY_OBS = 8 };

/* One toy; state: VR_TOY_STATE numbers of an animal. */
typedef struct {
  const char *name;
  size_t nact, nsense, steps; /* steps: of an episode */
  int cut;                    /* the last step is a time limit that nothing tells of */
  const vr_sense *sense;
  void (*start)(double *state, vr_rng *r);
  /* One step, number t of the episode; returns the reward. state[0] is the success so far. */
  double (*step)(double *state, size_t t, const float *action);
  void (*sense_now)(const double *state, size_t t, double *obs);
  void (*see)(const double *state, uint8_t *rgb); /* or NULL */
  void (*teach)(const double *state, size_t t, float *action);
} vr_toy;

extern const vr_toy vr_toy_reach, vr_toy_tap, vr_toy_look;

/* 1 when a task is a toy's by its name. */
int vr_toy_is(const char *name);

/* n animals in the toy `name`; first: number of the first, from which its chance follows. VR_EARG: no
 * such toy, no animal; VR_EMEM. */
int vr_toy_herd(const char *name, size_t n, uint64_t seed, uint32_t first, vr_herd *h);

#endif
