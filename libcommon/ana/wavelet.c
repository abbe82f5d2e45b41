#include "ana/wavelet.h"
#include "ana/wavelet_kernel.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include <math.h>
#include <string.h>

/* the filters for windows of n rows, in bins of the padded period (2 n rows) */
typedef struct bank {
  size_t n, period, points; // points of the inverse transform
  const vr_fft *forward, *back;
  double *turn;                // folded: exp(i pi k / 2n), n complex
  size_t *first, *count, *low; // a channel: first bin >= 0, how many, how many bins below 0
  void *weight;                // of all channels: bins -1, -2, ... -low, then first, first + 1, ...
  vr_arena memory;
  struct bank *next;
} bank;

struct vr_waves {
  vr_wavelet_par par;
  double rate;
  double *freq, *scale;
  bank *banks;
};

/* scratch of one thread for windows up to n rows; all in one block */
typedef struct {
  size_t ld;
  double *series, *spectrum;
  void *z, *bins, *wave, *amp; // folded or plain spectrum; inverse transform; nfreq x ld
} scratch;

static size_t real_size(const vr_waves *w)
{
  return w->par.exact ? sizeof(double) : sizeof(float);
}

/* how many standard deviations of a Gaussian matter */
static double reach(const vr_waves *w)
{
  return w->par.exact ? 9 : 5.5;
}

static int check(const vr_wavelet_par *p, double rate)
{
  if (!(rate > 0) || !isfinite(rate)) return vr_fail(VR_EARG, "a rate of %g Hz cannot be", rate);
  if (p->nfreq < 1 || p->nfreq > VR_WAVELET_MAXFREQ)
    return vr_fail(VR_EARG, "%d frequencies: 1 to %d can be had", p->nfreq, VR_WAVELET_MAXFREQ);
  if (!(p->low > 0) || !(p->high >= p->low) || !isfinite(p->high))
    return vr_fail(VR_EARG, "a band from %g to %g Hz cannot be", p->low, p->high);
  if (p->high > rate / 2 * (1 + 1e-9))
    return vr_fail(VR_EARG,
      "%g Hz is above half the sampling rate of %g Hz: give a band that ends at %g Hz or below",
      p->high, rate, rate / 2);
  if (!(p->omega0 >= 1) || !(p->omega0 <= 1000))
    return vr_fail(VR_EARG, "omega0 is %g: 1 to 1000 can be had", p->omega0);
  if (p->log && !(p->floor > 0))
    return vr_fail(VR_EARG, "the floor of a logarithm must be above 0, it is %g", p->floor);
  return 0;
}

int vr_waves_new(const vr_wavelet_par *par, double rate, vr_waves **waves)
{
  *waves = NULL;
  VR_TRY(check(par, rate));
  vr_waves *w;
  size_t n = (size_t)par->nfreq;
  VR_TRY(vr_alloc(&w, 1, sizeof *w));
  *w = (vr_waves){.par = *par, .rate = rate};
  int code = vr_alloc(&w->freq, n, 2 * sizeof *w->freq);
  if (code) {
    vr_waves_free(w);
    return code;
  }
  w->scale = w->freq + n;
  for (size_t k = 0; k < n; k++) {
    double part = n > 1 ? (double)k / (double)(n - 1) : 0, w0 = par->omega0;
    w->freq[k] = k && k + 1 == n ? par->high : par->low * pow(par->high / par->low, part);
    w->scale[k] = (w0 + sqrt(2 + w0 * w0)) / (4 * M_PI * w->freq[k]);
  }
  *waves = w;
  return 0;
}

static void bank_free(bank *b)
{
  vr_arena_free(&b->memory);
  vr_release(b);
}

void vr_waves_free(vr_waves *w)
{
  if (!w) return;
  for (bank *b = w->banks, *next; b; b = next) {
    next = b->next;
    bank_free(b);
  }
  vr_release(w->freq);
  vr_release(w);
}

const vr_wavelet_par *vr_waves_par(const vr_waves *w)
{
  return &w->par;
}

double vr_waves_rate(const vr_waves *w)
{
  return w->rate;
}

