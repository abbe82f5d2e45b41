#include "sim/render_strip.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// the style of a strip: dark, no ticks along time
static void dress(const vr_strip *s, mjvFigure *f)
{
  // nine colours that colour-blind people tell apart on a dark ground, then again
  static const float colour[][3] = {{0.34f, 0.71f, 0.91f}, {0.90f, 0.62f, 0.00f},
    {0.00f, 0.75f, 0.55f}, {0.94f, 0.89f, 0.26f}, {0.84f, 0.45f, 0.20f}, {0.80f, 0.47f, 0.65f},
    {0.55f, 0.60f, 0.95f}, {0.75f, 0.75f, 0.75f}, {0.55f, 0.80f, 0.30f}};
  mjv_defaultFigure(f);
  f->flg_legend = s->name && s->cols > 1 && s->cols <= 8;
  f->flg_ticklabel[0] = 0;
  f->flg_ticklabel[1] = 1;
  f->flg_selection = 1;
  f->linewidth = 1;
  f->gridsize[0] = 5;
  f->gridsize[1] = 2;
  for (int k = 0; k < 3; k++) f->gridrgb[k] = 0.25f;
  memcpy(f->figurergba, (float[]){0.08f, 0.09f, 0.11f, 1}, sizeof f->figurergba);
  memcpy(f->panergba, (float[]){0.12f, 0.13f, 0.16f, 1}, sizeof f->panergba);
  memcpy(f->legendrgba, (float[]){0.08f, 0.09f, 0.11f, 0.6f}, sizeof f->legendrgba);
  snprintf(f->yformat, sizeof f->yformat, "%%.3g");
  snprintf(f->minwidth, sizeof f->minwidth, "-0.0000");
  snprintf(f->title, sizeof f->title, "%.200s", s->title);
  for (size_t j = 0; j < s->cols; j++) {
    memcpy(f->linergb[j], colour[j % 9], sizeof colour[0]);
    snprintf(f->linename[j], sizeof f->linename[j], "%.40s", s->name ? s->name[j] : "");
  }
}

void vr_render_strip(const vr_strip *s, double time, double window, mjvFigure *f)
{
  // every row that the window shows, thinned where the figure has no room
  double low = time - window / 2, first = ceil(fmax(low * s->rate - 1e-6, 0));
  size_t row = (size_t)first, end = s->rows, step;
  double last = floor((low + window) * s->rate + 1e-6) + 1;
  if (last < (double)end) end = last > first ? (size_t)last : row;
  step = end > row ? (end - row - 1) / (mjMAXLINEPNT - 1) + 1 : 1;
  dress(s, f);
  f->range[0][0] = (float)(low - time);
  f->range[0][1] = (float)(low + window - time);
  f->selection = 0;
  float least = INFINITY, most = -INFINITY;
  for (size_t i = 0; i < s->rows * s->cols; i++) {
    least = fminf(least, s->a[i]);
    most = fmaxf(most, s->a[i]);
  }
  float rim = most > least ? 0.05f * (most - least) : 1;
  f->range[1][0] = least - rim;
  f->range[1][1] = most + rim;
  for (; row < end; row += step)
    for (size_t j = 0; j < s->cols; j++) {
      float *point = f->linedata[j] + 2 * f->linepnt[j]++;
      point[0] = (float)((double)row / s->rate - time);
      point[1] = s->a[row * s->cols + j];
    }
}
