#include "ana/mds.h"
#include "base/rng.h"
#include "num/lin.h"
#include "../test.h"
#include <math.h>
#include <string.h>

static void fill(vr_mat *x, size_t rows, size_t cols, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 3, 4);
  assert_int_equal(vr_mat_resize(x, rows, cols), 0);
  for (size_t i = 0; i < rows * cols; i++)
    x->a[i] = vr_rng_normal(&r) * (1 + 3 / (1 + (double)(i % cols)));
}

static double most_apart(const vr_mat *a, const vr_mat *b)
{
  double most = 0;
  assert_int_equal(a->rows, b->rows);
  assert_int_equal(a->cols, b->cols);
  for (size_t i = 0; i < a->rows * a->cols; i++) most = fmax(most, fabs(a->a[i] - b->a[i]));
  return most;
}

/* Points in the plane come back, up to a turn: their distances are theirs, the stress is 0. */
static void plane(void **state)
{
  (void)state;
  vr_mat x = {0}, d = {0}, y = {0}, e = {0};
  double value[30], stress, square;
  vr_mds_par par = VR_MDS_DEFAULTS;
  vr_mds_info info;
  fill(&x, 30, 2, 1);
  assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
  assert_int_equal(vr_mds_classical(&d, 2, &y, value), 0);
  assert_int_equal(vr_mds_distances(&y, NULL, &e), 0);
  assert_true(most_apart(&d, &e) < 1e-12);
  assert_true(value[1] > 1 && fabs(value[2]) < 1e-11 && fabs(value[29]) < 1e-11);
  vr_mds_stress(&d, &y, &stress, &square);
  assert_true(stress < 1e-20 && square > 1);
  // from points at random too
  par.tolerance = 1e-16;
  par.iterations = 5000;
  assert_int_equal(vr_mds_smacof(&d, NULL, &par, 1, NULL, &y, NULL, &info), 0);
  assert_int_equal(vr_mds_distances(&y, NULL, &e), 0);
  assert_true(most_apart(&d, &e) < 1e-6);
  // the similarities of centred points have the same distances
  vr_mat s = {0};
  assert_int_equal(vr_mat_resize(&s, 30, 30), 0);
  vr_gemm_nt(30, 30, 2, x.a, 2, x.a, 2, s.a, 30);
  assert_int_equal(vr_mds_from_similarity(&s, &e), 0);
  assert_true(most_apart(&d, &e) < 1e-6);
  vr_mat_free(&s);
  vr_mat_free(&x);
  vr_mat_free(&d);
  vr_mat_free(&y);
  vr_mat_free(&e);
}

/* Of Euclidean distances it is PCA; a turn and a shift of the points change nothing. */
static void is_pca_and_turns(void **state)
{
  (void)state;
  enum { N = 80, D = 7 };
  vr_mat x = {0}, z = {0}, d = {0}, y = {0}, w = {0};
  double value[N], few[3], rest, all = 0, r[D * D], values[D], axes[D * D];
  fill(&x, N, D, 2);
  assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
  assert_int_equal(vr_mds_classical(&d, 3, &y, value), 0);
  assert_int_equal(vr_mds_points(&x, 3, NULL, &w, few, &rest), 0);
  assert_true(most_apart(&y, &w) < 1e-10);
  for (size_t k = 0; k < 3; k++) assert_true(fabs(value[k] / few[k] - 1) < 1e-12);
  for (size_t k = 3; k < N; k++) all += value[k];
  assert_true(fabs(all / rest - 1) < 1e-10);
  // an orthogonal matrix: eigenvectors of any symmetric one
  for (size_t i = 0; i < D; i++)
    for (size_t j = 0; j < D; j++) r[i * D + j] = sin((double)(i + j)) + cos((double)(i * j));
  assert_int_equal(vr_eigh(D, r, D, values, axes), 0);
  assert_int_equal(vr_mat_resize(&z, N, D), 0);
  vr_gemm_nt(N, D, D, x.a, D, axes, D, z.a, D);
  for (size_t i = 0; i < N * D; i++) z.a[i] += 5;
  assert_int_equal(vr_mds_points(&z, 3, NULL, &w, few, &rest), 0);
  assert_true(most_apart(&y, &w) < 1e-10);
  vr_mat_free(&x);
  vr_mat_free(&z);
  vr_mat_free(&d);
  vr_mat_free(&y);
  vr_mat_free(&w);
}

