#include "ana/psd.h"
#include "ana/psd_kernel.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include "num/fft_lanes.h"
#include "num/stat.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNKS = 64 };        // parts that a spectrum is summed in, about
enum { WIDE = VR_PSD_WIDE }; // columns that are transformed together

/* Segments first .. first + n - 1 of the list belong to one group. */
typedef struct {
  size_t group, first, n;
} run;

typedef struct {
  const vr_mat *x;
  const vr_psd_par *par;
  vr_psd *out;
  vr_lanes *lanes; // for most lengths; NULL: FFTW
  const vr_fft *plan;
  double *window;
  size_t *start; // first row of each segment, group by group
  run *runs;
  size_t nruns, blocks;
  double *part;         // runs x blocks x nfreq x WIDE: sums over a run, or their medians
  double *segment, *ft; // of a thread: nfft x WIDE, and its transform
} job;

size_t vr_psd_frames(const vr_psd_par *par, double rate)
{
  double n = floor(par->length * rate + 0.5);
  return n < 1e9 ? (size_t)n : (size_t)1e9;
}

void vr_psd_fill_window(vr_psd_window kind, int symmetric, size_t n, double *w)
{
  double period = symmetric ? (double)n - 1 : (double)n;
  for (size_t i = 0; i < n; i++) {
    double a = period > 0 ? 2 * M_PI * (double)i / period : M_PI;
    switch (kind) {
    case VR_PSD_HANN: w[i] = 0.5 - 0.5 * cos(a); break;
    case VR_PSD_HAMMING: w[i] = 0.54 - 0.46 * cos(a); break;
    case VR_PSD_BLACKMAN: w[i] = 0.42 - 0.5 * cos(a) + 0.08 * cos(2 * a); break;
    case VR_PSD_BOXCAR: w[i] = 1; break;
    }
  }
}

void vr_psd_free(vr_psd *p)
{
  vr_release(p->freq);
  vr_release(p->power);
  vr_release(p->segments);
  *p = (vr_psd){0};
}

/* -- the plan ---------------------------------------------------------------------------------- */

static int make_result(
  const vr_psd_par *par, const vr_trials *tr, size_t groups, size_t cols, vr_psd *out)
{
  size_t n = vr_psd_frames(par, tr->rate), nfft = n;
  if (n < 2 || n > 100000000)
    return vr_fail(VR_EARG, "a segment of %g s has %zu frames at %g Hz: 2 to 10^8 can be",
      par->length, n, tr->rate);
  if (!(par->overlap >= 0 && par->overlap < 1))
    return vr_fail(VR_EARG, "segments cannot overlap by %g of their length", par->overlap);
  if (par->padded)
    for (nfft = 256; nfft < n;) nfft *= 2;
  size_t hop = n - (size_t)floor((double)n * par->overlap + 1e-9);
  vr_psd_free(out);
  out->groups = groups;
  out->cols = cols;
  out->nfreq = nfft / 2 + 1;
  out->frames = n;
  out->hop = hop ? hop : 1;
  out->nfft = nfft;
  VR_TRY(vr_alloc(&out->freq, out->nfreq, sizeof *out->freq));
  VR_TRY(vr_alloc(&out->power, groups * cols * out->nfreq, sizeof *out->power));
  VR_TRY(vr_alloc(&out->segments, 2 * groups, sizeof *out->segments));
  out->trials = out->segments + groups;
  for (size_t k = 0; k < out->nfreq; k++) out->freq[k] = (double)k * tr->rate / (double)nfft;
  return 0;
}

static size_t count_segments(const vr_psd *out, size_t frames)
{
  return frames < out->frames ? 0 : (frames - out->frames) / out->hop + 1;
}

/* the segments of all groups in order */
static int list_segments(job *b, const vr_trials *tr, const int32_t *group, size_t *all)
{
  vr_psd *out = b->out;
  size_t at = 0;
  *all = 0;
  for (size_t k = 0; k < tr->n; k++) {
    size_t g = group ? (size_t)group[k] : 1, n = count_segments(out, tr->frames[k]);
    if (g > out->groups) return vr_fail(VR_EARG, "trial %zu is of no group", k);
    if (!g || !n) continue;
    out->segments[g - 1] += n;
    out->trials[g - 1]++;
    *all += n;
  }
  VR_TRY(vr_alloc(&b->start, *all, sizeof *b->start));
  for (size_t g = 1; g <= out->groups; g++)
    for (size_t k = 0; k < tr->n; k++)
      if ((group ? (size_t)group[k] : 1) == g)
        for (size_t i = 0; i < count_segments(out, tr->frames[k]); i++)
          b->start[at++] = tr->first[k] + i * out->hop;
  return 0;
}

