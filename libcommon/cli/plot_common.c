#include "cli/plot.h"
#include "ana/outline.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include <math.h>
#include <string.h>

vr_plot_frame vr_plot_margins(vr_figure *f, int axes, char *const *names, size_t n)
{
  vr_plot_frame m = {20, 20, 20, 20};
  size_t longest = 0;
  for (size_t k = 0; k < n; k++) {
    size_t len = strlen(names[k]);
    if (len > longest) longest = len;
  }
  if (f->title && *f->title) m.top = 46;
  if (axes) {
    m.left = 64;
    m.bottom = 52;
  }
  if (n) m.right = 52 + fmin(7.0 * (double)longest, f->w / 3);
  return m;
}

void vr_plot_set_margins(vr_figure *f, const vr_plot_frame *m)
{
  vr_str_addf(&f->code, "set lmargin at screen %.10g\nset rmargin at screen %.10g\n",
    m->left / f->w, 1 - m->right / f->w);
  vr_str_addf(&f->code, "set bmargin at screen %.10g\nset tmargin at screen %.10g\n",
    m->bottom / f->h, 1 - m->top / f->h);
  vr_figure_number(f, "LEFT", m->left / f->w);
  vr_figure_number(f, "RIGHT", 1 - m->right / f->w);
  vr_figure_number(f, "BOTTOM", m->bottom / f->h);
  vr_figure_number(f, "TOP", 1 - m->top / f->h);
}

double vr_plot_nice(double x)
{
  double ten = pow(10, floor(log10(x)));
  return x >= 5 * ten ? 5 * ten : x >= 2 * ten ? 2 * ten : ten;
}

int vr_plot_legend(vr_figure *f, const vr_labels *l, const uint32_t *colour)
{
  static char none[] = "none";
  char **name, *occurs, more[64];
  uint32_t *c;
  size_t n = 0, left_out = 0;
  VR_TRY(vr_alloc(&occurs, l->k + 1, 1));
  int code = vr_alloc(&name, l->k + 2, sizeof *name);
  if (!code)
    code = vr_alloc(&c, l->k + 2, sizeof *c);
  else
    name = NULL;
  if (code) {
    vr_release(name);
    vr_release(occurs);
    return code;
  }
  for (size_t i = 0; i < l->n; i++) occurs[l->of[i]] = 1;
  for (size_t k = 1; k <= l->k; k++) {
    if (!occurs[k]) continue;
    if (n == VR_LEGEND_MAX) {
      left_out++;
      continue;
    }
    name[n] = l->name[k - 1];
    c[n++] = colour[k - 1];
  }
  if (left_out) {
    snprintf(more, sizeof more, "and %zu more", left_out);
    name[n] = more;
    c[n++] = 0xffffff;
  } else if (occurs[0]) {
    name[n] = none;
    c[n++] = VR_NO_COLOUR;
  }
  vr_figure_number(f, "LEGEND", (double)n);
  vr_figure_texts(f, "NAME", name, n);
  vr_figure_colours(f, "COLOUR", c, n);
  vr_release(c);
  vr_release(name);
  vr_release(occurs);
  return 0;
}

// regions of the map in colours such that neighbours differ
static int region_colours(const vr_turn *t, size_t k, int *colour)
{
  vr_h5_info info;
  const vr_h5 *f = vr_turn_find(t, "/region/label");
  VR_TRY(vr_h5_get_info(f, "/region/label", &info));
  if (info.rank != 2 || info.dim[0] != info.dim[1])
    return vr_fail(VR_EDATA, "/region/label: not a square grid");
  vr_grid g = {.n = info.dim[0]};
  int32_t *label;
  VR_TRY(vr_alloc(&label, g.n * g.n, sizeof *label));
  int code = vr_h5_read(f, "/region/label", VR_I32, 0, g.n, label);
  if (!code) code = vr_outline_colours(label, &g, k, VR_PALETTE_SIZE, colour);
  vr_release(label);
  return code;
}

int vr_plot_label_colours(const vr_turn *t, const char *what, const vr_labels *l, uint32_t **colour)
{
  int *place, code;
  VR_TRY(vr_alloc(colour, l->k, sizeof **colour));
  code = vr_alloc(&place, l->k, sizeof *place);
  if (!code) {
    int regions = !strcmp(what, "region") || !strcmp(what, "/label/region");
    for (size_t k = 0; k < l->k; k++) place[k] = (int)k;
    if (regions && vr_turn_has(t, "/region/label")) code = region_colours(t, l->k, place);
    for (size_t k = 0; k < l->k; k++) (*colour)[k] = vr_palette((size_t)place[k]);
    vr_release(place);
  }
  if (code) {
    vr_release(*colour);
    *colour = NULL;
  }
  return code;
}

const char *vr_plot_default_labels(const vr_turn *t)
{
  if (vr_has_labels(t, "region")) return "region";
  return vr_has_labels(t, "task") ? "task" : NULL;
}

int vr_plot_is_labels(const vr_turn *t, const char *what)
{
  vr_h5_info info;
  const vr_h5 *f = what[0] == '/' ? vr_turn_find(t, what) : NULL;
  if (what[0] != '/') return 1;
  if (!f || vr_h5_get_info(f, what, &info)) return 0;
  return info.rank == 1 && (info.type == VR_I32 || info.type == VR_I64 || info.type == VR_U8);
}

static int find_column(char **names, size_t n, const char *path, const char *word, size_t *at)
{
  for (*at = 0; *at < n; ++*at)
    if (!strcmp(names[*at], word)) return 0;
  const char *near = vr_str_nearest(word, (const char *const *)names, n);
  return vr_fail(VR_EARG, "%s: no column '%.60s'%s%.60s%s", path, word,
    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int vr_plot_columns(const vr_turn *t, const char *data, char **path, size_t **column, size_t *n)
{
  const char *colon = strchr(data, ':');
  size_t len = colon ? (size_t)(colon - data) : strlen(data), all = 0, nwords = 0;
  char **names = NULL, **words = NULL;
  *column = NULL;
  VR_TRY(vr_alloc(path, len + 1, 1));
  memcpy(*path, data, len);
  const vr_h5 *f = vr_turn_find(t, *path);
  int code = f ? vr_column_names(f, *path, &names, &all)
               : vr_fail(VR_EDATA, "%.200s: not in this stream", *path);
  if (!code && colon) code = vr_str_split(colon + 1, ",", &words, &nwords);
  *n = colon ? nwords : all;
  if (!code) code = vr_alloc(column, *n, sizeof **column);
  for (size_t k = 0; k < *n && !code; k++) {
    (*column)[k] = k;
    if (colon) code = find_column(names, all, *path, words[k], *column + k);
  }
  vr_release(words);
  vr_release(names);
  if (code) {
    vr_release(*path);
    vr_release(*column);
    *path = NULL;
    *column = NULL;
  }
  return code;
}

int vr_plot_span(
  const vr_plot_par *par, const vr_trials *tr, size_t k, size_t *first, size_t *frames)
{
  if (k >= tr->n) return vr_fail(VR_EARG, "no trial %zu: there are %zu, from 0", k, tr->n);
  double n = (double)tr->frames[k], start = ceil(par->from * tr->rate - 1e-6);
  double end = par->to > par->from ? ceil(par->to * tr->rate - 1e-6) : n;
  start = fmax(0, fmin(start, n));
  end = fmax(start, fmin(end, n));
  *first = tr->first[k] + (size_t)start;
  *frames = (size_t)(end - start);
  return 0;
}
