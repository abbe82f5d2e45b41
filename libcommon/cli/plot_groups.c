/* plot_groups.c -- what vr-align --by made: the mean of each group of events, a panel a unit. */
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot_groups.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANELS = 12 };

/* -- what the pictures of groups share -- */

int vr_plot_groups_read(const vr_turn *t, const char *data, vr_plot_groups_of *g)
{
  char whole[512];
  size_t n = 0, group = 0;
  *g = (vr_plot_groups_of){0};
  VR_TRY(vr_plot_result(t, "/sequence", "by/windows", "vr-align --by WHAT", data, &g->path));
  VR_TRY(vr_plot_aligned(t, g->path, "lag", &g->lag));
  VR_TRY(vr_plot_aligned(t, g->path, "by/windows", &g->windows));
  snprintf(whole, sizeof whole, "/sequence%.300s/unit", g->path);
  VR_TRY(vr_get_strings(t, whole, &g->unit, &g->units));
  snprintf(whole, sizeof whole, "/sequence%.300s/by/group", g->path);
  VR_TRY(vr_get_strings(t, whole, &g->name, &group));
  g->groups = g->windows.rows;
  g->lags = g->lag.rows;
  n = g->units * g->lags;
  if (!n || group != g->groups || g->windows.cols != 1 || g->lag.cols != 1)
    return vr_fail(VR_EDATA, "/sequence%.200s/by: its datasets do not fit", g->path);
  for (size_t k = 0; k < group; k++)
    if (!(g->windows.a[k] >= 1))
      return vr_fail(VR_EDATA, "/sequence%.200s/by/windows row %zu: none", g->path, k);
  if (g->groups > VR_LEGEND_MAX)
    return vr_fail(VR_EDATA, "/sequence%.200s/by: %zu groups have no room, %d have", g->path,
      g->groups, (int)VR_LEGEND_MAX);
  return 0;
}

int vr_plot_groups_table(const vr_turn *t, const vr_plot_groups_of *g, const char *name, vr_mat *m)
{
  char whole[32];
  snprintf(whole, sizeof whole, "by/%s", name);
  VR_TRY(vr_plot_aligned(t, g->path, whole, m));
  if (m->rows == g->groups && (m->cols == g->units * g->lags || m->cols == g->units)) return 0;
  return vr_fail(VR_EDATA, "/sequence%.200s/by/%s: does not fit", g->path, name);
}

void vr_plot_groups_free(vr_plot_groups_of *g)
{
  vr_release(g->path);
  vr_release(g->unit);
  vr_release(g->name);
  vr_mat_free(&g->lag);
  vr_mat_free(&g->windows);
}

/* -- which units -- */

typedef struct {
  double score;
  size_t unit;
} ranked;

static int by_score(const void *a, const void *b)
{
  const ranked *p = a, *q = b;
  if (p->score != q->score) return p->score > q->score ? -1 : 1;
  return p->unit < q->unit ? -1 : 1;
}

// how much the means of the groups differ, in squares of their errors
static double apart(const vr_plot_groups_of *g, const vr_mat *mean, const vr_mat *sd, size_t unit)
{
  double between = 0, error = 0;
  for (size_t l = unit * g->lags; l < (unit + 1) * g->lags; l++) {
    double all = 0;
    for (size_t k = 0; k < g->groups; k++) all += vr_row(mean, k)[l] / (double)g->groups;
    for (size_t k = 0; k < g->groups; k++) {
      double d = vr_row(mean, k)[l] - all, s = vr_row(sd, k)[l];
      between += d * d;
      error += s * s / g->windows.a[k];
    }
  }
  return error > 0 ? between / error : 0;
}

