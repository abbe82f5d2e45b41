#include "base/align.h"
#include <string.h>

enum { COLUMNS = 32 };

// characters on the screen: bytes that do not continue a UTF-8 sequence
static size_t width(const char *s, size_t n)
{
  size_t w = 0;
  for (size_t i = 0; i < n; i++) w += ((unsigned char)s[i] & 0xc0) != 0x80;
  return w;
}

static void pad(vr_str *out, size_t n)
{
  while (n--) vr_str_addc(out, ' ');
}

void vr_str_align(vr_str *out, const char *tsv, const char *how)
{
  size_t widest[COLUMNS] = {0}, nhow = strlen(how);
  int column = 0;
  // first the widths
  for (const char *s = tsv; *s;) {
    size_t n = strcspn(s, "\t\n"), w = width(s, n);
    if (column < COLUMNS && w > widest[column]) widest[column] = w;
    column = s[n] == '\t' ? column + 1 : 0;
    s += n + (s[n] != 0);
  }
  // then the lines; blanks are put only in front of what follows
  column = 0;
  size_t owed = 0;
  for (const char *s = tsv; *s;) {
    size_t n = strcspn(s, "\t\n"), w = width(s, n);
    size_t gap = column < COLUMNS && widest[column] > w ? widest[column] - w : 0;
    int right = (size_t)column < nhow && how[column] == 'r';
    if (right) owed += gap;
    if (n) {
      pad(out, owed);
      owed = 0;
      vr_str_addn(out, s, n);
    }
    owed += (right ? 0 : gap) + 2;
    column++;
    if (s[n] != '\t') {
      vr_str_addc(out, '\n');
      column = 0;
      owed = 0;
    }
    s += n + (s[n] != 0);
  }
}
