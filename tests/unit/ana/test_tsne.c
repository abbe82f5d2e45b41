#include "ana/tsne.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* the input of tests/ref/tsne.py */
static void reference(vr_mat *x)
{
  assert_int_equal(vr_mat_resize(x, 200, 60), 0);
  for (size_t r = 0; r < 200; r++)
    for (size_t c = 0; c < 60; c++) {
      double i = (double)r, j = (double)c;
      vr_row(x, r)[c] = sin(0.7 * i + 1.3 * j) + 0.1 * (double)(c % 5 + 1) * cos(2.1 * i * j) +
                        0.3 * (double)(r % 4) * cos(j);
    }
}

/* `groups` places, a cloud of normal points around each */
static void clouds(vr_mat *x, size_t n, size_t d, size_t groups)
{
  vr_rng r = vr_rng_new(3, 0, 0);
  assert_int_equal(vr_mat_resize(x, n, d), 0);
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < d; c++) vr_row(x, i)[c] = vr_rng_normal(&r) + (c == i % groups ? 8 : 0);
}

static double p_at(const vr_affinity *p, size_t i, int32_t j)
{
  for (size_t e = p->start[i]; e < p->start[i + 1]; e++)
    if (p->index[e] == j) return p->value[e];
  return 0;
}

static void rows_have_the_perplexity(void **state)
{
  (void)state;
  vr_rng r = vr_rng_new(1, 0, 0);
  float d[90];
  double p[90];
  for (int k = 0; k < 50; k++) {
    double size = pow(10, k % 12 - 6), entropy = 0, sum = 0;
    for (int j = 0; j < 90; j++)
      d[j] = (float)(size * (j + vr_rng_uniform(&r)) * (k % 3 ? 1 : j)); // the first may be 0
    vr_tsne_row(d, 90, 30, p);
    for (int j = 0; j < 90; j++) {
      sum += p[j];
      entropy -= p[j] > 0 ? p[j] * log(p[j]) : 0;
    }
    assert_true(fabs(sum - 1) < 1e-13);
    assert_true(fabs(entropy - log(30)) < 1e-10);
  }
  // more equal ones than the perplexity: they share all
  for (int j = 0; j < 90; j++) d[j] = j < 40 ? 0.5f : 2;
  vr_tsne_row(d, 90, 30, p);
  assert_true(p[0] == 1 / 40.0 && p[39] == p[0] && p[40] == 0);
  for (int j = 0; j < 90; j++) d[j] = 0;
  vr_tsne_row(d, 90, 30, p);
  assert_true(p[0] == 1 / 90.0 && p[89] == p[0]);
}

static void affinities_are_those_of_scikit_learn(void **state)
{
  (void)state;
  static const struct {
    size_t i;
    int32_t j;
    double p;
  } want[] = {{0, 13, 7.34548919e-12}, {20, 153, 5.10478612e-07}, {40, 93, 4.28939941e-05},
    {60, 33, 0.000311014229}, {80, 173, 1.64399866e-10}, {100, 113, 1.19177351e-12},
    {120, 53, 5.64643596e-12}, {140, 193, 0.00023068537}, {160, 133, 0.000265544849},
    {180, 73, 0.000120137008}};
  vr_mat x = {0};
  vr_affinity p = {0};
  double sum = 0, squares = 0, most = 0;
  reference(&x);
  assert_int_equal(vr_tsne_joint(&x, 30, 199, NULL, &p), 0);
  for (size_t e = 0; e < p.start[200]; e++) {
    sum += p.value[e];
    squares += (double)p.value[e] * p.value[e];
    most = fmax(most, p.value[e]);
  }
  assert_true(fabs(sum - 1) < 1e-6);
  assert_true(fabs(squares / 0.000221245147 - 1) < 1e-5);
  assert_true(fabs(most / 0.000642840231 - 1) < 1e-5);
  for (size_t k = 0; k < VR_LEN(want); k++)
    assert_true(fabs(p_at(&p, want[k].i, want[k].j) - want[k].p) < 1e-5 * most);
  vr_affinity_free(&p);
  vr_mat_free(&x);
}

