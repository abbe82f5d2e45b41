#include "base/table.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_BYTES = 16 << 20, MAX_ROWS = 10000, MAX_COLS = 64, MAX_WORD = 63 };

// where a field of column `heading` goes: descriptor and element of it
typedef struct {
  const vr_col *col;
  size_t element;
} place;

// the text being read: fields of one line at a time, cut out in place
typedef struct {
  vr_table *t;
  size_t cap; // rows allocated
  char *next, *end, *field[MAX_COLS];
  size_t nfields;
  int line;
  // of the heading: fields a row must have, their names, where they go
  size_t ncols;
  const char *heading[MAX_COLS];
  place at[MAX_COLS];
} reader;

// VR_EDATA with "path:line: message"
static int bad(const char *path, int line, const char *fmt, va_list ap)
{
  char what[512];
  vsnprintf(what, sizeof what, fmt, ap);
  return vr_fail(VR_EDATA, "%s:%d: %s", path, line, what);
}

static __attribute__((format(printf, 2, 3))) int fail(const reader *r, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  int code = bad(r->t->path, r->line, fmt, ap);
  va_end(ap);
  return code;
}

int vr_table_fail(const vr_table *t, size_t i, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  int code = bad(t->path, i < t->n ? t->line[i] : 0, fmt, ap);
  va_end(ap);
  return code;
}

// "`field` in quotes, safe to print" into buf
static const char *quote(char buf[128], const char *field)
{
  vr_str s = {0};
  vr_str_add_escaped(&s, field, strlen(field), 24);
  snprintf(buf, 128, "'%s'", vr_str_get(&s));
  vr_str_free(&s);
  return buf;
}

static int is_word(const char *s)
{
  if (!isalpha((unsigned char)*s) && *s != '_') return 0;
  size_t n = 1;
  for (; s[n]; n++)
    if (!isalnum((unsigned char)s[n]) && !strchr("_.-", s[n])) return 0;
  return n <= MAX_WORD;
}

static int is_text(const char *s)
{
  for (; *s; s++)
    if (iscntrl((unsigned char)*s)) return 0;
  return 1;
}

// place of `word` in "a|b|c", -1 when it is none of them
static int one_of(const char *words, const char *word)
{
  size_t len = strlen(word);
  int i = 0;
  for (const char *w = words;; w++, i++) {
    size_t n = strcspn(w, "|");
    if (n == len && !memcmp(w, word, n)) return i;
    w += n;
    if (!*w) return -1;
  }
}

// the next line that holds something, cut into fields; 0 at the end of the text
static int next_line(reader *r, int *more)
{
  for (*more = 0; r->next < r->end;) {
    char *s = r->next, *stop = memchr(s, '\n', (size_t)(r->end - s));
    r->next = stop ? stop + 1 : r->end;
    if (!stop) stop = r->end;
    if (stop > s && stop[-1] == '\r') stop--;
    *stop = 0;
    r->line++;
    if (!*s || *s == '#') continue;
    for (r->nfields = 0;;) {
      if (r->nfields == MAX_COLS) return fail(r, "more than %d columns", MAX_COLS);
      r->field[r->nfields++] = s;
      s += strcspn(s, "\t");
      if (!*s) break;
      *s++ = 0;
    }
    *more = 1;
    return 0;
  }
  return 0;
}

// looks for `heading` among the words of the descriptors
static int find_column(const char *heading, const vr_col *cols, size_t ncols, place *at)
{
  for (size_t c = 0; c < ncols; c++) {
    size_t k = 0, len = strlen(heading);
    for (const char *w = cols[c].name; *w; k++) {
      size_t n = strcspn(w, " ");
      if (n == len && !memcmp(w, heading, n)) {
        *at = (place){&cols[c], k};
        return 1;
      }
      w += n + (w[n] == ' ');
    }
  }
  return 0;
}

// the first column that no field of the heading names
static int find_missing(const reader *r, const vr_col *cols, size_t ncols)
{
  for (size_t c = 0; c < ncols; c++) {
    size_t k = 0;
    for (const char *w = cols[c].name; *w; k++) {
      size_t i = 0, n = strcspn(w, " ");
      while (i < r->ncols && (r->at[i].col != &cols[c] || r->at[i].element != k)) i++;
      if (i == r->ncols) return fail(r, "there is no column '%.*s'", (int)n, w);
      w += n + (w[n] == ' ');
    }
  }
  return 0;
}

