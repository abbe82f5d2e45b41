#include "ana/psd.h"
#include "ana/psd_peak.h"
#include "base/rng.h"
#include "num/fft.h"
#include "num/stat.h"
#include "../test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int near(double a, double b, double most)
{
  return fabs(a - b) <= most;
}

/* n trials of `frames` rows at 50 Hz */
static void make_trials(vr_trials *tr, size_t n, size_t frames)
{
  assert_int_equal(vr_trials_resize(tr, n), 0);
  tr->rate = 50;
  for (size_t k = 0; k < n; k++) {
    tr->first[k] = k * frames;
    tr->frames[k] = frames;
  }
}

static void fill_noise(vr_mat *x, size_t rows, size_t cols, uint64_t seed)
{
  vr_rng r = vr_rng_new(seed, 1, 2);
  assert_int_equal(vr_mat_resize(x, rows, cols), 0);
  for (size_t i = 0; i < rows * cols; i++) x->a[i] = vr_rng_normal(&r);
}

/* A sine at the middle of a bin: its power within two bins is half the square of its amplitude. */
static void sine(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_psd_par par = VR_PSD_SCIPY;
  make_trials(&tr, 2, 1500);
  assert_int_equal(vr_mat_resize(&x, 3000, 2), 0);
  for (size_t i = 0; i < 3000; i++) {
    vr_row(&x, i)[0] = 7 + 3 * sin(2 * M_PI * 4.2 * (double)i / 50);
    vr_row(&x, i)[1] = 5;
  }
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
  assert_int_equal(p.nfreq, 251);
  assert_int_equal(p.segments[0], 10);
  assert_int_equal(p.trials[0], 2);
  assert_true(near(p.freq[42], 4.2, 1e-12) && near(p.freq[250], 25, 1e-12));
  double sum = 0;
  for (size_t k = 40; k <= 44; k++) sum += p.power[k] * 0.1;
  assert_true(near(sum, 4.5, 4.5e-6));
  // a constant has no power
  for (size_t k = 0; k < 251; k++) assert_true(p.power[251 + k] < 1e-25);
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* Parseval: with a window of ones and nothing taken off, powers add up to the mean square. */
static void parseval(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  for (int odd = 0; odd < 2; odd++) {
    vr_psd_par par = {
      .length = odd ? 4.98 : 5, .overlap = 0, .window = VR_PSD_BOXCAR, .detrend = VR_PSD_NONE};
    size_t n = odd ? 249 : 250;
    make_trials(&tr, 4, n);
    fill_noise(&x, 4 * n, 19, 3);
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
    for (size_t j = 0; j < 19; j++) {
      double sum = 0, square = 0;
      for (size_t i = 0; i < x.rows; i++) square += vr_row(&x, i)[j] * vr_row(&x, i)[j];
      for (size_t k = 0; k < p.nfreq; k++) sum += p.power[j * p.nfreq + k] * p.freq[1];
      assert_true(near(sum, square / (double)x.rows, 1e-12));
    }
  }
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* White noise of variance 1 is flat at 2 / rate, and its median says the same. */
static void white(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_psd_par par = VR_PSD_SCIPY;
  make_trials(&tr, 40, 1500);
  fill_noise(&x, 60000, 3, 5);
  for (par.median = 0; par.median < 2; par.median++) {
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
    // 200 segments that overlap by half weigh as about 190 alone; of a median, 0.7 times
    double sd = (par.median ? 1.45 : 1) / sqrt(190), mean = 0;
    for (size_t k = 2; k < 250; k++) {
      assert_true(near(p.power[k] * 25, 1, 5 * sd));
      mean += p.power[k] * 25 / 248;
    }
    assert_true(near(mean, 1, 4 * sd / sqrt(124)));
  }
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* Straight lines go with detrend = linear; what programs differ in is as it should be. */
static void conventions(void **state)
{
  (void)state;
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_psd_par par = VR_PSD_SCIPY, matlab = VR_PSD_MATLAB;
  double w[8];
  make_trials(&tr, 1, 1000);
  assert_int_equal(vr_mat_resize(&x, 1000, 1), 0);
  for (size_t i = 0; i < 1000; i++) x.a[i] = 3 + 0.1 * (double)i;
  par.detrend = VR_PSD_LINEAR;
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
  for (size_t k = 0; k < p.nfreq; k++) assert_true(p.power[k] < 1e-22);
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &matlab, NULL, &p), 0);
  assert_int_equal(p.nfft, 512);
  assert_int_equal(p.hop, 250);
  assert_true(p.power[0] > 100);
  vr_psd_fill_window(VR_PSD_HANN, 0, 8, w);
  assert_true(near(w[0], 0, 1e-15) && near(w[4], 1, 1e-15) && near(w[1], w[7], 1e-15));
  vr_psd_fill_window(VR_PSD_HAMMING, 1, 8, w);
  assert_true(near(w[0], 0.08, 1e-15) && near(w[0], w[7], 1e-15) && near(w[3], w[4], 1e-15));
  vr_psd_fill_window(VR_PSD_BLACKMAN, 1, 5, w);
  assert_true(near(w[0], 0, 1e-15) && near(w[2], 1, 1e-15));
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* tests/ref/psd.py: scipy.signal.welch */
static void as_scipy(void **state)
{
  (void)state;
  static const struct {
    vr_psd_par par;
    int median;
    size_t nfreq;
    double power[5];
  } known[] = {{VR_PSD_SCIPY, 0, 51,
                 {0.008740059515457674, 0.1089566656305089, 0.01374272805760796,
                   0.01380721374367027, 0.001294498616253845}},
    {VR_PSD_SCIPY, 1, 51,
      {0.01071470907901935, 0.1590292853792706, 0.0124527638114976, 0.02864793456200834,
        0.0013149172710004}},
    {VR_PSD_MATLAB, 0, 129,
      {6.719458925064373, 10.52558670314945, 0.031282527998951, 0.006262993424435051,
        0.001188877925191056}},
    {VR_PSD_MNE, 0, 51,
      {0.006980611198304639, 0.1153456650279436, 0.01399303567434676, 0.01331885830966733,
        0.001200673236475843}}};
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  make_trials(&tr, 1, 430);
  assert_int_equal(vr_mat_resize(&x, 430, 1), 0);
  for (size_t i = 0; i < 430; i++) x.a[i] = sin((double)(i * i % 97)) + 0.01 * (double)i;
  for (size_t k = 0; k < VR_LEN(known); k++) {
    vr_psd_par par = known[k].par;
    par.length = 2;
    par.median = known[k].median;
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
    assert_int_equal(p.nfreq, known[k].nfreq);
    const size_t at[] = {0, 1, 7, 40, p.nfreq - 1};
    for (size_t i = 0; i < 5; i++)
      assert_true(fabs(p.power[at[i]] / known[k].power[i] - 1) < 1e-12);
  }
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_trials_free(&tr);
}

/* No segment crosses a border: a step between trials leaves no trace. Groups are their trials alone. */
static void borders_and_groups(void **state)
{
  (void)state;
  vr_mat x = {0}, y = {0};
  vr_trials tr = {0}, one = {0};
  vr_psd p = {0}, q = {0};
  vr_psd_par par = {.length = 4, .overlap = 0.5};
  make_trials(&tr, 5, 730);
  fill_noise(&x, 5 * 730, 2, 8);
  for (size_t k = 0; k < 5; k++)
    for (size_t i = 0; i < 730; i++) vr_row(&x, k * 730 + i)[0] += 1000 * (double)k;
  const int32_t group[] = {2, 0, 1, 2, 0};
  assert_int_equal(vr_psd_welch(&x, &tr, group, 3, &par, NULL, &p), 0);
  assert_int_equal(p.segments[0], 6);
  assert_int_equal(p.segments[1], 12);
  assert_int_equal(p.segments[2], 0);
  for (size_t k = 0; k < 2 * p.nfreq; k++) {
    assert_true(p.power[k] < 1);
    assert_true(p.power[4 * p.nfreq + k] == 0);
  }
  make_trials(&one, 1, 730);
  assert_int_equal(vr_mat_resize(&y, 730, 2), 0);
  memcpy(y.a, vr_row(&x, 2 * 730), 1460 * sizeof(double));
  assert_int_equal(vr_psd_welch(&y, &one, NULL, 1, &par, NULL, &q), 0);
  for (size_t k = 0; k < 2 * p.nfreq; k++) assert_true(near(p.power[k], q.power[k], 1e-15));
  vr_psd_free(&p);
  vr_psd_free(&q);
  vr_mat_free(&x);
  vr_mat_free(&y);
  vr_trials_free(&tr);
  vr_trials_free(&one);
}

/* Weights: of raw components by their square, of unit ones by their share. */
static void weights(void **state)
{
  (void)state;
  double power[] = {4, 8, 1, 3}, variance[] = {4, 1};
  vr_psd p = {.groups = 1, .cols = 2, .nfreq = 2, .power = power};
  vr_mat s = {0};
  assert_int_equal(vr_psd_mean(&p, variance, NULL, &s), 0);
  assert_true(near(s.a[0], (16 + 1) / 5.0, 1e-15) && near(s.a[1], (32 + 3) / 5.0, 1e-15));
  assert_int_equal(vr_psd_mean(&p, variance, variance, &s), 0);
  assert_true(near(s.a[0], (4 + 1) / 5.0, 1e-15) && near(s.a[1], (8 + 3) / 5.0, 1e-15));
  assert_int_equal(vr_psd_mean(&p, (double[]){0, 0}, NULL, &s), VR_EDATA);
  vr_mat_free(&s);
}

static void threads(void **state)
{
  (void)state;
  vr_mat x = {0}, one = {0}, four = {0};
  vr_trials tr = {0};
  vr_psd p = {0}, q = {0};
  vr_psd_par par = {.length = 1, .overlap = 0.3};
  vr_pool pool = {.threads = 4};
  make_trials(&tr, 30, 180);
  fill_noise(&x, 5400, 37, 9);
  for (par.median = 0; par.median < 2; par.median++) {
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, &pool, &q), 0);
    assert_memory_equal(p.power, q.power, 37 * p.nfreq * sizeof(double));
  }
  double weight[37];
  for (size_t j = 0; j < 37; j++) weight[j] = 1 + (double)j;
  assert_int_equal(vr_psd_peak_null(&p, &tr, NULL, &par, weight, NULL, 0, 7, 1, NULL, &one), 0);
  assert_int_equal(vr_psd_peak_null(&p, &tr, NULL, &par, weight, NULL, 0, 7, 1, &pool, &four), 0);
  assert_memory_equal(one.a, four.a, 7 * sizeof(double));
  vr_psd_free(&p);
  vr_psd_free(&q);
  vr_mat_free(&x);
  vr_mat_free(&one);
  vr_mat_free(&four);
  vr_trials_free(&tr);
}

