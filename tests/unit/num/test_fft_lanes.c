#include "../test.h"
#include "num/fft.h"
#include "num/fft_lanes.h"
#include <math.h>

/* Every lane is FFTW's transform of its series, for lengths of all radices. */
static void as_fftw(void **state)
{
  (void)state;
  static const size_t lengths[] = {1, 2, 3, 4, 5, 6, 8, 9, 12, 15, 16, 25, 30, 60, 64, 100, 125,
    243, 500, 512, 600, 1000, 1024, 1200, 4096};
  for (size_t k = 0; k < VR_LEN(lengths); k++) {
    size_t n = lengths[k];
    double *x, *room, *a, *b, size = 0, worst = 0;
    vr_lanes *p;
    const vr_fft *plan;
    assert_int_equal(vr_alloc(&x, 16 * n, sizeof *x), 0);
    assert_int_equal(vr_alloc(&room, 16 * n, sizeof *room), 0);
    assert_int_equal(vr_alloc(&a, 2 * n, sizeof *a), 0);
    assert_int_equal(vr_alloc(&b, 2 * n, sizeof *b), 0);
    assert_int_equal(vr_lanes_new(n, &p), 0);
    assert_int_equal(vr_fft_plan(VR_FFT_FORWARD, 0, n, &plan), 0);
    for (size_t i = 0; i < 16 * n; i++) x[i] = sin((double)(i * i % 1009));
    double *z = vr_lanes_run(p, x, room);
    assert_true(z == x || z == room);
    for (size_t j = 0; j < 8; j++) {
      for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 2; c++) {
          size_t at = 16 * i + 8 * c + j;
          a[2 * i + c] = sin((double)(at * at % 1009));
        }
      vr_fft_run(plan, a, b);
      for (size_t i = 0; i < 2 * n; i++) {
        size = fmax(size, fabs(b[i]));
        worst = fmax(worst, fabs(z[16 * (i / 2) + 8 * (i % 2) + j] - b[i]));
      }
    }
    assert_true(worst < 2e-15 * size * log2((double)n + 1));
    vr_lanes_free(p);
    vr_release(x);
    vr_release(room);
    vr_release(a);
    vr_release(b);
  }
  vr_fft_forget();
}

static void refused(void **state)
{
  (void)state;
  vr_lanes *p;
  int code;
  assert_true(vr_lanes_fit(1) && vr_lanes_fit(480) && !vr_lanes_fit(0) && !vr_lanes_fit(14));
  assert_int_equal(vr_lanes_new(0, &p), VR_EARG);
  assert_int_equal(vr_lanes_new(77, &p), VR_EARG);
  VR_FAIL_EACH_ALLOCATION(code, code = vr_lanes_new(360, &p), vr_lanes_free(p));
  vr_lanes_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(as_fftw),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