static int read_heading(reader *r, const vr_col *cols, size_t ncols)
{
  char q[128];
  int more;
  VR_TRY(next_line(r, &more));
  if (!more) return fail(r, "there is no line with the names of the columns");
  r->ncols = r->nfields;
  for (size_t i = 0; i < r->ncols; i++) {
    r->heading[i] = r->field[i];
    if (!find_column(r->field[i], cols, ncols, &r->at[i])) {
      vr_str s = {0};
      for (size_t c = 0; c < ncols; c++) vr_str_addf(&s, "%s%s", c ? " " : "", cols[c].name);
      int code = fail(r, "there is no column %s in this table; known are: %s",
        quote(q, r->field[i]), vr_str_get(&s));
      vr_str_free(&s);
      return code;
    }
    for (size_t k = 0; k < i; k++)
      if (r->at[k].col == r->at[i].col && r->at[k].element == r->at[i].element)
        return fail(r, "column %s stands twice", quote(q, r->field[i]));
  }
  return find_missing(r, cols, ncols);
}

// field i as a number, or an error
static int number(const reader *r, size_t i, double *x)
{
  const vr_col *c = r->at[i].col;
  const char *s = r->field[i], *heading = r->heading[i];
  char q[128];
  if (vr_str_number(s, x)) return fail(r, "%s: %s is not a number", heading, quote(q, s));
  if (c->kind == VR_COL_INT && *x != floor(*x))
    return fail(r, "%s: %s is not a whole number", heading, quote(q, s));
  if (*x < c->min || *x > c->max)
    return fail(r, "%s: %s is not in %g .. %g", heading, quote(q, s), c->min, c->max);
  return 0;
}

static int string(const reader *r, size_t i)
{
  char q[128];
  const char *s = r->field[i];
  vr_col_kind kind = r->at[i].col->kind;
  if (kind == VR_COL_TEXT ? !is_text(s) : !is_word(s))
    return fail(r, "%s: %s is not a %s", r->heading[i], quote(q, s),
      kind == VR_COL_TEXT ? "line of text" : "name (letters, digits, _ . -)");
  if (kind == VR_COL_KEY && vr_table_find(r->t, s) >= 0)
    return fail(r, "%s: %s was there before", r->heading[i], quote(q, s));
  return 0;
}

// one of some words, or the row of another table
static int choice(const reader *r, size_t i, int *at)
{
  char q[128];
  const vr_col *c = r->at[i].col;
  const char *s = r->field[i];
  const vr_table *to = c->to ? c->to : r->t;
  *at = c->kind == VR_COL_ONEOF ? one_of(c->words, s) : vr_table_find(to, s);
  if (*at >= 0) return 0;
  if (c->kind == VR_COL_ONEOF)
    return fail(r, "%s: %s is none of %s", r->heading[i], quote(q, s), c->words);
  return fail(r, "%s: there is no %s %s %s", r->heading[i], quote(q, s),
    c->to ? "in" : "above this line in", to->path);
}

// stores field i of the line in row `row`
static int store(const reader *r, size_t i, void *row)
{
  const vr_col *c = r->at[i].col;
  size_t k = r->at[i].element;
  void *to = (char *)row + c->offset;
  double x = NAN;
  int absent = c->optional && !strcmp(r->field[i], "-"), at = -1;
  switch (c->kind) {
  case VR_COL_KEY:
  case VR_COL_WORD:
  case VR_COL_TEXT:
    if (!absent) VR_TRY(string(r, i));
    ((const char **)to)[k] = absent ? NULL : r->field[i];
    return 0;
  case VR_COL_NUM:
    if (!absent) VR_TRY(number(r, i, &x));
    ((double *)to)[k] = x;
    return 0;
  case VR_COL_INT:
    VR_TRY(number(r, i, &x));
    ((int *)to)[k] = (int)x;
    return 0;
  default:
    if (!absent) VR_TRY(choice(r, i, &at));
    ((int *)to)[k] = at;
    return 0;
  }
}

