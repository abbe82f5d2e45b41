// test_load.c -- text tables to datasets and back: shapes, places of errors, allocations that fail.
#include "base/err.h"
#include "base/mem.h"
#include "io/load.h"
#include "io/paths.h"
#include "io/rowtext.h"
#include "io/texttable.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static int text_file(const char *text, size_t n)
{
  FILE *f = tmpfile();
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, n, f), n);
  fflush(f);
  int fd = dup(fileno(f));
  fclose(f);
  lseek(fd, 0, SEEK_SET);
  return fd;
}

// all rows of a text as one list; the error of the first bad row
static int read_table(const char *text, size_t n, int nan, size_t *cols, double *out, size_t *rows)
{
  vr_texttable *t;
  int fd = text_file(text, n), more = 1;
  int code = vr_texttable_open(fd, &t);
  *rows = 0;
  if (!code) {
    *cols = vr_texttable_columns(t);
    while (!code && more && *rows < 8) {
      code = vr_texttable_next(t, nan, out + *rows * *cols, &more);
      *rows += !code && more;
    }
    vr_texttable_free(t);
  }
  close(fd);
  return code;
}

static void tables(void **state)
{
  (void)state;
  const struct {
    const char *text;
    size_t cols, rows;
    double last;
  } t[] = {
    {"1 2\n3 4\n", 2, 2, 4},
    {"1\t2\n3\t4", 2, 2, 4},
    {"a,b\n1,2\n", 2, 1, 2},
    {"# c\n\n  1   2  \n", 2, 1, 2},
    {"1;2\r\n3;4\r\n", 2, 2, 4},
    {"\"a\",\"b,c\"\n1,\"2\"\n", 2, 1, 2},
    {"x\n5\n", 1, 1, 5},
    {"\xef\xbb\xbf"
     "7\n",
      1, 1, 7},
    {"-1e3, +2 \n", 2, 1, 2},
    {"1,2\n3,4\n\n\n", 2, 2, 4},
    {",a\n1,2\n", 2, 1, 2},
  };
  for (size_t i = 0; i < VR_LEN(t); i++) {
    size_t cols, rows;
    double x[32];
    if (read_table(t[i].text, strlen(t[i].text), 0, &cols, x, &rows)) fail_msg("%s", vr_errmsg());
    assert_int_equal(cols, t[i].cols);
    assert_int_equal(rows, t[i].rows);
    assert_true(x[cols * rows - 1] == t[i].last);
  }
}

static void errors(void **state)
{
  (void)state;
  const struct {
    const char *text, *message;
  } t[] = {
    {"", "empty input: no rows of numbers"},
    {"# only\n", "empty input: no rows of numbers"},
    {"1 2\n3\n", "line 2: 1 columns, where the first line has 2"},
    {"1 2\n3 4 5\n", "line 2: 3 columns, where the first line has 2"},
    {"1,2\n3,4,\n", "line 2: 3 columns, where the first line has 2"},
    {"a\n1\nb\n", "line 3, column 1 (a): \"b\" is not a number"},
    {"1\n\n# c\n2x\n", "line 4, column 1: \"2x\" is not a number"},
    {"1\n-inf\n", "line 2, column 1: infinity"},
    {"1\nnan\n", "line 2, column 1: a missing number (--nan lets them pass)"},
    {"\x89HDF\r\n", "is HDF5, not text (vr-dump prints it, vr-import reads recordings)"},
  };
  for (size_t i = 0; i < VR_LEN(t); i++) {
    size_t cols, rows;
    double x[32];
    assert_int_equal(read_table(t[i].text, strlen(t[i].text), 0, &cols, x, &rows), VR_EDATA);
    assert_string_equal(vr_errmsg(), t[i].message);
  }
  size_t cols, rows;
  double x[32];
  assert_int_equal(read_table("1\n\0\n", 4, 0, &cols, x, &rows), VR_EDATA);
  assert_int_equal(read_table("1,na\n,2\n", 8, 1, &cols, x, &rows), 0);
  assert_true(isnan(x[1]) && isnan(x[2]) && x[3] == 2);
}

// rows that wait in memory and in the file come back in any blocks
static void rowstore(void **state)
{
  (void)state;
  enum { COLS = 1024, ROWS = 5000 };
  vr_rowstore s = {.cols = COLS};
  double *row, *block;
  for (size_t i = 0; i < ROWS; i++) {
    assert_int_equal(vr_rowstore_add(&s, &row), 0);
    for (size_t c = 0; c < COLS; c++) row[c] = (double)(i * COLS + c);
  }
  assert_true(s.spilled);
  assert_int_equal(vr_alloc(&block, 3000 * COLS, sizeof *block), 0);
  for (size_t at = 0; at < ROWS; at += 2999) {
    size_t n = ROWS - at < 2999 ? ROWS - at : 2999;
    assert_int_equal(vr_rowstore_read(&s, at, n, block), 0);
    for (size_t i = 0; i < n * COLS; i++) assert_true(block[i] == (double)(at * COLS + i));
  }
  vr_release(block);
  vr_rowstore_free(&s);
}

