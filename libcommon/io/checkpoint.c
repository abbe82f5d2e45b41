#include "io/checkpoint.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/h5.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define GROUP "/checkpoint"

enum { PATH = 128 };

static const vr_type type_of[] = {
  [VR_PART_F64] = VR_F64, [VR_PART_F32] = VR_F32, [VR_PART_U8] = VR_U8};

/* -- writing -- */

static int put_all(vr_h5 *f, const char *config, const vr_part *piece, size_t n)
{
  char path[PATH];
  for (size_t i = 0; i < n; i++) {
    const vr_part *p = piece + i;
    if (!p->n) continue;
    snprintf(path, sizeof path, GROUP "/%s", p->name);
    VR_TRY(vr_h5_put(f, path, type_of[p->kind], 1, &p->n, p->at, p->name, "1"));
  }
  VR_TRY(vr_h5_set_attr_num(f, GROUP, "format", VR_CHECKPOINT_FORMAT));
  return vr_h5_set_attr_str(f, GROUP, "config", config);
}

/* The bytes are on the disk before the name is. */
static int sync_file(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC), failed = fd < 0 || fsync(fd);
  if (fd >= 0) close(fd);
  return failed ? vr_fail(VR_EIO, "%s", strerror(errno)) : 0;
}

int vr_checkpoint_write(const char *path, const char *config, const vr_part *piece, size_t n)
{
  vr_str temporary = {0};
  vr_h5 *f = NULL;
  vr_str_addf(&temporary, "%s.new", path);
  int code = vr_str_ok(&temporary);
  if (!code) code = vr_h5_create(temporary.s, &f);
  if (!code) code = put_all(f, config, piece, n);
  int closed = vr_h5_close(&f);
  if (!code) code = closed;
  if (!code) code = sync_file(temporary.s);
  if (!code && rename(temporary.s, path)) code = vr_fail(VR_EIO, "%s", strerror(errno));
  if (code && temporary.s) unlink(temporary.s);
  vr_str_free(&temporary);
  return vr_wrap(code, "%s", path);
}

/* -- of several processes -- */

/* A piece as it is told before its bytes, and kept in front of them. */
typedef struct {
  char name[48];
  uint64_t kind, n;
} label;

static size_t bytes_of(const label *l)
{
  return l->n * vr_type_size(type_of[l->kind]);
}

static void send_own(const vr_ranks *ranks, const vr_part *piece, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    label l = {.kind = piece[i].kind, .n = piece[i].n};
    if (!piece[i].own) continue;
    snprintf(l.name, sizeof l.name, "%s", piece[i].name);
    vr_ranks_send(ranks, 0, &l, sizeof l);
    vr_ranks_send(ranks, 0, piece[i].at, bytes_of(&l));
  }
}

static int receive(const vr_ranks *ranks, int from, vr_part *piece)
{
  label l, *block;
  vr_ranks_receive(ranks, from, &l, sizeof l);
  VR_TRY(vr_alloc(&block, sizeof l + bytes_of(&l), 1));
  *block = l;
  *piece = (vr_part){block->name, (vr_part_kind)l.kind, l.n, block + 1, 1};
  vr_ranks_receive(ranks, from, piece->at, bytes_of(&l));
  return 0;
}

/* Each rank has as many pieces of its own. */
int vr_checkpoint_gather(const vr_ranks *ranks, const vr_part *piece, size_t n, vr_parts *all)
{
  size_t own = 0;
  *all = (vr_parts){0};
  for (size_t i = 0; i < n; i++) own += piece[i].own != 0;
  if (ranks->rank > 0) {
    send_own(ranks, piece, n);
    return 0;
  }
  VR_TRY(vr_alloc(&all->piece, n + own * (size_t)(ranks->size - 1), sizeof *piece));
  memcpy(all->piece, piece, n * sizeof *piece);
  all->n = all->mine = n;
  for (int r = 1; r < ranks->size; r++)
    for (size_t i = 0; i < own; i++) {
      VR_TRY(receive(ranks, r, all->piece + all->n));
      all->n++;
    }
  return 0;
}

void vr_checkpoint_drop(vr_parts *all)
{
  for (size_t i = all->mine; i < all->n; i++) vr_release((label *)all->piece[i].at - 1);
  vr_release(all->piece);
  *all = (vr_parts){0};
}

/* -- reading -- */

/* The first line in which two texts differ. */
static int differs(const char *there, const char *here)
{
  while (*there && *there == *here) {
    const char *a = strchr(there, '\n'), *b = strchr(here, '\n');
    size_t n = a ? (size_t)(a - there) : 0;
    if (!a || !b || n != (size_t)(b - here) || memcmp(there, here, n)) break;
    there = a + 1;
    here = b + 1;
  }
  return vr_fail(VR_EDATA, "was made with '%.*s', this run has '%.*s'", (int)strcspn(there, "\n"),
    there, (int)strcspn(here, "\n"), here);
}

static int check(const vr_h5 *f, const char *config)
{
  double format = 0;
  char *there = NULL;
  if (!vr_h5_has(f, GROUP)) return vr_fail(VR_EDATA, "is not a checkpoint");
  VR_TRY(vr_h5_get_attr_num(f, GROUP, "format", &format));
  if (format != VR_CHECKPOINT_FORMAT)
    return vr_fail(VR_EDATA, "is a checkpoint of format %g; this program reads format %d", format,
      VR_CHECKPOINT_FORMAT);
  VR_TRY(vr_h5_get_attr_str(f, GROUP, "config", &there));
  int code = strcmp(there, config) ? differs(there, config) : 0;
  vr_release(there);
  return code;
}

static int get_all(const vr_h5 *f, const vr_part *piece, size_t n)
{
  char path[PATH];
  vr_h5_info info;
  for (size_t i = 0; i < n; i++) {
    const vr_part *p = piece + i;
    if (!p->n) continue;
    snprintf(path, sizeof path, GROUP "/%s", p->name);
    VR_TRY(vr_h5_get_info(f, path, &info));
    if (info.rank != 1 || info.rows != p->n || info.type != type_of[p->kind])
      return vr_fail(VR_EDATA, "%s: %zu numbers, there should be %zu", path, info.rows, p->n);
    VR_TRY(vr_h5_read(f, path, type_of[p->kind], 0, p->n, p->at));
  }
  return 0;
}

int vr_checkpoint_read(const char *path, const char *config, const vr_part *piece, size_t n)
{
  vr_h5 *f = NULL;
  int code = vr_h5_open(path, 0, &f);
  if (!code) code = check(f, config);
  if (!code) code = get_all(f, piece, n);
  vr_h5_close(&f);
  return vr_wrap(code, "%s", path);
}
