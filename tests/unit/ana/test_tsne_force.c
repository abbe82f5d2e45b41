#include "ana/tsne_in.h"
#include "base/err.h"
#include "base/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void cloud(vr_mat *m, size_t n, size_t d, double size, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 0, 0);
  assert_int_equal(vr_mat_resize(m, n, d), 0);
  for (size_t k = 0; k < n * d; k++) m->a[k] = size * vr_rng_normal(&r);
}

static void push(vr_tsne_mode mode, double theta, const vr_mat *y, vr_mat *f, double *z)
{
  vr_push *p;
  assert_int_equal(vr_mat_resize(f, y->rows, 2), 0);
  assert_int_equal(vr_push_new(mode, y->rows, theta, NULL, &p), 0);
  assert_int_equal(vr_push_run(p, y->a, f->a, z), 0);
  vr_push_free(p);
}

/* rms and mean of the relative error of forces */
static void compare(const vr_mat *f, const vr_mat *want, double *rms, double *mean)
{
  double error = 0, size = 0;
  *mean = 0;
  for (size_t i = 0; i < f->rows; i++) {
    const double *a = vr_row(f, i), *b = vr_row(want, i);
    double e = hypot(a[0] - b[0], a[1] - b[1]), s = hypot(b[0], b[1]);
    error += e * e;
    size += s * s;
    *mean += e / s / (double)f->rows;
  }
  *rms = sqrt(error / size);
}

static void gradient_is_that_of_kl(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH};
  vr_mat x = {0}, y = {0}, g = {0};
  vr_affinity p = {0};
  cloud(&x, 150, 7, 1, 1);
  assert_int_equal(vr_tsne_joint(&x, 20, 0, NULL, &p), 0);
  cloud(&y, 150, 2, 3, 2);
  for (size_t k = 0; k < 2; k++) {
    assert_int_equal(vr_tsne_gradient(&p, &y, mode[k], 0, NULL, &g), 0);
    double most = 0;
    for (size_t c = 0; c < 300; c++) most = fmax(most, fabs(g.a[c]));
    for (size_t c = 0; c < 300; c += 17) {
      double h = 1e-4, up, down, at = y.a[c];
      y.a[c] = at + h;
      assert_int_equal(vr_tsne_kl(&p, &y, NULL, &up), 0);
      y.a[c] = at - h;
      assert_int_equal(vr_tsne_kl(&p, &y, NULL, &down), 0);
      y.a[c] = at;
      // the single precision p sum to 1 to 1e-7, which KL takes to be 1
      assert_true(fabs((up - down) / (2 * h) - g.a[c]) < 1e-6 * most);
    }
  }
  vr_affinity_free(&p);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&g);
}

static void two_points(void **state)
{
  (void)state;
  static const vr_tsne_mode mode[] = {VR_TSNE_EXACT, VR_TSNE_BH, VR_TSNE_FFT};
  static const double tolerance[] = {1e-15, 1e-15, 1e-3};
  double at[4] = {1, 2, 1.5, 0.75}, z;
  vr_mat y = {2, 2, at, 0}, f = {0};
  double w = 1 / (1 + 0.25 + 1.5625);
  for (size_t k = 0; k < 3; k++) {
    push(mode[k], 0.5, &y, &f, &z);
    assert_true(fabs(z - 2 * w) < tolerance[k]);
    for (int a = 0; a < 2; a++) {
      double want = w * w * (at[a] - at[2 + a]);
      assert_true(fabs(f.a[a] - want) < tolerance[k]);
      assert_true(fabs(f.a[2 + a] + want) < tolerance[k]);
    }
  }
  vr_mat_free(&f);
}

static void tree_without_angle_is_exact(void **state)
{
  (void)state;
  static const double size[] = {1e-4, 1, 30};
  vr_mat y = {0}, f = {0}, want = {0};
  double z, all, rms, mean;
  for (size_t s = 0; s < 3; s++) {
    cloud(&y, 1003, 2, size[s], 3);
    for (size_t i = 0; i < 100; i++) memcpy(vr_row(&y, i), vr_row(&y, 200), 2 * sizeof *y.a);
    push(VR_TSNE_EXACT, 0, &y, &want, &all);
    push(VR_TSNE_BH, 0, &y, &f, &z);
    compare(&f, &want, &rms, &mean);
    assert_true(fabs(z / all - 1) < 1e-12);
    assert_true(rms < 1e-12);
  }
  vr_mat_free(&y);
  vr_mat_free(&f);
  vr_mat_free(&want);
}

