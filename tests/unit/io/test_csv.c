/* Rows of text tables, and tables of joint angles. */
#include "base/err.h"
#include "base/mem.h"
#include "io/csv.h"
#include "io/skeleton_file.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char path[64];

/* a file with these bytes at `path` */
static void write_file(const char *text, size_t n)
{
  strcpy(path, "/tmp/vr-test-csv-XXXXXX");
  int fd = mkstemp(path);
  assert_true(fd >= 0 && write(fd, text, n) == (ssize_t)n);
  close(fd);
}

static int open_text(const char *text, vr_csv *c)
{
  *c = (vr_csv){0};
  write_file(text, strlen(text));
  int bad = vr_csv_open(path, c);
  unlink(path);
  return bad;
}

static void rows(void **state)
{
  (void)state;
  vr_csv c;
  int more;
  double x;
  // a byte order mark, CRLF, quotes, a line end inside a cell, blank lines, no last newline
  assert_int_equal(open_text("\xef\xbb\xbf"
                             "a,\"b \"\"c\"\"\",\r\n\r\n1.5,\"x\ny\",nan",
                     &c),
    0);
  assert_int_equal(vr_csv_next(&c, &more), 0);
  assert_true(more && c.ncells == 3 && c.line == 1);
  assert_string_equal(c.cell[0], "a");
  assert_string_equal(c.cell[1], "b \"c\"");
  assert_string_equal(c.cell[2], "");
  assert_int_equal(vr_csv_next(&c, &more), 0);
  assert_true(more && c.ncells == 3 && c.line == 3);
  assert_string_equal(c.cell[1], "x\ny");
  assert_true(!vr_csv_number(&c, 0, &x) && x == 1.5);
  assert_int_equal(vr_csv_number(&c, 1, &x), VR_EDATA);
  assert_true(!vr_csv_number(&c, 2, &x) && isnan(x));
  assert_int_equal(vr_csv_width(&c, 4), VR_EDATA);
  assert_int_equal(vr_csv_next(&c, &more), 0);
  assert_false(more);
  vr_csv_free(&c);
}

static void separators(void **state)
{
  (void)state;
  static const char *const text[] = {"a\tb,c\n", "a;b,c;d\n", "a,b\n"};
  static const size_t cells[] = {2, 3, 2};
  for (size_t i = 0; i < 3; i++) {
    vr_csv c;
    int more;
    assert_int_equal(open_text(text[i], &c), 0);
    assert_int_equal(vr_csv_next(&c, &more), 0);
    assert_int_equal(c.ncells, cells[i]);
    vr_csv_free(&c);
  }
}

static void refused(void **state)
{
  (void)state;
  vr_csv c = {0};
  int more;
  assert_int_equal(vr_csv_open("/nowhere/at/all", &c), VR_EIO);
  assert_int_equal(open_text("a,\"b\n", &c), 0);
  assert_int_equal(vr_csv_next(&c, &more), VR_EDATA);
  vr_csv_free(&c);
  write_file("a\0b", 3);
  assert_int_equal(vr_csv_open(path, &c), VR_EDATA);
  vr_csv_free(&c);
  unlink(path);
  write_file("\xff\xfe"
             "a\0",
    4);
  assert_int_equal(vr_csv_open(path, &c), VR_EDATA);
  vr_csv_free(&c);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_csv_open(path, &c), VR_EMEM);
  vr_alloc_fail_at(0);
  vr_csv_free(&c);
  unlink(path);
}

static char *points[] = {"nose", "neck", "tail base", "paw"};

static int skeleton(const char *text, vr_chain **c, char ***names, size_t *n)
{
  write_file(text, strlen(text));
  int bad = vr_skeleton_read(path, points, 4, c, names, n);
  unlink(path);
  return bad;
}

static void skeletons(void **state)
{
  (void)state;
  vr_chain *c;
  char **names;
  size_t n;
  assert_int_equal(skeleton("# edges\nnose\tneck\nneck\ttail base\n", &c, &names, &n), 0);
  assert_true(n == 1 && c[0].a == 0 && c[0].b == 1 && c[0].c == 2);
  assert_string_equal(names[0], "nose-neck-tail base");
  vr_release(c);
  vr_release(names);
  assert_int_equal(
    skeleton("nose,neck,paw\nspine,nose,neck,tail base,yaw\nbend,paw,neck,nose\n", &c, &names, &n),
    0);
  assert_true(n == 3 && c[1].kind == VR_ANGLE_YAW && c[2].a == 3);
  assert_string_equal(names[1], "spine");
  vr_release(c);
  vr_release(names);
  static const char *const wrong[] = {"nose\tneck\n", "nose\tknee\n", "nose\tneck\tnose\n",
    "nose\n", "a\tnose\tneck\tpaw\troll\n", "a\tnose\tneck\tpaw\na\tnose\tpaw\tneck\n"};
  for (size_t i = 0; i < VR_LEN(wrong); i++)
    assert_int_equal(skeleton(wrong[i], &c, &names, &n), VR_EDATA);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(rows), cmocka_unit_test(separators),
    cmocka_unit_test(refused), cmocka_unit_test(skeletons)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
