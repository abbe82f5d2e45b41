#include "ana/tsne_in.h"
#include "base/err.h"
#include "base/rng.h"
#include "num/lin.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

/* Below this many rows an iteration is shorter than it takes to wake a thread. */
enum { HISTORY = 50, TELL = 10, PCA_MAX = 4096, THREADS_FROM = 4000 };
static const double start_sd = 1e-4, jitter_sd = 1e-6;

/* -- start ------------------------------------------------------------------------------------- */

/* The two first principal components of x, the first with sd start_sd. */
static int start_pca(const vr_mat *x, const vr_pool *pool, double *y)
{
  size_t d = x->cols, axes = d < 2 ? d : 2;
  vr_cov cov = {0};
  vr_mat c = {0}, v = {0};
  int code = vr_cov_init(&cov, d);
  if (!code) code = vr_cov_add(&cov, x, pool);
  if (!code) code = vr_cov_matrix(&cov, &c);
  if (!code) code = vr_mat_resize(&v, axes + 1, d);
  if (!code) code = vr_eigh(d, c.a, axes, vr_row(&v, axes), v.a);
  double variance = code ? 0 : vr_row(&v, axes)[0];
  double scale = variance > 0 ? start_sd / sqrt(variance) : 0;
  for (size_t i = 0; i < x->rows && !code; i++)
    for (size_t a = 0; a < axes; a++) {
      double sum = 0;
      for (size_t j = 0; j < d; j++) sum += (vr_row(x, i)[j] - cov.mean[j]) * vr_row(&v, a)[j];
      y[2 * i + a] = sum * scale;
    }
  vr_cov_free(&cov);
  vr_mat_free(&c);
  vr_mat_free(&v);
  return code;
}

/* y (n x 2), zero: the start. Rows that are equal are parted a little, so that they can leave each
 * other. */
static int start_map(
  const vr_mat *x, const vr_tsne_par *par, uint64_t seed, const vr_pool *pool, double *y)
{
  if (par->from) {
    memcpy(y, par->from->a, 2 * x->rows * sizeof *y);
    return 0;
  }
  vr_rng r = vr_rng_new(seed, 0, 0);
  if (par->start == VR_TSNE_PCA) VR_TRY(start_pca(x, pool, y));
  double sd = par->start == VR_TSNE_PCA ? jitter_sd : start_sd;
  for (size_t k = 0; k < 2 * x->rows; k++) y[k] += sd * vr_rng_normal(&r);
  return 0;
}

/* -- descent ----------------------------------------------------------------------------------- */

typedef struct {
  const vr_affinity *p;
  const vr_tsne_par *par;
  const vr_pool *pool;
  vr_tsne_mode mode;
  vr_push *push;
  double *y, *step, *gain; /* n x 2 */
  double *pull, *away;     /* n x 2: sums over neighbours and over all points */
  float *place;            /* n x 2: y in single precision */
  double *part;            /* chunks x 2 */
  double z, exaggeration, rate, momentum;
} descent;

static int pull_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  descent *d = ctx;
  size_t end = tsne_chunk_end(chunk, d->p->n);
  if (d->mode != VR_TSNE_EXACT)
    vr_tsne_pullf(d->p, d->place, chunk * TSNE_ROWS, end, d->pull);
  else
    vr_tsne_pull(d->p, d->y, chunk * TSNE_ROWS, end, d->pull);
  return 0;
}

static int log_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  descent *d = ctx;
  d->part[chunk] = vr_tsne_log_sum(d->p, d->y, chunk * TSNE_ROWS, tsne_chunk_end(chunk, d->p->n));
  return 0;
}

