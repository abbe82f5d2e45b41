/* plot_mds.c -- points that vr-mds placed, in the colours of their labels. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "io/columns.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 300, NAMED = 60 }; // so many points have room for their names

typedef struct {
  const vr_turn *t;
  char group[PATH];
  vr_mat xy;
  char **label, **name; // of the points
  vr_labels l;
  uint32_t *colour; // of the labels
} plan;

static void plan_free(plan *p)
{
  vr_mat_free(&p->xy);
  vr_release(p->label);
  vr_release(p->name);
  vr_release(p->l.of);
  vr_release(p->l.name);
  vr_release(p->colour);
}

static const char *member(const plan *p, const char *name, char to[2 * PATH])
{
  snprintf(to, 2 * PATH, "%s/%s", p->group, name);
  return to;
}

static int first_found(void *ctx, const char *path, const vr_h5_info *info)
{
  plan *p = ctx;
  const char *last = strrchr(path, '/');
  (void)info;
  if (p->group[0] || strcmp(last, "/xy") || last - path >= PATH) return 0;
  memcpy(p->group, path, (size_t)(last - path));
  return 0;
}

// the embedding of the dataset that was named, or the first
static int find(plan *p, const char *data)
{
  if (!vr_turn_has(p->t, "/mds"))
    return vr_fail(VR_EDATA, "no /mds in this stream: run vr-mds first");
  if (!data) {
    VR_TRY(vr_h5_walk(vr_turn_find(p->t, "/mds"), "/mds", first_found, p));
    return p->group[0] ? 0 : vr_fail(VR_EDATA, "/mds: holds no points");
  }
  if (!strncmp(data, "/mds/", 5)) data += 4;
  snprintf(p->group, PATH, "/mds%.200s", data);
  return vr_turn_has(p->t, p->group)
           ? 0
           : vr_fail(VR_EDATA, "%s: not in this stream: run vr-mds -i first", p->group);
}

// labels in order of appearance
static int number_labels(plan *p, size_t n)
{
  VR_TRY(vr_alloc(&p->l.of, n, sizeof *p->l.of));
  VR_TRY(vr_alloc(&p->l.name, n, sizeof *p->l.name));
  p->l.n = n;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < p->l.k && strcmp(p->l.name[k], p->label[i])) k++;
    if (k == p->l.k) p->l.name[p->l.k++] = p->label[i];
    p->l.of[i] = (int32_t)k + 1;
  }
  VR_TRY(vr_alloc(&p->colour, p->l.k, sizeof *p->colour));
  for (size_t k = 0; k < p->l.k; k++) p->colour[k] = vr_palette(k);
  return 0;
}

static int read(plan *p)
{
  char to[2 * PATH];
  vr_h5_info info;
  size_t n, names;
  VR_TRY(vr_get_mat(p->t, member(p, "xy", to), &p->xy));
  VR_TRY(vr_get_strings(p->t, member(p, "label", to), &p->label, &n));
  if (p->xy.rows != n || !n || !p->xy.cols)
    return vr_fail(VR_EDATA, "%s: xy and label do not fit", p->group);
  VR_TRY(number_labels(p, n));
  // clusters, or rows that have names
  const char *what = vr_turn_has(p->t, member(p, "cluster", to)) ? "cluster" : "point";
  const vr_h5 *f = vr_turn_find(p->t, member(p, what, to));
  if (!f || n > NAMED) return 0;
  VR_TRY(vr_h5_get_info(f, to, &info));
  if (info.type != VR_STR) return 0;
  VR_TRY(vr_get_strings(p->t, to, &p->name, &names));
  return names == n ? 0 : vr_fail(VR_EDATA, "%s: %zu names for %zu points", to, names, n);
}

// axes of equal scale
static void set_box(const plan *p, const vr_plot_frame *m, vr_figure *f)
{
  double low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
  double w = f->w - m->left - m->right, h = f->h - m->top - m->bottom;
  for (size_t i = 0; i < p->xy.rows; i++)
    for (size_t k = 0; k < 2; k++) {
      double v = k < p->xy.cols ? vr_row(&p->xy, i)[k] : 0;
      low[k] = fmin(low[k], v);
      high[k] = fmax(high[k], v);
    }
  double per_point = fmax((high[0] - low[0]) / w, (high[1] - low[1]) / h) * 1.08;
  if (!(per_point > 0)) per_point = 1 / w;
  double x = (low[0] + high[0]) / 2, y = (low[1] + high[1]) / 2;
  vr_str_addf(&f->code, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n",
    x - per_point * w / 2, x + per_point * w / 2, y - per_point * h / 2, y + per_point * h / 2);
}

// Points in an order that mixes the labels, so that none hides another.
static void draw_points(const plan *p, vr_figure *f)
{
  size_t n = p->xy.rows, step = (size_t)((double)n * 0.618034) | 1;
  for (int common = 1; common;) {
    common = 0;
    for (size_t a = n, b = step; b && !common;) {
      size_t rest = a % b;
      a = b;
      b = rest;
      if (!b) common = a > 1;
    }
    if (common) step += 2;
  }
  vr_figure_data(f, "TRACE");
  for (size_t k = 0, i = 0; k < n; k++, i = (i + step) % n)
    vr_str_addf(&f->code, "%.6g\t%.6g\t%u\n", vr_row(&p->xy, i)[0],
      p->xy.cols > 1 ? vr_row(&p->xy, i)[1] : 0, p->colour[p->l.of[i] - 1]);
  vr_figure_data_end(f);
  vr_figure_number(f, "SIZE", fmax(0.35, fmin(1, 10 / sqrt((double)n))));
  vr_figure_data(f, "NUMBER");
  for (size_t i = 0; i < n && p->name; i++) {
    vr_str_addf(
      &f->code, "%.6g\t%.6g\t", vr_row(&p->xy, i)[0], p->xy.cols > 1 ? vr_row(&p->xy, i)[1] : 0);
    vr_figure_field(f, p->name[i]);
    vr_str_addc(&f->code, '\n');
  }
  vr_figure_data_end(f);
}

// how far the labels lie apart, beside what chance gives
static int tell_separation(const plan *p, vr_figure *f)
{
  char to[2 * PATH], **measure = NULL;
  vr_mat value = {0}, mean = {0}, chance = {0};
  vr_str text = {0};
  size_t n = 0;
  int code = 0;
  if (vr_turn_has(p->t, member(p, "separation/p", to))) {
    code = vr_get_mat(p->t, to, &chance);
    if (!code) code = vr_get_strings(p->t, member(p, "separation/measure", to), &measure, &n);
    if (!code) code = vr_get_mat(p->t, member(p, "separation/value", to), &value);
    if (!code) code = vr_get_mat(p->t, member(p, "separation/mean", to), &mean);
    if (!code && (value.rows != n || mean.rows != n || chance.rows != n))
      code = vr_fail(VR_EDATA, "%s/separation: its columns differ in length", p->group);
  }
  for (size_t k = 0; k < n && !code; k++)
    if (!strncmp(measure[k], "nearest", 7))
      vr_str_addf(&text, "%s%.40s %.2f (by chance %.2f, p = %.2g)", text.n ? "     " : "",
        measure[k], value.a[k], mean.a[k], chance.a[k]);
  vr_figure_text(f, "YLABEL", vr_str_get(&text));
  vr_release(measure);
  vr_mat_free(&value);
  vr_mat_free(&mean);
  vr_mat_free(&chance);
  vr_str_free(&text);
  return code;
}

int vr_plot_mds(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  plan p = {.t = t};
  (void)par;
  int code = find(&p, n ? data[0] : NULL);
  if (!code) code = read(&p);
  if (!code) code = vr_plot_legend(f, &p.l, p.colour);
  if (!code) code = tell_separation(&p, f);
  if (!code) {
    vr_plot_frame m = vr_plot_margins(f, 0, p.l.name, p.l.k);
    m.bottom = 36;
    vr_plot_set_margins(f, &m);
    set_box(&p, &m, f);
    draw_points(&p, f);
  }
  plan_free(&p);
  return code;
}
