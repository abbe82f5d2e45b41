/* plot_map.c -- points of a map, coloured, over the outlines of its regions. */
#include "ana/density.h"
#include "ana/outline.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "io/columns.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum {
  NUMBER = 20,
  HALO = 9
}; // points: a region smaller than this gets no number; light behind it

typedef struct {
  const vr_turn *t;
  const char *path;
  vr_mat xy;        // the points to draw
  uint32_t *colour; // of each
  int grid;         // /region belongs to this map
  vr_grid g;
  int32_t *label;   // grid
  uint32_t *region; // colour of each region
  size_t regions;
  vr_view box;
  vr_plot_frame margin;
  int axes; // the map has a unit: show it
} plan;

static void plan_free(plan *p)
{
  vr_mat_free(&p->xy);
  vr_release(p->colour);
  vr_release(p->label);
  vr_release(p->region);
}

static int read_axis(const vr_turn *t, const char *path, size_t n, double *first, double *step)
{
  vr_mat at = {0};
  int code = vr_get_mat(t, path, &at);
  if (!code && (at.rows != n || at.cols != 1 || n < 2 || !(at.a[n - 1] > at.a[0])))
    code = vr_fail(VR_EDATA, "%s: not the axis of a grid of %zu", path, n);
  if (!code) {
    *first = at.a[0];
    *step = (at.a[n - 1] - at.a[0]) / (double)(n - 1);
  }
  vr_mat_free(&at);
  return code;
}

// the grid of regions that vr-watershed wrote
static int read_regions(plan *p)
{
  static const char path[] = "/region/label";
  vr_h5_info info;
  vr_labels l = {0};
  const vr_h5 *f = vr_turn_find(p->t, path);
  double step;
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.rank != 2 || info.dim[0] != info.dim[1])
    return vr_fail(VR_EDATA, "%s: not a square grid", path);
  p->g.n = info.dim[0];
  VR_TRY(read_axis(p->t, "/region/x", p->g.n, &p->g.x0, &p->g.step));
  VR_TRY(read_axis(p->t, "/region/y", p->g.n, &p->g.y0, &step));
  VR_TRY(vr_alloc(&p->label, p->g.n * p->g.n, sizeof *p->label));
  VR_TRY(vr_h5_read(f, path, VR_I32, 0, p->g.n, p->label));
  for (size_t i = 0; i < p->g.n * p->g.n; i++) {
    if (p->label[i] < 0) return vr_fail(VR_EDATA, "%s: a negative label", path);
    if ((size_t)p->label[i] > p->regions) p->regions = (size_t)p->label[i];
  }
  l.k = p->regions;
  return vr_plot_label_colours(p->t, "region", &l, &p->region);
}

// copies the rows that trial, from and to leave; which[i] is the frame of row i
static int select_points(plan *p, const vr_plot_par *par, size_t **which)
{
  vr_trials tr = {0};
  vr_mat all = {0};
  size_t n = 0, first, frames;
  int code = vr_get_mat(p->t, p->path, &all);
  if (!code && (all.cols < 2 || !all.rows))
    code = vr_fail(VR_EDATA, "%s: a map needs two columns and at least a row", p->path);
  if (!code) code = vr_get_trials(p->t, &tr);
  if (!code && vr_trials_rows(&tr) != all.rows)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", p->path, all.rows, vr_trials_rows(&tr));
  if (!code && par->trial >= 0 && (size_t)par->trial >= tr.n)
    code = vr_plot_span(par, &tr, (size_t)par->trial, &first, &frames);
  if (!code) code = vr_alloc(which, all.rows, sizeof **which);
  for (size_t k = 0; k < tr.n && !code; k++) {
    if (par->trial >= 0 && k != (size_t)par->trial) continue;
    code = vr_plot_span(par, &tr, k, &first, &frames);
    for (size_t i = 0; i < frames && !code; i++) (*which)[n++] = first + i;
  }
  if (!code && !n) code = vr_fail(VR_EARG, "no frames between --from and --to");
  if (!code) code = vr_mat_resize(&p->xy, n, 2);
  for (size_t i = 0; i < n && !code; i++)
    memcpy(vr_row(&p->xy, i), vr_row(&all, (*which)[i]), 2 * sizeof(double));
  vr_trials_free(&tr);
  vr_mat_free(&all);
  return code;
}

