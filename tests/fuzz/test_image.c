/* test_image.c -- damaged images: a flipped bit never gives other numbers, and nothing crashes the
 * reader. Always the same mutations. */
#include "base/err.h"
#include "base/mem.h"
#include "io/stream.h"
#include "fuzz.h"
#include <fcntl.h>
#include <stdint.h>

typedef struct {
  unsigned char *bytes, *work; // the good image, and a copy to spoil
  size_t n;
  char path[64];
  uint64_t digest; // of all its numbers and strings
} subject;

static void must(int code)
{
  if (!code) return;
  printf("Bail out! %s\n", vr_errmsg());
  exit(1);
}

// -- the good image --
static void make(subject *s, int pack)
{
  enum { FRAMES = 60, JOINTS = 5 };
  char *joint[] = {"hip", "knee", "ankle", "toe", "tail"};
  vr_turn *t;
  vr_trials tr = {0};
  vr_mat x = {0};

  must(vr_turn_new(&t));
  must(vr_trials_single(&tr, FRAMES, 50));
  must(vr_put_trials(t, &tr, &(vr_trial_columns){0}));
  must(vr_put_strings(t, "/names/joint", joint, JOINTS, "joint"));
  must(vr_mat_resize(&x, FRAMES, JOINTS));
  for (size_t i = 0; i < FRAMES * JOINTS; i++) x.a[i] = 0.01 * (double)(i * i % 997);
  must(vr_put_mat(t, "/pose/angles", &x, "time joint", "rad"));
  if (pack) {
    vr_turn *packed;
    must(vr_turn_new(&packed));
    must(vr_h5_copy(t->out, packed->out, NULL, NULL, VR_H5_PACK));
    vr_turn_free(t);
    t = packed;
  }
  must(vr_turn_finish(t));
  s->n = t->spool.length;
  s->bytes = malloc(s->n);
  s->work = malloc(2 * s->n);
  if (!s->bytes || !s->work || pread(t->spool.fd, s->bytes, s->n, 0) != (ssize_t)s->n) exit(1);
  vr_mat_free(&x);
  vr_trials_free(&tr);
  vr_turn_free(t);
  snprintf(s->path, sizeof s->path, "fuzz.%ld.h5", (long)getpid());
}

// -- reading all of it --
typedef struct {
  const vr_h5 *f;
  uint64_t digest;
} reader;

static void mix(uint64_t *digest, const void *data, size_t n)
{
  const unsigned char *c = data;
  for (size_t i = 0; i < n; i++) *digest = (*digest ^ c[i]) * 1099511628211u;
}

static int read_one(void *ctx, const char *path, const vr_h5_info *info)
{
  reader *r = ctx;
  mix(&r->digest, path, strlen(path));
  if (info->type == VR_STR) {
    char **list;
    size_t n;
    VR_TRY(vr_h5_read_strings(r->f, path, &list, &n));
    for (size_t i = 0; i < n; i++) mix(&r->digest, list[i], strlen(list[i]) + 1);
    vr_release(list);
    return 0;
  }
  double *a;
  if (info->type == VR_OTHER || info->rank < 0) return 0;
  if (info->rows && info->row > (1u << 20) / info->rows)
    return vr_fail(VR_EDATA, "%s: too large", path);
  VR_TRY(vr_alloc(&a, info->rows * info->row, sizeof *a));
  int code = vr_h5_read(r->f, path, VR_F64, 0, info->rows, a);
  if (!code) mix(&r->digest, a, info->rows * info->row * sizeof *a);
  vr_release(a);
  return code;
}

static int read_all(const char *path, uint64_t *digest)
{
  vr_h5 *f;
  VR_TRY(vr_h5_open(path, 0, &f));
  reader r = {f, 14695981039346656037u};
  int code = vr_h5_walk(f, "/", read_one, &r);
  *digest = r.digest;
  vr_h5_close(&f);
  return code;
}

static void put(const subject *s, size_t n)
{
  int fd = open(s->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, s->work, n) != (ssize_t)n || close(fd)) exit(1);
}

// -- mutations --
static const char *flip(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  uint64_t digest, at = vr_rng_below(r, 8 * s->n);
  memcpy(s->work, s->bytes, s->n);
  s->work[at / 8] ^= (unsigned char)(1u << at % 8);
  put(s, s->n);
  if (read_all(s->path, &digest)) return NULL;
  return digest == s->digest ? NULL : "one flipped bit gives other numbers";
}

static const char *scribble(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  uint64_t digest;
  memcpy(s->work, s->bytes, s->n);
  for (uint64_t k = 1 + vr_rng_below(r, 8); k > 0; k--) {
    size_t at = vr_rng_below(r, s->n), n = 1 + vr_rng_below(r, 16);
    for (size_t i = at; i < at + n && i < s->n; i++) s->work[i] = (unsigned char)vr_rng_u32(r);
  }
  put(s, s->n);
  (void)read_all(s->path, &digest);
  return NULL;
}

static const char *cut(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  uint64_t digest;
  size_t n = vr_rng_below(r, s->n);
  memcpy(s->work, s->bytes, s->n);
  put(s, n);
  return read_all(s->path, &digest) ? NULL : "a cut image is read";
}

// A stream of one good image and one spoiled: the good one is delivered, the other is or is not.
static const char *stream(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  char *operand[] = {s->path};
  vr_source in = {.operand = operand, .noperands = 1, .fd = -1};
  vr_turn *t = NULL;
  size_t n = s->n + vr_rng_below(r, s->n + 1);

  memcpy(s->work, s->bytes, s->n);
  memcpy(s->work + s->n, s->bytes, s->n);
  if (n > s->n)
    s->work[s->n + vr_rng_below(r, n - s->n)] ^= (unsigned char)(1 + vr_rng_below(r, 255));
  put(s, n);
  if (vr_source_next(&in, VR_TURN_EXTEND, &t) || !t) return "the good image is not delivered";
  vr_turn_free(t);
  if (!vr_source_next(&in, VR_TURN_EXTEND, &t)) vr_turn_free(t);
  if (in.fd >= 0) close(in.fd);
  return NULL;
}

static const char *head(void *ctx, vr_rng *r)
{
  static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  unsigned char h[VR_IMAGE_HEAD];
  uint64_t length = 0;
  (void)ctx;
  for (size_t i = 0; i < sizeof h; i++) h[i] = (unsigned char)vr_rng_u32(r);
  if (vr_rng_below(r, 4)) memcpy(h, signature, sizeof signature);
  if (vr_rng_below(r, 2)) h[8] = (unsigned char)vr_rng_below(r, 5);
  size_t n = vr_rng_below(r, sizeof h + 1);
  if (!vr_image_length(h, n, &length) && length < 48) return "an image of under 48 bytes";
  return NULL;
}

static void spoil(subject *s, unsigned kind)
{
  memcpy(s->work, s->bytes, s->n);
  put(s, s->n);
  must(read_all(s->path, &s->digest));
  fuzz("a flipped bit is found or harmless", kind + 1, 4000, 15, flip, s);
  fuzz("scribbled bytes", kind + 2, 4000, 15, scribble, s);
  fuzz("cut images", kind + 3, 1000, 10, cut, s);
  fuzz("streams with a spoiled second image", kind + 4, 1500, 15, stream, s);
  unlink(s->path);
  free(s->bytes);
  free(s->work);
}

int main(void)
{
  subject plain = {0}, packed = {0};
  fuzz("superblocks of noise", 1, 200000, 5, head, NULL);
  make(&plain, 0);
  spoil(&plain, 10);
  make(&packed, 1);
  spoil(&packed, 20);
  return fuzz_end();
}
