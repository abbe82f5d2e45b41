/* Density and watershed: closed forms, invariance, SciPy and scikit-image (tests/ref/watershed.py),
 * threads, bad input, failing memory. */
#include "ana/density.h"
#include "ana/outline.h"
#include "ana/regions.h"
#include "ana/watershed.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

static const double centre[5][2] = {{-30, -20}, {25, -28}, {0, 4}, {-22, 30}, {34, 26}};

// five blobs of 1000 points, sd 3
static void blobs(vr_mat *xy)
{
  vr_rng r = vr_rng_new(7, 0, 0);
  assert_int_equal(vr_mat_resize(xy, 5000, 2), 0);
  for (size_t i = 0; i < xy->rows; i++)
    for (int k = 0; k < 2; k++) vr_row(xy, i)[k] = centre[i % 5][k] + 3 * vr_rng_normal(&r);
}

static double total(const vr_mat *p)
{
  double sum = 0;
  for (size_t i = 0; i < p->rows * p->cols; i++) sum += p->a[i];
  return sum;
}

static void five_blobs(void **state)
{
  (void)state;
  vr_mat xy = {0}, p = {0}, table = {0};
  vr_grid g;
  vr_density_par dpar = VR_DENSITY_DEFAULTS;
  vr_watershed_par wpar = VR_WATERSHED_DEFAULTS;
  size_t regions;
  blobs(&xy);
  assert_int_equal(vr_grid_fit(&xy, &dpar, &g), 0);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  near_to(total(&p) * g.step * g.step, 1, 1e-10);
  int32_t *label, *of;
  assert_int_equal(vr_alloc(&label, g.n * g.n, sizeof *label), 0);
  assert_int_equal(vr_alloc(&of, xy.rows, sizeof *of), 0);
  wpar.floor = vr_watershed_floor(&wpar, &g);
  wpar.merge = 0.1;
  assert_int_equal(vr_watershed(&p, &wpar, label, &regions), 0);
  assert_int_equal(regions, 5);
  assert_int_equal(vr_regions(&p, &g, label, regions, &table), 0);
  vr_regions_of(&xy, &g, label, of);
  for (size_t b = 0; b < 5; b++) {
    // more than 99 % of a blob in the region of its centre, whose peak is near
    int32_t home = label[vr_grid_pixel(&g, centre[b][0], centre[b][1])];
    size_t there = 0;
    for (size_t i = b; i < xy.rows; i += 5) there += of[i] == home;
    assert_true(there > 990);
    double *row = vr_row(&table, (size_t)home - 1);
    assert_true(hypot(row[VR_REGION_X] - centre[b][0], row[VR_REGION_Y] - centre[b][1]) < 2);
    near_to(row[VR_REGION_MASS], 0.2, 0.005);
  }
  vr_release(label);
  vr_release(of);
  vr_mat_free(&xy);
  vr_mat_free(&p);
  vr_mat_free(&table);
}

// one point: the density is the kernel
static void kernel(void **state)
{
  (void)state;
  vr_mat xy = {1, 2, (double[]){3, -2}, 2}, p = {0};
  vr_grid g;
  vr_density_par par = {.grid = 301, .sigma = 2};
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  near_to(total(&p) * g.step * g.step, 1, 1e-12);
  for (size_t r = 0; r < g.n; r += 7)
    for (size_t c = 0; c < g.n; c += 7) {
      double y = g.y0 + (double)r * g.step + 2, x = g.x0 + (double)c * g.step - 3;
      double want = exp(-(x * x + y * y) / 8) / (8 * M_PI);
      if (fabs(x) < 7.9 && fabs(y) < 7.9) near_to(vr_row(&p, r)[c], want, 2e-5);
      if (fabs(x) > 8.1 || fabs(y) > 8.1) assert_true(vr_row(&p, r)[c] == 0);
    }
  vr_mat_free(&p);
}

// outside points count at the border, and no mass is lost there
static void clamped(void **state)
{
  (void)state;
  double points[] = {0, 0, 500, 0, -3, 1e300, 9.9, 9.9};
  vr_mat xy = {4, 2, points, 8}, p = {0};
  vr_grid g;
  vr_density_par par = {.grid = 100, .sigma = 1, .extent = 10};
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  assert_int_equal(vr_grid_pixel(&g, 500, -9.95), 99);
  assert_int_equal(vr_grid_pixel(&g, -1e300, 1e300), 9900);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  near_to(total(&p) * g.step * g.step, 1, 1e-12);
  vr_mat_free(&p);
}

