#include "ana/kinematics.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/lin.h"
#include <string.h>

// A batch is what is worked on between reading and writing: its units run side by side.
enum { BATCH_UNITS = 16, BATCH_ROWS = 24000 };

typedef struct {
  size_t first, n;  /* units */
  size_t row, rows; /* rows kept by them, in the recording */
  void *amp;        /* kept amplitudes (rows x cols), centred a unit at a time; NULL: not kept */
} batch;

typedef struct {
  vr_waves *w;
  size_t m, cols, real; /* series; m nfreq; bytes of a number */
  vr_wave_unit *unit;
  size_t nunits;
  batch *batch;
  size_t nbatches;
  double *shift;  /* nunits x cols: what was taken off the kept amplitudes of a unit */
  void **scratch; /* one a thread */
  float **square; /* one a thread, cols x cols */
  double *x;      /* input of a batch */
  char *amp;      /* amplitudes of a batch that is not kept */
  size_t xat[BATCH_UNITS], at[BATCH_UNITS]; /* place of a unit in x, and its first row in amp */
  vr_cov part[BATCH_UNITS];
  const batch *now;
  char *now_amp;
  int add, again; /* what units do: covariance; amplitudes */
  const vr_pca *b;
  void *weight;   /* n x cols, in the precision of the amplitudes */
  double *scores; /* of a batch */
  float *single;
  vr_arena memory;
} job;

/* -- batches -- */

static void cut_batches(job *k)
{
  for (size_t u = 0; u < k->nunits; u++) {
    batch *b = k->nbatches ? &k->batch[k->nbatches - 1] : NULL;
    const vr_wave_unit *unit = &k->unit[u];
    if (!b || b->n == BATCH_UNITS || b->rows + unit->keep > BATCH_ROWS) {
      b = &k->batch[k->nbatches++];
      *b = (batch){.first = u, .row = unit->first + unit->skip};
    }
    b->n++;
    b->rows += unit->keep;
  }
}

/* input rows of a batch, windows overlap */
static size_t input_rows(const job *k, const batch *b)
{
  size_t rows = 0;
  for (size_t u = 0; u < b->n; u++) rows += k->unit[b->first + u].len;
  return rows;
}

static int begin(job *k, const vr_trials *tr, int fit, const vr_pool *pool)
{
  size_t threads = (size_t)vr_pool_threads(pool), longest = 0, rows = 0, input = 0;
  size_t square = k->cols * k->cols;
  VR_TRY(vr_waves_cut(k->w, tr, &k->unit, &k->nunits));
  VR_TRY(vr_arena_alloc(&k->memory, &k->batch, k->nunits, sizeof *k->batch));
  cut_batches(k);
  for (size_t i = 0; i < k->nbatches; i++) {
    if (k->batch[i].rows > rows) rows = k->batch[i].rows;
    if (input_rows(k, &k->batch[i]) > input) input = input_rows(k, &k->batch[i]);
  }
  for (size_t u = 0; u < k->nunits; u++)
    if (k->unit[u].len > longest) longest = k->unit[u].len;
  VR_TRY(vr_arena_alloc(&k->memory, &k->x, input * k->m, sizeof *k->x));
  VR_TRY(vr_arena_alloc(&k->memory, &k->scratch, threads, sizeof *k->scratch));
  VR_TRY(vr_arena_alloc(&k->memory, &k->square, threads, sizeof *k->square));
  for (size_t i = 0; i < threads; i++) {
    VR_TRY(vr_waves_scratch(k->w, longest, &k->scratch[i]));
    if (fit) VR_TRY(vr_arena_alloc(&k->memory, &k->square[i], square, sizeof(float)));
  }
  for (size_t i = 0; fit && i < BATCH_UNITS && i < k->nunits; i++)
    VR_TRY(vr_cov_init(&k->part[i], k->cols));
  return 0;
}

