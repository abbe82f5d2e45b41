#include "ana/clustersum.h"
#include "base/err.h"
#include "base/mem.h"

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum {
  WIDE = 128,
  BLOCK = 512
}; // columns of a chunk; rows that stay in the cache for all labellings

int vr_clustersum_init(vr_clustersum *s, size_t k, size_t d)
{
  if (!k || !d) return vr_fail(VR_EARG, "%zu labels of %zu columns have no means", k, d);
  vr_clustersum_free(s);
  VR_TRY(vr_alloc(&s->sum, k * d, sizeof *s->sum));
  int code = vr_alloc(&s->count, k, sizeof *s->count);
  if (code) vr_clustersum_free(s);
  s->k = code ? 0 : k;
  s->d = code ? 0 : d;
  return code;
}

void vr_clustersum_free(vr_clustersum *s)
{
  vr_release(s->sum);
  vr_release(s->count);
  *s = (vr_clustersum){0};
}

/* -- the loops over memory --------------------------------------------------------------------- */

// sum[label - 1] += x for rows of `wide` columns, ld apart
CLONES static void add_rows(
  double *sum, const double *x, size_t ld, const int32_t *label, size_t rows, size_t wide)
{
  for (size_t i = 0; i < rows; i++, x += ld) {
    if (!label[i]) continue;
    double *to = sum + (size_t)(label[i] - 1) * ld;
#pragma omp simd
    for (size_t j = 0; j < wide; j++) to[j] += x[j];
  }
}

CLONES static void add_rowsf(
  double *sum, const float *x, size_t ld, const int32_t *label, size_t rows, size_t wide)
{
  for (size_t i = 0; i < rows; i++, x += ld) {
    if (!label[i]) continue;
    double *to = sum + (size_t)(label[i] - 1) * ld;
#pragma omp simd
    for (size_t j = 0; j < wide; j++) to[j] += (double)x[j];
  }
}

typedef struct {
  vr_clustersum *s;
  size_t n, rows, cols;
  const double *x; // one of the two
  const float *f;
  const int32_t *const *label;
} job;

// one strip of columns of all rows
static int add_strip(void *ctx, size_t chunk, int thread)
{
  const job *j = ctx;
  size_t first = chunk * WIDE, wide = j->cols - first < WIDE ? j->cols - first : WIDE;
  (void)thread;
  for (size_t i = 0; i < j->rows; i += BLOCK) {
    size_t rows = j->rows - i < BLOCK ? j->rows - i : BLOCK, at = i * j->cols + first;
    for (size_t m = 0; m < j->n; m++)
      if (j->x)
        add_rows(j->s[m].sum + first, j->x + at, j->cols, j->label[m] + i, rows, wide);
      else
        add_rowsf(j->s[m].sum + first, j->f + at, j->cols, j->label[m] + i, rows, wide);
  }
  return 0;
}

static int add(const job *j, const vr_pool *pool)
{
  for (size_t m = 0; m < j->n; m++) {
    if (j->s[m].d != j->cols)
      return vr_fail(VR_EARG, "rows of %zu columns to sums of %zu", j->cols, j->s[m].d);
    for (size_t i = 0; i < j->rows; i++)
      if (j->label[m][i] < 0 || (size_t)j->label[m][i] > j->s[m].k)
        return vr_fail(
          VR_EDATA, "label %d of row %zu is not between 0 and %zu", j->label[m][i], i, j->s[m].k);
  }
  for (size_t m = 0; m < j->n; m++)
    for (size_t i = 0; i < j->rows; i++)
      if (j->label[m][i]) j->s[m].count[j->label[m][i] - 1]++;
  job copy = *j;
  return vr_pool_run(pool, (j->cols + WIDE - 1) / WIDE, add_strip, &copy);
}

int vr_clustersum_add(
  vr_clustersum *s, size_t n, const vr_mat *x, const int32_t *const *label, const vr_pool *pool)
{
  return add(&(job){s, n, x->rows, x->cols, x->a, NULL, label}, pool);
}

int vr_clustersum_addf(
  vr_clustersum *s, size_t n, const vr_matf *x, const int32_t *const *label, const vr_pool *pool)
{
  return add(&(job){s, n, x->rows, x->cols, NULL, x->a, label}, pool);
}

int vr_clustersum_means(
  const vr_clustersum *s, const size_t *which, size_t n, size_t group, vr_mat *m)
{
  VR_TRY(vr_mat_resize(m, n, s->d));
  for (size_t i = 0; i < n; i++) {
    size_t first = which[i] * group, rows = 0;
    double *mean = vr_row(m, i);
    for (size_t j = 0; j < s->d; j++) mean[j] = 0;
    for (size_t c = first; c < first + group && c < s->k; c++) {
      rows += s->count[c];
      for (size_t j = 0; j < s->d; j++) mean[j] += s->sum[c * s->d + j];
    }
    if (!rows) return vr_fail(VR_EARG, "label %zu has no rows and no mean", first + 1);
    for (size_t j = 0; j < s->d; j++) mean[j] /= (double)rows;
  }
  return 0;
}
