#include "ana/wavelet_bank.h"
#include "base/err.h"
#include <math.h>

double vr_wave_reach(const vr_waves *w)
{
  return vr_waves_par(w)->exact ? 9 : 5.8;
}

size_t vr_wave_bank_points(size_t n)
{
  return 4 * (n + 1);
}

/* -- which route -- */

/* About the time of a transform of n points in FFTW, in ns (AVX-512, measured once): what counts is
 * how often 2 divides n, and large primes. Only ratios matter. */
static double cost(size_t n)
{
  static const size_t prime[] = {3, 5, 7, 11, 13};
  size_t two = n & ~(n - 1), odd = n / two, rest = odd;
  for (size_t i = 0; i < VR_LEN(prime); i++)
    while (rest % prime[i] == 0) rest /= prime[i];
  double point = 4.5;
  if (rest > 1)
    point = 12;
  else if (two >= 64)
    point = odd == 1 || odd == 5 ? 0.8 : 1.6;
  else if (two >= 4)
    point = 2.2;
  return (double)n * point * (n > 2048 ? 1.4 : 1);
}

/* rows beyond an end of the trial that channel k feels */
static double margin(const vr_waves *w, size_t k)
{
  return ceil(vr_wave_reach(w) * vr_waves_scale(w)[k] * vr_waves_rate(w));
}

/* 1: the filter of channel k has died away at Nyquist */
static int ends_below_nyquist(const vr_waves *w, size_t k)
{
  double at = M_PI * vr_waves_rate(w) * vr_waves_scale(w)[k];
  return at - vr_waves_par(w)->omega0 >= vr_wave_reach(w);
}

/* the cheapest length of a window for channel k: a power of 2, or 5 times one; 0: no window will do
 * better than `most` */
static size_t best_window(const vr_waves *w, size_t n, size_t k, double most)
{
  double beyond = margin(w, k);
  int mirror = vr_waves_par(w)->pad == VR_PAD_SYMMETRIC;
  if (vr_waves_par(w)->exact || !ends_below_nyquist(w, k)) return 0;
  // zeros have the right length anyway, but their period is felt by waves longer than the trial
  if (!mirror && beyond > (double)n) return 0;
  double need = (double)n + (mirror ? 2 : 1) * beyond;
  size_t best = 0;
  for (size_t two = 64; two <= vr_wave_bank_points(n); two *= 2)
    for (size_t length = two; length <= 5 * two; length += 4 * two)
      if ((double)length >= need && length <= vr_wave_bank_points(n) && cost(length) < most) {
        best = length;
        most = cost(length);
      }
  return best;
}

static int add_route(vr_wave_bank *b, vr_wave_route r, int exact)
{
  VR_TRY(vr_fft_plan(r.fold ? VR_FFT_DCT2 : VR_FFT_R2C, 0, r.points, &r.forward));
  VR_TRY(vr_fft_plan(VR_FFT_BACKWARD, !exact, r.points, &r.back));
  VR_TRY(vr_arena_alloc(&b->memory, &r.turn, r.fold ? r.points : 0, 2 * sizeof *r.turn));
  for (size_t k = 0; r.fold && k < r.points; k++) {
    r.turn[2 * k] = cos(M_PI * (double)k / (double)r.period);
    r.turn[2 * k + 1] = sin(M_PI * (double)k / (double)r.period);
  }
  b->route[b->nroutes++] = r;
  return 0;
}

/* route 0 is the exact one, the others are windows */
static int choose_routes(const vr_waves *w, vr_wave_bank *b)
{
  const vr_wavelet_par *par = vr_waves_par(w);
  int fold = par->pad == VR_PAD_SYMMETRIC;
  size_t n = b->n, padded = n + n % 2;
  VR_TRY(add_route(b,
    (vr_wave_route){
      .fold = fold, .points = fold ? n : 2 * padded, .period = fold ? 2 * n : 2 * padded},
    par->exact));
  for (size_t k = 0; k < (size_t)par->nfreq; k++) {
    int *route = &b->channel[k].route;
    size_t length = best_window(w, n, k, 0.85 * cost(b->route[0].points));
    for (int r = 1; r < b->nroutes && length && !*route; r++)
      if (b->route[r].points == length) *route = r;
    if (!length || *route) continue;
    if (b->nroutes < VR_WAVE_ROUTES)
      VR_TRY(add_route(b,
        (vr_wave_route){.points = length, .period = length, .lead = fold ? (length - n) / 2 : 0},
        par->exact));
    // channels come with ascending frequency: what was long enough for the last one is for this
    *route = b->nroutes - 1;
  }
  return 0;
}