/* Three bells on a slope: found at their tops, in order of height over their valleys. */
static void peaks(void **state)
{
  (void)state;
  enum { N = 251 };
  double s[N], b[N];
  vr_peak peak[4];
  size_t found;
  for (size_t k = 0; k < N; k++) {
    double f = 0.1 * (double)k;
    double bells = 30 * exp(-pow((f - 4.23) / 0.3, 2)) + 10 * exp(-pow((f - 8.46) / 0.3, 2)) +
                   5 * exp(-pow((f - 15) / 0.3, 2));
    s[k] = pow(10, (bells - 10 * log10(1 + f)) / 10);
  }
  assert_int_equal(vr_psd_peaks(s, N, 0.1, 1, 4, peak, &found), 0);
  assert_int_equal(found, 3);
  assert_true(near(peak[0].freq, 4.23, 0.005) && near(peak[1].freq, 8.46, 0.005));
  assert_true(near(peak[0].prominence, 30, 1.5) && near(peak[1].prominence, 10, 1.2));
  assert_int_equal(vr_psd_peaks(s, N, 0.1, 8, 1, peak, &found), 0);
  assert_true(found == 1 && near(peak[0].freq, 4.23, 0.005));
  assert_int_equal(vr_psd_background(s, N, b), 0);
  // between the bells the background is the slope
  assert_true(near(10 * log10(b[200] * 21), 0, 0.2) && b[0] == b[VR_PSD_LOWEST]);
  // spectra of zeros, and too short for a peak
  memset(s, 0, sizeof s);
  assert_int_equal(vr_psd_peaks(s, N, 0.1, 0, 4, peak, &found), 0);
  assert_int_equal(found, 0);
  for (size_t n = 1; n < 4; n++) {
    assert_int_equal(vr_psd_peaks((double[]){1, 2, 1}, n, 1, 0, 4, peak, &found), 0);
    assert_int_equal(found, 0);
  }
}

