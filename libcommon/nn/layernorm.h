/* layernorm.h -- y = gain (x - mean) / sd + bias along each row (Ba et al. 2016). */
#ifndef VR_NN_LAYERNORM_H
#define VR_NN_LAYERNORM_H
#include "nn/real.h"
#include <stddef.h>

/* x, hat (n x d): hat = (x - mean) / sqrt(variance + 1e-5) may be x itself; y (n x d), rows ldy
 * apart; scale (n) = 1 / sqrt(...). gain, bias (d). */
void vr_layernorm_forward(size_t n, size_t d, const vr_real *x, const vr_real *gain,
  const vr_real *bias, vr_real *hat, vr_real *scale, vr_real *y, size_t ldy);

/* dgain, dbias grow; dx (n x d) may be dy itself. */
void vr_layernorm_backward(size_t n, size_t d, const vr_real *hat, const vr_real *scale,
  const vr_real *gain, const vr_real *dy, vr_real *dgain, vr_real *dbias, vr_real *dx);

#endif
