#include "io/put.h"
#include "base/err.h"

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
