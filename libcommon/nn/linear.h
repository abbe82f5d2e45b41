/* linear.h -- y = x w + b, and its gradient. Weights are (in x out), row-major, so that a product
 * with few rows runs along the columns of y. ld: elements from one row to the next. */
#ifndef VR_NN_LINEAR_H
#define VR_NN_LINEAR_H
#include "nn/real.h"
#include <stddef.h>

/* y = b + x w; without b: y += x w. x (n x in), w (in x out), b (out), y (n x out). */
void vr_linear_forward(size_t n, size_t in, size_t out, const vr_real *x, size_t ldx,
  const vr_real *w, const vr_real *b, vr_real *y, size_t ldy);

/* Of the parameters: dw += x' dy, db += column sums of dy. db may be NULL. */
void vr_linear_backward(size_t n, size_t in, size_t out, const vr_real *x, size_t ldx,
  const vr_real *dy, size_t ldy, vr_real *dw, vr_real *db);

/* Of the input: dx = dy w' (add: dx += dy w'). */
void vr_linear_backward_input(size_t n, size_t in, size_t out, const vr_real *w, const vr_real *dy,
  size_t ldy, int add, vr_real *dx, size_t lddx);

#endif
