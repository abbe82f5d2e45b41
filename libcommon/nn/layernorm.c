#include "nn/layernorm.h"
#include <math.h>

#define EPS 1e-5

void vr_layernorm_forward(size_t n, size_t d, const vr_real *x, const vr_real *gain,
  const vr_real *bias, vr_real *hat, vr_real *scale, vr_real *y, size_t ldy)
{
  for (size_t i = 0; i < n; i++) {
    const vr_real *row = x + i * d;
    double mean = 0, var = 0;
    for (size_t j = 0; j < d; j++) mean += (double)row[j];
    mean /= (double)d;
    for (size_t j = 0; j < d; j++) var += ((double)row[j] - mean) * ((double)row[j] - mean);
    vr_real m = (vr_real)mean, s = (vr_real)(1 / sqrt(var / (double)d + EPS));
    scale[i] = s;
    for (size_t j = 0; j < d; j++) {
      hat[i * d + j] = (row[j] - m) * s;
      y[i * ldy + j] = hat[i * d + j] * gain[j] + bias[j];
    }
  }
}

void vr_layernorm_backward(size_t n, size_t d, const vr_real *hat, const vr_real *scale,
  const vr_real *gain, const vr_real *dy, vr_real *dgain, vr_real *dbias, vr_real *dx)
{
  for (size_t i = 0; i < n; i++) {
    const vr_real *h = hat + i * d, *g = dy + i * d;
    double sum = 0, along = 0;
    for (size_t j = 0; j < d; j++) {
      dgain[j] += g[j] * h[j];
      dbias[j] += g[j];
      sum += (double)(g[j] * gain[j]);
      along += (double)(g[j] * gain[j] * h[j]);
    }
    vr_real a = (vr_real)(sum / (double)d), b = (vr_real)(along / (double)d);
    for (size_t j = 0; j < d; j++) dx[i * d + j] = scale[i] * (g[j] * gain[j] - a - h[j] * b);
  }
}
