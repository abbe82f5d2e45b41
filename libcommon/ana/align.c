#include "ana/align_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/rank.h"
#include "num/stat.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PURPOSE = 0x616c676e };

/* -- windows -- */

// one sample of a window: d numbers between two rows
static void sample(const vr_mat *z, double row, double *to)
{
  double at = floor(row), w = row - at;
  size_t i = (size_t)at, d = z->cols;
  const double *a = vr_row(z, i), *b = w > 0 ? a + d : a;
  for (size_t j = 0; j < d; j++) to[j] = (1 - w) * a[j] + w * b[j];
}

static int check(const vr_trials *tr, const vr_window *w, size_t n, size_t lags)
{
  for (size_t e = 0; e < n; e++) {
    int32_t k = w[e].trial;
    if (k < 0 || (size_t)k >= tr->n) return vr_fail(VR_EARG, "window %zu: no trial %d", e, k);
    double first = (double)tr->first[k], last = first + (double)tr->frames[k] - 1;
    double end = w[e].row + (double)(lags - 1) * w[e].step;
    if (!(w[e].step > 0 && w[e].row >= first && end <= last + 1e-9))
      return vr_fail(VR_EARG, "window %zu leaves its trial", e);
  }
  return 0;
}

int vr_align_cut(
  const vr_mat *x, const vr_trials *tr, const vr_window *w, size_t n, size_t lags, double *to)
{
  VR_TRY(check(tr, w, n, lags));
  for (size_t e = 0; e < n; e++)
    for (size_t l = 0; l < lags; l++) {
      double last = (double)(tr->first[w[e].trial] + tr->frames[w[e].trial] - 1);
      sample(x, fmin(w[e].row + (double)l * w[e].step, last), to + (e * lags + l) * x->cols);
    }
  return 0;
}

/* -- one set of windows -- */

// sums over windows, lags x units each, and what is told of them
typedef struct {
  double *odd, *even, *mean, *square, *shape, *one; // block
  double *peaks, *scratch;                          // 2 x units each
  size_t *order;                                    // units
  double *spread;                                   // lags
  double value[VR_ALIGN_STATISTICS];
} heap;

static int heap_new(heap *h, size_t lags, size_t units)
{
  size_t n = lags * units;
  VR_TRY(vr_alloc(&h->odd, 6 * n + 5 * units + lags, sizeof(double)));
  h->even = h->odd + n;
  h->mean = h->even + n;
  h->square = h->mean + n;
  h->shape = h->square + n;
  h->one = h->shape + n;
  h->peaks = h->one + n;
  h->scratch = h->peaks + 2 * units;
  h->order = (size_t *)(h->scratch + 2 * units);
  h->spread = h->scratch + 3 * units;
  return 0;
}

typedef struct {
  const vr_mat *z;
  const vr_trials *tr;
  const vr_window *w;
  size_t n, lags, units;
  const vr_align_par *par;
  heap *heap;       // one a thread
  vr_window *place; // n a thread
  double *null;     // surrogates x (VR_ALIGN_STATISTICS + lags)
} job;

// h->one := a window, less the mean of each unit over its lags; norm: of that
static void load(const job *p, const vr_window *w, heap *h, double *raw, double *norm)
{
  size_t u = p->units, last = p->tr->first[w->trial] + p->tr->frames[w->trial] - 1;
  double *mean = h->scratch;
  memset(mean, 0, u * sizeof *mean);
  for (size_t l = 0; l < p->lags; l++) {
    sample(p->z, fmin(w->row + (double)l * w->step, (double)last), raw + l * u);
    for (size_t j = 0; j < u; j++) mean[j] += raw[l * u + j];
  }
  *norm = 0;
  for (size_t l = 0; l < p->lags; l++)
    for (size_t j = 0; j < u; j++) {
      double c = raw[l * u + j] - mean[j] / (double)p->lags;
      h->one[l * u + j] = c;
      *norm += c * c;
    }
}