/* The runs in which segments are summed: they depend on the data alone. Many columns are parts
 * enough; a median needs all segments of its group. */
static int list_runs(job *b, size_t all)
{
  size_t parts = b->blocks < CHUNKS ? CHUNKS / b->blocks : 1, at = 0;
  size_t each = b->par->median ? all : (all + parts - 1) / parts;
  VR_TRY(vr_alloc(&b->runs, parts + b->out->groups, sizeof *b->runs));
  for (size_t g = 0; g < b->out->groups; g++)
    for (size_t end = at + b->out->segments[g]; at < end; at += b->runs[b->nruns++].n)
      b->runs[b->nruns] = (run){g, at, end - at < each ? end - at : each};
  return 0;
}

/* -- one run of one block of columns ----------------------------------------------------------- */

/* Columns j and j + LANES are one complex series, so what rounding leaves of the larger one falls on
 * the smaller: both are brought to about one size, by powers of two. back: the square of what undoes
 * it; 0 for a column of zeros. */
static void balance(size_t n, double *y, const double square[WIDE], double back[WIDE])
{
  double scale[WIDE];
  int any = 0, most, exponent;
  for (size_t j = 0; j < WIDE; j++) {
    frexp(fmax(square[j % VR_LANES], square[j % VR_LANES + VR_LANES]), &most);
    frexp(square[j], &exponent);
    // what is within a factor of 2^10 needs nothing
    int up = square[j] > 0 && most - exponent > 20 ? (most - exponent) / 2 : 0;
    any |= up;
    scale[j] = ldexp(1, up);
    back[j] = square[j] > 0 ? ldexp(1, -2 * up) : 0;
  }
  if (any) vr_psd_scale(n, scale, y);
}

/* adds the power of a segment to sum (nfreq x WIDE) */
static void add_segment(const job *b, size_t start, size_t col, int thread, double *sum)
{
  size_t n = b->out->frames, nfft = b->out->nfft, cols = b->x->cols - col;
  double *y = b->segment + (size_t)thread * nfft * WIDE, square[WIDE], back[WIDE];
  double *z = b->ft + (size_t)thread * 2 * b->out->nfreq * WIDE, mean[WIDE];
  vr_psd_take(n, cols < WIDE ? cols : WIDE, vr_row(b->x, start) + col, b->x->cols, y, mean);
  if (b->par->detrend == VR_PSD_NONE) memset(mean, 0, sizeof mean);
  if (b->par->detrend == VR_PSD_LINEAR) vr_psd_level(n, mean, y);
  vr_psd_taper(n, mean, b->window, y, square);
  if (nfft > n) memset(y + n * WIDE, 0, (nfft - n) * WIDE * sizeof *y);
  if (b->lanes) {
    balance(n, y, square, back);
    vr_psd_power_lanes(nfft, vr_lanes_run(b->lanes, y, z), back, sum);
  } else {
    vr_fft_run(b->plan, y, z);
    vr_psd_power(b->out->nfreq * WIDE, z, sum);
  }
}

/* The median of n numbers from an exponential distribution is smaller than their mean by this. */
static double median_bias(size_t n)
{
  double bias = 1;
  for (size_t k = 1; k <= (n - 1) / 2; k++) bias += 1 / (2 * (double)k + 1) - 1 / (2 * (double)k);
  return bias;
}

static int median_run(const job *b, const run *r, size_t col, int thread, double *sum)
{
  size_t m = b->out->nfreq * WIDE;
  double *all, *one;
  VR_TRY(vr_alloc(&all, (m + 1) * r->n, sizeof *all));
  one = all + m * r->n;
  for (size_t s = 0; s < r->n; s++)
    add_segment(b, b->start[r->first + s], col, thread, all + s * m);
  for (size_t i = 0; i < m; i++) {
    for (size_t s = 0; s < r->n; s++) one[s] = all[s * m + i];
    vr_sort(one, r->n);
    sum[i] = (one[(r->n - 1) / 2] + one[r->n / 2]) / 2 / median_bias(r->n) * (double)r->n;
  }
  vr_release(all);
  return 0;
}

static int do_run(void *ctx, size_t chunk, int thread)
{
  const job *b = ctx;
  const run *r = &b->runs[chunk / b->blocks];
  size_t col = chunk % b->blocks * WIDE;
  double *sum = b->part + chunk * b->out->nfreq * WIDE;
  if (b->par->median) return median_run(b, r, col, thread, sum);
  for (size_t s = 0; s < r->n; s++) add_segment(b, b->start[r->first + s], col, thread, sum);
  return 0;
}

