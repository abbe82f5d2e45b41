/* Means by cluster, and the order of rows for pictures: closed forms, plain loops, blocks, threads, bad
 * input, failing memory. */
#include "ana/clustersum.h"
#include "ana/leaves.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { N = 3000, D = 300 };

static void near_to(double x, double want, double tol)
{
  if (!(fabs(x - want) <= tol)) fail_msg("%.17g is not within %g of %.17g", x, tol, want);
}

// random rows and two labellings, of 7 labels and of 3, with some rows left out
static void make(vr_matf *f, vr_mat *x, int32_t *label[2])
{
  vr_rng r = vr_rng_new(1, 0, 0);
  assert_int_equal(vr_matf_resize(f, N, D), 0);
  assert_int_equal(vr_mat_resize(x, N, D), 0);
  for (size_t e = 0; e < (size_t)N * D; e++) x->a[e] = f->a[e] = (float)vr_rng_normal(&r);
  for (int m = 0; m < 2; m++) {
    assert_int_equal(vr_alloc(&label[m], N, sizeof *label[m]), 0);
    for (size_t i = 0; i < N; i++) label[m][i] = (int32_t)vr_rng_below(&r, m ? 4 : 8);
  }
}

static void plain_loops(void **state)
{
  (void)state;
  vr_matf f = {0};
  vr_mat x = {0}, mean = {0};
  int32_t *label[2];
  vr_clustersum one[2] = {{0}, {0}}, four[2] = {{0}, {0}};
  const vr_pool pool = {4};
  make(&f, &x, label);
  const int32_t *all[2] = {label[0], label[1]};
  for (int m = 0; m < 2; m++) {
    assert_int_equal(vr_clustersum_init(&one[m], m ? 3 : 7, D), 0);
    assert_int_equal(vr_clustersum_init(&four[m], m ? 3 : 7, D), 0);
  }
  assert_int_equal(vr_clustersum_addf(one, 2, &f, all, NULL), 0);
  // in double precision, by blocks, with four threads: the same bits
  const size_t cut[] = {0, 1, 700, N};
  for (size_t b = 0; b < 3; b++) {
    vr_mat part = {cut[b + 1] - cut[b], D, vr_row(&x, cut[b]), 0};
    const int32_t *some[2] = {label[0] + cut[b], label[1] + cut[b]};
    assert_int_equal(vr_clustersum_add(four, 2, &part, some, &pool), 0);
  }
  for (int m = 0; m < 2; m++) {
    assert_memory_equal(one[m].sum, four[m].sum, one[m].k * D * sizeof *one[m].sum);
    for (size_t c = 0; c < one[m].k; c++) {
      size_t rows = 0;
      double sum[D] = {0};
      for (size_t i = 0; i < N; i++) {
        if (label[m][i] != (int32_t)c + 1) continue;
        rows++;
        for (size_t j = 0; j < D; j++) sum[j] += vr_row(&x, i)[j];
      }
      assert_int_equal(one[m].count[c], rows);
      assert_memory_equal(one[m].sum + c * D, sum, sizeof sum);
      assert_int_equal(vr_clustersum_means(&one[m], &c, 1, 1, &mean), 0);
      near_to(mean.a[5], sum[5] / (double)rows, 1e-15);
    }
  }
  // labels 2, 3 and 4, 5 of the first taken together
  const size_t which[] = {2, 1};
  assert_int_equal(vr_clustersum_means(&one[0], which, 2, 2, &mean), 0);
  const double *s = one[0].sum;
  near_to(vr_row(&mean, 1)[9],
    (s[2 * D + 9] + s[3 * D + 9]) / (double)(one[0].count[2] + one[0].count[3]), 1e-15);
  for (int m = 0; m < 2; m++) {
    vr_clustersum_free(&one[m]);
    vr_clustersum_free(&four[m]);
    vr_release(label[m]);
  }
  vr_matf_free(&f);
  vr_mat_free(&x);
  vr_mat_free(&mean);
}

