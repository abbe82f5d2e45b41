#include "ana/modulation.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

static int check(const vr_matf *x, const vr_windows *w)
{
  if (!w->n || !w->length) return vr_fail(VR_EARG, "no window of the behaviour");
  for (size_t i = 0; i < w->n; i++)
    if (w->first[i] > x->rows || w->length > x->rows - w->first[i])
      return vr_fail(VR_EARG, "window %zu leaves the %zu frames", i, x->rows);
  return 0;
}

/* Mean and standard deviation of each column over all rows. */
static void moments(const vr_matf *x, double *mean, double *sd)
{
  double n = (double)x->rows;
  memset(mean, 0, x->cols * sizeof *mean);
  memset(sd, 0, x->cols * sizeof *sd);
  for (size_t i = 0; i < x->rows; i++)
    for (size_t j = 0; j < x->cols; j++) mean[j] += (double)vr_rowf(x, i)[j];
  for (size_t j = 0; j < x->cols; j++) mean[j] /= n;
  for (size_t i = 0; i < x->rows; i++)
    for (size_t j = 0; j < x->cols; j++) {
      double d = (double)vr_rowf(x, i)[j] - mean[j];
      sd[j] += d * d;
    }
  for (size_t j = 0; j < x->cols; j++) sd[j] = sqrt(sd[j] / n);
}

static void average(const vr_matf *x, const vr_windows *w, vr_mat *course)
{
  memset(course->a, 0, course->rows * course->cols * sizeof *course->a);
  for (size_t i = 0; i < w->n; i++)
    for (size_t t = 0; t < w->length; t++)
      for (size_t j = 0; j < x->cols; j++)
        vr_row(course, t)[j] += (double)vr_rowf(x, w->first[i] + t)[j] / (double)w->n;
}

/* By falling score; equal ones stay in order. */
static void rank(const double *score, size_t n, int32_t *order)
{
  for (size_t i = 0; i < n; i++) {
    size_t k = i;
    for (; k > 0 && score[order[k - 1]] < score[i]; k--) order[k] = order[k - 1];
    order[k] = (int32_t)i;
  }
}

int vr_modulation(const vr_matf *x, const vr_windows *w, vr_mat *course, double *score,
  double *hold, int32_t *order)
{
  double *mean;
  size_t units = x->cols;
  VR_TRY(check(x, w));
  VR_TRY(vr_mat_resize(course, w->length, units));
  VR_TRY(vr_alloc(&mean, 2 * units, sizeof *mean));
  double *sd = mean + units;
  moments(x, mean, sd);
  average(x, w, course);
  memset(score, 0, units * sizeof *score);
  memset(hold, 0, units * sizeof *hold);
  for (size_t t = 0; t < w->length; t++)
    for (size_t j = 0; j < units; j++) {
      double a = vr_row(course, t)[j], n = (double)w->length;
      hold[j] += a / n;
      if (sd[j] > 0) score[j] += fabs(a - mean[j]) / sd[j] / n;
    }
  rank(score, units, order);
  vr_release(mean);
  return 0;
}
