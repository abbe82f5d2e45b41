#include "io/stream.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- turns -- */

int vr_turn_new(vr_turn **turn)
{
  vr_turn *t;
  *turn = NULL;
  VR_TRY(vr_alloc(&t, 1, sizeof *t));
  int code = vr_spool_new(&t->spool);
  if (!code) code = vr_h5_create(t->spool.path, &t->out);
  vr_spool_unlink(&t->spool);
  if (!code) code = vr_h5_set_attr_num(t->out, "/", "vr_format", 1);
  if (code)
    vr_turn_free(t);
  else
    *turn = t;
  return code;
}

void vr_turn_free(vr_turn *t)
{
  if (!t) return;
  if (t->in != t->out) vr_h5_close(&t->in);
  vr_h5_close(&t->out);
  vr_spool_free(&t->spool);
  vr_spool_free(&t->extra);
  vr_str_free(&t->dropped);
  vr_release(t->name);
  vr_release(t);
}

/* results were replaced: the same datasets in a fresh file without the holes */
static int repack(vr_turn *t)
{
  vr_turn *fresh;
  VR_TRY(vr_turn_new(&fresh));
  int code = vr_h5_copy(t->out, fresh->out, NULL, NULL, VR_H5_AS_STORED);
  if (code) {
    vr_turn_free(fresh);
    return code;
  }
  if (t->in == t->out) t->in = NULL;
  vr_h5_close(&t->out);
  vr_spool_free(&t->spool);
  t->out = fresh->out;
  t->spool = fresh->spool;
  vr_release(fresh);
  return 0;
}

int vr_turn_finish(vr_turn *t)
{
  struct stat st;
  if (!t->out) return vr_fail(VR_EARG, "nothing is written in this turn");
  if (vr_h5_needs_repack(t->out)) VR_TRY(repack(t));
  if (t->in == t->out) t->in = NULL;
  VR_TRY(vr_h5_close(&t->out));
  if (fstat(t->spool.fd, &st) || lseek(t->spool.fd, 0, SEEK_SET))
    return vr_fail(VR_EIO, "the temporary file cannot be read back");
  t->spool.length = (uint64_t)st.st_size;
  return 0;
}

/* -- reading -- */

vr_h5 *vr_turn_find(const vr_turn *t, const char *path)
{
  if (t->out && vr_h5_has(t->out, path)) return t->out;
  if (t->in && vr_h5_has(t->in, path)) return t->in;
  return NULL;
}

int vr_turn_has(const vr_turn *t, const char *path)
{
  return vr_turn_find(t, path) != NULL;
}

static int find(const vr_turn *t, const char *path, vr_h5 **f, vr_h5_info *info)
{
  vr_str name = {0};
  *f = vr_turn_find(t, path);
  if (*f) return vr_h5_get_info(*f, path, info);
  vr_str_add_escaped(&name, path, strlen(path), 200);
  vr_fail(VR_EDATA, "%s: is not there (vr-dump -l lists what is)", vr_str_get(&name));
  vr_str_free(&name);
  return VR_EDATA;
}

static int bad_number(const char *path, size_t row, double value)
{
  return vr_fail(
    VR_EDATA, "%s row %zu: %s (see vr-import --fill)", path, row, isnan(value) ? "NaN" : "Inf");
}

int vr_get_shape(const vr_turn *t, const char *path, size_t *rows, size_t *cols)
{
  vr_h5 *f;
  vr_h5_info info;
  VR_TRY(find(t, path, &f, &info));
  if (!vr_type_size(info.type)) return vr_fail(VR_EDATA, "%s: does not hold numbers", path);
  if (info.rank < 0) return vr_fail(VR_EDATA, "%s: is empty", path);
  *rows = info.rows;
  *cols = info.row;
  return 0;
}

int vr_get_mat_raw(const vr_turn *t, const char *path, vr_mat *m)
{
  size_t rows, cols;
  VR_TRY(vr_get_shape(t, path, &rows, &cols));
  VR_TRY(vr_mat_resize(m, rows, cols));
  return vr_h5_read(vr_turn_find(t, path), path, VR_F64, 0, rows, m->a);
}

int vr_get_mat(const vr_turn *t, const char *path, vr_mat *m)
{
  VR_TRY(vr_get_mat_raw(t, path, m));
  size_t n = m->rows * m->cols, bad = vr_find_bad(m->a, n);
  return bad < n ? bad_number(path, bad / m->cols, m->a[bad]) : 0;
}

int vr_get_rows(const vr_turn *t, const char *path, size_t first, size_t rows, vr_matf *m)
{
  size_t all, cols;
  VR_TRY(vr_get_shape(t, path, &all, &cols));
  VR_TRY(vr_matf_resize(m, rows, cols));
  VR_TRY(vr_h5_read(vr_turn_find(t, path), path, VR_F32, first, rows, m->a));
  size_t n = rows * cols, bad = vr_find_badf(m->a, n);
  return bad < n ? bad_number(path, first + bad / cols, m->a[bad]) : 0;
}