static void affinities_are_symmetric(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_affinity p = {0};
  double sum = 0;
  clouds(&x, 700, 5, 4);
  assert_int_equal(vr_tsne_joint(&x, 20, 0, NULL, &p), 0);
  for (size_t i = 0; i < 700; i++)
    for (size_t e = p.start[i]; e < p.start[i + 1]; e++) {
      sum += p.value[e];
      assert_true(p_at(&p, (size_t)p.index[e], (int32_t)i) == (double)p.value[e]);
    }
  assert_true(fabs(sum - 1) < 1e-5);
  vr_affinity_free(&p);
  vr_mat_free(&x);
}

static void five_iterations_of_numpy(void **state)
{
  (void)state;
  static const struct {
    size_t i;
    double y[2];
  } want[] = {{0, {2.7190416138e-05, -1.8916731196e-05}},
    {40, {7.34012866452e-05, 4.09582747885e-05}}, {80, {5.73961420404e-05, 7.73367954894e-05}},
    {120, {3.06689722426e-05, 2.60081609143e-05}}, {160, {-2.13644775088e-05, -4.65701166053e-05}}};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  vr_tsne_map map = {0};
  vr_mat x = {0}, y = {0};
  reference(&x);
  assert_int_equal(vr_mat_resize(&y, 200, 2), 0);
  for (size_t i = 0; i < 200; i++) {
    y.a[2 * i] = 1e-4 * sin(1 + 3 * (double)i);
    y.a[2 * i + 1] = 1e-4 * cos(2 + 5 * (double)i);
  }
  par.mode = VR_TSNE_EXACT;
  par.early = 5;
  par.iterations = 0;
  par.from = &y;
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), 0);
  for (size_t k = 0; k < VR_LEN(want); k++)
    for (size_t a = 0; a < 2; a++)
      assert_true(fabs(vr_row(&map.y, want[k].i)[a] - want[k].y[a]) < 1e-11);
  vr_tsne_free(&map);
  vr_mat_free(&x);
  vr_mat_free(&y);
}

/* silhouette-like: the share of points whose nearest point in the map is of their group */
static double purity(const vr_mat *y, size_t groups)
{
  size_t good = 0;
  for (size_t i = 0; i < y->rows; i++) {
    double best = INFINITY;
    size_t at = 0;
    for (size_t j = 0; j < y->rows; j++) {
      double d = hypot(vr_row(y, i)[0] - vr_row(y, j)[0], vr_row(y, i)[1] - vr_row(y, j)[1]);
      if (j != i && d < best) {
        best = d;
        at = j;
      }
    }
    good += at % groups == i % groups;
  }
  return (double)good / (double)y->rows;
}

static void all_modes_part_the_groups(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH, VR_TSNE_FFT};
  static const vr_tsne_par preset[] = {VR_TSNE_DEFAULTS, VR_TSNE_MATLAB, VR_TSNE_BHTSNE};
  vr_mat x = {0};
  vr_tsne_map map = {0};
  vr_affinity p = {0};
  vr_pool pool = {4};
  double kl[3];
  clouds(&x, 600, 8, 5);
  assert_int_equal(vr_tsne_joint(&x, 30, 0, NULL, &p), 0);
  for (size_t k = 0; k < 3; k++) {
    vr_tsne_par par = VR_TSNE_DEFAULTS;
    par.mode = mode[k];
    assert_int_equal(vr_tsne(&x, &par, 1, &pool, NULL, NULL, &map), 0);
    assert_true(purity(&map.y, 5) > 0.99);
    assert_int_equal(vr_tsne_kl(&p, &map.y, NULL, &kl[k]), 0);
    assert_int_equal(map.history.rows, 15);
    assert_true(map.history.a[28] == 750);
    if (k) assert_true(fabs(map.history.a[29] - kl[k]) < 0.02 * kl[k]);
    assert_int_equal(vr_tsne(&x, &preset[k], 2, NULL, NULL, NULL, &map), 0);
    assert_true(purity(&map.y, 5) > 0.99);
  }
  assert_true(kl[1] < 1.03 * kl[0] && kl[2] < 1.03 * kl[0]);
  vr_affinity_free(&p);
  vr_tsne_free(&map);
  vr_mat_free(&x);
}

