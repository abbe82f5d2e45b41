#include "io/pickle.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A value on the stack: a text (offset in `text`), or a list whose members are chained. */
enum { MARK, TEXT, LIST, OTHER };
typedef struct {
  int kind;
  size_t text;              /* TEXT: where it starts in reader.text */
  size_t head, tail, count; /* LIST: links of its members, SIZE_MAX when empty */
} value;

typedef struct {
  size_t value, next;
} member;

typedef struct {
  value *v; /* all values ever made */
  size_t nv, cap_v;
  member *link;
  size_t nlink, cap_link;
  size_t *stack, nstack, cap_stack; /* places in v */
  size_t *memo, nmemo;              /* PUT: places in v, SIZE_MAX when free */
  vr_str text;
} reader;

static int room(void *block, size_t *cap, size_t n, size_t size)
{
  if (n < *cap) return 0;
  size_t more = *cap ? 2 * *cap : 256;
  VR_TRY(vr_grow(block, *cap, more, size));
  *cap = more;
  return 0;
}

static int push(reader *r, size_t v)
{
  VR_TRY(room(&r->stack, &r->cap_stack, r->nstack, sizeof *r->stack));
  r->stack[r->nstack++] = v;
  return 0;
}

static int make(reader *r, int kind, size_t text)
{
  VR_TRY(room(&r->v, &r->cap_v, r->nv, sizeof *r->v));
  r->v[r->nv] = (value){kind, text, SIZE_MAX, SIZE_MAX, 0};
  return push(r, r->nv++);
}

static int append(reader *r, size_t list, size_t v)
{
  VR_TRY(room(&r->link, &r->cap_link, r->nlink, sizeof *r->link));
  value *l = &r->v[list];
  r->link[r->nlink] = (member){v, SIZE_MAX};
  if (l->count++)
    r->link[l->tail].next = r->nlink;
  else
    l->head = r->nlink;
  l->tail = r->nlink++;
  return 0;
}

static int broken(const char *what)
{
  return vr_fail(VR_EDATA, "the pickled column names are damaged: %s", what);
}

/* `t`, `l`, `d`: what is above the last mark becomes a list */
static int collect(reader *r)
{
  size_t m = r->nstack;
  while (m && r->v[r->stack[m - 1]].kind != MARK) m--;
  if (!m) return broken("no mark");
  size_t list = r->stack[m - 1], from = m;
  r->v[list].kind = LIST;
  for (size_t i = from; i < r->nstack; i++) VR_TRY(append(r, list, r->stack[i]));
  r->nstack = m;
  return 0;
}

static void put_code(vr_str *t, unsigned long u)
{
  if (u < 0x80) {
    vr_str_addc(t, (char)u);
  } else if (u < 0x800) {
    vr_str_addc(t, (char)(0xc0 | u >> 6));
    vr_str_addc(t, (char)(0x80 | (u & 0x3f)));
  } else {
    if (u >= 0x10000) {
      vr_str_addc(t, (char)(0xf0 | u >> 18));
      vr_str_addc(t, (char)(0x80 | (u >> 12 & 0x3f)));
    } else {
      vr_str_addc(t, (char)(0xe0 | u >> 12));
    }
    vr_str_addc(t, (char)(0x80 | (u >> 6 & 0x3f)));
    vr_str_addc(t, (char)(0x80 | (u & 0x3f)));
  }
}

/* raw-unicode-escape: Latin-1, and \uXXXX or \UXXXXXXXX */
static int add_text(reader *r, const char *s, size_t n)
{
  size_t start = r->text.n;
  for (size_t i = 0; i < n;) {
    size_t digits = s[i] == '\\' && i + 1 < n ? s[i + 1] == 'u' ? 4 : s[i + 1] == 'U' ? 8 : 0 : 0;
    if (!digits || i + 2 + digits > n) {
      put_code(&r->text, (unsigned char)s[i++]);
      continue;
    }
    char hex[9] = {0};
    memcpy(hex, s + i + 2, digits);
    unsigned long code = strtoul(hex, NULL, 16);
    if (!code || code > 0x10ffff) return broken("a character that does not exist");
    put_code(&r->text, code);
    i += 2 + digits;
  }
  vr_str_addc(&r->text, 0);
  return make(r, TEXT, start);
}

