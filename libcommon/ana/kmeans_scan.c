/* kmeans_scan.c -- the hot loops of kmeans: scores of rows and centres, the two least of them. */
#include "ana/kmeans_in.h"
#include "base/isa.h"
#include <math.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

CLONES double vr_km_dist2(const double *x, const double *y, size_t d)
{
  double part[8] = {0}, sum = 0;
  size_t whole = d - d % 8;
  for (size_t t = 0; t < whole; t += 8)
#pragma omp simd
    for (size_t k = 0; k < 8; k++) part[k] += (x[t + k] - y[t + k]) * (x[t + k] - y[t + k]);
  for (size_t t = whole; t < d; t++) part[t - whole] += (x[t] - y[t]) * (x[t] - y[t]);
  for (size_t k = 0; k < 8; k++) sum += part[k];
  return sum;
}

// from here on results are bounded, not equal, on different processors
#pragma GCC optimize("fp-contract=fast")

// four floats a register, sixteen registers: any processor
#define NAME plain
#define TARGET
#define LANES 4
#define ROWS 2
#define PANELS 1
#include "ana/kmeans_tile.h"

#ifdef __x86_64__
#define NAME v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define ROWS 6
#define PANELS 1
#include "ana/kmeans_tile.h"

#define NAME v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define LANES 16
#define ROWS 6
#define PANELS 1
#include "ana/kmeans_tile.h"

#define NAME v4_four
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define LANES 16
#define ROWS 6
#define PANELS 4
#include "ana/kmeans_tile.h"

__attribute__((target("arch=x86-64-v3"))) static void scores_v3(
  const km_pack *p, const float *const *row, float *score)
{
  for (size_t c = 0; c < p->panels; c++) v3_tile(p, c, row, score);
}

__attribute__((target("arch=x86-64-v4"))) static void scores_v4(
  const km_pack *p, const float *const *row, float *score)
{
  size_t c = 0;
  for (; c + 4 <= p->panels; c += 4) v4_four_tile(p, c, row, score);
  for (; c < p->panels; c++) v4_tile(p, c, row, score);
}
#endif

void vr_km_scores(const km_pack *p, const float *const *row, float *score)
{
#ifdef __x86_64__
  if (vr_isa() >= 4) {
    scores_v4(p, row, score);
    return;
  }
  if (vr_isa() >= 3) {
    scores_v3(p, row, score);
    return;
  }
#endif
  for (size_t r = 0; r < KM_ROWS; r += 2)
    for (size_t c = 0; c < p->panels; c++)
      plain_tile(p, c, row + r, score + r * p->panels * KM_PANEL);
}

CLONES void vr_km_pick(float *score, size_t n, km_least *out)
{
  float least = INFINITY, second = INFINITY;
  int32_t at = INT32_MAX;
#pragma omp simd reduction(min : least)
  for (size_t c = 0; c < n; c++) least = score[c] < least ? score[c] : least;
#pragma omp simd reduction(min : at)
  for (size_t c = 0; c < n; c++) {
    int32_t here = score[c] == least ? (int32_t)c : INT32_MAX;
    at = here < at ? here : at;
  }
  score[at] = INFINITY;
#pragma omp simd reduction(min : second)
  for (size_t c = 0; c < n; c++) second = score[c] < second ? score[c] : second;
  *out = (km_least){least, second, at};
}

CLONES float vr_km_dot(const float *x, const float *y, size_t d)
{
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t t = 0; t < d; t++) sum += x[t] * y[t];
  return sum;
}
