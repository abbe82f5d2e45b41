#include "io/h5_file.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 20 };

int vr_h5_make_groups(vr_h5 *f, const char *path)
{
  size_t end = vr_h5_parent(path);
  char group[1024];
  if (path[0] != '/' || strlen(path) >= sizeof group)
    return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", path);
  hid_t list = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(list, 0);
  int code = 0;
  for (size_t i = 1; i <= end && !code; i++) {
    if (i < end && path[i] != '/') continue;
    memcpy(group, path, i);
    group[i] = 0;
    if (vr_h5_has(f, group)) continue;
    hid_t id = H5Gcreate2(f->id, group, H5P_DEFAULT, list, H5P_DEFAULT);
    if (id < 0)
      code = vr_h5_fail(VR_EIO, group, "cannot be made");
    else
      H5Gclose(id);
  }
  H5Pclose(list);
  return code;
}

int vr_h5_remove(vr_h5 *f, const char *path)
{
  if (!vr_h5_has(f, path)) return 0;
  VR_TRY(vr_h5_check_heaps(f)); // later, what is removed would look like damage
  vr_h5_forget(f, path);
  f->repack = 1; // what was there still takes room, and scales still refer to it
  return H5Ldelete(f->id, path, H5P_DEFAULT) < 0 ? vr_h5_fail(VR_EIO, path, "cannot be removed")
                                                 : 0;
}

/* -- the axes of a new dataset -- */

/* joins group and name; 0 when it does not fit */
static int join(char *path, size_t size, const char *group, size_t ngroup, const char *name)
{
  int n = snprintf(path, size, "%.*s/%s", (int)ngroup, group, name);
  return n > 0 && (size_t)n < size;
}

/* 1: a scale of this length is at path; 0: something else is; -1: nothing is there */
static int is_scale(const vr_h5 *f, const char *path, size_t length)
{
  vr_h5_open_set *s;
  if (!vr_h5_has(f, path)) return -1;
  if (vr_h5_dataset(f, path, &s)) return 0;
  return s->info.rank == 1 && s->info.dim[0] == length && H5DSis_scale(s->id) > 0;
}

static int number_scale(vr_h5 *f, const char *path, size_t length)
{
  int32_t *number;
  VR_TRY(vr_alloc(&number, length, sizeof *number));
  for (size_t i = 0; i < length; i++) number[i] = (int32_t)i + 1;
  int code = vr_h5_put(f, path, VR_I32, 1, &length, number, path + vr_h5_parent(path) + 1, "1");
  vr_release(number);
  return code;
}

/* length of the group above the first n characters of path */
static size_t group_above(const char *path, size_t n)
{
  while (n > 0 && path[--n] != '/') continue;
  return n;
}

/* a scale of this name and length in the group or one above; *found is 0 when there is none */
static int scale_above(const vr_h5 *f, const char *group, size_t ngroup, const char *name,
  size_t length, char *path, size_t size, int *found)
{
  *found = 0;
  for (size_t n = ngroup;; n = group_above(group, n)) {
    if (!join(path, size, group, n, name)) return vr_fail(VR_EARG, "%s: a path too long", name);
    int state = is_scale(f, path, length);
    *found = state > 0;
    if (*found) return 0;
    if (!n && state == 0 && !strcmp(name, "time"))
      return vr_fail(VR_EDATA, "/time: has another length than %zu frames", length);
    if (!n) return 0;
  }
}

/* path of the scale for axis `name` of a dataset in `group`, made or linked when needed */
static int find_scale(vr_h5 *f, const char *group, size_t ngroup, const char *name, size_t length,
  char *path, size_t size)
{
  char global[1024], numbered[64];
  int found;
  VR_TRY(scale_above(f, group, ngroup, name, length, path, size, &found));
  if (found) return 0;
  if (!join(path, size, group, ngroup, name)) return vr_fail(VR_EARG, "%s: a path too long", name);
  int free_here = is_scale(f, path, length) < 0;
  snprintf(global, sizeof global, "/names/%.900s", name);
  if (free_here && is_scale(f, global, length) > 0) {
    if (H5Lcreate_hard(f->id, global, f->id, path, H5P_DEFAULT, H5P_DEFAULT) < 0)
      return vr_h5_fail(VR_EIO, path, "cannot be linked");
    return 0;
  }
  if (!free_here) { // the name is taken by another length
    snprintf(numbered, sizeof numbered, "%.40s_%zu", name, length);
    if (!join(path, size, group, ngroup, numbered))
      return vr_fail(VR_EARG, "%s: a path too long", name);
    found = is_scale(f, path, length);
    if (found > 0) return 0;
    if (found == 0) return vr_fail(VR_EARG, "%s: is in the way of a scale", path);
  }
  return number_scale(f, path, length);
}

