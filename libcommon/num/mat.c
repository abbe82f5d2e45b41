#include "num/mat.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

/* grows *a to hold rows x cols elements of `size` bytes */
static int reserve(void *a, size_t *cap, size_t rows, size_t cols, size_t size)
{
  size_t need;
  void *block;
  if (__builtin_mul_overflow(rows, cols, &need))
    return vr_fail(VR_EMEM, "no memory for a matrix of %zu x %zu", rows, cols);
  memcpy(&block, a, sizeof block);
  if (block && need <= *cap) return 0;
  void *fresh;
  VR_TRY(vr_alloc(&fresh, need, size));
  vr_release(block);
  memcpy(a, &fresh, sizeof fresh);
  *cap = need;
  return 0;
}

int vr_mat_resize(vr_mat *m, size_t rows, size_t cols)
{
  VR_TRY(reserve(&m->a, &m->cap, rows, cols, sizeof *m->a));
  m->rows = rows;
  m->cols = cols;
  return 0;
}

int vr_matf_resize(vr_matf *m, size_t rows, size_t cols)
{
  VR_TRY(reserve(&m->a, &m->cap, rows, cols, sizeof *m->a));
  m->rows = rows;
  m->cols = cols;
  return 0;
}

int vr_mat_copy(vr_mat *to, const vr_mat *from)
{
  VR_TRY(vr_mat_resize(to, from->rows, from->cols));
  size_t n = from->rows * from->cols;
  if (n) memcpy(to->a, from->a, n * sizeof *to->a);
  return 0;
}

void vr_mat_free(vr_mat *m)
{
  vr_release(m->a);
  *m = (vr_mat){0};
}

void vr_matf_free(vr_matf *m)
{
  vr_release(m->a);
  *m = (vr_matf){0};
}

int vr_trials_resize(vr_trials *t, size_t n)
{
  size_t *first;
  VR_TRY(vr_alloc(&first, n, 2 * sizeof *first));
  vr_release(t->first);
  t->first = first;
  t->frames = first + n;
  t->n = n;
  return 0;
}

int vr_trials_single(vr_trials *t, size_t rows, double rate)
{
  VR_TRY(vr_trials_resize(t, 1));
  t->frames[0] = rows;
  t->rate = rate;
  return 0;
}

size_t vr_trials_rows(const vr_trials *t)
{
  size_t rows = 0;
  for (size_t k = 0; k < t->n; k++) rows += t->frames[k];
  return rows;
}

size_t vr_trials_longest(const vr_trials *t)
{
  size_t most = 0;
  for (size_t k = 0; k < t->n; k++)
    if (t->frames[k] > most) most = t->frames[k];
  return most;
}

void vr_trials_free(vr_trials *t)
{
  vr_release(t->first);
  *t = (vr_trials){0};
}

size_t vr_find_bad(const double *a, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(a[i])) return i;
  return n;
}

size_t vr_find_badf(const float *a, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(a[i])) return i;
  return n;
}
