#include "io/texttable.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/str.h"
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, LONGEST_LINE = 1 << 26 };

struct vr_texttable {
  int fd, eof;
  char *buf; // start .. end-1 is not yet used
  size_t start, end, cap;
  size_t line;
  char sep; // ' ' stands for any blanks
  size_t columns;
  char **names;
  char *pending; // the first line, where it is data
};

// -- lines --

static int fill(vr_texttable *t)
{
  memmove(t->buf, t->buf + t->start, t->end - t->start);
  t->end -= t->start;
  t->start = 0;
  if (t->cap - t->end < BLOCK / 2) {
    if (t->end > LONGEST_LINE) return vr_fail(VR_EDATA, "line %zu: has no end", t->line + 1);
    VR_TRY(vr_grow(&t->buf, t->end, 2 * t->cap, 1));
    t->cap *= 2;
  }
  // one byte is left for a NUL after the last line
  ssize_t n;
  do n = read(t->fd, t->buf + t->end, t->cap - t->end - 1);
  while (n < 0 && errno == EINTR);
  if (n < 0) return vr_fail(VR_EIO, "%s", strerror(errno));
  t->eof = n == 0;
  t->end += (size_t)n;
  return 0;
}

// the next line that is not empty and no comment, NUL at its end; NULL when there is none
static int next_line(vr_texttable *t, char **line)
{
  for (size_t seen = 0;;) {
    char *s = t->buf + t->start, *end = memchr(s + seen, '\n', t->end - t->start - seen);
    if (!end && !t->eof) {
      seen = t->end - t->start;
      VR_TRY(fill(t));
      continue;
    }
    *line = NULL;
    if (!end && t->start == t->end) return 0;
    if (!end) end = t->buf + t->end; // the last line, without a newline
    seen = 0;
    t->line++;
    t->start = (size_t)(end - t->buf) + (end < t->buf + t->end);
    *end = 0;
    if (memchr(s, 0, (size_t)(end - s)))
      return vr_fail(VR_EDATA, "line %zu: holds a NUL byte, so this is not text", t->line);
    if (end > s && end[-1] == '\r') end[-1] = 0;
    *line = s + strspn(s, " \t") * (t->sep == ' ');
    if (**line && **line != '#' && (*line)[strspn(*line, " ")]) return 0;
  }
}

// -- cells --

static int is_blank(char c)
{
  return c == ' ' || c == '\t';
}

// after a cell: at the next one, or at the NUL; NULL when something else is in the way
static const char *after_cell(const vr_texttable *t, const char *s)
{
  if (t->sep == ' ') {
    if (*s && !is_blank(*s)) return NULL;
    while (is_blank(*s)) s++;
    return s;
  }
  while (*s == ' ') s++;
  return !*s ? s : *s == t->sep ? s + 1 : NULL;
}

static int at_end(const vr_texttable *t, const char *s)
{
  return !*s || (t->sep != ' ' && *s == t->sep);
}

// the cell at s as a number; where the next one starts, or NULL when it is no number
static const char *number_cell(const vr_texttable *t, const char *s, double *x)
{
  while (*s == ' ') s++;
  int quoted = *s == '"';
  s += quoted;
  const char *end = vr_number_parse(s, x);
  if (!end && !strncasecmp(s, "na", 2)) {
    end = s + 2;
    *x = NAN;
  } else if (!end && (quoted ? *s == '"' : at_end(t, s))) {
    end = s;
    *x = NAN;
  }
  if (end && quoted) end = *end == '"' ? end + 1 : NULL;
  return end ? after_cell(t, end) : NULL;
}

// where the cell at s ends, quotes obeyed
static const char *cell_end(const vr_texttable *t, const char *s)
{
  if (*s == '"') {
    for (s++; *s; s++) {
      if (*s != '"') continue;
      if (s[1] != '"') break;
      s++;
    }
  }
  while (*s && *s != t->sep && !(t->sep == ' ' && is_blank(*s))) s++;
  return s;
}

// the text of cells is taken out of their quotes
static void add_cell_text(vr_str *text, const char *s, const char *end)
{
  while (s < end && *s == ' ') s++;
  while (end > s && end[-1] == ' ') end--;
  int quoted = *s == '"' && end > s + 1 && end[-1] == '"';
  for (s += quoted, end -= quoted; s < end; s++) {
    vr_str_addc(text, *s);
    if (quoted && *s == '"') s++;
  }
  vr_str_addn(text, "", 1);
}

static size_t count_cells(const vr_texttable *t, const char *line)
{
  size_t n = 1;
  for (const char *s = cell_end(t, line); *s; n++) {
    if (t->sep == ' ') {
      while (is_blank(*s)) s++;
      if (!*s) break;
    } else {
      s++;
    }
    s = cell_end(t, s);
  }
  return n;
}