// the units between commas after the colon of `data`
static int named(const vr_plot_groups_of *g, const char *list, size_t *unit, size_t *n)
{
  char **word;
  size_t words;
  VR_TRY(vr_str_split(list, ",", &word, &words));
  int code =
    words && words <= PANELS ? 0 : vr_fail(VR_EARG, "%zu units: name 1 to %d", words, (int)PANELS);
  for (*n = 0; *n < words && !code; ++*n) {
    unit[*n] = vr_names_find(g->unit, g->units, word[*n]);
    if (unit[*n] < g->units) continue;
    const char *near = vr_str_nearest(word[*n], (const char *const *)g->unit, g->units);
    code = vr_fail(VR_EARG, "/sequence%.200s: no unit '%.60s'%s%.60s%s", g->path, word[*n],
      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  }
  vr_release(word);
  return code;
}

// those named, or all, or of many those that differ most between the groups
static int choose(const vr_plot_groups_of *g, const char *list, const vr_mat *mean,
  const vr_mat *sd, size_t *unit, size_t *n)
{
  ranked *r;
  if (list) return named(g, list, unit, n);
  *n = g->units < PANELS ? g->units : PANELS;
  for (size_t j = 0; j < *n; j++) unit[j] = j;
  if (g->units <= PANELS) return 0;
  VR_TRY(vr_alloc(&r, g->units, sizeof *r));
  for (size_t j = 0; j < g->units; j++) r[j] = (ranked){apart(g, mean, sd, j), j};
  qsort(r, g->units, sizeof *r, by_score);
  for (size_t j = 0; j < *n; j++) unit[j] = r[j].unit;
  vr_release(r);
  return 0;
}

/* -- drawing -- */

// the entries, and how the panels stand; *wide: points of a panel
static int legend(const vr_plot_groups_of *g, size_t panels, double *wide, vr_figure *f)
{
  size_t across = panels < 4 ? panels : panels < 5 ? 2 : panels < 10 ? 3 : 4;
  char **text, (*entry)[80];
  uint32_t colour[VR_LEGEND_MAX];
  VR_TRY(vr_alloc(&text, g->groups, sizeof *text + sizeof *entry));
  entry = (char(*)[80])(text + g->groups);
  for (size_t k = 0; k < g->groups; k++) {
    snprintf(entry[k], sizeof *entry, "%.60s (%.0f)", g->name[k], g->windows.a[k]);
    text[k] = entry[k];
    colour[k] = vr_palette(k);
  }
  vr_plot_frame m = vr_plot_margins(f, 1, text, g->groups);
  m.top += 14;
  vr_plot_set_margins(f, &m);
  vr_figure_number(f, "LEGEND", (double)g->groups);
  vr_figure_texts(f, "NAME", text, g->groups);
  vr_figure_colours(f, "COLOUR", colour, g->groups);
  vr_figure_number(f, "PANELS", (double)panels);
  vr_figure_number(f, "ACROSS", (double)across);
  *wide = (f->w - m.left - m.right) / (double)across;
  vr_release(text);
  return 0;
}

static void titles(
  const vr_plot_groups_of *g, const size_t *unit, size_t n, double wide, vr_figure *f)
{
  int most = (int)fmin(70, wide / 5.5); // letters that have room
  char *text[PANELS], word[PANELS][80], note[120] = "";
  for (size_t p = 0; p < n; p++) {
    const char *name = g->unit[unit[p]];
    int number = *name && strspn(name, "0123456789") == strlen(name);
    snprintf(word[p], sizeof word[p], "%s%.*s", number ? "unit " : "", most, name);
    text[p] = word[p];
  }
  if (n < g->units) snprintf(note, sizeof note, "%zu of %zu units", n, g->units);
  vr_figure_texts(f, "PANEL", text, n);
  vr_figure_text(f, "NOTE", note);
  vr_figure_text(f, "YLABEL", "mean over windows (sd)");
}

// a block of lines for each panel and group: lag, mean, and one standard error on its sides
static void curves(const vr_plot_groups_of *g, const vr_mat *mean, const vr_mat *sd,
  const size_t *unit, size_t n, vr_figure *f)
{
  double low = INFINITY, high = -INFINITY;
  vr_figure_data(f, "TRACE");
  for (size_t p = 0; p < n; p++)
    for (size_t k = 0; k < g->groups; k++) {
      if (p || k) vr_str_add(&f->code, "\n\n");
      for (size_t l = 0; l < g->lags; l++) {
        double m = vr_row(mean, k)[unit[p] * g->lags + l];
        double se = vr_row(sd, k)[unit[p] * g->lags + l] / sqrt(g->windows.a[k]);
        vr_str_addf(&f->code, "%.6g\t%.6g\t%.6g\t%.6g\n", g->lag.a[l], m, m - se, m + se);
        low = fmin(low, m - se);
        high = fmax(high, m + se);
      }
    }
  vr_figure_data_end(f);
  double room = high > low ? 0.04 * (high - low) : 1;
  vr_str_addf(&f->code, "set yrange [%.6g:%.6g]\n", low - room, high + room);
  if (high > low)
    vr_str_addf(&f->code, "set ytics %g font SMALL\n", vr_plot_nice((high - low) / 3));
  double wide = g->lag.a[g->lags - 1] - g->lag.a[0];
  if (wide > 0) vr_str_addf(&f->code, "set xtics %g font SMALL\n", vr_plot_nice(wide / 2));
}

int vr_plot_groups(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  vr_plot_groups_of g = {0};
  vr_mat mean = {0}, sd = {0};
  vr_str path = {0};
  size_t unit[PANELS], panels = 0;
  double wide = 0;
  const char *colon = n ? strchr(data[0], ':') : NULL;
  (void)par;
  if (n)
    vr_str_addf(&path, "%.*s", (int)(colon ? colon - data[0] : (long)strlen(data[0])), data[0]);
  int code = vr_str_ok(&path);
  if (!code) code = vr_plot_groups_read(t, n ? vr_str_get(&path) : NULL, &g);
  if (!code) code = vr_plot_groups_table(t, &g, "mean", &mean);
  if (!code) code = vr_plot_groups_table(t, &g, "sd", &sd);
  if (!code) code = choose(&g, colon ? colon + 1 : NULL, &mean, &sd, unit, &panels);
  if (!code) code = legend(&g, panels, &wide, f);
  if (!code) titles(&g, unit, panels, wide, f);
  if (!code) code = vr_plot_lags(t, g.path, &g.lag, f);
  if (!code) curves(&g, &mean, &sd, unit, panels, f);
  vr_str_free(&path);
  vr_mat_free(&mean);
  vr_mat_free(&sd);
  vr_plot_groups_free(&g);
  return code;
}
