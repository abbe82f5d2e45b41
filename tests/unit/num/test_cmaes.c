#include "../test.h"
#include "base/rng.h"
#include "num/cmaes.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 10 };

typedef double cost_of(const double *x, size_t n);

static double sphere(const double *x, size_t n)
{
  double f = 0;
  for (size_t i = 0; i < n; i++) f += x[i] * x[i];
  return f;
}

static double ellipsoid(const double *x, size_t n)
{
  double f = 0;
  for (size_t i = 0; i < n; i++) f += pow(1e6, (double)i / (double)(n - 1)) * x[i] * x[i];
  return f;
}

static double rosenbrock(const double *x, size_t n)
{
  double f = 0;
  for (size_t i = 0; i + 1 < n; i++) f += 100 * pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
  return f;
}

/* Evaluations until the cost is below 1e-9, from (at, ...) with this step; -1: not in 40000. */
static long search(cost_of *f, double at, double sigma, uint64_t seed)
{
  vr_cmaes *c;
  double start[N], x[10 * N], cost[10];
  for (size_t i = 0; i < N; i++) start[i] = at;
  const vr_cmaes_par par = {.n = N, .sigma = sigma, .seed = seed};
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &c), 0);
  assert_int_equal(vr_cmaes_population(c), 10);
  long told = 0;
  double best = INFINITY;
  while (best > 1e-9 && told < 40000) {
    vr_cmaes_ask(c, x);
    for (size_t k = 0; k < 10; k++) {
      cost[k] = f(x + k * N, N);
      best = fmin(best, cost[k]);
    }
    told += 10;
    assert_int_equal(vr_cmaes_tell(c, cost), 0);
  }
  vr_cmaes_free(c);
  return best > 1e-9 ? -1 : told;
}

static int ascending(const void *a, const void *b)
{
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

/* The median of 11 runs, beside that of pycma (tests/ref/cmaes.py). */
static void as_fast_as_others(cost_of *f, double at, double sigma, double want)
{
  long told[11];
  for (uint64_t seed = 0; seed < 11; seed++) told[seed] = search(f, at, sigma, seed + 1);
  qsort(told, 11, sizeof *told, ascending);
  if (told[2] < 0 || fabs((double)told[5] / want - 1) > 0.15)
    fail_msg("%ld evaluations, not about %g", told[5], want);
}

static void evaluations(void **state)
{
  (void)state;
  as_fast_as_others(sphere, 1, 0.5, 1450);
  as_fast_as_others(ellipsoid, 1, 0.5, 5710);
  as_fast_as_others(rosenbrock, 0, 0.5, 6080);
}

/* `steps` generations; how the cost is told decides nothing but the order. */
static void go(vr_cmaes *c, int steps, int how, double *mean)
{
  double x[10 * N], cost[10];
  for (int g = 0; g < steps; g++) {
    vr_cmaes_ask(c, x);
    for (size_t k = 0; k < 10; k++) {
      double f = rosenbrock(x + k * N, N);
      cost[k] = how == 0 ? f : how == 1 ? log(f) - 3 : -1 / f;
    }
    if (how == 2) cost[9] = cost[9] > -1e-3 ? NAN : cost[9];
    assert_int_equal(vr_cmaes_tell(c, cost), 0);
  }
  vr_cmaes_mean(c, mean);
}

static void only_the_order_counts(void **state)
{
  (void)state;
  double start[N] = {0}, a[N], b[N];
  const vr_cmaes_par par = {.n = N, .sigma = 0.3, .seed = 4};
  vr_cmaes *c, *d;
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &c), 0);
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &d), 0);
  go(c, 40, 0, a);
  go(d, 40, 1, b);
  assert_memory_equal(a, b, sizeof a);
  assert_int_equal(vr_cmaes_generation(c), 40);
  vr_cmaes_free(c);
  vr_cmaes_free(d);
}

/* Another unit of the numbers is another unit of the answers. */
static void units(void **state)
{
  (void)state;
  double start[N], other[N], unit[N], x[10 * N], y[10 * N];
  vr_cmaes *c, *d;
  for (int i = 0; i < N; i++) unit[i] = pow(2, i % 5), start[i] = 1, other[i] = unit[i];
  const vr_cmaes_par par = {.n = N, .sigma = 0.3, .seed = 4};
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &c), 0);
  assert_int_equal(vr_cmaes_new(&par, other, unit, &d), 0);
  for (int g = 0; g < 20; g++) {
    double cost[10];
    vr_cmaes_ask(c, x);
    vr_cmaes_ask(d, y);
    for (int k = 0; k < 10 * N; k++) assert_true(x[k] * unit[k % N] == y[k]);
    for (size_t k = 0; k < 10; k++) cost[k] = ellipsoid(x + k * N, N);
    assert_int_equal(vr_cmaes_tell(c, cost), 0);
    assert_int_equal(vr_cmaes_tell(d, cost), 0);
  }
  vr_cmaes_free(c);
  vr_cmaes_free(d);
}

static void it_goes_on(void **state)
{
  (void)state;
  double start[N] = {0}, a[N], b[N], *kept;
  const vr_cmaes_par par = {.n = N, .sigma = 0.3, .seed = 9};
  vr_cmaes *c, *d;
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &c), 0);
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &d), 0);
  go(c, 33, 0, a);
  assert_int_equal(vr_alloc(&kept, vr_cmaes_state_size(c), sizeof *kept), 0);
  vr_cmaes_save(c, kept);
  vr_cmaes_restore(d, kept);
  go(c, 33, 2, a);
  go(d, 33, 2, b);
  assert_memory_equal(a, b, sizeof a);
  assert_true(vr_cmaes_sigma(c) == vr_cmaes_sigma(d));
  vr_release(kept);
  vr_cmaes_free(c);
  vr_cmaes_free(d);
}

static void what_it_refuses(void **state)
{
  (void)state;
  double start[N] = {0}, cost[10];
  int code;
  vr_cmaes *c = NULL;
  assert_int_equal(vr_cmaes_new(&(vr_cmaes_par){.n = 0, .sigma = 1}, start, NULL, &c), VR_EARG);
  assert_int_equal(vr_cmaes_new(&(vr_cmaes_par){.n = N, .sigma = 0}, start, NULL, &c), VR_EARG);
  assert_int_equal(
    vr_cmaes_new(&(vr_cmaes_par){.n = N, .sigma = 1, .population = 3}, start, NULL, &c), VR_EARG);
  const vr_cmaes_par par = {.n = N, .sigma = 1};
  VR_FAIL_EACH_ALLOCATION(code, code = vr_cmaes_new(&par, start, NULL, &c), vr_cmaes_free(c));
  // a slope without end: the step grows until it is no number
  assert_int_equal(vr_cmaes_new(&par, start, NULL, &c), 0);
  double x[10 * N];
  for (code = 0; !code && vr_cmaes_generation(c) < 20000;) {
    vr_cmaes_ask(c, x);
    for (int k = 0; k < 10; k++) cost[k] = x[k * N];
    code = vr_cmaes_tell(c, cost);
  }
  assert_int_equal(code, VR_ENUM);
  vr_cmaes_free(c);
  vr_cmaes_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(evaluations),
    cmocka_unit_test(only_the_order_counts),
    cmocka_unit_test(units),
    cmocka_unit_test(it_goes_on),
    cmocka_unit_test(what_it_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