// tests/ref/watershed.py
static void against_scipy(void **state)
{
  (void)state;
  vr_mat xy = {0}, p = {0}, table = {0};
  vr_grid g;
  vr_density_par dpar = {.grid = 64, .sigma = 1.5};
  vr_watershed_par wpar = VR_WATERSHED_DEFAULTS;
  assert_int_equal(vr_mat_resize(&xy, 60, 2), 0);
  for (size_t i = 0; i < 60; i++) {
    vr_row(&xy, i)[0] = 10 * sin(0.7 * (double)i);
    vr_row(&xy, i)[1] = 6 * cos(1.3 * (double)i);
  }
  assert_int_equal(vr_grid_fit(&xy, &dpar, &g), 0);
  near_to(g.step, 0.5213131199233012, 1e-14);
  near_to(g.x0, -16.345839246166626, 1e-12);
  near_to(g.y0, -16.404182083209559, 1e-12);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  near_to(vr_row(&p, 20)[20], 0.0033304179610140713, 1e-15);
  near_to(vr_row(&p, 32)[32], 0.0018291026724700076, 1e-15);
  near_to(vr_row(&p, 40)[11], 0.0034256408525760317, 1e-15);
  near_to(vr_row(&p, 25)[50], 0.004274495360097749, 1e-15);
  static const double mass[] = {0.201234418257586, 0.179484493777937, 0.151960775774357,
    0.133527699664619, 0.127616863721063, 0.0927486740651284};
  static const double pixels[] = {287, 298, 242, 228, 224, 167};
  int32_t label[64 * 64];
  size_t regions;
  wpar.floor = vr_watershed_floor(&wpar, &g);
  assert_int_equal(vr_watershed(&p, &wpar, label, &regions), 0);
  assert_int_equal(regions, 8);
  assert_int_equal(vr_regions(&p, &g, label, regions, &table), 0);
  for (size_t k = 0; k < 6; k++) {
    near_to(vr_row(&table, k)[VR_REGION_MASS], mass[k], 1e-12);
    near_to(vr_row(&table, k)[VR_REGION_AREA] / (g.step * g.step), pixels[k], 1e-6);
  }
  vr_mat_free(&xy);
  vr_mat_free(&p);
  vr_mat_free(&table);
}

static void shifts_and_scales(void **state)
{
  (void)state;
  vr_mat xy = {0}, p = {0}, q = {0};
  vr_grid g;
  vr_density_par par = {.grid = 200, .sigma = 2, .extent = 64};
  vr_watershed_par wpar = {.floor = 1e-6};
  size_t n, m;
  int32_t *a, *b;
  blobs(&xy);
  assert_int_equal(vr_alloc(&a, 40000, sizeof *a), 0);
  assert_int_equal(vr_alloc(&b, 40000, sizeof *b), 0);
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  for (size_t i = 0; i < 10000; i++) xy.a[i] = g.x0 + g.step * round((xy.a[i] - g.x0) / g.step);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  assert_int_equal(vr_watershed(&p, &wpar, a, &n), 0);
  // by whole pixels: 3 right, 2 up
  for (size_t i = 0; i < 5000; i++) {
    vr_row(&xy, i)[0] += 3 * g.step;
    vr_row(&xy, i)[1] += 2 * g.step;
  }
  assert_int_equal(vr_density(&xy, &g, NULL, &q), 0);
  assert_int_equal(vr_watershed(&q, &wpar, b, &m), 0);
  assert_int_equal(n, m);
  for (size_t r = 0; r < 190; r++)
    for (size_t c = 0; c < 190; c++) {
      assert_true(vr_row(&p, r)[c] == vr_row(&q, r + 2)[c + 3]);
      assert_int_equal(a[r * 200 + c], b[(r + 2) * 200 + c + 3]);
    }
  // by a power of two, with sigma and floor left to the defaults
  par = (vr_density_par){.grid = 200};
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  wpar.floor = vr_watershed_floor(&(vr_watershed_par)VR_WATERSHED_DEFAULTS, &g);
  assert_int_equal(vr_watershed(&p, &wpar, a, &n), 0);
  for (size_t i = 0; i < 10000; i++) xy.a[i] *= 1024;
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  wpar.floor = vr_watershed_floor(&(vr_watershed_par)VR_WATERSHED_DEFAULTS, &g);
  assert_int_equal(vr_watershed(&p, &wpar, b, &m), 0);
  assert_int_equal(n, m);
  assert_memory_equal(a, b, 40000 * sizeof *a);
  vr_release(a);
  vr_release(b);
  vr_mat_free(&xy);
  vr_mat_free(&p);
  vr_mat_free(&q);
}

