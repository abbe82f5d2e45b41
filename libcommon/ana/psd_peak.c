#include "ana/psd_peak.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { STREAM = 0x707364 /* of random numbers: "psd" */, BATCH = 48 /* columns of noise */ };

/* 10 log10 of s, with a floor far below the largest, so that a spectrum may have zeros */
static void decibels(const double *s, size_t n, double *db)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, s[i]);
  double least = most > 0 ? fmax(most * 1e-30, 1e-300) : 1;
  for (size_t i = 0; i < n; i++) db[i] = 10 * log10(fmax(s[i], least));
}

/* The bins of an octave about i, cut on both sides alike where the spectrum ends: first .. last. */
static void octave(size_t i, size_t low, size_t high, size_t *first, size_t *last)
{
  double at = (double)i, root = sqrt(2), to = floor(at * root), from = ceil(at / root);
  if (to > (double)high) {
    to = (double)high;
    from = fmax(from, ceil(at * at / to));
  }
  if (from < (double)low) {
    from = (double)low;
    to = fmin(to, floor(at * at / from));
  }
  *first = (size_t)from;
  *last = (size_t)to;
}

/* background of a spectrum in dB; room has n numbers */
static void background_of(const double *db, size_t n, double *room, double *b)
{
  size_t low = VR_PSD_LOWEST, high = n < 2 ? 0 : n - 2, first, last;
  if (low > high) {
    memcpy(b, db, n * sizeof *b);
    return;
  }
  for (size_t i = low; i <= high; i++) {
    octave(i, low, high, &first, &last);
    memcpy(room, db + first, (last - first + 1) * sizeof *room);
    b[i] = vr_quantile(room, last - first + 1, 0.5);
  }
  for (size_t i = 0; i < n; i++)
    if (i < low || i > high) b[i] = b[i < low ? low : high];
}

/* The same, smoothed by the mean over octaves: what chance has left in the medians is not part of
 * the spectrum that noises are given. */
static void smooth(size_t n, double *room, double *b)
{
  size_t low = VR_PSD_LOWEST, high = n < 2 ? 0 : n - 2, first, last;
  memcpy(room, b, n * sizeof *b);
  for (size_t i = low; i <= high && low <= high; i++) {
    octave(i, low, high, &first, &last);
    b[i] = 0;
    for (size_t k = first; k <= last; k++) b[i] += room[k] / (double)(last - first + 1);
  }
}

int vr_psd_background(const double *s, size_t n, double *background)
{
  double *db;
  VR_TRY(vr_alloc(&db, 2 * n, sizeof *db));
  decibels(s, n, db);
  background_of(db, n, db + n, background);
  smooth(n, db + n, background);
  for (size_t i = 0; i < n; i++) background[i] = pow(10, background[i] / 10);
  vr_release(db);
  return 0;
}

/* -- peaks ------------------------------------------------------------------------------------- */

/* how far the top at i stands above the higher of the two passes to higher ground */
static double prominence_of(const double *db, size_t n, size_t i)
{
  double pass[2] = {db[i], db[i]};
  for (size_t k = i; k-- > VR_PSD_LOWEST - 1 && db[k] <= db[i];) pass[0] = fmin(pass[0], db[k]);
  for (size_t k = i + 1; k < n && db[k] <= db[i]; k++) pass[1] = fmin(pass[1], db[k]);
  return db[i] - fmax(pass[0], pass[1]);
}

/* a parabola through three points: where its top is and how high */
static void refine(const double *db, double df, vr_peak *p)
{
  double a = db[p->bin - 1], b = db[p->bin], c = db[p->bin + 1], bend = a - 2 * b + c;
  double shift = bend < 0 ? 0.5 * (a - c) / bend : 0;
  p->freq = ((double)p->bin + shift) * df;
  p->power = pow(10, (b - 0.25 * (a - c) * shift) / 10);
}

int vr_psd_peaks(const double *s, size_t n, double df, double prominence, size_t most,
  vr_peak *peak, size_t *found)
{
  double *db;
  *found = 0;
  VR_TRY(vr_alloc(&db, 3 * n, sizeof *db));
  double *b = db + n;
  decibels(s, n, db);
  background_of(db, n, b + n, b);
  for (size_t i = VR_PSD_LOWEST; i + 1 < n; i++) {
    if (!(db[i] > db[i - 1] && db[i] >= db[i + 1])) continue;
    vr_peak p = {.bin = i, .prominence = prominence_of(db, n, i), .excess = db[i] - b[i], .p = 1};
    if (p.prominence < prominence || !most) continue;
    refine(db, df, &p);
    // into the list, the most prominent first
    size_t at = *found < most ? (*found)++ : most;
    if (at == most && peak[--at].prominence >= p.prominence) continue;
    for (; at > 0 && peak[at - 1].prominence < p.prominence; at--) peak[at] = peak[at - 1];
    peak[at] = p;
  }
  vr_release(db);
  return 0;
}

