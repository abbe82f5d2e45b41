#include "io/h5_file.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  MAX_EXPANSION = 1100, /* declared bytes per stored byte: deflate cannot do more */
  SMALL = 1 << 20,      /* below this a dataset may be unwritten */
  MAX_CHUNK = 1 << 30,
};

size_t vr_type_size(vr_type type)
{
  static const size_t size[] = {
    [VR_F64] = 8, [VR_F32] = 4, [VR_I64] = 8, [VR_I32] = 4, [VR_U8] = 1};
  return type < VR_LEN(size) ? size[type] : 0;
}

hid_t vr_h5_memory_type(vr_type type)
{
  return type == VR_F64   ? H5T_NATIVE_DOUBLE
         : type == VR_F32 ? H5T_NATIVE_FLOAT
         : type == VR_I64 ? H5T_NATIVE_INT64
         : type == VR_I32 ? H5T_NATIVE_INT32
         : type == VR_U8  ? H5T_NATIVE_UINT8
                          : H5I_INVALID_HID;
}

/* -- errors -- */

static herr_t innermost(unsigned n, const H5E_error2_t *error, void *text)
{
  const char *desc = error->desc ? error->desc : "";
  // of a failed write or read, what the system says, without addresses and times
  const char *said = strstr(desc, "error message = \'");
  (void)n;
  if (said) said += strlen("error message = \'");
  int length = (int)(said ? strcspn(said, "\'") : strlen(desc));
  if (length) snprintf(text, 256, "%.*s", length, said ? said : desc);
  return 0;
}

int vr_h5_fail(int code, const char *path, const char *what)
{
  char why[256] = "";
  vr_str name = {0};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, why);
  vr_str_add_escaped(&name, path, strlen(path), 200);
  vr_fail(code, "%s: %s%s%s", vr_str_get(&name), what, *why ? ": " : "", why);
  vr_str_free(&name);
  return code;
}

/* -- files -- */

const char *vr_h5_version(void)
{
  static char text[32];
  unsigned major, minor, release;
  H5get_libversion(&major, &minor, &release);
  snprintf(text, sizeof text, "%u.%u.%u", major, minor, release);
  return text;
}

/* Once: no messages of its own, no plugins, no external links. */
static int start(void)
{
  static int started;
  if (started) return 0;
  // no clean-up at exit: after a failed write to a full disk it would crash on what is left
  H5dont_atexit();
  if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 || H5PLset_loading_state(0) < 0 ||
      H5Lunregister(H5L_TYPE_EXTERNAL) < 0)
    return vr_fail(VR_EIO, "the HDF5 library does not start");
  started = 1;
  return 0;
}

/* we write the 1.8 format, and read what the library can */
static hid_t access_list(H5F_libver_t newest)
{
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(list, H5F_LIBVER_V18, newest);
  H5Pset_fclose_degree(list, H5F_CLOSE_SEMI); // closing tells when something was left open
  H5Pset_file_locking(list, 0, 1);
  return list;
}

static int file_new(const char *path, hid_t id, int write, vr_h5 **f)
{
  struct stat st;
  size_t n = strlen(path) + 1;
  vr_h5 *h;
  int code = vr_alloc(&h, 1, sizeof *h);
  if (!code && (code = vr_alloc(&h->path, n, 1))) vr_release(h);
  if (code) {
    H5Fclose(id);
    return code;
  }
  memcpy(h->path, path, n);
  h->id = id;
  h->write = write;
  h->length = !write && !stat(path, &st) ? (uint64_t)st.st_size : 0;
  *f = h;
  return 0;
}

int vr_h5_open(const char *path, int write, vr_h5 **f)
{
  *f = NULL;
  VR_TRY(start());
  hid_t list = access_list(H5F_LIBVER_LATEST);
  hid_t id = H5Fopen(path, write ? H5F_ACC_RDWR : H5F_ACC_RDONLY, list);
  H5Pclose(list);
  if (id < 0) {
    char why[256] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, why);
    return vr_fail(VR_EDATA, "not a readable HDF5 file: %s", why);
  }
  return file_new(path, id, write, f);
}

int vr_h5_create(const char *path, vr_h5 **f)
{
  *f = NULL;
  VR_TRY(start());
  hid_t access = access_list(H5F_LIBVER_V18), creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_obj_track_times(creation, 0);
  hid_t id = H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
  H5Pclose(creation);
  H5Pclose(access);
  if (id < 0) return vr_h5_fail(VR_EIO, path, "cannot be made");
  VR_TRY(file_new(path, id, 1, f));
  (*f)->heaps = 1; // all of them will be ours
  return 0;
}

int vr_h5_close(vr_h5 **f)
{
  if (!*f) return 0;
  vr_h5_forget(*f, "/");
  int write = (*f)->write;
  herr_t flushed = write ? H5Fflush((*f)->id, H5F_SCOPE_LOCAL) : 0;
  int code = flushed < 0 ? vr_h5_fail(VR_EIO, "/", "cannot be finished (is TMPDIR full?)") : 0;
  herr_t closed = H5Fclose((*f)->id);
  if (closed < 0 && !code) code = vr_h5_fail(VR_EIO, "/", "cannot be finished (is TMPDIR full?)");
  vr_release((*f)->path);
  vr_release(*f);
  *f = NULL;
  return code;
}

