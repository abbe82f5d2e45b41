#include "nn/norm.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

int vr_norm_init(vr_norm *s, size_t d)
{
  memset(s, 0, sizeof *s);
  if (!d) return vr_fail(VR_EARG, "a normaliser of no columns");
  VR_TRY(vr_alloc(&s->mean, 2 * d, sizeof *s->mean));
  s->m2 = s->mean + d;
  s->d = d;
  return 0;
}

void vr_norm_free(vr_norm *s)
{
  vr_release(s->mean);
  memset(s, 0, sizeof *s);
}

void vr_norm_clear(vr_norm *s)
{
  s->count = 0;
  memset(s->mean, 0, 2 * s->d * sizeof *s->mean);
}

void vr_norm_add(vr_norm *s, const vr_real *x, size_t n)
{
  if (s->frozen) return;
  for (size_t i = 0; i < n; i++, x += s->d) {
    s->count++;
    for (size_t j = 0; j < s->d; j++) {
      double delta = (double)x[j] - s->mean[j];
      s->mean[j] += delta / s->count;
      s->m2[j] += delta * ((double)x[j] - s->mean[j]);
    }
  }
}

void vr_norm_merge(vr_norm *into, const vr_norm *from)
{
  double n = into->count + from->count;
  if (!(from->count > 0)) return;
  for (size_t j = 0; j < into->d; j++) {
    double delta = from->mean[j] - into->mean[j];
    into->mean[j] += delta * from->count / n;
    into->m2[j] += from->m2[j] + delta * delta * into->count * from->count / n;
  }
  into->count = n;
}

double vr_norm_sd(const vr_norm *s, size_t j)
{
  if (s->count < 2) return 1;
  double sd = sqrt(s->m2[j] / s->count);
  return sd > 1e-6 ? sd : 1e-6;
}

void vr_norm_apply(const vr_norm *s, size_t n, const vr_real *x, size_t ldx, vr_real *y, size_t ldy)
{
  for (size_t j = 0; j < s->d; j++) {
    double mean = s->mean[j], scale = 1 / vr_norm_sd(s, j);
    for (size_t i = 0; i < n; i++) {
      double z = ((double)x[i * ldx + j] - mean) * scale;
      z = z > VR_NORM_CLIP ? VR_NORM_CLIP : z < -VR_NORM_CLIP ? -VR_NORM_CLIP : z;
      y[i * ldy + j] = (vr_real)z;
    }
  }
}
