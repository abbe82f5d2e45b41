/* agent.h -- the agent as one function of (parameters, inputs, state), and its gradient.
 *
 * A vr_agent holds the plan of one architecture: where each tensor lies in the block of parameters
 * and where each layer's state lies in the block of states. It holds no weights, so any number of
 * threads and copies of the weights may use it. Time-major arrays: (T, B, columns). */
#ifndef VR_NN_AGENT_H
#define VR_NN_AGENT_H
#include "base/pool.h"
#include "nn/arch.h"
#include "nn/encoder.h"
#include "nn/lstm.h"
#include "nn/real.h"
#include <stddef.h>
#include <stdint.h>

typedef struct vr_agent vr_agent;
typedef struct vr_agent_work vr_agent_work;

/* One tensor of the parameter block: elements first .. first + rows * cols - 1, row-major. */
typedef struct {
  char name[48]; /* "core/wx", "policy1/wh", "eye/conv2/w"... */
  size_t rows, cols, first;
} vr_tensor;

/* A recurrent layer: its c is state[first .. first + units - 1], its h follows. */
typedef struct {
  char name[16]; /* "core", "policy1", ... : LAYER of /neural/LAYER/{c,h} */
  size_t units, first;
} vr_layer;

int vr_agent_new(const vr_arch *arch, vr_agent **a); /* VR_EARG: sizes that do not fit; VR_EMEM */
void vr_agent_free(vr_agent *a);
const vr_arch *vr_agent_arch(const vr_agent *a);
size_t vr_agent_nparam(const vr_agent *a);
size_t vr_agent_nstate(const vr_agent *a); /* numbers of state an animal: all c and h */
const vr_tensor *vr_agent_tensors(const vr_agent *a, size_t *n);
const vr_layer *vr_agent_layers(const vr_agent *a, size_t *n);

/* Orthogonal or scaled-normal weights, forget biases 1, last layer of the policy x 0.01. */
void vr_agent_init(const vr_agent *a, uint64_t seed, vr_real *param);

typedef struct {
  size_t T, B;
  const vr_real *in;    /* T x B x nin, normalised */
  const uint8_t *eye;   /* T x B x 64 x 64 x 3, NULL for the blind */
  const vr_real *priv;  /* T x B x npriv, of the critic; NULL where no value is asked */
  const uint8_t *reset; /* T x B: 1 where an episode begins: state is 0 before this step; or NULL */
  const vr_real *state; /* B x nstate: before the first step */
  const vr_clamp *clamp;
  size_t nclamp;
} vr_agent_in;

/* Members that are NULL are not filled. */
typedef struct {
  vr_real *mean, *std; /* T x B x nact */
  vr_real *value;      /* T x B x nvalue, normalised (PopArt) */
  vr_real *state;      /* B x nstate: after the last step (may be the array of vr_agent_in) */
  vr_real *trace;      /* T x B x nstate: after each step */
} vr_agent_out;

/* Room for unrolls of up to T x B steps; learn: keep what vr_agent_backward needs. */
int vr_agent_work_new(const vr_agent *a, size_t T, size_t B, int learn, vr_agent_work **w);
void vr_agent_work_free(vr_agent_work *w);

/* The same bits for any pool, and for an animal whichever others are with it; an unroll is its steps
 * one by one, to the bit. Acting is T = 1. Nothing is allocated. VR_EARG: an unroll larger than the
 * room, arrays that are missing, a clamp of no unit. */
int vr_agent_forward(const vr_agent *a, const vr_real *param, const vr_agent_in *in,
  const vr_pool *pool, vr_agent_work *w, vr_agent_out *out);

/* Adds d(loss)/d(param) to grad, given d(loss)/d(mean), /d(std), /d(value), of the unroll that the
 * last forward with w went through (the state before the first step is a constant). Gradients of
 * the policy do not pass into the core (figure 3): they reach the encoders by the shortcuts only. A
 * NULL gradient is zero. VR_EARG: a work that does not learn, a value that was not computed. */
int vr_agent_backward(const vr_agent *a, const vr_real *param, const vr_agent_in *in,
  const vr_real *dmean, const vr_real *dstd, const vr_real *dvalue, const vr_pool *pool,
  vr_agent_work *w, vr_real *grad);

#endif
