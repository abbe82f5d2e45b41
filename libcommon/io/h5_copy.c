/* h5_copy.c -- datasets from one file to another: attributes and scales kept, chunks as stored. */
#include "io/h5_file.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *path;
  haddr_t at;
  int keep;
} vr_copy_item;

typedef struct {
  const vr_h5 *from;
  vr_h5 *to;
  int (*keep)(void *ctx, const char *path);
  void *ctx;
  vr_h5_way way;
  vr_copy_item *item;
  size_t n, cap;
} vr_copy;

static int address(const vr_h5 *f, const char *path, haddr_t *at)
{
  H5O_info_t info;
  if (H5Oget_info_by_name2(f->id, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
    return vr_h5_fail(VR_EDATA, path, "is damaged");
  *at = info.addr;
  return 0;
}

static int collect(void *ctx, const char *path, const vr_h5_info *info)
{
  vr_copy *c = ctx;
  (void)info;
  if (c->n == c->cap) {
    VR_TRY(vr_grow(&c->item, c->n, 2 * c->cap + 64, sizeof *c->item));
    c->cap = 2 * c->cap + 64;
  }
  vr_copy_item *item = &c->item[c->n];
  VR_TRY(address(c->from, path, &item->at));
  VR_TRY(vr_alloc(&item->path, strlen(path) + 1, 1));
  memcpy(item->path, path, strlen(path) + 1);
  item->keep = !c->keep || c->keep(c->ctx, path);
  c->n++;
  return 0;
}

/* the item at the address of a scale; NULL when the scale's path leads nowhere */
static vr_copy_item *find(vr_copy *c, const char *path)
{
  haddr_t at;
  if (!vr_h5_has(c->from, path) || address(c->from, path, &at)) return NULL;
  for (size_t i = 0; i < c->n; i++)
    if (c->item[i].at == at) return &c->item[i];
  return NULL;
}

/* a dataset that is kept takes its scales along: axes without them would not be readable */
static int keep_scales(vr_copy *c)
{
  for (size_t i = 0; i < c->n; i++) {
    vr_h5_open_set *s;
    char path[1024];
    if (!c->item[i].keep) continue;
    VR_TRY(vr_h5_dataset(c->from, c->item[i].path, &s));
    for (int k = 0; k < s->info.rank; k++) {
      VR_TRY(vr_h5_scale_path(s->id, k, path, sizeof path));
      vr_copy_item *scale = *path ? find(c, path) : NULL;
      if (scale) scale->keep = 1;
    }
  }
  return 0;
}

/* -- attributes -- */

static int is_scale_attribute(const char *name)
{
  static const char *const known[] = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"};
  for (size_t i = 0; i < VR_LEN(known); i++)
    if (!strcmp(name, known[i])) return 1;
  return 0;
}

/* Where attributes go, and what became of it. */
typedef struct {
  hid_t to;
  int code;
} vr_copy_attrs;

static herr_t copy_attribute(hid_t from, const char *name, const H5A_info_t *info, void *ctx)
{
  vr_copy_attrs *a = ctx;
  if (is_scale_attribute(name) || info->data_size > 1 << 24) return 0;
  if (H5Aexists(a->to, name) > 0) return 0;
  hid_t attr = H5Aopen(from, name, H5P_DEFAULT), type = H5Aget_type(attr);
  hid_t space = H5Aget_space(attr);
  hssize_t n = H5Sget_simple_extent_npoints(space);
  char *buf = NULL;
  herr_t status = -1;
  if (H5Tget_class(type) == H5T_REFERENCE)
    status = 0; // points into the other file
  else if (n >= 0 && !(a->code = vr_alloc(&buf, (size_t)n, H5Tget_size(type)))) {
    hid_t copy = H5Acreate2(a->to, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (H5Aread(attr, type, buf) >= 0 && H5Awrite(copy, type, buf) >= 0) status = 0;
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, buf);
    if (copy >= 0) H5Aclose(copy);
  }
  vr_release(buf);
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attr);
  return status;
}

static int copy_attributes(hid_t from, hid_t to, const char *path)
{
  hsize_t at = 0;
  vr_copy_attrs a = {.to = to};
  if (H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_INC, &at, copy_attribute, &a) < 0 && !a.code)
    return vr_h5_fail(VR_EDATA, path, "an attribute is damaged");
  return a.code;
}

int vr_h5_copy_attrs(const vr_h5 *from, vr_h5 *to, const char *path)
{
  hid_t a = vr_h5_object(from, path), b = a < 0 ? a : vr_h5_object(to, path);
  int code = b < 0 ? VR_EDATA : copy_attributes(a, b, path);
  if (a >= 0) H5Oclose(a);
  if (b >= 0) H5Oclose(b);
  return code;
}

/* -- contents -- */

