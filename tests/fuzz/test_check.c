/* test_check.c -- vr-check never passes a damaged stream with other numbers: 400 flipped bits, and
 * whole bytes, in a small stream. Always the same ones. */
#include "base/err.h"
#include "base/mem.h"
#include "io/check.h"
#include "io/prov.h"
#include "io/rowtext.h"
#include "io/stream.h"
#include "fuzz.h"
#include <fcntl.h>

typedef struct {
  unsigned char *bytes, *work;
  size_t n;
  char path[64];
  vr_str text;               // what the good stream says
  unsigned *told, *harmless; // shared with the child: damage found, damage without effect
} subject;

static void must(int code)
{
  if (!code) return;
  printf("Bail out! %s\n", vr_errmsg());
  exit(1);
}

static void make(subject *s)
{
  enum { FRAMES = 60, JOINTS = 5 };
  char *joint[] = {"hip", "knee", "ankle", "toe", "tail"}, *word[] = {"vr-load"};
  vr_turn *t;
  vr_trials tr = {0};
  vr_mat x = {0};
  must(vr_turn_new(&t));
  must(vr_trials_single(&tr, FRAMES, 50));
  must(vr_put_trials(t, &tr, &(vr_trial_columns){0}));
  must(vr_put_strings(t, "/names/joint", joint, JOINTS, "joint"));
  must(vr_mat_resize(&x, FRAMES, JOINTS));
  for (size_t i = 0; i < FRAMES * JOINTS; i++) x.a[i] = 0.01 * (double)(i * i % 997);
  must(vr_put_begin(t, "/pose/angles", VR_F32, FRAMES, JOINTS, "time joint", "rad"));
  must(vr_put_rows(t, "/pose/angles", VR_F64, 0, FRAMES, x.a));
  must(vr_history_add(t, &(vr_run){.program = "vr-load", .command = word, .nwords = 1}));
  must(vr_turn_finish(t));
  s->n = t->spool.length;
  s->bytes = malloc(s->n);
  s->work = malloc(s->n);
  if (!s->bytes || !s->work || pread(t->spool.fd, s->bytes, s->n, 0) != (ssize_t)s->n) exit(1);
  vr_mat_free(&x);
  vr_trials_free(&tr);
  vr_turn_free(t);
  snprintf(s->path, sizeof s->path, "check.%ld.h5", (long)getpid());
}

// what a reader sees: angles, times, names
static int print_all(const vr_h5 *f, vr_str *text)
{
  static const char *const group[][2] = {{"/time", "/pose/angles"}, {"/names/joint", NULL}};
  for (size_t k = 0; k < VR_LEN(group); k++) {
    vr_rowtext *r;
    VR_TRY(vr_rowtext_open(f, group[k], group[k][1] ? 2 : 1, &r));
    int code = vr_rowtext_header(r, text);
    for (int more = 1; more && !code;) code = vr_rowtext_next(r, text, &more);
    vr_rowtext_free(r);
    VR_TRY(code);
  }
  return 0;
}

// *problems of the bytes in work, and what they say where there are none
static int look(const subject *s, size_t *problems, vr_str *text)
{
  vr_h5 *f;
  vr_check_report r = {0};
  int fd = open(s->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, s->work, s->n) != (ssize_t)s->n || close(fd)) exit(1);
  VR_TRY(vr_h5_open(s->path, 0, &f));
  int code = vr_check(f, &r);
  *problems = r.problems;
  if (!code && !*problems) code = print_all(f, text);
  vr_check_free(&r);
  vr_h5_close(&f);
  return code;
}

static const char *judge(subject *s)
{
  vr_str text = {0};
  size_t problems = 0;
  int code = look(s, &problems, &text);
  int same = !code && !problems && !strcmp(vr_str_get(&text), vr_str_get(&s->text));
  vr_str_free(&text);
  if (code || problems)
    ++*s->told;
  else if (same)
    ++*s->harmless;
  else
    return "passes, with other numbers";
  return NULL;
}

static const char *flip(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  uint64_t at = vr_rng_below(r, 8 * s->n);
  memcpy(s->work, s->bytes, s->n);
  s->work[at / 8] ^= (unsigned char)(1u << at % 8);
  return judge(s);
}

static const char *zero(void *ctx, vr_rng *r)
{
  subject *s = ctx;
  size_t at = vr_rng_below(r, s->n), n = 1 + vr_rng_below(r, 512);
  memcpy(s->work, s->bytes, s->n);
  for (size_t i = at; i < at + n && i < s->n; i++) s->work[i] = 0;
  return judge(s);
}

int main(void)
{
  subject s = {0};
  size_t problems;
  make(&s);
  s.told =
    mmap(NULL, 2 * sizeof *s.told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s.told == MAP_FAILED) exit(1);
  s.harmless = s.told + 1;
  memcpy(s.work, s.bytes, s.n);
  must(look(&s, &problems, &s.text));
  printf("%s %d - the whole stream passes\n", problems ? "not ok" : "ok", ++fuzz_tests);
  fuzz_failed += problems != 0;
  fuzz("one flipped bit", 1, 400, 60, flip, &s);
  printf(
    "# of 400 flipped bits %u were found, %u changed nothing that is read\n", *s.told, *s.harmless);
  *s.told = *s.harmless = 0;
  fuzz("a run of zeros", 2, 400, 60, zero, &s);
  printf("# of 400 runs of zeros %u were found, %u changed nothing that is read\n", *s.told,
    *s.harmless);
  unlink(s.path);
  free(s.bytes);
  free(s.work);
  vr_str_free(&s.text);
  return fuzz_end();
}
