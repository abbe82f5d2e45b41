/* agent_plan.h -- inside of nn: how an agent's parameters, states and activations lie in memory.
 *
 * Each step of each animal has a row of signals [f e x h]: features of the inputs, features of the
 * image, the raw inputs, h of the core. The core reads the first two; the policy reads the row; its
 * gradient flows into the first two only, which is how figure 3 of the paper cuts it. */
#ifndef VR_NN_AGENT_PLAN_H
#define VR_NN_AGENT_PLAN_H
#include "nn/agent.h"

enum { VR_AGENT_TENSORS = 128, VR_AGENT_LAYERS = VR_ARCH_MAX + 1 };

typedef struct {
  size_t in, out, w, b; /* first elements among the parameters */
} vr_dense;

/* tanh(dense) again and again */
typedef struct {
  size_t n, units; /* layers; their widths together */
  vr_dense layer[VR_ARCH_MAX];
} vr_stack;

/* tanh(layer norm(dense)): the end of an encoder; dense.out 0: there is none */
typedef struct {
  vr_dense dense;
  size_t gain, bias;
} vr_embed;

typedef struct {
  size_t units, below; /* below: units of the policy layer that feeds this one, 0 for none */
  size_t signals;      /* columns of signals that feed it */
  size_t wx, wh, b;    /* wx: rows of the signals, then those of the layer below */
  size_t state;        /* first of its c, then its h */
} vr_cell;

/* How a tensor starts. */
typedef enum {
  VR_START_ZERO,
  VR_START_ONE,
  VR_START_NORMAL,     /* times `scale` */
  VR_START_ORTHOGONAL, /* rows x rows blocks side by side */
  VR_START_FORGET,     /* bias of i f g o: 1 for f */
  VR_START_SPREAD      /* bias of means and spreads: std_init */
} vr_start;

struct vr_agent {
  vr_arch arch;
  size_t nparam, nstate, ntensor, nlayer;
  vr_tensor tensor[VR_AGENT_TENSORS];
  struct {
    vr_start how;
    double scale;
  } start[VR_AGENT_TENSORS];
  vr_layer layer[VR_AGENT_LAYERS];
  vr_encoder eye;
  size_t eye_first; /* of the parameters of the encoder */
  vr_stack mlp, head, critic;
  vr_embed mlp_end, eye_end;
  vr_cell core, policy[VR_ARCH_MAX];
  vr_dense out, value;
  size_t nf, ne, nx, nsignal; /* columns f, e, x; all */
  size_t nback;               /* columns that pass a gradient on: f and e, if weights made them */
  size_t npolicy;             /* h of all policy layers together */
  size_t head_first, head_in; /* columns of what the head reads: of policy h's, or of signals */
};

/* What one slice of the animals needs for an unroll of T steps; R = T * B rows. */
typedef struct {
  size_t T, B, R, first; /* first animal of the slice */
  vr_real *x;            /* R x (nin + npriv) */
  vr_real *signal;       /* R x nsignal */
  vr_real *h;            /* R x npolicy */
  vr_real *mlp, *mlp_hat, *mlp_scale;
  vr_real *eye, *eye_scratch, *flat, *eye_hat, *eye_scale;
  vr_real *gate[VR_AGENT_LAYERS], *cprev[VR_AGENT_LAYERS], *hprev[VR_AGENT_LAYERS],
    *c[VR_AGENT_LAYERS]; /* 0 is the core */
  vr_real *head, *critic;
  vr_real *out;   /* R x 2 nact: means, then spreads before softplus */
  vr_real *value; /* R x nvalue */
  uint8_t *reset; /* R */
  /* the way back */
  vr_real *dout, *dvalue, *dsignal, *dh, *dcore, *dgate, *carry, *deye, *turned, *wide[2];
} vr_slice;

struct vr_agent_work {
  const vr_agent *agent;
  size_t T, B;
  int learn, valued; /* valued: the last forward went through the critic */
  size_t ngroup;     /* gradients that are summed apart */
  vr_real *block, *grad;
};

/* Animals are dealt with in slices of fixed size, so that the bits do not depend on threads. */
static inline size_t vr_slice_size(size_t B)
{
  return B < 64 ? 16 : 32;
}
static inline size_t vr_slice_count(size_t B)
{
  return (B + vr_slice_size(B) - 1) / vr_slice_size(B);
}
static inline size_t vr_group_count(size_t B)
{
  return vr_slice_count(B) < 16 ? vr_slice_count(B) : 16;
}

/* Lays out slice k of an unroll T x B. */
void vr_slice_lay(const vr_agent_work *w, size_t T, size_t B, size_t k, vr_slice *s);

/* The layer `k` of recurrence as lstm.h wants it; 0 is the core. */
vr_lstm vr_slice_lstm(const vr_agent *a, const vr_slice *s, const vr_agent_in *in, size_t k);

#endif
