#include "ana/wavelet_kernel.h"
#include "base/isa.h"
#include <math.h>

VR_CLONES void vr_wave_phase(size_t n, const double *c, const double *turn, double *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = c[i] * turn[2 * i];
    out[2 * i + 1] = c[i] * turn[2 * i + 1];
  }
}

VR_CLONES void vr_wave_phasef(size_t n, const double *c, const double *turn, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = (float)(c[i] * turn[2 * i]);
    out[2 * i + 1] = (float)(c[i] * turn[2 * i + 1]);
  }
}

VR_CLONES void vr_wave_roundf(size_t n, const double *x, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = (float)x[i];
}

VR_CLONES void vr_wave_weigh(size_t n, const double *w, const double *z, double *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = w[i] * z[2 * i];
    out[2 * i + 1] = w[i] * z[2 * i + 1];
  }
}

VR_CLONES void vr_wave_weighf(size_t n, const float *w, const float *z, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = w[i] * z[2 * i];
    out[2 * i + 1] = w[i] * z[2 * i + 1];
  }
}

VR_CLONES void vr_wave_abs(size_t n, const double *z, double *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = sqrt(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
}

VR_CLONES void vr_wave_absf(size_t n, const float *z, float *out)
{
#pragma omp simd
  for (size_t i = 0; i < n; i++) out[i] = sqrtf(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
}

VR_CLONES void vr_wave_unfold(size_t n, const double *from, double *to)
{
  size_t half = n / 2;
#pragma omp simd
  for (size_t i = 0; i < half; i++) {
    to[2 * i] = from[i];
    to[2 * i + 1] = from[n - 1 - i];
  }
  if (n % 2) to[n - 1] = from[half];
}

VR_CLONES void vr_wave_unfoldf(size_t n, const float *from, float *to)
{
  size_t half = n / 2;
#pragma omp simd
  for (size_t i = 0; i < half; i++) {
    to[2 * i] = from[i];
    to[2 * i + 1] = from[n - 1 - i];
  }
  if (n % 2) to[n - 1] = from[half];
}

// Blocks of 16 frames: a cache line of each channel is read once and used up.
enum { TILE = 16 };

VR_CLONES void vr_wave_turn(size_t n, size_t m, const double *from, size_t ld, double *to, size_t step)
{
  for (size_t first = 0; first < n; first += TILE) {
    size_t end = first + TILE < n ? first + TILE : n;
    for (size_t i = first; i < end; i++)
      for (size_t k = 0; k < m; k++) to[i * step + k] = from[k * ld + i];
  }
}

// 16 floats at any address. A transposition swaps blocks of 8, 4, 2, 1 across the diagonal: the
// lanes of a and b that stay and come, in constants, as shuffles want them.
typedef float lane __attribute__((vector_size(64), aligned(4), may_alias));
#define SHUFFLE __builtin_shufflevector
#define SWAP8(a, b)                                                                                \
  old = a, a = SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),              \
  b = SHUFFLE(old, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define SWAP4(a, b)                                                                                \
  old = a, a = SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),            \
  b = SHUFFLE(old, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define SWAP2(a, b)                                                                                \
  old = a, a = SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),            \
  b = SHUFFLE(old, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define SWAP1(a, b)                                                                                \
  old = a, a = SHUFFLE(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),           \
  b = SHUFFLE(old, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)

// 16 channels x 16 frames
static inline __attribute__((always_inline)) void turn_tile(
  const float *from, size_t ld, float *to, size_t step)
{
  lane v[TILE], old;
#pragma GCC unroll 16
  for (size_t k = 0; k < TILE; k++) v[k] = *(const lane *)(from + k * ld);
#pragma GCC unroll 8
  for (size_t k = 0; k < 8; k++) SWAP8(v[k], v[k + 8]);
#pragma GCC unroll 8
  for (size_t k = 0; k < 8; k++) SWAP4(v[k / 4 * 8 + k % 4], v[k / 4 * 8 + k % 4 + 4]);
#pragma GCC unroll 8
  for (size_t k = 0; k < 8; k++) SWAP2(v[k / 2 * 4 + k % 2], v[k / 2 * 4 + k % 2 + 2]);
#pragma GCC unroll 8
  for (size_t k = 0; k < 8; k++) SWAP1(v[2 * k], v[2 * k + 1]);
#pragma GCC unroll 16
  for (size_t i = 0; i < TILE; i++) *(lane *)(to + i * step) = v[i];
}

VR_CLONES void vr_wave_turnf(size_t n, size_t m, const float *from, size_t ld, float *to, size_t step)
{
  size_t whole = m < TILE ? 0 : n - n % TILE;
  for (size_t i = 0; i < whole; i += TILE)
    // the last tile of channels overlaps the one before
    for (size_t k = 0; k < m; k += TILE) {
      size_t at = k + TILE <= m ? k : m - TILE;
      turn_tile(from + at * ld + i, ld, to + i * step + at, step);
    }
  for (size_t i = whole; i < n; i++)
    for (size_t k = 0; k < m; k++) to[i * step + k] = from[k * ld + i];
}
