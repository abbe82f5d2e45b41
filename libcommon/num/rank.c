#include "num/rank.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b, void *ctx)
{
  const double *x = ctx;
  size_t i = *(const size_t *)a, k = *(const size_t *)b;
  if (x[i] != x[k]) return x[i] < x[k] ? -1 : 1;
  return i < k ? -1 : 1;
}

// rank[] of x, equal numbers sharing the mean of theirs; order: scratch
static void ranks(const double *x, size_t n, size_t *order, double *rank)
{
  for (size_t i = 0; i < n; i++) order[i] = i;
  qsort_r(order, n, sizeof *order, by_value, (void *)(uintptr_t)x);
  for (size_t i = 0, j; i < n; i = j) {
    for (j = i; j < n && x[order[j]] == x[order[i]]; j++)
      ;
    for (size_t k = i; k < j; k++) rank[order[k]] = (double)(i + j - 1) / 2;
  }
}

static double pearson(const double *a, const double *b, size_t n)
{
  double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  for (size_t i = 0; i < n; i++) {
    ma += a[i] / (double)n;
    mb += b[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++) {
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

double vr_spearman_in(const double *a, const double *b, size_t n, size_t *order, double *scratch)
{
  ranks(a, n, order, scratch);
  ranks(b, n, order, scratch + n);
  return pearson(scratch, scratch + n, n);
}

int vr_spearman(const double *a, const double *b, size_t n, double *r)
{
  size_t *order;
  VR_TRY(vr_alloc(&order, n, sizeof *order + 2 * sizeof *a));
  *r = vr_spearman_in(a, b, n, order, (double *)(order + n));
  vr_release(order);
  return 0;
}

double vr_circular_correlation(const double *a, const double *b, size_t n)
{
  double cc = 0, ss = 0, cs = 0, sc = 0, ca = 0, sa = 0, cb = 0, sb = 0, nn = (double)n * (double)n;
  for (size_t i = 0; i < n; i++) {
    cc += cos(a[i]) * cos(b[i]);
    ss += sin(a[i]) * sin(b[i]);
    cs += cos(a[i]) * sin(b[i]);
    sc += sin(a[i]) * cos(b[i]);
    ca += cos(2 * a[i]);
    sa += sin(2 * a[i]);
    cb += cos(2 * b[i]);
    sb += sin(2 * b[i]);
  }
  double aa = nn - ca * ca - sa * sa, bb = nn - cb * cb - sb * sb;
  return aa > 0 && bb > 0 ? 4 * (cc * ss - cs * sc) / sqrt(aa * bb) : 0;
}
