/* Rounds of a training: the same bits with any pool, and from a saved state; what cannot be trained. */
#include "toys.h"
#include <math.h>

/* All that a trainer holds, in one block; the caller frees it. */
static unsigned char *snapshot(vr_trainer *t, size_t *bytes)
{
  static const size_t size[] = {
    [VR_PART_F64] = sizeof(double), [VR_PART_F32] = sizeof(float), [VR_PART_U8] = 1};
  size_t n;
  unsigned char *block, *to;
  const vr_part *piece = vr_trainer_pieces(t, &n);
  *bytes = 0;
  for (size_t i = 0; i < n; i++) *bytes += piece[i].n * size[piece[i].kind];
  assert_int_equal(vr_alloc(&block, *bytes, 1), 0);
  to = block;
  for (size_t i = 0; i < n; i++) {
    size_t length = piece[i].n * size[piece[i].kind];
    if (length) memcpy(to, piece[i].at, length);
    to += length;
  }
  return block;
}

/* And back. */
static void put_back(vr_trainer *t, const unsigned char *from)
{
  size_t n;
  const vr_part *piece = vr_trainer_pieces(t, &n);
  for (size_t i = 0; i < n; i++) {
    size_t length = piece[i].n * (piece[i].kind == VR_PART_F64    ? 8
                                   : piece[i].kind == VR_PART_F32 ? 4
                                                                  : 1);
    if (length) memcpy(piece[i].at, from, length);
    from += length;
  }
  assert_int_equal(vr_trainer_restored(t), 0);
}

static void go(vr_trainer *t, int threads, int rounds)
{
  vr_pool pool = {threads};
  vr_round round;
  for (int i = 0; i < rounds; i++) assert_int_equal(vr_trainer_round(t, &pool, &round), 0);
}

/* Six rounds at once with four threads, and three and three with one, saved in between. */
static void check_repeats(int algorithm, double replay, double kick)
{
  toy_run r[3];
  vr_trainer *t[3];
  unsigned char *end[2], *half;
  size_t bytes[3];
  vr_train_par par = toy_par(algorithm, 7);
  par.unroll = 12;
  par.epochs = 2;
  par.replay = replay;
  par.learn.kick = kick;
  if (replay > 0) par.keep = 3;
  for (int i = 0; i < 3; i++) {
    toy_open("toy-tap", 1, 0, 7, r + i);
    assert_int_equal(vr_trainer_new(&r[i].herd, &r[i].policy, &par, t + i), 0);
    assert_int_equal(vr_trainer_start(t[i], NULL), 0);
  }
  go(t[0], 4, 6);
  go(t[1], 1, 3);
  half = snapshot(t[1], bytes + 1);
  put_back(t[2], half);
  go(t[2], 1, 3);
  end[0] = snapshot(t[0], bytes);
  end[1] = snapshot(t[2], bytes + 2);
  assert_int_equal(bytes[0], bytes[2]);
  assert_memory_equal(end[0], end[1], bytes[0]);
  assert_memory_equal(
    r[0].policy.param, r[2].policy.param, vr_agent_nparam(r[0].policy.agent) * sizeof(float));
  for (int i = 0; i < 3; i++) {
    vr_trainer_free(t[i]);
    toy_close(r + i);
  }
  vr_release(half);
  vr_release(end[0]);
  vr_release(end[1]);
}

static void runs_repeat_and_resume_to_the_bit(void **state)
{
  (void)state;
  check_repeats(VR_VMPO, 0, 0);
  check_repeats(VR_VMPO, 0.5, 0.005);
  check_repeats(VR_PPO, 0, 0);
  check_repeats(VR_DISTIL, 0, 0);
}

/* Labels beside rewards pull the policy towards the teacher. */
static void kickstarting_pulls(void **state)
{
  (void)state;
  double loss[2];
  for (int k = 0; k < 2; k++) {
    toy_run r;
    vr_trainer *t;
    vr_round round;
    vr_train_par par = toy_par(VR_VMPO, 3);
    par.learn.kick = k ? 1 : 1e-12;
    toy_open("toy-reach", 0, 0, 3, &r);
    assert_int_equal(vr_trainer_new(&r.herd, &r.policy, &par, &t), 0);
    assert_int_equal(vr_trainer_start(t, NULL), 0);
    for (int i = 0; i < 8; i++) assert_int_equal(vr_trainer_round(t, NULL, &round), 0);
    assert_true(round.stats.labelled > 0);
    loss[k] = round.stats.label_loss;
    vr_trainer_free(t);
    toy_close(&r);
  }
  assert_true(loss[1] < 0.3 * loss[0]);
}

