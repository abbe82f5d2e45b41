#include "base/str.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int reserve(vr_str *t, size_t more)
{
  if (t->failed) return 0;
  size_t need = t->n + more + 1;
  if (need <= t->cap) return 1;
  size_t cap = t->cap ? t->cap : 64;
  while (cap < need) cap *= 2;
  if (vr_grow(&t->s, t->n, cap, 1)) {
    t->failed = 1;
    return 0;
  }
  t->cap = cap;
  return 1;
}

void vr_str_addn(vr_str *t, const char *text, size_t n)
{
  if (!reserve(t, n)) return;
  memcpy(t->s + t->n, text, n);
  t->n += n;
  t->s[t->n] = 0;
}

void vr_str_add(vr_str *t, const char *text)
{
  vr_str_addn(t, text, strlen(text));
}

void vr_str_addc(vr_str *t, char c)
{
  vr_str_addn(t, &c, 1);
}

void vr_str_addf(vr_str *t, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  if (n < 0 || !reserve(t, (size_t)n)) return;
  va_start(ap, fmt);
  vsnprintf(t->s + t->n, (size_t)n + 1, fmt, ap);
  va_end(ap);
  t->n += (size_t)n;
}

void vr_str_clear(vr_str *t)
{
  t->n = 0;
  if (t->s) t->s[0] = 0;
}

int vr_str_ok(const vr_str *t)
{
  return t->failed ? vr_fail(VR_EMEM, "no memory for a string of %zu characters", t->n) : 0;
}

const char *vr_str_get(const vr_str *t)
{
  return t->s ? t->s : "";
}

void vr_str_free(vr_str *t)
{
  vr_release(t->s);
  *t = (vr_str){0};
}

size_t vr_utf8_length(const unsigned char *s, size_t n)
{
  size_t len = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
  if (!len || len > n) return 0;
  for (size_t i = 1; i < len; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  return len;
}

void vr_str_add_escaped(vr_str *t, const char *text, size_t n, size_t max)
{
  const unsigned char *s = (const unsigned char *)text;
  for (size_t i = 0, shown = 0; i < n; shown++) {
    if (shown >= max) {
      vr_str_add(t, "...");
      return;
    }
    size_t len = vr_utf8_length(s + i, n - i);
    // C1 controls come as two bytes, c2 80 to c2 9f
    int control = len == 1 ? s[i] < 0x20 || s[i] == 0x7f || s[i] == '\\' || s[i] == '"'
                           : len == 2 && s[i] == 0xc2 && s[i + 1] < 0xa0;
    if (!len || control) {
      vr_str_addf(t, "\\x%02x", s[i]);
      i++;
    } else {
      vr_str_addn(t, text + i, len);
      i += len;
    }
  }
}

int vr_str_split(const char *text, const char *sep, char ***words, size_t *n)
{
  size_t count = 1, len = strlen(text);
  for (const char *c = text; *c; c++) count += strchr(sep, *c) != NULL;
  char **list;
  VR_TRY(vr_alloc(&list, count * sizeof *list + len + 1, 1));
  char *copy = (char *)(list + count);
  memcpy(copy, text, len + 1);
  for (size_t i = 0; i < count; i++) {
    list[i] = copy;
    copy += strcspn(copy, sep);
    if (*copy) *copy++ = 0;
  }
  *words = list;
  *n = count;
  return 0;
}

size_t vr_str_distance(const char *a, const char *b)
{
  enum { MAX = 64 };
  size_t na = strlen(a), nb = strlen(b), row[3][MAX + 1];
  if (na > MAX || nb > MAX) return na > nb ? na : nb;
  for (size_t j = 0; j <= nb; j++) row[1][j] = j;
  for (size_t i = 1; i <= na; i++) {
    size_t *prev2 = row[(i + 2) % 3], *prev = row[i % 3], *cur = row[(i + 1) % 3];
    cur[0] = i;
    for (size_t j = 1; j <= nb; j++) {
      size_t best = prev[j - 1] + (a[i - 1] != b[j - 1]);
      if (prev[j] + 1 < best) best = prev[j] + 1;
      if (cur[j - 1] + 1 < best) best = cur[j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && prev2[j - 2] + 1 < best)
        best = prev2[j - 2] + 1;
      cur[j] = best;
    }
  }
  return row[(na + 1) % 3][nb];
}

const char *vr_str_nearest(const char *word, const char *const *list, size_t n)
{
  const char *best = NULL;
  size_t limit = strlen(word) / 3 + 1, least = limit + 1;
  for (size_t i = 0; i < n; i++) {
    size_t d = vr_str_distance(word, list[i]);
    if (d < least) {
      least = d;
      best = list[i];
    }
  }
  return best;
}

int vr_str_number(const char *text, double *x)
{
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end || !isfinite(value))
    return vr_fail(VR_EARG, "\"%.60s\" is not a number", text);
  *x = value;
  return 0;
}