static int read_row(reader *r)
{
  vr_table *t = r->t;
  if (r->nfields != r->ncols)
    return fail(r, "%zu fields where there are %zu columns", r->nfields, r->ncols);
  if (t->n == MAX_ROWS) return fail(r, "more than %d rows", MAX_ROWS);
  if (t->n == r->cap) {
    size_t cap = r->cap ? 2 * r->cap : 16;
    VR_TRY(vr_grow(&t->row, r->cap, cap, t->size));
    VR_TRY(vr_grow(&t->line, r->cap, cap, sizeof *t->line));
    r->cap = cap;
  }
  for (size_t i = 0; i < r->ncols; i++) VR_TRY(store(r, i, (char *)t->row + t->n * t->size));
  t->line[t->n++] = r->line;
  return 0;
}

// takes over text of n bytes and a terminator
static int parse(char *text, size_t n, const vr_col *cols, size_t ncols, vr_table *t)
{
  reader r = {.t = t, .next = text, .end = text + n};
  if (memchr(text, 0, n)) return vr_fail(VR_EDATA, "%s: holds a zero byte: not a text", t->path);
  VR_TRY(read_heading(&r, cols, ncols));
  for (int more;;) {
    VR_TRY(next_line(&r, &more));
    if (!more) return 0;
    VR_TRY(read_row(&r));
  }
}

// parses what is in t->text; on failure t is left empty
static int finish(size_t n, const vr_col *cols, size_t ncols, size_t size, vr_table *t)
{
  t->size = size;
  for (size_t c = 0; c < ncols; c++) t->keyed |= cols[c].kind == VR_COL_KEY;
  int code = parse(t->text, n, cols, ncols, t);
  if (code) vr_table_free(t);
  return code;
}

static int set_path(vr_table *t, const char *path)
{
  VR_TRY(vr_alloc(&t->path, strlen(path) + 1, 1));
  memcpy(t->path, path, strlen(path) + 1);
  return 0;
}

int vr_table_parse(const char *path, const char *text, size_t n, const vr_col *cols, size_t ncols,
  size_t size, vr_table *t)
{
  *t = (vr_table){0};
  int code = n > MAX_BYTES ? vr_fail(VR_EDATA, "%s: longer than 16 MiB: not a table", path)
                           : set_path(t, path);
  if (!code) code = vr_alloc(&t->text, n + 1, 1);
  if (code) {
    vr_table_free(t);
    return code;
  }
  if (n) memcpy(t->text, text, n);
  return finish(n, cols, ncols, size, t);
}

// the whole file into t->text
static int slurp(const char *path, vr_table *t, size_t *n)
{
  FILE *f = fopen(path, "rb");
  if (!f) return vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  size_t cap = 1 << 14;
  int code = vr_alloc(&t->text, cap, 1);
  for (*n = 0; !code;) {
    *n += fread(t->text + *n, 1, cap - 1 - *n, f);
    if (ferror(f)) code = vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
    if (code || *n < cap - 1) break;
    code = cap > MAX_BYTES ? vr_fail(VR_EDATA, "%s: longer than 16 MiB: not a table", path)
                           : vr_grow(&t->text, cap, 2 * cap, 1);
    cap *= 2;
  }
  fclose(f);
  return code;
}

int vr_table_read(const char *path, const vr_col *cols, size_t ncols, size_t size, vr_table *t)
{
  size_t n = 0;
  *t = (vr_table){0};
  int code = set_path(t, path);
  if (!code) code = slurp(path, t, &n);
  if (code) {
    vr_table_free(t);
    return code;
  }
  t->text[n] = 0;
  return finish(n, cols, ncols, size, t);
}

int vr_table_find(const vr_table *t, const char *key)
{
  for (size_t i = 0; t->keyed && i < t->n; i++) {
    const char *name = *(const char *const *)(const void *)((const char *)t->row + i * t->size);
    if (!strcmp(name, key)) return (int)i;
  }
  return -1;
}

void vr_table_free(vr_table *t)
{
  vr_release(t->row);
  vr_release(t->line);
  vr_release(t->text);
  vr_release(t->path);
  *t = (vr_table){0};
}
