#include "io/h5_file.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

/* -- what is in a group -- */

typedef struct {
  const vr_h5 *f;
  const char *group;
  vr_str names; /* each ends with NUL */
  size_t n;
} vr_listing;

static herr_t add_member(hid_t group, const char *name, const H5L_info_t *link, void *ctx)
{
  vr_listing *list = ctx;
  (void)group;
  vr_str path = {0};
  vr_str_addf(&path, "%s/%s", list->group[1] ? list->group : "", name);
  list->names.failed |= path.failed;
  if (link->type <= H5L_TYPE_SOFT && !path.failed && vr_h5_has(list->f, path.s)) {
    vr_str_addn(&list->names, name, strlen(name) + 1);
    list->n++;
  }
  vr_str_free(&path);
  return 0;
}

int vr_h5_list(const vr_h5 *f, const char *group, char ***names, size_t *n)
{
  vr_listing list = {.f = f, .group = group};
  *names = NULL;
  *n = 0;
  hsize_t at = 0;
  hid_t id = vr_h5_object(f, group);
  if (id < 0) return VR_EDATA;
  herr_t status = H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, &at, add_member, &list);
  H5Oclose(id);
  int code = status < 0 ? vr_h5_fail(VR_EDATA, group, "cannot be listed") : vr_str_ok(&list.names);
  char **block = NULL;
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

/* Objects seen so far, so that a second name or a loop is not followed. */
typedef struct {
  haddr_t *at;
  size_t n, cap;
} vr_seen;

