#include "io/csv.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static int read_all(int fd, const char *path, vr_csv *c)
{
  size_t cap = 0;
  for (;;) {
    if (c->size + 1 >= cap) {
      size_t more = cap ? 2 * cap : 1 << 16;
      VR_TRY(vr_grow(&c->text, cap, more, 1));
      cap = more;
    }
    ssize_t got = read(fd, c->text + c->size, cap - c->size - 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return vr_fail(VR_EIO, "%s: cannot be read: %s", path, strerror(errno));
    if (got == 0) break;
    c->size += (size_t)got;
  }
  c->text[c->size] = 0;
  return 0;
}

static int check_text(vr_csv *c)
{
  const unsigned char *b = (const unsigned char *)c->text;
  if (c->size >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)))
    return vr_fail(VR_EDATA, "the text is UTF-16: save it as UTF-8");
  if (memchr(c->text, 0, c->size)) return vr_fail(VR_EDATA, "not text: it holds NUL bytes");
  if (c->size >= 3 && !memcmp(c->text, "\xef\xbb\xbf", 3)) c->at = 3;
  // the separator of the first line that is no comment
  size_t from = c->at, most = 0;
  while (c->text[from] == '#') {
    from += strcspn(c->text + from, "\n");
    from += c->text[from] == '\n';
  }
  size_t end = from + strcspn(c->text + from, "\r\n");
  c->sep = ',';
  for (const char *s = "\t;,"; *s; s++) {
    size_t n = 0;
    for (size_t i = from; i < end; i++) n += c->text[i] == *s;
    if (n > most) most = n, c->sep = *s;
  }
  return 0;
}

int vr_csv_open(const char *path, vr_csv *c)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return vr_fail(VR_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  int bad = read_all(fd, path, c);
  close(fd);
  return bad ? bad : check_text(c);
}

static int add_cell(vr_csv *c, char *text)
{
  if (c->ncells == c->cap) {
    size_t cap = c->cap ? 2 * c->cap : 64;
    VR_TRY(vr_grow(&c->cell, c->cap, cap, sizeof *c->cell));
    c->cap = cap;
  }
  c->cell[c->ncells++] = text;
  return 0;
}

/* One cell from c->at on, ended in place; *last when the row ends with it. */
static int next_cell(vr_csv *c, int *last)
{
  char *from = c->text + c->at, *to = from, *in = from;
  if (*in == '"') {
    // quoted: doubled quotes are one, line ends belong to the cell
    for (in++; *in && !(in[0] == '"' && in[1] != '"'); in++) {
      if (*in == '"') in++;
      *to++ = *in;
    }
    if (!*in) return vr_fail(VR_EDATA, "line %zu: a quote is opened and not closed", c->line);
    in++;
  }
  while (*in && *in != c->sep && *in != '\n' && *in != '\r') *to++ = *in++;
  char end = *in;
  if (end == '\r' && in[1] == '\n') in++;
  c->at = (size_t)(in - c->text) + (*in != 0);
  *last = end != c->sep;
  *to = 0;
  return add_cell(c, from);
}

int vr_csv_next(vr_csv *c, int *more)
{
  for (;;) {
    c->ncells = 0;
    *more = c->at < c->size;
    if (!*more) return 0;
    c->line++;
    for (int last = 0; !last;) VR_TRY(next_cell(c, &last));
    if (c->ncells > 1 || c->cell[0][0]) return 0;
  }
}

size_t vr_csv_lines(const vr_csv *c)
{
  size_t n = 1;
  for (size_t i = c->at; i < c->size; i++) n += c->text[i] == '\n' || c->text[i] == '\r';
  return n;
}

int vr_csv_number(const vr_csv *c, size_t column, double *x)
{
  const char *cell = c->cell[column];
  *x = NAN;
  while (*cell == ' ') cell++;
  if (!*cell || !strcasecmp(cell, "nan") || !strcasecmp(cell, "na") || !strcasecmp(cell, "null"))
    return 0;
  if (!vr_str_number(cell, x)) return 0;
  vr_str shown = {0};
  vr_str_add_escaped(&shown, cell, strlen(cell), 40);
  size_t comma = strcspn(cell, ",");
  int code = vr_fail(VR_EDATA, "line %zu, column %zu: \"%s\" is not a number%s", c->line,
    column + 1, vr_str_get(&shown), cell[comma] ? " (decimal commas: write points)" : "");
  vr_str_free(&shown);
  return code;
}

int vr_csv_width(const vr_csv *c, size_t want)
{
  if (c->ncells == want) return 0;
  return vr_fail(
    VR_EDATA, "line %zu has %zu columns, the lines before it %zu", c->line, c->ncells, want);
}

void vr_csv_free(vr_csv *c)
{
  vr_release(c->text);
  vr_release(c->cell);
  *c = (vr_csv){0};
}
