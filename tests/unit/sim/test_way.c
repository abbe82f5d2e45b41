#include "../test.h"
#include "base/rng.h"
#include "sim/way.h"
#include <math.h>
#include <stdlib.h>

enum { N = 9 };

/* Walls, and the price of entering a cell. */
typedef struct {
  double price[N * N];
} field;

static double cost(const void *ctx, int to, int rows, int cols)
{
  const field *f = ctx;
  return f->price[to] * hypot(rows, cols);
}

static int coprime(int a, int b)
{
  for (int k = 2; k <= 3; k++)
    if (a % k == 0 && b % k == 0) return 0;
  return a || b;
}

/* Bellman and Ford: every move again until nothing gets better. */
static void relax_all(const field *f, int reach, const int *goal, int ngoals, double *far)
{
  for (int k = 0; k < N * N; k++) far[k] = INFINITY;
  for (int i = 0; i < ngoals; i++) far[goal[i]] = 0;
  for (int again = 1; again;) {
    again = 0;
    for (int k = 0; k < N * N; k++)
      for (int dr = -reach; dr <= reach; dr++)
        for (int dc = -reach; dc <= reach; dc++) {
          int r = k / N + dr, c = k % N + dc;
          if (!coprime(abs(dr), abs(dc)) || r < 0 || c < 0 || r >= N || c >= N) continue;
          double by = far[r * N + c] + cost(f, r * N + c, dr, dc);
          if (by < far[k]) far[k] = by, again = 1;
        }
  }
}

static void they_are_the_cheapest(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(4, 0, 0);
  for (int reach = 1; reach <= 3; reach++) {
    vr_way w;
    assert_int_equal(vr_way_new(N, reach, &w), 0);
    for (int turn = 0; turn < 20; turn++) {
      field f;
      double far[N * N];
      int goal[2] = {(int)vr_rng_below(&r, N * N), (int)vr_rng_below(&r, N * N)};
      for (int k = 0; k < N * N; k++)
        f.price[k] = vr_rng_uniform(&r) < 0.3 ? INFINITY : 1 + vr_rng_uniform(&r);
      vr_way_plan(&w, goal, 2, cost, &f);
      relax_all(&f, reach, goal, 2, far);
      for (int k = 0; k < N * N; k++) {
        assert_true(w.far[k] == far[k] || fabs(w.far[k] - far[k]) < 1e-12);
        // each step of the way costs what it brings nearer
        int next = w.next[k];
        if (next == k) {
          assert_true(isinf(far[k]) || k == goal[0] || k == goal[1]);
          continue;
        }
        double step = cost(&f, next, next / N - k / N, next % N - k % N);
        assert_true(fabs(w.far[k] - w.far[next] - step) < 1e-12);
      }
    }
    vr_way_free(&w);
  }
}

/* Around a wall with one door. */
static void around_a_wall(void **state)
{
  (void)state;
  vr_way w;
  field f;
  for (int k = 0; k < N * N; k++) f.price[k] = k % N == 4 && k / N != 8 ? INFINITY : 1;
  int goal = 8; // the corner behind it
  assert_int_equal(vr_way_new(N, 1, &w), 0);
  vr_way_plan(&w, &goal, 1, cost, &f);
  // from the corner before it: 4 diagonal and 4 straight moves down, the same up again
  assert_true(fabs(w.far[0] - (8 * sqrt(2) + 8)) < 1e-12);
  int steps = 0, at = 0, door = 0;
  for (; at != goal; at = w.next[at], steps++) door |= at == 8 * N + 4;
  assert_true(door && steps == 16);
  vr_way_free(&w);
}

static void what_it_refuses(void **state)
{
  (void)state;
  vr_way w;
  int code;
  assert_int_equal(vr_way_new(0, 1, &w), VR_EARG);
  assert_int_equal(vr_way_new(5, 4, &w), VR_EARG);
  assert_int_equal(vr_way_new(5, 0, &w), VR_EARG);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_way_new(5, 1, &w), vr_way_free(&w));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(they_are_the_cheapest),
    cmocka_unit_test(around_a_wall),
    cmocka_unit_test(what_it_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
