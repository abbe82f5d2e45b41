#include "io/merge_rows.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/columns.h"
#include <stdio.h>
#include <string.h>

enum { BLOCK = 1 << 22 }; // bytes

static size_t rows_in_block(const vr_h5_info *info)
{
  size_t row = info->row * vr_type_size(info->type);
  return row && row < BLOCK ? BLOCK / row : 1;
}

// -- equal? --

static int same_strings(const vr_h5 *a, const vr_h5 *b, const char *path, int *same)
{
  char **x, **y;
  size_t nx, ny;
  VR_TRY(vr_h5_read_strings(a, path, &x, &nx));
  int code = vr_h5_read_strings(b, path, &y, &ny);
  if (!code) {
    *same = nx == ny;
    for (size_t i = 0; i < nx && *same; i++) *same = !strcmp(x[i], y[i]);
    vr_release(y);
  }
  vr_release(x);
  return code;
}

int vr_merge_equal(const vr_h5 *a, const vr_h5 *b, const char *path, int *same)
{
  vr_h5_info x, y;
  char *p = NULL, *q = NULL;
  VR_TRY(vr_h5_get_info(a, path, &x));
  VR_TRY(vr_h5_get_info(b, path, &y));
  *same = x.type == y.type && x.rank == y.rank && x.rows == y.rows && x.row == y.row;
  for (int k = 0; k < x.rank && *same; k++) *same = x.dim[k] == y.dim[k];
  if (!*same || x.rank < 0) return 0;
  if (x.type == VR_STR) return same_strings(a, b, path, same);
  size_t size = vr_type_size(x.type), step = rows_in_block(&x);
  if (!size) { // what is not read is not the same
    *same = 0;
    return 0;
  }
  if (step > x.rows) step = x.rows;
  int code = vr_alloc(&p, step * x.row, size);
  if (!code) code = vr_alloc(&q, step * x.row, size);
  for (size_t i = 0; i < x.rows && !code && *same; i += step) {
    size_t rows = x.rows - i < step ? x.rows - i : step;
    code = vr_h5_read(a, path, x.type, i, rows, p);
    if (!code) code = vr_h5_read(b, path, x.type, i, rows, q);
    if (!code) *same = !memcmp(p, q, rows * x.row * size);
  }
  vr_release(p);
  vr_release(q);
  return code;
}

// -- rows after rows --

// rows of a dataset in one input, 0 where it is not there
static int rows_of(const vr_h5 *f, const char *path, size_t *rows)
{
  vr_h5_info info = {0};
  if (vr_h5_has(f, path)) VR_TRY(vr_h5_get_info(f, path, &info));
  *rows = info.rows;
  return 0;
}

static int total_rows(vr_h5 *const *in, size_t n, const char *path, size_t *rows)
{
  *rows = 0;
  for (size_t k = 0; k < n; k++) {
    size_t own;
    VR_TRY(rows_of(in[k], path, &own));
    *rows += own;
  }
  return 0;
}

// a dataset like that of the first input, with `rows` rows
static int begin_like(const vr_h5 *from, vr_h5 *out, const char *path, size_t rows)
{
  vr_h5_info info;
  vr_str axes = {0}, units = {0};
  VR_TRY(vr_h5_get_info(from, path, &info));
  info.dim[0] = rows;
  int code = vr_axes_text(from, path, " ", &axes);
  if (!code) code = vr_units_text(from, path, &units);
  if (!code) code = vr_str_ok(&axes);
  if (!code)
    code =
      vr_h5_begin(out, path, info.type, info.rank, info.dim, vr_str_get(&axes), vr_str_get(&units));
  vr_str_free(&axes);
  vr_str_free(&units);
  return code ? code : vr_h5_copy_attrs(from, out, path);
}

int vr_merge_frames(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path)
{
  vr_h5_info info;
  size_t rows, at = 0;
  char *block;
  VR_TRY(vr_h5_get_info(in[0], path, &info));
  VR_TRY(total_rows(in, n, path, &rows));
  VR_TRY(begin_like(in[0], out, path, rows));
  size_t step = rows_in_block(&info);
  VR_TRY(vr_alloc(&block, step * info.row, vr_type_size(info.type)));
  int code = 0;
  for (size_t k = 0; k < n && !code; k++) {
    vr_h5_info part;
    code = vr_h5_get_info(in[k], path, &part);
    for (size_t i = 0; i < part.rows && !code; i += step) {
      size_t m = part.rows - i < step ? part.rows - i : step;
      code = vr_h5_read(in[k], path, info.type, i, m, block);
      if (!code) code = vr_h5_write(out, path, info.type, at, m, block);
      at += m;
    }
    vr_h5_forget(in[k], path);
  }
  vr_release(block);
  return code;
}

