/* plot_psd.c -- power spectra that vr-psd made, on two logarithmic axes, with their peaks. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "io/columns.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CURVES = 24, PATH = 300 };
static const double significant = 0.05; // a peak of a larger p is drawn hollow

// one dataset's spectra
typedef struct {
  char group[PATH];
  vr_mat freq, s, background;
  char **label, **peak_label; // of the rows, of the peaks
  size_t nlabels, npeaks;
  vr_mat peak_freq, peak_power, p;
} part;

static void part_free(part *p)
{
  vr_mat_free(&p->freq);
  vr_mat_free(&p->s);
  vr_mat_free(&p->background);
  vr_mat_free(&p->peak_freq);
  vr_mat_free(&p->peak_power);
  vr_mat_free(&p->p);
  vr_release(p->label);
  vr_release(p->peak_label);
}

// where the spectra are: all, or those of the datasets that were named
typedef struct {
  part *part;
  size_t n;
  int differ; // in unit: then powers are divided by their sum
} list;

static int collect(void *ctx, const char *path, const vr_h5_info *info)
{
  list *l = ctx;
  const char *last = strrchr(path, '/');
  (void)info;
  if (strcmp(last, "/spectrum") || last - path >= PATH) return 0;
  VR_TRY(vr_grow(&l->part, l->n, l->n + 1, sizeof *l->part));
  memcpy(l->part[l->n].group, path, (size_t)(last - path));
  l->n++;
  return 0;
}

static int find_parts(const vr_turn *t, const char *const *data, size_t n, list *l)
{
  if (!vr_turn_has(t, "/psd")) return vr_fail(VR_EDATA, "no /psd in this stream: run vr-psd first");
  if (!n) return vr_h5_walk(vr_turn_find(t, "/psd"), "/psd", collect, l);
  VR_TRY(vr_alloc(&l->part, n, sizeof *l->part));
  for (l->n = 0; l->n < n; l->n++) {
    const char *path = data[l->n];
    if (!strncmp(path, "/psd/", 5)) path += 4;
    if (snprintf(l->part[l->n].group, PATH, "/psd%s", path) >= PATH)
      return vr_fail(VR_EARG, "%.60s: a path too long", path);
    if (!vr_turn_has(t, l->part[l->n].group))
      return vr_fail(
        VR_EDATA, "%.200s: no such spectrum: run vr-psd -i first", l->part[l->n].group);
  }
  return 0;
}

static const char *member(const part *p, const char *name, char to[2 * PATH])
{
  snprintf(to, 2 * PATH, "%s/%s", p->group, name);
  return to;
}

static int read_part(const vr_turn *t, part *p)
{
  char to[2 * PATH];
  VR_TRY(vr_get_mat(t, member(p, "frequency", to), &p->freq));
  VR_TRY(vr_get_mat(t, member(p, "spectrum", to), &p->s));
  VR_TRY(vr_get_strings(t, member(p, "label", to), &p->label, &p->nlabels));
  if (p->s.cols != p->freq.rows || p->s.rows != p->nlabels || p->s.cols < 3)
    return vr_fail(VR_EDATA, "%s: spectrum, label and frequency do not fit", p->group);
  if (vr_turn_has(t, member(p, "background", to))) VR_TRY(vr_get_mat(t, to, &p->background));
  if (!vr_turn_has(t, member(p, "peak/p", to))) return 0;
  VR_TRY(vr_get_mat(t, to, &p->p));
  VR_TRY(vr_get_mat(t, member(p, "peak/frequency", to), &p->peak_freq));
  VR_TRY(vr_get_mat(t, member(p, "peak/power", to), &p->peak_power));
  VR_TRY(vr_get_strings(t, member(p, "peak/label", to), &p->peak_label, &p->npeaks));
  if (p->p.rows != p->npeaks || p->peak_freq.rows != p->npeaks || p->peak_power.rows != p->npeaks)
    return vr_fail(VR_EDATA, "%s/peak: its columns differ in length", p->group);
  return 0;
}

// -- the drawing --

// Spectra of different units are compared by shape: as shares of their power.
static void divide(part *p)
{
  double step = p->freq.a[1] - p->freq.a[0];
  for (size_t i = 0; i < p->s.rows; i++) {
    double sum = 0, *s = vr_row(&p->s, i);
    for (size_t k = 1; k < p->s.cols; k++) sum += s[k] * step;
    if (!(sum > 0)) continue;
    for (size_t k = 0; k < p->s.cols; k++) s[k] /= sum;
    for (size_t k = 0; k < p->npeaks; k++)
      if (!strcmp(p->peak_label[k], p->label[i])) p->peak_power.a[k] /= sum;
  }
}

// the ranges of the axes: all bins above 0 that have power
static void set_ranges(const list *l, double y[2], vr_figure *f)
{
  double x[2] = {HUGE_VAL, 0};
  y[0] = HUGE_VAL;
  y[1] = 0;
  for (size_t d = 0; d < l->n; d++)
    for (size_t i = 0; i < l->part[d].s.rows; i++)
      for (size_t k = 1; k + 1 < l->part[d].s.cols; k++) {
        double at = l->part[d].freq.a[k], power = vr_row(&l->part[d].s, i)[k];
        if (!(power > 0)) continue;
        x[0] = fmin(x[0], at);
        x[1] = fmax(x[1], at);
        y[0] = fmin(y[0], power);
        y[1] = fmax(y[1], power);
      }
  // six powers of ten at most: what lies below is rounding or the window's
  y[0] = fmax(y[0], y[1] * 1e-6) / 1.5;
  if (!(x[1] > 0)) x[0] = y[0] = 1, x[1] = y[1] = 10;
  y[1] *= 2.5;
  vr_str_addf(&f->code, "set xrange [%.10g:%.10g]\nset yrange [%.6g:%.6g]\n", x[0],
    fmax(x[1], x[0] * 2), y[0], y[1]);
}

static void curve(vr_figure *f, const vr_mat *freq, const double *s, int first)
{
  if (!first) vr_str_add(&f->code, "\n\n");
  // the bin at half the rate is one-sided: half of its neighbours in noise
  for (size_t k = 1; k + 1 < freq->rows; k++)
    if (s[k] > 0) vr_str_addf(&f->code, "%.6g\t%.6g\n", freq->a[k], s[k]);
}

// all curves, one a label of a dataset
static void draw_curves(const list *l, vr_figure *f)
{
  size_t at = 0;
  vr_figure_data(f, "TRACE");
  for (size_t d = 0; d < l->n; d++)
    for (size_t i = 0; i < l->part[d].s.rows; i++)
      curve(f, &l->part[d].freq, vr_row(&l->part[d].s, i), !at++);
  vr_figure_data_end(f);
  // the background is drawn where there is one curve
  const part *p = l->part;
  vr_figure_data(f, "OUTLINE");
  if (at == 1 && p->background.cols == p->freq.rows) curve(f, &p->freq, p->background.a, 1);
  vr_figure_data_end(f);
}

// places of texts in the picture, as shares of it; a text too near to another is left out
typedef struct {
  double x[CURVES], y[CURVES];
  size_t n;
} places;

static int is_free(places *p, double x, double y)
{
  for (size_t k = 0; k < p->n; k++)
    if (fabs(p->x[k] - x) < 0.1 && fabs(p->y[k] - y) < 0.1) return 0;
  p->x[p->n] = x;
  p->y[p->n++] = y;
  return 1;
}

// peaks of noise hollow, others full; the most prominent of each curve with its frequency
static void draw_peaks(const list *l, const double y[2], vr_figure *f)
{
  size_t at = 0;
  places texts = {.n = 0};
  double decades = log10(l->part[0].freq.a[l->part[0].freq.rows - 1] / l->part[0].freq.a[1]);
  vr_figure_data(f, "PEAK");
  for (size_t d = 0; d < l->n; d++) {
    const part *p = &l->part[d];
    for (size_t i = 0; i < p->s.rows; i++, at++) {
      int told = 0;
      for (size_t k = 0; k < p->npeaks; k++) {
        if (strcmp(p->peak_label[k], p->label[i])) continue;
        double x = p->peak_freq.a[k], power = p->peak_power.a[k];
        int good = p->p.a[k] <= significant;
        vr_str_addf(&f->code, "%.6g\t%.6g\t%d\t%u\t", x, power, good ? 7 : 6, vr_palette(at));
        if (good && !told++ &&
            is_free(&texts, log10(x) / decades, log10(power) / log10(y[1] / y[0])))
          vr_str_addf(&f->code, "%.3g Hz\n", x);
        else
          vr_str_add(&f->code, "\" \"\n");
      }
    }
  }
  vr_figure_data_end(f);
}

// what tells a curve from the others: its dataset, its label, or both
static int name_curves(const list *l, size_t curves, vr_figure *f)
{
  char **name, *text;
  uint32_t colour[CURVES];
  size_t at = 0;
  int labels = 0;
  VR_TRY(vr_alloc(&name, curves, sizeof *name));
  int code = vr_alloc(&text, curves, 2 * PATH);
  for (size_t d = 0; d < l->n; d++) labels |= l->part[d].s.rows > 1;
  for (size_t d = 0; d < l->n && !code; d++)
    for (size_t i = 0; i < l->part[d].s.rows; i++, at++) {
      const part *p = &l->part[d];
      name[at] = text + at * 2 * PATH;
      colour[at] = vr_palette(at);
      const char *path = p->group + strlen("/psd/");
      if (l->n == 1)
        snprintf(name[at], 2 * PATH, "%.60s", p->label[i]);
      else if (!labels)
        snprintf(name[at], 2 * PATH, "%.60s", path);
      else
        snprintf(name[at], 2 * PATH, "%.60s, %.60s", path, p->label[i]);
    }
  if (!code) {
    vr_plot_frame m = vr_plot_margins(f, 1, name, curves > 1 ? curves : 0);
    m.left = 84;
    vr_plot_set_margins(f, &m);
    vr_figure_number(f, "TRACES", (double)curves);
    vr_figure_number(f, "LEGEND", curves > 1 ? (double)curves : 0);
    vr_figure_texts(f, "NAME", name, curves);
    vr_figure_colours(f, "COLOUR", colour, curves);
  }
  vr_release(text);
  vr_release(name);
  return code;
}

// one unit for all, or shares of the power
static int set_units(const vr_turn *t, list *l, vr_figure *f)
{
  vr_str units = {0}, label = {0};
  char to[2 * PATH];
  int code = 0;
  for (size_t d = 0; d < l->n && !code; d++) {
    vr_str one = {0};
    member(&l->part[d], "spectrum", to);
    code = vr_units_text(vr_turn_find(t, to), to, &one);
    if (!d) vr_str_add(&units, vr_str_get(&one));
    l->differ |= strcmp(vr_str_get(&units), vr_str_get(&one)) != 0;
    vr_str_free(&one);
  }
  if (l->differ)
    vr_str_add(&label, "share of the power (1/Hz)");
  else
    vr_str_addf(&label, "power (%s)", vr_str_get(&units));
  for (size_t d = 0; d < l->n && l->differ; d++) divide(&l->part[d]);
  vr_figure_text(f, "YLABEL", vr_str_get(&label));
  vr_str_free(&units);
  vr_str_free(&label);
  return code;
}

int vr_plot_psd(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  list l = {0};
  double y[2];
  size_t curves = 0;
  (void)par;
  int code = find_parts(t, data, n, &l);
  for (size_t d = 0; d < l.n && !code; d++) {
    code = read_part(t, &l.part[d]);
    curves += l.part[d].s.rows;
  }
  if (!code && (!curves || curves > CURVES))
    code = vr_fail(VR_EARG, "%zu spectra: name datasets (-i) with %d at most", curves, (int)CURVES);
  if (!code) code = set_units(t, &l, f);
  if (!code) code = name_curves(&l, curves, f);
  if (!code) {
    set_ranges(&l, y, f);
    draw_curves(&l, f);
    draw_peaks(&l, y, f);
  }
  for (size_t d = 0; d < l.n; d++) part_free(&l.part[d]);
  vr_release(l.part);
  return code;
}
