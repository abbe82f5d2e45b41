#include "io/policy.h"
#include "io/check.h"
#include "io/prov.h"
#include "rl/actor.h"
#include "../rl/policy_small.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void same(const vr_policy *p, const vr_policy *q)
{
  size_t n = p->arch.nin;
  assert_memory_equal(p->param, q->param, vr_agent_nparam(p->agent) * sizeof *p->param);
  assert_true(p->norm.count == q->norm.count);
  assert_memory_equal(p->norm.mean, q->norm.mean, n * sizeof *p->norm.mean);
  assert_memory_equal(p->norm.m2, q->norm.m2, n * sizeof *p->norm.m2);
  assert_memory_equal(p->value_mean, q->value_mean, 2 * sizeof *p->value_mean);
  assert_memory_equal(p->value_std, q->value_std, 2 * sizeof *p->value_std);
  assert_memory_equal(p->offset, q->offset, p->arch.nact * sizeof *p->offset);
  assert_memory_equal(p->curves.a, q->curves.a, 6 * sizeof *p->curves.a);
  assert_string_equal(q->curve[1], "kl");
  assert_string_equal(q->head[0], "");
  assert_string_equal(q->head[1], "maze");
  assert_true(q->frames == 123456 && q->labelled == 3456 && q->seed == 7);
  assert_memory_equal(&p->arch, &q->arch, sizeof p->arch);
}

static vr_turn *put(const vr_policy *p)
{
  vr_turn *t;
  assert_int_equal(vr_turn_new(&t), 0);
  if (vr_policy_put(p, t)) fail_msg("%s", vr_errmsg());
  return t;
}

static void a_file_gives_back_the_same_bits(void **state)
{
  (void)state;
  vr_policy p, q;
  small_policy(&p);
  vr_turn *t = put(&p);
  if (vr_policy_get(t, &q)) fail_msg("%s", vr_errmsg());
  same(&p, &q);
  vr_policy_free(&q);
  // and through a file
  char path[] = "/tmp/vr-test-XXXXXX";
  int fd = mkstemp(path);
  assert_int_equal(vr_turn_finish(t), 0);
  assert_int_equal(lseek(t->spool.fd, 0, SEEK_SET), 0);
  assert_int_equal(vr_copy_bytes(t->spool.fd, fd, t->spool.length, NULL), 0);
  close(fd);
  if (vr_policy_load(path, &q)) fail_msg("%s", vr_errmsg());
  same(&p, &q);
  vr_policy_free(&q);
  // cut short
  assert_int_equal(truncate(path, (off_t)t->spool.length - 100), 0);
  assert_int_equal(vr_policy_load(path, &q), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), path));
  unlink(path);
  vr_turn_free(t);
  vr_policy_free(&p);
}

static void a_policy_is_as_vr5_tells(void **state)
{
  (void)state;
  vr_policy p;
  small_policy(&p);
  vr_turn *t = put(&p);
  char *command[] = {(char *)"vr-train"};
  vr_run run = {.program = "vr-train", .command = command, .nwords = 1};
  vr_check_report r = {0};
  assert_int_equal(vr_history_add(t, &run), 0);
  assert_int_equal(vr_check(t->out, &r), 0);
  assert_string_equal(vr_str_get(&r.text), "");
  assert_true(r.problems == 0 && r.unknown == 0);
  vr_check_free(&r);
  vr_turn_free(t);
  vr_policy_free(&p);
}