// whole numbers of all inputs; each input's are shifted by the rows of `shift` in those before it
static int merge_integers(
  vr_h5 *const *in, size_t n, vr_h5 *out, const char *path, const char *shift, const char *axis)
{
  size_t rows, at = 0, first = 0;
  int64_t *all, base = 0;
  char *units;
  vr_h5_info info;
  while (first < n - 1 && !vr_h5_has(in[first], path)) first++;
  VR_TRY(vr_h5_get_info(in[first], path, &info));
  VR_TRY(total_rows(in, n, path, &rows));
  VR_TRY(vr_alloc(&all, rows, sizeof *all));
  int code = 0;
  for (size_t k = 0; k < n && !code; k++) {
    size_t own, step;
    code = rows_of(in[k], path, &own);
    if (!code) code = rows_of(in[k], shift, &step);
    if (!code && own) code = vr_h5_read(in[k], path, VR_I64, 0, own, all + at);
    if (code) break;
    for (size_t i = 0; i < own; i++) all[at + i] += base;
    at += own;
    base += (int64_t)step;
  }
  if (!code) code = vr_h5_get_attr_str(in[first], path, "units", &units);
  if (!code) {
    code = vr_h5_begin(out, path, info.type, 1, &rows, axis, units);
    vr_release(units);
  }
  if (!code) code = vr_h5_write(out, path, VR_I64, 0, rows, all);
  vr_release(all);
  return code;
}

int vr_merge_axes(vr_h5 *const *in, size_t n, vr_h5 *out)
{
  VR_TRY(vr_merge_frames(in, n, out, "/time"));
  return merge_integers(in, n, out, "/trial", "/trials/first", "time");
}

// -- tables --

static int merge_strings(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path)
{
  size_t rows, at = 0;
  char **all, ***parts;
  VR_TRY(total_rows(in, n, path, &rows));
  VR_TRY(vr_alloc(&all, rows, sizeof *all));
  int code = vr_alloc(&parts, n, sizeof *parts);
  for (size_t k = 0; k < n && !code; k++) {
    size_t m;
    code = vr_h5_read_strings(in[k], path, &parts[k], &m);
    for (size_t i = 0; i < m && at < rows && !code; i++) all[at++] = parts[k][i];
  }
  if (!code) code = vr_h5_put_strings(out, path, all, rows, "number");
  for (size_t k = 0; parts && k < n; k++) vr_release(parts[k]);
  vr_release(parts);
  vr_release(all);
  return code;
}

static int merge_numbers(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path)
{
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(in[0], path, &info));
  if (info.type == VR_STR) return merge_strings(in, n, out, path);
  if (!vr_type_size(info.type) || info.rank != 1)
    return vr_fail(VR_EDATA, "%s: is not a column of a table", path);
  return vr_merge_frames(in, n, out, path);
}

int vr_merge_table(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path)
{
  if (!strcmp(path, "/trials/number")) return merge_integers(in, n, out, path, path, "number");
  if (!strcmp(path, "/trials/first")) return merge_integers(in, n, out, path, "/time", "number");
  return merge_numbers(in, n, out, path);
}

int vr_merge_moments(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path, int *everywhere)
{
  size_t have = 0, with = 0;
  vr_h5 **part;
  const char *column = vr_path_last(path);
  char number[64];
  snprintf(number, sizeof number, "%.50s/number", vr_moments_of(path));
  if (!strcmp(column, "trial")) return merge_integers(in, n, out, path, "/trials/first", "number");
  if (!strcmp(column, "number")) return merge_integers(in, n, out, path, path, "number");
  VR_TRY(vr_alloc(&part, n, sizeof *part));
  for (size_t k = 0; k < n; k++) {
    with += vr_h5_has(in[k], number);
    if (vr_h5_has(in[k], path)) part[have++] = in[k];
  }
  *everywhere = have == with;
  int code = *everywhere ? merge_numbers(part, have, out, path) : 0;
  vr_release(part);
  return code;
}