const double *vr_waves_freq(const vr_waves *w)
{
  return w->freq;
}

const double *vr_waves_scale(const vr_waves *w)
{
  return w->scale;
}

/* the bins of channel k within reach of its Gaussian, without those beyond Nyquist */
static void find_bins(const vr_waves *w, const bank *b, size_t k)
{
  double w0 = w->par.omega0, bin = 2 * M_PI * w->rate / (double)b->period * w->scale[k];
  double from = ceil((w0 - reach(w)) / bin), to = floor((w0 + reach(w)) / bin);
  // folded: the bin at Nyquist is 0; plain: it counts as a positive frequency
  double top = (double)(w->par.pad == VR_PAD_SYMMETRIC ? b->n - 1 : b->period / 2);
  double bottom = (double)(b->period / 2 - 1);
  if (to > top) to = top;
  if (from < -bottom) from = -bottom;
  b->low[k] = from < 0 ? (size_t)-from : 0;
  b->first[k] = from > 0 ? (size_t)from : 0;
  b->count[k] = to >= (double)b->first[k] ? (size_t)to + 1 - b->first[k] : 0;
}

/* weights of all channels: the Gaussian, sqrt(s) K(s) and the 1 / period of the inverse */
static void fill_weights(const vr_waves *w, bank *b)
{
  double w0 = w->par.omega0, step = 2 * M_PI * w->rate / (double)b->period;
  double d = w0 - sqrt(w0 * w0 + 2), norm = exp(d * d / 4) / sqrt(2 * M_PI) / (double)b->period;
  float *single = b->weight;
  double *exact = b->weight;
  size_t at = 0;
  for (size_t k = 0; k < (size_t)w->par.nfreq; k++)
    for (size_t i = 0; i < b->low[k] + b->count[k]; i++, at++) {
      double bin = i < b->low[k] ? -(double)(i + 1) : (double)(b->first[k] + i - b->low[k]);
      double u = w->scale[k] * step * bin - w0, g = norm * exp(-u * u / 2);
      if (w->par.exact)
        exact[at] = g;
      else
        single[at] = (float)g;
    }
}

static int bank_fill(const vr_waves *w, bank *b)
{
  int fold = w->par.pad == VR_PAD_SYMMETRIC, single = !w->par.exact;
  size_t nfreq = (size_t)w->par.nfreq, total = 0;
  b->period = 2 * (fold ? b->n : b->n + b->n % 2);
  b->points = fold ? b->n : b->period;
  VR_TRY(vr_fft_plan(fold ? VR_FFT_DCT2 : VR_FFT_R2C, 0, b->points, &b->forward));
  VR_TRY(vr_fft_plan(VR_FFT_BACKWARD, single, b->points, &b->back));
  VR_TRY(vr_arena_alloc(&b->memory, &b->first, nfreq, 3 * sizeof *b->first));
  b->count = b->first + nfreq;
  b->low = b->count + nfreq;
  for (size_t k = 0; k < nfreq; k++) {
    find_bins(w, b, k);
    total += b->low[k] + b->count[k];
  }
  VR_TRY(vr_arena_alloc(&b->memory, &b->weight, total, real_size(w)));
  fill_weights(w, b);
  VR_TRY(vr_arena_alloc(&b->memory, &b->turn, fold ? b->n : 0, 2 * sizeof *b->turn));
  for (size_t k = 0; fold && k < b->n; k++) {
    b->turn[2 * k] = cos(M_PI * (double)k / (double)b->period);
    b->turn[2 * k + 1] = sin(M_PI * (double)k / (double)b->period);
  }
  return 0;
}

static bank *bank_find(const vr_waves *w, size_t n)
{
  bank *b = w->banks;
  while (b && b->n != n) b = b->next;
  return b;
}

