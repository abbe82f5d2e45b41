/* plot_series.c -- columns of datasets over the time of one trial. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "io/columns.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { STRIPS = 48 }; // more columns than this become one picture of rows

// the columns of one dataset in the frames that are drawn
typedef struct {
  vr_mat x;           // frames x columns
  char **names;       // of the whole dataset, one block
  size_t *column;     // place of each column in names
  vr_str units, last; // last part of the path
  double range;       // of the strips
} part;

static void part_free(part *p)
{
  vr_mat_free(&p->x);
  vr_release(p->names);
  vr_release(p->column);
  vr_str_free(&p->units);
  vr_str_free(&p->last);
}

static int part_read(
  const vr_turn *t, const char *data, size_t first, size_t frames, size_t all_frames, part *p)
{
  char *path;
  size_t n, all;
  vr_mat x = {0};
  VR_TRY(vr_plot_columns(t, data, &path, &p->column, &n));
  const vr_h5 *f = vr_turn_find(t, path);
  int code = vr_get_mat_raw(t, path, &x);
  if (!code && x.rows != all_frames)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, x.rows, all_frames);
  if (!code) code = vr_column_names(f, path, &p->names, &all);
  if (!code) code = vr_units_text(f, path, &p->units);
  if (!code) code = vr_mat_resize(&p->x, frames, n);
  for (size_t i = 0; i < frames && !code; i++)
    for (size_t k = 0; k < n; k++) vr_row(&p->x, i)[k] = vr_row(&x, first + i)[p->column[k]];
  vr_str_add(&p->last, vr_path_last(path));
  if (!code) code = vr_str_ok(&p->last);
  vr_mat_free(&x);
  vr_release(path);
  return code;
}

// quantiles of the numbers of some columns, NaN left out; *found = 0 when there are none
static int quantiles(const vr_mat *x, size_t col, size_t cols, double q0, double q1, double *low,
  double *high, size_t *found)
{
  double *v;
  size_t n = 0;
  VR_TRY(vr_alloc(&v, x->rows * cols, sizeof *v));
  for (size_t i = 0; i < x->rows; i++)
    for (size_t k = col; k < col + cols; k++)
      if (isfinite(vr_row(x, i)[k])) v[n++] = vr_row(x, i)[k];
  *low = *high = 0;
  if (n) {
    *low = vr_quantile(v, n, q0);
    *high = vr_quantile(v, n, q1);
  }
  *found = n;
  vr_release(v);
  return 0;
}

static double place(double y, double mid, double scale, double offset)
{
  return (y - mid) * scale + offset;
}

// One trace. Where there are many more frames than the paper has dots, each dot's width of time is
// drawn as its extremes. A gap in the data is a gap in the line.
static void trace(vr_figure *f, const vr_mat *x, size_t col, double start, double rate, double mid,
  double scale, double offset, size_t dots)
{
  size_t n = x->rows, step = n > 4 * dots ? (n + 2 * dots - 1) / (2 * dots) : 1;
  int gap = 1;
  for (size_t i = 0; i < n; i += step) {
    size_t low = n, high = n;
    for (size_t j = i; j < i + step && j < n; j++) {
      double y = vr_row(x, j)[col];
      if (!isfinite(y)) continue;
      if (low == n || y < vr_row(x, low)[col]) low = j;
      if (high == n || y > vr_row(x, high)[col]) high = j;
    }
    if (low == n) {
      if (!gap) vr_str_add(&f->code, "\n");
      gap = 1;
      continue;
    }
    gap = 0;
    size_t at[2] = {low < high ? low : high, low < high ? high : low};
    for (int k = 0; k < (low == high ? 1 : 2); k++)
      vr_str_addf(&f->code, "%.7g\t%.6g\n", start + (double)at[k] / rate,
        place(vr_row(x, at[k])[col], mid, scale, offset));
  }
}

// the label of an axis: what is shown and its unit
static void axis_text(const part *p, size_t k, vr_str *text)
{
  const char *name = p->names[p->column[k]];
  vr_str_addf(text, "%s", vr_str_get(&p->last));
  if (*name) vr_str_addf(text, " %s", name);
  if (p->units.n && strcmp(p->units.s, "1")) vr_str_addf(text, " (%s)", p->units.s);
}

static int one_axis(const part *p, double start, double rate, vr_figure *f)
{
  vr_str text = {0};
  axis_text(p, 0, &text);
  vr_plot_frame m = vr_plot_margins(f, 1, NULL, 0);
  m.left = 76;
  vr_plot_set_margins(f, &m);
  vr_figure_text(f, "YLABEL", vr_str_get(&text));
  uint32_t colour = vr_palette(0);
  vr_figure_number(f, "TRACES", 1);
  vr_figure_colours(f, "COLOUR", &colour, 1);
  vr_figure_number(f, "SCALES", 0);
  vr_figure_data(f, "TRACE");
  trace(f, &p->x, 0, start, rate, 0, 1, 0, (size_t)(f->w - m.left - m.right));
  vr_figure_data_end(f);
  int code = vr_str_ok(&text);
  vr_str_free(&text);
  return code;
}

static const char *strip_name(const part *p, size_t k)
{
  const char *name = p->names[p->column[k]];
  return *name ? name : vr_str_get(&p->last);
}

// names at the left, room for bars at the right
static size_t strip_axes(const part *p, size_t n, size_t traces, vr_figure *f)
{
  vr_plot_frame m = vr_plot_margins(f, 1, NULL, 0);
  size_t longest = 4, at = 0;
  vr_str_add(&f->code, "set ytics (");
  for (size_t d = 0; d < n; d++)
    for (size_t k = 0; k < p[d].x.cols; k++, at++) {
      size_t len = strlen(strip_name(&p[d], k));
      if (len > longest) longest = len;
      if (at) vr_str_add(&f->code, ", ");
      vr_figure_quote(f, strip_name(&p[d], k));
      vr_str_addf(&f->code, " %zu", traces - 1 - at);
    }
  vr_str_addf(&f->code, ")\nset yrange [-0.7:%.2f]\n", (double)traces - 0.3);
  m.left = 30 + fmin(7.0 * (double)longest, f->w / 4);
  m.right = 84;
  vr_plot_set_margins(f, &m);
  vr_figure_text(f, "YLABEL", "");
  return (size_t)(f->w - m.left - m.right);
}

// the widest range of a column, and the middle of each
static int strip_ranges(part *p, double *mid, int *empty)
{
  double low, high;
  size_t found;
  for (size_t k = 0; k < p->x.cols; k++) {
    VR_TRY(quantiles(&p->x, k, 1, 0.002, 0.998, &low, &high, &found));
    p->range = fmax(p->range, high - low);
    mid[k] = (low + high) / 2;
    empty[k] = !found;
  }
  if (!(p->range > 0)) p->range = 1;
  return 0;
}

// a bar of d-th dataset around strip y
static void strip_bar(const part *p, size_t d, double y, vr_figure *f)
{
  vr_str text = {0};
  double bar = vr_plot_nice(p->range * 0.6);
  vr_str_addf(&text, "%.3g", bar);
  if (p->units.n && strcmp(p->units.s, "1")) vr_str_addf(&text, " %s", p->units.s);
  vr_str_addf(&f->code, "SCALE_Y[%zu] = %.6g\nSCALE_H[%zu] = %.6g\nSCALE_TEXT[%zu] = ", d, y, d,
    bar * 0.9 / p->range, d);
  vr_figure_quote(f, vr_str_get(&text));
  vr_str_add(&f->code, "\n");
  vr_str_free(&text);
}

// all columns one below the other; those of one dataset share a scale, shown by a bar
static int strips(part *p, size_t n, size_t traces, double start, double rate, vr_figure *f)
{
  uint32_t colour[STRIPS];
  double mid[STRIPS];
  int empty[STRIPS];
  size_t dots = strip_axes(p, n, traces, f), at = 0;
  for (size_t d = 0; d < n; at += p[d++].x.cols) VR_TRY(strip_ranges(&p[d], mid + at, empty + at));
  vr_figure_data(f, "TRACE");
  at = 0;
  for (size_t d = 0; d < n; d++)
    for (size_t k = 0; k < p[d].x.cols; k++, at++) {
      if (at) vr_str_add(&f->code, "\n\n");
      if (empty[at]) vr_str_add(&f->code, "NaN\tNaN\n");
      trace(f, &p[d].x, k, start, rate, mid[at], 0.9 / p[d].range, (double)(traces - 1 - at), dots);
      colour[at] = vr_palette(d);
    }
  vr_figure_data_end(f);
  vr_figure_number(f, "TRACES", (double)traces);
  vr_figure_colours(f, "COLOUR", colour, traces);
  vr_figure_number(f, "SCALES", (double)n);
  vr_str_addf(&f->code, "array SCALE_Y[%zu]\narray SCALE_H[%zu]\narray SCALE_TEXT[%zu]\n", n, n, n);
  at = 0;
  for (size_t d = 0; d < n; at += p[d++].x.cols)
    strip_bar(&p[d], d + 1, (double)traces - 1 - (double)at - (double)(p[d].x.cols - 1) / 2, f);
  return 0;
}

// many columns: a picture with a row for each
static int rows(const part *p, double start, double rate, vr_figure *f)
{
  vr_image im = {0};
  double low, high;
  size_t found, n = p->x.rows, cols = p->x.cols;
  vr_plot_frame m = vr_plot_margins(f, 1, NULL, 0);
  m.right = 96;
  size_t w = (size_t)(VR_FIGURE_SCALE * (f->w - m.left - m.right));
  size_t h = (size_t)(VR_FIGURE_SCALE * (f->h - m.top - m.bottom));
  VR_TRY(quantiles(&p->x, 0, cols, 0.01, 0.99, &low, &high, &found));
  if (!(high > low)) high = low + 1;
  VR_TRY(vr_image_new(&im, w, h));
  for (size_t r = 0; r < h; r++)
    for (size_t c = 0; c < w; c++) {
      // the mean of the frames of a dot
      size_t k = cols - 1 - r * cols / h, i0 = c * n / w, i1 = (c + 1) * n / w, count = 0;
      double sum = 0;
      for (size_t i = i0; i < (i1 > i0 ? i1 : i0 + 1) && i < n; i++) {
        double y = vr_row(&p->x, i)[k];
        if (!isfinite(y)) continue;
        sum += y;
        count++;
      }
      if (!count) continue;
      double v = (sum / (double)count - low) / (high - low);
      vr_image_set(&im, c, r, vr_ramp_colour(VR_RAMP_VALUE, v), 1);
    }
  vr_view box = {start, start + (double)n / rate, 0.5 - (double)cols, 0.5};
  int code = vr_figure_image(f, "BACK", &im, &box);
  vr_image_free(&im);
  vr_str text = {0};
  vr_str_addf(&text, "%s%s%s%s", vr_str_get(&p->last), p->units.n > 0 ? " (" : "",
    vr_str_get(&p->units), p->units.n > 0 ? ")" : "");
  vr_plot_set_margins(f, &m);
  vr_figure_ramp(f, VR_RAMP_VALUE, low, high, 1);
  vr_figure_text(f, "BAR", vr_str_get(&text));
  // columns go down, gnuplot's axis goes up
  size_t step = (size_t)vr_plot_nice((double)cols / 4);
  vr_str_add(&f->code, "set ytics ('0' 0");
  for (size_t k = step; k < cols; k += step) vr_str_addf(&f->code, ", '%zu' -%zu", k, k);
  vr_str_add(&f->code, ")\n");
  vr_figure_text(f, "YLABEL", "column");
  vr_str_addf(&f->code, "set yrange [%.10g:%.10g]\n", box.y0, box.y1);
  vr_figure_number(f, "TRACES", 0);
  vr_figure_number(f, "SCALES", 0);
  vr_str_free(&text);
  return code;
}

int vr_plot_series(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  vr_trials tr = {0};
  part *p;
  size_t first = 0, frames = 0, traces = 0, trial = par->trial > 0 ? (size_t)par->trial : 0;
  VR_TRY(vr_alloc(&p, n, sizeof *p));
  int code = vr_get_trials(t, &tr);
  if (!code) code = vr_plot_span(par, &tr, trial, &first, &frames);
  if (!code && !frames) code = vr_fail(VR_EARG, "trial %zu: no frames to draw", trial);
  for (size_t d = 0; d < n && !code; d++) {
    code = part_read(t, data[d], first, frames, vr_trials_rows(&tr), &p[d]);
    traces += p[d].x.cols;
  }
  if (!code && n > 1 && traces > STRIPS)
    code = vr_fail(VR_EARG, "%zu columns of %zu datasets: name %d at most", traces, n, (int)STRIPS);
  if (!code) {
    double start = (double)(first - tr.first[trial]) / tr.rate;
    vr_str_addf(&f->code, "set xrange [%.10g:%.10g]\n", start, start + (double)frames / tr.rate);
    code = traces == 1       ? one_axis(&p[0], start, tr.rate, f)
           : traces > STRIPS ? rows(&p[0], start, tr.rate, f)
                             : strips(p, n, traces, start, tr.rate, f);
  }
  for (size_t d = 0; d < n; d++) part_free(&p[d]);
  vr_release(p);
  vr_trials_free(&tr);
  return code;
}