static void refusals(void **state)
{
  (void)state;
  vr_clustersum s = {0};
  vr_mat x = {2, 1, (double[]){1, 2}, 2}, wide = {1, 2, (double[]){1, 2}, 2}, m = {0};
  const int32_t good[] = {1, 0}, high[] = {1, 3}, low[] = {-1, 1}, *label = good;
  const size_t empty = 1, none = 2;
  assert_int_equal(vr_clustersum_init(&s, 0, 1), VR_EARG);
  assert_int_equal(vr_clustersum_init(&s, 2, 1), 0);
  assert_int_equal(vr_clustersum_add(&s, 1, &wide, &label, NULL), VR_EARG);
  label = high;
  assert_int_equal(vr_clustersum_add(&s, 1, &x, &label, NULL), VR_EDATA);
  label = low;
  assert_int_equal(vr_clustersum_add(&s, 1, &x, &label, NULL), VR_EDATA);
  label = good;
  assert_int_equal(vr_clustersum_add(&s, 1, &x, &label, NULL), 0);
  assert_int_equal(vr_clustersum_means(&s, &empty, 1, 1, &m), VR_EARG);
  assert_int_equal(vr_clustersum_means(&s, &none, 1, 1, &m), VR_EARG);
  vr_clustersum_free(&s);
  vr_mat_free(&m);
}

/* -- order ------------------------------------------------------------------------------------- */

// points of a line come in its order, from one end or the other
static void line(void **state)
{
  (void)state;
  vr_mat x = {9, 2, (double[18]){0}, 18};
  const double at[] = {4, 0, 7.5, 1, 11, 5.2, 2.1, 13.5, 9};
  size_t order[9];
  for (size_t i = 0; i < 9; i++) {
    vr_row(&x, i)[0] = 3 * at[i];
    vr_row(&x, i)[1] = -at[i];
  }
  assert_int_equal(vr_leaves(&x, order), 0);
  int up = at[order[1]] > at[order[0]];
  for (size_t i = 1; i < 9; i++) assert_int_equal(at[order[i]] > at[order[i - 1]], up);
}

// three groups, mixed: each stays together, and every row comes once
static void groups(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(4, 0, 0);
  vr_mat x = {0};
  size_t order[60], changes = 0, seen[60] = {0};
  assert_int_equal(vr_mat_resize(&x, 60, 4), 0);
  for (size_t i = 0; i < 60; i++)
    for (size_t j = 0; j < 4; j++) vr_row(&x, i)[j] = (i % 3 == j) * 20 + vr_rng_normal(&r);
  assert_int_equal(vr_leaves(&x, order), 0);
  for (size_t i = 0; i < 60; i++) {
    seen[order[i]]++;
    changes += i && order[i] % 3 != order[i - 1] % 3;
  }
  assert_int_equal(changes, 2);
  for (size_t i = 0; i < 60; i++) assert_int_equal(seen[i], 1);
  vr_mat_free(&x);
}

static void failing_memory(void **state)
{
  (void)state;
  vr_mat x = {3, 1, (double[]){1, 5, 2}, 3}, m = {0};
  vr_clustersum s = {0};
  const int32_t ones[] = {1, 1, 1}, *label = ones;
  size_t order[3];
  int code = VR_EMEM, tries = 0;
  for (long n = 1; code; n++, tries++) {
    vr_alloc_fail_at(n);
    code = vr_leaves(&x, order);
    if (!code) code = vr_clustersum_init(&s, 1, 1);
    if (!code) code = vr_clustersum_add(&s, 1, &x, &label, NULL);
    if (!code) code = vr_clustersum_means(&s, (size_t[]){0}, 1, 1, &m);
    if (code) assert_int_equal(code, VR_EMEM);
  }
  vr_alloc_fail_at(0);
  assert_true(tries >= 7);
  vr_clustersum_free(&s);
  vr_mat_free(&m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(plain_loops),
    cmocka_unit_test(refusals),
    cmocka_unit_test(line),
    cmocka_unit_test(groups),
    cmocka_unit_test(failing_memory),
  };
  return cmocka_run_group_tests_name("clustersum", tests, NULL, NULL);
}
