#include "../test.h"
#include "cli/opt.h"
#include <string.h>

static struct {
  int n, flag, word;
  double x;
  const char *text, *file;
  vr_list list;
} v;

static const vr_opt table[] = {
  {'n', "count", VR_OPT_INT, &v.n, 1, 10, "N", "a number"},
  {'x', "factor", VR_OPT_DBL, &v.x, -1, 1, "X", "a factor"},
  {'f', "flag", VR_OPT_FLAG, &v.flag, 0, 1, NULL, "a flag"},
  {'p', "pad", VR_OPT_WORD, &v.word, 0, 0, "zero|symmetric", "a word"},
  {0, "text", VR_OPT_STR, &v.text, 0, 0, "TEXT", "a text"},
  {0, "onto", VR_OPT_FILE, &v.file, 0, 0, "FILE", "a file"},
};
static const vr_opt more[] = {{'i', "input", VR_OPT_LIST, &v.list, 0, 0, "/PATH", "a list"}};
static const vr_opt_set set = {{table, more}, {VR_LEN(table), VR_LEN(more)}};

static int parse(int argc, char **argv, int *first)
{
  int seen[VR_LEN(table) + VR_LEN(more)] = {0};
  return vr_opt_parse(&set, argc, argv, first, seen);
}

static void all_forms(void **state)
{
  (void)state;
  char *argv[] = {"t", "a.h5", "-fn3", "--factor=-0.5", "--text", "-", "-i", "/a", "-i/b", "--onto",
    "dir/m.h5", "-p", "symmetric", "--", "-b.h5"};
  int first, argc = (int)VR_LEN(argv);
  char *text;
  v.list = (vr_list){0};
  assert_int_equal(parse(argc, argv, &first), 0);
  assert_true(v.flag == 1 && v.n == 3 && v.x == -0.5 && v.word == 1);
  assert_string_equal(v.text, "-");
  assert_int_equal(v.list.n, 2);
  assert_string_equal(v.list.item[1], "/b");
  assert_int_equal(argc - first, 2);
  assert_string_equal(argv[first], "a.h5");
  assert_string_equal(argv[first + 1], "-b.h5");
  const char *want[] = {"3", "-0.5", "1", "symmetric", "-", "m.h5"};
  for (size_t i = 0; i < VR_LEN(want); i++) {
    assert_int_equal(vr_opt_value(&table[i], &text), 0);
    assert_string_equal(text, want[i]);
    vr_release(text);
  }
  assert_int_equal(vr_opt_value(&more[0], &text), 0);
  assert_string_equal(text, "/a /b");
  vr_release(text);
  vr_release(v.list.item);
}

static void refused(void **state)
{
  (void)state;
  static const struct {
    const char *word[2], *message;
  } bad[] = {
    {{"--cuont=3"}, "unknown option --cuont, did you mean --count? (-h lists all)"},
    {{"-z"}, "unknown option -z (-h lists all)"},
    {{"-n", "11"}, "--count: 11 is not between 1 and 10"},
    {{"-n", "2.5"}, "--count: 2.5 is not a whole number"},
    {{"-n", "two"}, "--count: \"two\" is not a number"},
    {{"-x", "nan"}, "--factor: \"nan\" is not a number"},
    {{"-n"}, "-n needs an argument: N"},
    {{"--text"}, "--text needs an argument: TEXT"},
    {{"--flag=1"}, "--flag takes no argument"},
    {{"-p", "symetric"}, "--pad: unknown word symetric, did you mean symmetric?"},
    {{"-p", "q"}, "--pad: q is none of zero|symmetric"},
  };
  for (size_t i = 0; i < VR_LEN(bad); i++) {
    char *argv[] = {"t", (char *)bad[i].word[0], (char *)bad[i].word[1]};
    int first;
    assert_int_equal(parse(bad[i].word[1] ? 3 : 2, argv, &first), VR_EARG);
    assert_string_equal(vr_errmsg(), bad[i].message);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_forms), cmocka_unit_test(refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
