#include "num/stat.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void vr_mean_var(const double *x, size_t n, double *mean, double *var)
{
  double sum = 0, rest = 0, square = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  double m = n ? sum / (double)n : 0;
  for (size_t i = 0; i < n; i++) {
    rest += x[i] - m;
    square += (x[i] - m) * (x[i] - m);
  }
  if (mean) *mean = m;
  // what rounding left in the mean is taken out again
  if (var) *var = n > 1 ? (square - rest * rest / (double)n) / (double)(n - 1) : 0;
}

int vr_column_stats(const vr_mat *x, double *mean, double *sd)
{
  size_t n = x->rows, d = x->cols;
  double *m;
  VR_TRY(vr_alloc(&m, d, 2 * sizeof *m));
  double *square = m + d;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < d; j++) m[j] += x->a[i * d + j];
  for (size_t j = 0; j < d; j++) m[j] /= n ? (double)n : 1;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < d; j++) {
      double e = x->a[i * d + j] - m[j];
      square[j] += e * e;
    }
  if (mean && d) memcpy(mean, m, d * sizeof *mean);
  for (size_t j = 0; sd && j < d; j++) sd[j] = n > 1 ? sqrt(square[j] / (double)(n - 1)) : 0;
  vr_release(m);
  return 0;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void vr_sort(double *x, size_t n)
{
  qsort(x, n, sizeof *x, ascending);
}

double vr_quantile(double *x, size_t n, double q)
{
  vr_sort(x, n);
  double place = q * (double)(n - 1);
  size_t low = (size_t)floor(place);
  if (low + 1 >= n) return x[n - 1];
  return x[low] + (place - (double)low) * (x[low + 1] - x[low]);
}

void vr_wilson(size_t k, size_t n, double z, double *low, double *high)
{
  *low = 0;
  *high = 1;
  if (!n) return;
  double p = (double)k / (double)n, zz = z * z / (double)n;
  double mid = (p + zz / 2) / (1 + zz);
  double half = z / (1 + zz) * sqrt(p * (1 - p) / (double)n + zz / (4 * (double)n));
  // exactly 0 and 1 where nothing or all has happened
  if (k) *low = mid - half;
  if (k < n) *high = mid + half;
}