/* -- the null ---------------------------------------------------------------------------------- */

typedef struct {
  const vr_psd *p;
  const vr_trials *tr;
  const int32_t *group;
  const vr_psd_par *par;
  const double *shape; // groups x cols x nfreq: weighted backgrounds
  size_t cols, batch;  // of the noise, and noises that are transformed together
  uint64_t seed;
  vr_mat *excess;
} null;

/* Columns of a batch of noises, each from a stream of its own. Numbers of one distribution serve as
 * well as normal ones: a segment sums hundreds of them. */
static int fill_noise(const null *b, size_t first, size_t noises, vr_mat *x)
{
  VR_TRY(vr_mat_resize(x, vr_trials_rows(b->tr), noises * b->cols));
  for (size_t k = 0; k < noises; k++) {
    vr_rng r = vr_rng_new(b->seed, STREAM, (uint32_t)(first + k));
    for (size_t i = 0; i < x->rows; i++)
      for (size_t j = 0; j < b->cols; j++)
        vr_row(x, i)[k * b->cols + j] = (double)vr_rng_u32(&r) - 2147483647.5;
  }
  return 0;
}

/* The largest excess in group g of the noise whose columns begin at `first`. s: room for 4 spectra. */
static double measure(const null *b, const vr_psd *noise, size_t g, size_t first, double *s)
{
  size_t n = noise->nfreq;
  double *db = s + n, *background = db + n, most = 0;
  memset(s, 0, n * sizeof *s);
  for (size_t j = 0; j < b->p->cols; j++) {
    const double *shape = b->shape + (g * b->p->cols + j) * n;
    const double *from = noise->power + (g * noise->cols + first + (b->cols == 1 ? 0 : j)) * n;
    for (size_t i = 0; i < n; i++) s[i] += shape[i] * from[i];
  }
  decibels(s, n, db);
  background_of(db, n, background + n, background);
  for (size_t i = VR_PSD_LOWEST; i + 1 < n; i++) most = fmax(most, db[i] - background[i]);
  return most;
}

static int one_batch(void *ctx, size_t chunk, int thread)
{
  const null *b = ctx;
  vr_mat x = {0};
  vr_psd noise = {0};
  double *room = NULL;
  size_t first = chunk * b->batch, noises = b->excess->cols - first;
  (void)thread;
  if (noises > b->batch) noises = b->batch;
  int code = fill_noise(b, first, noises, &x);
  if (!code) code = vr_psd_welch(&x, b->tr, b->group, b->p->groups, b->par, NULL, &noise);
  if (!code) code = vr_alloc(&room, 4 * noise.nfreq, sizeof *room);
  for (size_t g = 0; g < b->p->groups && !code; g++)
    for (size_t k = 0; k < noises && b->p->segments[g]; k++)
      vr_row(b->excess, g)[first + k] = measure(b, &noise, g, k * b->cols, room);
  vr_release(room);
  vr_psd_free(&noise);
  vr_mat_free(&x);
  return code;
}

int vr_psd_peak_null(const vr_psd *p, const vr_trials *tr, const int32_t *group,
  const vr_psd_par *par, const double *weight, const double *divide, int together, size_t n,
  uint64_t seed, const vr_pool *pool, vr_mat *excess)
{
  double *shape;
  VR_TRY(vr_mat_resize(excess, p->groups, n));
  memset(excess->a, 0, p->groups * n * sizeof *excess->a);
  VR_TRY(vr_alloc(&shape, p->groups * p->cols * p->nfreq, sizeof *shape));
  int code = 0;
  for (size_t k = 0; k < p->groups * p->cols && !code; k++) {
    size_t j = k % p->cols;
    double w = weight[j], *to = shape + k * p->nfreq;
    if (divide) w = divide[j] > 0 ? w / divide[j] : 0;
    code = vr_psd_background(p->power + k * p->nfreq, p->nfreq, to);
    for (size_t i = 0; i < p->nfreq; i++) to[i] *= w;
  }
  null b = {.p = p, .tr = tr, .group = group, .par = par, .shape = shape, .seed = seed};
  b.excess = excess;
  b.cols = together ? 1 : p->cols;
  b.batch = b.cols < BATCH ? BATCH / b.cols : 1;
  if (!code) code = vr_pool_run(pool, (n + b.batch - 1) / b.batch, one_batch, &b);
  vr_release(shape);
  return code;
}

void vr_psd_peak_p(vr_peak *peak, size_t found, const double *excess, size_t n)
{
  for (size_t k = 0; k < found; k++) {
    size_t more = 0;
    for (size_t i = 0; i < n; i++) more += excess[i] >= peak[k].excess;
    peak[k].p = (1 + (double)more) / (1 + (double)n);
  }
}
