/* Returns and the E-step: closed forms, and values of tests/ref/rl.py. */
#include "../test.h"
#include "base/rng.h"
#include "rl/vmpo.h"
#include "rl/vtrace.h"
#include <math.h>
#include <string.h>

enum { MANY = 4000 };

static void fill(double *x, size_t n, double a, double b, double scale)
{
  for (size_t i = 0; i < n; i++) x[i] = scale * sin(a * (double)i + b);
}

static void assert_near(double x, double y, double tolerance)
{
  if (!(fabs(x - y) <= tolerance)) fail_msg("%.17g is not %.17g", x, y);
}

/* -- V-trace -- */

/* On policy with lambda 1, a target is the sum of discounted rewards and the value at the end. */
static void on_policy_targets_are_returns(void **state)
{
  (void)state;
  enum { N = 20 };
  double reward[N], discount[N], log_rho[N] = {0}, value[N + 1], last[N], target[N], adv[N];
  vr_vtrace_par par = VR_VTRACE_DEFAULTS;
  par.lambda = 1;
  fill(reward, N, 1.3, 0.2, 1);
  fill(value, N + 1, 0.7, 2, 3);
  for (int t = 0; t < N; t++) {
    discount[t] = 0.9;
    last[t] = NAN;
  }
  last[12] = 0.4;
  discount[12] = 0.5;
  vr_unroll u = {reward, discount, log_rho, value, last};
  vr_vtrace(&par, N, &u, target, adv);
  for (int s = 0; s < N; s++) {
    double sum = 0, weight = 1;
    int t = s;
    for (; t < N; t++) {
      sum += weight * reward[t];
      weight *= discount[t];
      if (t == 12) break;
    }
    sum += weight * (t == 12 ? last[12] : value[N]);
    assert_near(target[s], sum, 1e-12);
    assert_near(adv[s], sum - value[s], 1e-12);
  }
}

static void off_policy_targets_of_the_script(void **state)
{
  (void)state;
  enum { N = 8 };
  static const double targets[N] = {1.01572705529528, 0.933129391683851, -0.0618318658818672,
    -0.188277111064411, -0.579035014768279, 0.263717880044884, 0.989358246623382,
    0.995582128335401};
  static const double advantages[N] = {0.129188356484845, 0.514466427076544, 0.421079852224766,
    0.629999999999999, 0.460746213320249, 2.00081266814803, 1.07244764944088, 0.417142363947202};
  double reward[N], discount[N], log_rho[N], value[N + 1], last[N], target[N], adv[N];
  vr_vtrace_par par = VR_VTRACE_DEFAULTS;
  fill(reward, N, 1.3, 0.2, 1);
  fill(log_rho, N, 2.1, 1, 0.8);
  fill(value, N + 1, 0.7, 2, 1);
  for (int t = 0; t < N; t++) {
    discount[t] = t == 6 ? 0 : 0.9;
    last[t] = t == 3 ? 0.7 : t == 6 ? -0.2 : NAN;
  }
  vr_unroll u = {reward, discount, log_rho, value, last};
  vr_vtrace(&par, N, &u, target, adv);
  for (int t = 0; t < N; t++) {
    assert_near(target[t], targets[t], 1e-13);
    assert_near(adv[t], advantages[t], 1e-13);
  }
}

/* Whatever the values say, an action that the policy would never take moves nothing. */
static void impossible_actions_move_no_target(void **state)
{
  (void)state;
  double reward[3] = {5, 7, 9}, discount[3] = {0.9, 0.9, 0.9}, log_rho[3] = {-1e4, -1e4, -1e4};
  double value[4] = {1, 2, 3, 4}, last[3] = {NAN, NAN, NAN}, target[3], adv[3];
  vr_vtrace_par par = VR_VTRACE_DEFAULTS;
  vr_unroll u = {reward, discount, log_rho, value, last};
  vr_vtrace(&par, 3, &u, target, adv);
  assert_memory_equal(target, value, sizeof target);
}

/* -- V-MPO -- */

static void weights_of_the_script(void **state)
{
  (void)state;
  enum { N = 11 };
  static const double weights[N] = {0.104886437212077, 0.185349822252881, 0, 0, 0.273586113088776,
    0, 0, 0.239447184220075, 0.0668707707091912, 0, 0.129859672517};
  double a[N], w[N], eta;
  size_t place[N];
  fill(a, N, 1.9, 0.4, 1);
  double kl = vr_vmpo_weigh(a, NULL, N, 0.1, w, &eta, place);
  assert_near(eta, 0.625759874528202, 1e-6);
  assert_near(kl, 0.1, 1e-12);
  for (int i = 0; i < N; i++) assert_near(w[i], weights[i], 1e-6);
}

