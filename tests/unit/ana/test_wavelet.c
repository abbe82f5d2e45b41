#include "ana/wavelet.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define RATE 50.0

/* tests/ref/wavelet.py */
static const struct {
  size_t n;
  int pad;
  size_t row;
  double amp[4];
} reference[] = {
  {60, VR_PAD_SYMMETRIC, 0,
    {0.017706431582073443, 0.07227688628369458, 0.10627990502783063, 0.011361075730132791}},
  {60, VR_PAD_SYMMETRIC, 17,
    {0.011052677356550642, 0.0036745248471070024, 0.055305841762465779, 0.022026524831648627}},
  {60, VR_PAD_SYMMETRIC, 59,
    {0.019095795174201569, 0.079514250228570185, 0.10223607232345498, 0.012658140180179633}},
  {60, VR_PAD_ZERO, 0,
    {0.019958806572210438, 0.046640964487623802, 0.058229376688717215, 0.022847156898865899}},
  {60, VR_PAD_ZERO, 17,
    {0.013927514427299548, 0.0026606490835823634, 0.05530595719869507, 0.023301838843215118}},
  {60, VR_PAD_ZERO, 59,
    {0.01963353558189811, 0.04516415588209003, 0.063218099471475234, 0.031027170519265519}},
  {61, VR_PAD_SYMMETRIC, 0,
    {0.017813688351666128, 0.072276886285785033, 0.10627990502783174, 0.011326832626698416}},
  {61, VR_PAD_SYMMETRIC, 17,
    {0.011405443661481541, 0.0036746552417538181, 0.055305841762467042, 0.02205779011437934}},
  {61, VR_PAD_SYMMETRIC, 60,
    {0.011869560136345327, 0.043550235451419346, 0.075624809738536372, 0.028776143799246749}},
  {61, VR_PAD_ZERO, 0,
    {0.020154317473729443, 0.046640964487926873, 0.058229376688715369, 0.022998787463064156}},
  {61, VR_PAD_ZERO, 17,
    {0.01396843104810438, 0.002660647406719477, 0.055305957198692093, 0.023158411523286248}},
  {61, VR_PAD_ZERO, 60,
    {0.020187941883858605, 0.046805915477214063, 0.051024996104889225, 0.023678849221168606}},
};

static void values_of_numpy(void **state)
{
  (void)state;
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  par.low = 2;
  par.nfreq = 4;
  for (size_t i = 0; i < VR_LEN(reference); i++) {
    vr_mat x = {0}, amp = {0};
    vr_matf ampf = {0};
    vr_trials tr = {0};
    size_t n = reference[i].n;
    assert_int_equal(vr_mat_resize(&x, n, 1), 0);
    for (size_t t = 0; t < n; t++)
      x.a[t] = sin(0.9 * (double)t) + 0.3 * cos(2.2 * (double)t + 1) + 0.5;
    assert_int_equal(vr_trials_single(&tr, n, RATE), 0);
    par.pad = reference[i].pad;
    assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &amp), 0);
    assert_int_equal(vr_waveletf(&x, &tr, &par, NULL, &ampf), 0);
    for (size_t k = 0; k < 4; k++) {
      assert_true(fabs(vr_row(&amp, reference[i].row)[k] - reference[i].amp[k]) < 1e-14);
      assert_true(fabs((double)vr_rowf(&ampf, reference[i].row)[k] - reference[i].amp[k]) < 2e-7);
    }
    vr_mat_free(&x);
    vr_mat_free(&amp);
    vr_matf_free(&ampf);
    vr_trials_free(&tr);
  }
}

/* x[t, j] a mixture of sines, different in each column */
static void fill(vr_mat *x, size_t n, size_t m)
{
  assert_int_equal(vr_mat_resize(x, n, m), 0);
  for (size_t t = 0; t < n; t++)
    for (size_t j = 0; j < m; j++) {
      double s = (double)t / RATE, f = 0.4 * (double)(j + 1);
      vr_row(x, t)[j] = sin(6.283 * f * s) + 0.5 * cos(6.283 * 3.1 * f * s + (double)j) + 0.1 * s;
    }
}

