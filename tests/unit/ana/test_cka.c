/* CKA: definitions, invariance, rsatoolbox (tests/ref/cka.py), the floor of the paper's estimator, nulls
 * on unrelated data, threads, bad input, failing memory. */
#include "ana/cka.h"
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

static void normal(vr_mat *x, size_t k, size_t p, vr_rng *r)
{
  assert_int_equal(vr_mat_resize(x, k, p), 0);
  for (size_t e = 0; e < k * p; e++) x->a[e] = vr_rng_normal(r);
}

static void gram(const vr_mat *x, vr_gram *g)
{
  assert_int_equal(vr_gram_make(x, g), 0);
}

// sum of squares of the entries of X'Y, columns centred
static double cross(const vr_mat *x, const vr_mat *y)
{
  double sum = 0;
  for (size_t a = 0; a < x->cols; a++)
    for (size_t b = 0; b < y->cols; b++) {
      double xy = 0, mx = 0, my = 0;
      for (size_t i = 0; i < x->rows; i++) {
        mx += vr_row(x, i)[a] / (double)x->rows;
        my += vr_row(y, i)[b] / (double)x->rows;
      }
      for (size_t i = 0; i < x->rows; i++) xy += (vr_row(x, i)[a] - mx) * (vr_row(y, i)[b] - my);
      sum += xy * xy;
    }
  return sum;
}

static void definitions(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(1, 0, 0);
  vr_mat x = {0}, y = {0};
  vr_gram a = {0}, b = {0};
  normal(&x, 14, 6, &r);
  normal(&y, 14, 4, &r);
  gram(&x, &a);
  gram(&y, &b);
  // the form of features, and itself
  near_to(vr_cka(&a, &b), cross(&x, &y) / sqrt(cross(&x, &x) * cross(&y, &y)), 1e-12);
  near_to(vr_cka(&a, &a), 1, 1e-14);
  near_to(vr_cka_debiased(&a, &a), 1, 1e-12);
  near_to(vr_cka(&b, &a), vr_cka(&a, &b), 1e-15);
  near_to(vr_cka_debiased(&b, &a), vr_cka_debiased(&a, &b), 1e-14);
  // turned, scaled, shifted
  vr_mat z = {0};
  assert_int_equal(vr_mat_copy(&z, &y), 0);
  for (size_t i = 0; i < 14; i++)
    for (size_t j = 0; j < 4; j += 2) {
      const double *v = vr_row(&y, i) + j;
      vr_row(&z, i)[j] = -7 * (0.6 * v[0] - 0.8 * v[1]) + 3;
      vr_row(&z, i)[j + 1] = -7 * (0.8 * v[0] + 0.6 * v[1]) + 9;
    }
  vr_gram c = {0};
  gram(&z, &c);
  near_to(vr_cka(&a, &c), vr_cka(&a, &b), 1e-12);
  near_to(vr_cka_debiased(&a, &c), vr_cka_debiased(&a, &b), 1e-12);
  near_to(c.dim, b.dim, 1e-12);
  vr_gram_free(&a);
  vr_gram_free(&b);
  vr_gram_free(&c);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&z);
}