static void gather(const job *p, const vr_window *w, heap *h, double *raw)
{
  size_t n = p->lags * p->units;
  double norm;
  memset(h->odd, 0, 5 * n * sizeof *h->odd);
  for (size_t e = 0; e < p->n; e++) {
    double *half = e % 2 ? h->even : h->odd;
    load(p, w + e, h, raw, &norm);
    for (size_t i = 0; i < n; i++) {
      double v = raw[i];
      half[i] += p->par->show == VR_SHOW_MEAN_ABS ? fabs(v) : v;
      h->mean[i] += v;
      h->square[i] += v * v;
      h->shape[i] += h->one[i];
    }
  }
}

// correlation of each window with the sum of the others
static double single(const job *p, const vr_window *w, heap *h, double *raw)
{
  size_t n = p->lags * p->units;
  double all = 0, sum = 0, norm;
  for (size_t i = 0; i < n; i++) all += h->shape[i] * h->shape[i];
  for (size_t e = 0; e < p->n; e++) {
    double dot = 0;
    load(p, w + e, h, raw, &norm);
    for (size_t i = 0; i < n; i++) dot += h->one[i] * h->shape[i];
    double rest = all - 2 * dot + norm;
    if (norm > 0 && rest > 0) sum += (dot - norm) / sqrt(norm * rest);
  }
  return sum / (double)p->n;
}

static double shown(const job *p, double sum, double count)
{
  double m = count > 0 ? sum / count : 0;
  return p->par->show == VR_SHOW_ABS_MEAN ? fabs(m) : m;
}

// lag of the highest value of a unit
static size_t peak_of(const job *p, const double *sum, size_t unit, double count)
{
  size_t top = 0;
  double most = -INFINITY;
  for (size_t l = 0; l < p->lags; l++) {
    double v = shown(p, sum[l * p->units + unit], count);
    if (v > most) most = v, top = l;
  }
  return top;
}

// how far unit stands out at lag `at`, in sd over its lags
static double stands_out(const job *p, const double *sum, size_t unit, double count, size_t at)
{
  double mean = 0, var = 0, l = (double)p->lags;
  for (size_t k = 0; k < p->lags; k++) mean += shown(p, sum[k * p->units + unit], count) / l;
  for (size_t k = 0; k < p->lags; k++) {
    double d = shown(p, sum[k * p->units + unit], count) - mean;
    var += d * d / l;
  }
  double here = shown(p, sum[at * p->units + unit], count) - mean;
  return var > 0 ? here / sqrt(var) : 0;
}

static double sd_of(const heap *h, size_t i, double n)
{
  return n > 1 ? sqrt(fmax(0, (h->square[i] - h->mean[i] * h->mean[i] / n) / (n - 1))) : 0;
}

// sd over windows: its mean over units at each lag; log of inside against outside
static double quench(const job *p, heap *h)
{
  size_t in0 = p->par->inside[0], in1 = p->par->inside[1];
  double sum = 0, n = (double)p->n, used = 0;
  memset(h->spread, 0, p->lags * sizeof *h->spread);
  for (size_t j = 0; j < p->units; j++) {
    double in = 0, out = 0;
    for (size_t l = 0; l < p->lags; l++) {
      double sd = sd_of(h, l * p->units + j, n);
      h->spread[l] += sd / (double)p->units;
      *(l >= in0 && l < in1 ? &in : &out) += sd;
    }
    in /= (double)(in1 - in0);
    out /= (double)(p->lags - (in1 - in0));
    if (in > 0 && out > 0) sum += log(in / out), used++;
  }
  return in1 > in0 && in1 - in0 < p->lags && used > 0 ? sum / used : 0;
}

