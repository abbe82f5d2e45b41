#include "nn/encoder.h"
#include "nn/act.h"
#include "nn/fast.h"
#include <string.h>

static const vr_encoder_step *last(const vr_encoder *e)
{
  return e->step + e->nstep - 1;
}

/* Adds a step that reads the newest activations. */
static vr_encoder_step *add_step(vr_encoder *e, int pool, size_t cout, size_t stride, int relu)
{
  vr_encoder_step *s = e->step + e->nstep;
  *s = (vr_encoder_step){.pool = pool, .to = e->nact, .add = SIZE_MAX};
  s->conv = (vr_conv){.side = VR_EYE_SIDE, .cin = 3, .cout = cout, .stride = stride, .relu = relu};
  if (e->nstep) {
    s->from = last(e)->to;
    s->conv.side = vr_conv_side(&last(e)->conv);
    s->conv.cin = last(e)->conv.cout;
  }
  e->nstep++;
  size_t side = vr_conv_side(&s->conv);
  e->nact += side * side * cout;
  if (pool) return s;
  s->w = e->nparam;
  s->b = s->w + 9 * s->conv.cin * cout;
  e->nparam = s->b + cout;
  // scratch: the image, then what a convolution needs
  size_t scratch = VR_EYE_BYTES + vr_conv_scratch(&s->conv);
  if (scratch > e->nscratch) e->nscratch = scratch;
  return s;
}

static void add_residual(vr_encoder *e)
{
  size_t around = last(e)->to, channels = last(e)->conv.cout;
  add_step(e, 0, channels, 1, 1);
  add_step(e, 0, channels, 1, 1)->add = around;
}

void vr_encoder_plan(vr_eye_kind kind, vr_encoder *e)
{
  static const size_t channels[] = {16, 32, 32};
  memset(e, 0, sizeof *e);
  if (kind == VR_EYE_NONE) return;
  e->nscratch = VR_EYE_BYTES;
  if (kind == VR_EYE_STRIDED) add_step(e, 0, 16, 2, 0);
  for (size_t k = 0; k < 3; k++) {
    // without a residual block between them, two convolutions need a relu
    add_step(e, 0, channels[k], kind == VR_EYE_STRIDED ? 2 : 1, kind == VR_EYE_STRIDED && k == 0);
    if (kind == VR_EYE_IMPALA) {
      add_step(e, 1, channels[k], 2, 0);
      add_residual(e);
    }
    add_residual(e);
  }
  size_t side = vr_conv_side(&last(e)->conv);
  e->nout = side * side * last(e)->conv.cout;
  e->out = last(e)->to;
}

VR_NN_CLONES static void look(const uint8_t *image, vr_real *x)
{
#pragma omp simd
  for (size_t i = 0; i < VR_EYE_BYTES; i++)
    x[i] = (vr_real)image[i] * (vr_real)(1 / 255.0) - (vr_real)0.5;
}

void vr_encoder_forward(const vr_encoder *e, const vr_real *param, const uint8_t *image,
  vr_real *act, vr_real *scratch, vr_real *features)
{
  look(image, scratch);
  for (const vr_encoder_step *s = e->step; s < e->step + e->nstep; s++) {
    const vr_real *x = s == e->step ? scratch : act + s->from;
    if (s->pool)
      vr_maxpool_forward(s->conv.side, s->conv.cin, x, act + s->to);
    else
      vr_conv_forward(&s->conv, x, param + s->w, param + s->b,
        s->add == SIZE_MAX ? NULL : act + s->add, act + s->to, scratch + VR_EYE_BYTES);
  }
  vr_relu_forward(e->nout, act + e->out, features);
}

void vr_encoder_turn(const vr_encoder *e, const vr_real *param, vr_real *turned)
{
  for (const vr_encoder_step *s = e->step; s < e->step + e->nstep; s++)
    if (!s->pool) vr_conv_turn(&s->conv, param + s->w, turned + s->w);
}

VR_NN_CLONES static void add_to(size_t n, const vr_real *x, vr_real *y)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

void vr_encoder_backward(const vr_encoder *e, const vr_real *turned, const uint8_t *image,
  const vr_real *act, const vr_real *dfeatures, vr_real *dact, vr_real *scratch, vr_real *grad)
{
  vr_real *more = scratch + VR_EYE_BYTES;
  look(image, scratch);
  memset(dact, 0, e->nact * sizeof *dact);
  vr_relu_backward(e->nout, act + e->out, dfeatures, dact + e->out);
  for (size_t k = e->nstep; k-- > 0;) {
    const vr_encoder_step *s = e->step + k;
    const vr_real *x = k ? act + s->from : scratch, *dy = dact + s->to;
    size_t side = vr_conv_side(&s->conv);
    if (s->pool) {
      vr_maxpool_backward(s->conv.side, s->conv.cin, x, act + s->to, dy, dact + s->from);
      continue;
    }
    if (s->add != SIZE_MAX) add_to(side * side * s->conv.cout, dy, dact + s->add);
    vr_conv_backward(&s->conv, x, dy, grad + s->w, grad + s->b, more);
    // nobody asks for the gradient of the image itself
    if (k) vr_conv_backward_input(&s->conv, x, turned + s->w, dy, dact + s->from, more);
  }
}
