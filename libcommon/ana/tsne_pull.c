#include "ana/tsne_in.h"
#include "base/isa.h"
#include <math.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

static double row_log(const vr_affinity *p, const double *y, size_t i)
{
  double sum = 0;
  for (size_t e = p->start[i]; e < p->start[i + 1]; e++) {
    const double *to = y + 2 * (size_t)p->index[e];
    double dx = y[2 * i] - to[0], dy = y[2 * i + 1] - to[1];
    sum += p->value[e] * log1p(dx * dx + dy * dy);
  }
  return sum;
}

double vr_tsne_log_sum(const vr_affinity *p, const double *y, size_t first, size_t end)
{
  double sum = 0;
  for (size_t i = first; i < end; i++) sum += row_log(p, y, i);
  return sum;
}

VR_CLONES void vr_tsne_pull(
  const vr_affinity *p, const double *y, size_t first, size_t end, double *force)
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

VR_CLONES static void pull_plain(
  const vr_affinity *p, const float *y, size_t first, size_t end, double *force)
{
  for (size_t i = first; i < end; i++) {
    float x0 = y[2 * i], y0 = y[2 * i + 1], fx = 0, fy = 0;
    size_t last = p->start[i + 1];
#pragma omp simd reduction(+ : fx, fy)
    for (size_t e = p->start[i]; e < last; e++) {
      ptrdiff_t j = p->index[e];
      float dx = x0 - y[2 * j], dy = y0 - y[2 * j + 1];
      float w = p->value[e] / (1 + dx * dx + dy * dy);
      fx += w * dx;
      fy += w * dy;
    }
    force[2 * i] = (double)fx;
    force[2 * i + 1] = (double)fy;
  }
}

#ifdef __x86_64__
/* The same, 16 neighbours at a time. One gather of 8 bytes brings both coordinates of a point; the
 * places beyond the end of a row have no affinity. */
__attribute__((target("arch=x86-64-v4"))) static void pull_v4(
  const vr_affinity *p, const float *y, size_t first, size_t end, double *force)
{
  const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
  const __m512 one = _mm512_set1_ps(1);
  for (size_t i = first; i < end; i++) {
    __m512 x0 = _mm512_set1_ps(y[2 * i]), y0 = _mm512_set1_ps(y[2 * i + 1]);
    __m512 fx = _mm512_setzero_ps(), fy = fx;
    for (size_t e = p->start[i], last = p->start[i + 1]; e < last; e += 16) {
      __mmask16 in = last - e < 16 ? (__mmask16)((1u << (last - e)) - 1) : 0xFFFF;
      __m512i j = _mm512_maskz_loadu_epi32(in, p->index + e);
      __m512 v = _mm512_maskz_loadu_ps(in, p->value + e);
      __m512d low = _mm512_i32gather_pd(_mm512_castsi512_si256(j), y, 8);
      __m512d high = _mm512_i32gather_pd(_mm512_extracti64x4_epi64(j, 1), y, 8);
      __m512 a = _mm512_castpd_ps(low), b = _mm512_castpd_ps(high);
      __m512 dx = _mm512_sub_ps(x0, _mm512_permutex2var_ps(a, even, b));
      __m512 dy = _mm512_sub_ps(y0, _mm512_permutex2var_ps(a, odd, b));
      __m512 d2 = _mm512_fmadd_ps(dx, dx, _mm512_fmadd_ps(dy, dy, one));
      __m512 w = _mm512_div_ps(v, d2);
      fx = _mm512_fmadd_ps(w, dx, fx);
      fy = _mm512_fmadd_ps(w, dy, fy);
    }
    force[2 * i] = (double)_mm512_reduce_add_ps(fx);
    force[2 * i + 1] = (double)_mm512_reduce_add_ps(fy);
  }
}
#endif

void vr_tsne_pullf(const vr_affinity *p, const float *y, size_t first, size_t end, double *force)
{
#ifdef __x86_64__
  if (vr_isa() >= 4) {
    pull_v4(p, y, first, end, force);
    return;
  }
#endif
  pull_plain(p, y, first, end, force);
}