static void tell(const job *p, const vr_window *w, heap *h, double *raw)
{
  size_t u = p->units;
  double odd = (double)((p->n + 1) / 2), even = (double)(p->n / 2), ridge = 0;
  gather(p, w, h, raw);
  h->value[VR_ALIGN_SINGLE] = single(p, w, h, raw);
  for (size_t j = 0; j < u; j++) {
    size_t top = peak_of(p, h->odd, j, odd);
    h->peaks[j] = (double)top;
    h->peaks[u + j] = (double)peak_of(p, h->even, j, even);
    ridge += stands_out(p, h->even, j, even, top) / (double)u;
  }
  h->value[VR_ALIGN_RIDGE] = ridge;
  h->value[VR_ALIGN_SPLIT] = vr_spearman_in(h->peaks, h->peaks + u, u, h->order, h->scratch);
  h->value[VR_ALIGN_QUENCH] = quench(p, h);
}

/* -- surrogates -- */

// as many windows of the same trials and lengths, anywhere
static void scatter(const job *p, size_t surrogate, vr_window *to)
{
  vr_rng rng = vr_rng_new(p->par->seed, (uint32_t)surrogate, PURPOSE);
  for (size_t e = 0; e < p->n; e++) {
    const vr_window *w = p->w + e;
    double room = (double)p->tr->frames[w->trial] - 1 - (double)(p->lags - 1) * w->step;
    to[e] = *w;
    to[e].row = (double)p->tr->first[w->trial] + fmax(0, room) * vr_rng_uniform(&rng);
  }
}

static int surrogate(void *ctx, size_t s, int thread)
{
  job *p = ctx;
  heap *h = p->heap + thread;
  vr_window *place = p->place + (size_t)thread * p->n;
  double *row = p->null + s * (VR_ALIGN_STATISTICS + p->lags), *raw;
  VR_TRY(vr_alloc(&raw, p->lags * p->units, sizeof *raw));
  scatter(p, s, place);
  tell(p, place, h, raw);
  memcpy(row, h->value, VR_ALIGN_STATISTICS * sizeof *row);
  memcpy(row + VR_ALIGN_STATISTICS, h->spread, p->lags * sizeof *row);
  vr_release(raw);
  return 0;
}

/* -- results -- */

static int by_peak(const void *a, const void *b, void *ctx)
{
  const int32_t *peak = ctx;
  int32_t i = *(const int32_t *)a, k = *(const int32_t *)b;
  return peak[i] != peak[k] ? (peak[i] > peak[k]) - (peak[i] < peak[k]) : (i > k) - (i < k);
}

static int results(const job *p, const heap *h, vr_aligned *a)
{
  size_t u = p->units, lags = p->lags, even = p->n / 2;
  vr_mat *const out[] = {&a->average, &a->even, &a->mean, &a->sd};
  for (size_t k = 0; k < VR_LEN(out); k++) VR_TRY(vr_mat_resize(out[k], u, lags));
  VR_TRY(vr_alloc(&a->order, 4 * u, sizeof *a->order));
  VR_TRY(vr_alloc(&a->spread, 5 * lags, sizeof *a->spread));
  a->peak = a->order + u;
  for (size_t j = 0; j < u; j++) {
    for (size_t l = 0; l < lags; l++) {
      size_t i = l * u + j;
      vr_row(&a->average, j)[l] = shown(p, h->odd[i] + h->even[i], (double)p->n);
      vr_row(&a->even, j)[l] = shown(p, h->even[i], (double)even);
      vr_row(&a->mean, j)[l] = h->mean[i] / (double)p->n;
      vr_row(&a->sd, j)[l] = sd_of(h, i, (double)p->n);
      if (vr_row(&a->average, j)[l] > vr_row(&a->average, j)[a->peak[2 * u + j]])
        a->peak[2 * u + j] = (int32_t)l;
    }
    a->order[j] = (int32_t)j;
    a->peak[j] = (int32_t)h->peaks[j];
    a->peak[u + j] = (int32_t)h->peaks[u + j];
  }
  qsort_r(a->order, u, sizeof *a->order, by_peak, a->peak);
  for (size_t l = 0; l < lags; l++) {
    a->spread[l] = h->spread[l];
    for (size_t j = 0; j < u; j++) h->scratch[j] = vr_row(&a->sd, j)[l];
    a->spread[lags + l] = vr_quantile(h->scratch, u, 0.2);
    a->spread[2 * lags + l] = vr_quantile(h->scratch, u, 0.8);
  }
  for (size_t k = 0; k < VR_ALIGN_UNIFORM; k++) a->test[k].value = h->value[k];
  return 0;
}

