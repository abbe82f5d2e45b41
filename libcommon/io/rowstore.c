#include "io/rowstore.h"
#include "base/err.h"
#include "base/mem.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 1 << 24 }; // bytes of the tail

static int spill(vr_rowstore *s)
{
  if (!s->spilled) {
    VR_TRY(vr_spool_new(&s->spool));
    vr_spool_unlink(&s->spool);
    s->spilled = 1;
  }
  const char *p = (const char *)s->tail;
  for (size_t left = s->ntail * s->cols * sizeof(double); left > 0;) {
    ssize_t n = write(s->spool.fd, p, left);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return vr_fail(VR_EIO, "writing to the temporary folder: %s", strerror(errno));
    p += n;
    left -= (size_t)n;
  }
  s->ntail = 0;
  return 0;
}

int vr_rowstore_add(vr_rowstore *s, double **row)
{
  size_t size = s->cols * sizeof(double), most = size && size < MEMORY ? MEMORY / size : 1;
  if (s->ntail == most) VR_TRY(spill(s));
  if (s->ntail == s->cap) {
    size_t cap = s->cap ? 2 * s->cap : 64;
    if (cap > most) cap = most;
    VR_TRY(vr_grow(&s->tail, s->cap * s->cols, cap * s->cols, sizeof(double)));
    s->cap = cap;
  }
  *row = s->tail + s->ntail++ * s->cols;
  s->rows++;
  return 0;
}

void vr_rowstore_undo(vr_rowstore *s)
{
  s->rows--;
  s->ntail--; // the last row is always in memory
}

int vr_rowstore_read(vr_rowstore *s, size_t first, size_t n, double *buf)
{
  size_t stored = s->rows - s->ntail, size = s->cols * sizeof(double);
  size_t from_file = first >= stored ? 0 : n < stored - first ? n : stored - first;
  char *p = (char *)buf;
  for (size_t left = from_file * size, at = first * size; left > 0;) {
    ssize_t got = pread(s->spool.fd, p, left, (off_t)at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return vr_fail(VR_EIO, "the temporary file cannot be read back");
    p += got;
    at += (size_t)got;
    left -= (size_t)got;
  }
  if (n > from_file)
    memcpy(p, s->tail + (first + from_file - stored) * s->cols, (n - from_file) * size);
  return 0;
}

void vr_rowstore_free(vr_rowstore *s)
{
  if (s->spilled) vr_spool_free(&s->spool);
  vr_release(s->tail);
  *s = (vr_rowstore){.cols = s->cols};
}