// what is drawn: the grid of the regions, or the points and a margin; square pixels
static void choose_box(plan *p, const vr_figure *f)
{
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < p->xy.rows; i++)
    for (int k = 0; k < 2; k++) {
      low[k] = fmin(low[k], vr_row(&p->xy, i)[k]);
      high[k] = fmax(high[k], vr_row(&p->xy, i)[k]);
    }
  // with regions, the pixels that belong to any
  for (size_t i = 0; p->grid && i < p->g.n * p->g.n; i++) {
    if (!p->label[i]) continue;
    double at[2] = {
      p->g.x0 + (double)(i % p->g.n) * p->g.step, p->g.y0 + (double)(i / p->g.n) * p->g.step};
    for (int k = 0; k < 2; k++) {
      low[k] = fmin(low[k], at[k] - p->g.step);
      high[k] = fmax(high[k], at[k] + p->g.step);
    }
  }
  double w = f->w - p->margin.left - p->margin.right, h = f->h - p->margin.top - p->margin.bottom;
  double per_point = fmax((high[0] - low[0]) / w, (high[1] - low[1]) / h) * 1.03;
  if (!(per_point > 0)) per_point = 1 / w;
  double x = (low[0] + high[0]) / 2, y = (low[1] + high[1]) / 2;
  p->box = (vr_view){
    x - per_point * w / 2, x + per_point * w / 2, y - per_point * h / 2, y + per_point * h / 2};
}

/* -- colours -- */

static int colour_by_labels(plan *p, const char *what, const size_t *which, vr_figure *f)
{
  vr_labels l = {0};
  uint32_t *colour = NULL;
  int regions = p->grid && !strcmp(what, "region");
  int code = vr_get_labels(p->t, what, &l);
  if (!code) code = vr_plot_label_colours(p->t, what, &l, &colour);
  for (size_t i = 0; i < p->xy.rows && !code; i++) {
    int32_t k = l.of[which[i]];
    p->colour[i] = k ? colour[k - 1] : VR_NO_COLOUR;
  }
  // regions carry their number where they are; all else needs a legend
  if (!code && !regions) code = vr_plot_legend(f, &l, colour);
  p->margin = vr_plot_margins(f, p->axes, l.name, regions ? 0 : l.k);
  vr_release(colour);
  vr_labels_free(&l);
  return code;
}

static int colour_by_values(plan *p, const char *what, const size_t *which, vr_figure *f)
{
  char *path = NULL, **names = NULL;
  size_t *column = NULL, n, all;
  vr_mat x = {0};
  double *v = NULL, low = 0, high = 0;
  vr_str text = {0};
  int code = vr_plot_columns(p->t, what, &path, &column, &n);
  if (!code && n != 1)
    code = vr_fail(VR_EARG, "%s: has %zu columns: say which, as in %s:NAME", path, n, path);
  if (!code) code = vr_get_mat(p->t, path, &x);
  if (!code) code = vr_alloc(&v, p->xy.rows, sizeof *v);
  if (!code) code = vr_column_names(vr_turn_find(p->t, path), path, &names, &all);
  for (size_t i = 0; i < p->xy.rows && !code; i++)
    v[i] = which[i] < x.rows ? vr_row(&x, which[i])[column[0]] : 0;
  if (!code) {
    // from the 1st to the 99th percentile; single extremes would leave all else in one colour
    low = vr_quantile(v, p->xy.rows, 0.01);
    high = vr_quantile(v, p->xy.rows, 0.99);
    if (!(high > low)) high = low + 1;
    for (size_t i = 0; i < p->xy.rows; i++) {
      double y = which[i] < x.rows ? vr_row(&x, which[i])[column[0]] : 0;
      p->colour[i] = vr_ramp_colour(VR_RAMP_VALUE, (y - low) / (high - low));
    }
    vr_str_addf(&text, "%s %s", vr_path_last(path), names[column[0]]);
    vr_str units = {0};
    if (!vr_units_text(vr_turn_find(p->t, path), path, &units) && units.n && strcmp(units.s, "1"))
      vr_str_addf(&text, " (%s)", units.s);
    vr_str_free(&units);
    vr_figure_ramp(f, VR_RAMP_VALUE, low, high, 1);
    vr_figure_text(f, "BAR", vr_str_get(&text));
    p->margin = vr_plot_margins(f, p->axes, NULL, 0);
    p->margin.right = 96;
  }
  vr_str_free(&text);
  vr_release(names);
  vr_release(v);
  vr_release(path);
  vr_release(column);
  vr_mat_free(&x);
  return code;
}

