/* plot_cka.c -- what vr-cka found: bars of layers by features or tasks, matrices of layers, matrices of
 * clusters. */
#include "cli/plot_cka.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 256 };

/* -- the table --------------------------------------------------------------------------------- */

typedef struct {
  size_t n;
  char **kind, **labels, **a, **b, **task_a, **task_b;
  vr_mat value, mark; // mark: the 95 % of its null
  int shifted;        // of shifts, not of permutations
} table;

static void table_free(table *c)
{
  vr_release(c->kind);
  vr_release(c->labels);
  vr_release(c->a);
  vr_release(c->b);
  vr_release(c->task_a);
  vr_release(c->task_b);
  vr_mat_free(&c->value);
  vr_mat_free(&c->mark);
}

static int read_words(const vr_turn *t, const char *path, char ***list, size_t n)
{
  size_t found;
  VR_TRY(vr_get_strings(t, path, list, &found));
  return found == n ? 0 : vr_fail(VR_EDATA, "%s: %zu rows, the values %zu", path, found, n);
}

// the column `data` ("/cka/value", "/cka/debiased") with what belongs to it
static int table_read(const vr_turn *t, const char *data, table *c)
{
  const char *mark, *debiased = strcmp(data, "/cka/debiased") ? "" : "debiased_";
  char path[PATH];
  if (!vr_turn_has(t, data))
    return vr_fail(VR_EDATA, "%.200s: not in this stream: run vr-cka first", data);
  VR_TRY(vr_get_mat(t, data, &c->value));
  c->n = c->value.rows;
  VR_TRY(read_words(t, "/cka/kind", &c->kind, c->n));
  VR_TRY(read_words(t, "/cka/labels", &c->labels, c->n));
  VR_TRY(read_words(t, "/cka/a", &c->a, c->n));
  VR_TRY(read_words(t, "/cka/b", &c->b, c->n));
  VR_TRY(read_words(t, "/cka/task_a", &c->task_a, c->n));
  VR_TRY(read_words(t, "/cka/task_b", &c->task_b, c->n));
  snprintf(path, sizeof path, "/cka/%sshift_95", debiased);
  c->shifted = vr_turn_has(t, path);
  mark = c->shifted ? "shift_95" : "null_95";
  snprintf(path, sizeof path, "/cka/%s%s", debiased, mark);
  VR_TRY(vr_get_mat(t, path, &c->mark));
  return c->mark.rows == c->n ? 0 : vr_fail(VR_EDATA, "%s: not of the rows of %s", path, data);
}

// place of a word in a growing list of pointers
static size_t place_of(const char **list, size_t *n, const char *word)
{
  size_t k = 0;
  while (k < *n && strcmp(list[k], word)) k++;
  if (k == *n) list[(*n)++] = word;
  return k;
}

/* -- bars -------------------------------------------------------------------------------------- */

// bars of one kind of rows: a group for each labelling, in it a bar for each series
typedef struct {
  const char **group;
  size_t groups, *row, rows; // rows drawn
  size_t *series_of;         // of each
  size_t *first, n;          // a row of each series
  char **series;             // their names
  vr_str text;
} bars;

static void bars_free(bars *b)
{
  vr_release(b->group);
  vr_release(b->row);
  vr_release(b->series);
  vr_str_free(&b->text);
}

// a series: a layer, and where there are tasks two of them
static int is_series(const table *c, size_t i, size_t j)
{
  return !strcmp(c->a[i], c->a[j]) && !strcmp(c->task_a[i], c->task_a[j]) &&
         !strcmp(c->task_b[i], c->task_b[j]);
}

static int name_series(const table *c, int tasks, bars *b)
{
  size_t words;
  for (size_t k = 0; k < b->n; k++) {
    size_t i = b->first[k];
    vr_str_addf(&b->text, "%s%.60s", k ? "\n" : "", c->a[i]);
    if (tasks) vr_str_addf(&b->text, ", %.40s and %.40s", c->task_a[i], c->task_b[i]);
  }
  VR_TRY(vr_str_ok(&b->text));
  return vr_str_split(b->text.s, "\n", &b->series, &words);
}

static int plan_bars(const table *c, const char *kind, bars *b)
{
  int tasks = !strcmp(kind, "tasks");
  VR_TRY(vr_alloc(&b->group, c->n, sizeof *b->group));
  VR_TRY(vr_alloc(&b->row, 3 * c->n, sizeof *b->row));
  b->series_of = b->row + c->n;
  b->first = b->series_of + c->n;
  for (size_t i = 0; i < c->n; i++) {
    if (strcmp(c->kind[i], kind)) continue;
    place_of(b->group, &b->groups, c->labels[i]);
    size_t k = 0;
    while (k < b->n && !is_series(c, i, b->first[k])) k++;
    if (k == b->n) b->first[b->n++] = i;
    b->series_of[b->rows] = k;
    b->row[b->rows++] = i;
  }
  if (!b->rows)
    return vr_fail(VR_EDATA, "no rows of the kind %s in /cka: %s", kind,
      tasks ? "it takes several tasks, or vr-cka --across"
            : "only labels of vr-kmeans have features");
  return name_series(c, tasks, b);
}

