/* k-means: closed forms, the plain double-precision algorithm, invariance, scikit-learn
 * (tests/ref/kmeans.py), starts, threads, bad input, failing memory. */
#include "ana/kmeans.h"
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

static const vr_kmeans_par whole = {.restarts = 1, .iterations = 1000};

static void run(const vr_mat *x, const vr_mat *start, vr_kmeans_fit *fit)
{
  assert_int_equal(vr_kmeans(x, start, &whole, 1, NULL, NULL, NULL, fit), 0);
  assert_int_equal(fit->converged, 1);
}

// rows `step` apart as centres
static void pick_start(const vr_mat *x, size_t k, vr_mat *start)
{
  assert_int_equal(vr_mat_resize(start, k, x->cols), 0);
  for (size_t c = 0; c < k; c++)
    memcpy(vr_row(start, c), vr_row(x, c * x->rows / k), x->cols * sizeof *x->a);
}

// groups of normal numbers around an offset
static void groups(vr_mat *x, size_t n, size_t d, double offset, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 0, 0);
  assert_int_equal(vr_mat_resize(x, n, d), 0);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < d; j++)
      vr_row(x, i)[j] = offset + (double)((i * (j + 3)) % 7) + vr_rng_normal(&r);
}

/* -- the plain algorithm ----------------------------------------------------------------------- */

static double dist2(const double *x, const double *y, size_t d)
{
  double sum = 0;
  for (size_t j = 0; j < d; j++) sum += (x[j] - y[j]) * (x[j] - y[j]);
  return sum;
}

// Lloyd's algorithm in double precision; returns how many iterations it took
static int plain(const vr_mat *x, vr_mat *centre, int32_t *label)
{
  size_t k = centre->rows, d = x->cols;
  double *sum = calloc(k * d + k, sizeof *sum), *count = sum + k * d;
  for (int it = 1;; it++) {
    int changed = 0;
    memset(sum, 0, (k * d + k) * sizeof *sum);
    for (size_t i = 0; i < x->rows; i++) {
      size_t best = 0;
      double least = INFINITY;
      for (size_t c = 0; c < k; c++) {
        double d2 = dist2(vr_row(x, i), vr_row(centre, c), d);
        if (d2 < least) {
          least = d2;
          best = c;
        }
      }
      changed |= label[i] != (int32_t)best + 1;
      label[i] = (int32_t)best + 1;
      for (size_t j = 0; j < d; j++) sum[best * d + j] += vr_row(x, i)[j];
      count[best]++;
    }
    for (size_t c = 0; c < k; c++)
      for (size_t j = 0; j < d; j++)
        if (count[c] > 0) vr_row(centre, c)[j] = sum[c * d + j] / count[c];
    if (!changed) {
      free(sum);
      return it;
    }
  }
}

static void against_plain(const vr_mat *x, size_t k, double tol)
{
  vr_mat start = {0};
  vr_kmeans_fit fit = {0};
  int32_t *label = calloc(x->rows, sizeof *label);
  pick_start(x, k, &start);
  run(x, &start, &fit);
  assert_int_equal(fit.iterations, plain(x, &start, label));
  assert_memory_equal(label, fit.label, x->rows * sizeof *label);
  for (size_t e = 0; e < k * x->cols; e++) near_to(fit.centre.a[e], start.a[e], tol);
  free(label);
  vr_kmeans_free(&fit);
  vr_mat_free(&start);
}

static void same_as_plain(void **state)
{
  (void)state;
  vr_mat x = {0};
  const size_t shape[][3] = {
    {2000, 7, 13}, {1500, 1, 4}, {700, 40, 3}, {3000, 16, 70}, {900, 3, 1}};
  for (size_t s = 0; s < VR_LEN(shape); s++) {
    groups(&x, shape[s][0], shape[s][1], 0, s);
    against_plain(&x, shape[s][2], 1e-12);
  }
  // far from zero, where single precision tells nothing apart
  groups(&x, 2000, 7, 1e6, 3);
  against_plain(&x, 13, 1e-8);
  // one row far away takes the scale of all others
  groups(&x, 1000, 3, 0, 4);
  vr_row(&x, 17)[1] = 1e9;
  against_plain(&x, 9, 1e-5);
  vr_mat_free(&x);
}