/* -- weights -- */

/* the bins of channel k within reach of its Gaussian, without those beyond Nyquist */
static void find_bins(const vr_waves *w, const vr_wave_bank *b, size_t k)
{
  vr_wave_channel *c = &b->channel[k];
  const vr_wave_route *r = &b->route[c->route];
  double w0 = vr_waves_par(w)->omega0;
  double bin = 2 * M_PI * vr_waves_rate(w) / (double)r->period * vr_waves_scale(w)[k];
  double from = ceil((w0 - vr_wave_reach(w)) / bin), to = floor((w0 + vr_wave_reach(w)) / bin);
  // folded: the bin at Nyquist is 0; else it counts as a positive frequency
  double top = (double)(r->period / 2) - (r->fold ? 1 : 0), bottom = (double)(r->period / 2) - 1;
  if (to > top) to = top;
  if (from < -bottom) from = -bottom;
  c->low = from < 0 ? (size_t)-from : 0;
  c->first = from > 0 ? (size_t)from : 0;
  c->count = to >= (double)c->first ? (size_t)to + 1 - c->first : 0;
}

/* the Gaussian, sqrt(s) K(s) and the 1 / period of the inverse */
static void fill_weights(const vr_waves *w, vr_wave_bank *b, size_t k)
{
  const vr_wave_channel *c = &b->channel[k];
  double period = (double)b->route[c->route].period, w0 = vr_waves_par(w)->omega0;
  double step = 2 * M_PI * vr_waves_rate(w) / period * vr_waves_scale(w)[k];
  double d = w0 - sqrt(w0 * w0 + 2), norm = exp(d * d / 4) / sqrt(2 * M_PI) / period;
  for (size_t i = 0; i < c->low + c->count; i++) {
    double bin = i < c->low ? -(double)(i + 1) : (double)(c->first + i - c->low);
    double u = step * bin - w0, g = norm * exp(-u * u / 2);
    if (vr_waves_par(w)->exact)
      ((double *)b->weight)[c->weight + i] = g;
    else
      ((float *)b->weight)[c->weight + i] = (float)g;
  }
}

static int fill(const vr_waves *w, vr_wave_bank *b)
{
  size_t nfreq = (size_t)vr_waves_par(w)->nfreq, total = 0;
  VR_TRY(vr_arena_alloc(&b->memory, &b->channel, nfreq, sizeof *b->channel));
  VR_TRY(choose_routes(w, b));
  for (size_t k = 0; k < nfreq; k++) {
    find_bins(w, b, k);
    b->channel[k].weight = total;
    total += b->channel[k].low + b->channel[k].count;
  }
  size_t size = vr_waves_par(w)->exact ? sizeof(double) : sizeof(float);
  VR_TRY(vr_arena_alloc(&b->memory, &b->weight, total, size));
  for (size_t k = 0; k < nfreq; k++) fill_weights(w, b, k);
  return 0;
}

int vr_wave_bank_new(const vr_waves *w, size_t n, vr_wave_bank **bank)
{
  vr_wave_bank *b;
  *bank = NULL;
  VR_TRY(vr_alloc(&b, 1, sizeof *b));
  b->n = n;
  int code = fill(w, b);
  if (code)
    vr_wave_bank_free(b);
  else
    *bank = b;
  return code;
}

void vr_wave_bank_free(vr_wave_bank *b)
{
  if (!b) return;
  vr_arena_free(&b->memory);
  vr_release(b);
}
