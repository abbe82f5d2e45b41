#include "io/h5_file.h"
#include "base/err.h"
#include "base/mem.h"
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

static int no_attribute(const char *path, const char *name, const char *what)
{
  return vr_fail(VR_EDATA, "%s: attribute %s %s", path, name, what);
}

int vr_h5_has_attr(const vr_h5 *f, const char *path, const char *name)
{
  if (!vr_h5_has(f, path)) return 0;
  return H5Aexists_by_name(f->id, path, name, H5P_DEFAULT) > 0;
}

static hid_t attribute(const vr_h5 *f, const char *path, const char *name)
{
  if (!vr_h5_has_attr(f, path, name)) return H5I_INVALID_HID;
  return H5Aopen_by_name(f->id, path, name, H5P_DEFAULT, H5P_DEFAULT);
}

/* the first element of a string attribute, as a block of its own */
static int read_string(hid_t attr, hid_t type, size_t n, char **value)
{
  char *buf, *text;
  int loose = H5Tis_variable_str(type) > 0;
  size_t stride = loose ? sizeof(char *) : H5Tget_size(type);
  VR_TRY(vr_alloc(&buf, n, stride));
  int code = H5Aread(attr, type, buf) < 0 ? VR_EDATA : 0;
  if (!code) {
    const char *from = buf;
    if (loose) memcpy(&from, buf, sizeof from);
    size_t len = from ? loose ? strlen(from) : strnlen(from, stride) : 0;
    code = vr_alloc(&text, len + 1, 1);
    if (!code && len) memcpy(text, from, len);
    if (!code) *value = text;
  }
  if (loose) {
    hid_t space = H5Aget_space(attr);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, buf);
    H5Sclose(space);
  }
  vr_release(buf);
  return code;
}

/* elements of an attribute, 0 when it is empty or absurdly large */
static size_t attribute_length(hid_t attr)
{
  hid_t space = H5Aget_space(attr);
  hssize_t n = H5Sget_simple_extent_npoints(space);
  H5Sclose(space);
  return n > 0 && n <= 1 << 20 ? (size_t)n : 0;
}

int vr_h5_get_attr_str(const vr_h5 *f, const char *path, const char *name, char **value)
{
  *value = NULL;
  hid_t attr = attribute(f, path, name);
  if (attr < 0) return no_attribute(path, name, "is not there");
  hid_t type = H5Aget_type(attr);
  size_t n = attribute_length(attr);
  int heaps = H5Tis_variable_str(type) > 0 ? vr_h5_check_heaps(f) : 0, code = VR_EDATA;
  if (!heaps && H5Tget_class(type) == H5T_STRING && n) code = read_string(attr, type, n, value);
  H5Tclose(type);
  H5Aclose(attr);
  if (heaps) return heaps;
  return code == VR_EDATA ? no_attribute(path, name, "is not a readable string") : code;
}

int vr_h5_get_attr_num(const vr_h5 *f, const char *path, const char *name, double *value)
{
  hid_t attr = attribute(f, path, name);
  if (attr < 0) return no_attribute(path, name, "is not there");
  hid_t type = H5Aget_type(attr);
  H5T_class_t class = H5Tget_class(type);
  H5Tclose(type);
  size_t n = attribute_length(attr);
  double *all = NULL;
  int code = VR_EDATA;
  if (n && (class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM)) {
    code = vr_alloc(&all, n, sizeof *all);
    if (!code && H5Aread(attr, H5T_NATIVE_DOUBLE, all) < 0) code = VR_EDATA;
    if (!code) *value = all[0];
  }
  vr_release(all);
  H5Aclose(attr);
  return code == VR_EDATA ? no_attribute(path, name, "is not a number") : code;
}

/* -- writing -- */

static int put_attribute(
  vr_h5 *f, const char *path, const char *name, hid_t type, const void *value)
{
  hid_t object = vr_h5_object(f, path);
  if (object < 0) return VR_EDATA;
  if (H5Aexists(object, name) > 0) H5Adelete(object, name);
  hid_t space = H5Screate(H5S_SCALAR);
  hid_t attr = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  herr_t status = attr < 0 ? -1 : H5Awrite(attr, type, value);
  if (attr >= 0) H5Aclose(attr);
  H5Sclose(space);
  H5Oclose(object);
  return status < 0 ? vr_h5_fail(VR_EIO, path, "an attribute cannot be written") : 0;
}

int vr_h5_set_attr_str(vr_h5 *f, const char *path, const char *name, const char *value)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, strlen(value) + 1);
  H5Tset_cset(type, H5T_CSET_UTF8);
  int code = put_attribute(f, path, name, type, value);
  H5Tclose(type);
  return code;
}

int vr_h5_set_attr_num(vr_h5 *f, const char *path, const char *name, double value)
{
  return put_attribute(f, path, name, H5T_NATIVE_DOUBLE, &value);
}

/* -- scales -- */

static herr_t keep_name(hid_t dataset, unsigned dim, hid_t scale, void *name)
{
  (void)dataset, (void)dim;
  return H5Iget_name(scale, name, 1024) > 0 ? 1 : -1; // 1 ends the walk at the first scale
}

int vr_h5_scale_path(hid_t dataset, int k, char *path, size_t size)
{
  char name[1024] = "";
  path[0] = 0;
  if (H5DSget_num_scales(dataset, (unsigned)k) <= 0) return 0;
  if (H5DSiterate_scales(dataset, (unsigned)k, NULL, keep_name, name) <= 0 || strlen(name) >= size)
    return vr_fail(VR_EDATA, "an axis has a scale that is not there");
  memcpy(path, name, strlen(name) + 1);
  return 0;
}
