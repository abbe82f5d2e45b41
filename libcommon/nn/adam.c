#include "nn/adam.h"
#include "base/err.h"
#include "nn/fast.h"
#include <math.h>

enum { LANES = 16 };

VR_NN_CLONES double vr_norm2(size_t n, const vr_real *x)
{
  double part[LANES] = {0}, sum = 0;
  size_t whole = n - n % LANES;
  for (size_t i = 0; i < whole; i += LANES)
#pragma omp simd
    for (size_t k = 0; k < LANES; k++) part[k] += (double)x[i + k] * (double)x[i + k];
  for (size_t i = whole; i < n; i++) part[i - whole] += (double)x[i] * (double)x[i];
  for (size_t k = 0; k < LANES; k++) sum += part[k];
  return sqrt(sum);
}

/* The whole step in one pass: memory is what it costs. */
VR_NN_CLONES static void move(size_t n, const vr_real *grad, vr_real scale, vr_real beta1,
  vr_real beta2, vr_real rate, vr_real eps, vr_real *param, vr_real *m, vr_real *v)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    vr_real g = grad[i] * scale;
    m[i] += (1 - beta1) * (g - m[i]);
    v[i] += (1 - beta2) * (g * g - v[i]);
    param[i] -= rate * m[i] / ((vr_real)sqrt(v[i]) + eps);
  }
}

int vr_adam_step(const vr_adam_par *par, size_t n, const vr_real *grad, vr_real *param, vr_real *m,
  vr_real *v, uint64_t *t, double *norm)
{
  double size = vr_norm2(n, grad);
  if (norm) *norm = size;
  if (!isfinite(size)) return vr_fail(VR_ENUM, "the gradient is not finite");
  double scale = par->clip > 0 && size > par->clip ? par->clip / size : 1;
  double k = (double)++*t, first = 1 - pow(par->beta1, k), second = sqrt(1 - pow(par->beta2, k));
  // the corrections of m and v for their start at 0, moved into rate and eps
  move(n, grad, (vr_real)scale, (vr_real)par->beta1, (vr_real)par->beta2,
    (vr_real)(par->rate * second / first), (vr_real)(par->eps * second), param, m, v);
  return 0;
}
