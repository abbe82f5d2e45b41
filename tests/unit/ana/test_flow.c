/* Vector fields: a pure rotation gives w J x in every cell; the index tells its sense; its null
 * rejects noise as often as it says. */
#include "../test.h"
#include "ana/flow.h"
#include "ana/pieces.h"
#include "base/rng.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void trials_of(vr_trials *tr, size_t n, size_t frames)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = 50;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

// circles of many radii, `sense` 1 counter-clockwise
static void circles(double hertz, double sense, vr_mat *x, vr_trials *tr)
{
  trials_of(tr, 40, 200);
  assert_int_equal(vr_mat_resize(x, 8000, 3), 0);
  for (size_t i = 0; i < 8000; i++) {
    double r = 0.5 + (double)(i / 200) / 20, a = 2 * M_PI * hertz * (double)(i % 200) / 50;
    vr_row(x, i)[0] = r * cos(a);
    vr_row(x, i)[1] = 7;
    vr_row(x, i)[2] = sense * r * sin(a);
  }
}

static void rotation(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_flow f = {0};
  vr_flow_par par = VR_FLOW_DEFAULTS;
  for (double sense = -1; sense < 2; sense += 2) {
    circles(0.2, sense, &x, &tr);
    assert_int_equal(vr_flow_make(&x, 0, 2, &tr, &par, &f), 0);
    // central differences of a sine: w sin(w dt) / (w dt), but at the ends of trials
    double w = sense * 50 * sin(2 * M_PI * 0.2 / 50);
    assert_true(f.cell.rows > 200);
    for (size_t k = 0; k < f.cell.rows; k++) {
      const double *c = vr_row(&f.cell, k);
      // frames are anywhere in the cell, and those at the ends of a trial half a step late
      assert_true(fabs(c[VR_FLOW_DX] + w * c[VR_FLOW_Y]) < fabs(w) * f.step[1] * 0.51 + 0.05);
      assert_true(fabs(c[VR_FLOW_DY] - w * c[VR_FLOW_X]) < fabs(w) * f.step[0] * 0.51 + 0.05);
      assert_true(f.count[k] >= 5 && c[VR_FLOW_SDX] < fabs(w) * f.step[1]);
    }
    assert_true(fabs(f.rotation - sense) < 1e-4 && fabs(f.divergence) < 1e-2);
    assert_true(f.rotation_p == 1.0 / 1001 && f.rotation_null < 0.5 && f.pieces == 40);
  }
  vr_flow_free(&f);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

// velocities that are linear in the state, in cells so small that the state is the centre
static void linear(void **state)
{
  (void)state;
  enum { N = 21 };
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_flow f = {0};
  vr_flow_par par = {.bins = N, .least = 5, .surrogates = 0};
  // trials of three frames about the points of a lattice, one in each cell
  double a[4] = {-0.3, -2, 2, -0.3};
  trials_of(&tr, N * N * 10, 3);
  tr.rate = 5000;
  assert_int_equal(vr_mat_resize(&x, N * N * 30, 2), 0);
  for (size_t k = 0; k < N * N * 10; k++) {
    double u = (double)(k / 10 % N) - 10, v = (double)(k / 10 / N) - 10;
    for (size_t i = 0; i < 3; i++) {
      double t = ((double)i - 1) / 5000;
      double *to = vr_row(&x, 3 * k + i);
      to[0] = u + t * (a[0] * u + a[1] * v);
      to[1] = v + t * (a[2] * u + a[3] * v);
    }
  }
  assert_int_equal(vr_flow_make(&x, 0, 1, &tr, &par, &f), 0);
  // all three frames of a trial have the velocity of the middle one
  assert_true(fabs(f.divergence + 0.6) < 0.01);
  size_t inside = 0;
  for (size_t k = 0; k < f.cell.rows; k++) {
    const double *c = vr_row(&f.cell, k);
    double u = round(c[VR_FLOW_X]), v = round(c[VR_FLOW_Y]);
    if (f.count[k] != 30 || fabs(u) > 7 || fabs(v) > 7) continue;
    inside++;
    assert_true(fabs(c[VR_FLOW_DX] - a[0] * u - a[1] * v) < 1e-9);
    assert_true(fabs(c[VR_FLOW_DY] - a[2] * u - a[3] * v) < 1e-9);
    assert_true(c[VR_FLOW_SDX] < 1e-6 && c[VR_FLOW_SDY] < 1e-6);
  }
  assert_true(inside > 100);
  vr_flow_free(&f);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

static void walk(uint32_t run, const vr_trials *tr, vr_mat *x)
{
  vr_rng rng = vr_rng_new(21, run, 0);
  assert_int_equal(vr_mat_resize(x, vr_trials_rows(tr), 2), 0);
  for (size_t k = 0; k < tr->n; k++)
    for (size_t t = 0; t < tr->frames[k]; t++)
      for (size_t c = 0; c < 2; c++) {
        double *to = vr_row(x, tr->first[k] + t) + c, new = vr_rng_normal(&rng);
        *to = t ? 0.95 * to[-2] + sqrt(1 - 0.95 * 0.95) * new : new;
      }
}

static void null_is_right(void **state)
{
  (void)state;
  size_t runs = getenv("VR_LONG") ? 4000 : 1000, wrong = 0;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_flow f = {0};
  vr_flow_par par = VR_FLOW_DEFAULTS;
  par.surrogates = 199;
  trials_of(&tr, 20, 100);
  for (uint32_t r = 0; r < runs; r++) {
    par.seed = r + 1;
    walk(r, &tr, &x);
    assert_int_equal(vr_flow_make(&x, 0, 1, &tr, &par, &f), 0);
    wrong += f.rotation_p <= 0.05;
  }
  print_message("rejected: %zu of %zu\n", wrong, runs);
  assert_in_range(wrong * 100, 3 * runs, 7 * runs);
  vr_flow_free(&f);
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

static void pieces(void **state)
{
  (void)state;
  vr_trials tr = {0};
  vr_span *p;
  size_t n, shortest;
  // few trials are cut into about 20, many are left as they are, a single frame is nothing
  trials_of(&tr, 3, 100);
  assert_int_equal(vr_pieces_cut(&tr, 0, &p, &n, &shortest), 0);
  assert_true(n == 18 && shortest == 16 && !vr_pieces_enough(n, shortest));
  size_t at = 0;
  for (size_t k = 0; k < n; k++) {
    assert_int_equal(p[k].first, at);
    at += p[k].frames;
  }
  assert_int_equal(at, 300);
  vr_release(p);
  trials_of(&tr, 10, 30);
  assert_int_equal(vr_pieces_cut(&tr, 0, &p, &n, &shortest), 0);
  assert_true(n == 10 && shortest == 30 && vr_pieces_enough(n, shortest));
  vr_release(p);
  assert_int_equal(vr_pieces_cut(&tr, 0.2, &p, &n, &shortest), 0);
  assert_true(n == 30 && shortest == 10);
  vr_release(p);
  trials_of(&tr, 4, 1);
  assert_int_equal(vr_pieces_cut(&tr, 0, &p, &n, &shortest), 0);
  assert_true(n == 0 && shortest == 0);
  vr_release(p);
  vr_trials_free(&tr);
}

static void refused(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_flow f = {0};
  vr_flow_par par = VR_FLOW_DEFAULTS, none = {.bins = 0, .least = 5};
  circles(1, 1, &x, &tr);
  assert_int_equal(vr_flow_make(&x, 0, 2, &tr, &none, &f), VR_EARG);
  assert_int_equal(vr_flow_make(&x, 0, 3, &tr, &par, &f), VR_EARG);
  assert_int_equal(vr_flow_make(&x, 0, 1, &tr, &par, &f), VR_EDATA);
  par.least = 100000;
  assert_int_equal(vr_flow_make(&x, 0, 2, &tr, &par, &f), 0);
  assert_true(f.cell.rows == 0 && f.rotation > 0.9);
  par.least = 5;
  int code;
  VR_FAIL_EACH_ALLOCATION(code, code = vr_flow_make(&x, 0, 2, &tr, &par, &f), vr_flow_free(&f));
  vr_trials_free(&tr);
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rotation),
    cmocka_unit_test(linear),
    cmocka_unit_test(null_is_right),
    cmocka_unit_test(pieces),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