/* While there is something to gain, V-MPO goes as far as it may, and no further. */
static void the_policy_moves_as_far_as_it_may(void **state)
{
  (void)state;
  enum { ROUNDS = 24, SETTLED = 6 };
  double mean = 0, spread = 0;
  toy_run r;
  vr_trainer *t;
  vr_round round;
  vr_train_par par = toy_par(VR_VMPO, 1);
  par.epochs = 4;
  par.learn.eps_mean = 0.05;
  par.learn.eps_spread = 1e-3;
  toy_open("toy-reach", 0, 0, 1, &r);
  assert_int_equal(vr_trainer_new(&r.herd, &r.policy, &par, &t), 0);
  assert_int_equal(vr_trainer_start(t, NULL), 0);
  for (int i = 0; i < ROUNDS; i++) {
    assert_int_equal(vr_trainer_round(t, NULL, &round), 0);
    if (i < SETTLED) continue;
    mean += round.stats.kl_mean / par.learn.eps_mean / (ROUNDS - SETTLED);
    spread += round.stats.kl_spread / par.learn.eps_spread / (ROUNDS - SETTLED);
  }
  print_message("KL by means %.2f, by spreads %.2f of the bound\n", mean, spread);
  assert_true(mean < 1.5);
  assert_true(spread > 0.5 && spread < 1.5);
  vr_trainer_free(t);
  toy_close(&r);
}

static void numbers_that_are_not_finite_end_it(void **state)
{
  (void)state;
  toy_run r;
  vr_trainer *t;
  vr_round round;
  vr_train_par par = toy_par(VR_VMPO, 1);
  toy_open("toy-reach", 0, 0, 1, &r);
  assert_int_equal(vr_trainer_new(&r.herd, &r.policy, &par, &t), 0);
  assert_int_equal(vr_trainer_start(t, NULL), 0);
  assert_int_equal(vr_trainer_round(t, NULL, &round), 0);
  size_t n;
  const vr_tensor *w = vr_agent_tensors(r.policy.agent, &n);
  r.policy.param[w[n - 1].first] = NAN;
  assert_int_equal(vr_trainer_round(t, NULL, &round), VR_ENUM);
  assert_non_null(strstr(vr_errmsg(), "finite"));
  vr_trainer_free(t);
  toy_close(&r);
}

static void what_does_not_go_together(void **state)
{
  (void)state;
  toy_run r;
  vr_herd other;
  vr_trainer *t;
  vr_train_par par = toy_par(VR_VMPO, 1);
  toy_open("toy-reach", 0, 0, 1, &r);
  assert_int_equal(vr_toy_herd("toy-tap", 4, 1, 0, &other), 0);
  assert_int_equal(vr_trainer_new(&other, &r.policy, &par, &t), VR_EDATA);
  vr_herd_free(&other);
  par.replay = 1; // and nothing is kept
  assert_int_equal(vr_trainer_new(&r.herd, &r.policy, &par, &t), VR_EARG);
  assert_int_equal(vr_toy_herd("toy-reech", 4, 1, 0, &other), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "toy-reach"));
  assert_int_equal(vr_toy_herd("toy-tap", 0, 1, 0, &other), VR_EARG);
  toy_close(&r);
}

static void out_of_memory(void **state)
{
  (void)state;
  int code;
  toy_run r;
  vr_herd h;
  vr_trainer *t = NULL;
  vr_train_par par = toy_par(VR_DISTIL, 1);
  toy_open("toy-tap", 1, 0, 1, &r);
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_trainer_new(&r.herd, &r.policy, &par, &t), vr_trainer_free(t));
  VR_FAIL_EACH_ALLOCATION(code, code = vr_toy_herd("toy-tap", 4, 1, 0, &h), vr_herd_free(&h));
  toy_close(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(runs_repeat_and_resume_to_the_bit),
    cmocka_unit_test(kickstarting_pulls),
    cmocka_unit_test(the_policy_moves_as_far_as_it_may),
    cmocka_unit_test(numbers_that_are_not_finite_end_it),
    cmocka_unit_test(what_does_not_go_together),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
