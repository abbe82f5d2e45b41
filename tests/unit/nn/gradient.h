/* gradient.h -- a gradient against central differences, in double precision. */
#ifndef VR_TEST_GRADIENT_H
#define VR_TEST_GRADIENT_H
#include "../test.h"
#include "base/rng.h"
#include "nn/real.h"
#include <math.h>
#include <string.h>

static inline void fill(size_t n, vr_real *x, double scale, uint32_t what)
{
  vr_rng r = vr_rng_new(7, what, 0);
  for (size_t i = 0; i < n; i++) x[i] = (vr_real)(scale * vr_rng_normal(&r));
}

/* The loss is the sum of weights that `fill` draws times what the layer says. */
static inline double weigh(size_t n, const vr_real *weight, const vr_real *y)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)weight[i] * (double)y[i];
  return sum;
}

/* Compares grad (n) with the differences of loss(ctx) over x +- h: the largest error, relative to
 * the largest entry of the gradient. At most `probes` entries are tried, spread over x. */
static inline double gradient_error(size_t n, vr_real *x, const vr_real *grad, size_t probes,
  double h, double (*loss)(void *), void *ctx)
{
  double worst = 0, most = 0;
  size_t stride = n > probes ? n / probes : 1;
  for (size_t i = 0; i < n; i += stride) {
    vr_real kept = x[i];
    x[i] = kept + (vr_real)h;
    double up = loss(ctx);
    x[i] = kept - (vr_real)h;
    double slope = (up - loss(ctx)) / (2 * h);
    x[i] = kept;
    worst = fmax(worst, fabs(slope - (double)grad[i]));
    most = fmax(most, fabs((double)grad[i]));
  }
  return most > 0 ? worst / most : worst > 0;
}

#endif