// whole numbers: many rows lie exactly between two centres, and many are equal
static void ties(void **state)
{
  (void)state;
  vr_mat x = {0};
  assert_int_equal(vr_mat_resize(&x, 1200, 2), 0);
  for (size_t i = 0; i < x.rows; i++) {
    vr_row(&x, i)[0] = (double)(i * 7 % 16);
    vr_row(&x, i)[1] = (double)(i * 5 % 12);
  }
  against_plain(&x, 6, 1e-12);
  against_plain(&x, 11, 1e-12);
  vr_mat_free(&x);
}

/* -- closed forms, scikit-learn ---------------------------------------------------------------- */

static void four_points(void **state)
{
  (void)state;
  vr_mat x = {4, 1, (double[]){10, 0, 11, 1}, 4};
  vr_kmeans_par par = {.k = 2, .restarts = 3, .iterations = 10};
  vr_kmeans_fit fit = {0};
  assert_int_equal(vr_kmeans(&x, NULL, &par, 5, NULL, NULL, NULL, &fit), 0);
  // equal sizes: the cluster of the first row comes first
  const int32_t want[] = {1, 2, 1, 2};
  assert_memory_equal(fit.label, want, sizeof want);
  near_to(fit.centre.a[0], 10.5, 0);
  near_to(fit.centre.a[1], 0.5, 0);
  near_to(fit.inertia, 1, 1e-15);
  near_to(fit.spread[0], 0.25, 1e-15);
  // as many clusters as rows
  par.k = 4;
  assert_int_equal(vr_kmeans(&x, NULL, &par, 5, NULL, NULL, NULL, &fit), 0);
  near_to(fit.inertia, 0, 0);
  vr_kmeans_free(&fit);
}

static void series(vr_mat *x)
{
  assert_int_equal(vr_mat_resize(x, 500, 5), 0);
  for (size_t i = 0; i < 500; i++)
    for (size_t j = 0; j < 5; j++)
      vr_row(x, i)[j] =
        sin(0.37 * (double)i * (double)(j + 1)) + (double)(i % 5) * ((double)(j % 3) - 1);
}

static size_t weigh(const vr_kmeans_fit *fit)
{
  size_t sum = 0;
  for (size_t i = 0; i < fit->n; i++) sum += i * (size_t)fit->label[i];
  return sum;
}

static void against_scikit_learn(void **state)
{
  (void)state;
  vr_mat x = {0}, start = {0};
  vr_kmeans_fit fit = {0};
  series(&x);
  pick_start(&x, 7, &start);
  run(&x, &start, &fit);
  assert_int_equal(fit.iterations, 14);
  assert_int_equal(weigh(&fit), 497019);
  near_to(fit.inertia, 1027.5512685264389, 1e-11);
  // the third centre equals the second: it takes the row that is farthest from its own
  const size_t from[] = {0, 100, 100, 321};
  assert_int_equal(vr_mat_resize(&start, 4, 5), 0);
  for (size_t c = 0; c < 4; c++) memcpy(vr_row(&start, c), vr_row(&x, from[c]), 5 * sizeof *x.a);
  run(&x, &start, &fit);
  assert_int_equal(fit.iterations, 11);
  assert_int_equal(weigh(&fit), 329826);
  near_to(fit.inertia, 1224.0080745642608, 1e-11);
  vr_kmeans_free(&fit);
  vr_mat_free(&start);
  vr_mat_free(&x);
}

/* -- invariance, starts, threads --------------------------------------------------------------- */