static int load_and_print(const char *text, vr_str *out)
{
  vr_load_plan plan = {0};
  vr_texttable *table = NULL;
  vr_turn *t = NULL;
  vr_rowtext *r = NULL;
  vr_trials tr = {0};
  vr_rowstore rows = {0};
  const char *spec[] = {"/pose/positions=*.x,*.y", "/label/region=l", "/series"};
  const char *paths[] = {"/pose/positions", "/label/region", "/series"};
  int fd = text_file(text, strlen(text)), code = vr_texttable_open(fd, &table);
  char taken[16] = {0};
  if (!code) {
    rows.cols = vr_texttable_columns(table);
    code = vr_load_plan_make(spec, 3, vr_texttable_names(table), rows.cols, taken, VR_OTHER, &plan);
  }
  for (int more = 1; more && !code;) {
    double *row;
    code = vr_rowstore_add(&rows, &row);
    if (!code) code = vr_texttable_next(table, 1, row, &more);
    if (!code && more) code = vr_load_check(&plan, row);
  }
  if (!code) vr_rowstore_undo(&rows);
  if (!code) code = vr_turn_new(&t);
  if (!code) code = vr_trials_single(&tr, rows.rows, 50);
  if (!code) code = vr_put_trials(t, &tr, NULL);
  if (!code) code = vr_load_write(&plan, &rows, NULL, t);
  if (!code) code = vr_rowtext_open(t->out, paths, 3, &r);
  if (!code) code = vr_rowtext_header(r, out);
  for (int more = 1; more && !code;) code = vr_rowtext_next(r, out, &more);
  vr_rowtext_free(r);
  vr_trials_free(&tr);
  vr_turn_free(t);
  vr_load_plan_free(&plan);
  vr_rowstore_free(&rows);
  vr_texttable_free(table);
  close(fd);
  return code;
}

static const char small[] = "a.x,a.y,l,s,b.x,b.y\n1,2,3,0.5,4,nan\n5,6,7,0.25,8,9\n";

static void datasets(void **state)
{
  (void)state;
  vr_str out = {0};
  if (load_and_print(small, &out)) fail_msg("%s", vr_errmsg());
  assert_string_equal(out.s, "positions.a.x\tpositions.a.y\tpositions.b.x\tpositions.b.y\tregion"
                             "\tseries.s\n1\t2\t4\tnan\t3\t0.5\n5\t6\t8\t9\t7\t0.25\n");
  vr_str_free(&out);
  assert_int_equal(load_and_print("a.x,a.y,l,s\n1,2,3.5,4\n", &out), VR_EDATA);
  assert_string_equal(
    vr_errmsg(), "column 3: 3.5 is not a whole number that /label/region can hold");
  assert_int_equal(load_and_print("a.x,b.y,l,s\n1,2,3,4\n", &out), VR_EARG);
  assert_int_equal(load_and_print("a.x,a.y,l\n1,2,3\n", &out), VR_EARG);
  vr_str_free(&out);
}

static void out_of_memory(void **state)
{
  (void)state;
  int code = VR_EMEM;
  for (long at = 1; code; at++) {
    vr_str out = {0};
    assert_true(at < 20000);
    vr_alloc_fail_at(at);
    code = load_and_print(small, &out);
    vr_alloc_fail_at(0);
    vr_str_free(&out);
  }
}

static void globs(void **state)
{
  (void)state;
  assert_true(vr_glob("hip*", "hip_L"));
  assert_true(vr_glob("*_L", "hip_L"));
  assert_true(vr_glob("h?p*L", "hip_LL"));
  assert_true(vr_glob("*", ""));
  assert_false(vr_glob("hip", "hip_L"));
  assert_false(vr_glob("?", ""));
  assert_true(vr_glob_path("/pose", "/pose/angles"));
  assert_true(vr_glob_path("/*/angles", "/pose/angles"));
  assert_false(vr_glob_path("/po", "/pose/angles"));
  // many stars do not take for ever
  assert_false(
    vr_glob("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(tables), cmocka_unit_test(errors),
    cmocka_unit_test(rowstore), cmocka_unit_test(datasets), cmocka_unit_test(out_of_memory),
    cmocka_unit_test(globs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