static void against_rsatoolbox(void **state)
{
  (void)state;
  vr_mat x = {0}, y = {0};
  vr_gram a = {0}, b = {0};
  assert_int_equal(vr_mat_resize(&x, 12, 5), 0);
  assert_int_equal(vr_mat_resize(&y, 12, 3), 0);
  for (size_t i = 0; i < 12; i++) {
    for (size_t j = 0; j < 5; j++) vr_row(&x, i)[j] = sin(0.7 * (double)(i * (j + 1))) + 3;
    for (size_t j = 0; j < 3; j++)
      vr_row(&y, i)[j] = cos(0.9 * (double)(i * (j + 2))) + 0.5 * sin(1.4 * (double)i);
  }
  gram(&x, &a);
  gram(&y, &b);
  near_to(vr_cka(&a, &b), 0.17394770608818361, 1e-14);
  near_to(vr_cka_debiased(&a, &b), -0.068391035180787985, 1e-14);
  near_to(a.dim, 3.6241633031265019, 1e-13);
  near_to(b.dim, 1.7193497535986526, 1e-13);
  vr_gram_free(&a);
  vr_gram_free(&b);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

// what has no structure is 0, never NaN; two rows are always alike
static void edges(void **state)
{
  (void)state;
  vr_mat same = {5, 2, (double[]){0.1, 7, 0.1, 7, 0.1, 7, 0.1, 7, 0.1, 7}, 10};
  vr_mat unit = {5, 5, (double[25]){0}, 25}, two = {2, 1, (double[]){3, 4}, 2};
  vr_mat pair = {2, 2, (double[]){1, 0, 0, 5}, 4}, s = {0};
  vr_gram a = {0}, b = {0};
  for (size_t i = 0; i < 5; i++) unit.a[6 * i] = 2;
  gram(&same, &a);
  gram(&unit, &b);
  near_to(a.norm, 0, 0);
  near_to(vr_cka(&a, &b), 0, 0);
  near_to(b.dim, 4, 1e-14);               // k - 1 equal dimensions
  near_to(vr_cka_debiased(&b, &b), 0, 0); // all pairs of rows are equally far
  gram(&two, &a);
  gram(&pair, &b);
  near_to(vr_cka(&a, &b), 1, 1e-15);
  assert_int_equal(vr_cka_similarity(&pair, &s), 0);
  const double want[] = {1, 0, 0, 25};
  for (int e = 0; e < 4; e++) near_to(s.a[e], want[e], 0);
  vr_mat_free(&s);
  vr_gram_free(&a);
  vr_gram_free(&b);
}

// independent normal numbers: 50 rows of 128 and 60 columns look alike to the paper's estimator
static void floor_of_estimator(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(3, 0, 0);
  vr_mat x = {0}, y = {0};
  vr_gram a = {0}, b = {0};
  double paper = 0, debiased = 0;
  for (int n = 0; n < 40; n++) {
    normal(&x, 50, 128, &r);
    normal(&y, 50, 60, &r);
    gram(&x, &a);
    gram(&y, &b);
    paper += vr_cka(&a, &b) / 40;
    debiased += vr_cka_debiased(&a, &b) / 40;
  }
  near_to(paper, 0.63, 0.01);
  near_to(debiased, 0, 3 * 0.03 / sqrt(40));
  vr_gram_free(&a);
  vr_gram_free(&b);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

/* -- nulls ------------------------------------------------------------------------------------- */

// unrelated data: at 5 %, both tests call 4 to 6 % of 4000 pairs related
static void calibration(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(5, 0, 0);
  vr_mat x = {0};
  vr_gram g[2] = {{0}, {0}};
  vr_cka_pair pair = {0, 1};
  vr_cka_result out;
  int paper = 0, debiased = 0, runs = 4000;
  for (int n = 0; n < runs; n++) {
    normal(&x, 20, 9, &r);
    gram(&x, &g[0]);
    normal(&x, 20, 5, &r);
    gram(&x, &g[1]);
    assert_int_equal(vr_cka_pairs(g, &pair, 1, 199, (uint64_t)n, NULL, &out), 0);
    paper += out.paper.p <= 0.05;
    debiased += out.debiased.p <= 0.05;
  }
  near_to(paper, 0.05 * runs, 0.01 * runs);
  near_to(debiased, 0.05 * runs, 0.01 * runs);
  vr_gram_free(&g[0]);
  vr_gram_free(&g[1]);
  vr_mat_free(&x);
}

// a shared part is found; draws are those of the definition
static void planted(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(7, 0, 0);
  vr_mat x = {0}, y = {0};
  vr_gram g[3] = {{0}, {0}, {0}};
  normal(&x, 30, 10, &r);
  normal(&y, 30, 10, &r);
  gram(&y, &g[2]);
  for (size_t e = 0; e < 300; e++) y.a[e] = 0.8 * x.a[e] + 0.6 * y.a[e];
  gram(&x, &g[0]);
  gram(&y, &g[1]);
  vr_cka_pair pair[] = {{0, 1}, {0, 2}, {1, 0}};
  vr_cka_result one[3], four[3];
  vr_pool pool = {4};
  assert_int_equal(vr_cka_pairs(g, pair, 3, 999, 2, NULL, one), 0);
  assert_int_equal(vr_cka_pairs(g, pair, 3, 999, 2, &pool, four), 0);
  assert_memory_equal(one, four, sizeof one);
  near_to(one[0].paper.value, vr_cka(&g[0], &g[1]), 0);
  near_to(one[0].paper.p, 0.001, 1e-12);
  near_to(one[0].debiased.p, 0.001, 1e-12);
  assert_true(one[0].debiased.value > 0.3 && one[1].debiased.value < 0.2);
  assert_true(one[1].debiased.p > 0.01);
  near_to(one[2].debiased.value, one[0].debiased.value, 1e-14);
  // unrelated rows: 0 on average without bias, and the mean of the null is what is known of it
  near_to(one[0].debiased.mean, 0, 0.01);
  near_to(one[0].paper.mean, g[0].trace * g[1].trace / (29 * g[0].norm * g[1].norm), 0.01);
  assert_true(one[0].paper.high > one[0].paper.mean && one[0].paper.high < one[0].paper.value);
  for (int k = 0; k < 3; k++) vr_gram_free(&g[k]);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

static void judgement(void **state)
{
  (void)state;
  double null[] = {4, 1, 3, 2};
  vr_cka_test t = vr_cka_judge(3, null, 4);
  near_to(t.p, 0.6, 1e-15);
  near_to(t.mean, 2.5, 1e-15);
  near_to(t.high, 3.85, 1e-12);
}

static void refusals(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(9, 0, 0);
  vr_mat x = {0}, one = {1, 3, (double[]){1, 2, 3}, 3};
  vr_gram g[3] = {{0}, {0}, {0}};
  vr_cka_pair pair = {0, 1};
  vr_cka_result out;
  assert_int_equal(vr_gram_make(&one, &g[0]), VR_EARG);
  normal(&x, 6, 2, &r);
  gram(&x, &g[0]);
  normal(&x, 7, 2, &r);
  gram(&x, &g[1]);
  assert_int_equal(vr_cka_pairs(g, &pair, 1, 10, 1, NULL, &out), VR_EARG);
  assert_int_equal(vr_cka_pairs(g + 1, &(vr_cka_pair){0, 0}, 1, 0, 1, NULL, &out), VR_EARG);
  normal(&x, 3, 2, &r);
  gram(&x, &g[2]);
  assert_int_equal(vr_cka_pairs(g + 2, &(vr_cka_pair){0, 0}, 1, 10, 1, NULL, &out), VR_EARG);
  for (int k = 0; k < 3; k++) vr_gram_free(&g[k]);
  vr_mat_free(&x);
}

static void failing_memory(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(9, 0, 0);
  vr_mat x = {0};
  vr_gram g = {0}, copy = {0};
  vr_cka_result out;
  normal(&x, 6, 2, &r);
  int code = VR_EMEM, tries = 0;
  for (long n = 1; code; n++, tries++) {
    vr_alloc_fail_at(n);
    code = vr_gram_make(&x, &g);
    if (!code) code = vr_gram_copy(&g, &copy);
    if (!code) code = vr_cka_pairs(&g, &(vr_cka_pair){0, 0}, 1, 10, 1, NULL, &out);
    if (code) assert_int_equal(code, VR_EMEM);
  }
  vr_alloc_fail_at(0);
  assert_true(tries >= 6);
  near_to(vr_cka(&g, &copy), 1, 1e-14);
  vr_gram_free(&g);
  vr_gram_free(&copy);
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(definitions),
    cmocka_unit_test(against_rsatoolbox),
    cmocka_unit_test(edges),
    cmocka_unit_test(floor_of_estimator),
    cmocka_unit_test(calibration),
    cmocka_unit_test(planted),
    cmocka_unit_test(judgement),
    cmocka_unit_test(refusals),
    cmocka_unit_test(failing_memory),
  };
  return cmocka_run_group_tests_name("cka", tests, NULL, NULL);
}
