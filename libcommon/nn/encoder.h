/* encoder.h -- what becomes of an image: a plan of convolutions, without weights.
 *
 * Strided: conv/2 16, then three sections [conv/2, residual block] of 16, 32, 32 channels: 4 x 4 x 32
 * features. IMPALA (Espeholt et al. 2018): three sections [conv, maximum/2, two residual blocks] of
 * 16, 32, 32 channels: 8 x 8 x 32. A residual block is y + conv(relu(conv(relu(y)))). */
#ifndef VR_NN_ENCODER_H
#define VR_NN_ENCODER_H
#include "nn/arch.h"
#include "nn/conv.h"
#include <stdint.h>

enum { VR_EYE_SIDE = 64, VR_EYE_BYTES = 64 * 64 * 3, VR_ENCODER_STEPS = 18 };

/* One step, from and to places among the activations of a frame. */
typedef struct {
  int pool;        /* maximum/2 instead of a convolution */
  vr_conv conv;    /* side, cin, cout of either */
  size_t from, to; /* first element of the input and the output */
  size_t add;      /* what is added to the output (its first element), or SIZE_MAX */
  size_t w, b;     /* convolutions: first elements among the parameters */
} vr_encoder_step;

typedef struct {
  size_t nstep;
  vr_encoder_step step[VR_ENCODER_STEPS];
  size_t nact; /* activations of a frame */
  size_t nscratch;
  size_t nout, out; /* features of a frame, before the last relu: the last activations */
  size_t nparam;
} vr_encoder;

void vr_encoder_plan(vr_eye_kind kind, vr_encoder *e);

/* image (64 x 64 x 3), act (nact), features (nout). */
void vr_encoder_forward(const vr_encoder *e, const vr_real *param, const uint8_t *image,
  vr_real *act, vr_real *scratch, vr_real *features);

/* The weights in the order of the way back (nparam), once for all frames. */
void vr_encoder_turn(const vr_encoder *e, const vr_real *param, vr_real *turned);

/* The same image, act as forward left it; dact (nact) is scratch. grad (nparam) grows. */
void vr_encoder_backward(const vr_encoder *e, const vr_real *turned, const uint8_t *image,
  const vr_real *act, const vr_real *dfeatures, vr_real *dact, vr_real *scratch, vr_real *grad);

#endif
