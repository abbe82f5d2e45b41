/* plot_train.c -- the curves of a training, from the lines that vr-train writes. */
#include "ana/picture.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "cli/stop.h"
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The first line that names columns, then the numbers under them. */
static int take_line(table *t, char *line, ssize_t n)
{
  if (n && line[n - 1] == '\n') line[n - 1] = 0;
  if (t->cols) return take_row(t, line);
  return strncmp(line, "round\tframes\t", 13) ? 0 : vr_str_split(line, "\t", &t->name, &t->cols);
}

static int read_table(FILE *in, table *t)
{
  char *line = NULL;
  size_t room = 0;
  ssize_t n;
  int code = 0;
  while (!code && (n = getline(&line, &room, in)) >= 0) code = take_line(t, line, n);
  if (!code && ferror(in)) code = vr_fail(VR_EIO, "%s", strerror(errno));
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

/* -- while it is written -- */

/* A picture of what is there so far, into the file by rename: a viewer never sees half of it. */
static int show(const table *t, const vr_figure *like, const char *out)
{
  vr_figure f = {.format = like->format, .w = like->w, .h = like->h, .title = like->title};
  vr_str name = {0};
  FILE *to = NULL;
  vr_str_addf(&name, "%s.new", out);
  int code = vr_str_ok(&name);
  if (!code) code = draw(t, &f);
  if (!code && !(to = fopen(name.s, "w"))) code = vr_fail(VR_EIO, "%s", strerror(errno));
  if (!code) code = vr_figure_draw(&f, "train", to);
  if (to && fclose(to) && !code) code = vr_fail(VR_EIO, "%s", strerror(errno));
  if (!code && rename(name.s, out)) code = vr_fail(VR_EIO, "%s", strerror(errno));
  if (code && to) unlink(name.s);
  vr_str_free(&name);
  vr_figure_free(&f);
  return vr_wrap(code, "%s", out);
}

/* The next whole line; -1 where there is none within `wait` seconds, -2 where none will come. */
static ssize_t next_line(FILE *in, int file, double wait, char **line, size_t *room)
{
  struct pollfd p = {fileno(in), POLLIN, 0};
  if (poll(&p, 1, (int)(1000 * wait)) <= 0) return -1;
  ssize_t n = getline(line, room, in);
  if (n > 0 && (*line)[n - 1] == '\n') return n;
  if (!file) return n > 0 ? n : -2;
  // the end of a file is where its writer goes on
  clearerr(in);
  if (n > 0) fseek(in, -n, SEEK_CUR);
  poll(NULL, 0, (int)(1000 * wait));
  return -1;
}

/* Draws again every so many seconds, until the pipe ends, or a signal comes. */
static int follow(FILE *in, double every, table *t, const vr_figure *like, const char *out)
{
  struct stat st;
  char *line = NULL;
  size_t room = 0, shown = 0;
  ssize_t n = 0;
  int code = 0, file = !fstat(fileno(in), &st) && S_ISREG(st.st_mode);
  double last = -INFINITY;
  vr_stop_catch(1);
  setvbuf(in, NULL, _IONBF, 0); // poll knows of all that is to be read
  while (!code && !vr_stop_asked() && n != -2) {
    if (t->rows > shown && vr_clock() - last >= every) {
      code = show(t, like, out);
      shown = t->rows;
      last = vr_clock();
      continue;
    }
    n = next_line(in, file, fmin(every, 0.5), &line, &room);
    if (n > 0) code = take_line(t, line, n);
  }
  free(line);
  return code || !file ? code : read_table(in, t); // what came since
}

int vr_plot_train(const char *path, double every, const char *out, vr_figure *f)
{
  table t = {0};
  FILE *in = strcmp(path, "-") ? fopen(path, "r") : stdin;
  int code = in ? 0 : vr_fail(VR_EIO, "%s", strerror(errno));
  if (!code) code = every > 0 ? follow(in, every, &t, f, out) : read_table(in, &t);
  if (!code && (!t.cols || !t.rows))
    code = vr_fail(VR_EDATA, "holds no lines of metrics of vr-train");
  if (in && in != stdin) fclose(in);
  if (!code) code = draw(&t, f);
  free_table(&t);
  return vr_wrap(code, "%s", strcmp(path, "-") ? path : "standard input");
}