/* -- layers -- */

static double bilinear(const vr_mat *p, const vr_grid *g, double x, double y)
{
  double c = (x - g->x0) / g->step, r = (y - g->y0) / g->step;
  if (!(c >= 0 && r >= 0 && c < (double)g->n - 1 && r < (double)g->n - 1)) return 0;
  size_t i = (size_t)r, j = (size_t)c;
  double u = c - (double)j, v = r - (double)i;
  const double *a = vr_row(p, i) + j, *b = vr_row(p, i + 1) + j;
  return (1 - v) * ((1 - u) * a[0] + u * a[1]) + v * ((1 - u) * b[0] + u * b[1]);
}

static size_t pixels(double points)
{
  return (size_t)fmax(1, VR_FIGURE_SCALE * points + 0.5);
}

static int new_layer(const plan *p, const vr_figure *f, vr_image *im)
{
  return vr_image_new(im, pixels(f->w - p->margin.left - p->margin.right),
    pixels(f->h - p->margin.top - p->margin.bottom));
}

static int draw_density(plan *p, vr_figure *f)
{
  vr_mat d = {0};
  vr_image im = {0};
  double top = 0;
  int code = vr_get_mat(p->t, "/region/density", &d);
  if (!code && (d.rows != p->g.n || d.cols != p->g.n))
    code = vr_fail(VR_EDATA, "/region/density: not of the size of /region/label");
  if (!code) code = new_layer(p, f, &im);
  for (size_t i = 0; i < d.rows * d.cols && !code; i++) top = fmax(top, d.a[i]);
  if (!code && !(top > 0)) code = vr_fail(VR_EDATA, "/region/density: is zero everywhere");
  double dx = (p->box.x1 - p->box.x0) / (double)im.w, dy = (p->box.y1 - p->box.y0) / (double)im.h;
  for (size_t r = 0; r < im.h && !code; r++)
    for (size_t c = 0; c < im.w; c++) {
      double v =
        bilinear(&d, &p->g, p->box.x0 + ((double)c + 0.5) * dx, p->box.y0 + ((double)r + 0.5) * dy);
      // the root shows what is rare beside what is common
      vr_image_set(&im, c, r, vr_ramp_colour(VR_RAMP_DENSITY, sqrt(v / top)), 1);
    }
  if (!code) code = vr_figure_image(f, "BACK", &im, &p->box);
  vr_image_free(&im);
  vr_mat_free(&d);
  if (!code) vr_figure_ramp(f, VR_RAMP_DENSITY, 0, top, 0.5);
  if (!code) vr_figure_text(f, "BAR", "density");
  return code;
}

// the area of each region in a light tint of its colour
static int draw_tints(plan *p, vr_figure *f)
{
  vr_image im = {0};
  VR_TRY(new_layer(p, f, &im));
  double dx = (p->box.x1 - p->box.x0) / (double)im.w, dy = (p->box.y1 - p->box.y0) / (double)im.h;
  for (size_t r = 0; r < im.h; r++)
    for (size_t c = 0; c < im.w; c++) {
      double x = p->box.x0 + ((double)c + 0.5) * dx, y = p->box.y0 + ((double)r + 0.5) * dy;
      int32_t k = p->label[vr_grid_pixel(&p->g, x, y)];
      if (k) vr_image_set(&im, c, r, p->region[k - 1], 0.16);
    }
  int code = vr_figure_image(f, "BACK", &im, &p->box);
  vr_image_free(&im);
  return code;
}

static int draw_points(plan *p, vr_figure *f)
{
  vr_image im = {0};
  double n = (double)p->xy.rows;
  // many points are small and faint, few are large and solid
  double radius = fmax(1.1, fmin(3.2, 3.2 * pow(2000 / n, 0.25)));
  double alpha = fmax(0.35, fmin(0.9, 0.9 * pow(2000 / n, 0.2)));
  VR_TRY(new_layer(p, f, &im));
  int code = vr_image_points(&im, &p->box, &p->xy, p->colour, radius * VR_FIGURE_SCALE / 2, alpha);
  if (!code) code = vr_figure_image(f, "FRONT", &im, &p->box);
  vr_image_free(&im);
  return code;
}

