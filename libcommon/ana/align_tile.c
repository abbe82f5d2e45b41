/* align_tile.c -- how evenly the peaks of the units are spread over a window, and what is by chance. */
#include "ana/align_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { PURPOSE = 0x74696c65, BINS = 10 };

void vr_align_test(
  const double *null, size_t rows, size_t stride, size_t at, int low, double *column, vr_tested *t)
{
  size_t reach = 0;
  for (size_t s = 0; s < rows; s++) {
    column[s] = null[s * stride + at];
    reach += low ? column[s] <= t->value : column[s] >= t->value;
  }
  t->null = vr_quantile(column, rows, low ? 0.05 : 0.95);
  t->p = (double)(1 + reach) / (double)(1 + rows);
}

// distance of sorted places 0 .. m - 1 from even, and entropy of their histogram
static void evenness(const size_t *count, size_t m, size_t n, double *distance, double *entropy)
{
  size_t bin[BINS] = {0}, below = 0;
  *distance = *entropy = 0;
  for (size_t l = 0; l < m; l++) {
    below += count[l];
    *distance = fmax(*distance, fabs((double)below / (double)n - (double)(l + 1) / (double)m));
    bin[l * BINS / m] += count[l];
  }
  for (size_t b = 0; b < BINS; b++)
    if (bin[b]) {
      double q = (double)bin[b] / (double)n;
      *entropy -= q * log(q) / log(BINS);
    }
}

// against n peaks at lags by chance
int vr_align_tile(const vr_align_par *par, const int32_t *peak, double *column, vr_aligned *a)
{
  size_t edge = (size_t)ceil(par->edge * (double)a->lags), rows = (size_t)par->surrogates;
  size_t m = a->lags > 2 * edge ? a->lags - 2 * edge : 0, *count;
  for (size_t j = 0; j < a->units; j++) {
    size_t l = (size_t)peak[j];
    a->interior += l >= edge && l < edge + m;
  }
  if (a->interior < VR_ALIGN_UNITS || m < BINS) return 0;
  double *null;
  VR_TRY(vr_alloc(&count, m, sizeof *count));
  int code = vr_alloc(&null, 2 * rows, sizeof *null);
  for (size_t j = 0; j < a->units && !code; j++) {
    size_t l = (size_t)peak[j];
    if (l >= edge && l < edge + m) count[l - edge]++;
  }
  vr_tested *d = a->test + VR_ALIGN_UNIFORM, *h = a->test + VR_ALIGN_ENTROPY;
  if (!code) evenness(count, m, a->interior, &d->value, &h->value);
  for (size_t s = 0; s < rows && !code; s++) {
    vr_rng rng = vr_rng_new(par->seed, (uint32_t)s, PURPOSE);
    memset(count, 0, m * sizeof *count);
    for (size_t j = 0; j < a->interior; j++) count[vr_rng_below(&rng, m)]++;
    evenness(count, m, a->interior, null + 2 * s, null + 2 * s + 1);
  }
  if (!code && rows) {
    vr_align_test(null, rows, 2, 0, 0, column, d);
    vr_align_test(null, rows, 2, 1, 1, column, h);
  }
  vr_release(null);
  vr_release(count);
  return code;
}
