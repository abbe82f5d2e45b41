/* strip.h -- what one animal lives through in an unroll, as a record of fixed size.
 *
 * A strip has T steps and the state after the last one. Records lie in blocks of bytes: a batch that
 * was just gathered, a ring of older ones, a message to another process. */
#ifndef VR_RL_STRIP_H
#define VR_RL_STRIP_H
#include "nn/arch.h"
#include <stddef.h>
#include <stdint.h>

/* Animals, and strips, whose network steps are computed together: it never changes a result. */
enum { VR_SHARD = 16 };

typedef struct {
  size_t T, nin, npriv, nact, nstate;
  int eye;
  size_t bytes; /* of a record, a multiple of 64 */
} vr_strip_shape;

vr_strip_shape vr_strip_shape_of(const vr_arch *arch, size_t nstate, size_t T);

/* What a step was: bits of `is`. */
enum {
  VR_STRIP_LABEL = 1,  /* there is a label */
  VR_STRIP_BROKEN = 2, /* the engine diverged: the reward is of no use */
};

/* Pointers into a record. */
typedef struct {
  uint64_t *task;    /* of the animal */
  uint64_t *policy;  /* number of the update whose weights acted */
  double *reward;    /* T */
  double *discount;  /* T: of the environment, without the learner's gamma */
  double *last;      /* T: value of the last state where an episode is over, else NAN */
  double *log_mu;    /* T: of the action that was drawn; NAN where another than the policy acted */
  float *state;      /* nstate: of the network before the first step */
  float *in;         /* (T + 1) x nin: as sensed, not normalised */
  float *priv;       /* (T + 1) x npriv */
  float *action;     /* T x nact: as drawn, without offset, not clipped */
  float *mean, *std; /* T x nact: of the policy that acted */
  float *label;      /* T x nact: of the teacher, without offset */
  uint8_t *reset;    /* T + 1: an episode begins */
  uint8_t *is;       /* T */
  uint8_t *eye;      /* (T + 1) x VR_EYE_BYTES, or NULL */
} vr_strip_view;

vr_strip_view vr_strip_at(const vr_strip_shape *shape, void *record);

/* A ring of records: the newest `room` of those that were put. */
typedef struct {
  size_t room, n, next; /* n: filled; next: place of the next one */
  vr_strip_shape shape;
  unsigned char *bytes;
} vr_ring;

int vr_ring_new(const vr_strip_shape *shape, size_t room, vr_ring *r); /* room 0: keeps nothing */
void vr_ring_free(vr_ring *r);
/* Copies n records into it, in their order. */
void vr_ring_put(vr_ring *r, const void *records, size_t n);
void *vr_ring_at(const vr_ring *r, size_t i); /* place i of n */

#endif
