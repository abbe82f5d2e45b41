#include "cli/clip.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "io/columns.h"
#include <string.h>

#define LASTS 1.0 /* s for which the name of an event is shown */

// the pose has the joints of the scene, in its order
static int check_joints(const vr_turn *t, const vr_layout *layout)
{
  const vr_axis *joint = vr_layout_axis(layout, "joint");
  char **name;
  size_t n;
  VR_TRY(vr_get_strings(t, "/names/joint", &name, &n));
  int code = 0;
  if (n != joint->n)
    code = vr_fail(VR_EDATA, "/names/joint: %zu joints; the rat has %zu", n, joint->n);
  for (size_t i = 0; i < n && !code; i++)
    if (strcmp(name[i], joint->name[i]))
      code =
        vr_fail(VR_EDATA, "/names/joint: '%.60s' is not the rat's '%s'", name[i], joint->name[i]);
  vr_release(name);
  return code;
}

// the rows of the trial, of a dataset that has a row for each frame
static int read_rows(const vr_clip *c, const char *path, vr_matf *m)
{
  size_t rows, cols;
  VR_TRY(vr_get_shape(c->turn, path, &rows, &cols));
  if (rows != c->rows)
    return vr_fail(VR_EDATA, "%s: %zu rows; there are %zu frames", path, rows, c->rows);
  return vr_get_rows(c->turn, path, c->first, c->frames, m);
}

static int read_pose(const vr_clip *c, const char *path, size_t cols, vr_matf *m)
{
  if (!vr_turn_has(c->turn, path))
    return vr_fail(VR_EDATA, "%s: is not there: films show what vr-record recorded", path);
  VR_TRY(read_rows(c, path, m));
  if (m->cols == cols) return 0;
  return vr_fail(VR_EDATA, "%s: %zu columns, not %zu", path, m->cols, cols);
}

// the columns of one trace, side by side
static int fill_strip(
  const vr_clip *c, const char *path, const size_t *column, size_t n, vr_matf *m)
{
  vr_matf all = {0};
  int code = read_rows(c, path, &all);
  if (!code) code = vr_matf_resize(m, c->frames, n);
  for (size_t i = 0; i < c->frames && !code; i++)
    for (size_t j = 0; j < n; j++) m->a[i * n + j] = all.a[i * all.cols + column[j]];
  vr_matf_free(&all);
  return code;
}

enum { NAME = 41 };

// names of the chosen columns, in a block of their own
static int keep_names(char **names, const size_t *column, size_t n, char ***kept)
{
  VR_TRY(vr_alloc(kept, n, sizeof(char *) + NAME));
  char *text = (char *)(*kept + n);
  for (size_t j = 0; j < n; j++, text += NAME)
    (*kept)[j] = memcpy(text, names[column[j]], strnlen(names[column[j]], NAME - 1));
  return 0;
}

static int read_strip(vr_clip *c, const char *trace, size_t s)
{
  size_t *column, n, all;
  char **names = NULL;
  VR_TRY(vr_plot_columns(c->turn, trace, &c->title[s], &column, &n));
  const char *path = c->title[s];
  int code = 0;
  if (n > VR_RENDER_MAXCOLUMNS)
    code = vr_fail(VR_EARG, "%s: %zu columns; at most %d make a strip: say which (%s:NAME,NAME)",
      path, n, VR_RENDER_MAXCOLUMNS, path);
  if (!code) code = fill_strip(c, path, column, n, &c->data[s]);
  if (!code) code = vr_column_names(vr_turn_find(c->turn, path), path, &names, &all);
  if (!code) code = keep_names(names, column, n, &c->columns[s]);
  if (!code)
    c->strip[s] = (vr_strip){.title = c->title[s],
      .rows = c->frames,
      .cols = n,
      .name = c->columns[s],
      .a = c->data[s].a,
      .rate = c->rate};
  vr_release(names);
  vr_release(column);
  return code;
}

static int read_strips(vr_clip *c, const char *const *trace, size_t n)
{
  VR_TRY(vr_alloc(&c->strip, n, sizeof *c->strip));
  VR_TRY(vr_alloc(&c->title, n, sizeof *c->title));
  VR_TRY(vr_alloc(&c->columns, n, sizeof *c->columns));
  VR_TRY(vr_alloc(&c->data, n, sizeof *c->data));
  c->nstrips = n;
  for (size_t s = 0; s < n; s++) VR_TRY(read_strip(c, trace[s], s));
  return 0;
}

