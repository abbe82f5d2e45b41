/* align_compare.c -- whether units peak in the same order twice. */
#include "ana/align_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/rank.h"
#include <math.h>

enum { PURPOSE = 0x636f6d70 };

int vr_align_compare(const int32_t *a, const int32_t *b, size_t n, size_t lags, int around,
  const vr_align_par *par, vr_tested *t)
{
  size_t rows = par->surrogates > 0 ? (size_t)par->surrogates : 0, *order;
  double *x, *y;
  if (n < 2 || !lags) return vr_fail(VR_EARG, "%zu units have no order to compare", n);
  VR_TRY(vr_alloc(&x, 4 * n + 2 * rows, sizeof *x));
  int code = vr_alloc(&order, n, sizeof *order);
  y = x + n;
  double *scratch = y + n, *null = scratch + 2 * n, *column = null + rows;
  double unit = around ? 2 * M_PI / (double)lags : 1;
  for (size_t j = 0; j < n; j++) x[j] = a[j] * unit, y[j] = b[j] * unit;
  *t = (vr_tested){0};
  if (!code)
    t->value = around ? vr_circular_correlation(x, y, n) : vr_spearman_in(x, y, n, order, scratch);
  for (size_t s = 0; s < rows && !code; s++) {
    vr_rng rng = vr_rng_new(par->seed, (uint32_t)s, PURPOSE);
    for (size_t j = n; j > 1; j--) {
      size_t k = vr_rng_below(&rng, j);
      double swap = y[j - 1];
      y[j - 1] = y[k];
      y[k] = swap;
    }
    null[s] = around ? vr_circular_correlation(x, y, n) : vr_spearman_in(x, y, n, order, scratch);
  }
  if (!code && rows) vr_align_test(null, rows, 1, 0, 0, column, t);
  vr_release(order);
  vr_release(x);
  return code;
}