static void invariance(void **state)
{
  (void)state;
  vr_mat x = {0}, y = {0}, start = {0};
  vr_kmeans_fit a = {0}, b = {0};
  groups(&x, 1500, 2, 0, 9);
  pick_start(&x, 8, &start);
  run(&x, &start, &a);
  // turned, scaled and shifted
  assert_int_equal(vr_mat_copy(&y, &x), 0);
  for (size_t i = 0; i < y.rows; i++) {
    const double *v = vr_row(&x, i);
    vr_row(&y, i)[0] = 1e-3 * (0.6 * v[0] - 0.8 * v[1]) + 5;
    vr_row(&y, i)[1] = 1e-3 * (0.8 * v[0] + 0.6 * v[1]) - 3;
  }
  pick_start(&y, 8, &start);
  run(&y, &start, &b);
  assert_memory_equal(a.label, b.label, x.rows * sizeof *a.label);
  near_to(b.inertia, a.inertia * 1e-6, a.inertia * 1e-15);
  vr_kmeans_free(&a);
  vr_kmeans_free(&b);
  vr_mat_free(&start);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

// the best of the starts, largest cluster first, the same again and for any number of threads
static void starts(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_kmeans_par par = {.k = 12, .restarts = 13, .iterations = 300};
  vr_pool four = {4};
  vr_kmeans_fit a = {0}, b = {0};
  groups(&x, 5000, 9, 2, 11);
  assert_int_equal(vr_kmeans(&x, NULL, &par, 3, NULL, NULL, NULL, &a), 0);
  assert_int_equal(vr_kmeans(&x, NULL, &par, 3, &four, NULL, NULL, &b), 0);
  assert_memory_equal(a.label, b.label, x.rows * sizeof *a.label);
  assert_memory_equal(a.centre.a, b.centre.a, 12 * 9 * sizeof *a.centre.a);
  assert_memory_equal(a.each, b.each, 13 * sizeof *a.each);
  size_t total = 0, different = 0;
  double inertia = 0;
  for (int s = 0; s < 13; s++) {
    assert_true(a.each[s] >= a.inertia * (1 - 1e-12));
    different += a.each[s] > a.inertia * (1 + 1e-9);
  }
  assert_true(different > 0); // the starts are not all the same
  for (size_t c = 0; c < 12; c++) {
    assert_true(!c || a.count[c] <= a.count[c - 1]);
    total += a.count[c];
  }
  assert_int_equal(total, x.rows);
  for (size_t i = 0; i < x.rows; i++)
    inertia += dist2(vr_row(&x, i), vr_row(&a.centre, (size_t)a.label[i] - 1), 9);
  near_to(a.inertia, inertia, 1e-9 * inertia);
  // ten starts of thirteen are the first ten
  par.restarts = 10;
  assert_int_equal(vr_kmeans(&x, NULL, &par, 3, NULL, NULL, NULL, &b), 0);
  assert_memory_equal(a.each, b.each, 10 * sizeof *a.each);
  vr_kmeans_free(&a);
  vr_kmeans_free(&b);
  vr_mat_free(&x);
}

// groups that lie far apart get one centre each
static void planted(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_rng r = vr_rng_new(2, 0, 0);
  vr_kmeans_par par = {.k = 20, .restarts = 5, .iterations = 50};
  vr_kmeans_fit fit = {0};
  assert_int_equal(vr_mat_resize(&x, 4000, 6), 0);
  for (size_t i = 0; i < x.rows; i++)
    for (size_t j = 0; j < 6; j++)
      vr_row(&x, i)[j] = 100 * (double)((i % 20) * (j + 1) % 23) + vr_rng_normal(&r);
  for (uint64_t seed = 1; seed <= 10; seed++) {
    assert_int_equal(vr_kmeans(&x, NULL, &par, seed, NULL, NULL, NULL, &fit), 0);
    for (size_t i = 20; i < x.rows; i++) assert_int_equal(fit.label[i], fit.label[i % 20]);
    near_to(fit.inertia / (4000 * 6), 1, 0.05);
  }
  vr_kmeans_free(&fit);
  vr_mat_free(&x);
}

// no iteration: labels by the centres given, which stay
static void only_label(void **state)
{
  (void)state;
  vr_mat x = {5, 1, (double[]){0, 1, 2, 3, 9}, 5}, start = {3, 1, (double[]){2.4, -7, 8}, 3};
  vr_kmeans_par par = {.restarts = 1};
  vr_kmeans_fit fit = {0};
  assert_int_equal(vr_kmeans(&x, &start, &par, 1, NULL, NULL, NULL, &fit), 0);
  const int32_t want[] = {1, 1, 1, 1, 3};
  assert_memory_equal(fit.label, want, sizeof want);
  assert_memory_equal(fit.centre.a, start.a, 3 * sizeof *start.a);
  assert_int_equal(fit.count[1], 0);
  near_to(fit.spread[1], 0, 0);
  vr_kmeans_free(&fit);
}

/* -- refusals, memory -------------------------------------------------------------------------- */

static void refusals(void **state)
{
  (void)state;
  vr_mat x = {4, 1, (double[]){1, 1, 2, 1}, 4}, wide = {1, 2, (double[]){0, 0}, 2}, none = {0};
  vr_kmeans_par par = {.k = 5, .restarts = 1, .iterations = 10};
  vr_kmeans_fit fit = {0};
  assert_int_equal(vr_kmeans(&x, NULL, &par, 1, NULL, NULL, NULL, &fit), VR_EARG);
  par.k = 0;
  assert_int_equal(vr_kmeans(&x, NULL, &par, 1, NULL, NULL, NULL, &fit), VR_EARG);
  par.k = 2;
  assert_int_equal(vr_kmeans(&none, NULL, &par, 1, NULL, NULL, NULL, &fit), VR_EARG);
  assert_int_equal(vr_kmeans(&x, &wide, &par, 1, NULL, NULL, NULL, &fit), VR_EARG);
  par.restarts = 0;
  assert_int_equal(vr_kmeans(&x, NULL, &par, 1, NULL, NULL, NULL, &fit), VR_EARG);
  par = (vr_kmeans_par){.k = 3, .restarts = 1, .iterations = 10};
  assert_int_equal(vr_kmeans(&x, NULL, &par, 1, NULL, NULL, NULL, &fit), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "only 2 of the rows are different"));
  par.k = 2;
  assert_int_equal(vr_kmeans(&x, NULL, &par, 1, NULL, NULL, NULL, &fit), 0);
  vr_kmeans_free(&fit);
}