static void same_for_any_threads(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH, VR_TSNE_FFT};
  vr_mat x = {0};
  vr_tsne_map one = {0}, four = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  vr_pool pool = {4};
  par.early = par.iterations = 30;
  for (size_t k = 0; k < 3; k++) {
    clouds(&x, k == 2 ? 9000 : 1300, 8, 5); // charges in two parts
    par.mode = mode[k];
    if (k == 2) par.early = par.iterations = 10;
    assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &one), 0);
    assert_int_equal(vr_tsne(&x, &par, 1, &pool, NULL, NULL, &four), 0);
    assert_memory_equal(one.y.a, four.y.a, 2 * one.y.rows * sizeof *one.y.a);
    assert_memory_equal(one.history.a, four.history.a, 2 * one.history.rows * sizeof *one.y.a);
  }
  vr_tsne_free(&one);
  vr_tsne_free(&four);
  vr_mat_free(&x);
}

/* half of the rows equal, all equal, one column, the fewest rows */
static void odd_inputs(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH, VR_TSNE_FFT};
  vr_tsne_map map = {0};
  vr_mat x = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  for (size_t k = 0; k < 3; k++)
    for (int kind = 0; kind < 4; kind++) {
      size_t n = kind == 3 ? 10 : 400;
      par.mode = mode[k];
      par.perplexity = kind == 3 ? 3 : 30;
      clouds(&x, n, kind == 2 ? 1 : 6, 3);
      for (size_t i = 0; i < n && kind < 2; i++) // half of the rows, or all
        if (kind || i % 2) memcpy(vr_row(&x, i), vr_row(&x, 0), 6 * sizeof *x.a);
      assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), 0);
      assert_int_equal(vr_find_bad(map.y.a, 2 * n), 2 * n);
      assert_int_equal(vr_find_bad(map.history.a, 2 * map.history.rows), 2 * map.history.rows);
      double most = 0;
      for (size_t c = 0; c < 2 * n; c++) most = fmax(most, fabs(map.y.a[c]));
      // all pairs alike: one place for all is then the optimum
      assert_true((most > 0.5 || (k == 0 && kind == 1)) && most < 1e4);
    }
  vr_tsne_free(&map);
  vr_mat_free(&x);
}

static void refuses(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_tsne_map map = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  clouds(&x, 90, 4, 2);
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "needs 91 frames and there are 90"));
  par.perplexity = 0.5;
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), VR_EARG);
  par.perplexity = 20;
  x.a[123] = NAN;
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "row 30, column 3"));
  x.a[123] = 1e200;
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), VR_EDATA);
  x.a[123] = 0;
  par.rate = 1e300;
  par.step = 0;
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), VR_ENUM);
  vr_mat_free(&x);
}

static void fails_without_memory(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH, VR_TSNE_FFT};
  vr_mat x = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  par.early = par.iterations = 2;
  clouds(&x, 100, 4, 2);
  for (size_t k = 0; k < 3; k++) {
    int code = VR_EMEM, tries = 0;
    par.mode = mode[k];
    while (code == VR_EMEM) {
      vr_tsne_map map = {0};
      vr_alloc_fail_at(++tries);
      code = vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map);
      vr_alloc_fail_at(0);
      vr_tsne_free(&map);
    }
    assert_int_equal(code, 0);
    assert_true(tries > 30);
  }
  vr_mat_free(&x);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_have_the_perplexity),
    cmocka_unit_test(affinities_are_those_of_scikit_learn),
    cmocka_unit_test(affinities_are_symmetric),
    cmocka_unit_test(five_iterations_of_numpy),
    cmocka_unit_test(all_modes_part_the_groups),
    cmocka_unit_test(same_for_any_threads),
    cmocka_unit_test(odd_inputs),
    cmocka_unit_test(refuses),
    cmocka_unit_test(fails_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
