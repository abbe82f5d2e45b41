/* h5_heap.c -- global heaps, checked before HDF5 reads them.
 *
 * Strings of variable length, and the lists of scales of every dataset, lie in "global heap
 * collections". They have no checksum, and libhdf5 1.10 trusts the sizes in them: a wrong one makes
 * it read beyond its memory, or go round for ever. So every collection of a file is walked before the
 * first one is used. Format: HDF5 file format specification 3.0, III.E. */
#include "base/err.h"
#include "base/mem.h"
#include "io/h5_file.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, HEAD = 16, OBJECT = 16 };

static const unsigned char mark[8] = {'G', 'C', 'O', 'L', 1, 0, 0, 0};

static uint64_t little64(const unsigned char *p)
{
  uint64_t x = 0;
  for (int i = 7; i >= 0; i--) x = x << 8 | p[i];
  return x;
}

static int read_at(int fd, unsigned char *buf, size_t n, uint64_t at)
{
  for (size_t got = 0; got < n;) {
    ssize_t more = pread(fd, buf + got, n - got, (off_t)(at + got));
    if (more <= 0) return 0;
    got += (size_t)more;
  }
  return 1;
}

// objects follow each other up to the end; object 0 is the free space
static int is_whole(const unsigned char *p, uint64_t size)
{
  uint64_t at = HEAD;
  while (size - at >= OBJECT) {
    int free_space = !p[at] && !p[at + 1];
    uint64_t own = little64(p + at + 8), left = size - at;
    if (own > left) return 0;
    uint64_t need = free_space ? own : OBJECT + ((own + 7) & ~(uint64_t)7);
    if (need < OBJECT || need > left) return 0;
    at += need;
  }
  return 1;
}

static int check_collection(int fd, uint64_t at, uint64_t length)
{
  unsigned char head[HEAD], *all;
  if (length - at < HEAD || !read_at(fd, head, HEAD, at)) return 0; // only looks like one
  uint64_t size = little64(head + 8);
  if (size < HEAD || size > length - at)
    return vr_fail(
      VR_EDATA, "damaged: a heap at byte %llu is larger than the file", (unsigned long long)at);
  VR_TRY(vr_alloc(&all, size, 1));
  int whole = read_at(fd, all, size, at) && is_whole(all, size);
  vr_release(all);
  return whole ? 0
               : vr_fail(VR_EDATA, "damaged: the heap at byte %llu does not hang together",
                   (unsigned long long)at);
}

// where the mark is at or after p; NULL when it is not there
static const unsigned char *find_mark(const unsigned char *p, const unsigned char *end)
{
  while (end - p >= (ptrdiff_t)sizeof mark) {
    p = memchr(p, mark[0], (size_t)(end - p) - (sizeof mark - 1));
    if (!p) return NULL;
    if (!memcmp(p, mark, sizeof mark)) return p;
    p++;
  }
  return NULL;
}

static int check_file(int fd)
{
  unsigned char *block;
  struct stat st;
  uint64_t length = fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
  VR_TRY(vr_alloc(&block, BLOCK, 1));
  int code = 0;
  // blocks overlap by what a mark needs
  for (uint64_t at = 0; at < length && !code; at += BLOCK - sizeof mark) {
    size_t n = length - at < BLOCK ? (size_t)(length - at) : BLOCK;
    if (!read_at(fd, block, n, at)) break;
    for (const unsigned char *p = block; !code && (p = find_mark(p, block + n)); p++)
      code = check_collection(fd, at + (uint64_t)(p - block), length);
  }
  vr_release(block);
  return code;
}

int vr_h5_check_heaps(const vr_h5 *f)
{
  vr_h5 *h = (vr_h5 *)f; // what is remembered is no part of the file's state
  void *handle;
  if (h->heaps > 0) return 0;
  if (H5Fget_vfd_handle(h->id, H5P_DEFAULT, &handle) < 0)
    return vr_h5_fail(VR_EIO, "/", "cannot be read");
  int code = check_file(*(int *)handle);
  h->heaps = code ? -1 : 1;
  return code;
}
