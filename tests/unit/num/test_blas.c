/* test_blas.c -- the kernels of BLAS fit the processor, and products are right from many threads. */
#include "num/blas.h"
#include <cblas.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 96 };

static void fill(float *a, int modulus)
{
  for (int i = 0; i < N * N; i++) a[i] = (float)(i % modulus);
}

static void product(const float *a, const float *b, float *c)
{
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, N, N, N, 1, a, N, b, N, 0, c, N);
}

// Small integers: every kernel must give the exact product.
static void is_exact(void **state)
{
  (void)state;
  static float a[N * N], b[N * N], c[N * N];
  fill(a, 7);
  fill(b, 11);
  product(a, b, c);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      float want = 0;
      for (int k = 0; k < N; k++) want += a[i * N + k] * b[j * N + k];
      assert_true(c[i * N + j] == want);
    }
}

// A library that is not safe to call from several threads fails here within some hundred calls.
static void is_the_same_from_many_threads(void **state)
{
  (void)state;
  static float a[N * N], b[N * N], want[N * N];
  int bad = 0;
  fill(a, 7);
  fill(b, 11);
  product(a, b, want);
#pragma omp parallel num_threads(4) reduction(+ : bad)
  {
    float *c = malloc(sizeof want);
    for (int k = 0; c && k < 2000; k++) {
      product(a, b, c);
      bad += memcmp(c, want, sizeof want) != 0;
    }
    free(c);
  }
  assert_int_equal(bad, 0);
}

static void kernels_fit_the_processor(void **state)
{
  (void)state;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    assert_null(strstr(vr_blas_name(), "Prescott"));
#endif
  assert_null(getenv("OPENBLAS_CORETYPE"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(is_exact),
    cmocka_unit_test(is_the_same_from_many_threads),
    cmocka_unit_test(kernels_fit_the_processor),
  };
  unsetenv("OPENBLAS_CORETYPE");
  vr_blas_begin();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
