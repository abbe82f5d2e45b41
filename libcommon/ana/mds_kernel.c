#include "ana/mds_kernel.h"
#include <float.h>
#include <stdint.h>
#include <string.h>
#pragma GCC optimize("fp-contract=fast")

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

/* 1 / sqrt(s) for s >= DBL_MIN, to 2 units in the last place: faster than a root and a division.
 * Half the exponent is right to 3 %, and each step of Newton doubles the digits. */
static inline double inverse_root(double s)
{
  uint64_t bits;
  double y;
  memcpy(&bits, &s, sizeof bits);
  bits = 0x5fe6eb50c7b537a9 - (bits >> 1);
  memcpy(&y, &bits, sizeof y);
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) y *= 1.5 - 0.5 * s * y * y;
  return y;
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
  // wanted distance by distance; points that coincide (nearer than 1e-154) do not pull
#pragma omp simd reduction(+ : stress)
  for (size_t j = 0; j < n; j++) {
    double s = room[j], inverse = inverse_root(s), miss = s * inverse - delta[j];
    stress += miss * miss;
    room[j] = s >= DBL_MIN ? delta[j] * inverse : 0;
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