int vr_get_matf(const vr_turn *t, const char *path, vr_matf *m)
{
  size_t rows = 0, cols;
  VR_TRY(vr_get_shape(t, path, &rows, &cols));
  return vr_get_rows(t, path, 0, rows, m);
}

int vr_get_ints(const vr_turn *t, const char *path, int32_t **a, size_t *n)
{
  vr_h5 *f;
  vr_h5_info info;
  *a = NULL;
  VR_TRY(find(t, path, &f, &info));
  if (info.type != VR_I32 && info.type != VR_U8 && info.type != VR_I64)
    return vr_fail(VR_EDATA, "%s: does not hold whole numbers", path);
  *n = info.rows * info.row;
  VR_TRY(vr_alloc(a, *n, sizeof **a));
  int code = vr_h5_read(f, path, VR_I32, 0, info.rows, *a);
  if (code) {
    vr_release(*a);
    *a = NULL;
  }
  return code;
}

int vr_get_strings(const vr_turn *t, const char *path, char ***list, size_t *n)
{
  vr_h5 *f;
  vr_h5_info info;
  *list = NULL;
  VR_TRY(find(t, path, &f, &info));
  return vr_h5_read_strings(f, path, list, n);
}

/* -- trials -- */

static int foreign_trials(const vr_turn *t, vr_trials *tr)
{
  size_t rows, cols;
  if (!t->rows_of)
    return vr_fail(VR_EDATA, "not a vr-tools stream: name the dataset to read (-i /path)");
  VR_TRY(vr_get_shape(t, t->rows_of, &rows, &cols));
  if (t->rate <= 0)
    return vr_fail(VR_EDATA, "%s: the file does not tell its rate (say --rate HZ)", t->rows_of);
  return vr_trials_single(tr, rows, t->rate);
}

/* the trials follow each other and cover all frames */
static int check_cover(const vr_trials *tr, size_t frames)
{
  size_t at = 0;
  for (size_t k = 0; k < tr->n; k++) {
    if (tr->first[k] != at || tr->frames[k] > frames - at)
      return vr_fail(
        VR_EDATA, "/trials/first row %zu: the trials do not cover the frames in order", k);
    at += tr->frames[k];
  }
  return at == frames ? 0
                      : vr_fail(VR_EDATA, "/trials/frames: sum to %zu of %zu frames", at, frames);
}

int vr_get_trials(const vr_turn *t, vr_trials *tr)
{
  vr_h5 *f;
  vr_h5_info time, first, frames;
  if (t->in && t->foreign && !(t->out && vr_h5_has(t->out, "/time"))) return foreign_trials(t, tr);
  VR_TRY(find(t, "/time", &f, &time));
  VR_TRY(find(t, "/trials/first", &f, &first));
  VR_TRY(find(t, "/trials/frames", &f, &frames));
  if (first.rank != 1 || frames.rank != 1 || first.rows != frames.rows || time.rank != 1)
    return vr_fail(VR_EDATA, "/trials/first, /trials/frames: are not lists of one length");
  VR_TRY(vr_trials_resize(tr, first.rows));
  VR_TRY(vr_h5_get_attr_num(f, "/time", "rate", &tr->rate));
  if (!(tr->rate > 0 && tr->rate < 1e9)) return vr_fail(VR_EDATA, "/time: rate %g Hz", tr->rate);
  int64_t *buf;
  VR_TRY(vr_alloc(&buf, 2 * tr->n, sizeof *buf));
  int code = vr_h5_read(f, "/trials/first", VR_I64, 0, tr->n, buf);
  if (!code) code = vr_h5_read(f, "/trials/frames", VR_I64, 0, tr->n, buf + tr->n);
  for (size_t k = 0; k < tr->n; k++) {
    tr->first[k] = (size_t)buf[k];
    tr->frames[k] = (size_t)buf[tr->n + k];
  }
  vr_release(buf);
  return code ? code : check_cover(tr, time.rows);
}

/* -- writing -- */

