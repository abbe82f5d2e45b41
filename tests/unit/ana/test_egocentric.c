/* The animal's own frame: closed form, invariance under motion of the whole, and the way back. */
#include "ana/egocentric.h"
#include "ana/axes.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

enum { N = 200, P = 4 };
static const size_t mid[] = {1}, tail[] = {2}, nose[] = {0};
static const vr_body_axes axes = {mid, tail, nose, 1, 1, 1};

static void closed_form(void **state)
{
  (void)state;
  // an animal of length 2 that looks along +y; a paw 0.5 to its left
  const double x[P * 2] = {3, 6, 3, 5, 3, 4, 2.5, 5};
  static const double want[P * 2] = {1, 0, 0, 0, -1, 0, 0, 0.5};
  double ego[P * 2], root[7], heading;
  vr_egocentric(x, P * 2, 1, P, 2, &axes, ego, root, &heading);
  near_to(heading, M_PI / 2, 1e-15);
  for (int i = 0; i < P * 2; i++) near_to(ego[i], want[i], 1e-15);
  near_to(root[0], 3, 0);
  near_to(root[1], 5, 0);
  near_to(root[3], cos(M_PI / 4), 1e-15);
  near_to(root[6], sin(M_PI / 4), 1e-15);
}

/* a posture that changes, of an animal that runs in circles: two turns and a half */
static void walk(size_t dims, double posture[N][P * 3], double world[N][P * 3])
{
  vr_rng r = vr_rng_new(1, 2, 3);
  for (size_t t = 0; t < N; t++) {
    double turn = 5 * M_PI * (double)t / N, c = cos(turn), s = sin(turn);
    for (size_t p = 0; p < P; p++) {
      double *q = posture[t] + p * dims, *w = world[t] + p * dims;
      for (size_t d = 0; d < dims; d++) q[d] = p == 1 ? 0 : vr_rng_normal(&r);
      if (p == 0) q[0] = 2, q[1] = 0;
      if (p == 2) q[0] = -2, q[1] = 0;
      w[0] = 10 * s + c * q[0] - s * q[1];
      w[1] = -10 * c + s * q[0] + c * q[1];
      if (dims == 3) w[2] = 0.3 + q[2];
    }
  }
}

static void invariance(void **state)
{
  (void)state;
  static double posture[N][P * 3], world[N][P * 3], ego[N * P * 3], root[N * 7], heading[N],
    back[N * P * 3];
  for (size_t dims = 2; dims <= 3; dims++) {
    walk(dims, posture, world);
    vr_egocentric(world[0], P * 3, N, P, dims, &axes, ego, root, heading);
    vr_egocentric_undo(ego, root, heading, N, P, dims, back);
    for (size_t t = 0; t < N; t++) {
      near_to(heading[t], 5 * M_PI * (double)t / N, 1e-12); // unwrapped
      for (size_t i = 0; i < P * dims; i++) {
        near_to(ego[t * P * dims + i], posture[t][i], 1e-12);
        near_to(back[t * P * dims + i], world[t][i], 1e-12);
      }
      near_to(root[t * 7 + 3], cos(heading[t] / 2), 1e-12);
    }
  }
}

static void missing(void **state)
{
  (void)state;
  double x[3][P * 2] = {
    {3, 6, 3, 5, 3, 4, 2.5, 5}, {3, 6, NAN, NAN, 3, 4, 2.5, 5}, {3, 6, 3, 5, 3, 4, NAN, NAN}};
  double ego[3 * P * 2], root[21], heading[3];
  vr_egocentric(x[0], P * 2, 3, P, 2, &axes, ego, root, heading);
  for (int i = 0; i < P * 2; i++) assert_true(isnan(ego[P * 2 + i]));
  for (int i = 0; i < 7; i++) assert_true(isnan(root[7 + i]));
  assert_true(isnan(heading[1]));
  near_to(heading[2], M_PI / 2, 1e-15); // goes on from before the gap
  assert_true(isnan(ego[2 * P * 2 + 6]) && !isnan(ego[2 * P * 2 + 4]));
}

static void lengths(void **state)
{
  (void)state;
  const double x[5][6] = {{0, 0, 9, 9, 0, 3}, {0, 0, 9, 9, NAN, NAN}, {0, 0, 9, 9, 4, 0},
    {0, 0, 9, 9, 3, 4}, {0, 0, 9, 9, 0, 0}};
  static const size_t back[] = {0}, front[] = {2};
  const vr_body_axes a = {NULL, back, front, 0, 1, 1}, none = {0};
  double length;
  assert_int_equal(vr_body_length(x[0], 6, 5, 3, 2, &a, &length), 0);
  near_to(length, 4, 0);
  assert_int_equal(vr_body_length(x[4], 6, 1, 3, 2, &a, &length), VR_EDATA);
  assert_int_equal(vr_body_length(x[1], 6, 1, 3, 2, &a, &length), VR_EDATA);
  assert_int_equal(vr_body_length(x[0], 6, 5, 3, 2, &none, &length), VR_EDATA);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_body_length(x[0], 6, 5, 3, 2, &a, &length), VR_EMEM);
  vr_alloc_fail_at(0);
}

