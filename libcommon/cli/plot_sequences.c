/* plot_sequences.c -- the sequences of every group of vr-align --by, in the order of every group. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot_groups.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// points: between panels and between rows of them, above, beside and below all of them; the least of one
enum { GAP = 12, ROW = 17, HEAD = 34, SIDE = 20, FOOT = 18, LEAST = 24 };

// a square of panels; x and y are points from the lower left corner of the picture's area
typedef struct {
  const vr_plot_groups_of *g;
  vr_mat even, peak, correlation;
  size_t *order; // groups x units
  double low, high, w, h;
} grid;

static int by_peak(const void *a, const void *b, void *ctx)
{
  const double *peak = ctx;
  size_t i = *(const size_t *)a, k = *(const size_t *)b;
  return peak[i] != peak[k] ? (peak[i] > peak[k] ? 1 : -1) : (i > k) - (i < k);
}

static int read_grid(const vr_turn *t, const vr_plot_groups_of *g, grid *p)
{
  char whole[512];
  double *all;
  size_t n = g->groups * g->units * g->lags;
  VR_TRY(vr_plot_groups_table(t, g, "even", &p->even));
  VR_TRY(vr_plot_groups_table(t, g, "peak_odd", &p->peak));
  snprintf(whole, sizeof whole, "/sequence%.300s/by/correlation", g->path);
  if (vr_turn_has(t, whole)) VR_TRY(vr_plot_aligned(t, g->path, "by/correlation", &p->correlation));
  if (p->even.cols != g->units * g->lags || p->peak.cols != g->units ||
      (p->correlation.rows &&
        (p->correlation.rows != g->groups || p->correlation.cols != g->groups)))
    return vr_fail(VR_EDATA, "/sequence%.200s/by: its datasets do not fit", g->path);
  // each group puts the units in order
  VR_TRY(vr_alloc(&p->order, g->groups * g->units, sizeof *p->order));
  for (size_t k = 0; k < g->groups; k++) {
    size_t *to = p->order + k * g->units;
    for (size_t j = 0; j < g->units; j++) to[j] = j;
    qsort_r(to, g->units, sizeof *to, by_peak, vr_row(&p->peak, k));
  }
  VR_TRY(vr_alloc(&all, n, sizeof *all));
  memcpy(all, p->even.a, n * sizeof *all);
  p->low = vr_quantile(all, n, 0.01);
  p->high = vr_quantile(all, n, 0.99);
  if (!(p->high > p->low)) p->high = p->low + 1;
  vr_release(all);
  return 0;
}

// lower left corner of the panel of row r (from the top) and column c
static double left_of(const grid *p, size_t c)
{
  return (double)c * (p->w + GAP);
}
static double foot_of(const grid *p, size_t r)
{
  return (double)(p->g->groups - 1 - r) * (p->h + ROW);
}

// group c, its units in the order of group r
static void fill(const grid *p, size_t r, size_t c, vr_image *im)
{
  const vr_plot_groups_of *g = p->g;
  size_t x0 = (size_t)(VR_FIGURE_SCALE * left_of(p, c)), w = (size_t)(VR_FIGURE_SCALE * p->w);
  size_t y0 = (size_t)(VR_FIGURE_SCALE * foot_of(p, r)), h = (size_t)(VR_FIGURE_SCALE * p->h);
  const size_t *order = p->order + r * g->units;
  for (size_t y = 0; y < h; y++)
    for (size_t x = 0; x < w; x++) {
      size_t unit = order[g->units - 1 - y * g->units / h];
      double v = vr_row(&p->even, c)[unit * g->lags + x * g->lags / w];
      vr_image_set(
        im, x0 + x, y0 + y, vr_ramp_colour(VR_RAMP_VALUE, (v - p->low) / (p->high - p->low)), 1);
    }
}

// who is drawn, in whose order; the event; the ends of the axis; how alike the orders are
static void label(const grid *p, double area, vr_figure *f)
{
  const vr_plot_groups_of *g = p->g;
  double from = g->lag.a[0], to = g->lag.a[g->lags - 1];
  char name[2][80]; // as much as there is room for
  vr_figure_data(f, "NAME_AT");
  for (size_t c = 0; c < g->groups; c++) {
    snprintf(name[0], sizeof name[0], "%.*s", (int)fmin(79, p->w / 7), g->name[c]);
    snprintf(name[1], sizeof name[1], "%.*s", (int)fmin(79, p->h / 7), g->name[c]);
    vr_str_addf(&f->code, "%.7g\t%.7g\t0\t", left_of(p, c) + p->w / 2, area + HEAD - 10.0);
    vr_figure_field(f, name[0]);
    vr_str_addf(&f->code, "\n%.7g\t%.7g\t90\t", -SIDE / 2.0, foot_of(p, c) + p->h / 2);
    vr_figure_field(f, name[1]);
    vr_str_addc(&f->code, '\n');
  }
  vr_figure_data_end(f);
  vr_figure_data(f, "OUTLINE");
  for (size_t r = 0; r < g->groups && from < 0 && to > 0; r++)
    for (size_t c = 0; c < g->groups; c++) {
      double x =
        left_of(p, c) + p->w * (0.5 - from / (to - from) * (double)(g->lags - 1)) / (double)g->lags;
      vr_str_addf(
        &f->code, "%.7g\t%.7g\n%.7g\t%.7g\n\n", x, foot_of(p, r), x, foot_of(p, r) + p->h);
    }
  vr_figure_data_end(f);
  vr_figure_data(f, "NUMBER");
  for (size_t c = 0; c < g->groups; c++) {
    vr_str_addf(&f->code, "%.7g\t-9\t2236962\t%.4g\n", left_of(p, c) + 8, from);
    vr_str_addf(&f->code, "%.7g\t-9\t2236962\t%.4g\n", left_of(p, c) + p->w - 8, to);
    for (size_t r = 0; r < g->groups && p->correlation.rows; r++) {
      double x = vr_row(&p->correlation, r)[c];
      vr_str_addf(&f->code, "%.7g\t%.7g\t2236962\t%.2f\n", left_of(p, c) + p->w - 12,
        foot_of(p, r) + p->h + 8, fabs(x) < 0.005 ? 0 : x); // no -0.00
    }
  }
  vr_figure_data_end(f);
}

static int draw(grid *p, vr_figure *f)
{
  vr_image im = {0};
  size_t n = p->g->groups;
  vr_plot_frame m = vr_plot_margins(f, 1, NULL, 0);
  m.left = 32;
  m.bottom = 40;
  m.right = 96;
  double w = f->w - m.left - m.right - SIDE, h = f->h - m.top - m.bottom - HEAD - FOOT;
  vr_plot_set_margins(f, &m);
  p->w = (w + GAP) / (double)n - GAP;
  p->h = (h + ROW) / (double)n - ROW;
  if (p->w < LEAST || p->h < LEAST)
    return vr_fail(VR_EARG, "%zu by %zu panels have no room: say a larger --size", n, n);
  VR_TRY(vr_image_new(&im, (size_t)(VR_FIGURE_SCALE * w), (size_t)(VR_FIGURE_SCALE * h)));
  for (size_t r = 0; r < n; r++)
    for (size_t c = 0; c < n; c++) fill(p, r, c, &im);
  vr_view box = {0, w, 0, h};
  int code = vr_figure_image(f, "BACK", &im, &box);
  vr_image_free(&im);
  vr_str_addf(
    &f->code, "set xrange [%d:%.10g]\nset yrange [%d:%.10g]\n", -SIDE, w, -FOOT, h + HEAD);
  vr_figure_ramp(f, VR_RAMP_VALUE, p->low, p->high, 1);
  vr_figure_text(f, "BAR", "even windows (sd)");
  vr_figure_text(f, "YLABEL", "units in the order of (odd windows)");
  label(p, h, f);
  return code;
}

int vr_plot_sequences(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  vr_plot_groups_of g = {0};
  grid p = {.g = &g};
  (void)par;
  int code = vr_plot_groups_read(t, n ? data[0] : NULL, &g);
  if (!code) code = read_grid(t, &g, &p);
  if (!code) code = vr_plot_lags(t, g.path, &g.lag, f);
  if (!code) code = draw(&p, f);
  vr_release(p.order);
  vr_mat_free(&p.even);
  vr_mat_free(&p.peak);
  vr_mat_free(&p.correlation);
  vr_plot_groups_free(&g);
  return code;
}
