/* select_write.c -- the parts of a selection that move numbers. */
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/select_plan.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 22 }; // bytes

int vr_picks_of(
  const vr_selection *s, const char *path, int rank, const vr_pick *picks[VR_H5_MAXRANK])
{
  int any = 0;
  for (int k = 0; k < VR_H5_MAXRANK; k++) {
    char axis[256];
    picks[k] = NULL;
    if (k >= rank || vr_h5_get_axis(s->in, path, k, axis, sizeof axis)) continue;
    for (size_t i = 0; i < s->npicks; i++)
      if (!strcmp(s->pick[i].axis, axis)) picks[k] = &s->pick[i];
    any |= picks[k] != NULL;
  }
  return any;
}

// places, in the order of the file, of the elements that stay of axes first .. rank-1
static int places(const vr_h5_info *info, int first, const vr_pick *const picks[], size_t dim[],
  size_t **list, size_t *n)
{
  size_t total = 1;
  for (int k = first; k < info->rank; k++) {
    dim[k] = picks[k] ? picks[k]->n : info->dim[k];
    total *= dim[k];
  }
  VR_TRY(vr_alloc(list, total, sizeof **list));
  for (size_t i = 0; i < total; i++) {
    size_t rest = i, at = 0, stride = 1;
    for (int k = info->rank - 1; k >= first; k--) {
      size_t entry = rest % dim[k];
      at += (picks[k] ? picks[k]->index[entry] : entry) * stride;
      rest /= dim[k];
      stride *= info->dim[k];
    }
    (*list)[i] = at;
  }
  *n = total;
  return 0;
}

// a dataset like that at path, of another size
static int begin_like(
  const vr_selection *s, const char *path, const vr_h5_info *info, const size_t *dim)
{
  vr_str axes = {0}, units = {0};
  int code = vr_axes_text(s->in, path, " ", &axes);
  if (!code) code = vr_units_text(s->in, path, &units);
  if (!code) code = vr_str_ok(&axes);
  if (!code)
    code =
      vr_h5_begin(s->out, path, info->type, info->rank, dim, vr_str_get(&axes), vr_str_get(&units));
  vr_str_free(&axes);
  vr_str_free(&units);
  return code ? code : vr_h5_copy_attrs(s->in, s->out, path);
}

static int only_this(void *ctx, const char *path)
{
  return !strcmp(ctx, path);
}

static int select_strings(const vr_selection *s, const char *path, const size_t *index, size_t n)
{
  char **list, **kept, axis[256];
  size_t all;
  VR_TRY(vr_h5_get_axis(s->in, path, 0, axis, sizeof axis));
  VR_TRY(vr_h5_read_strings(s->in, path, &list, &all));
  int code = vr_alloc(&kept, n, sizeof *kept);
  for (size_t i = 0; i < n && !code; i++) kept[i] = list[index[i]];
  if (!code) code = vr_h5_put_strings(s->out, path, kept, n, axis);
  vr_release(kept);
  vr_release(list);
  return code;
}

int vr_select_names(const vr_selection *s, const char *path)
{
  for (size_t i = 0; i < s->npicks; i++)
    if (!strcmp(s->pick[i].axis, vr_path_last(path)))
      return select_strings(s, path, s->pick[i].index, s->pick[i].n);
  return vr_h5_copy(s->in, s->out, only_this, (void *)path, VR_H5_AS_STORED);
}