static void speeds(void **state)
{
  (void)state;
  double root[4 * 7] = {0}, heading[4] = {0, 0.1, 0.4, 0.9}, v[24];
  for (int t = 0; t < 4; t++) root[t * 7] = t * t;
  vr_root_speeds(root, heading, 4, 10, v);
  static const double vx[] = {10, 20, 40, 50}, wz[] = {1, 2, 4, 5};
  for (int t = 0; t < 4; t++) {
    near_to(v[t * 6], vx[t], 1e-12);
    near_to(v[t * 6 + 5], wz[t], 1e-12);
    near_to(v[t * 6 + 1] + v[t * 6 + 2] + v[t * 6 + 3] + v[t * 6 + 4], 0, 0);
  }
  vr_root_speeds(root, heading, 1, 10, v);
  near_to(v[0], 0, 0);
  const double wrapped[] = {3.1, -3.1};
  vr_differences(wrapped, 1, 2, 1, 1, v, 1);
  near_to(v[0], 2 * M_PI - 6.2, 1e-12);
}

static void guesses(void **state)
{
  (void)state;
  char *mouse[] = {"Nose", "Left_ear", "Right_ear", "Tail_base", "Center"};
  char *bottom[] = {"Snout", "Front Paw R", "Hind Paw R", "Butt/Proximal Tail"};
  char *pair[] = {"nose", "neck", "lefthip", "righthip"};
  char *other[] = {"a", "b"};
  size_t f[2], b[2], r[2], nf, nb, nr;
  vr_guess_axes(mouse, 5, f, &nf, b, &nb, r, &nr);
  assert_true(nf == 2 && f[0] == 1 && f[1] == 2 && nb == 1 && b[0] == 3 && nr == 1 && r[0] == 4);
  vr_guess_axes(bottom, 4, f, &nf, b, &nb, r, &nr);
  assert_true(nf == 1 && f[0] == 0 && nb == 1 && b[0] == 3 && nr == 0);
  vr_guess_axes(pair, 4, f, &nf, b, &nb, r, &nr);
  assert_true(nf == 1 && f[0] == 1 && nb == 2 && b[0] == 2 && b[1] == 3 && nr == 0);
  vr_guess_axes(other, 2, f, &nf, b, &nb, r, &nr);
  assert_true(nf == 0 && nb == 0 && nr == 0);
}

static void named(void **state)
{
  (void)state;
  char *mouse[] = {"Nose", "Left_ear", "Right_ear", "Tail_base", "Center"};
  vr_body_axes a;
  size_t *block;
  vr_str said = {0};
  assert_int_equal(vr_find_axes(mouse, 5, NULL, NULL, &a, &block, &said), 0);
  assert_true(a.nroot == 1 && a.root[0] == 4 && a.nback == 1 && a.nfront == 2);
  vr_release(block);
  assert_int_equal(vr_find_axes(mouse, 5, "all", "Left_ear+Right_ear,nose", &a, &block, &said), 0);
  assert_true(a.nroot == 0 && a.nback == 2 && a.back[1] == 2 && a.nfront == 1 && a.front[0] == 0);
  vr_release(block);
  assert_int_equal(vr_find_axes(mouse, 5, "Nose", "none", &a, &block, &said), 0);
  assert_true(a.nroot == 1 && a.nback == 0);
  vr_release(block);
  assert_string_equal(said.s, "origin: Center (by its name); heading: Tail_base to "
                              "Left_ear+Right_ear (by their names)\n"
                              "origin: mean of all points; heading: Left_ear+Right_ear to Nose\n"
                              "origin: Nose; not turned\n");
  const char *wrong[] = {"Nose", "Nose,Nose", "Nose,Ear", "Nose,Center,Left_ear"};
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(vr_find_axes(mouse, 5, NULL, wrong[i], &a, &block, &said), VR_EARG);
  assert_int_equal(vr_find_axes(mouse, 2, NULL, NULL, &a, &block, &said), VR_EARG);
  vr_str_free(&said);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(closed_form), cmocka_unit_test(invariance),
    cmocka_unit_test(missing), cmocka_unit_test(lengths), cmocka_unit_test(speeds),
    cmocka_unit_test(guesses), cmocka_unit_test(named)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
