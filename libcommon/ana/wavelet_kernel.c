#include "ana/wavelet_kernel.h"
#include <math.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

CLONES void vr_wave_weigh(size_t n, const double *w, const double *z, double *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = w[i] * z[2 * i];
    out[2 * i + 1] = w[i] * z[2 * i + 1];
  }
}

CLONES void vr_wave_weighf(size_t n, const float *w, const float *z, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = w[i] * z[2 * i];
    out[2 * i + 1] = w[i] * z[2 * i + 1];
  }
}

CLONES void vr_wave_abs(size_t n, const double *z, double *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = sqrt(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
}

CLONES void vr_wave_absf(size_t n, const float *z, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = sqrtf(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
}

// Blocks of 16 frames: a cache line of each channel is read once and used up.
enum { TILE = 16 };

CLONES void vr_wave_turn(
  size_t n, size_t m, const double *from, size_t ld, double *to, ptrdiff_t step)
{
  for (size_t first = 0; first < n; first += TILE) {
    size_t end = first + TILE < n ? first + TILE : n;
    for (size_t i = first; i < end; i++) {
      double *row = to + (ptrdiff_t)i * step;
      for (size_t k = 0; k < m; k++) row[k] = from[k * ld + i];
    }
  }
}

CLONES void vr_wave_turnf(
  size_t n, size_t m, const float *from, size_t ld, float *to, ptrdiff_t step)
{
  for (size_t first = 0; first < n; first += TILE) {
    size_t end = first + TILE < n ? first + TILE : n;
    for (size_t i = first; i < end; i++) {
      float *row = to + (ptrdiff_t)i * step;
      for (size_t k = 0; k < m; k++) row[k] = from[k * ld + i];
    }
  }
}