int vr_waves_prepare(vr_waves *w, const vr_wave_unit *unit, size_t n)
{
  // few banks are kept: those of other lengths go once there are many
  size_t kept = 0;
  for (bank *b = w->banks; b; b = b->next) kept++;
  for (bank **at = &w->banks; kept > 32 && *at;) {
    bank *b = *at;
    size_t i = 0;
    while (i < n && unit[i].len != b->n) i++;
    if (i < n) {
      at = &b->next;
      continue;
    }
    *at = b->next;
    bank_free(b);
  }
  for (size_t i = 0; i < n; i++) {
    if (!unit[i].len || bank_find(w, unit[i].len)) continue;
    bank *b;
    VR_TRY(vr_alloc(&b, 1, sizeof *b));
    b->n = unit[i].len;
    int code = bank_fill(w, b);
    if (code) {
      bank_free(b);
      return code;
    }
    b->next = w->banks;
    w->banks = b;
  }
  return 0;
}

/* room for n elements of `size` bytes at an aligned place of a block */
static size_t place(size_t *at, size_t n, size_t size)
{
  size_t here = *at;
  *at += (n * size + 63) / 64 * 64;
  return here;
}

int vr_waves_scratch(const vr_waves *w, size_t len, void **block)
{
  size_t period = 2 * (len + 1), real = real_size(w), at = 0;
  size_t ld = (len + 31) / 16 * 16 + 16; // off the powers of two, which share cache lines
  place(&at, 1, sizeof(scratch));
  size_t series = place(&at, period, sizeof(double));
  size_t spectrum = place(&at, period + 2, sizeof(double));
  size_t z = place(&at, period + 2, real), bins = place(&at, 2 * period, real);
  size_t wave = place(&at, 2 * period, real);
  size_t amp = place(&at, ld * (size_t)w->par.nfreq, real);
  char *c;
  *block = NULL;
  VR_TRY(vr_alloc(&c, at, 1));
  *(scratch *)(void *)c = (scratch){.ld = ld,
    .series = (double *)(void *)(c + series),
    .spectrum = (double *)(void *)(c + spectrum),
    .z = c + z,
    .bins = c + bins,
    .wave = c + wave,
    .amp = c + amp};
  *block = c;
  return 0;
}

/* the spectrum z of one column, of which all channels take their share; bins 0 .. Nyquist */
static void analyse(const vr_waves *w, const bank *b, const double *x, size_t m, scratch *s)
{
  int fold = w->par.pad == VR_PAD_SYMMETRIC;
  size_t n = fold ? b->n : b->period / 2 + 1;
  for (size_t i = 0; i < b->n; i++) s->series[i] = x[i * m];
  for (size_t i = b->n; i < b->points; i++) s->series[i] = 0;
  vr_fft_run(b->forward, s->series, s->spectrum);
  double *c = s->spectrum, *exact = s->z;
  float *single = s->z;
  for (size_t k = 0; k < n; k++) {
    // the spectrum of an even period is a real cosine series c times exp(i pi k / 2n)
    double re = fold ? c[k] * b->turn[2 * k] : c[2 * k];
    double im = fold ? c[k] * b->turn[2 * k + 1] : c[2 * k + 1];
    if (w->par.exact) {
      exact[2 * k] = re;
      exact[2 * k + 1] = im;
    } else {
      single[2 * k] = (float)re;
      single[2 * k + 1] = (float)im;
    }
  }
}

/* Amplitude of one channel. Folded, `wave` holds the even rows of the doubled trial, of which the
 * second half are (conjugates of) its odd rows from the end: one transform of n points, not 2 n. */
static void channel(const bank *b, size_t k, const double *weight, scratch *s)
{
  const double *z = s->z;
  double *bins = s->bins;
  size_t low = b->low[k], first = b->first[k];
  memset(bins, 0, b->points * 2 * sizeof *bins);
  vr_wave_weigh(b->count[k], weight + low, z + 2 * first, bins + 2 * first);
  for (size_t i = 1; i <= low; i++) {
    bins[2 * (b->points - i)] += weight[i - 1] * z[2 * i];
    bins[2 * (b->points - i) + 1] -= weight[i - 1] * z[2 * i + 1];
  }
  vr_fft_run(b->back, bins, s->wave);
  vr_wave_abs(b->n, s->wave, (double *)s->amp + k * s->ld);
}

