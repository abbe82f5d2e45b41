#include "ana/overlap.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { STREAM = 0x6f766572 }; // of random numbers: "over"

/* What labels need of each trial, summed once: a histogram, and moments about the mean of all. */
typedef struct {
  const vr_overlap_par *par;
  size_t trials, labels, cells, cols, subspace, rows; // rows: of results
  const int32_t *label;                               // trials: 0 .. labels - 1
  vr_mat histogram;                                   // trials x cells
  vr_mat moment; // trials x (1 + cols + cols^2): frames, sums, products
  vr_mat draw;   // rows x (1 + draws): as they are, then by chance
  uint64_t seed;
} work;

/* -- what is summed of a trial ----------------------------------------------------------------- */

static int find_range(const vr_mat *x, size_t col, double *low, double *high)
{
  double *a;
  VR_TRY(vr_alloc(&a, x->rows, sizeof *a));
  for (size_t i = 0; i < x->rows; i++) a[i] = vr_row(x, i)[col];
  *low = vr_quantile(a, x->rows, 0.005);
  *high = vr_quantile(a, x->rows, 0.995);
  vr_release(a);
  return 0;
}

static size_t bin_of(double v, double low, double high, size_t n)
{
  double place = high > low ? (v - low) / (high - low) * (double)n : 0;
  return place < 0 ? 0 : place >= (double)n ? n - 1 : (size_t)place;
}

static void add_frame(work *w, const double *x, const double *mean, double *moment)
{
  size_t d = w->cols;
  moment[0]++;
  for (size_t a = 0; a < d; a++) {
    double here = x[a] - mean[a], *to = moment + 1 + d + a * d;
    moment[1 + a] += here;
    for (size_t b = 0; b < d; b++) to[b] += here * (x[b] - mean[b]);
  }
}

/* the trials that have a label and frames */
static int digest(work *w, const vr_mat *x, const vr_trials *tr, const int32_t *of)
{
  double low[2], high[2], *mean;
  size_t grid = (size_t)w->par->grid, at = 0;
  VR_TRY(find_range(x, 0, &low[0], &high[0]));
  VR_TRY(find_range(x, 1, &low[1], &high[1]));
  VR_TRY(vr_mat_resize(&w->histogram, w->trials, w->cells));
  VR_TRY(vr_mat_resize(&w->moment, w->trials, 1 + w->cols + w->cols * w->cols));
  memset(w->histogram.a, 0, w->trials * w->cells * sizeof *w->histogram.a);
  memset(w->moment.a, 0, w->trials * w->moment.cols * sizeof *w->moment.a);
  VR_TRY(vr_alloc(&mean, w->cols, sizeof *mean));
  int code = vr_column_stats(x, mean, NULL);
  for (size_t k = 0; k < tr->n && !code; k++) {
    if (!of[k] || !tr->frames[k]) continue;
    for (size_t i = tr->first[k]; i < tr->first[k] + tr->frames[k]; i++) {
      const double *row = vr_row(x, i);
      size_t cell =
        bin_of(row[0], low[0], high[0], grid) * grid + bin_of(row[1], low[1], high[1], grid);
      vr_row(&w->histogram, at)[cell]++;
      add_frame(w, row, mean, vr_row(&w->moment, at));
    }
    at++;
  }
  vr_release(mean);
  return code;
}

/* -- the overlaps of given labels -------------------------------------------------------------- */

/* room for sums over the trials of a label */
typedef struct {
  vr_mat histogram, moment; // labels x cells, labels x moments
  vr_mat covariance;        // labels x cols^2
  vr_mat axes;              // labels x (subspace x cols)
  double *value, *scratch;  // cols, cols^2
  double *own;              // labels: variance along a label's own axes
} sums;

static void sums_free(sums *s)
{
  vr_mat_free(&s->histogram);
  vr_mat_free(&s->moment);
  vr_mat_free(&s->covariance);
  vr_mat_free(&s->axes);
  vr_release(s->value);
}