static void write_bars(const table *c, const bars *b, vr_figure *f, double *low, double *high)
{
  double wide = 0.84 / (double)b->n;
  *low = 0;
  *high = 1;
  vr_figure_data(f, "BAR");
  for (size_t s = 0; s < b->n; s++) {
    for (size_t i = 0; i < b->rows; i++) {
      if (b->series_of[i] != s) continue;
      size_t row = b->row[i], group = 0, n = b->groups;
      group = place_of(b->group, &n, c->labels[row]);
      double x = (double)group - 0.42 + ((double)s + 0.5) * wide;
      vr_str_addf(
        &f->code, "%.7g\t%.7g\t%.7g\t%.7g\n", x, c->value.a[row], wide * 0.92, c->mark.a[row]);
      *low = fmin(*low, fmin(c->value.a[row], c->mark.a[row]));
    }
    vr_str_add(&f->code, "\n\n");
  }
  vr_figure_data_end(f);
}

static int draw_bars(const vr_turn *t, const char *data, const char *kind, vr_figure *f)
{
  table c = {0};
  bars b = {0};
  uint32_t *colour = NULL;
  double low, high;
  int code = table_read(t, data, &c);
  if (!code) code = plan_bars(&c, kind, &b);
  if (!code) code = vr_alloc(&colour, b.n, sizeof *colour);
  if (!code) {
    for (size_t s = 0; s < b.n; s++) colour[s] = vr_palette(s);
    // the legend has room for the series and the mark
    const char *mark = c.shifted ? "95 % of shifts" : "95 % of permutations";
    char *widest = NULL;
    for (size_t s = 0; s < b.n; s++)
      if (!widest || strlen(b.series[s]) > strlen(widest)) widest = b.series[s];
    if (strlen(mark) > strlen(widest)) memcpy(&widest, &mark, sizeof widest);
    vr_plot_frame margin = vr_plot_margins(f, 1, &widest, 1);
    vr_plot_set_margins(f, &margin);
    write_bars(&c, &b, f, &low, &high);
    vr_figure_number(f, "LEGEND", (double)b.n);
    vr_figure_texts(f, "NAME", b.series, b.n);
    vr_figure_colours(f, "COLOUR", colour, b.n);
    vr_figure_text(f, "YLABEL", strcmp(data, "/cka/debiased") ? "CKA" : "CKA, debiased");
    vr_figure_text(f, "MARK", mark);
    vr_str_addf(&f->code, "set xrange [-0.6:%.10g]\nset yrange [%.10g:%.10g]\nset xtics (",
      (double)b.groups - 0.4, low * 1.05, high);
    for (size_t g = 0; g < b.groups; g++) {
      if (g) vr_str_add(&f->code, ", ");
      vr_figure_quote(f, b.group[g]);
      vr_str_addf(&f->code, " %zu", g);
    }
    vr_str_add(&f->code, ") noenhanced\n");
  }
  vr_release(colour);
  bars_free(&b);
  table_free(&c);
  return code;
}

int vr_plot_cka(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  (void)par;
  return draw_bars(t, n ? data[0] : "/cka/value", "features", f);
}

int vr_plot_cka_tasks(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  (void)par;
  return draw_bars(t, n ? data[0] : "/cka/value", "tasks", f);
}

/* -- matrices ---------------------------------------------------------------------------------- */

