#include "ana/kinematics.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/lin.h"
#include <string.h>

// A batch is what is worked on between reading and writing: its units run side by side.
enum { BATCH_UNITS = 16, BATCH_BYTES = 36 << 20 };

typedef struct {
  size_t first, n;  /* units */
  size_t row, rows; /* rows kept by them, in the recording */
  size_t bytes;     /* of their amplitudes */
  char *kept;       /* amplitudes in the room, centred a unit at a time; NULL: not kept */
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
  void *rows;     /* amplitudes of a unit, a frame in a row, to be written */
  vr_cov part[BATCH_UNITS];
  const batch *now;
  char *now_amp;
  size_t xat[BATCH_UNITS], at[BATCH_UNITS]; /* place of a unit in x and in now_amp (bytes) */
  size_t row[BATCH_UNITS];                  /* its first row in the scores of the batch */
  int add, again;                           /* what units do: covariance; amplitudes */
  const vr_pca *b;
  size_t wide;  /* components, a multiple of 16, which products like */
  void *weight; /* wide x cols, in the precision of the amplitudes */
  double *scores;
  char *product; /* of a batch: wide x rows of each unit */
  vr_arena memory;
} job;

/* -- batches -- */

static size_t unit_bytes(const job *k, size_t u)
{
  return k->cols * vr_waves_stride(k->unit[u].len) * k->real;
}

static void cut_batches(job *k)
{
  for (size_t u = 0; u < k->nunits; u++) {
    batch *b = k->nbatches ? &k->batch[k->nbatches - 1] : NULL;
    const vr_wave_unit *unit = &k->unit[u];
    if (!b || b->n == BATCH_UNITS || b->bytes + unit_bytes(k, u) > BATCH_BYTES) {
      b = &k->batch[k->nbatches++];
      *b = (batch){.first = u, .row = unit->first + unit->skip};
    }
    b->n++;
    b->rows += unit->keep;
    b->bytes += unit_bytes(k, u);
  }
}

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

/* The first batches keep their amplitudes: all, or as many as have room beside the one in work and
 * what is `taken` for other things. */
static int open_room(job *k, vr_kinematics_room *room, size_t taken)
{
  size_t used = 0, at = 0, n = 0, all = 0, largest = 0;
  size_t most = room->most > taken ? room->most - taken : 0;
  for (size_t i = 0; i < k->nbatches; i++) {
    all += k->batch[i].bytes;
    largest = larger(largest, k->batch[i].bytes);
  }
  if (all > most) most = most > largest ? most - largest : 0;
  while (n < k->nbatches && k->batch[n].bytes <= most - used) used += k->batch[n++].bytes;
  if (room->size < used) {
    vr_release(room->block);
    room->size = 0;
    VR_TRY(vr_alloc(&room->block, used, 1));
    room->size = used;
  }
  for (size_t i = 0; i < n; i++) {
    k->batch[i].kept = room->block + at;
    at += k->batch[i].bytes;
  }
  return vr_arena_alloc(&k->memory, &k->shift, k->nunits * k->cols, sizeof *k->shift);
}

/* a covariance for each unit of a batch, in one block */
static int open_parts(job *k)
{
  size_t d = k->cols, n = k->nunits < BATCH_UNITS ? k->nunits : BATCH_UNITS;
  double *block;
  VR_TRY(vr_arena_alloc(&k->memory, &block, n * d * (d + 1), sizeof *block));
  for (size_t i = 0; i < n; i++) {
    double *mean = block + i * d * (d + 1);
    k->part[i] = (vr_cov){.d = d, .mean = mean, .prod = mean + d};
  }
  return 0;
}

