/* h5_attrlist.c -- all attributes of an object, for those who do not know their names. */
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/h5_file.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
  vr_str names; // each ends with NUL
  size_t n;
} name_list;

static herr_t add_name(hid_t object, const char *name, const H5A_info_t *info, void *ctx)
{
  static const char *const scales[] = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"};
  name_list *list = ctx;
  (void)object, (void)info;
  for (size_t i = 0; i < VR_LEN(scales); i++)
    if (!strcmp(name, scales[i])) return 0;
  vr_str_addn(&list->names, name, strlen(name) + 1);
  list->n++;
  return 0;
}

int vr_h5_list_attrs(const vr_h5 *f, const char *path, char ***names, size_t *n)
{
  name_list list = {0};
  hsize_t at = 0;
  *names = NULL;
  *n = 0;
  hid_t object = vr_h5_object(f, path);
  if (object < 0) return VR_EDATA;
  herr_t status = H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, add_name, &list);
  H5Oclose(object);
  int code = status < 0 ? vr_h5_fail(VR_EDATA, path, "its attributes are damaged") : 0;
  char **block = NULL;
  if (!code) code = vr_str_ok(&list.names);
  if (!code) code = vr_alloc(&block, list.n * sizeof *block + list.names.n, 1);
  if (!code) {
    char *text = (char *)(block + list.n);
    if (list.names.n) memcpy(text, list.names.s, list.names.n);
    for (size_t i = 0; i < list.n; i++, text += strlen(text) + 1) block[i] = text;
    *names = block;
    *n = list.n;
  }
  vr_str_free(&list.names);
  return code;
}

static int add_numbers(hid_t attr, size_t n, vr_str *text)
{
  double *x;
  VR_TRY(vr_alloc(&x, n, sizeof *x));
  int code = H5Aread(attr, H5T_NATIVE_DOUBLE, x) < 0 ? VR_EDATA : 0;
  for (size_t i = 0; i < n && !code; i++) {
    if (i) vr_str_addc(text, ',');
    vr_json_add_number(text, x[i]);
  }
  vr_release(x);
  return code;
}

static int add_strings(hid_t attr, hid_t type, hid_t space, size_t n, vr_str *text)
{
  char *buf;
  int loose = H5Tis_variable_str(type) > 0;
  size_t stride = loose ? sizeof(char *) : H5Tget_size(type);
  VR_TRY(vr_alloc(&buf, n, stride));
  int code = H5Aread(attr, type, buf) < 0 ? VR_EDATA : 0;
  for (size_t i = 0; i < n && !code; i++) {
    const char *s = buf + i * stride;
    if (loose) memcpy(&s, buf + i * stride, sizeof s);
    if (i) vr_str_addc(text, ',');
    vr_json_add_string(text, s ? s : "", s ? loose ? strlen(s) : strnlen(s, stride) : 0);
  }
  if (loose && !code) H5Dvlen_reclaim(type, space, H5P_DEFAULT, buf);
  vr_release(buf);
  return code;
}

int vr_h5_attr_json(const vr_h5 *f, const char *path, const char *name, vr_str *text)
{
  enum { MOST = 1 << 16 };
  if (!vr_h5_has_attr(f, path, name))
    return vr_fail(VR_EDATA, "%s: attribute %.100s is not there", path, name);
  hid_t attr = H5Aopen_by_name(f->id, path, name, H5P_DEFAULT, H5P_DEFAULT);
  if (attr < 0) return vr_h5_fail(VR_EDATA, path, "an attribute is damaged");
  hid_t type = H5Aget_type(attr), space = H5Aget_space(attr);
  H5T_class_t class = H5Tget_class(type);
  if (H5Tis_variable_str(type) > 0 && vr_h5_check_heaps(f)) class = H5T_NO_CLASS; // told as null
  hssize_t n = H5Sget_simple_extent_npoints(space);
  int number = class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM, code = 0;
  int list = H5Sget_simple_extent_ndims(space) > 0;
  if (n <= 0 || n > MOST || (!number && class != H5T_STRING)) {
    vr_str_add(text, "null");
  } else {
    if (list) vr_str_addc(text, '[');
    if (number)
      code = add_numbers(attr, (size_t)n, text);
    else
      code = add_strings(attr, type, space, (size_t)n, text);
    if (list) vr_str_addc(text, ']');
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attr);
  return code == VR_EDATA ? vr_h5_fail(code, path, "an attribute is damaged") : code;
}

int vr_h5_has_checksums(const vr_h5 *f, const char *path)
{
  vr_h5_open_set *s;
  unsigned flags, config;
  size_t nvalues = 0;
  if (vr_h5_dataset(f, path, &s)) return 0;
  hid_t list = H5Dget_create_plist(s->id);
  herr_t found =
    H5Pget_filter_by_id2(list, H5Z_FILTER_FLETCHER32, &flags, &nvalues, NULL, 0, NULL, &config);
  H5Pclose(list);
  H5Eclear2(H5E_DEFAULT);
  return found >= 0;
}
