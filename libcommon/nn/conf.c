#include "nn/conf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_BYTES = 1 << 16, MAX_WIDTH = 8192, MAX_WORDS = VR_ARCH_INPUTS };

typedef enum { NAMES, COUNT, WIDTHS, ONE_OF, NUMBER } key_kind;

/* clang-format off */
/* A key: where its words go in the architecture. */
static const struct {
  const char *name;
  key_kind kind;
  size_t offset, many; /* of the value; of the number of values in a list */
  double min, max;
  const char *words;   /* of ONE_OF */
} keys[] = {
#define AT(member) offsetof(vr_arch, member)
  {"inputs", NAMES, AT(input), AT(ninput), 0, 0, NULL},
  {"columns", COUNT, AT(nin), 0, 1, MAX_WIDTH, NULL},
  {"actions", COUNT, AT(nact), 0, 1, 1024, NULL},
  {"eye", ONE_OF, AT(eye), 0, 0, 0, "none|strided|impala"},
  {"features", COUNT, AT(eye_out), 0, 0, MAX_WIDTH, NULL},
  {"mlp", WIDTHS, AT(mlp.width), AT(mlp.n), 1, MAX_WIDTH, NULL},
  {"core", COUNT, AT(core), 0, 0, MAX_WIDTH, NULL},
  {"policy", WIDTHS, AT(policy), AT(npolicy), 1, MAX_WIDTH, NULL},
  {"skips", ONE_OF, AT(skips), 0, 0, 0, "no|yes"},
  {"head", WIDTHS, AT(head.width), AT(head.n), 1, MAX_WIDTH, NULL},
  {"critic", WIDTHS, AT(critic.width), AT(critic.n), 1, MAX_WIDTH, NULL},
  {"private", COUNT, AT(npriv), 0, 0, MAX_WIDTH, NULL},
  {"values", COUNT, AT(nvalue), 0, 0, 64, NULL},
  {"floor", NUMBER, AT(std_floor), 0, 1e-6, 10, NULL},
  {"spread", NUMBER, AT(std_init), 0, 1e-6, 10, NULL},
#undef AT
};
/* clang-format on */

enum { NKEYS = VR_LEN(keys) };

/* The text as it is read. */
typedef struct {
  const char *path;
  vr_arch *arch;
  int line, where[NKEYS]; /* line of each key, 0: not there yet */
  char *word[MAX_WORDS + 2];
  size_t nwords;
} reader;

static void *member(vr_arch *a, size_t offset)
{
  return (char *)a + offset;
}

static const void *member_of(const vr_arch *a, size_t offset)
{
  return (const char *)a + offset;
}

static __attribute__((format(printf, 2, 3))) int bad(const reader *r, const char *fmt, ...)
{
  char what[400];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(what, sizeof what, fmt, ap);
  va_end(ap);
  return vr_fail(VR_EDATA, "%s:%d: %s", r->path, r->line, what);
}

/* The word in quotes, safe to print. */
static const char *quote(char buf[128], const char *word)
{
  vr_str s = {0};
  vr_str_add_escaped(&s, word, strlen(word), 24);
  snprintf(buf, 128, "'%s'", vr_str_get(&s));
  vr_str_free(&s);
  return buf;
}

/* -- words to values -- */

static int find_key(const reader *r, size_t *k)
{
  const char *names[NKEYS];
  char q[128];
  for (*k = 0; *k < NKEYS; ++*k) {
    if (!strcmp(r->word[0], keys[*k].name)) return 0;
    names[*k] = keys[*k].name;
  }
  const char *near = vr_str_nearest(r->word[0], names, NKEYS);
  return bad(r, "there is no key %s%s%s%s", quote(q, r->word[0]), near ? "; did you mean '" : "",
    near ? near : "", near ? "'?" : "");
}

static int number(const reader *r, size_t k, const char *word, double *x)
{
  char q[128];
  if (vr_str_number(word, x)) return bad(r, "%s: %s is not a number", keys[k].name, quote(q, word));
  if (*x < keys[k].min || *x > keys[k].max)
    return bad(
      r, "%s: %s is not in %g .. %g", keys[k].name, quote(q, word), keys[k].min, keys[k].max);
  return 0;
}

