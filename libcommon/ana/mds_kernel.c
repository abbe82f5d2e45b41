#include "ana/mds_kernel.h"
#include <math.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

CLONES double vr_mds_square(size_t n, const double *a, const double *b)
{
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t k = 0; k < n; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

CLONES double vr_mds_pull(size_t n, size_t dims, const double *x, size_t stride,
  const double *delta, double *room, double *move)
{
  double stress = 0;
  // squared distances
  for (size_t k = 0; k < dims; k++) {
    const double *to = x + k * stride + 1, here = to[-1];
    if (!k) {
#pragma omp simd
      for (size_t j = 0; j < n; j++) room[j] = (to[j] - here) * (to[j] - here);
    } else {
#pragma omp simd
      for (size_t j = 0; j < n; j++) room[j] += (to[j] - here) * (to[j] - here);
    }
  }
  // wanted distance by distance; points that coincide do not pull
#pragma omp simd reduction(+ : stress)
  for (size_t j = 0; j < n; j++) {
    double d = sqrt(room[j]), miss = d - delta[j], ratio = delta[j] / (d > 0 ? d : 1);
    stress += miss * miss;
    room[j] = d > 0 ? ratio : 0;
  }
  for (size_t k = 0; k < dims; k++) {
    const double *to = x + k * stride + 1, here = to[-1];
    double *pull = move + k * stride + 1, sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < n; j++) {
      double step = room[j] * (to[j] - here);
      pull[j] += step;
      sum += step;
    }
    pull[-1] -= sum;
  }
  return stress;
}
