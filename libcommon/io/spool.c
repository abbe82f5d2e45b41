#include "io/image.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* Paths that a signal handler has to remove: spools live under a name only for moments. */
enum { MAX_LINKED = 64 };
static char *volatile linked[MAX_LINKED];

static void remember(char *path)
{
  for (int i = 0; i < MAX_LINKED; i++)
    if (!linked[i]) {
      linked[i] = path;
      return;
    }
}

static void forget(const char *path)
{
  for (int i = 0; i < MAX_LINKED; i++)
    if (linked[i] == path) linked[i] = NULL;
}

void vr_spool_unlink_all(void)
{
  for (int i = 0; i < MAX_LINKED; i++)
    if (linked[i]) unlink(linked[i]);
}

int vr_spool_new(vr_spool *s)
{
  const char *folder = getenv("TMPDIR");
  vr_str path = {0};
  vr_str_addf(&path, "%s/vr-XXXXXX", folder && *folder ? folder : "/tmp");
  VR_TRY(vr_str_ok(&path));
  int fd = mkostemp(path.s, O_CLOEXEC);
  if (fd < 0) {
    int code = vr_fail(VR_EIO, "cannot make a temporary file in %s: %s (set TMPDIR)",
      folder && *folder ? folder : "/tmp", strerror(errno));
    vr_str_free(&path);
    return code;
  }
  *s = (vr_spool){.fd = fd, .path = path.s};
  remember(s->path);
  return 0;
}

void vr_spool_unlink(vr_spool *s)
{
  if (!s->path) return;
  unlink(s->path);
  forget(s->path);
  vr_release(s->path);
  s->path = NULL;
}

void vr_spool_free(vr_spool *s)
{
  vr_spool_unlink(s);
  if (s->fd > 0) close(s->fd);
  *s = (vr_spool){0};
}

/* -- copying -- */

static char buffer[1 << 20];

/* as the kernel's calls, with read and write; *bad_side tells which of them failed */
static ssize_t copy_by_hand(int from, int to, size_t n, int *bad_side)
{
  ssize_t got = read(from, buffer, n < sizeof buffer ? n : sizeof buffer);
  *bad_side = 0;
  for (ssize_t done = 0; done < got;) {
    ssize_t put = write(to, buffer + done, (size_t)(got - done));
    if (put < 0 && errno == EINTR) continue;
    *bad_side = 1;
    if (put < 0) return put;
    done += put;
  }
  return got;
}

static int not_for_this_pair(int error)
{
  return error == EINVAL || error == EXDEV || error == ENOSYS || error == EOPNOTSUPP ||
         error == EBADF || error == EPERM || error == ETXTBSY;
}

int vr_copy_bytes(int from, int to, uint64_t length, uint64_t *copied)
{
  enum { RANGE, SEND, SPLICE, HAND } how = RANGE;
  uint64_t done = 0;
  if (copied) *copied = 0;
  fcntl(from, F_SETPIPE_SZ, 1 << 20); // larger pipes, where it is one: fewer switches
  fcntl(to, F_SETPIPE_SZ, 1 << 20);
  while (done < length) {
    size_t n = length - done < (1u << 30) ? (size_t)(length - done) : 1u << 30;
    int side = 1;
    ssize_t got = how == RANGE    ? copy_file_range(from, NULL, to, NULL, n, 0)
                  : how == SEND   ? sendfile(to, from, NULL, n)
                  : how == SPLICE ? splice(from, NULL, to, NULL, n, SPLICE_F_MOVE)
                                  : copy_by_hand(from, to, n, &side);
    if (got < 0 && errno == EINTR) continue;
    if (how != HAND && (got < 0 ? not_for_this_pair(errno) : got == 0 && !done)) {
      how++; // also for files that claim to be empty (as those in /proc do)
      continue;
    }
    if (got < 0)
      return vr_fail(VR_EIO, "%s: %s", side ? "writing" : "reading",
        errno == EPIPE ? "the next program has closed the pipe" : strerror(errno));
    if (got == 0) break;
    done += (uint64_t)got;
    if (copied) *copied = done;
  }
  return 0;
}