static int first_visit(const vr_h5 *f, const char *path, vr_seen *seen, int *first)
{
  H5O_info_t info;
  if (H5Oget_info_by_name2(f->id, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
    return vr_h5_fail(VR_EDATA, path, "is damaged");
  *first = 0;
  if (info.type != H5O_TYPE_GROUP && info.type != H5O_TYPE_DATASET) return 0; // a named type
  for (size_t i = 0; i < seen->n; i++)
    if (seen->at[i] == info.addr) return 0;
  if (seen->n == seen->cap) {
    VR_TRY(vr_grow(&seen->at, seen->n, 2 * seen->cap + 64, sizeof *seen->at));
    seen->cap = 2 * seen->cap + 64;
  }
  seen->at[seen->n++] = info.addr;
  *first = 1;
  return 0;
}

typedef int (*vr_walk_fn)(void *ctx, const char *path, const vr_h5_info *info);

typedef struct {
  vr_walk_fn fn;
  void *ctx;
  int all; /* refused datasets are told, not the end */
} vr_walk;

static int walk_dataset(const vr_h5 *f, const char *path, const vr_walk *w)
{
  vr_h5_info info;
  int code = vr_h5_get_info(f, path, &info);
  if (code && !w->all) return code;
  return w->fn(w->ctx, path, code ? NULL : &info);
}

static int walk_group(const vr_h5 *f, const char *group, vr_seen *seen, const vr_walk *w, int depth)
{
  char **name;
  size_t n;
  int code = 0;
  if (depth > 32) return vr_fail(VR_EDATA, "%s: groups are nested too deeply", group);
  VR_TRY(vr_h5_list(f, group, &name, &n));
  for (size_t i = 0; i < n && !code; i++) {
    vr_str path = {0};
    int first = 0;
    vr_str_addf(&path, "%s/%s", group[1] ? group : "", name[i]);
    code = vr_str_ok(&path);
    if (!code) code = first_visit(f, path.s, seen, &first);
    if (!code && first && vr_h5_is_group(f, path.s))
      code = walk_group(f, path.s, seen, w, depth + 1);
    else if (!code && first)
      code = walk_dataset(f, path.s, w);
    vr_str_free(&path);
  }
  vr_release(name);
  return code;
}

static int walk(const vr_h5 *f, const char *group, const vr_walk *w)
{
  vr_seen seen = {0};
  int first, code = first_visit(f, group, &seen, &first);
  // the scales in /names are linked into other groups too: there they go by this name
  if (!code && !strcmp(group, "/") && vr_h5_is_group(f, "/names"))
    code = first_visit(f, "/names", &seen, &first);
  if (!code && seen.n == 2) code = walk_group(f, "/names", &seen, w, 1);
  if (!code) code = walk_group(f, group, &seen, w, 0);
  vr_release(seen.at);
  return code;
}

int vr_h5_walk(const vr_h5 *f, const char *group, vr_walk_fn fn, void *ctx)
{
  return walk(f, group, &(vr_walk){fn, ctx, 0});
}

int vr_h5_walk_all(const vr_h5 *f, const char *group, vr_walk_fn fn, void *ctx)
{
  return walk(f, group, &(vr_walk){fn, ctx, 1});
}

/* -- numbers -- */

/* selects rows first .. first+rows-1 of the file's space and gives the matching memory space */
static int select_rows(
  const vr_h5_open_set *s, size_t first, size_t rows, hid_t *file, hid_t *memory)
{
  hsize_t start[VR_H5_MAXRANK] = {first}, count[VR_H5_MAXRANK] = {rows};
  for (int k = 1; k < s->info.rank; k++) count[k] = s->info.dim[k];
  *file = H5Dget_space(s->id);
  // of the same shape: HDF5 maps unlike shapes element by element
  *memory = s->info.rank > 0 ? H5Screate_simple(s->info.rank, count, NULL) : H5Screate(H5S_SCALAR);
  herr_t status = 0;
  if (s->info.rank > 0)
    status = H5Sselect_hyperslab(*file, H5S_SELECT_SET, start, NULL, count, NULL);
  return status < 0 || *memory < 0 ? VR_EARG : 0;
}

static int check_rows(const vr_h5_open_set *s, const char *path, size_t first, size_t rows)
{
  if (first > s->info.rows || rows > s->info.rows - first)
    return vr_fail(VR_EARG, "%s: rows %zu to %zu are not all there (%zu are)", path, first,
      first + rows, s->info.rows);
  return 0;
}

int vr_h5_read(const vr_h5 *f, const char *path, vr_type as, size_t first, size_t rows, void *buf)
{
  vr_h5_open_set *s;
  hid_t file, memory, type = vr_h5_memory_type(as);
  VR_TRY(vr_h5_dataset(f, path, &s));
  if (type < 0 || vr_type_size(s->info.type) == 0)
    return vr_fail(VR_EDATA, "%s: does not hold numbers", path);
  VR_TRY(check_rows(s, path, first, rows));
  if (!rows || !s->info.row) return 0;
  VR_TRY(vr_h5_check_chunks(f, s, path, first, rows));
  int code = select_rows(s, first, rows, &file, &memory);
  if (!code && H5Dread(s->id, type, memory, file, H5P_DEFAULT, buf) < 0)
    code = vr_h5_fail(VR_EDATA, path, "is damaged");
  H5Sclose(memory);
  H5Sclose(file);
  return code;
}

/* -- strings -- */

/* copies n strings, fixed (stride bytes each) or by pointer, into one block with their array */
static int pack_strings(
  const char *fixed, size_t stride, char *const *loose, size_t n, char ***list)
{
  size_t bytes = 0;
  char **block;
  for (size_t i = 0; i < n; i++)
    bytes += 1 + (fixed ? strnlen(fixed + i * stride, stride) : loose[i] ? strlen(loose[i]) : 0);
  VR_TRY(vr_alloc(&block, n * sizeof *block + bytes, 1));
  char *text = (char *)(block + n);
  for (size_t i = 0; i < n; i++) {
    const char *from = fixed ? fixed + i * stride : loose[i] ? loose[i] : "";
    size_t len = fixed ? strnlen(from, stride) : strlen(from);
    memcpy(text, from, len);
    block[i] = text;
    text += len + 1;
    while (len && block[i][len - 1] == ' ') block[i][--len] = 0;
  }
  *list = block;
  return 0;
}

int vr_h5_read_strings(const vr_h5 *f, const char *path, char ***list, size_t *n)
{
  vr_h5_open_set *s;
  *list = NULL;
  *n = 0;
  VR_TRY(vr_h5_dataset(f, path, &s));
  if (s->info.type != VR_STR) return vr_fail(VR_EDATA, "%s: does not hold strings", path);
  VR_TRY(vr_h5_check_chunks(f, s, path, 0, s->info.rows));
  size_t count = s->info.rows * s->info.row;
  hid_t type = H5Dget_type(s->id);
  int loose = H5Tis_variable_str(type) > 0;
  size_t stride = loose ? sizeof(char *) : H5Tget_size(type);
  char *buf = NULL;
  int code = loose ? vr_h5_check_heaps(f) : 0;
  if (!code) code = vr_alloc(&buf, count, stride);
  if (!code && count && H5Dread(s->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buf) < 0)
    code = vr_h5_fail(VR_EDATA, path, "is damaged");
  if (!code) code = pack_strings(loose ? NULL : buf, stride, (char *const *)buf, count, list);
  if (loose && buf && count) {
    hid_t space = H5Dget_space(s->id);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, buf);
    H5Sclose(space);
  }
  H5Tclose(type);
  vr_release(buf);
  if (!code) *n = count;
  return code;
}

/* -- one field of a table -- */

/* the memory type {field: double[width]} for a compound's field; negative when it is not numeric */
static hid_t field_type(hid_t compound, const char *field, size_t *width)
{
  int at = H5Tget_member_index(compound, field);
  if (at < 0) return H5I_INVALID_HID;
  hid_t member = H5Tget_member_type(compound, (unsigned)at), type = H5I_INVALID_HID;
  H5T_class_t class = H5Tget_class(member);
  hsize_t dim[H5S_MAX_RANK];
  *width = 1;
  if (class == H5T_ARRAY) {
    int rank = H5Tget_array_ndims(member);
    H5Tget_array_dims2(member, dim);
    for (int k = 0; k < rank; k++) *width *= dim[k];
    hid_t base = H5Tget_super(member);
    class = H5Tget_class(base);
    H5Tclose(base);
    if (class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM)
      type = H5Tarray_create2(H5T_NATIVE_DOUBLE, (unsigned)rank, dim);
  } else if (class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM) {
    type = H5Tcopy(H5T_NATIVE_DOUBLE);
  }
  H5Tclose(member);
  if (type < 0) return type;
  hid_t row = H5Tcreate(H5T_COMPOUND, *width * sizeof(double));
  H5Tinsert(row, field, 0, type);
  H5Tclose(type);
  return row;
}

int vr_h5_read_field(
  const vr_h5 *f, const char *path, const char *field, double **a, size_t *rows, size_t *width)
{
  vr_h5_open_set *s;
  *a = NULL;
  VR_TRY(vr_h5_dataset(f, path, &s));
  hid_t compound = H5Dget_type(s->id), row = H5I_INVALID_HID;
  if (H5Tget_class(compound) == H5T_COMPOUND && s->info.rank == 1)
    row = field_type(compound, field, width);
  H5Tclose(compound);
  if (row < 0) return vr_fail(VR_EDATA, "%s: has no numeric field %s", path, field);
  int code = vr_alloc(a, s->info.rows, *width * sizeof **a);
  if (!code && s->info.rows && H5Dread(s->id, row, H5S_ALL, H5S_ALL, H5P_DEFAULT, *a) < 0)
    code = vr_h5_fail(VR_EDATA, path, "is damaged");
  H5Tclose(row);
  if (code) {
    vr_release(*a);
    *a = NULL;
  }
  *rows = s->info.rows;
  return code;
}

int vr_h5_get_axis(const vr_h5 *f, const char *path, int k, char *name, size_t size)
{
  vr_h5_open_set *s;
  vr_str axis = {0};
  name[0] = 0;
  VR_TRY(vr_h5_dataset(f, path, &s));
  if (k >= s->info.rank) return vr_fail(VR_EARG, "%s: has no axis %d", path, k);
  if (H5DSis_scale(s->id) > 0) {
    vr_str_add(&axis, path + vr_h5_parent(path) + 1);
  } else {
    char full[1024] = "";
    VR_TRY(vr_h5_check_heaps(f));
    VR_TRY(vr_h5_scale_path(s->id, k, full, sizeof full));
    if (*full) vr_str_add(&axis, full + vr_h5_parent(full) + 1);
  }
  if (axis.n && axis.n < size) memcpy(name, axis.s, axis.n + 1);
  vr_str_free(&axis);
  return 0;
}