/* how often the largest peak of noise has p <= 0.05; phi: of neighbouring frames */
static int rejections(double phi, int runs, int tone)
{
  enum { TRIALS = 4, FRAMES = 1000, COLS = 2 };
  static const double weight[COLS] = {1, 0.3};
  vr_mat x = {0}, s = {0}, excess = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_peak peak[200];
  vr_psd_par par = {.length = 4, .overlap = 0.5};
  int rejected = 0;
  size_t found;
  make_trials(&tr, TRIALS, FRAMES);
  for (int run = 0; run < runs; run++) {
    fill_noise(&x, TRIALS * FRAMES, COLS, 1000 + (uint64_t)run);
    for (size_t i = 0; i < x.rows; i++)
      for (size_t j = 0; j < COLS; j++) {
        double *here = vr_row(&x, i) + j;
        *here = i % FRAMES ? phi * here[-COLS] + *here : *here / sqrt(1 - phi * phi);
      }
    for (size_t i = 0; i < x.rows && tone; i++) x.a[COLS * i] += 0.8 * sin(0.7 * (double)i);
    assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), 0);
    assert_int_equal(vr_psd_mean(&p, weight, NULL, &s), 0);
    assert_int_equal(
      vr_psd_peak_null(&p, &tr, NULL, &par, weight, NULL, 0, 99, (uint64_t)run, NULL, &excess), 0);
    assert_int_equal(vr_psd_peaks(s.a, p.nfreq, p.freq[1], 0, 200, peak, &found), 0);
    vr_psd_peak_p(peak, found, excess.a, 99);
    int any = 0;
    for (size_t k = 0; k < found; k++) any |= peak[k].p <= 0.05;
    rejected += any;
  }
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_mat_free(&s);
  vr_mat_free(&excess);
  vr_trials_free(&tr);
  return rejected;
}