int vr_select_axes(const vr_selection *s)
{
  enum { STEP = 65536 };
  double *time, rate = s->rate / (double)s->every;
  int32_t *trial;
  VR_TRY(vr_h5_begin(s->out, "/time", VR_F64, 1, &s->frames, "time", "s"));
  VR_TRY(vr_h5_set_attr_num(s->out, "/time", "rate", rate));
  VR_TRY(vr_h5_begin(s->out, "/trial", VR_I32, 1, &s->frames, "time", ""));
  VR_TRY(vr_alloc(&time, STEP, sizeof *time + sizeof *trial));
  trial = (int32_t *)(time + STEP);
  int code = 0;
  for (size_t k = 0, row = 0; k < s->nseg && !code; k++)
    for (size_t i = 0; i < s->seg[k].kept && !code; i += STEP) {
      size_t n = s->seg[k].kept - i < STEP ? s->seg[k].kept - i : STEP;
      for (size_t j = 0; j < n; j++) {
        time[j] = (double)(i + j) / rate;
        trial[j] = (int32_t)k;
      }
      code = vr_h5_write(s->out, "/time", VR_F64, row, n, time);
      if (!code) code = vr_h5_write(s->out, "/trial", VR_I32, row, n, trial);
      row += n;
    }
  vr_release(time);
  return code;
}

// -- tables --

// rows of a column of numbers, whole ones as int64
static int select_column(const vr_selection *s, const char *path, const size_t *index, size_t n,
  double **values, vr_h5_info *info)
{
  double *all = NULL;
  VR_TRY(vr_h5_get_info(s->in, path, info));
  if (info->rank != 1 || !vr_type_size(info->type))
    return vr_fail(VR_EDATA, "%s: is not a column of numbers", path);
  VR_TRY(vr_alloc(values, n, sizeof **values));
  int code = vr_alloc(&all, info->rows, sizeof *all);
  if (!code) code = vr_h5_read(s->in, path, VR_F64, 0, info->rows, all);
  for (size_t i = 0; i < n && !code; i++) (*values)[i] = all[index[i]];
  vr_release(all);
  if (code) vr_release(*values);
  return code;
}

static int put_column(
  const vr_selection *s, const char *path, const vr_h5_info *info, size_t n, const double *values)
{
  VR_TRY(begin_like(s, path, info, &n));
  return vr_h5_write(s->out, path, VR_F64, 0, n, values);
}

static int select_rows(const vr_selection *s, const char *path, const size_t *index, size_t n,
  void (*change)(const vr_selection *s, const char *path, double *values))
{
  vr_h5_info info;
  double *values;
  VR_TRY(vr_h5_get_info(s->in, path, &info));
  if (info.type == VR_STR) return select_strings(s, path, index, n);
  VR_TRY(select_column(s, path, index, n, &values, &info));
  if (change) change(s, path, values);
  int code = put_column(s, path, &info, n, values);
  vr_release(values);
  return code;
}

// what is counted anew in /trials
static void change_trials(const vr_selection *s, const char *path, double *values)
{
  size_t first = 0;
  for (size_t k = 0; k < s->nseg; k++) {
    if (!strcmp(path, "/trials/first")) values[k] = (double)first;
    if (!strcmp(path, "/trials/frames")) values[k] = (double)s->seg[k].kept;
    if (!strcmp(path, "/trials/number")) values[k] = (double)k;
    if (!strcmp(path, "/trials/start")) values[k] += (double)s->seg[k].start / s->rate;
    first += s->seg[k].kept;
  }
}

int vr_select_trials(const vr_selection *s, const char *path)
{
  size_t *index;
  int code = 0;
  VR_TRY(vr_alloc(&index, s->nseg, sizeof *index));
  for (size_t k = 0; k < s->nseg; k++) index[k] = s->seg[k].trial;
  // the scale of the others comes first
  if (!vr_h5_has(s->out, "/trials/number"))
    code = select_rows(s, "/trials/number", index, s->nseg, change_trials);
  if (!code && strcmp(path, "/trials/number"))
    code = select_rows(s, path, index, s->nseg, change_trials);
  vr_release(index);
  return code;
}

