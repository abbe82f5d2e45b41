#include "../test.h"
#include "nn/conf.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char good[] = "# a comment\n"
                           "inputs  joints_pos joints_vel\n"
                           "columns 60   # of both\n"
                           "actions 38\r\n"
                           "\n"
                           "eye strided\n"
                           "features 128\n"
                           "mlp 128 64\n"
                           "core 32\n"
                           "policy 16 8\n"
                           "skips yes\n"
                           "head none\n"
                           "critic none\n"
                           "private 0\n"
                           "values 4\n"
                           "floor 0.05\n"
                           "spread 0.25";

static int parse(const char *text, vr_arch *a)
{
  return vr_conf_parse("x.conf", text, strlen(text), a);
}

static void text_becomes_an_architecture(void **state)
{
  (void)state;
  vr_arch a;
  assert_int_equal(parse(good, &a), 0);
  assert_int_equal(a.ninput, 2);
  assert_string_equal(a.input[1], "joints_vel");
  assert_int_equal(a.nin, 60);
  assert_int_equal(a.nact, 38);
  assert_int_equal(a.eye, VR_EYE_STRIDED);
  assert_int_equal(a.eye_out, 128);
  assert_int_equal(a.mlp.n, 2);
  assert_int_equal(a.mlp.width[1], 64);
  assert_int_equal(a.core, 32);
  assert_int_equal(a.npolicy, 2);
  assert_int_equal(a.policy[1], 8);
  assert_true(a.skips);
  assert_int_equal(a.head.n + a.critic.n + a.npriv, 0);
  assert_int_equal(a.nvalue, 4);
  assert_true(a.std_floor == 0.05 && a.std_init == 0.25);
}

static void text_of_an_architecture_reads_back(void **state)
{
  (void)state;
  vr_arch a, b;
  vr_str s = {0}, t = {0};
  assert_int_equal(parse(good, &a), 0);
  a.std_init = 0.1 + 0.2; // a number of 17 digits
  vr_conf_text(&a, &s);
  assert_int_equal(parse(vr_str_get(&s), &b), 0);
  assert_memory_equal(&a, &b, sizeof a);
  vr_conf_text(&b, &t);
  assert_string_equal(vr_str_get(&s), vr_str_get(&t));
  vr_str_free(&s);
  vr_str_free(&t);
}

/* What is said when a line of the good text is replaced. */
static void what_does_not_fit_is_told(void **state)
{
  (void)state;
  static const struct {
    const char *line, *by, *said;
  } wrong[] = {
    {"core 32", "cor 32", "x.conf:9: there is no key 'cor'; did you mean 'core'?"},
    {"core 32", "zzzzzzzz 32", "x.conf:9: there is no key 'zzzzzzzz'"},
    {"core 32", "core", "x.conf:9: 'core' has no value"},
    {"core 32", "core 32 16", "x.conf:9: 'core' has more than one value"},
    {"core 32", "core 1e9", "x.conf:9: core: '1e9' is not in 0 .. 8192"},
    {"core 32", "core -1", "x.conf:9: core: '-1' is not in 0 .. 8192"},
    {"core 32", "core 1.5", "x.conf:9: core: '1.5' is not a whole number"},
    {"core 32", "core nan", "x.conf:9: core: 'nan' is not a number"},
    {"core 32", "columns 7", "x.conf:9: 'columns' stands in line 3 already"},
    {"core 32", "", "x.conf:17: the key 'core' is missing"},
    {"mlp 128 64", "mlp 128 0", "x.conf:8: mlp: '0' is not in 1 .. 8192"},
    {"mlp 128 64", "mlp 1 2 3 4 5 6 7 8 9", "x.conf:8: mlp: more than 8 words"},
    {"eye strided", "eye compound", "x.conf:6: eye: 'compound' is none of none|strided|impala"},
    {"eye strided", "eye none", "x.conf:7: features: there is no eye to have features"},
    {"features 128", "features 0", "x.conf:6: eye: an eye needs features"},
    {"policy 16 8", "policy none", "x.conf:11: skips: there are no layers of policy to skip"},
    {"private 0", "private 3", "x.conf:14: private: privileged columns need a critic of its own"},
    {"core 32", "core 0", "x.conf:15: values: a value needs a core or a critic"},
    {"spread 0.25", "spread 0.01", "x.conf:17: spread: the first spread is not above its floor"},
    {"joints_pos joints_vel", "joints_pos joints_pos",
      "x.conf:2: inputs: 'joints_pos' stands twice"},
    {"joints_pos joints_vel", "joints/pos",
      "x.conf:2: inputs: 'joints/pos' is not the name of a sense"},
  };
  for (size_t i = 0; i < VR_LEN(wrong); i++) {
    char text[1024];
    const char *at = strstr(good, wrong[i].line);
    vr_arch a;
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, wrong[i].by,
      at + strlen(wrong[i].line));
    assert_int_equal(parse(text, &a), VR_EDATA);
    assert_string_equal(vr_errmsg(), wrong[i].said);
  }
  vr_arch a;
  assert_int_equal(vr_conf_parse("x.conf", "a\0b", 3, &a), VR_EDATA);
  assert_int_equal(parse("", &a), VR_EDATA);
  assert_int_equal(vr_conf_read("/nowhere/x.conf", &a), VR_EIO);
}

static void memory_may_run_out(void **state)
{
  (void)state;
  int code;
  vr_arch a;
  VR_FAIL_EACH_ALLOCATION(code, code = parse(good, &a), (void)0);
}

static void architectures_of_share_are_good(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    size_t npolicy, nin;
  } file[] = {{"lstm1", 1, 107}, {"lstm1-skips", 1, 107}, {"lstm2", 2, 107},
    {"lstm2-skips", 2, 107}, {"lstm3", 3, 107}, {"lstm3-skips", 3, 107}, {"teacher", 0, 146},
    {"runner", 0, 109}};
  for (size_t i = 0; i < VR_LEN(file); i++) {
    char path[64];
    vr_arch a;
    snprintf(path, sizeof path, "share/agent/%s.conf", file[i].name);
    assert_int_equal(vr_conf_read(path, &a), 0);
    assert_int_equal(a.npolicy, file[i].npolicy);
    assert_int_equal(a.nin, file[i].nin);
    assert_int_equal(a.skips, strstr(file[i].name, "skips") != NULL);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_becomes_an_architecture),
    cmocka_unit_test(text_of_an_architecture_reads_back),
    cmocka_unit_test(what_does_not_fit_is_told),
    cmocka_unit_test(memory_may_run_out),
    cmocka_unit_test(architectures_of_share_are_good),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