static int attach_axes(vr_h5 *f, const char *path, const vr_h5_info *info, const char *axes)
{
  char **word, scale_path[1024];
  size_t n, ngroup = vr_h5_parent(path);
  VR_TRY(vr_str_split(axes, " ", &word, &n));
  int code = n != (size_t)info->rank
               ? vr_fail(VR_EARG, "%s: %d dimensions, but the axes \"%s\"", path, info->rank, axes)
               : 0;
  for (int k = 0; k < info->rank && !code; k++) {
    vr_h5_open_set *set, *scale;
    if (info->rank == 1 && !strcmp(word[k], path + ngroup + 1)) {
      if (!(code = vr_h5_dataset(f, path, &set)) && H5DSset_scale(set->id, word[k]) < 0)
        code = vr_h5_fail(VR_EIO, path, "cannot become a scale");
      continue;
    }
    code = find_scale(f, path, ngroup, word[k], info->dim[k], scale_path, sizeof scale_path);
    if (!code) code = vr_h5_dataset(f, scale_path, &scale);
    if (!code) code = vr_h5_dataset(f, path, &set);
    if (!code && H5DSattach_scale(set->id, scale->id, (unsigned)k) < 0)
      code = vr_h5_fail(VR_EIO, path, "a scale cannot be attached");
  }
  vr_release(word);
  return code;
}

/* -- datasets -- */

/* chunks of whole rows, about 1 MiB; checksums; no times; `growing` datasets can be extended */
static hid_t creation_list(int rank, const size_t *dim, size_t element, int growing)
{
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t chunk[VR_H5_MAXRANK], row = element;
  for (int k = 1; k < rank; k++) {
    chunk[k] = dim[k] ? dim[k] : 1;
    row *= chunk[k];
  }
  for (int k = 1; k < rank && row > CHUNK_BYTES; k++) { // one row is more than a chunk
    hsize_t part = chunk[k] * CHUNK_BYTES / row;
    row /= chunk[k];
    chunk[k] = part ? part : 1;
    row *= chunk[k];
  }
  hsize_t rows = row < CHUNK_BYTES ? CHUNK_BYTES / row : 1;
  chunk[0] = growing ? 16 : rows < dim[0] ? rows : dim[0] ? dim[0] : 1;
  H5Pset_chunk(list, rank, chunk);
  if (growing) H5Pset_deflate(list, 6);
  H5Pset_fletcher32(list);
  H5Pset_fill_time(list, H5D_FILL_TIME_ALLOC);
  H5Pset_obj_track_times(list, 0);
  return list;
}

static int create(vr_h5 *f, const char *path, hid_t type, int rank, const size_t *dim, int growing)
{
  hsize_t now[VR_H5_MAXRANK], most[VR_H5_MAXRANK];
  if (rank < 1 || rank > VR_H5_MAXRANK) return vr_fail(VR_EARG, "%s: %d dimensions", path, rank);
  VR_TRY(vr_h5_remove(f, path));
  VR_TRY(vr_h5_make_groups(f, path));
  for (int k = 0; k < rank; k++) {
    now[k] = dim[k];
    most[k] = dim[k] && !growing ? dim[k] : H5S_UNLIMITED;
  }
  hid_t list = creation_list(rank, dim, H5Tget_size(type), growing);
  hid_t space = H5Screate_simple(rank, now, most);
  hid_t id = H5Dcreate2(f->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  H5Sclose(space);
  H5Pclose(list);
  if (id < 0) return vr_h5_fail(VR_EIO, path, "cannot be made");
  H5Dclose(id);
  return 0;
}

int vr_h5_begin(vr_h5 *f, const char *path, vr_type type, int rank, const size_t *dim,
  const char *axes, const char *units)
{
  vr_h5_info info;
  hid_t stored = vr_h5_memory_type(type);
  if (stored < 0) return vr_fail(VR_EARG, "%s: not a numeric type", path);
  VR_TRY(create(f, path, stored, rank, dim, 0));
  VR_TRY(vr_h5_set_attr_str(f, path, "units", units));
  VR_TRY(vr_h5_get_info(f, path, &info));
  return attach_axes(f, path, &info, axes);
}

int vr_h5_write(
  vr_h5 *f, const char *path, vr_type type, size_t first, size_t rows, const void *buf)
{
  vr_h5_open_set *s;
  VR_TRY(vr_h5_dataset(f, path, &s));
  if (first > s->info.rows || rows > s->info.rows - first)
    return vr_fail(VR_EARG, "%s: has %zu rows, not %zu", path, s->info.rows, first + rows);
  if (!rows || !s->info.row) return 0;
  hsize_t start[VR_H5_MAXRANK] = {first}, count[VR_H5_MAXRANK] = {rows};
  for (int k = 1; k < s->info.rank; k++) count[k] = s->info.dim[k];
  hid_t file = H5Dget_space(s->id), memory = H5Screate_simple(s->info.rank, count, NULL);
  herr_t status = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL);
  if (status >= 0)
    status = H5Dwrite(s->id, vr_h5_memory_type(type), memory, file, H5P_DEFAULT, buf);
  H5Sclose(memory);
  H5Sclose(file);
  return status < 0 ? vr_h5_fail(VR_EIO, path, "cannot be written") : 0;
}