static int read_names(vr_texttable *t, const char *line)
{
  vr_str text = {0};
  for (size_t c = 0; c < t->columns; c++) {
    const char *end = cell_end(t, line);
    add_cell_text(&text, line, end);
    line = end + (*end != 0);
    while (t->sep == ' ' && is_blank(*line)) line++;
  }
  int code = vr_str_ok(&text);
  if (!code) code = vr_alloc(&t->names, t->columns * sizeof *t->names + text.n, 1);
  if (!code) {
    char *s = memcpy(t->names + t->columns, text.s, text.n);
    for (size_t c = 0; c < t->columns; c++, s += strlen(s) + 1) t->names[c] = s;
  }
  vr_str_free(&text);
  return code;
}

static int is_header(const vr_texttable *t, const char *line)
{
  double x;
  for (size_t c = 0; c < t->columns; c++)
    if (!(line = number_cell(t, line, &x))) return 1;
  return 0;
}

// -- the table --

static int start(vr_texttable *t)
{
  char *line;
  t->cap = 2 * BLOCK;
  VR_TRY(vr_alloc(&t->buf, t->cap, 1));
  VR_TRY(fill(t));
  if (t->end >= 4 && !memcmp(t->buf, "\x89HDF", 4))
    return vr_fail(VR_EDATA, "is HDF5, not text (vr-dump prints it, vr-import reads recordings)");
  if (t->end >= 3 && !memcmp(t->buf, "\xef\xbb\xbf", 3)) t->start = 3; // a byte order mark
  VR_TRY(next_line(t, &line));
  if (!line) return vr_fail(VR_EDATA, "empty input: no rows of numbers");
  t->sep = strchr(line, '\t') ? '\t' : strchr(line, ';') ? ';' : strchr(line, ',') ? ',' : ' ';
  if (t->sep == ' ') line += strspn(line, " ");
  t->columns = count_cells(t, line);
  if (is_header(t, line)) return read_names(t, line);
  t->pending = line; // stays where it is until the buffer is filled again
  return 0;
}

int vr_texttable_open(int fd, vr_texttable **out)
{
  vr_texttable *t;
  *out = NULL;
  VR_TRY(vr_alloc(&t, 1, sizeof *t));
  t->fd = fd;
  int code = start(t);
  if (code)
    vr_texttable_free(t);
  else
    *out = t;
  return code;
}

size_t vr_texttable_columns(const vr_texttable *t)
{
  return t->columns;
}

char *const *vr_texttable_names(const vr_texttable *t)
{
  return t->names;
}

size_t vr_texttable_line(const vr_texttable *t)
{
  return t->line;
}

static void add_place(const vr_texttable *t, size_t c, vr_str *text)
{
  vr_str_addf(text, "line %zu, column %zu", t->line, c + 1);
  if (!t->names) return;
  vr_str_add(text, " (");
  vr_str_add_escaped(text, t->names[c], strlen(t->names[c]), 60);
  vr_str_addc(text, ')');
}

static int bad_cell(const vr_texttable *t, size_t c, const char *s)
{
  vr_str text = {0};
  const char *end = cell_end(t, s);
  add_place(t, c, &text);
  vr_str_add(&text, ": \"");
  vr_str_add_escaped(&text, s, (size_t)(end - s), 60);
  vr_str_add(&text, "\" is not a number");
  if (t->sep != ',' && memchr(s, ',', (size_t)(end - s)))
    vr_str_add(&text, " (decimal commas are not read: write points)");
  vr_fail(VR_EDATA, "%s", vr_str_get(&text));
  vr_str_free(&text);
  return VR_EDATA;
}

static int bad_value(const vr_texttable *t, size_t c, double x)
{
  vr_str text = {0};
  add_place(t, c, &text);
  vr_fail(VR_EDATA, "%s: %s", vr_str_get(&text),
    isnan(x) ? "a missing number (--nan lets them pass)" : "infinity");
  vr_str_free(&text);
  return VR_EDATA;
}

int vr_texttable_next(vr_texttable *t, int nan, double *row, int *more)
{
  char *line = t->pending;
  t->pending = NULL;
  if (!line) VR_TRY(next_line(t, &line));
  *more = line != NULL;
  if (!line) return 0;
  const char *s = line, *cell = line;
  for (size_t c = 0; c < t->columns; c++) {
    cell = s;
    if (c && !*s && (t->sep == ' ' || s[-1] != t->sep))
      return vr_fail(
        VR_EDATA, "line %zu: %zu columns, where the first line has %zu", t->line, c, t->columns);
    const char *next = number_cell(t, s, &row[c]);
    if (!next) return bad_cell(t, c, s);
    if (!isfinite(row[c]) && !(nan && isnan(row[c]))) return bad_value(t, c, row[c]);
    s = next;
  }
  if (*s || (t->sep != ' ' && s > cell && s[-1] == t->sep))
    return vr_fail(VR_EDATA, "line %zu: %zu columns, where the first line has %zu", t->line,
      count_cells(t, line), t->columns);
  return 0;
}

void vr_texttable_free(vr_texttable *t)
{
  if (!t) return;
  vr_release(t->buf);
  vr_release(t->names);
  vr_release(t);
}
