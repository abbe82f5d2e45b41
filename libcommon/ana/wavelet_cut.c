// Wavelets of whole recordings: trials in pieces, and the cone of influence. See ana/wavelet.h.
#include "ana/wavelet_bank.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include <math.h>

/* rows on either side of a window that feel its end */
static size_t margin_of(const vr_waves *w)
{
  double sd = vr_waves_scale(w)[0] * vr_waves_rate(w);
  double rows = ceil(vr_wave_reach(w) * sd);
  return rows < 256 ? 256 : rows < 1e9 ? (size_t)rows : (size_t)1e9;
}

/* windows of a trial of n rows: returns their number and, where unit is not NULL, sets them */
static size_t cut_trial(size_t first, size_t n, size_t margin, size_t window, vr_wave_unit *unit)
{
  if (!n) return 0;
  if (n <= VR_WAVELET_WHOLE || n <= window + window / 2) {
    if (unit) *unit = (vr_wave_unit){.first = first, .len = n, .keep = n};
    return 1;
  }
  size_t count = 0;
  for (size_t row = 0; row < n; count++) {
    // the first window needs no margin before, the last one none after
    size_t start = row > margin ? row - margin : 0, end = start + window - margin;
    if (start + window >= n) {
      start = n - window;
      end = n;
    }
    if (unit)
      unit[count] = (vr_wave_unit){
        .first = first + start, .len = window, .skip = row - start, .keep = end - row};
    row = end;
  }
  return count;
}

int vr_waves_cut(const vr_waves *w, const vr_trials *tr, vr_wave_unit **unit, size_t *n)
{
  size_t margin = margin_of(w), window = 8192;
  while (window < 4 * margin) window *= 2;
  *n = 0;
  for (size_t k = 0; k < tr->n; k++) *n += cut_trial(0, tr->frames[k], margin, window, NULL);
  VR_TRY(vr_alloc(unit, *n, sizeof **unit));
  size_t at = 0;
  for (size_t k = 0; k < tr->n; k++)
    at += cut_trial(tr->first[k], tr->frames[k], margin, window, *unit + at);
  return 0;
}

void vr_waves_cone(const vr_waves *w, size_t frames, uint8_t *inside)
{
  const double *scale = vr_waves_scale(w);
  int nfreq = vr_waves_par(w)->nfreq;
  for (size_t t = 0; t < frames; t++) {
    size_t edge = t < frames - 1 - t ? t : frames - 1 - t;
    int k = 0;
    // scales descend: the lowest channel reaches farthest
    while (k < nfreq && (double)edge < sqrt(2) * scale[k] * vr_waves_rate(w)) k++;
    inside[t] = (uint8_t)k;
  }
}

/* what the units of one call share */
typedef struct {
  const vr_waves *w;
  const vr_wave_unit *unit;
  const vr_mat *x;
  void **scratch, **room; /* one of each a thread; room: amplitudes of a unit */
  char *amp;
  size_t row_size; /* bytes of a row of amp */
} job;

static int run_unit(void *ctx, size_t chunk, int thread)
{
  const job *b = ctx;
  const vr_wave_unit *u = b->unit + chunk;
  size_t m = b->x->cols;
  vr_waves_run(b->w, u, b->x->a + u->first * m, m, b->scratch[thread], b->room[thread]);
  vr_waves_rows(b->w, u, m, b->room[thread], b->amp + (u->first + u->skip) * b->row_size);
  return 0;
}

static int run_all(vr_waves *w, const vr_trials *tr, job *b, const vr_pool *pool)
{
  enum { GROUP = 64 };
  vr_wave_unit *unit = NULL;
  size_t n = 0, longest = 0, threads = (size_t)vr_pool_threads(pool);
  int code = vr_waves_cut(w, tr, &unit, &n);
  for (size_t i = 0; i < n && !code; i++)
    if (unit[i].len > longest) longest = unit[i].len;
  if (!code) code = vr_alloc(&b->scratch, threads, 2 * sizeof *b->scratch);
  if (!code) b->room = b->scratch + threads;
  for (size_t i = 0; i < threads && !code; i++) {
    code = vr_waves_scratch(w, longest, &b->scratch[i]);
    if (!code) code = vr_alloc(&b->room[i], vr_waves_stride(longest), b->row_size);
  }
  for (size_t i = 0; i < n && !code; i += GROUP) {
    size_t group = n - i < GROUP ? n - i : GROUP;
    b->unit = unit + i;
    code = vr_waves_prepare(w, b->unit, group);
    if (!code) code = vr_pool_run(pool, group, run_unit, b);
  }
  for (size_t i = 0; i < 2 * threads && b->scratch; i++) vr_release(b->scratch[i]);
  vr_release(b->scratch);
  vr_release(unit);
  return code;
}

/* either of amp and ampf is set */
static int run(const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par, const vr_pool *pool,
  vr_mat *amp, vr_matf *ampf)
{
  vr_wavelet_par p = *par;
  p.exact = amp != NULL;
  vr_waves *w;
  size_t cols;
  if (vr_trials_rows(tr) != x->rows)
    return vr_fail(VR_EARG, "trials of %zu rows, a matrix of %zu", vr_trials_rows(tr), x->rows);
  VR_TRY(vr_waves_new(&p, tr->rate, &w));
  int code = 0;
  if (__builtin_mul_overflow(x->cols, (size_t)p.nfreq, &cols))
    code = vr_fail(VR_EMEM, "no memory for the amplitudes of %zu columns", x->cols);
  if (!code) code = amp ? vr_mat_resize(amp, x->rows, cols) : vr_matf_resize(ampf, x->rows, cols);
  job b = {.w = w, .x = x};
  if (!code) {
    b.amp = amp ? (char *)amp->a : (char *)ampf->a;
    b.row_size = cols * (amp ? sizeof(double) : sizeof(float));
    code = run_all(w, tr, &b, pool);
  }
  vr_waves_free(w);
  return code;
}

int vr_wavelet(
  const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par, const vr_pool *pool, vr_mat *amp)
{
  return run(x, tr, par, pool, amp, NULL);
}

int vr_waveletf(const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par,
  const vr_pool *pool, vr_matf *amp)
{
  return run(x, tr, par, pool, NULL, amp);
}