/* One step of the points of a chunk; part gets the sum of their new places. */
static int step_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  descent *d = ctx;
  double *sum = d->part + 2 * chunk, cap = d->par->step;
  sum[0] = sum[1] = 0;
  for (size_t i = chunk * TSNE_ROWS; i < tsne_chunk_end(chunk, d->p->n); i++) {
    double *step = d->step + 2 * i, *gain = d->gain + 2 * i;
    for (size_t a = 0; a < 2; a++) {
      double g = d->exaggeration * d->pull[2 * i + a] - d->away[2 * i + a] / d->z;
      // gains grow where the gradient keeps its direction: it is then opposite to the last step
      int turned = (step[a] > 0) - (step[a] < 0) != (g > 0) - (g < 0);
      gain[a] = turned ? gain[a] + 0.2 : gain[a] * 0.8;
      if (gain[a] < 0.01) gain[a] = 0.01;
      step[a] = d->momentum * step[a] - d->rate * gain[a] * g;
    }
    double length = sqrt(step[0] * step[0] + step[1] * step[1]);
    double shrink = cap > 0 && length > cap ? cap / length : 1;
    for (size_t a = 0; a < 2; a++) {
      step[a] *= shrink;
      sum[a] += d->y[2 * i + a] += step[a];
    }
  }
  return 0;
}

static int centre_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  descent *d = ctx;
  const double *mean = d->part + 2 * tsne_chunks(d->p->n);
  for (size_t i = chunk * TSNE_ROWS; i < tsne_chunk_end(chunk, d->p->n); i++)
    for (size_t a = 0; a < 2; a++) {
      d->y[2 * i + a] -= mean[a];
      d->place[2 * i + a] = (float)d->y[2 * i + a];
    }
  return 0;
}

/* Sums of forces at y. */
static int forces(descent *d)
{
  VR_TRY(vr_pool_run(d->pool, tsne_chunks(d->p->n), pull_rows, d));
  return vr_push_run(d->push, d->y, d->away, &d->z);
}

static int iterate(descent *d)
{
  size_t n = d->p->n, chunks = tsne_chunks(n);
  double *mean = d->part + 2 * chunks;
  VR_TRY(forces(d));
  VR_TRY(vr_pool_run(d->pool, chunks, step_rows, d));
  mean[0] = mean[1] = 0;
  for (size_t c = 0; c < chunks; c++)
    for (size_t a = 0; a < 2; a++) mean[a] += d->part[2 * c + a] / (double)n;
  if (!isfinite(mean[0]) || !isfinite(mean[1]))
    return vr_fail(VR_ENUM, "the map left the finite numbers; use a smaller --learning-rate");
  return vr_pool_run(d->pool, chunks, centre_rows, d);
}

/* KL of the kept neighbours, with the Z of the forces: sum p ln p + sum p ln(1 + d^2) + ln Z. */
static int divergence(descent *d, double *kl)
{
  size_t chunks = tsne_chunks(d->p->n);
  VR_TRY(vr_push_run(d->push, d->y, d->away, &d->z));
  VR_TRY(vr_pool_run(d->pool, chunks, log_rows, d));
  *kl = log(d->z);
  for (size_t c = 0; c < chunks; c++) *kl += d->part[c];
  for (size_t e = 0; e < d->p->start[d->p->n]; e++) {
    double p = d->p->value[e];
    if (p > 0) *kl += p * log(p);
  }
  return 0;
}

static int descent_new(descent *d, const vr_affinity *p, const vr_tsne_par *par, vr_tsne_mode mode,
  const vr_pool *pool, vr_arena *arena)
{
  size_t n = p->n;
  *d = (descent){.p = p, .par = par, .mode = mode, .pool = pool};
  VR_TRY(vr_arena_alloc(arena, &d->step, 2 * n, sizeof *d->step));
  VR_TRY(vr_arena_alloc(arena, &d->gain, 2 * n, sizeof *d->gain));
  VR_TRY(vr_arena_alloc(arena, &d->pull, 2 * n, sizeof *d->pull));
  VR_TRY(vr_arena_alloc(arena, &d->away, 2 * n, sizeof *d->away));
  VR_TRY(vr_arena_alloc(arena, &d->place, 2 * n, sizeof *d->place));
  VR_TRY(vr_arena_alloc(arena, &d->part, 2 * tsne_chunks(n) + 2, sizeof *d->part));
  for (size_t k = 0; k < 2 * n; k++) d->gain[k] = 1;
  return vr_push_new(mode, n, par->theta, pool, &d->push);
}

