/* arch.h -- what a network is made of: the numbers of a file in share/agent/. */
#ifndef VR_NN_ARCH_H
#define VR_NN_ARCH_H
#include <stddef.h>

enum { VR_ARCH_MAX = 8, VR_ARCH_INPUTS = 24, VR_ARCH_WORD = 32 };

typedef enum {
  VR_EYE_NONE,    /* blind */
  VR_EYE_STRIDED, /* strided residual encoder, see encoder.h */
  VR_EYE_IMPALA   /* three sections of 16, 32, 32 channels (Espeholt 2018) */
} vr_eye_kind;

/* Widths of the layers of a perceptron, first to last; n = 0: it passes its input on. */
typedef struct {
  size_t n, width[VR_ARCH_MAX];
} vr_widths;

/* Figure 3 of the paper, and what teachers need. Order of the signals:
 *   image -> eye encoder -> eye_out features; inputs -> `mlp` -> features
 *   core LSTM (features of both) -> value heads, unless there is a critic of its own
 *   policy LSTM 1 .. npolicy: from h of the core (gradient cut), the raw inputs and both features;
 *     with skips each layer also sees these, and the head sees the h of all layers; without, only
 *     the layer below
 *   `head` perceptron -> mean and spread of the actions
 * Perceptrons are layers of tanh; the last of `mlp` and the features of the image pass layer norm
 * before it. Without any policy LSTM the head sees what the first would have seen; without the core
 * as well, features only. */
typedef struct {
  size_t ninput; /* senses, by name as in /sense/NAME */
  char input[VR_ARCH_INPUTS][VR_ARCH_WORD];
  size_t nin, nact; /* columns of all inputs together; actions */
  vr_eye_kind eye;
  size_t eye_out;                      /* features of the image */
  vr_widths mlp;                       /* encoder of the inputs */
  size_t core;                         /* units of the core; 0: none */
  size_t npolicy, policy[VR_ARCH_MAX]; /* units of each policy LSTM; npolicy 0: none */
  int skips;
  vr_widths head;   /* between the last layer and the actions */
  vr_widths critic; /* of its own (teachers), fed by inputs and privileged columns; or n = 0 */
  size_t npriv;     /* privileged columns */
  size_t nvalue;    /* value heads: one a task; the policy never learns which task it is */
  double std_floor, std_init; /* spread: floor + softplus(.), at the start std_init */
} vr_arch;

#endif