static int count(const reader *r, size_t k, const char *word, size_t *n)
{
  double x;
  char q[128];
  VR_TRY(number(r, k, word, &x));
  *n = (size_t)x;
  if ((double)*n != x) return bad(r, "%s: %s is not a whole number", keys[k].name, quote(q, word));
  return 0;
}

static int names(const reader *r, size_t k, size_t n)
{
  char(*to)[VR_ARCH_WORD] = member(r->arch, keys[k].offset), q[128];
  for (size_t i = 0; i < n; i++) {
    const char *w = r->word[i + 1];
    if (strlen(w) >= VR_ARCH_WORD ||
        w[strspn(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
      return bad(r, "%s: %s is not the name of a sense", keys[k].name, quote(q, w));
    for (size_t j = 0; j < i; j++)
      if (!strcmp(w, to[j])) return bad(r, "%s: %s stands twice", keys[k].name, quote(q, w));
    memcpy(to[i], w, strlen(w) + 1);
  }
  return 0;
}

static int one_of(const reader *r, size_t k, int *to)
{
  char q[128];
  const char *w = r->word[1], *list = keys[k].words;
  size_t len = strlen(w);
  for (*to = 0;; ++*to) {
    size_t n = strcspn(list, "|");
    if (n == len && !memcmp(list, w, n)) return 0;
    if (!list[n]) return bad(r, "%s: %s is none of %s", keys[k].name, quote(q, w), keys[k].words);
    list += n + 1;
  }
}

static int list(const reader *r, size_t k)
{
  size_t n = r->nwords - 1, most = keys[k].kind == NAMES ? VR_ARCH_INPUTS : VR_ARCH_MAX;
  size_t *width = member(r->arch, keys[k].offset);
  if (n == 1 && !strcmp(r->word[1], "none")) n = 0;
  if (n > most) return bad(r, "%s: more than %zu words", keys[k].name, most);
  *(size_t *)member(r->arch, keys[k].many) = n;
  if (keys[k].kind == NAMES) return names(r, k, n);
  for (size_t i = 0; i < n; i++) VR_TRY(count(r, k, r->word[i + 1], width + i));
  return 0;
}

static int store(reader *r)
{
  size_t k;
  VR_TRY(find_key(r, &k));
  if (r->where[k]) return bad(r, "'%s' stands in line %d already", keys[k].name, r->where[k]);
  r->where[k] = r->line;
  if (r->nwords < 2) return bad(r, "'%s' has no value", keys[k].name);
  if (keys[k].kind == NAMES || keys[k].kind == WIDTHS) return list(r, k);
  if (r->nwords > 2) return bad(r, "'%s' has more than one value", keys[k].name);
  void *to = member(r->arch, keys[k].offset);
  if (keys[k].kind == COUNT) return count(r, k, r->word[1], to);
  if (keys[k].kind == NUMBER) return number(r, k, r->word[1], to);
  return one_of(r, k, to);
}

/* -- what goes together -- */

/* The first thing that does not, and the key to blame. */
static const char *clash(const vr_arch *a, const char **key)
{
  const char *said[][2] = {
    {"eye", a->eye != VR_EYE_NONE && !a->eye_out ? "an eye needs features" : NULL},
    {"features", a->eye == VR_EYE_NONE && a->eye_out ? "there is no eye to have features" : NULL},
    {"inputs", !a->ninput ? "there is nothing to sense" : NULL},
    {"skips", a->skips && !a->npolicy ? "there are no layers of policy to skip" : NULL},
    {"private", a->npriv && !a->critic.n ? "privileged columns need a critic of its own" : NULL},
    {"values", a->nvalue && !a->core && !a->critic.n ? "a value needs a core or a critic" : NULL},
    {"critic", a->critic.n && !a->nvalue ? "a critic needs values" : NULL},
    {"spread", a->std_init <= a->std_floor ? "the first spread is not above its floor" : NULL},
  };
  for (size_t i = 0; i < VR_LEN(said); i++) {
    *key = said[i][0];
    if (said[i][1]) return said[i][1];
  }
  return NULL;
}

int vr_arch_check(const vr_arch *arch)
{
  const char *key, *what = clash(arch, &key);
  return what ? vr_fail(VR_EDATA, "%s: %s", key, what) : 0;
}

/* All keys are there and go together. */
static int finish(reader *r)
{
  for (size_t k = 0; k < NKEYS; k++)
    if (!r->where[k]) return bad(r, "the key '%s' is missing", keys[k].name);
  const char *key, *what = clash(r->arch, &key);
  if (!what) return 0;
  for (size_t k = 0; k < NKEYS; k++)
    if (!strcmp(key, keys[k].name)) r->line = r->where[k];
  return bad(r, "%s: %s", key, what);
}

/* -- lines -- */

static int read_line(reader *r, char *s)
{
  s[strcspn(s, "#\r")] = 0;
  r->nwords = 0;
  for (char *save = NULL, *w = strtok_r(s, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
    if (r->nwords == VR_LEN(r->word)) return bad(r, "more than %d words", (int)VR_LEN(r->word));
    r->word[r->nwords++] = w;
  }
  return r->nwords ? store(r) : 0;
}

static int read_lines(reader *r, char *text)
{
  for (char *s = text, *next; s; s = next) {
    next = strchr(s, '\n');
    if (next) *next++ = 0;
    if (!*s && !next) break;
    r->line++;
    VR_TRY(read_line(r, s));
  }
  return finish(r);
}

int vr_conf_parse(const char *path, const char *text, size_t n, vr_arch *arch)
{
  reader r = {.path = path, .arch = arch};
  char *copy;
  *arch = (vr_arch){0};
  if (n > MAX_BYTES || memchr(text, 0, n))
    return vr_fail(VR_EDATA, "%s: is not the text of a configuration", path);
  VR_TRY(vr_alloc(&copy, n + 1, 1));
  memcpy(copy, text, n);
  int code = read_lines(&r, copy);
  vr_release(copy);
  return code;
}

int vr_conf_read(const char *path, vr_arch *arch)
{
  char *text;
  FILE *f = fopen(path, "rb");
  if (!f) return vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  int code = vr_alloc(&text, MAX_BYTES + 1, 1);
  size_t n = code ? 0 : fread(text, 1, MAX_BYTES + 1, f);
  if (!code && ferror(f)) code = vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  if (!code) code = vr_conf_parse(path, text, n, arch);
  fclose(f);
  vr_release(text);
  return code;
}

/* -- values to words -- */

static void add_list(const vr_arch *a, size_t k, vr_str *text)
{
  size_t n = *(const size_t *)member_of(a, keys[k].many);
  const void *from = member_of(a, keys[k].offset);
  if (!n) vr_str_add(text, " none");
  for (size_t i = 0; i < n; i++)
    if (keys[k].kind == NAMES)
      vr_str_addf(text, " %s", ((const char(*)[VR_ARCH_WORD])from)[i]);
    else
      vr_str_addf(text, " %zu", ((const size_t *)from)[i]);
}

/* Word number i of "a|b|c". */
static void add_word(const char *words, int i, vr_str *text)
{
  while (i-- > 0) words += strcspn(words, "|") + 1;
  vr_str_addc(text, ' ');
  vr_str_addn(text, words, strcspn(words, "|"));
}

void vr_conf_text(const vr_arch *arch, vr_str *text)
{
  char digits[VR_NUMBER_MAX];
  for (size_t k = 0; k < NKEYS; k++) {
    const void *from = member_of(arch, keys[k].offset);
    vr_str_add(text, keys[k].name);
    switch (keys[k].kind) {
    case NAMES:
    case WIDTHS: add_list(arch, k, text); break;
    case COUNT: vr_str_addf(text, " %zu", *(const size_t *)from); break;
    case ONE_OF: add_word(keys[k].words, *(const int *)from, text); break;
    case NUMBER:
      vr_number_f64(digits, *(const double *)from);
      vr_str_addf(text, " %s", digits);
      break;
    }
    vr_str_addc(text, '\n');
  }
}
