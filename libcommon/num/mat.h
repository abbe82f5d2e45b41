/* mat.h -- row-major matrices of doubles and floats, and the rows of each trial. */
#ifndef VR_NUM_MAT_H
#define VR_NUM_MAT_H
#include <stddef.h>
#include <stdint.h>

/* Zero-initialise. a[i * cols + j] is row i, column j. The owner frees it with vr_mat_free. */
typedef struct {
  size_t rows, cols;
  double *a;
  size_t cap; /* elements allocated */
} vr_mat;

typedef struct {
  size_t rows, cols;
  float *a;
  size_t cap;
} vr_matf;

/* Makes m rows x cols; contents are undefined after a change of size. Memory is kept when it is
 * enough. VR_EMEM leaves m as it was. */
int vr_mat_resize(vr_mat *m, size_t rows, size_t cols);
int vr_matf_resize(vr_matf *m, size_t rows, size_t cols);
int vr_mat_copy(vr_mat *to, const vr_mat *from);
void vr_mat_free(vr_mat *m);
void vr_matf_free(vr_matf *m);

static inline double *vr_row(const vr_mat *m, size_t i)
{
  return m->a + i * m->cols;
}
static inline float *vr_rowf(const vr_matf *m, size_t i)
{
  return m->a + i * m->cols;
}

/* Which rows belong to which trial: trial k has rows first[k] .. first[k] + frames[k] - 1; together
 * they cover all rows in order. rate in Hz. Zero-initialise; freed with vr_trials_free. */
typedef struct {
  size_t n;
  size_t *first, *frames;
  double rate;
} vr_trials;

/* One trial of `rows` rows. */
int vr_trials_single(vr_trials *t, size_t rows, double rate);
int vr_trials_resize(vr_trials *t, size_t n);
size_t vr_trials_rows(const vr_trials *t);
size_t vr_trials_longest(const vr_trials *t);
void vr_trials_free(vr_trials *t);

/* First NaN or Inf of a: its index, or n when all are finite. */
size_t vr_find_bad(const double *a, size_t n);
size_t vr_find_badf(const float *a, size_t n);

#endif