// a column of numbers of a table, as many as *n, or (*n = 0) any
static int read_moments(
  const vr_selection *s, const char *table, const char *column, size_t *n, double **x)
{
  char path[64];
  vr_h5_info info;
  snprintf(path, sizeof path, "%.40s/%s", table, column);
  VR_TRY(vr_h5_get_info(s->in, path, &info));
  if (info.rank != 1 || (*n && info.rows != *n))
    return vr_fail(VR_EDATA, "%s: trial and time differ in length", table);
  *n = info.rows;
  VR_TRY(vr_alloc(x, info.rows, sizeof **x));
  return vr_h5_read(s->in, path, VR_F64, 0, info.rows, *x);
}

// the segment of each trial; SIZE_MAX: none. *n trials
static int segment_of(const vr_selection *s, size_t **seg, size_t *n)
{
  *n = 0;
  for (size_t k = 0; k < s->nseg; k++)
    if (s->seg[k].trial >= *n) *n = s->seg[k].trial + 1;
  VR_TRY(vr_alloc(seg, *n, sizeof **seg));
  for (size_t i = 0; i < *n; i++) (*seg)[i] = SIZE_MAX;
  for (size_t k = 0; k < s->nseg; k++) (*seg)[s->seg[k].trial] = k;
  return 0;
}

// moments in the segments that stay: their rows, new trials and new times
static int find_moments(const vr_selection *s, const char *table, size_t **index, double **trial,
  double **time, size_t *n)
{
  size_t *seg = NULL, trials, rows = 0;
  *n = 0;
  int code = read_moments(s, table, "trial", &rows, trial);
  if (!code) code = read_moments(s, table, "time", &rows, time);
  if (!code) code = vr_alloc(index, rows, sizeof **index);
  if (!code) code = segment_of(s, &seg, &trials);
  for (size_t i = 0; i < rows && !code; i++) {
    double of = (*trial)[i];
    if (!(of >= 0 && of < (double)trials) || seg[(size_t)of] == SIZE_MAX) continue;
    const vr_segment *g = &s->seg[seg[(size_t)of]];
    double t = (*time)[i] - (double)g->start / s->rate;
    if (t < 0 || t >= (double)g->rows / s->rate) continue;
    (*index)[*n] = i;
    (*trial)[*n] = (double)seg[(size_t)of];
    (*time)[(*n)++] = t;
  }
  vr_release(seg);
  return code;
}

int vr_select_moments(const vr_selection *s, const char *table, const vr_paths *paths)
{
  size_t *index = NULL, n = 0;
  double *trial = NULL, *time = NULL, *number = NULL;
  char scale[64];
  int code = find_moments(s, table, &index, &trial, &time, &n);
  if (!code) code = vr_alloc(&number, n, sizeof *number);
  for (size_t i = 0; i < n && !code; i++) number[i] = (double)i;
  // the scale of the others comes first
  vr_h5_info info;
  snprintf(scale, sizeof scale, "%.40s/number", table);
  if (!code) code = vr_h5_get_info(s->in, scale, &info);
  if (!code) code = put_column(s, scale, &info, n, number);
  for (size_t i = 0; i < paths->n && !code; i++) {
    const char *path = paths->path[i], *column = vr_path_last(path);
    const double *fresh = !strcmp(column, "trial") ? trial : !strcmp(column, "time") ? time : NULL;
    if (!strcmp(column, "number")) continue;
    code = vr_h5_get_info(s->in, path, &info);
    if (!code)
      code = fresh ? put_column(s, path, &info, n, fresh) : select_rows(s, path, index, n, NULL);
  }
  vr_release(index);
  vr_release(trial);
  vr_release(time);
  vr_release(number);
  return code;
}

// -- numbers --

static void pick_row(char *to, const char *from, const size_t *place, size_t n, size_t size)
{
  if (size == sizeof(float))
    for (size_t i = 0; i < n; i++)
      memcpy(to + i * sizeof(float), from + place[i] * sizeof(float), sizeof(float));
  else
    for (size_t i = 0; i < n; i++) memcpy(to + i * size, from + place[i] * size, size);
}