// a ridge along a row: peaks 4, 3.9 and 2 with passes 3.8 and 1
static const double ridge[] = {1, 4, 3.8, 3.9, 1, 2, 1.5};

static void merging_and_lines(void **state)
{
  (void)state;
  double a[49];
  int32_t label[49];
  size_t regions;
  for (size_t i = 0; i < 49; i++) a[i] = ridge[i % 7];
  vr_mat p = {7, 7, a, 49};
  vr_watershed_par par = VR_WATERSHED_DEFAULTS;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 3);
  par.merge = 0.1; // 3.9 stands 2.6 % over its pass, 2 stands 50 %
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 2);
  for (size_t r = 0; r < 7; r++) {
    for (size_t c = 0; c < 4; c++) assert_int_equal(label[r * 7 + c], 1);
    for (size_t c = 5; c < 7; c++) assert_int_equal(label[r * 7 + c], 2);
  }
  par.lines = 1;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  for (size_t r = 0; r < 7; r++) {
    assert_int_equal(label[r * 7 + 2], 1); // no line inside a joined region
    assert_int_equal(label[r * 7 + 4], 0);
  }
  par = (vr_watershed_par){.merge = 0.6};
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 1);
  par = (vr_watershed_par){.floor = 1.4};
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(label[0], 0);
  assert_int_equal(label[4], 0);
}

static void plateaus_and_emptiness(void **state)
{
  (void)state;
  double a[25] = {0};
  int32_t label[25];
  size_t regions = 9;
  vr_mat p = {5, 5, a, 25};
  vr_watershed_par par = VR_WATERSHED_DEFAULTS;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 0);
  for (size_t i = 0; i < 25; i++) a[i] = 2;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 1);
  // two flat tops on a flat floor: the left half and the right half
  for (size_t i = 0; i < 25; i++) a[i] = i % 5 == 2 ? 1 : 2;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), 0);
  assert_int_equal(regions, 2);
  assert_int_equal(label[0], 1);
  assert_int_equal(label[4], 2);
  a[3] = NAN;
  assert_int_equal(vr_watershed(&p, &par, label, &regions), VR_EARG);
}

static void threads_and_sweep(void **state)
{
  (void)state;
  vr_mat xy = {0}, p = {0}, q = {0};
  vr_grid g;
  vr_density_par par = {.grid = 150};
  vr_watershed_par wpar = VR_WATERSHED_DEFAULTS;
  vr_pool four = {4};
  blobs(&xy);
  assert_int_equal(vr_grid_fit(&xy, &par, &g), 0);
  assert_int_equal(vr_density(&xy, &g, NULL, &p), 0);
  assert_int_equal(vr_density(&xy, &g, &four, &q), 0);
  assert_memory_equal(p.a, q.a, 150 * 150 * sizeof *p.a);
  double sigma[] = {0.5, 1, 2, 4, 20};
  int32_t one[5], many[5];
  assert_int_equal(vr_watershed_sweep(&xy, &par, &wpar, NULL, sigma, 5, one), 0);
  assert_int_equal(vr_watershed_sweep(&xy, &par, &wpar, &four, sigma, 5, many), 0);
  assert_memory_equal(one, many, sizeof one);
  for (int k = 1; k < 5; k++) assert_true(one[k] <= one[k - 1]);
  assert_int_equal(one[3], 5);
  vr_mat_free(&xy);
  vr_mat_free(&p);
  vr_mat_free(&q);
}

