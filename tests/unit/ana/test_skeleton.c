/* Joint angles: closed form, invariance under turns, chains from edges, points that coincide. */
#include "ana/skeleton.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

static double one(const double *x, size_t dims, int kind)
{
  const vr_chain c = {0, 1, 2, kind};
  double a = 99;
  assert_int_equal(vr_chain_angles(x, 1, 3, dims, &c, 1, &a, NULL), 0);
  return a;
}

static void planar(void **state)
{
  (void)state;
  near_to(one((double[]){0, 0, 1, 0, 2, 0}, 2, VR_ANGLE_BEND), 0, 0);
  near_to(one((double[]){0, 0, 1, 0, 1, 1}, 2, VR_ANGLE_BEND), M_PI / 2, 1e-15);
  near_to(one((double[]){0, 0, 1, 0, 1, -1}, 2, VR_ANGLE_BEND), -M_PI / 2, 1e-15);
  near_to(one((double[]){0, 0, 1, 0, 0, 0}, 2, VR_ANGLE_BEND), M_PI, 1e-15);
}

static void spatial(void **state)
{
  (void)state;
  // b to c is turned by yaw about z and raised by pitch from the direction a to b, anywhere
  for (int i = 0; i < 8; i++) {
    double way = 0.8 * i, yaw = 0.3 * (i - 4), pitch = 0.15 * (4 - i);
    double ux = cos(way), uy = sin(way);
    double vx = cos(pitch) * cos(way + yaw), vy = cos(pitch) * sin(way + yaw), vz = sin(pitch);
    double x[9] = {5, 6, 7, 5 + ux, 6 + uy, 7, 5 + ux + 2 * vx, 6 + uy + 2 * vy, 7 + 2 * vz};
    near_to(one(x, 3, VR_ANGLE_YAW), yaw, 1e-12);
    near_to(one(x, 3, VR_ANGLE_PITCH), pitch, 1e-12);
    near_to(one(x, 3, VR_ANGLE_BEND), acos(cos(pitch) * cos(yaw)), 1e-12);
  }
  // straight down: the frame of yaw and pitch still exists
  near_to(one((double[]){0, 0, 2, 0, 0, 1, 0, 1, 1}, 3, VR_ANGLE_YAW), M_PI / 2, 1e-15);
}

static void edges(void **state)
{
  (void)state;
  static const size_t edge[] = {1, 0, 1, 2, 3, 1, 3, 4}; // 1 meets 0, 2 and 3; 3 meets 1 and 4
  static const size_t want[][3] = {{0, 1, 2}, {0, 1, 3}, {2, 1, 3}, {1, 3, 4}};
  vr_chain *c;
  size_t n;
  assert_int_equal(vr_chains_from_edges(edge, 4, 5, &c, &n), 0);
  assert_int_equal(n, 4);
  for (size_t i = 0; i < n; i++) {
    assert_int_equal(c[i].a, want[i][0]);
    assert_int_equal(c[i].b, want[i][1]);
    assert_int_equal(c[i].c, want[i][2]);
    assert_int_equal(c[i].kind, VR_ANGLE_BEND);
  }
  vr_release(c);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_chains_from_edges(edge, 4, 5, &c, &n), VR_EMEM);
  vr_alloc_fail_at(0);
}

static void without_angle(void **state)
{
  (void)state;
  const double x[4][6] = {
    {0, 0, 0, 0, 1, 1}, {0, 0, 1, 0, 1, 1}, {1, 0, 1, 0, 1, 1}, {NAN, NAN, 1, 0, 1, 1}};
  const vr_chain c = {0, 1, 2, VR_ANGLE_BEND}, yaw = {0, 1, 2, VR_ANGLE_YAW};
  double a[4];
  size_t held = 0;
  assert_int_equal(vr_chain_angles(x[0], 4, 3, 2, &c, 1, a, &held), 0);
  near_to(a[0], 0, 0);
  near_to(a[1], M_PI / 2, 1e-15);
  near_to(a[2], M_PI / 2, 1e-15);
  assert_true(isnan(a[3]));
  assert_int_equal(held, 2);
  assert_int_equal(vr_chain_angles(x[0], 4, 3, 2, &yaw, 1, a, NULL), VR_EARG);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(planar), cmocka_unit_test(spatial),
    cmocka_unit_test(edges), cmocka_unit_test(without_angle)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
