/* test_text.c -- damaged text: tables, numbers, words and escapes. Always the same mutations. */
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/table.h"
#include "fuzz.h"
#include <math.h>
#include <stdint.h>

typedef struct {
  const char *name;
  double x, y;
  int n, kind, parent;
  const char *note;
} line;

static const vr_col cols[] = {
  VR_KEY("name"),
  VR_NUM("x y", line, x, -1e3, 1e3),
  VR_INT("n", line, n, 0, 99),
  VR_ONEOF("kind", line, kind, "box|ball"),
  VR_REF("parent", line, parent, NULL),
  VR_TEXT("note", line, note),
};

static const char good[] = "# bodies\nname\tx\ty\tn\tkind\tparent\tnote\n"
                           "torso\t0\t1e-3\t7\tbox\ttorso\tthe first one\n"
                           "head\t-1.5\t.25\t0\tball\ttorso\tabove \xc3\xbc it\n\n"
                           "tail\t1\t2\t99\tball\thead\tbehind\n";

// Bytes are changed, doubled, dropped; what is left ends anywhere.
static size_t mutate(char *text, size_t cap, vr_rng *r)
{
  static const char nasty[] = "\t\n\r\0 -.eE0123456789#\"|\xff\xc3\x80naninf";
  size_t n = sizeof good - 1;
  memcpy(text, good, n);
  for (uint64_t k = 1 + vr_rng_below(r, 6); k > 0; k--) {
    size_t at = vr_rng_below(r, n);
    char c = vr_rng_below(r, 2) ? nasty[vr_rng_below(r, sizeof nasty)] : (char)vr_rng_u32(r);
    switch (vr_rng_below(r, 4)) {
    case 0: text[at] = c; break;
    case 1:
      if (n + 1 < cap) memmove(text + at + 1, text + at, n++ - at), text[at] = c;
      break;
    case 2:
      memmove(text + at, text + at + 1, n - at - 1);
      n -= n > 1;
      break;
    default:
      if (!vr_rng_below(r, 4)) n = 1 + vr_rng_below(r, n);
    }
  }
  return n;
}

// Whatever a table accepts is what its columns promise.
static const char *table(void *ctx, vr_rng *r)
{
  char buffer[2 * sizeof good];
  vr_table t = {0};
  (void)ctx;
  size_t n = mutate(buffer, sizeof buffer, r);
  // in a block of its own size, so that a sanitiser sees a read beyond its end
  char *text = malloc(n);
  if (!text) exit(1);
  memcpy(text, buffer, n);
  const char *wrong = NULL;
  if (!vr_table_parse("table", text, n, cols, VR_LEN(cols), sizeof(line), &t)) {
    const line *l = t.row;
    for (size_t i = 0; i < t.n; i++)
      if (!(fabs(l[i].x) <= 1e3) || !(fabs(l[i].y) <= 1e3) || l[i].n < 0 || l[i].n > 99 ||
          l[i].kind < 0 || l[i].kind > 1 || l[i].parent < 0 || (size_t)l[i].parent > i ||
          !l[i].name[0])
        wrong = "a row that its columns forbid";
  } else if (!strstr(vr_errmsg(), "table")) {
    wrong = "a message without the file";
  }
  vr_table_free(&t);
  free(text);
  return wrong;
}

static const char *words(void *ctx, vr_rng *r)
{
  char text[2 * sizeof good], **list;
  size_t n = mutate(text, sizeof text - 1, r), count;
  vr_str shown = {0};
  double x = 0;
  const char *wrong = NULL;
  (void)ctx;
  text[n] = 0;
  // a number is finite; a split loses nothing; escaped text is printable and short
  if (!vr_str_number(text + vr_rng_below(r, n), &x) && !isfinite(x))
    wrong = "a number that is not finite";
  if (vr_str_split(text, "\t\n", &list, &count)) return "a split that fails";
  size_t sum = count - 1;
  for (size_t i = 0; i < count; i++) sum += strlen(list[i]);
  if (sum != strlen(text)) wrong = "a split that loses characters";
  vr_release(list);
  vr_str_add_escaped(&shown, text, n, 40);
  for (const char *c = vr_str_get(&shown); *c; c++)
    if ((unsigned char)*c < 32 || *c == 127) wrong = "a control character is shown";
  if (shown.n > 4 * 43) wrong = "escaped text that is too long";
  vr_str_free(&shown);
  return wrong;
}

int main(void)
{
  fuzz("tables", 30, 100000, 15, table, NULL);
  fuzz("words and numbers", 31, 100000, 15, words, NULL);
  return fuzz_end();
}