/* A triangle that cannot be: its negative eigenvalue is told, and its axis is 0. */
static void not_euclidean(void **state)
{
  (void)state;
  double a[] = {0, 1, 5, 1, 0, 1, 5, 1, 0}, value[3];
  vr_mat d = {.rows = 3, .cols = 3, .a = a}, y = {0};
  assert_int_equal(vr_mds_check(&d), 0);
  assert_int_equal(vr_mds_classical(&d, 3, &y, value), 0);
  assert_true(value[0] > 0 && value[2] < -1);
  for (size_t i = 0; i < 3; i++) assert_true(vr_row(&y, i)[2] == 0);
  vr_mat_free(&y);
}

/* Step by step the stress falls; the same bytes from any number of threads. */
static void falls(void **state)
{
  (void)state;
  enum { N = 150 };
  vr_mat x = {0}, d = {0}, y = {0}, z = {0}, start = {0};
  vr_mds_par par = {.dims = 2, .iterations = 1};
  vr_mds_info info = {.stress = HUGE_VAL}, other;
  double last, stress[4];
  fill(&x, N, 6, 5);
  assert_int_equal(vr_mds_distances(&x, &(vr_pool){4}, &d), 0);
  assert_int_equal(vr_mat_resize(&start, N, 2), 0);
  for (size_t i = 0; i < 2 * N; i++) start.a[i] = cos((double)(i * i));
  for (int k = 0; k < 40; k++) {
    last = info.stress;
    assert_int_equal(vr_mds_smacof(&d, &start, &par, 1, NULL, &y, NULL, &info), 0);
    assert_true(info.stress <= last * (1 + 1e-12));
    assert_int_equal(vr_mat_copy(&start, &y), 0);
  }
  par = (vr_mds_par){.dims = 3, .starts = 3, .iterations = 60, .tolerance = 1e-9};
  assert_int_equal(vr_mds_smacof(&d, NULL, &par, 7, NULL, &y, stress, &info), 0);
  assert_int_equal(vr_mds_smacof(&d, NULL, &par, 7, &(vr_pool){4}, &z, NULL, &other), 0);
  assert_memory_equal(y.a, z.a, 3 * N * sizeof(double));
  for (int k = 0; k < 4; k++) assert_true(stress[k] >= info.stress);
  assert_true(stress[info.start] == info.stress);
  // principal axes
  double cross = 0, one = 0, two = 0;
  for (size_t i = 0; i < N; i++) {
    cross += vr_row(&y, i)[0] * vr_row(&y, i)[1];
    one += vr_row(&y, i)[0] * vr_row(&y, i)[0];
    two += vr_row(&y, i)[1] * vr_row(&y, i)[1];
  }
  assert_true(fabs(cross) < 1e-9 * one && one > two);
  vr_mat_free(&x);
  vr_mat_free(&d);
  vr_mat_free(&y);
  vr_mat_free(&z);
  vr_mat_free(&start);
}

/* tests/ref/mds.py: sklearn.manifold.smacof from the same points, 25 steps */
static void as_sklearn(void **state)
{
  (void)state;
  enum { N = 12 };
  vr_mat d = {0}, start = {0}, y = {0};
  vr_mds_par par = {.dims = 2, .iterations = 25};
  vr_mds_info info;
  assert_int_equal(vr_mat_resize(&d, N, N), 0);
  assert_int_equal(vr_mat_resize(&start, N, 2), 0);
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < N; j++)
      vr_row(&d, i)[j] = i == j ? 0
                                : 1 + sin((double)(i * j)) * sin((double)(i * j)) +
                                    0.1 * fabs((double)i - (double)j);
    vr_row(&start, i)[0] = cos((double)i);
    vr_row(&start, i)[1] = sin((double)(i * i));
  }
  assert_int_equal(vr_mds_smacof(&d, &start, &par, 1, NULL, &y, NULL, &info), 0);
  assert_int_equal(info.iterations, 25);
  static const double known[] = {31.971357244742741, 1.4353148846944193};
  double far = hypot(vr_row(&y, 0)[0] - vr_row(&y, 7)[0], vr_row(&y, 0)[1] - vr_row(&y, 7)[1]);
  assert_true(fabs(info.stress / known[0] - 1) < 1e-11);
  assert_true(fabs(far / known[1] - 1) < 1e-10);
  vr_mat_free(&d);
  vr_mat_free(&start);
  vr_mat_free(&y);
}