static void end(job *k, const vr_pool *pool)
{
  for (int i = 0; k->scratch && i < vr_pool_threads(pool); i++) vr_release(k->scratch[i]);
  for (size_t i = 0; i < BATCH_UNITS; i++) vr_cov_free(&k->part[i]);
  for (size_t i = 0; i < k->nbatches; i++) vr_release(k->batch[i].amp);
  vr_release(k->amp);
  vr_release(k->shift);
  vr_release(k->weight);
  vr_release(k->unit);
  vr_arena_free(&k->memory);
}

/* -- the work on a unit -- */

/* moments of the amplitudes of a unit, which end up centred; the shift is remembered */
static void add_unit(job *k, size_t i, char *amp, float *square)
{
  size_t u = k->now->first + i, rows = k->unit[u].keep;
  vr_cov *c = &k->part[i];
  if (k->real == sizeof(double))
    vr_cov_block(c, (double *)(void *)amp, rows);
  else
    vr_cov_blockf(c, (float *)(void *)amp, rows, square);
  if (!k->now->amp) return;
  for (size_t j = 0; j < k->cols; j++)
    k->shift[u * k->cols + j] = k->real == sizeof(double) ? c->mean[j] : (double)(float)c->mean[j];
}

static int work_unit(void *ctx, size_t i, int thread)
{
  job *k = ctx;
  const vr_wave_unit *u = &k->unit[k->now->first + i];
  char *amp = k->now_amp + k->at[i] * k->cols * k->real;
  if (k->again) vr_waves_run(k->w, u, k->x + k->xat[i], k->m, k->scratch[thread], amp);
  if (k->add) add_unit(k, i, amp, k->square[thread]);
  return 0;
}

/* scores of a unit: amplitudes on the weights, and what the shift and the mean are worth there */
static int project_unit(void *ctx, size_t i, int thread)
{
  job *k = ctx;
  const vr_pca *b = k->b;
  size_t u = k->now->first + i, rows = k->unit[u].keep, n = b->n, cols = k->cols;
  const char *amp = k->now_amp + k->at[i] * cols * k->real;
  double *scores = k->scores + k->at[i] * n;
  float *single = k->single + k->at[i] * n;
  (void)thread;
  if (k->real == sizeof(double)) {
    vr_gemm_nt(rows, n, cols, (const void *)amp, cols, k->weight, cols, scores, n);
  } else {
    vr_gemmf_nt(rows, n, cols, (const void *)amp, cols, k->weight, cols, single, n);
    for (size_t e = 0; e < rows * n; e++) scores[e] = (double)single[e];
  }
  for (size_t c = 0; c < n; c++) {
    double offset = 0;
    for (size_t j = 0; j < cols; j++) {
      double shift = k->now->amp && k->shift ? k->shift[u * cols + j] : 0;
      offset += (shift - b->mean[j]) / b->scale[j] * b->loadings[c * cols + j];
    }
    for (size_t r = 0; r < rows; r++) scores[r * n + c] += offset;
  }
  return 0;
}

/* -- the work on a batch -- */

/* reads the input of a batch and lays out its units */
static int open_batch(job *k, const batch *b, const vr_kinematics_io *io)
{
  size_t row = 0, x = 0;
  for (size_t i = 0; i < b->n; i++) {
    const vr_wave_unit *u = &k->unit[b->first + i];
    k->at[i] = row;
    k->xat[i] = x;
    row += u->keep;
    x += u->len * k->m;
    if (k->again) VR_TRY(io->read(io->ctx, u->first, u->len, k->x + k->xat[i]));
  }
  k->now = b;
  return k->again ? vr_waves_prepare(k->w, k->unit + b->first, b->n) : 0;
}

/* room for the amplitudes of batches that are not kept */
static int need_amp(job *k)
{
  size_t rows = 0;
  for (size_t i = 0; i < k->nbatches; i++)
    if (!k->batch[i].amp && k->batch[i].rows > rows) rows = k->batch[i].rows;
  return k->amp || !rows ? 0 : vr_alloc(&k->amp, rows * k->cols, k->real);
}