static void bad_arguments(void **state)
{
  (void)state;
  vr_grid g;
  vr_mat three = {2, 3, (double[6]){0}, 6}, none = {0, 2, NULL, 0}, two = {2, 2, (double[4]){0}, 4};
  vr_density_par par = VR_DENSITY_DEFAULTS;
  assert_int_equal(vr_grid_fit(&three, &par, &g), VR_EARG);
  assert_int_equal(vr_grid_fit(&none, &par, &g), VR_EARG);
  assert_int_equal(vr_grid_fit(&two, &par, &g), 0); // equal points are a map of one spot
  par.extent = 1;
  par.sigma = 10;
  assert_int_equal(vr_grid_fit(&two, &par, &g), VR_EARG);
  par.grid = 3;
  assert_int_equal(vr_grid_fit(&two, &par, &g), VR_EARG);
}

// the outline of a square is a closed line about as long, and neighbours differ in colour
static void outlines(void **state)
{
  (void)state;
  enum { N = 40 };
  vr_grid g = {.n = N, .step = 0.5, .x0 = 10, .y0 = -10};
  int32_t label[N * N] = {0};
  for (size_t i = 0; i < N * N; i++) {
    size_t r = i / N, c = i % N;
    if (r >= 10 && r < 30 && c >= 10 && c < 30) label[i] = r < 20 ? 1 : 2;
  }
  vr_outline o = {0};
  assert_int_equal(vr_outline_of(label, &g, &o), 0);
  assert_int_equal(o.n, 3); // two arcs and the line between them
  double length = 0;
  for (size_t k = 0; k < o.n; k++)
    for (size_t i = o.first[k] + 1; i < o.first[k + 1]; i++) {
      double *a = vr_row(&o.xy, i - 1), *b = vr_row(&o.xy, i);
      length += hypot(a[0] - b[0], a[1] - b[1]);
    }
  near_to(length, 50, 4);
  int colour[2];
  assert_int_equal(vr_outline_colours(label, &g, 2, 6, colour), 0);
  assert_int_not_equal(colour[0], colour[1]);
  for (size_t i = 0; i < N * N; i++) label[i] = label[i] == 1;
  assert_int_equal(vr_outline_of(label, &g, &o), 0);
  assert_int_equal(o.n, 1);
  assert_true(o.xy.a[0] == vr_row(&o.xy, o.xy.rows - 1)[0]);
  vr_outline_free(&o);
}

static int everything(const vr_mat *xy)
{
  vr_mat p = {0}, table = {0};
  vr_outline o = {0};
  vr_grid g;
  vr_density_par par = {.grid = 50};
  vr_watershed_par wpar = {.merge = 0.1, .lines = 1};
  int32_t label[2500], regions1;
  double sigma = 3;
  size_t regions;
  int colour[50], code = vr_grid_fit(xy, &par, &g);
  if (!code) code = vr_density(xy, &g, NULL, &p);
  if (!code) code = vr_watershed(&p, &wpar, label, &regions);
  if (!code) code = vr_regions(&p, &g, label, regions, &table);
  if (!code) code = vr_outline_of(label, &g, &o);
  if (!code) code = vr_outline_colours(label, &g, regions, 6, colour);
  if (!code) code = vr_watershed_sweep(xy, &par, &wpar, NULL, &sigma, 1, &regions1);
  vr_outline_free(&o);
  vr_mat_free(&p);
  vr_mat_free(&table);
  return code;
}

static void memory_fails(void **state)
{
  (void)state;
  vr_mat xy = {0};
  blobs(&xy);
  for (long k = 1;; k++) {
    vr_alloc_fail_at(k);
    int code = everything(&xy);
    vr_alloc_fail_at(0);
    if (!code) {
      assert_true(k > 20);
      break;
    }
    assert_int_equal(code, VR_EMEM);
  }
  vr_mat_free(&xy);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(five_blobs),
    cmocka_unit_test(kernel),
    cmocka_unit_test(clamped),
    cmocka_unit_test(against_scipy),
    cmocka_unit_test(shifts_and_scales),
    cmocka_unit_test(merging_and_lines),
    cmocka_unit_test(plateaus_and_emptiness),
    cmocka_unit_test(threads_and_sweep),
    cmocka_unit_test(bad_arguments),
    cmocka_unit_test(outlines),
    cmocka_unit_test(memory_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
