#include "ana/clustersum.h"
#include "base/err.h"
#include "base/mem.h"

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// columns of a chunk; rows that stay in the cache for all labellings; columns in registers
enum { WIDE = 128, BLOCK = 512, TILE = 64 };

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

// Adds a run of rows of one label, TILE columns at a time in registers: the same sums, in the order of
// the rows, as if each row were added by itself.
CLONES static void add_run(double *to, const double *x, size_t ld, size_t run, size_t wide)
{
  size_t whole = wide - wide % TILE;
  for (size_t j = 0; j < whole; j += TILE) {
    double part[TILE];
    for (size_t k = 0; k < TILE; k++) part[k] = to[j + k];
    for (size_t r = 0; r < run; r++)
#pragma omp simd
      for (size_t k = 0; k < TILE; k++) part[k] += x[r * ld + j + k];
    for (size_t k = 0; k < TILE; k++) to[j + k] = part[k];
  }
  for (size_t r = 0; r < run; r++)
    for (size_t j = whole; j < wide; j++) to[j] += x[r * ld + j];
}

CLONES static void add_runf(double *to, const float *x, size_t ld, size_t run, size_t wide)
{
  size_t whole = wide - wide % TILE;
  for (size_t j = 0; j < whole; j += TILE) {
    double part[TILE];
    for (size_t k = 0; k < TILE; k++) part[k] = to[j + k];
    for (size_t r = 0; r < run; r++)
#pragma omp simd
      for (size_t k = 0; k < TILE; k++) part[k] += (double)x[r * ld + j + k];
    for (size_t k = 0; k < TILE; k++) to[j + k] = part[k];
  }
  for (size_t r = 0; r < run; r++)
    for (size_t j = whole; j < wide; j++) to[j] += (double)x[r * ld + j];
}

// how many rows from the first on have its label
static size_t run_of(const int32_t *label, size_t rows)
{
  size_t n = 1;
  while (n < rows && label[n] == label[0]) n++;
  return n;
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
    for (size_t m = 0; m < j->n; m++) {
      const int32_t *label = j->label[m] + i;
      for (size_t r = 0, run; r < rows; r += run) {
        run = run_of(label + r, rows - r);
        if (!label[r]) continue;
        double *to = j->s[m].sum + (size_t)(label[r] - 1) * j->cols + first;
        if (j->x)
          add_run(to, j->x + at + r * j->cols, j->cols, run, wide);
        else
          add_runf(to, j->f + at + r * j->cols, j->cols, run, wide);
      }
    }
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