static int draw_outlines(plan *p, vr_figure *f)
{
  vr_outline o = {0};
  int code = vr_outline_of(p->label, &p->g, &o);
  vr_figure_data(f, "OUTLINE");
  for (size_t k = 0; k < o.n && !code; k++) {
    for (size_t i = o.first[k]; i < o.first[k + 1]; i++)
      vr_str_addf(&f->code, "%.6g\t%.6g\n", vr_row(&o.xy, i)[0], vr_row(&o.xy, i)[1]);
    vr_str_add(&f->code, "\n");
  }
  vr_figure_data_end(f);
  vr_outline_free(&o);
  return code;
}

// numbers of the regions that are large enough for one, at their peaks
static int draw_numbers(plan *p, vr_figure *f)
{
  vr_mat peak = {0};
  size_t *area;
  int code = vr_get_mat(p->t, "/region/peak", &peak);
  if (!code && peak.cols != 2) code = vr_fail(VR_EDATA, "/region/peak: not two columns");
  if (!code) code = vr_alloc(&area, p->regions + 1, sizeof *area);
  if (code) {
    vr_mat_free(&peak);
    return code;
  }
  for (size_t i = 0; i < p->g.n * p->g.n; i++) area[p->label[i]]++;
  double point = (f->w - p->margin.left - p->margin.right) / (p->box.x1 - p->box.x0) * p->g.step;
  vr_figure_number(f, "HALO", HALO / point * p->g.step);
  vr_figure_data(f, "NUMBER");
  for (size_t k = 1; k <= p->regions && k <= peak.rows; k++)
    if ((double)area[k] * point * point >= NUMBER * NUMBER)
      vr_str_addf(
        &f->code, "%.6g\t%.6g\t%zu\n", vr_row(&peak, k - 1)[0], vr_row(&peak, k - 1)[1], k);
  vr_figure_data_end(f);
  vr_release(area);
  vr_mat_free(&peak);
  return 0;
}

static void set_axes(const plan *p, vr_figure *f, const char *units)
{
  char label[2][80];
  for (int k = 0; k < 2; k++) snprintf(label[k], sizeof label[k], "%c (%.60s)", "xy"[k], units);
  vr_plot_set_margins(f, &p->margin);
  vr_str_addf(&f->code, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n", p->box.x0,
    p->box.x1, p->box.y0, p->box.y1);
  vr_figure_number(f, "AXES", p->axes);
  vr_figure_text(f, "XLABEL", label[0]);
  vr_figure_text(f, "YLABEL", label[1]);
}

int vr_plot_map(const vr_turn *t, const char *data, const vr_plot_par *par, vr_figure *f)
{
  plan p = {.t = t, .path = data};
  size_t *which = NULL;
  vr_str units = {0};
  const char *by = par->colour;
  p.grid = !strcmp(data, "/map/xy") && vr_turn_has(t, "/region/label") && !par->plain;
  if (!by) by = vr_plot_default_labels(t);
  int density = by && !strcmp(by, "density"), tints = p.grid && by && !strcmp(by, "region");
  int code = vr_turn_has(t, data) ? vr_units_text(vr_turn_find(t, data), data, &units)
                                  : vr_fail(VR_EDATA, "%.200s: not in this stream", data);
  p.axes = units.n && strcmp(units.s, "1");
  if (!code && density && !vr_turn_has(t, "/region/density"))
    code = vr_fail(VR_EARG, "no /region/density in this stream: run vr-watershed first");
  if (!code && (p.grid || density)) code = read_regions(&p);
  if (!code) code = select_points(&p, par, &which);
  if (!code) code = vr_alloc(&p.colour, p.xy.rows, sizeof *p.colour);
  p.margin = vr_plot_margins(f, p.axes, NULL, 0);
  if (density) p.margin.right = 96;
  for (size_t i = 0; i < p.xy.rows && !code; i++) p.colour[i] = vr_palette(0);
  if (!code && by && !density)
    code = vr_plot_is_labels(t, by) ? colour_by_labels(&p, by, which, f)
                                    : colour_by_values(&p, by, which, f);
  if (!code) {
    choose_box(&p, f);
    set_axes(&p, f, vr_str_get(&units));
    if (density)
      code = draw_density(&p, f);
    else if (tints)
      code = draw_tints(&p, f);
  }
  if (!code && !density) code = draw_points(&p, f);
  if (!code && p.grid) code = draw_outlines(&p, f);
  if (!code && p.grid) code = draw_numbers(&p, f);
  vr_str_free(&units);
  vr_release(which);
  plan_free(&p);
  return code;
}
