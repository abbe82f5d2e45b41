/* vr-load.c -- a table of numbers in text becomes a stream. */
#include "base/mem.h"
#include "cli/tool.h"
#include "io/load.h"
#include "io/texttable.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *names, *units, *trial_name = "trial", *time_name = "time";
static int type, allow_nan;

static const vr_opt opts[] = {
  {'n', "names", VR_OPT_STR, &names, 0, 0, "LIST", "names of the columns, separated by commas"},
  {'u', "units", VR_OPT_STR, &units, 0, 0, "UNIT", "unit of the numbers"},
  {0, "type", VR_OPT_WORD, &type, 0, 0, "auto|float64|float32|int32|uint8",
    "how numbers are stored"},
  {'T', "trial", VR_OPT_STR, &trial_name, 0, 0, "COLUMN",
    "column that numbers the trials; a change begins a new one"},
  {'t', "time", VR_OPT_STR, &time_name, 0, 0, "COLUMN",
    "column of times in s, which give the rate"},
  {0, "nan", VR_OPT_FLAG, &allow_nan, 0, 0, NULL, "let missing numbers pass"},
};

static const vr_tool tool = {
  .name = "vr-load",
  .what = "table of numbers in text to a stream",
  .take = {"/series"},
  .opts = opts,
  .nopts = VR_LEN(opts),
  .flags = VR_TOOL_SOURCE | VR_TOOL_SERIAL,
};

/* What is known of the rows read so far. */
typedef struct {
  vr_load_plan plan;
  vr_rowstore rows;
  vr_str header; // names of the columns, each ended by NUL
  size_t trial_col, time_col;
  size_t *frames, ntrials, cap; // rows of each trial
  char **recording;             // of each trial: the file's name
  double trial, time, step;     // of the row before
  double steps, span;           // steps of time and what they sum to
} loading;

static size_t find_column(char *const *list, size_t n, const char *name)
{
  for (size_t c = 0; list && c < n; c++)
    if (!strcmp(list[c], name)) return c;
  return n;
}

// the first file says which columns there are
static int begin(loading *l, const vr_cli *cli, char *const *list, size_t n)
{
  static const vr_type types[] = {VR_OTHER, VR_F64, VR_F32, VR_I32, VR_U8};
  char *taken;
  for (size_t c = 0; list && c < n; c++) vr_str_addn(&l->header, list[c], strlen(list[c]) + 1);
  VR_TRY(vr_str_ok(&l->header));
  l->rows.cols = n;
  l->trial_col = find_column(list, n, trial_name);
  l->time_col = find_column(list, n, time_name);
  VR_TRY(vr_alloc(&taken, n + 1, 1));
  taken[l->trial_col] = taken[l->time_col] = 1;
  int code = vr_load_plan_make(cli->take, cli->ntake, list, n, taken, types[type], &l->plan);
  vr_release(taken);
  return code;
}

static int same_columns(const loading *l, char *const *list, size_t n)
{
  if (n != l->rows.cols)
    return vr_fail(VR_EDATA, "%zu columns, where the file before has %zu", n, l->rows.cols);
  const char *s = vr_str_get(&l->header);
  for (size_t c = 0; c < n && (list || l->header.n); c++, s += strlen(s) + 1)
    if (!list || !l->header.n || strcmp(s, list[c]))
      return vr_fail(VR_EDATA, "column %zu is called \"%.60s\", in the file before \"%.60s\"",
        c + 1, list ? list[c] : "", l->header.n ? s : "");
  return 0;
}

static int new_trial(loading *l, const char *recording)
{
  if (l->ntrials == l->cap) {
    size_t cap = l->cap ? 2 * l->cap : 16;
    VR_TRY(vr_grow(&l->frames, l->ntrials, cap, sizeof *l->frames));
    VR_TRY(vr_grow(&l->recording, l->ntrials, cap, sizeof *l->recording));
    l->cap = cap;
  }
  VR_TRY(vr_alloc(&l->recording[l->ntrials], strlen(recording) + 1, 1));
  memcpy(l->recording[l->ntrials++], recording, strlen(recording));
  return 0;
}

// times must go on in even steps; a gap is a new trial, which the user has to tell
static int step_time(loading *l, double time)
{
  size_t frame = l->frames[l->ntrials - 1];
  double step = time - l->time;
  if (frame > 0) {
    if (l->step == 0) l->step = step;
    if (!(step > 0) || fabs(step - l->step) > 0.5 * l->step)
      return vr_fail(VR_EDATA,
        "column %zu: time steps by %g s, before by %g s (after a gap, number "
        "a new trial)",
        l->time_col + 1, step, l->step);
    l->steps++;
    l->span += step;
  }
  l->time = time;
  return 0;
}