/* eta is where the derivative of the dual eta bound + eta log mean exp(A / eta) is 0. */
static void eta_is_at_the_minimum_of_its_dual(void **state)
{
  (void)state;
  static double a[MANY], w[MANY];
  static size_t place[MANY];
  static uint8_t use[MANY];
  for (int run = 0; run < 12; run++) {
    vr_rng r = vr_rng_new(3, (uint32_t)run, 0);
    double scale = pow(10, run - 6), bound = 0.01 * (1 + run), eta, total = 0, top = -INFINITY;
    size_t used = 0, better = 0;
    for (size_t i = 0; i < MANY; i++) {
      a[i] = scale * (vr_rng_normal(&r) + 50);
      use[i] = vr_rng_u32(&r) % 3 > 0;
      used += use[i];
    }
    vr_vmpo_weigh(a, use, MANY, bound, w, &eta, place);
    double least = INFINITY, log_sum = 0, first = 0;
    for (size_t i = 0; i < MANY; i++) {
      total += w[i];
      better += w[i] > 0;
      if (w[i] > 0) least = fmin(least, a[i]);
      if (use[i]) top = fmax(top, a[i]);
      assert_true(use[i] || w[i] == 0);
    }
    assert_int_equal(better, used - used / 2);
    assert_near(total, 1, 1e-12);
    for (size_t i = 0; i < MANY; i++) {
      if (use[i] && w[i] == 0) assert_true(a[i] <= least);
      if (w[i] > 0) {
        double e = exp((a[i] - top) / eta);
        log_sum += e;
        first += e * (a[i] - top) / eta;
      }
    }
    double slope = bound + log(log_sum / (double)better) - first / log_sum;
    assert_near(slope, 0, 1e-6);
  }
}

static void hard_cases_of_the_e_step(void **state)
{
  (void)state;
  double w[4], eta;
  size_t place[4];
  // nothing in use; one; all equal; overflowing numbers
  uint8_t none[4] = {0};
  double a[4] = {1, 2, 3, 4};
  assert_near(vr_vmpo_weigh(a, none, 4, 0.1, w, &eta, place), 0, 0);
  for (int i = 0; i < 4; i++) assert_near(w[i], 0, 0);
  uint8_t one[4] = {0, 1, 0, 0};
  vr_vmpo_weigh(a, one, 4, 0.1, w, &eta, place);
  assert_near(w[1], 1, 0);
  double same[4] = {7, 7, 7, 7};
  vr_vmpo_weigh(same, NULL, 4, 0.1, w, &eta, place);
  assert_near(w[0], 0.5, 1e-12);
  assert_near(w[1], 0.5, 1e-12);
  assert_near(w[2] + w[3], 0, 0);
  double huge[4] = {1e300, -1e300, 9.9e299, 9e299};
  double kl = vr_vmpo_weigh(huge, NULL, 4, 0.1, w, &eta, place);
  assert_near(kl, 0.1, 1e-9);
  assert_near(w[0] + w[2], 1, 1e-12);
}

/* The multiplier stops changing at the bound only, and cannot run away in one step. */
static void duals_settle_on_their_bound(void **state)
{
  (void)state;
  assert_near(vr_vmpo_dual(2, 0.05, 0.05, 0.1), 2, 1e-15);
  assert_true(vr_vmpo_dual(2, 0.06, 0.05, 0.1) > 2);
  assert_true(vr_vmpo_dual(2, 0.04, 0.05, 0.1) < 2);
  assert_near(vr_vmpo_dual(2, 1e9, 0.05, 0.1), 2 * exp(0.3), 1e-12);
  // a policy that moves by 0.5 / alpha ends on the bound
  double alpha = 1;
  for (int i = 0; i < 400; i++) alpha = vr_vmpo_dual(alpha, 0.5 / alpha, 0.05, 0.1);
  assert_near(0.5 / alpha, 0.05, 1e-6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(on_policy_targets_are_returns),
    cmocka_unit_test(off_policy_targets_of_the_script),
    cmocka_unit_test(impossible_actions_move_no_target),
    cmocka_unit_test(weights_of_the_script),
    cmocka_unit_test(eta_is_at_the_minimum_of_its_dual),
    cmocka_unit_test(hard_cases_of_the_e_step),
    cmocka_unit_test(duals_settle_on_their_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
