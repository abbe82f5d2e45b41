#include "ana/psd_kernel.h"
#include <string.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum { WIDE = VR_PSD_WIDE };

CLONES void vr_psd_take(size_t n, size_t cols, const double *x, size_t ld, double *y)
{
  if (cols == WIDE) {
    for (size_t i = 0; i < n; i++) memcpy(y + i * WIDE, x + i * ld, WIDE * sizeof *y);
    return;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] = j < cols ? x[i * ld + j] : 0;
}

CLONES void vr_psd_centre(size_t n, double *y)
{
  double mean[WIDE] = {0};
  for (size_t i = 0; i < n; i++)
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) mean[j] += y[i * WIDE + j];
  for (size_t j = 0; j < WIDE; j++) mean[j] /= (double)n;
  for (size_t i = 0; i < n; i++)
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] -= mean[j];
}

CLONES void vr_psd_level(size_t n, double *y)
{
  double middle = ((double)n - 1) / 2, square = 0, slope[WIDE] = {0};
  vr_psd_centre(n, y);
  for (size_t i = 0; i < n; i++) {
    double t = (double)i - middle;
    square += t * t;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) slope[j] += t * y[i * WIDE + j];
  }
  for (size_t i = 0; i < n; i++) {
    double t = ((double)i - middle) / square;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] -= t * slope[j];
  }
}

CLONES void vr_psd_taper(size_t n, const double *w, double *y)
{
  for (size_t i = 0; i < n; i++)
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] *= w[i];
}

CLONES void vr_psd_power(size_t n, const double *z, double *sum)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) sum[i] += z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1];
}