/* Whatever the unit of length, the steps are the same; points that start at one place add their
 * stress, and pull neither each other nor the others out of the numbers. */
static void any_unit(void **state)
{
  (void)state;
  enum { N = 21 };
  static const double units[] = {1, 0x1p-460, 0x1p460};
  vr_mat x = {0}, d = {0}, start = {0}, y = {0}, first = {0};
  vr_mds_par par = {.dims = 2, .iterations = 7};
  vr_mds_info info;
  fill(&x, N, 5, 9);
  assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
  assert_int_equal(vr_mat_resize(&start, N, 2), 0);
  for (size_t u = 0; u < VR_LEN(units); u++) {
    vr_mat e = {0};
    assert_int_equal(vr_mat_copy(&e, &d), 0);
    for (size_t i = 0; i < N * N; i++) e.a[i] *= units[u];
    // each point stands where another one does
    for (size_t i = 0; i < N; i++)
      for (size_t k = 0; k < 2; k++) vr_row(&start, i)[k] = vr_row(&e, i / 2)[k];
    assert_int_equal(vr_mds_smacof(&e, &start, &par, 1, NULL, &y, NULL, &info), 0);
    for (size_t i = 0; i < N; i++)
      for (size_t k = 0; k < 2; k++) vr_row(&y, i)[k] /= units[u];
    if (!u) assert_int_equal(vr_mat_copy(&first, &y), 0);
    assert_true(most_apart(&y, &first) < 1e-12);
    vr_mat_free(&e);
  }
  vr_mat_free(&x);
  vr_mat_free(&d);
  vr_mat_free(&start);
  vr_mat_free(&y);
  vr_mat_free(&first);
}

static void refused(void **state)
{
  (void)state;
  double a[] = {0, 1, 2, 0}, b[] = {0, -1, -1, 0}, c[] = {1, 2, 2, 1};
  vr_mat d = {.rows = 2, .cols = 2, .a = a}, x = {0}, y = {0};
  vr_mds_par par = VR_MDS_DEFAULTS;
  vr_mds_info info;
  assert_int_equal(vr_mds_check(&d), VR_EDATA);
  d.a = b;
  assert_int_equal(vr_mds_check(&d), VR_EDATA);
  d.a = c;
  assert_int_equal(vr_mds_check(&d), VR_EDATA);
  assert_int_equal(vr_mds_from_similarity(&d, &y), VR_EDATA);
  d.rows = 1;
  assert_int_equal(vr_mds_check(&d), VR_EDATA);
  d = (vr_mat){0};
  fill(&x, 9, 3, 1);
  assert_int_equal(vr_mds_distances(&x, NULL, &d), 0);
  assert_int_equal(vr_mds_smacof(&d, &x, &par, 1, NULL, &y, NULL, &info), VR_EARG);
  par.dims = VR_MDS_DIMS + 1;
  assert_int_equal(vr_mds_smacof(&d, NULL, &par, 1, NULL, &y, NULL, &info), VR_EARG);
  par = (vr_mds_par)VR_MDS_DEFAULTS;
  int code;
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_mds_smacof(&d, NULL, &par, 1, NULL, &y, NULL, &info), vr_mat_free(&y));
  vr_mat_free(&d);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(plane),
    cmocka_unit_test(is_pca_and_turns),
    cmocka_unit_test(not_euclidean),
    cmocka_unit_test(falls),
    cmocka_unit_test(as_sklearn),
    cmocka_unit_test(any_unit),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