static int fit_basis(
  job *k, const vr_kinematics_io *io, const vr_pca_par *par, const vr_pool *pool, vr_pca *basis)
{
  size_t left = io->cache / (k->cols * k->real);
  vr_cov cov = {0};
  int code = vr_cov_init(&cov, k->cols);
  if (!code) code = vr_alloc(&k->shift, k->nunits * k->cols, sizeof *k->shift);
  for (size_t i = 0; i < k->nbatches && !code; i++) {
    batch *b = &k->batch[i];
    if (b->rows <= left) {
      left -= b->rows;
      code = vr_alloc(&b->amp, b->rows * k->cols, k->real);
    } else {
      left = 0; // the rest is computed again, too
      code = need_amp(k);
    }
    k->now_amp = b->amp ? b->amp : k->amp;
    k->again = 1;
    k->add = !io->raw;
    if (!code) code = open_batch(k, b, io);
    if (!code) code = vr_pool_run(pool, b->n, work_unit, k);
    if (io->raw && !code) {
      // what is written must be whole before it is centred
      code = io->raw(io->ctx, b->row, b->rows, k->now_amp);
      k->again = 0;
      k->add = 1;
      if (!code) code = vr_pool_run(pool, b->n, work_unit, k);
    }
    for (size_t u = 0; u < b->n && !code; u++) vr_cov_merge(&cov, &k->part[u]);
  }
  if (!code) code = vr_pca_solve(&cov, par, basis);
  vr_cov_free(&cov);
  return code;
}

static int project_all(job *k, const vr_kinematics_io *io, int fit, const vr_pool *pool)
{
  const vr_pca *b = k->b;
  size_t rows = 0;
  for (size_t i = 0; i < k->nbatches; i++)
    if (k->batch[i].rows > rows) rows = k->batch[i].rows;
  VR_TRY(vr_alloc(&k->weight, b->n * k->cols, k->real));
  VR_TRY(vr_arena_alloc(&k->memory, &k->scores, rows * b->n, sizeof *k->scores));
  if (k->real == sizeof(float))
    VR_TRY(vr_arena_alloc(&k->memory, &k->single, rows * b->n, sizeof *k->single));
  for (size_t e = 0; e < b->n * k->cols; e++) {
    double v = b->loadings[e] / b->scale[e % k->cols];
    if (k->real == sizeof(double))
      ((double *)k->weight)[e] = v;
    else
      ((float *)k->weight)[e] = (float)v;
  }
  VR_TRY(need_amp(k));
  k->add = 0;
  for (size_t i = 0; i < k->nbatches; i++) {
    batch *now = &k->batch[i];
    k->now_amp = now->amp ? now->amp : k->amp;
    k->again = !now->amp;
    VR_TRY(open_batch(k, now, io));
    if (k->again) VR_TRY(vr_pool_run(pool, now->n, work_unit, k));
    if (io->raw && !fit) VR_TRY(io->raw(io->ctx, now->row, now->rows, k->now_amp));
    VR_TRY(vr_pool_run(pool, now->n, project_unit, k));
    VR_TRY(io->scores(io->ctx, now->row, now->rows, k->scores));
    vr_release(now->amp);
    now->amp = NULL;
  }
  return 0;
}

int vr_kinematics(vr_waves *w, const vr_trials *tr, size_t m, const vr_pca_par *par, int fit,
  const vr_kinematics_io *io, const vr_pool *pool, vr_pca *b)
{
  const vr_wavelet_par *wp = vr_waves_par(w);
  job k = {.w = w, .m = m, .cols = m * (size_t)wp->nfreq, .b = b};
  k.real = wp->exact ? sizeof(double) : sizeof(float);
  if (!m || m > VR_COV_MAX / (size_t)wp->nfreq)
    return vr_fail(VR_EARG, "%zu series of %d frequencies: 1 to %d columns can be handled", m,
      wp->nfreq, VR_COV_MAX);
  if (!fit && b->d != k.cols)
    return vr_fail(VR_EARG, "the basis is for %zu columns, there are %zu (%zu series x %d)", b->d,
      k.cols, m, wp->nfreq);
  int code = begin(&k, tr, fit, pool);
  if (!code && fit) code = fit_basis(&k, io, par, pool, b);
  if (!code) code = project_all(&k, io, fit, pool);
  end(&k, pool);
  return code;
}
