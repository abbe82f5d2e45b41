#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/str.h"
#include "base/table.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct {
  const char *name;
  int parent, shape, count;
  double pos[3], size;
  const char *kind, *note;
} row;

static const vr_col cols[] = {
  VR_KEY("name"),
  {.name = "parent", .kind = VR_COL_REF, VR_AT(row, parent), .optional = 1},
  VR_ONEOF("shape", row, shape, "sphere|box"),
  VR_INT("count", row, count, 0, 9),
  VR_NUM("x y z", row, pos, -10, 10),
  {.name = "size", .kind = VR_COL_NUM, VR_AT(row, size), .min = 0, .max = 1, .optional = 1},
  VR_WORD("kind", row, kind),
  VR_TEXT("note", row, note),
};

#define HEAD "name\tparent\tshape\tcount\tx\ty\tz\tsize\tkind\tnote\n"
#define ROW "a\t-\tbox\t3\t1\t-2.5\t1e-3\t0.5\tk\tsome words\n"
static const char good[] = "# a comment\n\n" HEAD ROW "b\ta\tsphere\t9\t0\t0\t0\t-\tk.2\t-\r\n";

static int parse(const char *text, vr_table *t)
{
  return vr_table_parse("t.tsv", text, strlen(text), cols, VR_LEN(cols), sizeof(row), t);
}

static void check_good(const vr_table *t)
{
  const row *r = t->row;
  assert_int_equal(t->n, 2);
  assert_string_equal(r[0].name, "a");
  assert_int_equal(r[0].parent, -1);
  assert_int_equal(r[0].shape, 1);
  assert_int_equal(r[0].count, 3);
  assert_true(r[0].pos[0] == 1 && r[0].pos[1] == -2.5 && r[0].pos[2] == 1e-3);
  assert_true(r[0].size == 0.5);
  assert_string_equal(r[0].kind, "k");
  assert_string_equal(r[0].note, "some words");
  assert_string_equal(r[1].name, "b");
  assert_int_equal(r[1].parent, 0);
  assert_true(isnan(r[1].size));
  assert_string_equal(r[1].note, "-");
  assert_int_equal(t->line[0], 4);
  assert_int_equal(t->line[1], 5);
  assert_int_equal(vr_table_find(t, "b"), 1);
  assert_int_equal(vr_table_find(t, "c"), -1);
}

static void rows_become_structs(void **state)
{
  (void)state;
  vr_table t;
  assert_int_equal(parse(good, &t), 0);
  check_good(&t);
  assert_int_equal(vr_table_fail(&t, 1, "%s", "wrong"), VR_EDATA);
  assert_string_equal(vr_errmsg(), "t.tsv:5: wrong");
  vr_table_free(&t);

  // columns at other places, no newline at the end
  assert_int_equal(parse("note\tsize\tz\ty\tx\tkind\tcount\tshape\tparent\tname\n"
                         "n\t1\t3\t2\t1\tk\t0\tsphere\t-\ta",
                     &t),
    0);
  assert_true(((row *)t.row)->pos[2] == 3);
  assert_string_equal(((row *)t.row)->name, "a");
  vr_table_free(&t);

  // a heading alone is an empty table
  assert_int_equal(parse(HEAD, &t), 0);
  assert_int_equal(t.n, 0);
  vr_table_free(&t);
}

/* many rows: the array grows, references stay right */
static void tables_grow(void **state)
{
  (void)state;
  vr_str s = {0};
  vr_table t;
  vr_str_add(&s, HEAD);
  for (int i = 0; i < 1000; i++) {
    vr_str_addf(&s, "n%d\t", i);
    if (i) vr_str_addf(&s, "n%d", i / 2);
    vr_str_addf(&s, "%s\tbox\t%d\t0\t0\t0\t0\tk\tx\n", i ? "" : "-", i % 10);
  }
  assert_int_equal(parse(vr_str_get(&s), &t), 0);
  assert_int_equal(t.n, 1000);
  for (int i = 1; i < 1000; i++) assert_int_equal(((row *)t.row)[i].parent, i / 2);
  vr_table_free(&t);
  vr_str_free(&s);
}