int vr_h5_needs_repack(const vr_h5 *f)
{
  return f->repack;
}

size_t vr_h5_parent(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) : 0;
}

/* -- objects -- */

/* Every step of the path is a hard link, or a soft link that HDF5 can follow. */
int vr_h5_has(const vr_h5 *f, const char *path)
{
  char step[1024];
  size_t n = strlen(path);
  if (path[0] != '/' || n >= sizeof step) return 0;
  if (n == 1) return 1;
  for (size_t i = 1; i <= n; i++) {
    if (i < n && path[i] != '/') continue;
    H5L_info_t link;
    memcpy(step, path, i);
    step[i] = 0;
    if (H5Lexists(f->id, step, H5P_DEFAULT) <= 0) return 0;
    if (H5Lget_info(f->id, step, &link, H5P_DEFAULT) < 0 || link.type > H5L_TYPE_SOFT) return 0;
    if (H5Oexists_by_name(f->id, step, H5P_DEFAULT) <= 0) return 0;
  }
  return 1;
}

int vr_h5_has_bad_link(const vr_h5 *f, const char *path)
{
  char above[1024];
  size_t n = vr_h5_parent(path);
  if (path[0] != '/' || strlen(path) >= sizeof above || vr_h5_has(f, path)) return 0;
  memcpy(above, path, n);
  above[n] = 0;
  return (!n || vr_h5_has(f, above)) && H5Lexists(f->id, path, H5P_DEFAULT) > 0;
}