int vr_h5_put(vr_h5 *f, const char *path, vr_type type, int rank, const size_t *dim,
  const void *buf, const char *axes, const char *units)
{
  VR_TRY(vr_h5_begin(f, path, type, rank, dim, axes, units));
  return vr_h5_write(f, path, type, 0, dim[0], buf);
}

/* -- strings -- */

/* room for `bytes` characters and the NUL at which h5dump stops printing */
static hid_t string_type(size_t bytes)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, bytes + 1);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

static int write_strings(hid_t dataset, hid_t type, size_t first, char *const *list, size_t n)
{
  char *block;
  size_t stride = H5Tget_size(type);
  VR_TRY(vr_alloc(&block, n, stride));
  for (size_t i = 0; i < n; i++) memcpy(block + i * stride, list[i], strlen(list[i]));
  hsize_t start = first, count = n;
  hid_t file = H5Dget_space(dataset), memory = H5Screate_simple(1, &count, NULL);
  herr_t status = H5Sselect_hyperslab(file, H5S_SELECT_SET, &start, NULL, &count, NULL);
  if (status >= 0 && n) status = H5Dwrite(dataset, type, memory, file, H5P_DEFAULT, block);
  H5Sclose(memory);
  H5Sclose(file);
  vr_release(block);
  return status < 0 ? VR_EIO : 0;
}

int vr_h5_put_strings(vr_h5 *f, const char *path, char *const *list, size_t n, const char *axis)
{
  vr_h5_open_set *s;
  size_t longest = 1;
  for (size_t i = 0; i < n; i++)
    if (strlen(list[i]) > longest) longest = strlen(list[i]);
  hid_t type = string_type(longest);
  int code = create(f, path, type, 1, &n, 0);
  if (!code) code = vr_h5_set_attr_str(f, path, "units", "");
  if (!code) code = vr_h5_dataset(f, path, &s);
  if (!code && (code = write_strings(s->id, type, 0, list, n)) == VR_EIO)
    code = vr_h5_fail(VR_EIO, path, "cannot be written");
  vr_h5_info info = code ? (vr_h5_info){0} : s->info;
  if (!code) code = attach_axes(f, path, &info, axis);
  H5Tclose(type);
  return code;
}

/* Lines are kept in strings of one size, compressed; a longer line means a new dataset. */
int vr_h5_append_line(vr_h5 *f, const char *path, const char *line)
{
  vr_h5_open_set *s;
  char **old = NULL;
  size_t n = 0, size = 2047, one = 1;
  if (vr_h5_has(f, path)) {
    VR_TRY(vr_h5_dataset(f, path, &s));
    hid_t type = H5Dget_type(s->id);
    hsize_t rows = s->info.rows + 1;
    int fits = s->info.rank == 1 && s->info.type == VR_STR && !H5Tis_variable_str(type) &&
               strlen(line) < H5Tget_size(type) && H5Dset_extent(s->id, &rows) >= 0;
    int code = fits ? write_strings(s->id, type, s->info.rows, (char *const *)&line, 1) : 0;
    H5Tclose(type);
    if (fits) s->info.rows = s->info.dim[0] = rows;
    if (fits) return code == VR_EIO ? vr_h5_fail(VR_EIO, path, "cannot be written") : code;
    VR_TRY(vr_h5_read_strings(f, path, &old, &n));
  }
  for (size_t i = 0; i < n; i++)
    while (size < strlen(old[i])) size = 2 * size + 1;
  while (size < strlen(line)) size = 2 * size + 1;
  hid_t type = string_type(size);
  int code = create(f, path, type, 1, n ? &n : &one, 1);
  if (!code) code = vr_h5_set_attr_str(f, path, "units", "");
  if (!code) code = vr_h5_dataset(f, path, &s);
  if (!code && H5DSset_scale(s->id, path + vr_h5_parent(path) + 1) < 0) code = VR_EIO;
  if (!code)
    code = n ? write_strings(s->id, type, 0, old, n)
             : write_strings(s->id, type, 0, (char *const *)&line, 1);
  H5Tclose(type);
  vr_release(old);
  if (code == VR_EIO) code = vr_h5_fail(VR_EIO, path, "cannot be written");
  return code || !n ? code : vr_h5_append_line(f, path, line);
}
