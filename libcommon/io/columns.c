#include "io/columns.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include <stdio.h>
#include <string.h>

const char *vr_path_last(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const char *vr_moments_of(const char *path)
{
  static const char *const tables[] = {"/events", "/spikes"};
  for (size_t i = 0; i < VR_LEN(tables); i++) {
    size_t n = strlen(tables[i]);
    if (!strncmp(path, tables[i], n) && path[n] == '/') return tables[i];
  }
  return NULL;
}

int vr_is_scale(const vr_h5 *f, const char *path)
{
  char *class;
  if (!vr_h5_has_attr(f, path, "CLASS") || vr_h5_get_attr_str(f, path, "CLASS", &class)) return 0;
  int scale = !strcmp(class, "DIMENSION_SCALE");
  vr_release(class);
  return scale;
}

void vr_axis_path(const vr_h5 *f, const char *path, int k, char *scale, size_t size)
{
  char name[256];
  scale[0] = 0;
  if (vr_h5_get_axis(f, path, k, name, sizeof name) || !name[0]) return;
  // the group of the dataset, then those above it, then /names
  for (size_t n = strlen(path); n > 0;) {
    while (n > 0 && path[--n] != '/') continue;
    int len = snprintf(scale, size, "%.*s/%s", (int)n, path, name);
    if (len > 0 && (size_t)len < size && vr_h5_has(f, scale) && !vr_h5_is_group(f, scale)) return;
  }
  int len = snprintf(scale, size, "/names/%s", name);
  if (len < 0 || (size_t)len >= size || !vr_h5_has(f, scale)) scale[0] = 0;
}

// strings one after the other, as one block of pointers and text
static int gather(const vr_str *text, size_t n, char ***list)
{
  VR_TRY(vr_str_ok(text));
  char **p;
  VR_TRY(vr_alloc(&p, n * sizeof *p + text->n + 1, 1));
  char *s = (char *)(p + n);
  if (text->n) memcpy(s, text->s, text->n);
  for (size_t i = 0; i < n; i++) {
    p[i] = s;
    s += strlen(s) + 1;
  }
  *list = p;
  return 0;
}

static int number_words(const double *values, size_t n, char ***words)
{
  vr_str text = {0};
  for (size_t i = 0; i < n; i++) {
    char buf[VR_NUMBER_MAX];
    vr_str_addn(&text, buf, vr_number_f64(buf, values ? values[i] : (double)(i + 1)) + 1);
  }
  int code = gather(&text, n, words);
  vr_str_free(&text);
  return code;
}

int vr_axis_words(const vr_h5 *f, const char *path, int k, char ***words, size_t *n)
{
  char scale[1024];
  vr_h5_info of, info;
  VR_TRY(vr_h5_get_info(f, path, &of));
  *n = k < of.rank ? of.dim[k] : 1;
  vr_axis_path(f, path, k, scale, sizeof scale);
  if (!scale[0] || vr_h5_get_info(f, scale, &info) || info.rank != 1 || info.rows != *n ||
      info.type == VR_OTHER)
    return number_words(NULL, *n, words);
  if (info.type == VR_STR) return vr_h5_read_strings(f, scale, words, n);
  double *values;
  VR_TRY(vr_alloc(&values, *n, sizeof *values));
  int code = vr_h5_read(f, scale, VR_F64, 0, *n, values);
  if (!code) code = number_words(values, *n, words);
  vr_release(values);
  return code;
}

int vr_column_names(const vr_h5 *f, const char *path, char ***names, size_t *n)
{
  char **axis[VR_H5_MAXRANK] = {0};
  size_t dim[VR_H5_MAXRANK], at[VR_H5_MAXRANK] = {0};
  vr_h5_info info;
  vr_str text = {0};
  int code = vr_h5_get_info(f, path, &info);
  if (code) return code;
  for (int k = 1; k < info.rank && !code; k++) code = vr_axis_words(f, path, k, &axis[k], &dim[k]);
  // count like an odometer, the last axis fastest
  for (size_t c = 0; c < info.row && !code; c++) {
    for (int k = 1; k < info.rank; k++) {
      if (k > 1) vr_str_addc(&text, '.');
      vr_str_add(&text, axis[k][at[k]]);
    }
    vr_str_addn(&text, "", 1);
    for (int k = info.rank - 1; k >= 1 && ++at[k] == dim[k]; k--) at[k] = 0;
  }
  *n = info.row;
  if (!code) code = gather(&text, info.row, names);
  for (int k = 1; k < VR_H5_MAXRANK; k++) vr_release(axis[k]);
  vr_str_free(&text);
  return code;
}

int vr_axes_text(const vr_h5 *f, const char *path, const char *sep, vr_str *text)
{
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(f, path, &info));
  for (int k = 0; k < info.rank; k++) {
    char name[256];
    if (vr_h5_get_axis(f, path, k, name, sizeof name) || !name[0]) memcpy(name, "-", 2);
    if (k) vr_str_add(text, sep);
    vr_str_add_escaped(text, name, strlen(name), 100);
  }
  return 0;
}

int vr_units_text(const vr_h5 *f, const char *path, vr_str *text)
{
  char *units;
  if (!vr_h5_has_attr(f, path, "units")) return 0;
  if (vr_h5_get_attr_str(f, path, "units", &units)) return 0;
  vr_str_add_escaped(text, units, strlen(units), 100);
  vr_release(units);
  return 0;
}