static int add_row(loading *l, const double *row, int first, const char *recording)
{
  double trial = l->trial_col < l->rows.cols ? row[l->trial_col] : 0;
  if (first || trial != l->trial) VR_TRY(new_trial(l, recording));
  l->trial = trial;
  VR_TRY(vr_load_check(&l->plan, row));
  if (l->time_col < l->rows.cols) VR_TRY(step_time(l, row[l->time_col]));
  l->frames[l->ntrials - 1]++;
  return 0;
}

static int load_rows(loading *l, vr_texttable *table, const char *recording)
{
  size_t before = l->rows.rows;
  for (int more = 1; more;) {
    double *row;
    VR_TRY(vr_rowstore_add(&l->rows, &row));
    VR_TRY(vr_texttable_next(table, allow_nan, row, &more));
    int code = more ? add_row(l, row, l->rows.rows == before + 1, recording) : 0;
    if (code) return vr_wrap(code, "line %zu", vr_texttable_line(table));
  }
  vr_rowstore_undo(&l->rows); // the place for a row that did not come
  if (l->rows.rows == before) return vr_fail(VR_EDATA, "no rows of numbers");
  return 0;
}

static int load_file(loading *l, const vr_cli *cli, int fd, const char *recording)
{
  vr_texttable *table;
  char **given = NULL;
  size_t ngiven = 0;
  VR_TRY(vr_texttable_open(fd, &table));
  size_t n = vr_texttable_columns(table);
  int code = names ? vr_str_split(names, ",", &given, &ngiven) : 0;
  if (!code && names && ngiven != n)
    code = vr_fail(VR_EARG, "--names: %zu names for %zu columns", ngiven, n);
  char *const *list = given ? given : vr_texttable_names(table);
  if (!code) code = l->rows.cols ? same_columns(l, list, n) : begin(l, cli, list, n);
  if (!code) code = load_rows(l, table, recording);
  vr_release(given);
  vr_texttable_free(table);
  return code;
}

static void load_operand(loading *l, const vr_cli *cli, const char *name)
{
  int standard = !strcmp(name, "-"), fd = standard ? 0 : open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) vr_must(vr_fail(VR_EIO, "%s: %s", name, strerror(errno)));
  const char *slash = strrchr(name, '/');
  int code = load_file(l, cli, fd, standard ? "" : slash ? slash + 1 : name);
  vr_must(vr_wrap(code, "%s", standard ? "standard input" : name));
  if (!standard) close(fd);
}

// what --rate says, or the mean step of the times to 10 digits
static double find_rate(const loading *l, const vr_cli *cli)
{
  char text[32];
  double rate = l->span > 0 ? l->steps / l->span : 0;
  snprintf(text, sizeof text, "%.10g", rate);
  rate = strtod(text, NULL);
  if (cli->rate > 0 && rate > 0 && fabs(cli->rate / rate - 1) > 0.01)
    vr_note("the times step at %g Hz; --rate %g is what counts", rate, cli->rate);
  if (cli->rate > 0) return cli->rate;
  if (rate <= 0) vr_misuse("say --rate HZ: the text has no column of times to tell it");
  return rate;
}

int main(int argc, char **argv)
{
  loading l = {0};
  vr_trials tr = {0};
  vr_cli cli = vr_cli_begin(argc, argv, &tool);
  vr_turn *t = vr_cli_next(&cli);
  // read everything, so that the number of rows is known
  if (!cli.noperands) load_operand(&l, &cli, "-");
  for (size_t i = 0; i < cli.noperands; i++) load_operand(&l, &cli, cli.operand[i]);
  // then write the frames, the trials and the columns
  vr_must(vr_trials_resize(&tr, l.ntrials));
  tr.rate = find_rate(&l, &cli);
  for (size_t k = 0, at = 0; k < l.ntrials; at += l.frames[k++]) {
    tr.first[k] = at;
    tr.frames[k] = l.frames[k];
  }
  vr_must(vr_put_trials(t, &tr, &(vr_trial_columns){.recording = l.recording}));
  vr_must(vr_load_write(&l.plan, &l.rows, units, t));
  vr_cli_commit(&cli, t);
  for (size_t k = 0; k < l.ntrials; k++) vr_release(l.recording[k]);
  vr_release(l.recording);
  vr_release(l.frames);
  vr_str_free(&l.header);
  vr_load_plan_free(&l.plan);
  vr_rowstore_free(&l.rows);
  vr_trials_free(&tr);
  return vr_cli_end(&cli);
}