static int begin(job *k, const vr_trials *tr, int fit, const vr_kinematics_io *io,
  vr_kinematics_room *room, const vr_pool *pool)
{
  size_t threads = (size_t)vr_pool_threads(pool), longest = 0, kept = 0, input = 0, bytes = 0;
  VR_TRY(vr_waves_cut(k->w, tr, &k->unit, &k->nunits));
  VR_TRY(vr_arena_alloc(&k->memory, &k->batch, k->nunits, sizeof *k->batch));
  cut_batches(k);
  for (size_t u = 0; u < k->nunits; u++) {
    longest = larger(longest, k->unit[u].len);
    kept = larger(kept, k->unit[u].keep);
  }
  if (fit) VR_TRY(open_room(k, room, io->raw ? 2 * kept * k->cols * k->real : 0));
  for (size_t i = 0; i < k->nbatches; i++) {
    size_t rows = 0;
    for (size_t u = 0; u < k->batch[i].n; u++) rows += k->unit[k->batch[i].first + u].len;
    input = larger(input, rows);
    if (!k->batch[i].kept) bytes = larger(bytes, k->batch[i].bytes);
  }
  VR_TRY(vr_arena_alloc(&k->memory, &k->x, input * k->m, sizeof *k->x));
  VR_TRY(vr_arena_alloc(&k->memory, &k->amp, bytes, 1));
  if (io->raw) VR_TRY(vr_arena_alloc(&k->memory, &k->rows, kept * k->cols, k->real));
  VR_TRY(vr_arena_alloc(&k->memory, &k->scratch, threads, sizeof *k->scratch));
  VR_TRY(vr_arena_alloc(&k->memory, &k->square, threads, sizeof *k->square));
  for (size_t i = 0; i < threads; i++) {
    VR_TRY(vr_waves_scratch(k->w, longest, &k->scratch[i]));
    if (fit) VR_TRY(vr_arena_alloc(&k->memory, &k->square[i], k->cols * k->cols, sizeof(float)));
  }
  return fit ? open_parts(k) : 0;
}

static void end(job *k, const vr_pool *pool)
{
  for (int i = 0; k->scratch && i < vr_pool_threads(pool); i++) vr_release(k->scratch[i]);
  vr_release(k->unit);
  vr_arena_free(&k->memory);
}

/* -- the work on a unit -- */

/* moments of the amplitudes of a unit, which end up centred; the shift is remembered */
static void add_unit(job *k, size_t i, char *amp, float *square)
{
  size_t u = k->now->first + i, rows = k->unit[u].keep, ld = vr_waves_stride(k->unit[u].len);
  char *kept = amp + k->unit[u].skip * k->real;
  vr_cov *c = &k->part[i];
  int exact = k->real == sizeof(double);
  if (exact)
    vr_cov_wide(c, (double *)(void *)kept, rows, ld);
  else
    vr_cov_widef(c, (float *)(void *)kept, rows, ld, square);
  for (size_t j = 0; j < k->cols; j++)
    k->shift[u * k->cols + j] = exact ? c->mean[j] : (double)(float)c->mean[j];
}

static int work_unit(void *ctx, size_t i, int thread)
{
  job *k = ctx;
  char *amp = k->now_amp + k->at[i];
  if (k->again)
    vr_waves_run(
      k->w, &k->unit[k->now->first + i], k->x + k->xat[i], k->m, k->scratch[thread], amp);
  if (k->add) add_unit(k, i, amp, k->square[thread]);
  return 0;
}

/* scores of a unit: amplitudes on the weights, and what the shift and the mean are worth there */
static int project_unit(void *ctx, size_t i, int thread)
{
  job *k = ctx;
  const vr_pca *b = k->b;
  size_t u = k->now->first + i, rows = k->unit[u].keep, ld = vr_waves_stride(k->unit[u].len);
  const char *amp = k->now_amp + k->at[i] + k->unit[u].skip * k->real;
  char *product = k->product + k->row[i] * k->wide * k->real;
  const float *single = (const void *)product;
  const double *exact = (const void *)product;
  double *scores = k->scores + k->row[i] * b->n;
  (void)thread;
  if (k->real == sizeof(double))
    vr_gemm(
      k->wide, rows, k->cols, k->weight, k->cols, (const void *)amp, ld, (void *)product, rows);
  else
    vr_gemmf(
      k->wide, rows, k->cols, k->weight, k->cols, (const void *)amp, ld, (void *)product, rows);
  for (size_t c = 0; c < b->n; c++) {
    double offset = 0;
    for (size_t j = 0; j < k->cols; j++) {
      double shift = k->now->kept ? k->shift[u * k->cols + j] : 0;
      offset += (shift - b->mean[j]) / b->scale[j] * b->loadings[c * k->cols + j];
    }
    for (size_t r = 0; r < rows; r++)
      scores[r * b->n + c] =
        (k->real == sizeof(double) ? exact[c * rows + r] : (double)single[c * rows + r]) + offset;
  }
  return 0;
}

/* -- the work on a batch -- */