/* on a map as it comes out: clouds of unit density */
static void approximations_are_close(void **state)
{
  (void)state;
  vr_mat y = {0}, f = {0}, want = {0};
  double z, all, rms, mean;
  cloud(&y, 4000, 2, 25, 4);
  for (size_t i = 0; i < 4000; i++) vr_row(&y, i)[0] += (double)(i % 5) * 30;
  push(VR_TSNE_EXACT, 0, &y, &want, &all);
  push(VR_TSNE_BH, 0.5, &y, &f, &z);
  compare(&f, &want, &rms, &mean);
  assert_true(mean < 0.02 && fabs(z / all - 1) < 0.01);
  push(VR_TSNE_FFT, 0, &y, &f, &z);
  compare(&f, &want, &rms, &mean);
  assert_true(rms < 0.015 && fabs(z / all - 1) < 1e-3);
  // small maps, as at the start
  for (double size = 1e-5; size < 20; size *= 10) {
    cloud(&y, 4000, 2, size, 5);
    push(VR_TSNE_EXACT, 0, &y, &want, &all);
    push(VR_TSNE_FFT, 0, &y, &f, &z);
    compare(&f, &want, &rms, &mean);
    assert_true(rms < 0.015 && fabs(z / all - 1) < 1e-3);
  }
  vr_mat_free(&y);
  vr_mat_free(&f);
  vr_mat_free(&want);
}

static void field_anywhere(void **state)
{
  (void)state;
  vr_mat y = {0};
  vr_field *field;
  cloud(&y, 1000, 2, 20, 6);
  assert_int_equal(vr_field_new(1000, NULL, &field), 0);
  assert_int_equal(vr_field_fix(field, y.a, 10), 0);
  for (int k = 0; k < 50; k++) {
    double at[2] = {20 * sin(k), 20 * cos(3 * k)}, w, f[2], sum = 0, want[2] = {0, 0}, size = 0;
    vr_field_at(field, at, &w, f);
    for (size_t i = 0; i < 1000; i++) {
      double dx = at[0] - vr_row(&y, i)[0], dy = at[1] - vr_row(&y, i)[1];
      double q = 1 / (1 + dx * dx + dy * dy);
      sum += q;
      want[0] += q * q * dx;
      want[1] += q * q * dy;
      size += q * q * hypot(dx, dy);
    }
    assert_true(fabs(w / sum - 1) < 0.01);
    assert_true(hypot(f[0] - want[0], f[1] - want[1]) < 0.02 * size);
  }
  vr_field_free(field);
  vr_mat_free(&y);
}

/* frames of the map land on themselves, frames close to one land close to it, for any threads */
static void places_new_rows(void **state)
{
  (void)state;
  enum { N = 600, M = 200 };
  vr_mat x = {0}, q = {0}, one = {0}, four = {0};
  vr_tsne_map map = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  vr_pool pool = {4};
  cloud(&x, N, 6, 1, 7);
  for (size_t i = 0; i < N; i++) vr_row(&x, i)[i % 3] += 12;
  memcpy(vr_row(&x, 10), vr_row(&x, 13), 6 * sizeof *x.a);
  assert_int_equal(vr_tsne(&x, &par, 1, NULL, NULL, NULL, &map), 0);
  assert_int_equal(vr_tsne_place(&x, &map.y, &x, 5, NULL, NULL, NULL, &one), 0);
  for (size_t i = 0; i < N; i++)
    for (size_t a = 0; a < 2; a++)
      assert_true(vr_row(&one, i)[a] == vr_row(&map.y, i == 13 ? 10 : i)[a]);
  cloud(&q, M, 6, 1, 8);
  for (size_t i = 0; i < M; i++) vr_row(&q, i)[i % 3] += 12;
  assert_int_equal(vr_tsne_place(&x, &map.y, &q, 5, NULL, NULL, NULL, &one), 0);
  assert_int_equal(vr_tsne_place(&x, &map.y, &q, 5, &pool, NULL, NULL, &four), 0);
  assert_memory_equal(one.a, four.a, 2 * M * sizeof *one.a);
  // each new row is nearest to the middle of its own group
  double middle[3][2] = {{0}};
  for (size_t i = 0; i < N; i++)
    for (size_t a = 0; a < 2; a++) middle[i % 3][a] += vr_row(&map.y, i)[a] / (N / 3);
  for (size_t i = 0; i < M; i++) {
    size_t best = 0;
    for (size_t g = 1; g < 3; g++)
      if (hypot(one.a[2 * i] - middle[g][0], one.a[2 * i + 1] - middle[g][1]) <
          hypot(one.a[2 * i] - middle[best][0], one.a[2 * i + 1] - middle[best][1]))
        best = g;
    assert_int_equal(best, i % 3);
  }
  assert_int_equal(vr_tsne_place(&x, &q, &q, 5, NULL, NULL, NULL, &one), VR_EARG);
  vr_tsne_free(&map);
  vr_mat_free(&x);
  vr_mat_free(&q);
  vr_mat_free(&one);
  vr_mat_free(&four);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(gradient_is_that_of_kl),
    cmocka_unit_test(two_points),
    cmocka_unit_test(tree_without_angle_is_exact),
    cmocka_unit_test(approximations_are_close),
    cmocka_unit_test(field_anywhere),
    cmocka_unit_test(places_new_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