/* all chunks of a grid, bytes as they are stored */
static int copy_chunks(
  hid_t from, hid_t to, const vr_h5_info *info, const hsize_t *chunk, const char *path)
{
  hsize_t at[VR_H5_MAXRANK] = {0}, most = 0, bytes;
  char *buf = NULL;
  int code = 0, k = 0;
  while (!code && k >= 0) {
    unsigned mask;
    haddr_t where;
    uint32_t filters;
    if (H5Dget_chunk_info_by_coord(from, at, &mask, &where, &bytes) < 0)
      code = vr_h5_fail(VR_EDATA, path, "is damaged");
    if (!code && bytes > most) {
      vr_release(buf);
      most = 2 * bytes;
      code = vr_alloc(&buf, most, 1);
    }
    if (!code && bytes && H5Dread_chunk(from, H5P_DEFAULT, at, &filters, buf) < 0)
      code = vr_h5_fail(VR_EDATA, path, "is damaged");
    if (!code && bytes && H5Dwrite_chunk(to, H5P_DEFAULT, filters, at, bytes, buf) < 0)
      code = vr_h5_fail(VR_EIO, path, "cannot be written");
    for (k = info->rank - 1; k >= 0; k--) { // the next corner of the grid
      at[k] += chunk[k];
      if (at[k] < info->dim[k]) break;
      at[k] = 0;
    }
  }
  vr_release(buf);
  return code;
}

/* IEEE 754 binary16: sign, 5 bits of exponent, 10 of mantissa */
static hid_t half_type(void)
{
  hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

/* Each number the nearest that half precision has (ties to even), so that HDF5 has nothing to round.
 * Returns the place of the first that is out of range, n where there is none. */
static size_t round_to_half(float *x, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    int e;
    if (!(fabsf(x[i]) <= 65504)) return i;
    frexpf(x[i], &e);
    float step = ldexpf(1, (e > -13 ? e : -13) - 11); // between neighbours; 2^-24 near 0
    x[i] = rintf(x[i] / step) * step;
  }
  return n;
}

/* decoded, in blocks of rows; halve: what is stored as half precision */
static int copy_rows(hid_t from, hid_t to, const vr_h5_info *info, const char *path, int halve)
{
  hid_t type = halve ? H5Tcopy(H5T_NATIVE_FLOAT) : H5Dget_type(from);
  size_t row = info->row * H5Tget_size(type), step = row && row < 1 << 22 ? (1 << 22) / row : 1;
  char *buf;
  int code = vr_alloc(&buf, step, row);
  for (size_t i = 0; i < info->rows && !code && row; i += step) {
    hsize_t start[VR_H5_MAXRANK] = {i}, count[VR_H5_MAXRANK];
    for (int k = 0; k < info->rank; k++) count[k] = info->dim[k];
    count[0] = info->rows - i < step ? info->rows - i : step;
    hid_t file = H5Dget_space(from), memory = H5Screate_simple(info->rank, count, NULL);
    if (H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
        H5Dread(from, type, memory, file, H5P_DEFAULT, buf) < 0)
      code = vr_h5_fail(VR_EDATA, path, "is damaged");
    size_t n = count[0] * info->row, k = halve && !code ? round_to_half((float *)buf, n) : n;
    if (k < n)
      code = vr_fail(VR_EDATA, "%s: row %zu, column %zu is %g, half precision ends at 65504", path,
        i + k / info->row, k % info->row, ((float *)buf)[k]);
    if (!code && H5Dwrite(to, type, memory, file, H5P_DEFAULT, buf) < 0)
      code = vr_h5_fail(VR_EIO, path, "cannot be written");
    H5Sclose(memory);
    H5Sclose(file);
  }
  vr_release(buf);
  H5Tclose(type);
  return code;
}

static hid_t packed(hid_t creation)
{
  hid_t list = H5Pcopy(creation);
  H5Premove_filter(list, H5Z_FILTER_ALL);
  H5Pset_shuffle(list);
  H5Pset_deflate(list, 6);
  H5Pset_fletcher32(list);
  return list;
}

static int copy_contents(const vr_copy *c, hid_t from, hid_t to, const vr_h5_info *info,
  hid_t creation, const char *path, int halve)
{
  hsize_t chunk[VR_H5_MAXRANK];
  if (info->rank < 1) {
    hid_t type = H5Dget_type(from);
    char *buf;
    int code = vr_alloc(&buf, 1, H5Tget_size(type));
    if (!code && info->rank == 0 && !H5Tis_variable_str(type) &&
        (H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buf) < 0 ||
          H5Dwrite(to, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buf) < 0))
      code = vr_h5_fail(VR_EDATA, path, "is damaged");
    vr_release(buf);
    H5Tclose(type);
    return code;
  }
  if (c->way != VR_H5_AS_STORED || H5Pget_layout(creation) != H5D_CHUNKED)
    return copy_rows(from, to, info, path, halve);
  if (!info->rows || !info->row) return 0;
  H5Pget_chunk(creation, VR_H5_MAXRANK, chunk);
  return copy_chunks(from, to, info, chunk, path);
}

