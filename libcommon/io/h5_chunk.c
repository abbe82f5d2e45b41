#include "io/h5_file.h"
#include "base/err.h"
#include <string.h>

// The index of chunks is the one part of the 1.8 format that has no checksum. A damaged entry makes
// a chunk disappear, and HDF5 then reads zeros; or switches off the chunk's own checksum; or gives
// it a size with which HDF5 1.10.8 reads beyond its memory. So the entries are checked before use.
// Our own files hold every chunk with all its filters; in others a chunk may be absent.

typedef struct {
  hsize_t dim[VR_H5_MAXRANK]; /* of a chunk */
  hsize_t bytes;              /* of a chunk that no filter has touched */
  int deflate, fletcher;      /* places in the line of filters, -1: is not in it */
} vr_chunks;

static int is_ours(const vr_h5 *f)
{
  return H5Aexists_by_name(f->id, "/", "vr_format", H5P_DEFAULT) > 0;
}

static int place_of(hid_t creation, H5Z_filter_t filter)
{
  int n = H5Pget_nfilters(creation);
  for (int i = 0; i < n; i++) {
    unsigned flags, config;
    size_t nvalues = 0;
    if (H5Pget_filter2(creation, (unsigned)i, &flags, &nvalues, NULL, 0, NULL, &config) == filter)
      return i;
  }
  return -1;
}

/* 1: the dataset is chunked, and c tells how */
static int get_chunks(const vr_h5_open_set *s, vr_chunks *c)
{
  hid_t creation = H5Dget_create_plist(s->id), type = H5Dget_type(s->id);
  int chunked = H5Pget_layout(creation) == H5D_CHUNKED &&
                H5Pget_chunk(creation, VR_H5_MAXRANK, c->dim) == s->info.rank;
  if (chunked) {
    c->bytes = H5Tget_size(type);
    for (int k = 0; k < s->info.rank; k++) c->bytes *= c->dim[k];
    c->deflate = place_of(creation, H5Z_FILTER_DEFLATE);
    c->fletcher = place_of(creation, H5Z_FILTER_FLETCHER32);
  }
  H5Tclose(type);
  H5Pclose(creation);
  return chunked;
}

static int used(int place, unsigned mask)
{
  return place >= 0 && !(mask >> place & 1);
}

/* the size that the index gives can be that of such a chunk */
static int is_plausible(const vr_chunks *c, unsigned mask, hsize_t size)
{
  hsize_t sum = used(c->fletcher, mask) ? 4 : 0;
  if (used(c->deflate, mask)) return size > sum;
  return size == c->bytes + sum;
}

/* Size of a chunk, 0 when it is absent, found as H5Dread finds it; and the filters that it did
 * without. The second needs a search through the whole index, so it is asked only where it can
 * change numbers: a chunk that is not compressed is of another size without its checksum. */
static int ask_index(
  const vr_h5_open_set *s, const vr_chunks *c, const hsize_t *at, unsigned *mask, hsize_t *size)
{
  haddr_t address;
  hsize_t again;
  *mask = 0;
  if (H5Dget_chunk_storage_size(s->id, at, size) < 0) {
    // absent chunks are an error to this call, and to it alone
    H5Eclear2(H5E_DEFAULT);
    *size = 0;
  }
  if (!*size || c->deflate < 0) return 0;
  return H5Dget_chunk_info_by_coord(s->id, at, mask, &address, &again) < 0;
}

static int check_one(
  const vr_h5_open_set *s, const vr_chunks *c, const hsize_t *at, int ours, const char *path)
{
  unsigned mask;
  hsize_t size;
  if (ask_index(s, c, at, &mask, &size)) return vr_h5_fail(VR_EDATA, path, "is damaged");
  if (ours && (!size || mask))
    return vr_fail(VR_EDATA, "%s: is damaged: rows from %zu on are lost", path, (size_t)at[0]);
  // a chunk of others may do without its checksum
  int whole = is_plausible(c, mask, size) || (!ours && is_plausible(c, ~0u, size));
  if (size && !whole)
    return vr_fail(
      VR_EDATA, "%s: is damaged: rows from %zu on have a wrong size", path, (size_t)at[0]);
  return 0;
}

/* steps `at` to the next chunk of these rows; 0 after the last */
static int next_chunk(
  const vr_h5_info *info, const hsize_t *chunk, size_t first, size_t end, hsize_t *at)
{
  for (int k = info->rank - 1; k >= 0; k--) {
    at[k] += chunk[k];
    if (at[k] < (k ? info->dim[k] : end)) return 1;
    at[k] = k ? 0 : first - first % chunk[0];
  }
  return 0;
}

int vr_h5_check_chunks(
  const vr_h5 *f, const vr_h5_open_set *s, const char *path, size_t first, size_t rows)
{
  vr_chunks c = {0};
  hsize_t at[VR_H5_MAXRANK] = {0};
  if (s->info.rank < 1 || !rows || !s->info.row || !get_chunks(s, &c)) return 0;
  int ours = is_ours(f), code;
  at[0] = first - first % c.dim[0];
  do code = check_one(s, &c, at, ours, path);
  while (!code && next_chunk(&s->info, c.dim, first, first + rows, at));
  return code;
}