/* the runs in their order, turned so that frequencies are the last axis, in units per Hz */
static void merge(const job *b, double rate)
{
  vr_psd *out = b->out;
  size_t f = out->nfreq;
  double square = 0;
  for (size_t i = 0; i < out->frames; i++) square += b->window[i] * b->window[i];
  for (size_t k = 0; k < b->nruns; k++)
    for (size_t j = 0; j < out->cols; j++) {
      const double *from = b->part + (k * b->blocks + j / WIDE) * f * WIDE + j % WIDE;
      double *to = out->power + (b->runs[k].group * out->cols + j) * f;
      for (size_t i = 0; i < f; i++) to[i] += from[i * WIDE];
    }
  for (size_t g = 0; g < out->groups; g++) {
    if (!out->segments[g]) continue;
    double scale = 1 / (rate * square * (double)out->segments[g]);
    for (size_t j = 0; j < out->cols; j++)
      for (size_t i = 0; i < f; i++) {
        int one = !i || (out->nfft % 2 == 0 && i == f - 1);
        out->power[(g * out->cols + j) * f + i] *= one ? scale : 2 * scale;
      }
  }
}

static int run_job(job *b, const vr_trials *tr, const int32_t *group, const vr_pool *pool)
{
  vr_psd *out = b->out;
  size_t all, threads = (size_t)vr_pool_threads(pool);
  VR_TRY(list_segments(b, tr, group, &all));
  VR_TRY(list_runs(b, all));
  VR_TRY(vr_alloc(&b->window, out->frames, sizeof *b->window));
  vr_psd_fill_window(b->par->window, b->par->symmetric, out->frames, b->window);
  if (vr_lanes_fit(out->nfft))
    VR_TRY(vr_lanes_new(out->nfft, &b->lanes));
  else
    VR_TRY(vr_fft_plan_many(VR_FFT_R2C, 0, out->nfft, WIDE, &b->plan));
  VR_TRY(vr_alloc(&b->part, b->nruns * b->blocks * out->nfreq, WIDE * sizeof *b->part));
  VR_TRY(vr_alloc(&b->segment, threads * out->nfft, WIDE * sizeof *b->segment));
  VR_TRY(vr_alloc(&b->ft, threads * out->nfreq, 2 * WIDE * sizeof *b->ft));
  VR_TRY(vr_pool_run(pool, b->nruns * b->blocks, do_run, b));
  merge(b, tr->rate);
  return 0;
}

int vr_psd_welch(const vr_mat *x, const vr_trials *tr, const int32_t *group, size_t groups,
  const vr_psd_par *par, const vr_pool *pool, vr_psd *out)
{
  if (!x->cols || vr_trials_rows(tr) != x->rows)
    return vr_fail(
      VR_EARG, "%zu rows of %zu columns for %zu frames", x->rows, x->cols, vr_trials_rows(tr));
  if (!group) groups = 1;
  job b = {.x = x, .par = par, .out = out, .blocks = (x->cols + WIDE - 1) / WIDE};
  int code = make_result(par, tr, groups, x->cols, out);
  if (!code) code = run_job(&b, tr, group, pool);
  vr_lanes_free(b.lanes);
  vr_release(b.start);
  vr_release(b.runs);
  vr_release(b.window);
  vr_release(b.part);
  vr_release(b.segment);
  vr_release(b.ft);
  if (code) vr_psd_free(out);
  return code;
}

int vr_psd_mean(const vr_psd *p, const double *weight, const double *divide, vr_mat *s)
{
  double total = 0;
  for (size_t j = 0; j < p->cols; j++) total += weight[j];
  if (!(total > 0)) return vr_fail(VR_EDATA, "all weights of the spectra are 0");
  VR_TRY(vr_mat_resize(s, p->groups, p->nfreq));
  memset(s->a, 0, p->groups * p->nfreq * sizeof *s->a);
  for (size_t g = 0; g < p->groups; g++)
    for (size_t j = 0; j < p->cols; j++) {
      const double *from = p->power + (g * p->cols + j) * p->nfreq;
      double w = weight[j] / total;
      if (divide) w = divide[j] > 0 ? w / divide[j] : 0;
      for (size_t i = 0; i < p->nfreq; i++) vr_row(s, g)[i] += w * from[i];
    }
  return 0;
}