static int copy_dataset(const vr_copy *c, const char *path)
{
  vr_h5_open_set *s;
  VR_TRY(vr_h5_dataset(c->from, path, &s));
  VR_TRY(vr_h5_make_groups(c->to, path));
  hid_t creation = H5Dget_create_plist(s->id), space = H5Dget_space(s->id);
  int halve = c->way == VR_H5_HALF && s->info.type == VR_F32 && s->info.rank > 0;
  hid_t type = halve ? half_type() : H5Dget_type(s->id);
  hid_t list = c->way != VR_H5_AS_STORED && H5Pget_layout(creation) == H5D_CHUNKED
                 ? packed(creation)
                 : H5Pcopy(creation);
  H5Pset_obj_track_times(list, 0);
  hid_t to = H5Dcreate2(c->to->id, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  int code = to < 0 ? vr_h5_fail(VR_EIO, path, "cannot be made") : 0;
  if (!code) code = copy_contents(c, s->id, to, &s->info, creation, path, halve);
  if (!code) code = copy_attributes(s->id, to, path);
  if (!code && H5DSis_scale(s->id) > 0 && H5DSset_scale(to, path + vr_h5_parent(path) + 1) < 0)
    code = vr_h5_fail(VR_EIO, path, "cannot become a scale");
  if (to >= 0) H5Dclose(to);
  H5Pclose(list);
  H5Tclose(type);
  H5Sclose(space);
  H5Pclose(creation);
  return code;
}

/* -- scales and second names -- */

static int attach(vr_copy *c, const vr_copy_item *item)
{
  vr_h5_open_set *s, *from, *scale;
  char path[1024];
  VR_TRY(vr_h5_dataset(c->from, item->path, &from));
  int rank = from->info.rank;
  for (int k = 0; k < rank; k++) {
    VR_TRY(vr_h5_scale_path(from->id, k, path, sizeof path));
    vr_copy_item *axis = *path ? find(c, path) : NULL;
    if (!axis || axis == item) continue;
    VR_TRY(vr_h5_dataset(c->to, axis->path, &scale));
    VR_TRY(vr_h5_dataset(c->to, item->path, &s));
    if (H5DSis_attached(s->id, scale->id, (unsigned)k) <= 0 &&
        H5DSattach_scale(s->id, scale->id, (unsigned)k) < 0)
      return vr_h5_fail(VR_EIO, item->path, "a scale cannot be attached");
  }
  return 0;
}

/* names under which scales are linked into other groups; groups' own attributes */
static int copy_names(vr_copy *c, const char *group)
{
  char **name;
  size_t n;
  int code = 0;
  VR_TRY(vr_h5_list(c->from, group, &name, &n));
  for (size_t i = 0; i < n && !code; i++) {
    vr_str path = {0};
    vr_str_addf(&path, "%s/%s", group[1] ? group : "", name[i]);
    if ((code = vr_str_ok(&path))) break;
    vr_copy_item *item = find(c, path.s);
    if (vr_h5_is_group(c->from, path.s))
      code = copy_names(c, path.s);
    else if (item && item->keep && strcmp(item->path, path.s) && vr_h5_has(c->to, item->path) &&
             !vr_h5_has(c->to, path.s)) {
      size_t parent = vr_h5_parent(path.s);
      path.s[parent] = 0; // only into groups that are there
      int wanted = !parent || vr_h5_has(c->to, path.s);
      path.s[parent] = '/';
      if (wanted &&
          H5Lcreate_hard(c->to->id, item->path, c->to->id, path.s, H5P_DEFAULT, H5P_DEFAULT) < 0)
        code = vr_h5_fail(VR_EIO, path.s, "cannot be linked");
    }
    vr_str_free(&path);
  }
  vr_release(name);
  if (!code && vr_h5_has(c->to, group)) {
    hid_t from = vr_h5_object(c->from, group), to = vr_h5_object(c->to, group);
    if (from >= 0 && to >= 0 && H5Aget_num_attrs(to) == 0) code = copy_attributes(from, to, group);
    if (from >= 0) H5Oclose(from);
    if (to >= 0) H5Oclose(to);
  }
  return code;
}

int vr_h5_copy(
  const vr_h5 *from, vr_h5 *to, int (*keep)(void *ctx, const char *path), void *ctx, vr_h5_way way)
{
  vr_copy c = {.from = from, .to = to, .keep = keep, .ctx = ctx, .way = way};
  VR_TRY(vr_h5_check_heaps(from));
  int code = vr_h5_walk(from, "/", collect, &c);
  if (!code) code = keep_scales(&c);
  for (size_t i = 0; i < c.n; i++) // what is already there stays
    if (c.item[i].keep && vr_h5_has(to, c.item[i].path)) c.item[i].keep = 2;
  for (size_t i = 0; i < c.n && !code; i++)
    if (c.item[i].keep == 1) code = copy_dataset(&c, c.item[i].path);
  for (size_t i = 0; i < c.n && !code; i++)
    if (c.item[i].keep == 1) code = attach(&c, &c.item[i]);
  if (!code) code = copy_names(&c, "/");
  for (size_t i = 0; i < c.n; i++) vr_release(c.item[i].path);
  vr_release(c.item);
  return code;
}
