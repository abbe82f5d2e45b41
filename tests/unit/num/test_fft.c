#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include "base/pool.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TAU 6.283185307179586476925

static double wave(size_t i)
{
  return sin(0.3 * (double)i) + 0.2 * cos(1.7 * (double)i + 0.4);
}

/* forward of n points against the sum of the definition */
static void forward_is_the_sum(void **state)
{
  (void)state;
  static const size_t length[] = {1, 2, 5, 12, 31, 60};
  for (size_t l = 0; l < VR_LEN(length); l++) {
    size_t n = length[l];
    double *in, *out;
    const vr_fft *p;
    assert_int_equal(vr_alloc(&in, n, 2 * sizeof *in), 0);
    assert_int_equal(vr_alloc(&out, n, 2 * sizeof *out), 0);
    for (size_t i = 0; i < n; i++) {
      in[2 * i] = wave(i);
      in[2 * i + 1] = wave(2 * i + 9);
    }
    assert_int_equal(vr_fft_plan(VR_FFT_FORWARD, 0, n, &p), 0);
    vr_fft_run(p, in, out);
    for (size_t k = 0; k < n; k++) {
      double re = 0, im = 0;
      for (size_t i = 0; i < n; i++) {
        double a = -TAU * (double)(i * k % n) / (double)n;
        re += in[2 * i] * cos(a) - in[2 * i + 1] * sin(a);
        im += in[2 * i] * sin(a) + in[2 * i + 1] * cos(a);
      }
      assert_true(fabs(re - out[2 * k]) < 1e-12 && fabs(im - out[2 * k + 1]) < 1e-12);
    }
    vr_release(in);
    vr_release(out);
  }
}

/* back and forth gives n times the input, complex and real, both precisions */
static void there_and_back(void **state)
{
  (void)state;
  enum { N = 210 };
  double *a, *b, *c;
  float *f, *g, *h;
  const vr_fft *there, *back;
  assert_int_equal(vr_alloc(&a, 3 * (N + 2), 2 * sizeof *a), 0);
  assert_int_equal(vr_alloc(&f, 3 * (N + 8), 2 * sizeof *f), 0);
  b = a + 2 * (N + 2), c = b + 2 * (N + 2);
  f[0] = 0, g = f + 2 * (N + 6), h = g + 2 * (N + 6);
  for (size_t i = 0; i < 2 * N; i++) f[i] = (float)(a[i] = wave(i));
  assert_int_equal(vr_fft_plan(VR_FFT_FORWARD, 0, N, &there), 0);
  assert_int_equal(vr_fft_plan(VR_FFT_BACKWARD, 0, N, &back), 0);
  vr_fft_run(there, a, b);
  vr_fft_run(back, b, c);
  for (size_t i = 0; i < 2 * N; i++) assert_true(fabs(c[i] / N - a[i]) < 1e-14);
  assert_int_equal(vr_fft_plan(VR_FFT_R2C, 1, N, &there), 0);
  assert_int_equal(vr_fft_plan(VR_FFT_C2R, 1, N, &back), 0);
  vr_fft_run(there, f, g);
  vr_fft_run(back, g, h);
  for (size_t i = 0; i < N; i++) assert_true(fabsf(h[i] / N - f[i]) < 1e-6f);
  vr_release(a);
  vr_release(f);
}

static void cosine_transform_is_the_sum(void **state)
{
  (void)state;
  enum { N = 37 };
  double *a, *b;
  const vr_fft *p;
  assert_int_equal(vr_alloc(&a, N, sizeof *a), 0);
  assert_int_equal(vr_alloc(&b, N, sizeof *b), 0);
  for (size_t i = 0; i < N; i++) a[i] = wave(i);
  assert_int_equal(vr_fft_plan(VR_FFT_DCT2, 0, N, &p), 0);
  vr_fft_run(p, a, b);
  for (size_t k = 0; k < N; k++) {
    double sum = 0;
    for (size_t i = 0; i < N; i++)
      sum += 2 * a[i] * cos(TAU / 2 * (double)k * ((double)i + .5) / N);
    assert_true(fabs(sum - b[k]) < 1e-12);
  }
  vr_release(a);
  vr_release(b);
}