static void channelf(const bank *b, size_t k, const float *weight, scratch *s)
{
  const float *z = s->z;
  float *bins = s->bins;
  size_t low = b->low[k], first = b->first[k];
  memset(bins, 0, b->points * 2 * sizeof *bins);
  vr_wave_weighf(b->count[k], weight + low, z + 2 * first, bins + 2 * first);
  for (size_t i = 1; i <= low; i++) {
    bins[2 * (b->points - i)] += weight[i - 1] * z[2 * i];
    bins[2 * (b->points - i) + 1] -= weight[i - 1] * z[2 * i + 1];
  }
  vr_fft_run(b->back, bins, s->wave);
  vr_wave_absf(b->n, s->wave, (float *)s->amp + k * s->ld);
}

/* frames from, from + 1, ... of s->amp to rows row, row + step, ... of amp */
static void turn(const vr_waves *w, const scratch *s, size_t from, size_t n, void *amp, size_t row,
  ptrdiff_t step, size_t ld)
{
  size_t nfreq = (size_t)w->par.nfreq;
  if (!n) return;
  if (w->par.exact)
    vr_wave_turn(n, nfreq, (const double *)s->amp + from, s->ld, (double *)amp + row * ld,
      step * (ptrdiff_t)ld);
  else
    vr_wave_turnf(
      n, nfreq, (const float *)s->amp + from, s->ld, (float *)amp + row * ld, step * (ptrdiff_t)ld);
}

/* the kept rows of all channels of one column */
static void put_rows(
  const vr_waves *w, const bank *b, const vr_wave_unit *u, const scratch *s, void *amp, size_t ld)
{
  size_t skip = u->skip, end = skip + u->keep;
  if (w->par.pad != VR_PAD_SYMMETRIC) {
    turn(w, s, skip, u->keep, amp, 0, 1, ld);
    return;
  }
  size_t even = (skip + 1) / 2, evens = (end + 1) / 2 - even;
  turn(w, s, even, evens, amp, 2 * even - skip, 2, ld);
  // the last odd row before `end` comes first
  size_t odds = end / 2 - skip / 2, odd = 2 * (end / 2) - 1;
  if (odds) turn(w, s, (2 * b->n - 1 - odd) / 2, odds, amp, odd - skip, -2, ld);
}

/* what follows the amplitudes: each frame by its sum, logarithm */
static void finish(const vr_waves *w, size_t rows, size_t cols, void *amp)
{
  for (size_t i = 0; i < rows; i++) {
    float *f = (float *)amp + i * cols;
    double *d = (double *)amp + i * cols, sum = 0;
    if (w->par.normalise) {
      for (size_t j = 0; j < cols; j++) sum += w->par.exact ? d[j] : (double)f[j];
      for (size_t j = 0; j < cols && sum > 0; j++) {
        if (w->par.exact)
          d[j] /= sum;
        else
          f[j] = (float)((double)f[j] / sum);
      }
    }
    for (size_t j = 0; j < cols && w->par.log; j++) {
      if (w->par.exact)
        d[j] = log(fmax(d[j], w->par.floor));
      else
        f[j] = logf(fmaxf(f[j], (float)w->par.floor));
    }
  }
}

void vr_waves_run(
  const vr_waves *w, const vr_wave_unit *u, const double *x, size_t m, void *block, void *amp)
{
  const bank *b = bank_find(w, u->len);
  scratch *s = block;
  size_t nfreq = (size_t)w->par.nfreq, cols = m * nfreq;
  for (size_t j = 0; j < m && u->keep; j++) {
    analyse(w, b, x + j, m, s);
    size_t at = 0;
    for (size_t k = 0; k < nfreq; k++) {
      if (w->par.exact)
        channel(b, k, (const double *)b->weight + at, s);
      else
        channelf(b, k, (const float *)b->weight + at, s);
      at += b->low[k] + b->count[k];
    }
    put_rows(w, b, u, s, (char *)amp + j * nfreq * real_size(w), cols);
  }
  if (w->par.normalise || w->par.log) finish(w, u->keep, cols, amp);
}