typedef struct {
  const char *path;
  vr_h5_info info;
  size_t *place, n, size, step; // columns that stay, bytes of a number, rows of a block
  int cut;                      // not all columns stay
  char *in, *out;
} row_copy;

static int copy_segment(const vr_selection *s, row_copy *c, const vr_segment *seg, size_t *row)
{
  size_t old = c->info.row * c->size, new = c->n * c->size;
  // blocks hold whole strides, so that each starts with a row that stays
  size_t step = c->step - c->step % s->every;
  for (size_t i = 0; i < seg->rows; i += step) {
    size_t rows = seg->rows - i < step ? seg->rows - i : step, kept = 0;
    VR_TRY(vr_h5_read(s->in, c->path, c->info.type, seg->first + i, rows, c->in));
    for (size_t j = 0; j < rows; j += s->every, kept++) {
      if (c->cut)
        pick_row(c->out + kept * new, c->in + j * old, c->place, c->n, c->size);
      else if (s->every > 1)
        memcpy(c->out + kept * new, c->in + j * old, new);
    }
    const char *from = c->cut || s->every > 1 ? c->out : c->in;
    VR_TRY(vr_h5_write(s->out, c->path, c->info.type, *row, kept, from));
    *row += kept;
  }
  return 0;
}

int vr_select_frames(const vr_selection *s, const char *path)
{
  const vr_pick *picks[VR_H5_MAXRANK];
  row_copy c = {.path = path};
  size_t dim[VR_H5_MAXRANK], row = 0;
  VR_TRY(vr_h5_get_info(s->in, path, &c.info));
  c.size = vr_type_size(c.info.type);
  if (!c.size) return vr_fail(VR_EDATA, "%s: does not hold numbers", path);
  c.cut = vr_picks_of(s, path, c.info.rank, picks);
  dim[0] = s->frames;
  int code = places(&c.info, 1, picks, dim, &c.place, &c.n);
  if (!code) code = begin_like(s, path, &c.info, dim);
  size_t bytes = c.info.row * c.size;
  c.step = bytes && bytes < BLOCK ? BLOCK / bytes : 1;
  if (c.step < s->every) c.step = s->every;
  if (!code) code = vr_alloc(&c.in, c.step * c.info.row, c.size);
  if (!code) code = vr_alloc(&c.out, c.step * c.n, c.size);
  for (size_t k = 0; k < s->nseg && !code; k++) code = copy_segment(s, &c, &s->seg[k], &row);
  vr_release(c.in);
  vr_release(c.out);
  vr_release(c.place);
  vr_h5_forget(s->in, path);
  return code;
}

int vr_select_constant(const vr_selection *s, const char *path)
{
  const vr_pick *picks[VR_H5_MAXRANK];
  vr_h5_info info;
  size_t dim[VR_H5_MAXRANK], *place = NULL, n;
  char *in = NULL, *out = NULL;
  VR_TRY(vr_h5_get_info(s->in, path, &info));
  vr_picks_of(s, path, info.rank, picks);
  if (info.type == VR_STR && info.rank == 1)
    return select_strings(s, path, picks[0]->index, picks[0]->n);
  size_t size = vr_type_size(info.type);
  if (!size) return vr_fail(VR_EDATA, "%s: cannot be cut to columns", path);
  int code = places(&info, 0, picks, dim, &place, &n);
  if (!code) code = vr_alloc(&in, info.rows * info.row, size);
  if (!code) code = vr_alloc(&out, n, size);
  if (!code) code = vr_h5_read(s->in, path, info.type, 0, info.rows, in);
  if (!code) pick_row(out, in, place, n, size);
  if (!code) code = begin_like(s, path, &info, dim);
  if (!code) code = vr_h5_write(s->out, path, info.type, 0, dim[0], out);
  vr_release(in);
  vr_release(out);
  vr_release(place);
  return code;
}
