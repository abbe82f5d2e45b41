/* conv.h -- 3 x 3 convolution and maximum over square images, border of zeros, channels last (NHWC),
 * one image at a time. Output pixel (i, j) looks at the input around (stride i, stride j), as PyTorch
 * does with padding 1. */
#ifndef VR_NN_CONV_H
#define VR_NN_CONV_H
#include "nn/real.h"
#include <stddef.h>

typedef struct {
  size_t side, cin, cout,
    stride; /* side of the input in pixels, a multiple of stride; stride 1, 2 */
  int relu; /* the input passes max(0, x) first */
} vr_conv;

static inline size_t vr_conv_side(const vr_conv *c) /* of the output */
{
  return c->side / c->stride;
}

/* Elements of scratch that the calls below need. */
size_t vr_conv_scratch(const vr_conv *c);

/* y = conv(x) + b + add. x (side x side x cin), w (3 x 3 x cin x cout), y and add (side / stride
 * squared x cout); add may be NULL. */
void vr_conv_forward(const vr_conv *c, const vr_real *x, const vr_real *w, const vr_real *b,
  const vr_real *add, vr_real *y, vr_real *scratch);

/* dw and db grow. */
void vr_conv_backward(const vr_conv *c, const vr_real *x, const vr_real *dy, vr_real *dw,
  vr_real *db, vr_real *scratch);

/* dx grows; turned: the weights in the order of the way back, as many as w, by vr_conv_turn. */
void vr_conv_turn(const vr_conv *c, const vr_real *w, vr_real *turned);
void vr_conv_backward_input(const vr_conv *c, const vr_real *x, const vr_real *turned,
  const vr_real *dy, vr_real *dx, vr_real *scratch);

/* y (side / 2 squared x channels) = the largest of 3 x 3, stride 2; dx grows at the first of them. */
void vr_maxpool_forward(size_t side, size_t channels, const vr_real *x, vr_real *y);
void vr_maxpool_backward(
  size_t side, size_t channels, const vr_real *x, const vr_real *y, const vr_real *dy, vr_real *dx);

#endif
