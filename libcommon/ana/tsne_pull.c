#include "ana/tsne_in.h"
#include <math.h>

#if defined __x86_64__ && !defined __SANITIZE_ADDRESS__
#define FAST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FAST
#endif

static double row_log(const vr_jointp *p, const double *y, size_t i)
{
  double sum = 0;
  for (size_t e = p->start[i]; e < p->start[i + 1]; e++) {
    const double *to = y + 2 * (size_t)p->index[e];
    double dx = y[2 * i] - to[0], dy = y[2 * i + 1] - to[1];
    sum += p->value[e] * log1p(dx * dx + dy * dy);
  }
  return sum;
}

double vr_tsne_log_sum(const vr_jointp *p, const double *y, size_t first, size_t end)
{
  double sum = 0;
  for (size_t i = first; i < end; i++) sum += row_log(p, y, i);
  return sum;
}

FAST void vr_tsne_pull(const vr_jointp *p, const double *y, size_t first, size_t end, double *force)
{
  for (size_t i = first; i < end; i++) {
    double x0 = y[2 * i], y0 = y[2 * i + 1], fx = 0, fy = 0;
    size_t last = p->start[i + 1];
#pragma omp simd reduction(+ : fx, fy)
    for (size_t e = p->start[i]; e < last; e++) {
      int32_t j = p->index[e];
      double dx = x0 - y[2 * (ptrdiff_t)j], dy = y0 - y[2 * (ptrdiff_t)j + 1];
      double w = (double)p->value[e] / (1 + dx * dx + dy * dy);
      fx += w * dx;
      fy += w * dy;
    }
    force[2 * i] = fx;
    force[2 * i + 1] = fy;
  }
}

FAST void vr_tsne_pullf(const vr_jointp *p, const float *y, size_t first, size_t end, double *force)
{
  for (size_t i = first; i < end; i++) {
    float x0 = y[2 * i], y0 = y[2 * i + 1], fx = 0, fy = 0;
    size_t last = p->start[i + 1];
#pragma omp simd reduction(+ : fx, fy)
    for (size_t e = p->start[i]; e < last; e++) {
      int32_t j = p->index[e];
      float dx = x0 - y[2 * (ptrdiff_t)j], dy = y0 - y[2 * (ptrdiff_t)j + 1];
      float w = p->value[e] / (1 + dx * dx + dy * dy);
      fx += w * dx;
      fy += w * dy;
    }
    force[2 * i] = (double)fx;
    force[2 * i + 1] = (double)fy;
  }
}