/* a sinusoid at the frequency of a channel gives 0.200433 there, whatever the frequency */
static void sinusoids_give_one_amplitude(void **state)
{
  (void)state;
  enum { N = 6000 };
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0}, amp = {0};
  vr_trials tr = {0};
  par.low = 0.3;
  par.high = 20;
  assert_int_equal(vr_mat_resize(&x, N, 25), 0);
  for (size_t t = 0; t < N; t++)
    for (size_t j = 0; j < 25; j++) {
      double f = 0.3 * pow(20 / 0.3, (double)j / 24);
      vr_row(&x, t)[j] = sin(2 * M_PI * f * (double)t / RATE + (double)j);
    }
  assert_int_equal(vr_trials_single(&tr, N, RATE), 0);
  assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &amp), 0);
  for (size_t j = 0; j < 25; j++)
    assert_true(fabs(vr_row(&amp, N / 2)[j * 25 + j] / 0.200433 - 1) < 1e-4);
  vr_mat_free(&x);
  vr_mat_free(&amp);
  vr_trials_free(&tr);
}

/* the ridge of a chirp follows its frequency */
static void chirp(void **state)
{
  (void)state;
  enum { N = 3000 };
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0};
  vr_matf amp = {0};
  vr_trials tr = {0};
  assert_int_equal(vr_mat_resize(&x, N, 1), 0);
  for (size_t t = 0; t < N; t++) {
    double s = (double)t / RATE;
    x.a[t] = sin(2 * M_PI * (2 * s + 0.1 * s * s));
  }
  assert_int_equal(vr_trials_single(&tr, N, RATE), 0);
  assert_int_equal(vr_waveletf(&x, &tr, &par, NULL, &amp), 0);
  for (size_t t = 200; t < N - 200; t += 50) {
    double f = 1.0196 * (2 + 0.2 * (double)t / RATE);
    size_t best = 0, want = (size_t)lround(24 * log(f) / log(25));
    for (size_t k = 1; k < 25; k++)
      if (amp.a[t * 25 + k] > amp.a[t * 25 + best]) best = k;
    assert_true(best + 1 >= want && best <= want + 1);
  }
  vr_mat_free(&x);
  vr_matf_free(&amp);
  vr_trials_free(&tr);
}

/* twice the series, twice the amplitude; a later start, the same amplitudes; zero gives zero */
static void linear_and_local(void **state)
{
  (void)state;
  enum { N = 2000, SHIFT = 100 };
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0}, y = {0}, a = {0}, b = {0};
  vr_trials tr = {0};
  par.high = 10;
  fill(&x, N + SHIFT, 1);
  assert_int_equal(vr_mat_resize(&y, N, 1), 0);
  for (size_t t = 0; t < N; t++) y.a[t] = 2 * x.a[t + SHIFT];
  assert_int_equal(vr_trials_single(&tr, N + SHIFT, RATE), 0);
  assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &a), 0);
  assert_int_equal(vr_trials_single(&tr, N, RATE), 0);
  assert_int_equal(vr_wavelet(&y, &tr, &par, NULL, &b), 0);
  for (size_t t = 600; t < 1400; t += 10)
    for (size_t k = 0; k < 25; k++)
      assert_true(fabs(b.a[t * 25 + k] - 2 * a.a[(t + SHIFT) * 25 + k]) < 1e-12);
  memset(y.a, 0, N * sizeof *y.a);
  assert_int_equal(vr_wavelet(&y, &tr, &par, NULL, &b), 0);
  for (size_t i = 0; i < N * 25; i++) assert_true(b.a[i] == 0);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&a);
  vr_mat_free(&b);
  vr_trials_free(&tr);
}

