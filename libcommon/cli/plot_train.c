/* plot_train.c -- the curves of a training, from the lines that vr-train writes. */
#include "ana/picture.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANELS = 4, TRACES = 64 };

/* A table of numbers under names, in the order of its lines. */
typedef struct {
  char **name; /* cols, one block */
  size_t cols, rows, room;
  double *x;
} table;

typedef struct {
  const char *title, *ends, *words; /* names that end so, or these */
  int logarithmic;
} panel;

static const panel panels[PANELS] = {
  {"return of an episode", "_return", NULL, 0},
  {"successes", "_success", NULL, 0},
  {"KL divergence (nats)", NULL, " kl_mean kl_spread label_loss ", 1},
  {"frames a second", "frames_s", NULL, 1},
};

static void free_table(table *t)
{
  vr_release(t->name);
  vr_release(t->x);
}

/* A line as numbers; 0 where it is something else (a note, a heading again). */
static int take_row(table *t, const char *line)
{
  const char *at = line;
  char *end;
  if (t->rows == t->room) {
    size_t more = 2 * t->room + 64;
    VR_TRY(vr_grow(&t->x, t->room * t->cols, more * t->cols, sizeof *t->x));
    t->room = more;
  }
  for (size_t k = 0; k < t->cols; k++, at = end + (*end == '\t')) {
    t->x[t->rows * t->cols + k] = strtod(at, &end);
    if (end == at || (*end != '\t' && *end)) return 0;
  }
  t->rows += *at == 0;
  return 0;
}

static int read_table(FILE *in, table *t)
{
  char *line = NULL;
  size_t room = 0;
  ssize_t n;
  int code = 0;
  while (!code && (n = getline(&line, &room, in)) >= 0) {
    if (n && line[n - 1] == '\n') line[n - 1] = 0;
    if (t->cols)
      code = take_row(t, line);
    else if (!strncmp(line, "round\tframes\t", 13))
      code = vr_str_split(line, "\t", &t->name, &t->cols);
  }
  if (!code && ferror(in)) code = vr_fail(VR_EIO, "%s", strerror(errno));
  if (!code && (!t->cols || !t->rows))
    code = vr_fail(VR_EDATA, "holds no lines of metrics of vr-train");
  free(line);
  return code;
}

/* Column k belongs into panel p, and has something to show. */
static int belongs(const table *t, size_t k, const panel *p)
{
  const char *name = t->name[k];
  size_t n = strlen(name), e = p->ends ? strlen(p->ends) : 0;
  char word[64];
  int seen = 0;
  snprintf(word, sizeof word, " %s ", name);
  if (p->ends ? n < e || strcmp(name + n - e, p->ends) : !strstr(p->words, word)) return 0;
  for (size_t i = 0; i < t->rows; i++) seen |= t->x[i * t->cols + k] > 0;
  return seen || !p->logarithmic;
}

static void draw_column(vr_figure *f, const table *t, size_t k, int logarithmic)
{
  for (size_t i = 0; i < t->rows; i++) {
    double y = t->x[i * t->cols + k];
    if (!isfinite(y) || (logarithmic && y <= 0)) continue;
    vr_str_addf(&f->code, "%.9g\t%.6g\n", t->x[i * t->cols + 1], y);
  }
  vr_str_add(&f->code, "NaN\tNaN\n\n\n");
}

static int draw(const table *t, vr_figure *f)
{
  char *name[TRACES], *title[PANELS];
  uint32_t colour[TRACES];
  double first[PANELS + 1];
  size_t n = 0;
  vr_figure_data(f, "TRACE");
  for (size_t p = 0; p < PANELS; p++) {
    first[p] = (double)n;
    title[p] = (char *)panels[p].title;
    for (size_t k = 0; k < t->cols && n < TRACES; k++) {
      if (!belongs(t, k, panels + p)) continue;
      draw_column(f, t, k, panels[p].logarithmic);
      name[n] = t->name[k];
      colour[n] = vr_palette(n - (size_t)first[p]);
      n++;
    }
  }
  first[PANELS] = (double)n;
  vr_figure_data_end(f);
  vr_figure_texts(f, "NAME", name, n);
  vr_figure_colours(f, "COLOUR", colour, n);
  vr_figure_texts(f, "PANEL", title, PANELS);
  vr_str_addf(&f->code, "array FIRST[%d]\narray LOGARITHMIC[%d]\n", PANELS + 1, PANELS);
  for (size_t p = 0; p <= PANELS; p++) vr_str_addf(&f->code, "FIRST[%zu] = %g\n", p + 1, first[p]);
  for (size_t p = 0; p < PANELS; p++)
    vr_str_addf(&f->code, "LOGARITHMIC[%zu] = %d\n", p + 1, panels[p].logarithmic);
  return vr_str_ok(&f->code);
}

int vr_plot_train(const char *path, vr_figure *f)
{
  table t = {0};
  FILE *in = strcmp(path, "-") ? fopen(path, "r") : stdin;
  int code = in ? read_table(in, &t) : vr_fail(VR_EIO, "%s", strerror(errno));
  if (in && in != stdin) fclose(in);
  if (!code) code = draw(&t, f);
  free_table(&t);
  return vr_wrap(code, "%s", strcmp(path, "-") ? path : "standard input");
}
