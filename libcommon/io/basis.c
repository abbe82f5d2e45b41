#include "io/basis.h"
#include "base/err.h"
#include "base/mem.h"
#include <stdio.h>
#include <string.h>

enum { PATH = 512 };

static int member(char path[PATH], const char *group, const char *name)
{
  int n = snprintf(path, PATH, "%s/%s", group, name);
  return n > 0 && n < PATH ? 0 : vr_fail(VR_EARG, "%.60s...: a path too long", group);
}

int vr_put_basis(vr_turn *t, const char *group, const char *axis, const char *component,
  const char *units, const vr_pca *b)
{
  char path[PATH], both[128], squared[128];
  size_t dim[2] = {b->d, b->n};
  double *turned;
  int scaled = 0;
  for (size_t j = 0; j < b->d; j++) scaled |= b->scale[j] != 1;
  snprintf(both, sizeof both, "%s %s", axis, component);
  snprintf(squared, sizeof squared, strcmp(units, "1") && !scaled ? "%s^2" : "1", units);
  VR_TRY(vr_alloc(&turned, b->d * b->n, sizeof *turned));
  for (size_t k = 0; k < b->n; k++)
    for (size_t j = 0; j < b->d; j++) turned[j * b->n + k] = b->loadings[k * b->d + j];
  int code = member(path, group, "mean");
  if (!code) code = vr_h5_put(t->out, path, VR_F64, 1, dim, b->mean, axis, units);
  if (!code) code = member(path, group, "loadings");
  if (!code) code = vr_h5_put(t->out, path, VR_F64, 2, dim, turned, both, "1");
  if (!code) code = member(path, group, "variance");
  if (!code) code = vr_h5_put(t->out, path, VR_F64, 1, dim + 1, b->variance, component, squared);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "total", b->total);
  if (!code) code = vr_h5_set_attr_num(t->out, path, "rows", (double)b->rows);
  if (!code) code = member(path, group, "scale");
  if (!code) code = vr_h5_remove(t->out, path);
  if (!code && scaled) code = vr_h5_put(t->out, path, VR_F64, 1, dim, b->scale, axis, units);
  vr_release(turned);
  return code;
}

/* n numbers of a dataset with these dimensions */
static int read_exactly(
  const vr_h5 *f, const char *group, const char *name, int rank, size_t d, size_t n, double *to)
{
  char path[PATH];
  vr_h5_info info;
  VR_TRY(member(path, group, name));
  if (!vr_h5_has(f, path)) return vr_fail(VR_EDATA, "%s: no such basis in the file", path);
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.rank != rank || info.rows != d || info.row != n || !vr_type_size(info.type))
    return vr_fail(VR_EDATA, "%s: is not %zu x %zu numbers", path, d, n);
  VR_TRY(vr_h5_read(f, path, VR_F64, 0, d, to));
  size_t bad = vr_find_bad(to, d * n);
  return bad < d * n ? vr_fail(VR_EDATA, "%s row %zu: not a finite number", path, bad / n) : 0;
}

static int fill(const vr_h5 *f, const char *group, vr_pca *b)
{
  char path[PATH];
  double rows, *turned;
  VR_TRY(member(path, group, "scale"));
  VR_TRY(read_exactly(f, group, "mean", 1, b->d, 1, b->mean));
  VR_TRY(read_exactly(f, group, "variance", 1, b->n, 1, b->variance));
  if (vr_h5_has(f, path)) VR_TRY(read_exactly(f, group, "scale", 1, b->d, 1, b->scale));
  for (size_t j = 0; j < b->d; j++)
    if (!(b->scale[j] > 0)) return vr_fail(VR_EDATA, "%s row %zu: is not above 0", path, j);
  VR_TRY(member(path, group, "variance"));
  VR_TRY(vr_h5_get_attr_num(f, path, "total", &b->total));
  VR_TRY(vr_h5_get_attr_num(f, path, "rows", &rows));
  b->rows = rows > 0 && rows < 1e18 ? (size_t)rows : 0;
  VR_TRY(vr_alloc(&turned, b->d * b->n, sizeof *turned));
  int code = read_exactly(f, group, "loadings", 2, b->d, b->n, turned);
  for (size_t k = 0; k < b->n && !code; k++)
    for (size_t j = 0; j < b->d; j++) b->loadings[k * b->d + j] = turned[j * b->n + k];
  vr_release(turned);
  return code;
}

int vr_get_basis(const vr_h5 *f, const char *group, vr_pca *b)
{
  char path[PATH];
  vr_h5_info info;
  VR_TRY(member(path, group, "loadings"));
  if (!vr_h5_has(f, path)) return vr_fail(VR_EDATA, "%s: no such basis in the file", group);
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.rank != 2 || !info.rows || !info.row || info.row > info.rows || info.rows > VR_COV_MAX)
    return vr_fail(VR_EDATA, "%s: is not columns x components", path);
  VR_TRY(vr_pca_alloc(b, info.rows, info.row));
  return fill(f, group, b);
}

int vr_same_basis(const vr_h5 *a, const vr_h5 *b, const char *group)
{
  vr_pca p = {0}, q = {0};
  int code = vr_get_basis(a, group, &p);
  if (!code) code = vr_get_basis(b, group, &q);
  if (!code && (p.d != q.d || p.n != q.n || memcmp(p.mean, q.mean, p.d * sizeof(double)) ||
                 memcmp(p.scale, q.scale, p.d * sizeof(double)) ||
                 memcmp(p.loadings, q.loadings, p.d * p.n * sizeof(double))))
    code = vr_fail(VR_EDATA,
      "%s: what is there was made on another basis than the one given: start from the recording",
      group);
  vr_pca_free(&p);
  vr_pca_free(&q);
  return code;
}

int vr_same_names(const vr_h5 *a, const vr_h5 *b, const char *path)
{
  char **p = NULL, **q = NULL;
  size_t n, m;
  if (!a || !b || !vr_h5_has(a, path) || !vr_h5_has(b, path)) return 0;
  VR_TRY(vr_h5_read_strings(a, path, &p, &n));
  int code = vr_h5_read_strings(b, path, &q, &m);
  if (!code && n != m) code = vr_fail(VR_EDATA, "%s: %zu names, the basis has %zu", path, n, m);
  for (size_t i = 0; i < n && !code; i++)
    if (strcmp(p[i], q[i]))
      code = vr_fail(VR_EDATA, "%s row %zu: is another name than in the basis", path, i);
  vr_release(p);
  vr_release(q);
  return code;
}