/* trials do not see each other, and threads change nothing */
static void trials_and_threads(void **state)
{
  (void)state;
  enum { M = 3 };
  static const size_t length[] = {501, 1, 0, 640, 17, 2, 501};
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0};
  vr_matf one = {0}, four = {0}, alone = {0};
  vr_trials tr = {0}, single = {0};
  vr_pool pool = {.threads = 4};
  size_t rows = 0;
  assert_int_equal(vr_trials_resize(&tr, VR_LEN(length)), 0);
  tr.rate = RATE;
  for (size_t k = 0; k < tr.n; k++) {
    tr.first[k] = rows;
    rows += tr.frames[k] = length[k];
  }
  fill(&x, rows, M);
  for (par.pad = 0; par.pad < 2; par.pad++) {
    assert_int_equal(vr_waveletf(&x, &tr, &par, NULL, &one), 0);
    assert_int_equal(vr_waveletf(&x, &tr, &par, &pool, &four), 0);
    assert_memory_equal(one.a, four.a, rows * M * 25 * sizeof(float));
    for (size_t k = 0; k < tr.n; k++) {
      if (!length[k]) continue;
      vr_mat part = {.rows = length[k], .cols = M, .a = vr_row(&x, tr.first[k])};
      assert_int_equal(vr_trials_single(&single, length[k], RATE), 0);
      assert_int_equal(vr_waveletf(&part, &single, &par, NULL, &alone), 0);
      assert_memory_equal(alone.a, vr_rowf(&one, tr.first[k]), length[k] * M * 25 * sizeof(float));
    }
  }
  vr_mat_free(&x);
  vr_matf_free(&one);
  vr_matf_free(&four);
  vr_matf_free(&alone);
  vr_trials_free(&tr);
  vr_trials_free(&single);
}

/* A trial that is cut in windows: its frames equal those of short whole trials cut out of it, away
 * from the cuts. Any seam of the windows lies in one of them. */
static void long_trials(void **state)
{
  (void)state;
  enum { LONG = 40000, SHORT = 8000 };
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0}, y = {0}, a = {0}, b = {0};
  vr_trials tr = {0};
  par.low = 0.3;
  par.high = 5;
  fill(&x, LONG, 2);
  assert_int_equal(vr_mat_resize(&y, SHORT, 2), 0);
  for (par.pad = 0; par.pad < 2; par.pad++) {
    assert_int_equal(vr_trials_single(&tr, LONG, RATE), 0);
    assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &a), 0);
    assert_int_equal(vr_trials_single(&tr, SHORT, RATE), 0);
    for (size_t first = 0; first + SHORT <= LONG; first += 4000) {
      memcpy(y.a, vr_row(&x, first), SHORT * 2 * sizeof *y.a);
      assert_int_equal(vr_wavelet(&y, &tr, &par, NULL, &b), 0);
      size_t from = first ? 1800 : 0, to = first + SHORT < LONG ? SHORT - 1800 : SHORT;
      for (size_t t = from; t < to; t += 7)
        for (size_t k = 0; k < 50; k++)
          assert_true(fabs(vr_row(&a, first + t)[k] - vr_row(&b, t)[k]) < 1e-11);
    }
  }
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_mat_free(&a);
  vr_mat_free(&b);
  vr_trials_free(&tr);
}

/* Single precision takes lengths that suit the transform where it may: awkward lengths, both kinds of
 * padding, waves longer than the trial and filters up to Nyquist stay within its rounding. */
static void single_precision(void **state)
{
  (void)state;
  static const size_t length[] = {1499, 1375, 1000, 997, 64, 23, 8192};
  static const double band[][2] = {{0.3, 5}, {1, 25}, {5, 25}};
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0}, exact = {0};
  vr_matf single = {0};
  vr_trials tr = {0};
  for (size_t l = 0; l < VR_LEN(length); l++)
    for (size_t b = 0; b < 3; b++)
      for (par.pad = 0; par.pad < 2; par.pad++) {
        double most = 0, worst = 0;
        par.low = band[b][0];
        par.high = band[b][1];
        fill(&x, length[l], 2);
        for (size_t i = 0; i < 2 * length[l]; i++) x.a[i] += 0.3 * sin(12.9898 * (double)(i * i));
        assert_int_equal(vr_trials_single(&tr, length[l], RATE), 0);
        assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &exact), 0);
        assert_int_equal(vr_waveletf(&x, &tr, &par, NULL, &single), 0);
        for (size_t i = 0; i < exact.rows * exact.cols; i++) {
          most = fmax(most, exact.a[i]);
          worst = fmax(worst, fabs(exact.a[i] - (double)single.a[i]));
        }
        assert_true(worst < 1e-6 * most);
      }
  vr_mat_free(&x);
  vr_mat_free(&exact);
  vr_matf_free(&single);
  vr_trials_free(&tr);
}