static void refused(vr_turn *t, const char *said)
{
  vr_policy q;
  assert_int_equal(vr_policy_get(t, &q), VR_EDATA);
  assert_string_equal(vr_errmsg(), said);
  assert_null(q.param);
  vr_turn_free(t);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
  (void)state;
  vr_policy p;
  vr_turn *t;
  small_policy(&p);
  float bad[12 * 5 * 4];
  for (size_t i = 0; i < VR_LEN(bad); i++) bad[i] = i == 23 ? NAN : 1;

  assert_int_equal(vr_turn_new(&t), 0);
  refused(t, "/policy/config: is not there: not a policy");
  t = put(&p);
  assert_int_equal(vr_h5_set_attr_num(t->out, "/policy/config", "format", 2), 0);
  refused(t, "/policy/config: is of format 2, this program reads format 1");
  t = put(&p);
  assert_int_equal(vr_h5_remove(t->out, "/policy/weight/core/wh"), 0);
  refused(t, "/policy/weight/core/wh: is missing");
  t = put(&p);
  size_t dim[2] = {5, 20};
  assert_int_equal(
    vr_h5_put(t->out, "/policy/weight/core/wh", VR_F32, 2, dim, bad, "row column", "1"), 0);
  refused(t, "/policy/weight/core/wh: row 1, column 3 is not finite");
  t = put(&p);
  dim[0] = 4;
  assert_int_equal(
    vr_h5_put(t->out, "/policy/weight/core/wh", VR_F32, 2, dim, bad, "row column", "1"), 0);
  refused(t, "/policy/weight/core/wh: is 4 x 20, the architecture asks for 5 x 20");
  t = put(&p);
  assert_int_equal(
    vr_h5_put(t->out, "/policy/weight/policy3/wh", VR_F32, 2, dim, bad, "row column", "1"), 0);
  refused(t, "/policy/weight/policy3/wh: the architecture of /policy/config has no such tensor");
  t = put(&p);
  size_t two = 2;
  double std[] = {1, 0};
  assert_int_equal(vr_h5_put(t->out, "/policy/value/std", VR_F64, 1, &two, std, "head", "1"), 0);
  refused(t, "/policy/value/std: row 1 is not above 0");
  t = put(&p);
  char *line[] = {(char *)"core 5", (char *)"corr 5"};
  assert_int_equal(vr_put_strings(t, "/policy/config", line, 2, "config"), 0);
  assert_int_equal(vr_h5_set_attr_num(t->out, "/policy/config", "format", 1), 0);
  refused(t, "/policy/config:2: there is no key 'corr'; did you mean 'core'?");
  vr_policy_free(&p);
}

static void numbers_that_are_not_finite_are_not_written(void **state)
{
  (void)state;
  vr_policy p;
  vr_turn *t;
  small_policy(&p);
  assert_int_equal(vr_turn_new(&t), 0);
  p.param[0] = NAN;
  assert_int_equal(vr_policy_put(&p, t), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "row 0, column 0 is not finite"));
  vr_turn_free(t);
  vr_policy_free(&p);
}

/* -- half precision -- */

/* The image again, its float32 numbers halved; the old turn is freed. */
static int halve(vr_turn **t)
{
  vr_turn *fresh;
  VR_TRY(vr_turn_new(&fresh));
  int code = vr_h5_copy((*t)->out, fresh->out, NULL, NULL, VR_H5_HALF);
  vr_turn_free(*t);
  *t = fresh;
  return code;
}

/* The nearest number of half precision, ties to even, by its definition: 11 bits, steps of 2^-24 at
 * least. */
static double nearest_half(double x)
{
  double step = x == 0 ? 1 : ldexp(1, (ilogb(x) > -14 ? ilogb(x) : -14) - 10);
  return nearbyint(x / step) * step;
}

static void halved_weights_are_the_nearest(void **state)
{
  (void)state;
  static const float hard[] = {65504, -65504, 65503, 1, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f,
    -1 - 0x1p-11f - 0x1p-23f, 0x1p-14f, 0x1p-14f - 0x1p-25f, 0x1.8p-24f, 0x1p-24f, 0x1p-25f,
    0x1p-26f, -1e-9f, 1e-40f, 0, -0.0f, 2047.5f, 2048.5f, 1.0f / 3};
  vr_policy p, q;
  vr_h5_info info;
  small_policy(&p);
  memcpy(p.param + 3, hard, sizeof hard);
  vr_turn *t = put(&p);
  assert_int_equal(halve(&t), 0);
  assert_int_equal(vr_h5_get_info(t->out, "/policy/weight/core/wh", &info), 0);
  assert_true(info.type == VR_F32 && info.bytes == 2);
  if (vr_policy_get(t, &q)) fail_msg("%s", vr_errmsg());
  for (size_t i = 0; i < vr_agent_nparam(p.agent); i++)
    if ((double)q.param[i] != nearest_half((double)p.param[i]))
      fail_msg("%a became %a, not %a", (double)p.param[i], (double)q.param[i],
        nearest_half((double)p.param[i]));
  memcpy(q.param, p.param, vr_agent_nparam(p.agent) * sizeof *p.param);
  memcpy(q.offset, p.offset, p.arch.nact * sizeof *p.offset);
  same(&p, &q); // all else
  vr_policy_free(&q);
  vr_turn_free(t);
  vr_policy_free(&p);
}

