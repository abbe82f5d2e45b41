#include "ana/regions.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

int vr_regions(
  const vr_mat *p, const vr_grid *g, const int32_t *label, size_t regions, vr_mat *table)
{
  VR_TRY(vr_mat_resize(table, regions, VR_REGION_COLS));
  memset(table->a, 0, regions * VR_REGION_COLS * sizeof *table->a);
  double pixel = g->step * g->step;
  for (size_t r = 0; r < p->rows; r++)
    for (size_t c = 0; c < p->cols; c++) {
      int32_t l = label[r * p->cols + c];
      if (l < 1 || (size_t)l > regions) continue;
      double *row = vr_row(table, (size_t)l - 1), height = vr_row(p, r)[c];
      row[VR_REGION_AREA] += pixel;
      row[VR_REGION_MASS] += height * pixel;
      if (height <= row[VR_REGION_HEIGHT]) continue;
      row[VR_REGION_HEIGHT] = height;
      row[VR_REGION_X] = g->x0 + (double)c * g->step;
      row[VR_REGION_Y] = g->y0 + (double)r * g->step;
    }
  return 0;
}

void vr_regions_of(const vr_mat *xy, const vr_grid *g, const int32_t *label, int32_t *of)
{
  for (size_t i = 0; i < xy->rows; i++)
    of[i] = label[vr_grid_pixel(g, vr_row(xy, i)[0], vr_row(xy, i)[1])];
}

int vr_label_means(const vr_mat *x, const int32_t *label, size_t k, vr_mat *mean, int32_t *frames)
{
  size_t *count;
  VR_TRY(vr_mat_resize(mean, k, x->cols));
  VR_TRY(vr_alloc(&count, k, sizeof *count));
  memset(mean->a, 0, k * x->cols * sizeof *mean->a);
  for (size_t i = 0; i < x->rows; i++) {
    if (label[i] < 1 || (size_t)label[i] > k) continue;
    double *to = vr_row(mean, (size_t)label[i] - 1);
    for (size_t j = 0; j < x->cols; j++) to[j] += vr_row(x, i)[j];
    count[label[i] - 1]++;
  }
  for (size_t l = 0; l < k; l++) {
    for (size_t j = 0; count[l] && j < x->cols; j++) vr_row(mean, l)[j] /= (double)count[l];
    if (frames) frames[l] = (int32_t)count[l];
  }
  vr_release(count);
  return 0;
}