/* lays out the units of a batch and reads their input */
static int open_batch(job *k, const batch *b, const vr_kinematics_io *io)
{
  size_t row = 0, x = 0, at = 0;
  k->now = b;
  k->now_amp = b->kept ? b->kept : k->amp;
  for (size_t i = 0; i < b->n; i++) {
    const vr_wave_unit *u = &k->unit[b->first + i];
    k->row[i] = row;
    k->xat[i] = x;
    k->at[i] = at;
    row += u->keep;
    x += u->len * k->m;
    at += unit_bytes(k, b->first + i);
    if (k->again) VR_TRY(io->read(io->ctx, u->first, u->len, k->x + k->xat[i]));
  }
  return k->again ? vr_waves_prepare(k->w, k->unit + b->first, b->n) : 0;
}

static int write_raw(job *k, const vr_kinematics_io *io)
{
  for (size_t i = 0; i < k->now->n; i++) {
    const vr_wave_unit *u = &k->unit[k->now->first + i];
    vr_waves_rows(k->w, u, k->m, k->now_amp + k->at[i], k->rows);
    VR_TRY(io->raw(io->ctx, u->first + u->skip, u->keep, k->rows));
  }
  return 0;
}

static int fit_batch(job *k, const batch *b, const vr_kinematics_io *io, const vr_pool *pool)
{
  k->again = 1;
  k->add = !io->raw;
  VR_TRY(open_batch(k, b, io));
  VR_TRY(vr_pool_run(pool, b->n, work_unit, k));
  if (!io->raw) return 0;
  // what is written must be whole before it is centred
  VR_TRY(write_raw(k, io));
  k->again = 0;
  k->add = 1;
  return vr_pool_run(pool, b->n, work_unit, k);
}

static int fit_basis(
  job *k, const vr_kinematics_io *io, const vr_pca_par *par, const vr_pool *pool, vr_pca *basis)
{
  vr_cov cov = {0};
  int code = vr_cov_init(&cov, k->cols);
  for (size_t i = 0; i < k->nbatches && !code; i++) {
    code = fit_batch(k, &k->batch[i], io, pool);
    for (size_t u = 0; u < k->batch[i].n && !code; u++) vr_cov_merge(&cov, &k->part[u]);
  }
  if (!code) code = vr_pca_solve(&cov, par, basis);
  vr_cov_free(&cov);
  return code;
}

static int fill_weights(job *k)
{
  const vr_pca *b = k->b;
  k->wide = (b->n + 15) / 16 * 16;
  VR_TRY(vr_arena_alloc(&k->memory, &k->weight, k->wide * k->cols, k->real));
  for (size_t e = 0; e < b->n * k->cols; e++) {
    double v = b->loadings[e] / b->scale[e % k->cols];
    if (k->real == sizeof(double))
      ((double *)k->weight)[e] = v;
    else
      ((float *)k->weight)[e] = (float)v;
  }
  return 0;
}

static int project_all(job *k, const vr_kinematics_io *io, int fit, const vr_pool *pool)
{
  size_t rows = 0;
  for (size_t i = 0; i < k->nbatches; i++) rows = larger(rows, k->batch[i].rows);
  VR_TRY(fill_weights(k));
  VR_TRY(vr_arena_alloc(&k->memory, &k->scores, rows * k->b->n, sizeof *k->scores));
  VR_TRY(vr_arena_alloc(&k->memory, &k->product, rows * k->wide, k->real));
  k->add = 0;
  for (size_t i = 0; i < k->nbatches; i++) {
    const batch *b = &k->batch[i];
    k->again = !b->kept;
    VR_TRY(open_batch(k, b, io));
    if (k->again) VR_TRY(vr_pool_run(pool, b->n, work_unit, k));
    if (io->raw && !fit) VR_TRY(write_raw(k, io));
    VR_TRY(vr_pool_run(pool, b->n, project_unit, k));
    VR_TRY(io->scores(io->ctx, b->row, b->rows, k->scores));
  }
  return 0;
}

int vr_kinematics(vr_waves *w, const vr_trials *tr, size_t m, const vr_pca_par *par, int fit,
  const vr_kinematics_io *io, vr_kinematics_room *room, const vr_pool *pool, vr_pca *b)
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
  int code = begin(&k, tr, fit, io, room, pool);
  if (!code && fit) code = fit_basis(&k, io, par, pool, b);
  if (!code) code = project_all(&k, io, fit, pool);
  end(&k, pool);
  return code;
}