static void refuses(const char *text, const char *want)
{
  vr_table t;
  assert_int_equal(parse(text, &t), VR_EDATA);
  if (!strstr(vr_errmsg(), want)) fail_msg("'%s' does not hold '%s'", vr_errmsg(), want);
  assert_null(t.row);
  assert_null(t.text);
}

static void what_does_not_fit_is_named(void **state)
{
  (void)state;
  refuses("", "t.tsv:0: there is no line with the names");
  refuses("# only a comment\n", "t.tsv:1: there is no line");
  refuses("name\tcolour\n", "t.tsv:1: there is no column 'colour'");
  refuses("name\tparent\tshape\tcount\tx\ty\tz\tsize\tnote\n", "there is no column 'kind'");
  refuses("name\tparent\tshape\tcount\tx\tz\tsize\tkind\tnote\n", "there is no column 'y'");
  refuses("name\tname\n", "column 'name' stands twice");
  refuses("name\tx y z\n", "there is no column 'x y z'");
  refuses(HEAD "a\t-\tbox\n", "t.tsv:2: 3 fields where there are 10 columns");
  refuses(HEAD ROW "b\t-\tbox\t1\t0\t0\t0\t0\tk\tn\t7\n", "t.tsv:3: 11 fields");
  refuses(HEAD ROW ROW, "t.tsv:3: name: 'a' was there before");
  refuses(HEAD "a b\t-\tbox\t1\t0\t0\t0\t0\tk\tn\n", "name: 'a b' is not a name");
  refuses(HEAD "<b>\t-\tbox\t1\t0\t0\t0\t0\tk\tn\n", "name: '<b>' is not a name");
  refuses(HEAD "-\t-\tbox\t1\t0\t0\t0\t0\tk\tn\n", "name: '-' is not a name");
  refuses(HEAD "a\ta\tbox\t1\t0\t0\t0\t0\tk\tn\n", "parent: there is no 'a' above this line");
  refuses(HEAD "a\t-\tcone\t1\t0\t0\t0\t0\tk\tn\n", "shape: 'cone' is none of sphere|box");
  refuses(HEAD "a\t-\t\t1\t0\t0\t0\t0\tk\tn\n", "shape: '' is none of");
  refuses(HEAD "a\t-\tsphere|box\t1\t0\t0\t0\t0\tk\tn\n", "is none of");
  refuses(HEAD "a\t-\tbox\t1.5\t0\t0\t0\t0\tk\tn\n", "count: '1.5' is not a whole number");
  refuses(HEAD "a\t-\tbox\t10\t0\t0\t0\t0\tk\tn\n", "count: '10' is not in 0 .. 9");
  refuses(HEAD "a\t-\tbox\t-\t0\t0\t0\t0\tk\tn\n", "count: '-' is not a number");
  refuses(HEAD "a\t-\tbox\t1\t0\t0.5x\t0\t0\tk\tn\n", "y: '0.5x' is not a number");
  refuses(HEAD "a\t-\tbox\t1\t0\tnan\t0\t0\tk\tn\n", "y: 'nan' is not a number");
  refuses(HEAD "a\t-\tbox\t1\t0\t0\tinf\t0\tk\tn\n", "z: 'inf' is not a number");
  refuses(HEAD "a\t-\tbox\t1\t0\t0\t-11\t0\tk\tn\n", "z: '-11' is not in -10 .. 10");
  refuses(HEAD "a\t-\tbox\t1\t0\t0\t0\t0\tk\t\x1b[31m\n", "note: '\\x1b[31m' is not a line");
}