static int read_events(vr_clip *c)
{
  vr_mat time = {0}, value = {0};
  int32_t *trial = NULL;
  size_t n = 0, m = 0;
  if (!vr_turn_has(c->turn, "/events/name")) return 0;
  int code = vr_get_strings(c->turn, "/events/name", &c->words, &n);
  if (!code) code = vr_get_ints(c->turn, "/events/trial", &trial, &m);
  if (!code) code = vr_get_mat(c->turn, "/events/time", &time);
  if (!code) code = vr_get_mat(c->turn, "/events/value", &value);
  if (!code && (m != n || time.rows * time.cols != n || value.rows * value.cols != n))
    code = vr_fail(VR_EDATA, "/events: its datasets have different lengths");
  if (!code) code = vr_alloc(&c->event, n, sizeof *c->event);
  for (size_t i = 0; i < n && !code; i++)
    if (trial[i] >= 0 && (size_t)trial[i] == c->trial)
      c->event[c->nevents++] = (vr_clip_event){time.a[i], value.a[i], c->words[i]};
  vr_release(trial);
  vr_mat_free(&time);
  vr_mat_free(&value);
  return code;
}

static int find_eye(vr_clip *c)
{
  vr_h5_info info;
  const vr_h5 *f = vr_turn_find(c->turn, "/eye");
  if (!f) return 0;
  VR_TRY(vr_h5_get_info(f, "/eye", &info));
  if (info.row != VR_LEN(c->eye) || info.rows != c->rows)
    return vr_fail(VR_EDATA, "/eye: not %d x %d x 3 numbers a frame", VR_RENDER_EYE, VR_RENDER_EYE);
  c->has_eye = 1;
  return 0;
}

int vr_clip_read(const vr_turn *t, size_t k, const vr_layout *layout, const char *const *trace,
  size_t n, vr_clip *c)
{
  vr_trials tr = {0};
  *c = (vr_clip){.turn = t, .trial = k};
  int code = vr_get_trials(t, &tr);
  if (!code && k >= tr.n)
    code = vr_fail(VR_EARG, "there is no trial %zu: there are %zu, from 0", k, tr.n);
  if (!code) c->first = tr.first[k], c->frames = tr.frames[k], c->rate = tr.rate;
  c->rows = vr_trials_rows(&tr);
  vr_trials_free(&tr);
  if (!code) code = check_joints(t, layout);
  if (!code) code = read_pose(c, "/pose/root", 7, &c->root);
  if (!code) code = read_pose(c, "/pose/angles", layout->njoint, &c->angles);
  if (!code) code = read_strips(c, trace, n);
  if (!code) code = read_events(c);
  if (!code) code = find_eye(c);
  if (code) vr_clip_free(c);
  return code;
}

int vr_clip_see(vr_clip *c, size_t i)
{
  return vr_h5_read(vr_turn_find(c->turn, "/eye"), "/eye", VR_U8, c->first + i, 1, c->eye);
}

void vr_clip_tell(const vr_clip *c, const char *task, size_t i, vr_str *text)
{
  double now = (double)i / c->rate;
  for (size_t e = 0; e < c->nevents; e++)
    if (c->event[e].time <= now + 1e-6 && now < c->event[e].time + LASTS) {
      vr_str_add_escaped(text, c->event[e].name, strlen(c->event[e].name), 40);
      vr_str_addc(text, '\n');
    }
  vr_str_add_escaped(text, task, strlen(task), 40);
  vr_str_addf(text, "  trial %zu  %.2f s", c->trial, now);
}

void vr_clip_free(vr_clip *c)
{
  for (size_t s = 0; s < c->nstrips; s++) {
    vr_release(c->title[s]);
    vr_release(c->columns[s]);
    vr_matf_free(&c->data[s]);
  }
  vr_release(c->strip);
  vr_release(c->title);
  vr_release(c->columns);
  vr_release(c->data);
  vr_release(c->event);
  vr_release(c->words);
  vr_matf_free(&c->root);
  vr_matf_free(&c->angles);
  *c = (vr_clip){0};
}
