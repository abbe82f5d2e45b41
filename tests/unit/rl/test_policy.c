#include "rl/policy.h"
#include "policy_small.h"
#include "rl/actor.h"
#include "rl/inputs.h"
#include <math.h>

static const vr_sense senses[] = {{"joints_vel", "rad/s", "servo", 0, 30},
  {"world_zaxis", "1", "space", 30, 3}, {"joints_pos", "rad", "servo", 33, 30}};

static void senses_are_found_by_name(void **state)
{
  (void)state;
  vr_policy p;
  vr_inputs in;
  double obs[63];
  float x[33];
  small_policy(&p);
  assert_int_equal(vr_inputs_find(&p.arch, senses, 3, &in), 0);
  assert_int_equal(in.n, 33);
  for (int i = 0; i < 63; i++) obs[i] = i;
  vr_inputs_take(&in, obs, x);
  for (int i = 0; i < 30; i++) assert_true(x[i] == (float)(33 + i));
  for (int i = 0; i < 3; i++) assert_true(x[30 + i] == (float)(30 + i));
  // one that is not there, and one of another size
  assert_int_equal(vr_inputs_find(&p.arch, senses, 2, &in), VR_EDATA);
  assert_string_equal(vr_errmsg(),
    "the network senses 'joints_pos', which this task does not offer; did you mean "
    "'joints_vel'? (there are joints_vel, "
    "world_zaxis)");
  vr_sense other[3];
  memcpy(other, senses, sizeof other);
  other[1].n = 4;
  assert_int_equal(vr_inputs_find(&p.arch, other, 3, &in), VR_EDATA);
  assert_string_equal(
    vr_errmsg(), "the senses of the network have 34 columns here, it was made for 33");
  vr_policy_free(&p);
}

static void heads_are_found_by_task(void **state)
{
  (void)state;
  vr_policy p;
  small_policy(&p);
  assert_int_equal(vr_policy_head(&p, "maze"), 1);
  assert_int_equal(vr_policy_head(&p, "gaps"), 0); // a head for any
  memcpy(p.head[0], "bowl", 5);
  assert_int_equal(vr_policy_head(&p, "gaps"), -1);
  vr_policy_free(&p);
}

enum { STEPS = 40 };

/* Plays with observations that swing. */
static void play(vr_actor *a, uint64_t seed, float action[STEPS][38], double value[STEPS])
{
  double obs[63];
  vr_actor_start(a, seed);
  for (int t = 0; t < STEPS; t++) {
    for (int i = 0; i < 63; i++) obs[i] = sin(0.3 * t + i);
    assert_int_equal(vr_actor_act(a, obs, NULL, action[t]), 0);
    value[t] = vr_actor_value(a, 1);
  }
}

static void an_actor_repeats_itself(void **state)
{
  (void)state;
  static float one[STEPS][38], two[STEPS][38], other[STEPS][38];
  double v[STEPS], w[STEPS];
  vr_policy p;
  vr_actor *a;
  small_policy(&p);
  assert_int_equal(vr_actor_new(&p, senses, 3, 38, 0, &a), 0);
  play(a, 1, one, v);
  play(a, 2, two, w); // without noise the seed does not matter
  assert_memory_equal(one, two, sizeof one);
  assert_memory_equal(v, w, sizeof v);
  // the last layer starts small: near the offset
  for (int i = 0; i < 38; i++) assert_true(fabs(one[3][i] - p.offset[i]) < 0.1f);
  vr_actor_free(a);
  assert_int_equal(vr_actor_new(&p, senses, 3, 38, 1, &a), 0);
  play(a, 1, one, v);
  play(a, 2, other, v);
  play(a, 1, two, v);
  assert_memory_equal(one, two, sizeof one);
  assert_memory_not_equal(one, other, sizeof one);
  // the noise has the spread that the network starts with
  double sum = 0, n = 0;
  for (int t = 0; t < STEPS; t++)
    for (int i = 0; i < 38; i++) {
      double d = (double)one[t][i] - (double)p.offset[i];
      assert_true(fabs((double)one[t][i]) <= 1);
      sum += d * d;
      n++;
    }
  assert_true(fabs(sqrt(sum / n) - 0.25) < 0.02);
  vr_actor_free(a);
  assert_int_equal(vr_actor_new(&p, senses, 3, 37, 0, &a), VR_EDATA);
  vr_policy_free(&p);
}

/* An analytic step: h = o tanh(c), so a cell held at 0 has output 0, and one held at v has an output
 * between 0 and tanh(v). With all cells held, they stay. */
static void cells_are_held(void **state)
{
  (void)state;
  static float one[STEPS][38], two[STEPS][38];
  double v[STEPS];
  vr_policy p;
  vr_actor *a;
  size_t n;
  small_policy(&p);
  const vr_layer *l = vr_agent_layers(p.agent, &n);
  assert_int_equal(n, 3);
  assert_string_equal(l[1].name, "policy1");
  assert_int_equal(vr_actor_new(&p, senses, 3, 38, 0, &a), 0);
  play(a, 1, one, v);
  vr_actor_clamp(a, NULL, 0);
  play(a, 1, two, v);
  assert_memory_equal(one, two, sizeof one);
  vr_clamp c[] = {{1, 0, 0, 0}, {1, 2, 0, 0.7f}, {2, 1, 0, -0.5f}};
  vr_actor_clamp(a, c, 3);
  play(a, 1, two, v);
  assert_memory_not_equal(one, two, sizeof one);
  const float *s = vr_actor_state(a);
  assert_true(s[l[1].first] == 0 && s[l[1].first + l[1].units] == 0);
  assert_true(s[l[1].first + 2] == 0.7f);
  float h = s[l[1].first + l[1].units + 2];
  assert_true(h > 0 && h < tanhf(0.7f));
  assert_true(s[l[2].first + 1] == -0.5f);
  vr_actor_free(a);
  vr_policy_free(&p);
}

static void memory_may_run_out(void **state)
{
  (void)state;
  int code;
  vr_policy p = {0}, q;
  vr_actor *a = NULL;
  vr_arch arch;
  small_policy(&q);
  assert_int_equal(vr_conf_parse("small", SMALL_CONF, strlen(SMALL_CONF), &arch), 0);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_policy_untrained(&arch, 1, &p), vr_policy_free(&p));
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_actor_new(&q, senses, 3, 38, 0, &a), (vr_actor_free(a), a = NULL));
  vr_policy_free(&q);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(senses_are_found_by_name),
    cmocka_unit_test(heads_are_found_by_task),
    cmocka_unit_test(an_actor_repeats_itself),
    cmocka_unit_test(cells_are_held),
    cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