/* /time and /trial, in blocks */
static int put_frames(vr_h5 *f, const vr_trials *tr)
{
  enum { BLOCK = 65536 };
  size_t frames = vr_trials_rows(tr);
  double *time;
  int32_t *trial;
  VR_TRY(vr_h5_begin(f, "/time", VR_F64, 1, &frames, "time", "s"));
  VR_TRY(vr_h5_set_attr_num(f, "/time", "rate", tr->rate));
  VR_TRY(vr_h5_begin(f, "/trial", VR_I32, 1, &frames, "time", ""));
  VR_TRY(vr_alloc(&time, BLOCK, sizeof *time + sizeof *trial));
  trial = (int32_t *)(time + BLOCK);
  int code = 0;
  for (size_t k = 0, row = 0; k < tr->n && !code; k++)
    for (size_t i = 0; i < tr->frames[k] && !code; i += BLOCK) {
      size_t n = tr->frames[k] - i < BLOCK ? tr->frames[k] - i : BLOCK;
      for (size_t j = 0; j < n; j++) {
        time[j] = (double)(i + j) / tr->rate;
        trial[j] = (int32_t)k;
      }
      code = vr_h5_write(f, "/time", VR_F64, row, n, time);
      if (!code) code = vr_h5_write(f, "/trial", VR_I32, row, n, trial);
      row += n;
    }
  vr_release(time);
  return code;
}

static int put_trial_table(vr_h5 *f, const vr_trials *tr, const vr_trial_columns *c)
{
  static char *const empty = "";
  const struct {
    const char *path;
    char *const *list;
  } text[] = {{"/trials/task", c->task}, {"/trials/recording", c->recording},
    {"/trials/subject", c->subject}, {"/trials/outcome", c->outcome}};
  int64_t *n;
  char **blank;
  VR_TRY(vr_alloc(&n, tr->n, sizeof *n + sizeof *blank));
  blank = (char **)(n + tr->n);
  for (size_t k = 0; k < tr->n; k++) n[k] = (int64_t)k, blank[k] = empty;
  int code = vr_h5_put(f, "/trials/number", VR_I64, 1, &tr->n, n, "number", "");
  for (size_t k = 0; k < tr->n; k++) n[k] = (int64_t)tr->first[k];
  if (!code) code = vr_h5_put(f, "/trials/first", VR_I64, 1, &tr->n, n, "number", "1");
  for (size_t k = 0; k < tr->n; k++) n[k] = (int64_t)tr->frames[k];
  if (!code) code = vr_h5_put(f, "/trials/frames", VR_I64, 1, &tr->n, n, "number", "1");
  for (size_t i = 0; i < VR_LEN(text) && !code; i++)
    code = vr_h5_put_strings(f, text[i].path, text[i].list ? text[i].list : blank, tr->n, "number");
  if (!code && c->seed)
    code = vr_h5_put(f, "/trials/seed", VR_F64, 1, &tr->n, c->seed, "number", "1");
  if (!code && c->total)
    code = vr_h5_put(f, "/trials/return", VR_F64, 1, &tr->n, c->total, "number", "1");
  vr_release(n);
  return code;
}

int vr_put_trials(vr_turn *t, const vr_trials *tr, const vr_trial_columns *columns)
{
  static const vr_trial_columns none = {0};
  VR_TRY(put_frames(t->out, tr));
  return put_trial_table(t->out, tr, columns ? columns : &none);
}

/* results on a foreign file need a frame axis first */
static int frame_axis(vr_turn *t)
{
  vr_trials tr = {0};
  if (!t->in || !t->foreign || vr_h5_has(t->out, "/time")) return 0;
  int code = foreign_trials(t, &tr);
  if (!code) code = vr_put_trials(t, &tr, NULL);
  vr_trials_free(&tr);
  return code;
}

int vr_put_begin(vr_turn *t, const char *path, vr_type type, size_t rows, size_t cols,
  const char *axes, const char *units)
{
  size_t dim[2] = {rows, cols};
  VR_TRY(frame_axis(t));
  return vr_h5_begin(t->out, path, type, strchr(axes, ' ') ? 2 : 1, dim, axes, units);
}

int vr_put_rows(
  vr_turn *t, const char *path, vr_type type, size_t first, size_t rows, const void *buf)
{
  return vr_h5_write(t->out, path, type, first, rows, buf);
}

int vr_put_mat(vr_turn *t, const char *path, const vr_mat *m, const char *axes, const char *units)
{
  VR_TRY(vr_put_begin(t, path, VR_F64, m->rows, m->cols, axes, units));
  return vr_h5_write(t->out, path, VR_F64, 0, m->rows, m->a);
}

int vr_put_matf(vr_turn *t, const char *path, const vr_matf *m, const char *axes, const char *units)
{
  VR_TRY(vr_put_begin(t, path, VR_F32, m->rows, m->cols, axes, units));
  return vr_h5_write(t->out, path, VR_F32, 0, m->rows, m->a);
}

int vr_put_ints(vr_turn *t, const char *path, const int32_t *a, size_t n, const char *axis)
{
  VR_TRY(vr_put_begin(t, path, VR_I32, n, 1, axis, ""));
  return vr_h5_write(t->out, path, VR_I32, 0, n, a);
}

int vr_put_strings(vr_turn *t, const char *path, char *const *list, size_t n, const char *axis)
{
  VR_TRY(frame_axis(t));
  return vr_h5_put_strings(t->out, path, list, n, axis);
}