static void after_the_amplitude(void **state)
{
  (void)state;
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0}, a = {0}, b = {0};
  vr_matf f = {0};
  vr_trials tr = {0};
  fill(&x, 300, 2);
  assert_int_equal(vr_trials_single(&tr, 300, RATE), 0);
  assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &a), 0);
  par.normalise = 1;
  assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &b), 0);
  for (size_t t = 0; t < 300; t++) {
    double sum = 0;
    for (size_t j = 0; j < 50; j++) sum += vr_row(&b, t)[j];
    assert_true(fabs(sum - 1) < 1e-14);
  }
  par.normalise = 0;
  par.log = 1;
  par.floor = 0.05;
  assert_int_equal(vr_wavelet(&x, &tr, &par, NULL, &b), 0);
  assert_int_equal(vr_waveletf(&x, &tr, &par, NULL, &f), 0);
  for (size_t i = 0; i < 300 * 50; i++) {
    assert_true(fabs(b.a[i] - log(fmax(a.a[i], 0.05))) < 1e-14);
    assert_true(fabs((double)f.a[i] - b.a[i]) < 1e-4);
  }
  vr_mat_free(&x);
  vr_mat_free(&a);
  vr_mat_free(&b);
  vr_matf_free(&f);
  vr_trials_free(&tr);
}

static void cone(void **state)
{
  (void)state;
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_waves *w;
  uint8_t inside[1000];
  par.low = 0.3;
  par.high = 5;
  assert_int_equal(vr_waves_new(&par, RATE, &w), 0);
  vr_waves_cone(w, 1000, inside);
  // 3.82 s at 0.3 Hz: 38 % of a trial of 20 s
  int inner = 0;
  for (int t = 0; t < 1000; t++) inner += inside[t] > 0;
  assert_true(inner >= 380 && inner <= 384);
  assert_int_equal(inside[0], 25);
  assert_int_equal(inside[999], 25);
  assert_int_equal(inside[500], 0);
  vr_waves_cone(w, 1, inside);
  assert_int_equal(inside[0], 25);
  vr_waves_free(w);
}

static void refused(void **state)
{
  (void)state;
  vr_wavelet_par par = VR_WAVELET_DEFAULTS, bad = par;
  vr_waves *w;
  bad.high = 25.1;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  assert_non_null(strstr(vr_errmsg(), "half the sampling rate"));
  bad = par, bad.low = 0;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  bad = par, bad.low = 26;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  bad = par, bad.nfreq = 0;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  bad = par, bad.omega0 = NAN;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  bad = par, bad.log = 1, bad.floor = 0;
  assert_int_equal(vr_waves_new(&bad, RATE, &w), VR_EARG);
  assert_int_equal(vr_waves_new(&par, 0, &w), VR_EARG);
  assert_null(w);
}

static void no_memory(void **state)
{
  (void)state;
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_pool pool = {.threads = 2};
  fill(&x, 100, 2);
  assert_int_equal(vr_trials_single(&tr, 100, RATE), 0);
  int code = VR_EMEM;
  long fail = 1;
  for (; code; fail++) {
    vr_matf a = {0};
    vr_fft_forget();
    vr_alloc_fail_at(fail);
    code = vr_waveletf(&x, &tr, &par, &pool, &a);
    assert_true(code == 0 || code == VR_EMEM);
    vr_alloc_fail_at(0);
    vr_matf_free(&a);
  }
  assert_true(fail > 8);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_of_numpy),
    cmocka_unit_test(sinusoids_give_one_amplitude),
    cmocka_unit_test(chirp),
    cmocka_unit_test(linear_and_local),
    cmocka_unit_test(trials_and_threads),
    cmocka_unit_test(long_trials),
    cmocka_unit_test(single_precision),
    cmocka_unit_test(after_the_amplitude),
    cmocka_unit_test(cone),
    cmocka_unit_test(refused),
    cmocka_unit_test(no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
