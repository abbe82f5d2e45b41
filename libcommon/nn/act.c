#include "nn/act.h"
#include "nn/fast.h"

VR_NN_CLONES void vr_tanh_forward(
  size_t rows, size_t cols, const vr_real *x, size_t ldx, vr_real *y, size_t ldy)
{
  for (size_t i = 0; i < rows; i++)
#pragma omp simd
    for (size_t j = 0; j < cols; j++) y[i * ldy + j] = vr_fast_tanh(x[i * ldx + j]);
}

VR_NN_CLONES void vr_tanh_backward(size_t rows, size_t cols, const vr_real *y, size_t ldy,
  const vr_real *dy, size_t lddy, vr_real *dx, size_t lddx)
{
  for (size_t i = 0; i < rows; i++)
#pragma omp simd
    for (size_t j = 0; j < cols; j++) {
      vr_real a = y[i * ldy + j];
      dx[i * lddx + j] = dy[i * lddy + j] * (1 - a * a);
    }
}

VR_NN_CLONES void vr_relu_forward(size_t n, const vr_real *x, vr_real *y)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

VR_NN_CLONES void vr_relu_backward(size_t n, const vr_real *x, const vr_real *dy, vr_real *dx)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) dx[i] = x[i] > 0 ? dy[i] : 0;
}

VR_NN_CLONES void vr_softplus_forward(size_t n, const vr_real *x, vr_real floor, vr_real *y)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) y[i] = floor + vr_fast_softplus(x[i]);
}

VR_NN_CLONES void vr_softplus_backward(size_t n, const vr_real *x, const vr_real *dy, vr_real *dx)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) dx[i] = dy[i] * vr_fast_sigmoid(x[i]);
}
