#include "ana/purity.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

static int tabulate(const int32_t *a, const int32_t *b, size_t n, vr_mat *count)
{
  memset(count->a, 0, count->rows * count->cols * sizeof *count->a);
  for (size_t i = 0; i < n; i++) {
    if (a[i] < 0 || (size_t)a[i] > count->rows || b[i] < 0 || (size_t)b[i] > count->cols)
      return vr_fail(VR_EARG, "frame %zu has labels %d and %d, out of range", i, a[i], b[i]);
    if (a[i] && b[i]) vr_row(count, (size_t)a[i] - 1)[b[i] - 1]++;
  }
  return 0;
}

// the largest of a row, the first of equals
static size_t largest(const double *x, size_t n)
{
  size_t best = 0;
  for (size_t i = 1; i < n; i++)
    if (x[i] > x[best]) best = i;
  return best;
}

// -x log x
static double entropy(double x)
{
  return x > 0 ? -x * log(x) : 0;
}

// sums: frames of each b, then frames of each b in regions where it leads
static void score(const vr_mat *count, double *sums, int32_t *best, double *share, vr_purity *r)
{
  size_t ka = count->rows, kb = count->cols;
  double *total = sums, *led = sums + kb, all = 0, pure = 0, ha = 0, hb = 0, hab = 0;
  for (size_t i = 0; i < ka; i++)
    for (size_t j = 0; j < kb; j++) {
      total[j] += vr_row(count, i)[j];
      all += vr_row(count, i)[j];
    }
  *r = (vr_purity){.frames = (size_t)all};
  for (size_t i = 0; i < ka; i++) {
    const double *row = vr_row(count, i);
    size_t top = kb ? largest(row, kb) : 0;
    double sum = 0;
    for (size_t j = 0; j < kb; j++) sum += row[j];
    if (best) best[i] = sum > 0 ? (int32_t)top + 1 : 0;
    if (share) share[i] = sum > 0 ? row[top] / sum : 0;
    if (!(sum > 0)) continue;
    pure += row[top];
    led[top] += row[top];
    ha += entropy(sum / all);
    for (size_t j = 0; j < kb; j++) hab += entropy(row[j] / all);
  }
  if (!(all > 0)) return;
  double seen = 0, recall = 0;
  for (size_t j = 0; j < kb; j++) {
    hb += entropy(total[j] / all);
    if (!(total[j] > 0)) continue;
    seen++;
    recall += led[j] / total[j];
  }
  r->purity = pure / all;
  r->chance = total[largest(total, kb)] / all;
  r->balanced = recall / seen;
  r->nmi = ha + hb > 0 ? fmax(0, 2 * (ha + hb - hab) / (ha + hb)) : 1;
}

int vr_purity_of(const int32_t *a, size_t ka, const int32_t *b, size_t kb, size_t n, vr_mat *count,
  int32_t *best, double *share, vr_purity *result)
{
  vr_mat own = {0}, *table = count ? count : &own;
  double *sums = NULL;
  int code = vr_mat_resize(table, ka, kb);
  if (!code) code = vr_alloc(&sums, kb, 2 * sizeof *sums);
  if (!code) code = tabulate(a, b, n, table);
  if (!code) score(table, sums, best, share, result);
  vr_release(sums);
  vr_mat_free(&own);
  return code;
}
