#include "ana/psd_kernel.h"
#include <string.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum { WIDE = VR_PSD_WIDE };

/* Four rows at a time: sums that lie in memory wait for themselves. */
enum { ROWS = 4 };

CLONES void vr_psd_take(
  size_t n, size_t cols, const double *x, size_t ld, double *y, double mean[WIDE])
{
  double sum[WIDE] = {0};
  size_t i = 0;
  for (; cols == WIDE && i + ROWS <= n; i += ROWS) {
    const double *a = x + i * ld, *b = a + ld, *c = b + ld, *d = c + ld;
    double *to = y + i * WIDE;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) {
      to[j] = a[j];
      to[WIDE + j] = b[j];
      to[2 * WIDE + j] = c[j];
      to[3 * WIDE + j] = d[j];
      sum[j] += (a[j] + b[j]) + (c[j] + d[j]);
    }
  }
  for (; i < n; i++)
    for (size_t j = 0; j < WIDE; j++) {
      y[i * WIDE + j] = j < cols ? x[i * ld + j] : 0;
      sum[j] += y[i * WIDE + j];
    }
  for (size_t j = 0; j < WIDE; j++) mean[j] = sum[j] / (double)n;
}

CLONES void vr_psd_level(size_t n, const double mean[WIDE], double *y)
{
  double middle = ((double)n - 1) / 2, square = 0, slope[WIDE] = {0};
  for (size_t i = 0; i < n; i++) {
    double t = (double)i - middle;
    square += t * t;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) slope[j] += t * (y[i * WIDE + j] - mean[j]);
  }
  for (size_t i = 0; i < n; i++) {
    double t = ((double)i - middle) / square;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] -= t * slope[j];
  }
}

CLONES void vr_psd_taper(
  size_t n, const double mean[WIDE], const double *w, double *y, double square[WIDE])
{
  double sum[WIDE] = {0};
  size_t i = 0;
  for (; i + ROWS <= n; i += ROWS) {
    double *to = y + i * WIDE;
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) {
      double a = (to[j] - mean[j]) * w[i], b = (to[WIDE + j] - mean[j]) * w[i + 1];
      double c = (to[2 * WIDE + j] - mean[j]) * w[i + 2],
             d = (to[3 * WIDE + j] - mean[j]) * w[i + 3];
      to[j] = a;
      to[WIDE + j] = b;
      to[2 * WIDE + j] = c;
      to[3 * WIDE + j] = d;
      sum[j] += (a * a + b * b) + (c * c + d * d);
    }
  }
  for (; i < n; i++)
    for (size_t j = 0; j < WIDE; j++) {
      y[i * WIDE + j] = (y[i * WIDE + j] - mean[j]) * w[i];
      sum[j] += y[i * WIDE + j] * y[i * WIDE + j];
    }
  memcpy(square, sum, sizeof sum);
}

CLONES void vr_psd_scale(size_t n, const double scale[WIDE], double *y)
{
  for (size_t i = 0; i < n; i++)
#pragma omp simd
    for (size_t j = 0; j < WIDE; j++) y[i * WIDE + j] *= scale[j];
}

CLONES void vr_psd_power(size_t n, const double *z, double *sum)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) sum[i] += z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1];
}

CLONES void vr_psd_power_lanes(size_t n, const double *z, const double back[WIDE], double *sum)
{
  enum { HALF = WIDE / 2 };
  for (size_t k = 0; k <= n / 2; k++) {
    const double *a = z + k * WIDE, *b = z + (k ? n - k : 0) * WIDE;
    double *to = sum + k * WIDE;
#pragma omp simd
    for (size_t j = 0; j < HALF; j++) {
      double re = a[j] + b[j], im = a[HALF + j] - b[HALF + j];
      to[j] += 0.25 * back[j] * (re * re + im * im);
    }
#pragma omp simd
    for (size_t j = 0; j < HALF; j++) {
      double re = a[HALF + j] + b[HALF + j], im = b[j] - a[j];
      to[HALF + j] += 0.25 * back[HALF + j] * (re * re + im * im);
    }
  }
}
