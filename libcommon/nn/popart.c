#include "nn/popart.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

int vr_popart_init(vr_popart *p, size_t n)
{
  memset(p, 0, sizeof *p);
  if (!n) return vr_fail(VR_EARG, "PopArt of no value heads");
  VR_TRY(vr_alloc(&p->mu, 3 * n, sizeof *p->mu));
  p->nu = p->mu + n;
  p->count = p->nu + n;
  p->n = n;
  p->rate = 1e-3;
  p->least = 1e-2;
  p->most = 1e6;
  return 0;
}

void vr_popart_free(vr_popart *p)
{
  vr_release(p->mu);
  memset(p, 0, sizeof *p);
}

double vr_popart_scale(const vr_popart *p, size_t k)
{
  if (!(p->count[k] > 0)) return 1;
  double var = p->nu[k] - p->mu[k] * p->mu[k];
  double scale = var > 0 ? sqrt(var) : 0;
  return scale < p->least ? p->least : scale > p->most ? p->most : scale;
}

double vr_popart_value(const vr_popart *p, size_t k, double n)
{
  return vr_popart_scale(p, k) * n + p->mu[k];
}

double vr_popart_normalised(const vr_popart *p, size_t k, double value)
{
  return (value - p->mu[k]) / vr_popart_scale(p, k);
}

void vr_popart_update(
  vr_popart *p, size_t k, const double *target, size_t n, size_t in, vr_real *w, vr_real *b)
{
  if (!n) return;
  double mean = 0, square = 0, scale = vr_popart_scale(p, k), mu = p->mu[k];
  for (size_t i = 0; i < n; i++) {
    mean += target[i] / (double)n;
    square += target[i] * target[i] / (double)n;
  }
  p->count[k]++;
  double rate = 1 / p->count[k] > p->rate ? 1 / p->count[k] : p->rate;
  p->mu[k] += rate * (mean - p->mu[k]);
  p->nu[k] += rate * (square - p->nu[k]);

  // the same value from the new statistics
  double now = vr_popart_scale(p, k);
  for (size_t i = 0; i < in; i++)
    w[i * p->n + k] = (vr_real)((double)w[i * p->n + k] * scale / now);
  b[k] = (vr_real)((scale * (double)b[k] + mu - p->mu[k]) / now);
}
