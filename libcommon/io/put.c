#include "io/put.h"
#include "base/err.h"
#include "base/mem.h"

static int join(const char *group, const char *name, vr_str *path)
{
  vr_str_addf(path, "%s/%s", group, name);
  return vr_str_ok(path);
}

int vr_put_list(vr_turn *t, const char *group, const char *name, const double *a, size_t n,
  const char *axis, const char *units)
{
  return vr_put_array(t, group, name, 1, &n, a, axis, units);
}

int vr_put_table(vr_turn *t, const char *group, const char *name, const vr_mat *m, const char *axes,
  const char *units)
{
  vr_str path = {0};
  int code = join(group, name, &path);
  if (!code) code = vr_put_mat(t, path.s, m, axes, units);
  vr_str_free(&path);
  return code;
}

int vr_put_array(vr_turn *t, const char *group, const char *name, int rank, const size_t *dim,
  const double *a, const char *axes, const char *units)
{
  vr_str path = {0};
  int code = join(group, name, &path);
  if (!code) code = vr_h5_put(t->out, path.s, VR_F64, rank, dim, a, axes, units);
  vr_str_free(&path);
  return code;
}

int vr_put_counts(
  vr_turn *t, const char *group, const char *name, const int32_t *a, size_t n, const char *axis)
{
  vr_str path = {0};
  int code = join(group, name, &path);
  if (!code) code = vr_put_ints(t, path.s, a, n, axis);
  vr_str_free(&path);
  return code;
}

int vr_put_words(
  vr_turn *t, const char *group, const char *name, char *const *list, size_t n, const char *axis)
{
  vr_str path = {0};
  int code = join(group, name, &path);
  if (!code) code = vr_put_strings(t, path.s, list, n, axis);
  vr_str_free(&path);
  return code;
}

int vr_put_cuttings(vr_turn *t, double rate, const vr_cutting *c, size_t n)
{
  size_t at = 0;
  vr_trials tr = {0};
  char **text = NULL;
  double *start = NULL;
  int bad = vr_trials_resize(&tr, n);
  if (!bad) bad = vr_alloc(&text, 4 * n, sizeof *text);
  if (!bad) bad = vr_alloc(&start, n, sizeof *start);
  tr.rate = rate;
  for (size_t i = 0; i < n && !bad; i++) {
    tr.first[i] = at;
    at += tr.frames[i] = c[i].frames;
    start[i] = c[i].start;
    text[i] = (char *)c[i].task;
    text[n + i] = (char *)c[i].recording;
    text[2 * n + i] = (char *)c[i].subject;
    text[3 * n + i] = (char *)c[i].outcome;
  }
  const vr_trial_columns columns = {
    .task = text, .recording = text + n, .subject = text + 2 * n, .outcome = text + 3 * n};
  if (!bad) bad = vr_put_trials(t, &tr, &columns);
  if (!bad) bad = vr_h5_put(t->out, "/trials/start", VR_F64, 1, &n, start, "number", "s");
  vr_release(start);
  vr_release(text);
  vr_trials_free(&tr);
  return bad;
}