static int ask(void *ctx, size_t chunk, int thread)
{
  const vr_fft **p = ctx;
  (void)thread;
  return vr_fft_plan(VR_FFT_R2C, 1, 100 + chunk % 7, &p[chunk]);
}

static void one_plan_for_all_threads(void **state)
{
  (void)state;
  const vr_fft *p[64];
  vr_pool pool = {.threads = 4};
  assert_int_equal(vr_pool_run(&pool, 64, ask, p), 0);
  for (size_t i = 7; i < 64; i++) assert_ptr_equal(p[i], p[i - 7]);
  vr_fft_forget();
}

/* Interleaved series are transformed as each alone. */
static void many_at_once(void **state)
{
  (void)state;
  enum { N = 60, MANY = 5 };
  double *a, *b, *x, *y;
  const vr_fft *many, *one, *back;
  assert_int_equal(vr_alloc(&a, N * MANY, sizeof *a), 0);
  assert_int_equal(vr_alloc(&b, (N + 2) * MANY, sizeof *b), 0);
  assert_int_equal(vr_alloc(&x, N, sizeof *x), 0);
  assert_int_equal(vr_alloc(&y, N + 2, sizeof *y), 0);
  assert_int_equal(vr_fft_plan_many(VR_FFT_R2C, 0, N, MANY, &many), 0);
  assert_int_equal(vr_fft_plan_many(VR_FFT_C2R, 0, N, MANY, &back), 0);
  assert_int_equal(vr_fft_plan(VR_FFT_R2C, 0, N, &one), 0);
  for (size_t i = 0; i < N * MANY; i++) a[i] = sin((double)(i * i % 97));
  vr_fft_run(many, a, b);
  for (size_t j = 0; j < MANY; j++) {
    for (size_t i = 0; i < N; i++) x[i] = sin((double)((i * MANY + j) * (i * MANY + j) % 97));
    vr_fft_run(one, x, y);
    for (size_t k = 0; k <= N / 2; k++)
      for (size_t c = 0; c < 2; c++)
        assert_true(fabs(b[2 * (k * MANY + j) + c] - y[2 * k + c]) < 1e-13);
  }
  vr_fft_run(back, b, a);
  for (size_t i = 0; i < N * MANY; i++)
    assert_true(fabs(a[i] / N - sin((double)(i * i % 97))) < 1e-14);
  assert_int_equal(vr_fft_plan_many(VR_FFT_R2C, 0, N, 0, &many), VR_EARG);
  assert_int_equal(vr_fft_plan_many(VR_FFT_R2C, 0, 1 << 20, 1 << 20, &many), VR_EARG);
  vr_release(a);
  vr_release(b);
  vr_release(x);
  vr_release(y);
  vr_fft_forget();
}

static void bad_lengths_and_no_memory(void **state)
{
  (void)state;
  const vr_fft *p;
  assert_int_equal(vr_fft_plan(VR_FFT_R2C, 0, 0, &p), VR_EARG);
  assert_int_equal(vr_fft_plan(VR_FFT_R2C, 0, SIZE_MAX, &p), VR_EARG);
  for (long fail = 1; fail <= 3; fail++) {
    vr_alloc_fail_at(fail);
    assert_int_equal(vr_fft_plan(VR_FFT_R2C, 0, 999, &p), VR_EMEM);
    assert_null(p);
  }
  vr_alloc_fail_at(0);
  assert_int_equal(vr_fft_plan(VR_FFT_R2C, 0, 999, &p), 0);
  vr_fft_forget();
}

static void good_lengths(void **state)
{
  (void)state;
  assert_int_equal(vr_fft_good(0), 1);
  assert_int_equal(vr_fft_good(11), 12);
  assert_int_equal(vr_fft_good(1000), 1000);
  assert_int_equal(vr_fft_good(8191), 8192);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(forward_is_the_sum),
    cmocka_unit_test(there_and_back),
    cmocka_unit_test(cosine_transform_is_the_sum),
    cmocka_unit_test(one_plan_for_all_threads),
    cmocka_unit_test(many_at_once),
    cmocka_unit_test(bad_lengths_and_no_memory),
    cmocka_unit_test(good_lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