static H5O_type_t object_type(const vr_h5 *f, const char *path)
{
  H5O_info_t info;
  if (!vr_h5_has(f, path)) return H5O_TYPE_UNKNOWN;
  if (H5Oget_info_by_name2(f->id, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
    return H5O_TYPE_UNKNOWN;
  return info.type;
}

int vr_h5_is_group(const vr_h5 *f, const char *path)
{
  return object_type(f, path) == H5O_TYPE_GROUP;
}

hid_t vr_h5_object(const vr_h5 *f, const char *path)
{
  if (!vr_h5_has(f, path)) {
    H5Eclear2(H5E_DEFAULT);
    vr_h5_fail(VR_EDATA, path, "is not there");
    return H5I_INVALID_HID;
  }
  hid_t id = H5Oopen(f->id, path, H5P_DEFAULT);
  if (id < 0) vr_h5_fail(VR_EDATA, path, "cannot be opened");
  return id;
}

/* -- checks on a dataset -- */

static vr_type stored_type(hid_t dataset)
{
  hid_t type = H5Dget_type(dataset);
  H5T_class_t class = H5Tget_class(type);
  size_t size = H5Tget_size(type);
  hid_t base = class == H5T_ENUM ? H5Tget_super(type) : H5I_INVALID_HID;
  int is_signed = H5Tget_sign(base >= 0 ? base : type) != H5T_SGN_NONE;
  if (base >= 0) H5Tclose(base);
  H5Tclose(type);
  if (class == H5T_FLOAT) return size <= 4 ? VR_F32 : VR_F64;
  if (class == H5T_STRING) return VR_STR;
  if (class != H5T_INTEGER && class != H5T_ENUM) return VR_OTHER;
  return size == 1 && !is_signed ? VR_U8 : size + !is_signed <= 4 ? VR_I32 : VR_I64;
}

static int check_filters(hid_t creation, const char *path)
{
  int n = H5Pget_nfilters(creation);
  for (int i = 0; i < n; i++) {
    unsigned flags, config;
    size_t nvalues = 0;
    char name[64] = "";
    H5Z_filter_t id =
      H5Pget_filter2(creation, (unsigned)i, &flags, &nvalues, NULL, sizeof name, name, &config);
    if (id == H5Z_FILTER_DEFLATE || id == H5Z_FILTER_SHUFFLE || id == H5Z_FILTER_FLETCHER32)
      continue;
    return vr_fail(VR_EDATA,
      "%s: needs HDF5 filter %d; repack it where it was made (h5repack -f NONE)", path, (int)id);
  }
  return 0;
}

/* where the bytes lie: in this file, and not in absurd chunks */
static int check_layout(hid_t creation, const char *path, size_t element)
{
  H5D_layout_t layout = H5Pget_layout(creation);
  if (layout == H5D_VIRTUAL || H5Pget_external_count(creation) > 0)
    return vr_fail(VR_EDATA, "%s: its numbers lie in another file, which is not opened", path);
  if (layout == H5D_CHUNKED) {
    hsize_t chunk[H5S_MAX_RANK], bytes = element;
    int rank = H5Pget_chunk(creation, H5S_MAX_RANK, chunk);
    for (int k = 0; k < rank; k++)
      if (__builtin_mul_overflow(bytes, chunk[k], &bytes) || bytes > MAX_CHUNK)
        return vr_fail(VR_EDATA, "%s: its chunks are larger than 1 GiB", path);
  }
  return check_filters(creation, path);
}

static int check_shape(hid_t dataset, const char *path, vr_h5_info *info)
{
  hid_t space = H5Dget_space(dataset);
  hsize_t dim[H5S_MAX_RANK];
  H5S_class_t class = H5Sget_simple_extent_type(space);
  int rank = class == H5S_NULL ? -1 : H5Sget_simple_extent_dims(space, dim, NULL);
  H5Sclose(space);
  if (rank > VR_H5_MAXRANK)
    return vr_fail(VR_EDATA, "%s: %d dimensions are more than %d", path, rank, VR_H5_MAXRANK);
  info->rank = rank;
  info->rows = rank < 0 ? 0 : rank == 0 ? 1 : dim[0];
  info->row = 1;
  for (int k = 0; k < rank; k++) {
    info->dim[k] = dim[k];
    if (k && __builtin_mul_overflow(info->row, (size_t)dim[k], &info->row))
      return vr_fail(VR_EDATA, "%s: its dimensions multiply to more than can be addressed", path);
  }
  return 0;
}

static int check_size(
  const vr_h5 *f, hid_t dataset, const char *path, const vr_h5_info *info, size_t element)
{
  size_t numbers, declared, widest;
  if (__builtin_mul_overflow(info->rows, info->row, &numbers) ||
      __builtin_mul_overflow(numbers, element, &declared) ||
      __builtin_mul_overflow(numbers, sizeof(double), &widest))
    return vr_fail(VR_EDATA, "%s: its dimensions multiply to more than can be addressed", path);
  if (f->write || declared <= SMALL) return 0;
  uint64_t stored = H5Dget_storage_size(dataset);
  if (stored > f->length || declared / MAX_EXPANSION > stored + SMALL)
    return vr_fail(
      VR_EDATA, "%s: declares %zu numbers, which the file does not hold", path, numbers);
  return 0;
}

static int check_dataset(const vr_h5 *f, hid_t dataset, const char *path, vr_h5_info *info)
{
  hid_t creation = H5Dget_create_plist(dataset), type = H5Dget_type(dataset);
  size_t element = type < 0 ? 0 : H5Tget_size(type);
  int code = creation < 0 || !element ? vr_h5_fail(VR_EDATA, path, "is damaged") : 0;
  if (!code) code = check_layout(creation, path, element);
  H5Pclose(creation);
  H5Tclose(type);
  if (!code) code = check_shape(dataset, path, info);
  if (!code) code = check_size(f, dataset, path, info, element);
  info->type = stored_type(dataset);
  info->bytes = element;
  return code;
}

/* -- datasets kept open -- */

static void set_close(vr_h5_open_set *s)
{
  if (!s->path) return;
  H5Dclose(s->id);
  vr_release(s->path);
  *s = (vr_h5_open_set){0};
}

void vr_h5_forget(const vr_h5 *f, const char *path)
{
  vr_h5 *h = (vr_h5 *)f;
  size_t n = strlen(path);
  for (int i = 0; i < VR_H5_KEPT; i++) {
    const char *p = h->kept[i].path;
    if (p && (n == 1 || (!strncmp(p, path, n) && (!p[n] || p[n] == '/')))) set_close(&h->kept[i]);
  }
}

int vr_h5_dataset(const vr_h5 *f, const char *path, vr_h5_open_set **set)
{
  vr_h5 *h = (vr_h5 *)f;    // what is kept open is no part of the file's state
  vr_h5_open_set *s = NULL; // an empty place, or the one unused for longest
  for (vr_h5_open_set *k = h->kept; k < h->kept + VR_H5_KEPT; k++) {
    if (k->path && !strcmp(k->path, path)) {
      k->used = ++h->clock;
      *set = k;
      return 0;
    }
    if (!s || (s->path && (!k->path || k->used < s->used))) s = k;
  }
  set_close(s);
  if (object_type(f, path) != H5O_TYPE_DATASET) {
    H5Eclear2(H5E_DEFAULT);
    return vr_h5_fail(VR_EDATA, path, vr_h5_has(f, path) ? "is not a dataset" : "is not there");
  }
  vr_str name = {0};
  vr_str_add(&name, path);
  VR_TRY(vr_str_ok(&name));
  hid_t id = H5Dopen2(f->id, path, H5P_DEFAULT);
  int code = id < 0 ? vr_h5_fail(VR_EDATA, path, "cannot be opened") : 0;
  if (!code) code = check_dataset(f, id, path, &s->info);
  if (code) {
    if (id >= 0) H5Dclose(id);
    vr_str_free(&name);
    return code;
  }
  s->path = name.s;
  s->id = id;
  s->used = ++h->clock;
  *set = s;
  return 0;
}

int vr_h5_get_info(const vr_h5 *f, const char *path, vr_h5_info *info)
{
  vr_h5_open_set *s;
  VR_TRY(vr_h5_dataset(f, path, &s));
  *info = s->info;
  return 0;
}
