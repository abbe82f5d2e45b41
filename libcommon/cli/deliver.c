/* deliver.c -- finished output goes out at once: by rename, or to standard output. */
#include "cli/state.h"
#include "base/mem.h"
#include "base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int copy_queue(int to, vr_spool *queue, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    uint64_t copied;
    if (lseek(queue[i].fd, 0, SEEK_SET) < 0) return vr_fail(VR_EIO, "%s", strerror(errno));
    VR_TRY(vr_copy_bytes(queue[i].fd, to, queue[i].length, &copied));
    if (copied != queue[i].length) return vr_fail(VR_EIO, "a temporary file was cut");
  }
  return 0;
}

/* a file beside `out` that takes its name when it is whole */
static int by_rename(const char *out, vr_spool *queue, size_t n)
{
  vr_str path = {0};
  vr_str_addf(&path, "%s.XXXXXX", out);
  VR_TRY(vr_str_ok(&path));
  int fd = mkostemp(path.s, O_CLOEXEC), code = 0;
  if (fd < 0) code = vr_fail(VR_EIO, "%s: %s", out, strerror(errno));
  if (!code) {
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    code = vr_wrap(copy_queue(fd, queue, n), "%s", out);
    if (close(fd) && !code) code = vr_fail(VR_EIO, "%s: %s", out, strerror(errno));
    if (!code && rename(path.s, out)) code = vr_fail(VR_EIO, "%s: %s", out, strerror(errno));
    if (code) unlink(path.s);
  }
  vr_str_free(&path);
  return code;
}

int vr_deliver(const char *out, vr_spool *queue, size_t n)
{
  struct stat st;
  if (!out) return vr_wrap(copy_queue(STDOUT_FILENO, queue, n), "standard output");
  if (stat(out, &st) || S_ISREG(st.st_mode)) return by_rename(out, queue, n);
  int fd = open(out, O_WRONLY | O_CLOEXEC); // a device or a named pipe keeps its place
  if (fd < 0) return vr_fail(VR_EIO, "%s: %s", out, strerror(errno));
  int code = vr_wrap(copy_queue(fd, queue, n), "%s", out);
  if (close(fd) && !code) code = vr_fail(VR_EIO, "%s: %s", out, strerror(errno));
  return code;
}