static int nulls(job *p, const vr_pool *pool, double *column, vr_aligned *a)
{
  size_t rows = (size_t)p->par->surrogates, stride = VR_ALIGN_STATISTICS + p->lags;
  VR_TRY(vr_pool_run(pool, rows, surrogate, p));
  for (size_t k = 0; k < VR_ALIGN_UNIFORM; k++) {
    if (k == VR_ALIGN_QUENCH && p->par->inside[1] <= p->par->inside[0]) continue;
    vr_align_test(p->null, rows, stride, k, k == VR_ALIGN_QUENCH, column, a->test + k);
  }
  for (size_t l = 0; l < p->lags; l++) {
    vr_tested t = {0};
    double mean = 0;
    vr_align_test(p->null, rows, stride, VR_ALIGN_STATISTICS + l, 1, column, &t);
    for (size_t s = 0; s < rows; s++) mean += column[s] / (double)rows;
    a->spread[3 * p->lags + l] = mean;
    a->spread[4 * p->lags + l] = t.null;
  }
  return 0;
}

static int run(job *p, const vr_pool *pool, size_t threads, vr_aligned *a)
{
  size_t rows = p->par->surrogates > 0 ? (size_t)p->par->surrogates : 0;
  double *raw = NULL, *column = NULL;
  int tested = rows && p->n >= VR_ALIGN_WINDOWS && p->units >= VR_ALIGN_UNITS, code = 0;
  for (size_t k = 0; k < threads && !code; k++) code = heap_new(p->heap + k, p->lags, p->units);
  if (!code) code = vr_alloc(&raw, p->lags * p->units, sizeof *raw);
  if (!code) code = vr_alloc(&column, rows, sizeof *column);
  if (!code) {
    tell(p, p->w, p->heap, raw);
    code = results(p, p->heap, a);
  }
  if (!code && tested) code = nulls(p, pool, column, a);
  if (!code && tested) code = vr_align_tile(p->par, a->peak, column, a);
  for (size_t k = 0; k < threads; k++) vr_release(p->heap[k].odd);
  vr_release(column);
  vr_release(raw);
  return code;
}

int vr_align(const vr_mat *z, const vr_trials *tr, const vr_window *w, size_t n,
  const vr_align_par *par, const vr_pool *pool, vr_aligned *a)
{
  size_t threads = (size_t)vr_pool_threads(pool);
  vr_align_free(a);
  if (!n) return vr_fail(VR_EDATA, "no window around an event lies inside its trial");
  if (!par->lags || !z->cols || par->inside[1] > par->lags)
    return vr_fail(VR_EARG, "windows of %zu samples of %zu units cannot be", par->lags, z->cols);
  VR_TRY(check(tr, w, n, par->lags));
  job p = {.z = z, .tr = tr, .w = w, .n = n, .lags = par->lags, .units = z->cols, .par = par};
  a->windows = n;
  a->lags = p.lags;
  a->units = p.units;
  int code = vr_alloc(&p.heap, threads, sizeof *p.heap);
  if (!code) code = vr_alloc(&p.place, threads * n, sizeof *p.place);
  if (!code)
    code = vr_alloc(&p.null, (size_t)(par->surrogates > 0 ? par->surrogates : 0),
      (VR_ALIGN_STATISTICS + p.lags) * sizeof *p.null);
  if (!code) code = run(&p, pool, threads, a);
  vr_release(p.null);
  vr_release(p.place);
  vr_release(p.heap);
  if (code) vr_align_free(a);
  return code;
}

void vr_align_free(vr_aligned *a)
{
  vr_mat_free(&a->average);
  vr_mat_free(&a->even);
  vr_mat_free(&a->mean);
  vr_mat_free(&a->sd);
  vr_release(a->order);
  vr_release(a->spread);
  *a = (vr_aligned){0};
}