// layers by layers, a panel for each labelling
static int draw_layers(const vr_turn *t, const char *data, vr_figure *f)
{
  table c = {0};
  vr_plot_panels *p = NULL;
  const char **layer = NULL, **labels = NULL;
  size_t layers = 0, n = 0;
  int code = table_read(t, data, &c);
  if (!code) code = vr_alloc(&p, 1, sizeof *p);
  if (!code) code = vr_alloc(&layer, 2 * c.n, sizeof *layer);
  if (!code) code = vr_alloc(&labels, c.n, sizeof *labels);
  for (size_t i = 0; i < c.n && !code; i++) {
    if (strcmp(c.kind[i], "layers")) continue;
    place_of(layer, &layers, c.a[i]);
    place_of(layer, &layers, c.b[i]);
    place_of(labels, &n, c.labels[i]);
  }
  if (!code && !n) code = vr_fail(VR_EDATA, "no two layers are compared in /cka");
  if (!code && n > VR_PLOT_PANELS) n = VR_PLOT_PANELS;
  for (size_t m = 0; m < n && !code; m++) {
    code = vr_mat_resize(&p->panel[m], layers, layers);
    for (size_t e = 0; e < layers * layers && !code; e++)
      p->panel[m].a[e] = e % (layers + 1) ? NAN : 1;
    p->title[m] = labels[m];
    if (!code) p->n = m + 1;
  }
  for (size_t i = 0; i < c.n && !code; i++) {
    if (strcmp(c.kind[i], "layers")) continue;
    size_t x = place_of(layer, &layers, c.a[i]), y = place_of(layer, &layers, c.b[i]);
    size_t m = place_of(labels, &n, c.labels[i]);
    if (m >= p->n) continue;
    vr_row(&p->panel[m], x)[y] = vr_row(&p->panel[m], y)[x] = c.value.a[i];
  }
  if (!code) {
    p->high = 1;
    p->names = layer;
    code = vr_plot_draw_panels(p, f);
  }
  if (p) vr_plot_panels_free(p);
  vr_release(p);
  vr_release(layer);
  vr_release(labels);
  table_free(&c);
  return code;
}

int vr_plot_cka_layers(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  (void)par;
  return draw_layers(t, n ? data[0] : "/cka/value", f);
}

// the matrix of path in the order that the labelling tells
static int read_panel(const vr_turn *t, const char *path, const int32_t *order, size_t n, vr_mat *m)
{
  vr_mat a = {0};
  int code = vr_get_mat(t, path, &a);
  if (!code && (a.rows != n || a.cols != n))
    code = vr_fail(VR_EDATA, "%s: not of %zu clusters", path, n);
  if (!code) code = vr_mat_resize(m, n, n);
  for (size_t i = 0; i < n && !code; i++)
    for (size_t j = 0; j < n; j++) vr_row(m, i)[j] = vr_row(&a, (size_t)order[i])[(size_t)order[j]];
  vr_mat_free(&a);
  return code;
}

static int read_panels(
  const vr_turn *t, const char *group, char **name, size_t names, vr_plot_panels *p)
{
  char path[PATH];
  int32_t *order = NULL;
  size_t n;
  snprintf(path, sizeof path, "%.180s/order", group);
  VR_TRY(vr_get_ints(t, path, &order, &n));
  int code = n ? 0 : vr_fail(VR_EDATA, "%s: no clusters", path);
  for (size_t i = 0; i < n && !code; i++)
    if (order[i] < 0 || (size_t)order[i] >= n) code = vr_fail(VR_EDATA, "%s: not an order", path);
  for (size_t i = 0; i < names && !code && p->n < VR_PLOT_PANELS; i++) {
    vr_h5_info info;
    snprintf(path, sizeof path, "%.180s/%.60s", group, name[i]);
    code = vr_h5_get_info(vr_turn_find(t, path), path, &info);
    if (code || info.rank != 2) continue;
    code = read_panel(t, path, order, n, &p->panel[p->n]);
    p->title[p->n++] = name[i];
  }
  vr_release(order);
  return code;
}

static int draw_similarities(const vr_turn *t, const vr_plot_par *par, vr_figure *f)
{
  static const char head[] = "/cka/rsm";
  char group[PATH], **labels = NULL, **name = NULL;
  size_t n = 0, names = 0;
  vr_plot_panels *p = NULL;
  const vr_h5 *h5 = vr_turn_find(t, head);
  int code = h5 ? vr_h5_list(h5, head, &labels, &n)
                : vr_fail(VR_EDATA, "%s: not in this stream: run vr-cka first", head);
  if (!code && !n) code = vr_fail(VR_EDATA, "%s is empty", head);
  if (!code) {
    snprintf(group, sizeof group, "%s/%.100s", head, par->colour ? par->colour : labels[0]);
    if (!vr_h5_has(h5, group)) {
      const char *near = vr_str_nearest(par->colour, (const char *const *)labels, n);
      code =
        vr_fail(VR_EARG, "no similarities of the clusters '%.60s' here; there are those of %.60s",
          par->colour, near ? near : labels[0]);
    }
  }
  if (!code) code = vr_h5_list(h5, group, &name, &names);
  // the features behind the layers
  for (size_t i = 0; i + 1 < names && !code; i++)
    if (!strcmp(name[i], "features")) {
      char *features = name[i];
      name[i] = name[i + 1];
      name[i + 1] = features;
    }
  if (!code) code = vr_alloc(&p, 1, sizeof *p);
  if (!code) code = read_panels(t, group, name, names, p);
  if (!code) code = vr_plot_draw_panels(p, f);
  if (p) vr_plot_panels_free(p);
  vr_release(p);
  vr_release(name);
  vr_release(labels);
  return code;
}

int vr_plot_rsm(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  (void)data;
  (void)n;
  return draw_similarities(t, par, f);
}