/* Noise has a peak in about one of twenty recordings, a tone is found in all. */
static void null(void **state)
{
  (void)state;
  int runs = getenv("VR_LONG") ? 200 : 40;
  int white_noise = rejections(0, runs, 0), red = rejections(0.9, runs, 0),
      tone = rejections(0.9, 10, 1);
  print_message("# p <= 0.05 in %d and %d of %d noises (white, red), %d of 10 tones\n", white_noise,
    red, runs, tone);
  // 3 to 7 % of the two together, with three standard deviations of the count
  double all = 2 * runs, slack = 3 * sqrt(all * 0.05 * 0.95);
  assert_true(white_noise + red <= 0.07 * all + slack && white_noise + red >= 0.03 * all - slack);
  assert_int_equal(tone, 10);
}

static void refused(void **state)
{
  (void)state;
  vr_mat x = {0}, excess = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_psd_par par = {.length = 0.01}, full = {.length = 1, .overlap = 1}, good = {.length = 1};
  make_trials(&tr, 2, 60);
  fill_noise(&x, 120, 3, 1);
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), VR_EARG);
  par.length = 1e8;
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &par, NULL, &p), VR_EARG);
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &full, NULL, &p), VR_EARG);
  assert_int_equal(vr_psd_welch(&x, &tr, (int32_t[]){1, 3}, 2, &good, NULL, &p), VR_EARG);
  x.rows = 119;
  assert_int_equal(vr_psd_welch(&x, &tr, NULL, 1, &good, NULL, &p), VR_EARG);
  x.rows = 120;
  int code;
  vr_fft_forget();
  VR_FAIL_EACH_ALLOCATION(
    code, code = vr_psd_welch(&x, &tr, NULL, 1, &good, NULL, &p), vr_fft_forget());
  double weight[] = {1, 1, 1};
  VR_FAIL_EACH_ALLOCATION(code,
    code = vr_psd_peak_null(&p, &tr, NULL, &good, weight, NULL, 0, 2, 1, NULL, &excess),
    vr_fft_forget());
  vr_psd_free(&p);
  vr_mat_free(&x);
  vr_mat_free(&excess);
  vr_trials_free(&tr);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sine),
    cmocka_unit_test(parseval),
    cmocka_unit_test(white),
    cmocka_unit_test(conventions),
    cmocka_unit_test(as_scipy),
    cmocka_unit_test(borders_and_groups),
    cmocka_unit_test(weights),
    cmocka_unit_test(threads),
    cmocka_unit_test(peaks),
    cmocka_unit_test(null),
    cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
