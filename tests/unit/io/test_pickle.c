/* Pickled column names: those of pandas (written by Python's pickle), and what must be refused. */
#include "base/err.h"
#include "base/mem.h"
#include "io/pickle.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

/* pickle.dumps([("net", "nose", "x"), ("net", "nose", "y"), ("net", "schwänzchen ♥", "x")], 0) */
static const char good[] = "(lp0\n(Vnet\np1\nVnose\np2\nVx\np3\ntp4\na(g1\ng2\nVy\np5\ntp6\na(g1\n"
                           "Vschw\xe4nzchen \\u2665\np7\ng3\ntp8\na.";

static void columns(void **state)
{
  (void)state;
  static const char *const want[] = {
    "net", "nose", "x", "net", "nose", "y", "net", "schw\xc3\xa4nzchen \xe2\x99\xa5", "x"};
  char **names;
  size_t n, width;
  assert_int_equal(vr_pickle_columns(good, &names, &n, &width), 0);
  assert_true(n == 3 && width == 3);
  for (size_t i = 0; i < 9; i++) assert_string_equal(names[i], want[i]);
  vr_release(names);
}

static void refused(void **state)
{
  (void)state;
  static const char *const wrong[] = {"", ".", "(lp0\n.", "cos\nsystem\n(S'true'\ntR.",
    "(lp0\n(Vx\n", "(lp0\ng7\na.", "a.", "(lp0\nVx\na.", "(lp0\n(Vx\nta(Vx\nVy\nta.", "(lp0\n(Nta.",
    "s.", "t.", "(lp0\n(V\\u0000\nta.", "(lp0\n(S'x\nta.", "(lp0\np99999999\n.", "(l(la."};
  char **names;
  size_t n, width;
  for (size_t i = 0; i < VR_LEN(wrong); i++)
    if (vr_pickle_columns(wrong[i], &names, &n, &width) != VR_EDATA)
      fail_msg("case %zu was read", i);
  // cut anywhere it is refused, never a crash
  char cut[sizeof good];
  for (size_t i = 0; i + 1 < sizeof good - 1; i++) {
    memcpy(cut, good, i);
    cut[i] = 0;
    assert_int_equal(vr_pickle_columns(cut, &names, &n, &width), VR_EDATA);
  }
}

static void memory(void **state)
{
  (void)state;
  char **names;
  size_t n, width;
  for (long i = 1; i < 100; i++) {
    vr_alloc_fail_at(i);
    int code = vr_pickle_columns(good, &names, &n, &width);
    vr_alloc_fail_at(0);
    if (!code) {
      assert_true(i > 5);
      vr_release(names);
      return;
    }
    assert_int_equal(code, VR_EMEM);
  }
  fail_msg("it never succeeds");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(columns), cmocka_unit_test(refused), cmocka_unit_test(memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
