#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/knn.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* rows of whole numbers (their distances are exact, ties are many) or of normal ones */
static void fill(vr_mat *x, size_t n, size_t d, int whole, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 0, 0);
  assert_int_equal(vr_mat_resize(x, n, d), 0);
  for (size_t k = 0; k < n * d; k++)
    x->a[k] = whole ? (double)vr_rng_below(&r, (uint64_t)whole) : vr_rng_normal(&r);
}

typedef struct {
  double d;
  int32_t j;
} pair;

static int by_distance(const void *a, const void *b)
{
  const pair *p = a, *q = b;
  if (p->d != q->d) return p->d < q->d ? -1 : 1;
  return (p->j > q->j) - (p->j < q->j);
}

/* the definition: all distances, sorted by distance and index */
static void compare(const vr_mat *x, const vr_mat *q, size_t k, const vr_knn *got)
{
  pair *all = calloc(x->rows, sizeof *all);
  assert_int_equal(got->k, k);
  assert_int_equal(got->rows, q->rows);
  for (size_t i = 0; i < q->rows; i++) {
    size_t m = 0;
    for (size_t j = 0; j < x->rows; j++) {
      if (x == q && i == j) continue;
      double sum = 0;
      for (size_t c = 0; c < x->cols; c++)
        sum += (vr_row(x, j)[c] - vr_row(q, i)[c]) * (vr_row(x, j)[c] - vr_row(q, i)[c]);
      all[m++] = (pair){sum, (int32_t)j};
    }
    qsort(all, m, sizeof *all, by_distance);
    for (size_t c = 0; c < k; c++) {
      assert_int_equal(got->index[i * k + c], all[c].j);
      assert_true(fabs((double)got->dist2[i * k + c] - all[c].d) <= 1e-6 * all[c].d);
    }
  }
  free(all);
}

static void check(const vr_mat *x, size_t k)
{
  vr_knn got = {0};
  assert_int_equal(vr_knn_self(x, k, NULL, &got), 0);
  compare(x, x, k, &got);
  vr_knn_free(&got);
}

static void agrees_with_the_definition(void **state)
{
  (void)state;
  static const size_t size[][3] = {
    {2, 1, 1}, {40, 3, 39}, {700, 16, 5}, {1000, 17, 90}, {600, 60, 90}, {257, 1100, 7}};
  vr_mat x = {0};
  for (size_t s = 0; s < VR_LEN(size); s++) {
    fill(&x, size[s][0], size[s][1], 0, s);
    check(&x, size[s][2]);
  }
  vr_mat_free(&x);
}

static void ties_go_by_index(void **state)
{
  (void)state;
  vr_mat x = {0};
  fill(&x, 900, 1, 40, 1);
  check(&x, 30);
  fill(&x, 900, 4, 3, 2);
  check(&x, 90);
  fill(&x, 2000, 20, 1, 3); // all equal
  check(&x, 10);
  vr_mat_free(&x);
}

/* what single precision cannot tell apart: a far offset, one far point, a cluster in a cluster */
static void precision_is_double(void **state)
{
  (void)state;
  vr_mat x = {0};
  fill(&x, 800, 6, 0, 4);
  for (size_t k = 0; k < 800 * 6; k++) x.a[k] = 1000 + x.a[k] * 1e-7;
  check(&x, 20);
  x.a[300] = 1e9;
  check(&x, 20);
  fill(&x, 800, 6, 0, 5);
  for (size_t i = 0; i < 400; i++)
    for (size_t c = 0; c < 6; c++) vr_row(&x, i)[c] = 3 + 1e-9 * vr_row(&x, i)[c];
  check(&x, 20);
  for (size_t k = 0; k < 800 * 6; k++) x.a[k] *= 1e14;
  check(&x, 20);
  vr_mat_free(&x);
}

static void other_set(void **state)
{
  (void)state;
  vr_mat x = {0}, q = {0};
  vr_knn got = {0};
  fill(&x, 333, 18, 0, 6);
  fill(&q, 50, 18, 0, 7);
  memcpy(vr_row(&q, 7), vr_row(&x, 200), 18 * sizeof *q.a);
  for (size_t c = 0; c < 18; c++) vr_row(&q, 9)[c] = 1e5;
  assert_int_equal(vr_knn_query(&x, &q, 25, NULL, &got), 0);
  compare(&x, &q, 25, &got);
  assert_int_equal(got.index[7 * 25], 200);
  assert_true(got.dist2[7 * 25] == 0);
  assert_int_equal(vr_knn_query(&x, &q, 333, NULL, &got), 0);
  compare(&x, &q, 333, &got);
  vr_knn_free(&got);
  vr_mat_free(&x);
  vr_mat_free(&q);
}

static void same_for_any_threads(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_knn one = {0}, four = {0};
  vr_pool pool = {4};
  fill(&x, 3000, 20, 0, 8);
  assert_int_equal(vr_knn_self(&x, 60, NULL, &one), 0);
  assert_int_equal(vr_knn_self(&x, 60, &pool, &four), 0);
  assert_memory_equal(one.index, four.index, 3000 * 60 * sizeof *one.index);
  assert_memory_equal(one.dist2, four.dist2, 3000 * 60 * sizeof *one.dist2);
  vr_knn_free(&one);
  vr_knn_free(&four);
  vr_mat_free(&x);
}

static void refuses(void **state)
{
  (void)state;
  vr_mat x = {0}, q = {0};
  vr_knn got = {0};
  fill(&x, 10, 3, 0, 9);
  fill(&q, 4, 2, 0, 9);
  assert_int_equal(vr_knn_self(&x, 0, NULL, &got), VR_EARG);
  assert_int_equal(vr_knn_self(&x, 10, NULL, &got), VR_EARG);
  assert_int_equal(vr_knn_query(&x, &q, 2, NULL, &got), VR_EARG);
  assert_int_equal(vr_knn_query(&x, &x, 11, NULL, &got), VR_EARG);
  int code = VR_EMEM, tries = 0;
  while (code == VR_EMEM) { // each allocation fails once
    vr_alloc_fail_at(++tries);
    code = vr_knn_self(&x, 3, NULL, &got);
    if (code) assert_null(got.index);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(code, 0);
  assert_true(tries > 10);
  vr_knn_free(&got);
  vr_mat_free(&x);
  vr_mat_free(&q);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(agrees_with_the_definition),
    cmocka_unit_test(ties_go_by_index),
    cmocka_unit_test(precision_is_double),
    cmocka_unit_test(other_set),
    cmocka_unit_test(same_for_any_threads),
    cmocka_unit_test(refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