static void what_half_precision_cannot_hold_is_told(void **state)
{
  (void)state;
  static const float bad[] = {65504.01f, -65505, 1e30f};
  vr_policy p;
  small_policy(&p);
  for (size_t i = 0; i < VR_LEN(bad); i++) {
    char said[128];
    p.param[0] = bad[i];
    vr_turn *t = put(&p);
    assert_int_equal(halve(&t), VR_EDATA);
    snprintf(
      said, sizeof said, "row 0, column 0 is %g, half precision ends at 65504", (double)bad[i]);
    assert_non_null(strstr(vr_errmsg(), said));
    vr_turn_free(t);
  }
  vr_policy_free(&p);
}

/* What it does with the same senses, 40 steps with memory; the last layer as large as after training. */
static void play(const vr_policy *p, float action[40][38])
{
  static const vr_sense senses[] = {
    {"joints_pos", "rad", "servo", 0, 30}, {"world_zaxis", "1", "space", 30, 3}};
  vr_actor *a;
  double obs[33];
  assert_int_equal(vr_actor_new(p, senses, 2, 38, 0, &a), 0);
  vr_actor_start(a, 1);
  for (int t = 0; t < 40; t++) {
    for (int i = 0; i < 33; i++) obs[i] = sin(0.3 * t + i);
    assert_int_equal(vr_actor_act(a, obs, NULL, action[t]), 0);
  }
  vr_actor_free(a);
}

static void a_halved_network_acts_alike(void **state)
{
  (void)state;
  static float one[40][38], two[40][38];
  double far = 0, least = 1, most = -1;
  size_t n;
  vr_policy p, q;
  small_policy(&p);
  const vr_tensor *w = vr_agent_tensors(p.agent, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; !strcmp(w[i].name, "action/w") && k < w[i].rows * w[i].cols; k++)
      p.param[w[i].first + k] *= 100;
  vr_turn *t = put(&p);
  assert_int_equal(halve(&t), 0);
  if (vr_policy_get(t, &q)) fail_msg("%s", vr_errmsg());
  play(&p, one);
  play(&q, two);
  for (int k = 0; k < 40 * 38; k++) {
    double x = (double)one[k / 38][k % 38], y = (double)two[k / 38][k % 38];
    far = fmax(far, fabs(x - y));
    least = fmin(least, x);
    most = fmax(most, x);
  }
  assert_true(most - least > 0.5); // it does something
  assert_true(far > 0 && far < 2e-3);
  vr_policy_free(&q);
  vr_turn_free(t);
  vr_policy_free(&p);
}

static int round_trip(const vr_policy *p)
{
  vr_turn *t = NULL;
  vr_policy q = {0};
  int code = vr_turn_new(&t);
  if (!code) code = vr_policy_put(p, t);
  if (!code) code = vr_policy_get(t, &q);
  vr_policy_free(&q);
  vr_turn_free(t);
  return code;
}

static void memory_may_run_out(void **state)
{
  (void)state;
  int code;
  vr_policy p;
  small_policy(&p);
  VR_FAIL_EACH_ALLOCATION(code, code = round_trip(&p), (void)0);
  vr_policy_free(&p);
}

static int is_core(void *ctx, const char *path)
{
  (void)ctx;
  return strstr(path, "/core/") != NULL;
}

static int halve_core(vr_turn *t)
{
  vr_turn *fresh = NULL;
  int code = vr_turn_new(&fresh);
  if (!code) code = vr_h5_copy(t->out, fresh->out, is_core, NULL, VR_H5_HALF);
  vr_turn_free(fresh);
  return code;
}

static void memory_may_run_out_in_halving(void **state)
{
  (void)state;
  int code;
  vr_policy p;
  small_policy(&p);
  vr_turn *t = put(&p);
  VR_FAIL_EACH_ALLOCATION(code, code = halve_core(t), (void)0);
  vr_turn_free(t);
  vr_policy_free(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_gives_back_the_same_bits),
    cmocka_unit_test(a_policy_is_as_vr5_tells),
    cmocka_unit_test(what_is_wrong_is_told_with_its_place),
    cmocka_unit_test(numbers_that_are_not_finite_are_not_written),
    cmocka_unit_test(halved_weights_are_the_nearest),
    cmocka_unit_test(what_half_precision_cannot_hold_is_told),
    cmocka_unit_test(a_halved_network_acts_alike),
    cmocka_unit_test(memory_may_run_out),
    cmocka_unit_test(memory_may_run_out_in_halving),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
