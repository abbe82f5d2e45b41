/* source.c -- images from operands and pipes become turns. */
#include "io/stream.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void vr_source_close(vr_source *s)
{
  if (s->name && s->fd > 0) close(s->fd);
  s->name = NULL;
}

/* opens the next operand, or standard input once; name stays NULL at the end */
static int open_next(vr_source *s)
{
  int standard = !s->noperands && s->next == 0;
  if (!standard && s->next >= s->noperands) return 0;
  const char *name = standard ? "-" : s->operand[s->next];
  s->next++;
  s->image = 0;
  if (!strcmp(name, "-")) {
    s->fd = STDIN_FILENO;
    s->name = "standard input";
    return 0;
  }
  s->fd = open(name, O_RDONLY | O_CLOEXEC);
  if (s->fd < 0) return vr_fail(VR_EIO, "%s: %s", name, strerror(errno));
  s->name = name;
  return 0;
}

enum { SUPERBLOCK = 52 }; /* no image is shorter */

/* reads on until n bytes are there; fewer only at the end of the input */
static int read_until(int fd, unsigned char *head, size_t n, size_t *got)
{
  while (*got < n) {
    ssize_t more = read(fd, head + *got, n - *got);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return vr_fail(VR_EIO, "%s", strerror(errno));
    if (more == 0) break;
    *got += (size_t)more;
  }
  return 0;
}

static int write_all(int fd, const unsigned char *p, size_t n)
{
  while (n > 0) {
    ssize_t put = write(fd, p, n);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return vr_fail(VR_EIO, "writing to the temporary folder: %s", strerror(errno));
    p += put;
    n -= (size_t)put;
  }
  return 0;
}

/* the image that starts with head, the rest of it read from fd, in a spool of its own */
static int spool_image(
  int fd, const unsigned char *head, size_t got, uint64_t length, vr_spool *spool)
{
  uint64_t rest = 0;
  VR_TRY(vr_spool_new(spool));
  int code = write_all(spool->fd, head, got);
  if (!code) code = vr_copy_bytes(fd, spool->fd, length - got, &rest);
  if (!code && got + rest < length)
    code = vr_fail(VR_EDATA, "cut short: the image has %llu bytes, %llu came",
      (unsigned long long)length, (unsigned long long)(got + rest));
  if (code)
    vr_spool_free(spool);
  else
    spool->length = length;
  return code;
}

/* the file in which the operand lies alone, so that it can be read where it is */
static int lies_alone(const vr_source *s, uint64_t length)
{
  struct stat st;
  return s->fd != STDIN_FILENO && s->image == 1 && !fstat(s->fd, &st) && S_ISREG(st.st_mode) &&
         (uint64_t)st.st_size == length;
}

/* -x: what stays of the input beside the own results */
static int is_axis(void *ctx, const char *path)
{
  (void)ctx;
  return !strcmp(path, "/time") || !strcmp(path, "/trial") || !strcmp(path, "/history") ||
         !strncmp(path, "/trials/", 8) || !strncmp(path, "/names/", 7);
}

/* `in` is open: decides where the results go */
int vr_turn_set_out(vr_turn *t, int mode)
{
  t->foreign = !vr_h5_has_attr(t->in, "/", "vr_format");
  double format = 1;
  if (!t->foreign) VR_TRY(vr_h5_get_attr_num(t->in, "/", "vr_format", &format));
  if (format != 1)
    return vr_fail(VR_EDATA, "is of vr_format %g; this program reads format 1", format);
  if (mode == VR_TURN_READ) return 0;
  vr_turn *fresh;
  VR_TRY(vr_turn_new(&fresh));
  t->extra = t->spool;
  t->spool = fresh->spool;
  t->out = fresh->out;
  vr_release(fresh->name);
  vr_release(fresh);
  return t->foreign ? 0 : vr_h5_copy(t->in, t->out, is_axis, NULL, VR_H5_AS_STORED);
}

/* a private copy that is ours and passed on whole is extended in place */
static int open_spooled(vr_turn *t, int mode)
{
  int code = vr_h5_open(t->spool.path, mode == VR_TURN_EXTEND, &t->in);
  int extend = !code && mode == VR_TURN_EXTEND && vr_h5_has_attr(t->in, "/", "vr_format");
  if (!code && mode == VR_TURN_EXTEND && !extend) { // opened to write, though it is only read
    code = vr_h5_close(&t->in);
    if (!code) code = vr_h5_open(t->spool.path, 0, &t->in);
  }
  vr_spool_unlink(&t->spool);
  if (code) return code;
  double format = 1;
  if (extend) {
    t->out = t->in;
    VR_TRY(vr_h5_get_attr_num(t->in, "/", "vr_format", &format));
    return format == 1
             ? 0
             : vr_fail(VR_EDATA, "is of vr_format %g; this program reads format 1", format);
  }
  return vr_turn_set_out(t, mode);
}

static int open_image(vr_source *s, int mode, const unsigned char *head, size_t got, vr_turn *t)
{
  uint64_t length;
  VR_TRY(vr_image_length(head, got, &length));
  int alone = lies_alone(s, length);
  if (alone) {
    VR_TRY(vr_h5_open(s->name, 0, &t->in));
    int extend = mode == VR_TURN_EXTEND && vr_h5_has_attr(t->in, "/", "vr_format");
    if (!extend) {
      if (lseek(s->fd, 0, SEEK_END) < 0) return vr_fail(VR_EIO, "%s", strerror(errno));
      return vr_turn_set_out(t, mode);
    }
    VR_TRY(vr_h5_close(&t->in));
  }
  VR_TRY(spool_image(s->fd, head, got, length, &t->spool));
  return open_spooled(t, mode);
}

static int turn_name(vr_turn *t, const vr_source *s)
{
  vr_str name = {0};
  vr_str_add_escaped(&name, s->name, strlen(s->name), 300);
  if (s->image > 1) vr_str_addf(&name, " (image %zu)", s->image);
  t->name = name.s;
  return vr_str_ok(&name);
}

/* the head of the next image, from the next operand where one ends; *got = 0 at the very end */
static int next_head(vr_source *s, unsigned char *head, size_t *got)
{
  for (*got = 0;;) {
    if (!s->name) VR_TRY(open_next(s));
    if (!s->name) return 0;
    VR_TRY(vr_wrap(read_until(s->fd, head, SUPERBLOCK, got), "%s", s->name));
    if (*got == SUPERBLOCK && head[0] != 0x89) // something may stand before the signature
      VR_TRY(vr_wrap(read_until(s->fd, head, VR_IMAGE_HEAD, got), "%s", s->name));
    if (*got) return 0;
    if (!s->image)
      return vr_fail(
        VR_EDATA, "%s: empty input: the program before has failed, or the file is empty", s->name);
    vr_source_close(s);
  }
}

int vr_source_next(vr_source *s, int mode, vr_turn **turn)
{
  unsigned char head[VR_IMAGE_HEAD];
  size_t got;
  *turn = NULL;
  VR_TRY(next_head(s, head, &got));
  if (!got) return 0;
  vr_turn *t;
  VR_TRY(vr_alloc(&t, 1, sizeof *t));
  s->image++;
  int code = turn_name(t, s);
  if (!code) code = open_image(s, mode, head, got, t);
  if (code) {
    vr_wrap(code, "%s", t->name ? t->name : s->name);
    vr_turn_free(t);
    return code;
  }
  s->taken++;
  *turn = t;
  return 0;
}