static int sums_new(const work *w, sums *s)
{
  size_t d = w->cols;
  VR_TRY(vr_mat_resize(&s->histogram, w->labels, w->cells));
  VR_TRY(vr_mat_resize(&s->moment, w->labels, w->moment.cols));
  VR_TRY(vr_mat_resize(&s->covariance, w->labels, d * d));
  VR_TRY(vr_mat_resize(&s->axes, w->labels, w->subspace * d));
  VR_TRY(vr_alloc(&s->value, d + d * d + w->labels, sizeof *s->value));
  s->scratch = s->value + d;
  s->own = s->scratch + d * d;
  return 0;
}

static void add_trials(const work *w, const int32_t *label, const vr_mat *from, vr_mat *to)
{
  memset(to->a, 0, to->rows * to->cols * sizeof *to->a);
  for (size_t k = 0; k < w->trials; k++) {
    double *sum = vr_row(to, (size_t)label[k]);
    const double *one = vr_row(from, k);
    for (size_t i = 0; i < from->cols; i++) sum[i] += one[i];
  }
}

/* covariance of each label about its own mean, and its leading axes */
static int find_axes(const work *w, sums *s)
{
  size_t d = w->cols;
  for (size_t g = 0; g < w->labels; g++) {
    const double *m = vr_row(&s->moment, g);
    double *c = vr_row(&s->covariance, g), n = m[0] > 0 ? m[0] : 1;
    for (size_t a = 0; a < d; a++)
      for (size_t b = 0; b < d; b++)
        c[a * d + b] = (m[1 + d + a * d + b] - m[1 + a] * m[1 + b] / n) / n;
    memcpy(s->scratch, c, d * d * sizeof *c);
    VR_TRY(vr_eigh(d, s->scratch, w->subspace, s->value, vr_row(&s->axes, g)));
    s->own[g] = 0;
    for (size_t k = 0; k < w->subspace; k++) s->own[g] += fmax(s->value[k], 0);
  }
  return 0;
}

/* variance of label b along the axes of label a, of that along its own */
static double caught(const work *w, const sums *s, size_t a, size_t b)
{
  size_t d = w->cols;
  const double *c = vr_row(&s->covariance, b);
  double sum = 0;
  for (size_t k = 0; k < w->subspace; k++) {
    const double *v = vr_row(&s->axes, a) + k * d;
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++) sum += v[i] * c[i * d + j] * v[j];
  }
  return s->own[b] > 0 ? sum / s->own[b] : 0;
}

static void compare_pair(const work *w, const sums *s, size_t a, size_t b, double out[VR_OVERLAPS])
{
  const double *p = vr_row(&s->histogram, a), *q = vr_row(&s->histogram, b);
  double np = vr_row(&s->moment, a)[0], nq = vr_row(&s->moment, b)[0];
  memset(out, 0, VR_OVERLAPS * sizeof *out);
  if (!(np > 0 && nq > 0)) return;
  for (size_t i = 0; i < w->cells; i++) {
    out[VR_OVERLAP_HISTOGRAM] += fmin(p[i] / np, q[i] / nq);
    out[VR_OVERLAP_BHATTACHARYYA] += sqrt(p[i] / np * (q[i] / nq));
  }
  out[VR_OVERLAP_SUBSPACE] = (caught(w, s, a, b) + caught(w, s, b, a)) / 2;
}

/* column `draw` of the results for these labels of the trials */
static int measure(work *w, const int32_t *label, size_t draw)
{
  sums s = {0};
  double one[VR_OVERLAPS], pairs = 0;
  size_t at = VR_OVERLAPS;
  int code = sums_new(w, &s);
  if (!code) {
    add_trials(w, label, &w->histogram, &s.histogram);
    add_trials(w, label, &w->moment, &s.moment);
    code = find_axes(w, &s);
  }
  for (size_t a = 0; a < w->labels && !code; a++)
    for (size_t b = a + 1; b < w->labels; b++, pairs++) {
      compare_pair(w, &s, a, b, one);
      for (size_t m = 0; m < VR_OVERLAPS; m++) {
        vr_row(&w->draw, m)[draw] += one[m];
        vr_row(&w->draw, at++)[draw] = one[m];
      }
    }
  for (size_t m = 0; m < VR_OVERLAPS && !code; m++) vr_row(&w->draw, m)[draw] /= pairs;
  sums_free(&s);
  return code;
}

/* -- chance ------------------------------------------------------------------------------------ */