static int descend(descent *d, vr_tsne_progress progress, void *ctx, vr_mat *history)
{
  const vr_tsne_par *par = d->par;
  int total = par->early + par->iterations;
  size_t row = 0;
  for (size_t k = 0; k < 2 * d->p->n; k++) d->place[k] = (float)d->y[k];
  for (int t = 0; t < total; t++) {
    int early = t < par->early;
    d->exaggeration = early ? par->exaggeration : 1;
    d->rate = par->rate > 0 ? par->rate : (double)d->p->n / d->exaggeration;
    d->momentum = early ? par->momentum_early : par->momentum;
    VR_TRY(iterate(d));
    if ((t + 1) % HISTORY == 0 || t + 1 == total) {
      vr_row(history, row)[0] = t + 1;
      VR_TRY(divergence(d, vr_row(history, row) + 1));
      row++;
    }
    if (progress && ((t + 1) % TELL == 0 || t + 1 == total))
      progress(ctx, "iterations", t + 1, total);
  }
  history->rows = row;
  return 0;
}

/* -- whole ------------------------------------------------------------------------------------- */

static int check(const vr_mat *x, const vr_tsne_par *par)
{
  size_t n = x->rows, bad = vr_find_bad(x->a, n * x->cols);
  if (!x->cols) return vr_fail(VR_EARG, "no columns to embed");
  if (!(par->perplexity > 1) || !(par->theta >= 0) || !(par->exaggeration > 0) || par->early < 0 ||
      par->iterations < 0 || !(par->rate >= 0) || !(par->step >= 0))
    return vr_fail(VR_EARG, "a setting of t-SNE is out of range (perplexity must be above 1)");
  if ((double)n - 1 < 3 * par->perplexity)
    return vr_fail(VR_EDATA,
      "perplexity %g needs %.0f frames and there are %zu: record more, or lower --perplexity",
      par->perplexity, ceil(3 * par->perplexity) + 1, n);
  if (bad < n * x->cols)
    return vr_fail(
      VR_EDATA, "row %zu, column %zu is not a finite number", bad / x->cols, bad % x->cols);
  for (size_t k = 0; k < n * x->cols; k++)
    if (fabs(x->a[k]) > 1e15)
      return vr_fail(VR_EDATA, "row %zu, column %zu is too large (%g); scale the columns",
        k / x->cols, k % x->cols, x->a[k]);
  if (par->from && (par->from->rows != n || par->from->cols != 2))
    return vr_fail(VR_EARG, "the map to start from is not %zu x 2", n);
  if (x->cols > PCA_MAX)
    return vr_fail(VR_EARG, "%zu columns are too many; reduce them with vr-pca first", x->cols);
  return 0;
}

static vr_tsne_mode mode_for(size_t n, vr_tsne_mode mode)
{
  if (mode != VR_TSNE_AUTO) return mode;
  return n < VR_TSNE_EXACT_BELOW ? VR_TSNE_EXACT : n < VR_TSNE_FFT_FROM ? VR_TSNE_BH : VR_TSNE_FFT;
}

int vr_tsne(const vr_mat *x, const vr_tsne_par *par, uint64_t seed, const vr_pool *pool,
  vr_tsne_progress progress, void *ctx, vr_tsne_map *map)
{
  VR_TRY(check(x, par));
  vr_affinity p = {0};
  vr_arena arena = {0};
  descent d = {0};
  size_t n = x->rows;
  const vr_pool *worth = n < THREADS_FROM ? NULL : pool;
  map->mode = mode_for(n, par->mode);
  int code = vr_tsne_joint(x, par->perplexity, map->mode == VR_TSNE_EXACT ? n - 1 : 0, pool, &p);
  if (!code && progress) progress(ctx, "neighbours", 1, 1);
  if (!code) code = vr_mat_resize(&map->y, n, 2);
  size_t lines = (size_t)(par->early + par->iterations) / HISTORY + 1;
  if (!code) code = vr_mat_resize(&map->history, lines, 2);
  if (!code) code = descent_new(&d, &p, par, map->mode, worth, &arena);
  if (!code) {
    memset(map->y.a, 0, 2 * n * sizeof *map->y.a);
    d.y = map->y.a;
    code = start_map(x, par, seed, pool, d.y);
  }
  if (!code) code = descend(&d, progress, ctx, &map->history);
  vr_push_free(d.push);
  vr_arena_free(&arena);
  vr_affinity_free(&p);
  if (code) vr_tsne_free(map);
  return code;
}

void vr_tsne_free(vr_tsne_map *map)
{
  vr_mat_free(&map->y);
  vr_mat_free(&map->history);
}
