#include "base/rng.h"
#include "nn/agent_plan.h"
#include <math.h>

/* Orthogonal n x n blocks side by side (Saxe et al. 2014): rows of normals made orthonormal one
 * after another. w (n x cols), cols a multiple of n. */
static void orthogonal(size_t n, size_t cols, vr_rng *r, vr_real *w)
{
  for (size_t block = 0; block < cols; block += n)
    for (size_t i = 0; i < n; i++) {
      vr_real *row = w + i * cols + block;
      double size = 0;
      for (size_t j = 0; j < n; j++) row[j] = (vr_real)vr_rng_normal(r);
      // twice, since the first pass leaves its rounding behind
      for (size_t k = 0; k < 2 * i; k++) {
        const vr_real *other = w + k % i * cols + block;
        double along = 0;
        for (size_t j = 0; j < n; j++) along += (double)row[j] * (double)other[j];
        for (size_t j = 0; j < n; j++) row[j] -= (vr_real)(along * (double)other[j]);
      }
      for (size_t j = 0; j < n; j++) size += (double)row[j] * (double)row[j];
      for (size_t j = 0; j < n; j++) row[j] = (vr_real)((double)row[j] / sqrt(size));
    }
}

void vr_agent_init(const vr_agent *a, uint64_t seed, vr_real *param)
{
  const vr_arch *arch = &a->arch;
  for (size_t k = 0; k < a->ntensor; k++) {
    const vr_tensor *t = a->tensor + k;
    vr_real *w = param + t->first;
    vr_rng r = vr_rng_new(seed, (uint32_t)k, 0);
    size_t n = t->rows * t->cols, units = t->cols / 4;
    switch (a->start[k].how) {
    case VR_START_ZERO:
    case VR_START_ONE:
      for (size_t i = 0; i < n; i++) w[i] = a->start[k].how == VR_START_ONE;
      break;
    case VR_START_NORMAL:
      for (size_t i = 0; i < n; i++) w[i] = (vr_real)(a->start[k].scale * vr_rng_normal(&r));
      break;
    case VR_START_ORTHOGONAL: orthogonal(t->rows, t->cols, &r, w); break;
    case VR_START_FORGET:
      for (size_t i = 0; i < n; i++) w[i] = i / units == 1;
      break;
    case VR_START_SPREAD:
      for (size_t i = 0; i < n; i++)
        w[i] = i < arch->nact ? 0 : (vr_real)log(expm1(arch->std_init - arch->std_floor));
      break;
    }
  }
}