/* a field of ten thousand letters, 65 columns, a zero byte, 10,001 rows */
static void sizes_have_ends(void **state)
{
  (void)state;
  vr_str s = {0};
  vr_table t;
  vr_str_add(&s, HEAD);
  for (int i = 0; i < 10000; i++) vr_str_addc(&s, 'a');
  vr_str_add(&s, "\t-\tbox\t1\t0\t0\t0\t0\tk\tn\n");
  refuses(vr_str_get(&s), "is not a name");
  assert_true(strlen(vr_errmsg()) < 200);
  vr_str_clear(&s);
  for (int i = 0; i < 65; i++) vr_str_add(&s, "a\t");
  refuses(vr_str_get(&s), "more than 64 columns");
  assert_int_equal(
    vr_table_parse("t.tsv", "na\0me\n", 6, cols, VR_LEN(cols), sizeof(row), &t), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "zero byte"));
  vr_str_clear(&s);
  vr_str_add(&s, "x\n");
  for (int i = 0; i < 10001; i++) vr_str_add(&s, "1\n");
  const vr_col one[] = {{.name = "x", .kind = VR_COL_NUM, .min = 0, .max = 1}};
  assert_int_equal(vr_table_parse("t.tsv", s.s, s.n, one, 1, sizeof(double), &t), VR_EDATA);
  assert_string_equal(vr_errmsg(), "t.tsv:10002: more than 10000 rows");
  vr_str_free(&s);
}

static void files_are_read(void **state)
{
  (void)state;
  char path[] = P_tmpdir "/vr-table-XXXXXX";
  int fd = mkstemp(path);
  vr_table t;
  vr_str s = {0};
  // comments fill more than one block of the reader
  for (int i = 0; i < 3000; i++) vr_str_add(&s, "# a line without meaning\n");
  vr_str_add(&s, HEAD ROW);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, s.s, s.n), (int)s.n);
  close(fd);
  assert_int_equal(vr_table_read(path, cols, VR_LEN(cols), sizeof(row), &t), 0);
  assert_int_equal(t.n, 1);
  assert_int_equal(t.line[0], 3002);
  vr_table_free(&t);
  unlink(path);
  assert_int_equal(vr_table_read(path, cols, VR_LEN(cols), sizeof(row), &t), VR_EIO);
  assert_int_equal(vr_table_read("/", cols, VR_LEN(cols), sizeof(row), &t), VR_EIO);
  vr_str_free(&s);
}

static void memory_runs_out(void **state)
{
  (void)state;
  vr_table t;
  int code = VR_EMEM;
  for (long n = 1; code == VR_EMEM; n++) {
    vr_alloc_fail_at(n);
    code = parse(good, &t);
    if (code) assert_null(t.row);
    assert_true(n < 100);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(code, 0);
  check_good(&t);
  vr_table_free(&t);
}

/* bytes changed, cut out and put in at random: rows or a message, never more */
static void damage_never_crashes(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(1, 2, 3);
  char text[sizeof good + 8];
  static const char bytes[] = "\t\t\n\n#-.0159eax \r\xff\x01";
  for (int i = 0; i < 20000; i++) {
    size_t n = sizeof good - 1;
    memcpy(text, good, n);
    for (uint64_t k = vr_rng_below(&r, 4) + 1; k > 0; k--) {
      size_t at = vr_rng_below(&r, n);
      char c = bytes[vr_rng_below(&r, sizeof bytes)];
      switch (vr_rng_below(&r, 3)) {
      case 0: text[at] = c; break;
      case 1: memmove(text + at, text + at + 1, --n - at); break;
      default: memmove(text + at + 1, text + at, n++ - at); text[at] = c;
      }
    }
    vr_table t;
    int code = vr_table_parse("t.tsv", text, n, cols, VR_LEN(cols), sizeof(row), &t);
    assert_true(code == 0 || code == VR_EDATA);
    if (code) assert_int_equal(strncmp(vr_errmsg(), "t.tsv:", 6), 0);
    for (size_t k = 0; k < t.n; k++) {
      const row *x = (const row *)t.row + k;
      assert_true(x->parent < (int)k && x->shape >= 0 && x->shape < 2 && strlen(x->name) < 64);
      assert_true(fabs(x->pos[0]) <= 10 && x->count >= 0 && x->count <= 9);
    }
    vr_table_free(&t);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_become_structs),
    cmocka_unit_test(tables_grow),
    cmocka_unit_test(what_does_not_fit_is_named),
    cmocka_unit_test(sizes_have_ends),
    cmocka_unit_test(files_are_read),
    cmocka_unit_test(memory_runs_out),
    cmocka_unit_test(damage_never_crashes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
