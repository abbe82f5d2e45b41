/* act.h -- activations, element by element. x and y may be the same array. */
#ifndef VR_NN_ACT_H
#define VR_NN_ACT_H
#include "nn/real.h"
#include <stddef.h>

/* Rows of `cols` elements, the row starts ldx and ldy elements apart. */
void vr_tanh_forward(
  size_t rows, size_t cols, const vr_real *x, size_t ldx, vr_real *y, size_t ldy);

/* dx = dy (1 - y^2). */
void vr_tanh_backward(size_t rows, size_t cols, const vr_real *y, size_t ldy, const vr_real *dy,
  size_t lddy, vr_real *dx, size_t lddx);

void vr_relu_forward(size_t n, const vr_real *x, vr_real *y);
void vr_relu_backward(size_t n, const vr_real *x, const vr_real *dy, vr_real *dx);

/* y = floor + log(1 + exp x), and dx = dy / (1 + exp -x). */
void vr_softplus_forward(size_t n, const vr_real *x, vr_real floor, vr_real *y);
void vr_softplus_backward(size_t n, const vr_real *x, const vr_real *dy, vr_real *dx);

#endif
