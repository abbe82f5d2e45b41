#include "ana/wavelet.h"
#include "ana/wavelet_bank.h"
#include "ana/wavelet_kernel.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

struct vr_waves {
  vr_wavelet_par par;
  double rate;
  double *freq, *scale;
  vr_wave_bank *banks;
};

/* scratch of one thread, all in one block; what is void has the precision of the amplitudes */
typedef struct {
  double *column;            // one series
  double *series, *spectrum; // with what lies beyond its ends; transformed
  void *z, *bins;            // its spectrum; that of one channel
  void *wave, *modulus;      // the channel, and its modulus before it is unfolded
} scratch;

static size_t real_size(const vr_waves *w)
{
  return w->par.exact ? sizeof(double) : sizeof(float);
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

void vr_waves_free(vr_waves *w)
{
  if (!w) return;
  for (vr_wave_bank *b = w->banks, *next; b; b = next) {
    next = b->next;
    vr_wave_bank_free(b);
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

static vr_wave_bank *bank_find(const vr_waves *w, size_t n)
{
  vr_wave_bank *b = w->banks;
  while (b && b->n != n) b = b->next;
  return b;
}

int vr_waves_prepare(vr_waves *w, const vr_wave_unit *unit, size_t n)
{
  // few banks are kept: those of other lengths go once there are many
  size_t kept = 0;
  for (vr_wave_bank *b = w->banks; b; b = b->next) kept++;
  for (vr_wave_bank **at = &w->banks; kept > 32 && *at;) {
    vr_wave_bank *b = *at;
    size_t i = 0;
    while (i < n && unit[i].len != b->n) i++;
    if (i < n) {
      at = &b->next;
      continue;
    }
    *at = b->next;
    vr_wave_bank_free(b);
  }
  for (size_t i = 0; i < n; i++) {
    vr_wave_bank *b;
    if (!unit[i].len || bank_find(w, unit[i].len)) continue;
    VR_TRY(vr_wave_bank_new(w, unit[i].len, &b));
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
  size_t points = vr_wave_bank_points(len) + 2, real = real_size(w), at = 0;
  place(&at, 1, sizeof(scratch));
  size_t column = place(&at, len, sizeof(double));
  size_t series = place(&at, points, sizeof(double));
  size_t spectrum = place(&at, points, sizeof(double));
  size_t z = place(&at, points, real), bins = place(&at, 2 * points, real);
  size_t wave = place(&at, 2 * points, real), modulus = place(&at, len, real);
  char *c;
  *block = NULL;
  VR_TRY(vr_alloc(&c, at, 1));
  *(scratch *)(void *)c = (scratch){.column = (double *)(void *)(c + column),
    .series = (double *)(void *)(c + series),
    .spectrum = (double *)(void *)(c + spectrum),
    .z = c + z,
    .bins = c + bins,
    .wave = c + wave,
    .modulus = c + modulus};
  *block = c;
  return 0;
}

/* n rows of a trial of m rows that goes on as its mirror images do, from row `at` up or down, to
 * to[0], to[step], to[2 step] ... */
static void reflect(const double *x, size_t m, size_t at, int up, size_t n, double *to, int step)
{
  for (; n; n--, to += step) {
    *to = x[at];
    if (up ? at + 1 == m : at == 0)
      up = !up; // the sample at an edge is repeated
    else
      at += up ? 1 : (size_t)-1;
  }
}

/* one column as a route wants it: with what lies beyond its ends */
static void lay_out(
  const vr_waves *w, const vr_wave_route *r, size_t n, const double *x, double *to)
{
  size_t beyond = r->points - r->lead - n;
  memcpy(to + r->lead, x, n * sizeof *x);
  if (w->par.pad == VR_PAD_ZERO) {
    memset(to + n, 0, beyond * sizeof *to);
    return;
  }
  if (r->lead) reflect(x, n, 0, 1, r->lead, to + r->lead - 1, -1);
  reflect(x, n, n - 1, 0, beyond, to + r->lead + n, 1);
}

/* the spectrum z of one column, of which all channels of a route take their share: bins from 0 */
static void analyse(const vr_waves *w, const vr_wave_route *r, size_t n, scratch *s)
{
  size_t bins = r->fold ? n : r->points / 2 + 1;
  lay_out(w, r, n, s->column, s->series);
  vr_fft_run(r->forward, s->series, s->spectrum);
  if (r->fold && w->par.exact)
    vr_wave_phase(bins, s->spectrum, r->turn, s->z);
  else if (r->fold)
    vr_wave_phasef(bins, s->spectrum, r->turn, s->z);
  else if (w->par.exact)
    memcpy(s->z, s->spectrum, 2 * bins * sizeof *s->spectrum);
  else
    vr_wave_roundf(2 * bins, s->spectrum, s->z);
}

/* Amplitudes of one channel: n rows in order. s->bins is empty before and after. */
static void channel(const vr_wave_route *r, const vr_wave_channel *c, const double *weight,
  size_t n, scratch *s, double *amp)
{
  const double *z = s->z;
  double *bins = s->bins, *wave = s->wave;
  vr_wave_weigh(c->count, weight + c->low, z + 2 * c->first, bins + 2 * c->first);
  for (size_t i = 1; i <= c->low; i++) {
    bins[2 * (r->points - i)] += weight[i - 1] * z[2 * i];
    bins[2 * (r->points - i) + 1] -= weight[i - 1] * z[2 * i + 1];
  }
  vr_fft_run(r->back, bins, wave);
  // the bins are left as they were found, empty
  memset(bins + 2 * c->first, 0, 2 * c->count * sizeof *bins);
  memset(bins + 2 * (r->points - c->low), 0, 2 * c->low * sizeof *bins);
  vr_wave_abs(n, wave + 2 * r->lead, r->fold ? s->modulus : amp);
  if (r->fold) vr_wave_unfold(n, s->modulus, amp);
}

static void channelf(const vr_wave_route *r, const vr_wave_channel *c, const float *weight,
  size_t n, scratch *s, float *amp)
{
  const float *z = s->z;
  float *bins = s->bins, *wave = s->wave;
  vr_wave_weighf(c->count, weight + c->low, z + 2 * c->first, bins + 2 * c->first);
  for (size_t i = 1; i <= c->low; i++) {
    bins[2 * (r->points - i)] += weight[i - 1] * z[2 * i];
    bins[2 * (r->points - i) + 1] -= weight[i - 1] * z[2 * i + 1];
  }
  vr_fft_run(r->back, bins, wave);
  // the bins are left as they were found, empty
  memset(bins + 2 * c->first, 0, 2 * c->count * sizeof *bins);
  memset(bins + 2 * (r->points - c->low), 0, 2 * c->low * sizeof *bins);
  vr_wave_absf(n, wave + 2 * r->lead, r->fold ? s->modulus : amp);
  if (r->fold) vr_wave_unfoldf(n, s->modulus, amp);
}

/* what follows the amplitudes (cols x ld): each frame by its sum, logarithm */
static void finish(const vr_waves *w, size_t n, size_t cols, size_t ld, void *amp)
{
  float *f = amp;
  double *d = amp;
  for (size_t i = 0; i < n && w->par.normalise; i++) {
    double sum = 0;
    for (size_t j = 0; j < cols; j++) sum += w->par.exact ? d[j * ld + i] : (double)f[j * ld + i];
    for (size_t j = 0; j < cols && sum > 0; j++) {
      if (w->par.exact)
        d[j * ld + i] /= sum;
      else
        f[j * ld + i] = (float)((double)f[j * ld + i] / sum);
    }
  }
  for (size_t j = 0; j < cols && w->par.log; j++)
    for (size_t i = 0; i < n; i++) {
      if (w->par.exact)
        d[j * ld + i] = log(fmax(d[j * ld + i], w->par.floor));
      else
        f[j * ld + i] = logf(fmaxf(f[j * ld + i], (float)w->par.floor));
    }
}

/* all channels of one column, nfreq x ld */
static void column(const vr_waves *w, const vr_wave_bank *b, const double *x, size_t m, size_t ld,
  scratch *s, void *amp)
{
  for (size_t i = 0; i < b->n; i++) s->column[i] = x[i * m];
  for (int i = 0; i < b->nroutes; i++) {
    const vr_wave_route *r = &b->route[i];
    int used = 0;
    for (size_t k = 0; k < (size_t)w->par.nfreq; k++) {
      const vr_wave_channel *c = &b->channel[k];
      if (c->route != i) continue;
      if (!used++) analyse(w, r, b->n, s);
      if (w->par.exact)
        channel(r, c, (const double *)b->weight + c->weight, b->n, s, (double *)amp + k * ld);
      else
        channelf(r, c, (const float *)b->weight + c->weight, b->n, s, (float *)amp + k * ld);
    }
  }
}

size_t vr_waves_stride(size_t len)
{
  return (len + 15) / 16 * 16 + 16;
}

void vr_waves_run(
  const vr_waves *w, const vr_wave_unit *u, const double *x, size_t m, void *block, void *amp)
{
  const vr_wave_bank *b = bank_find(w, u->len);
  size_t nfreq = (size_t)w->par.nfreq, ld = vr_waves_stride(u->len);
  for (size_t j = 0; j < m && u->len; j++)
    column(w, b, x + j, m, ld, block, (char *)amp + j * nfreq * ld * real_size(w));
  if (w->par.normalise || w->par.log) finish(w, u->len, m * nfreq, ld, amp);
}

void vr_waves_rows(const vr_waves *w, const vr_wave_unit *u, size_t m, const void *amp, void *rows)
{
  size_t cols = m * (size_t)w->par.nfreq, ld = vr_waves_stride(u->len);
  if (w->par.exact)
    vr_wave_turn(u->keep, cols, (const double *)amp + u->skip, ld, rows, cols);
  else
    vr_wave_turnf(u->keep, cols, (const float *)amp + u->skip, ld, rows, cols);
}