static int one_draw(void *ctx, size_t chunk, int thread)
{
  work *w = ctx;
  vr_rng r = vr_rng_new(w->seed, STREAM, (uint32_t)chunk);
  int32_t *label;
  (void)thread;
  VR_TRY(vr_alloc(&label, w->trials, sizeof *label));
  memcpy(label, w->label, w->trials * sizeof *label);
  for (size_t k = w->trials; k > 1; k--) {
    size_t other = vr_rng_below(&r, k);
    int32_t swap = label[k - 1];
    label[k - 1] = label[other];
    label[other] = swap;
  }
  int code = measure(w, label, chunk + 1);
  vr_release(label);
  return code;
}

static void summarise(work *w, vr_overlap_row *row)
{
  size_t draws = (size_t)w->par->draws, at = VR_OVERLAPS;
  for (size_t r = 0; r < w->rows; r++) {
    double *draw = vr_row(&w->draw, r), less = 0;
    row[r] = (vr_overlap_row){.measure = (int)(r % VR_OVERLAPS), .value = draw[0], .p = 1};
    for (size_t k = 1; k <= draws; k++) {
      less += draw[k] <= draw[0] + 1e-12;
      row[r].mean += draw[k] / (double)draws;
    }
    if (draws) row[r].low = vr_quantile(draw + 1, draws, 0.05);
    if (draws) row[r].p = (1 + less) / (1 + (double)draws);
  }
  for (size_t a = 0; a < w->labels; a++)
    for (size_t b = a + 1; b < w->labels; b++)
      for (size_t m = 0; m < VR_OVERLAPS; m++, at++) {
        row[at].first = a;
        row[at].second = b;
      }
}

static int check(const vr_mat *x, const vr_trials *tr, const int32_t *of, size_t labels,
  const vr_overlap_par *par, size_t *trials)
{
  size_t there = 0;
  if (vr_trials_rows(tr) != x->rows || x->cols < 2 || par->grid < 1 || par->subspace < 1 ||
      par->draws < 0)
    return vr_fail(VR_EARG, "overlap of %zu columns for %zu of %zu frames cannot be", x->cols,
      x->rows, vr_trials_rows(tr));
  *trials = 0;
  for (size_t g = 1; g <= labels; g++) {
    size_t n = 0;
    for (size_t k = 0; k < tr->n; k++) n += (size_t)of[k] == g && tr->frames[k];
    there += n > 0;
    *trials += n;
  }
  if (there == labels && labels > 1 && *trials > 2) return 0;
  return vr_fail(VR_EDATA,
    "overlap needs two labels and three trials: %zu labels of %zu trials are there", there,
    *trials);
}

int vr_overlap(const vr_mat *x, const vr_trials *tr, const int32_t *of, size_t labels,
  const vr_overlap_par *par, uint64_t seed, const vr_pool *pool, vr_overlap_row *row)
{
  work w = {.par = par, .labels = labels, .cols = x->cols, .seed = seed};
  int32_t *label = NULL;
  size_t n = 0;
  VR_TRY(check(x, tr, of, labels, par, &w.trials));
  w.cells = (size_t)par->grid * (size_t)par->grid;
  w.subspace = (size_t)par->subspace < w.cols ? (size_t)par->subspace : w.cols;
  w.rows = VR_OVERLAPS * (1 + labels * (labels - 1) / 2);
  int code = vr_alloc(&label, w.trials, sizeof *label);
  for (size_t k = 0; k < tr->n && !code; k++)
    if (of[k] && tr->frames[k]) label[n++] = of[k] - 1;
  w.label = label;
  if (!code) code = vr_mat_resize(&w.draw, w.rows, 1 + (size_t)par->draws);
  if (!code) memset(w.draw.a, 0, w.rows * w.draw.cols * sizeof *w.draw.a);
  if (!code) code = digest(&w, x, tr, of);
  if (!code) code = measure(&w, label, 0);
  if (!code) code = vr_pool_run(pool, (size_t)par->draws, one_draw, &w);
  if (!code) summarise(&w, row);
  vr_mat_free(&w.histogram);
  vr_mat_free(&w.moment);
  vr_mat_free(&w.draw);
  vr_release(label);
  return code;
}