static void failing_memory(void **state)
{
  (void)state;
  vr_mat x = {0}, start = {0};
  vr_kmeans_par par = {.k = 4, .restarts = 2, .iterations = 10};
  vr_kmeans_fit fit = {0};
  series(&x);
  assert_int_equal(vr_mat_resize(&start, 4, 5), 0); // equal centres: clusters without rows
  for (int given = 0; given < 2; given++) {
    int code = VR_EMEM, tries = 0;
    for (long n = 1; code; n++, tries++) {
      vr_alloc_fail_at(n);
      code = vr_kmeans(&x, given ? &start : NULL, &par, 1, NULL, NULL, NULL, &fit);
      if (code) assert_int_equal(code, VR_EMEM);
      if (code) assert_null(fit.label);
    }
    vr_alloc_fail_at(0);
    assert_true(tries > 20);
  }
  vr_kmeans_free(&fit);
  vr_mat_free(&start);
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(same_as_plain),
    cmocka_unit_test(ties),
    cmocka_unit_test(four_points),
    cmocka_unit_test(against_scikit_learn),
    cmocka_unit_test(invariance),
    cmocka_unit_test(starts),
    cmocka_unit_test(planted),
    cmocka_unit_test(only_label),
    cmocka_unit_test(refusals),
    cmocka_unit_test(failing_memory),
  };
  return cmocka_run_group_tests_name("kmeans", tests, NULL, NULL);
}