/* PUT and GET: the memo holds what comes again */
static int memo(reader *r, char op, const char *arg)
{
  unsigned long i = strtoul(arg, NULL, 10);
  if (i > 1000000 || (op == 'p' && !r->nstack)) return broken("a memo out of range");
  if (i >= r->nmemo) {
    if (op == 'g') return broken("a name that was never put");
    size_t more = 2 * i + 64;
    VR_TRY(vr_grow(&r->memo, r->nmemo, more, sizeof *r->memo));
    for (size_t k = r->nmemo; k < more; k++) r->memo[k] = SIZE_MAX;
    r->nmemo = more;
  }
  if (op == 'p')
    r->memo[i] = r->stack[r->nstack - 1];
  else if (r->memo[i] == SIZE_MAX)
    return broken("a name that was never put");
  else
    return push(r, r->memo[i]);
  return 0;
}

/* One opcode with its argument, a line of n characters. */
static int step(reader *r, char op, const char *arg, size_t n)
{
  if (op == 'V') return add_text(r, arg, n);
  if (op == 'S') // quoted, from Python 2
    return n < 2 || arg[n - 1] != arg[0] ? broken("a quote") : add_text(r, arg + 1, n - 2);
  if (op == 'I' || op == 'L') return add_text(r, arg, n);
  if (op == 'p' || op == 'g') return memo(r, op, arg);
  if (op == '(') return make(r, MARK, 0);
  if (op == 'N') return make(r, OTHER, 0);
  if (op == 't' || op == 'l' || op == 'd') return collect(r);
  if (op == 'a' && r->nstack >= 2) {
    size_t list = r->stack[r->nstack - 2];
    if (r->v[list].kind != LIST) return broken("append to what is not a list");
    return append(r, list, r->stack[--r->nstack]);
  }
  if (op == 's' && r->nstack >= 3) { // dicts are read and forgotten
    r->nstack -= 2;
    return 0;
  }
  return vr_fail(
    VR_EDATA, "the pickled column names hold opcode 0x%02x, which is not read", (unsigned char)op);
}

static int run(reader *r, const char *p)
{
  for (; *p && *p != '.'; p++) {
    char op = *p;
    size_t n = 0;
    if (strchr("VSILpg", op)) {
      n = strcspn(++p, "\n");
      if (p[n] != '\n') return broken("a line does not end");
    }
    VR_TRY(step(r, op, p, n));
    if (strchr("VSILpg", op)) p += n;
  }
  if (*p != '.' || r->nstack != 1 || r->v[r->stack[0]].kind != LIST) return broken("not one list");
  return vr_str_ok(&r->text);
}

/* the tuples of text in the list as one block of names */
static int flatten(const reader *r, char ***names, size_t *n, size_t *width)
{
  const value *list = &r->v[r->stack[0]];
  *n = list->count;
  if (!*n) return broken("no columns");
  *width = r->v[r->link[list->head].value].count;
  char **flat;
  VR_TRY(vr_alloc(&flat, *n * (*width + 1), sizeof *flat));
  size_t i = 0;
  int bad = 0;
  for (size_t l = list->head; l != SIZE_MAX && !bad; l = r->link[l].next) {
    const value *tuple = &r->v[r->link[l].value];
    if (tuple->kind != LIST || tuple->count != *width || !*width) bad = broken("unequal tuples");
    for (size_t m = tuple->head; !bad && m != SIZE_MAX; m = r->link[m].next) {
      const value *text = &r->v[r->link[m].value];
      if (text->kind != TEXT)
        bad = broken("a name that is not text");
      else
        flat[i++] = r->text.s + text->text;
    }
  }
  if (!bad) bad = vr_names_copy(flat, i, names);
  vr_release(flat);
  return bad;
}

int vr_pickle_columns(const char *pickle, char ***names, size_t *n, size_t *width)
{
  reader r = {0};
  int bad = run(&r, pickle);
  if (!bad) bad = flatten(&r, names, n, width);
  vr_release(r.v);
  vr_release(r.link);
  vr_release(r.stack);
  vr_release(r.memo);
  vr_str_free(&r.text);
  return bad;
}
