#include "ana/kmeans.h"
#include "ana/kmeans_in.h"
#include "base/err.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE = 4096, TOGETHER = 10, CHUNKS = 64 }; // starts drawn together; pieces at most

/* -- rows and centres in single precision ------------------------------------------------------ */

typedef struct {
  km_rows *rows;
  double *most; // a chunk
} prepare_job;

static int find_most(void *ctx, size_t chunk, int thread)
{
  const prepare_job *p = ctx;
  const km_rows *r = p->rows;
  size_t d = r->x->cols;
  double most = 0;
  (void)thread;
  for (size_t i = km_first(r, chunk); i < km_end(r, chunk); i++) {
    const double *row = vr_row(r->x, i);
#pragma omp simd reduction(max : most)
    for (size_t t = 0; t < d; t++) {
      double v = fabs(row[t] - r->mean[t]);
      most = v > most ? v : most;
    }
  }
  p->most[chunk] = most;
  return 0;
}

static int convert(void *ctx, size_t chunk, int thread)
{
  const prepare_job *p = ctx;
  km_rows *r = p->rows;
  size_t d = r->x->cols;
  (void)thread;
  for (size_t i = km_first(r, chunk); i < km_end(r, chunk); i++) {
    const double *row = vr_row(r->x, i);
    float *to = r->a + i * d;
    double sum = 0;
#pragma omp simd
    for (size_t t = 0; t < d; t++) to[t] = (float)((row[t] - r->mean[t]) * r->scale);
#pragma omp simd reduction(+ : sum)
    for (size_t t = 0; t < d; t++) sum += (double)to[t] * to[t];
    r->half[i] = sum / 2;
  }
  return 0;
}

// Any shift is right; the mean of some rows, evenly spaced, is near that of all.
static void find_shift(km_rows *r)
{
  size_t n = r->x->rows, step = n / SAMPLE + 1, used = (n + step - 1) / step;
  for (size_t i = 0; i < n; i += step)
    for (size_t t = 0; t < r->x->cols; t++) r->mean[t] += vr_row(r->x, i)[t] / (double)used;
}

// Pieces that depend on the sizes only: of KM_CHUNK rows at least, and so many that the sums of all
// of them stay below 64 MB.
static void cut(km_rows *r, size_t k)
{
  size_t n = r->x->rows, room = ((size_t)64 << 20) / (k * r->x->cols * sizeof(double));
  size_t pieces = room < CHUNKS ? room < 1 ? 1 : room : CHUNKS;
  r->size = (n + pieces - 1) / pieces;
  r->size = (r->size + KM_BLOCK - 1) / KM_BLOCK * KM_BLOCK;
  if (r->size < KM_CHUNK) r->size = KM_CHUNK;
  r->chunks = (n + r->size - 1) / r->size;
}

static int rows_new(km_rows *r, const vr_mat *start, size_t k, vr_arena *arena)
{
  size_t n = r->x->rows, d = r->x->cols;
  prepare_job p = {r, NULL};
  double most = 0;
  int e = 0;
  cut(r, k);
  r->rounding = (double)(d + 8) * KM_ULP;
  VR_TRY(vr_arena_alloc(arena, &r->mean, d, sizeof *r->mean));
  VR_TRY(vr_arena_alloc(arena, &r->half, n, sizeof *r->half));
  VR_TRY(vr_arena_alloc(arena, &r->a, n * d, sizeof *r->a));
  VR_TRY(vr_arena_alloc(arena, &p.most, r->chunks, sizeof *p.most));
  find_shift(r);
  VR_TRY(vr_pool_run(r->pool, r->chunks, find_most, &p));
  for (size_t chunk = 0; chunk < r->chunks; chunk++) most = fmax(most, p.most[chunk]);
  for (size_t i = 0; start && i < k; i++)
    for (size_t t = 0; t < d; t++) most = fmax(most, fabs(vr_row(start, i)[t] - r->mean[t]));
  // a power of two that brings the largest number near 1, so that nothing overflows
  frexp(most, &e);
  r->scale = ldexp(1, e < -900 ? 900 : -e);
  return vr_pool_run(r->pool, r->chunks, convert, &p);
}

int vr_km_pack_new(km_pack *p, size_t d, size_t k, vr_arena *arena)
{
  p->d = d;
  p->panels = (k + KM_PANEL - 1) / KM_PANEL;
  VR_TRY(vr_arena_alloc(arena, &p->panel, p->panels * d * KM_PANEL, sizeof *p->panel));
  return vr_arena_alloc(arena, &p->half, p->panels * KM_PANEL, sizeof *p->half);
}

void vr_km_pack_set(km_pack *p, const km_rows *rows, const double *centre, size_t k)
{
  size_t d = p->d;
  double most = 0;
  p->k = k;
  p->panels = (k + KM_PANEL - 1) / KM_PANEL;
  for (size_t c = 0; c < p->panels * KM_PANEL; c++) {
    float *to = p->panel + c / KM_PANEL * d * KM_PANEL + c % KM_PANEL;
    double sum = 0;
    for (size_t t = 0; t < d; t++) {
      float v = c < k ? (float)((centre[c * d + t] - rows->mean[t]) * rows->scale) : 0;
      to[t * KM_PANEL] = v;
      sum += (double)v * v;
    }
    p->half[c] = c < k ? (float)(sum / 2) : INFINITY;
    most = fmax(most, sum);
  }
  p->norm = sqrt(most);
}

double vr_km_error(const km_rows *rows, const km_pack *p, size_t i)
{
  double norm = sqrt(2 * rows->half[i]);
  return rows->rounding * p->norm * (norm + p->norm / 2) + KM_TINY;
}

/* -- one result of several starts -------------------------------------------------------------- */

typedef struct {
  const km_rows *rows;
  const double *centre;
  const int32_t *label;
  size_t k;
  double *part; // chunks x k: sums of squared distances
} sum_job;

static int sum_squares(void *ctx, size_t chunk, int thread)
{
  const sum_job *s = ctx;
  const km_rows *r = s->rows;
  size_t d = r->x->cols;
  (void)thread;
  for (size_t i = km_first(r, chunk); i < km_end(r, chunk); i++) {
    size_t c = (size_t)s->label[i];
    s->part[chunk * s->k + c] += vr_km_dist2(vr_row(r->x, i), s->centre + c * d, d);
  }
  return 0;
}

// spread[c] = sum of squared distances in cluster c; their sum is returned in *inertia
static int measure(const km_rows *r, size_t k, const double *centre, const int32_t *label,
  double *spread, double *inertia)
{
  sum_job s = {r, centre, label, k, NULL};
  VR_TRY(vr_alloc(&s.part, r->chunks * k, sizeof *s.part));
  int code = vr_pool_run(r->pool, r->chunks, sum_squares, &s);
  *inertia = 0;
  memset(spread, 0, k * sizeof *spread);
  for (size_t chunk = 0; chunk < r->chunks; chunk++)
    for (size_t c = 0; c < k; c++) spread[c] += s.part[chunk * k + c];
  for (size_t c = 0; c < k; c++) *inertia += spread[c];
  vr_release(s.part);
  return code;
}

// what is kept of the best start so far, and the one at work
typedef struct {
  double *centre; // k x d, of the best
  double *spread, *fresh;
  km_run best, run;
  double *start; // TOGETHER x k x d
} work;

static int work_new(work *w, size_t n, size_t k, size_t d, size_t together, vr_arena *arena)
{
  VR_TRY(vr_arena_alloc(arena, &w->centre, k * d, sizeof *w->centre));
  VR_TRY(vr_arena_alloc(arena, &w->start, together * k * d, sizeof *w->start));
  VR_TRY(vr_arena_alloc(arena, &w->spread, k, sizeof *w->spread));
  VR_TRY(vr_arena_alloc(arena, &w->fresh, k, sizeof *w->fresh));
  VR_TRY(vr_arena_alloc(arena, &w->best.label, n, sizeof *w->best.label));
  VR_TRY(vr_arena_alloc(arena, &w->run.label, n, sizeof *w->run.label));
  VR_TRY(vr_arena_alloc(arena, &w->best.count, k, sizeof *w->best.count));
  return vr_arena_alloc(arena, &w->run.count, k, sizeof *w->run.count);
}

// runs start s from `centre`; keeps it when it is better than those before
static int run_one(const km_rows *r, size_t k, const vr_kmeans_par *par, double *centre, int s,
  work *w, vr_kmeans_fit *fit)
{
  VR_TRY(vr_km_lloyd(r, k, par->iterations, centre, &w->run));
  VR_TRY(measure(r, k, centre, w->run.label, w->fresh, &fit->each[s]));
  if (s && !(fit->each[s] < fit->each[fit->best] * (1 - 1e-12))) return 0;
  fit->best = s;
  fit->inertia = fit->each[s];
  memcpy(w->centre, centre, k * r->x->cols * sizeof *centre);
  km_run run = w->best;
  w->best = w->run;
  w->run = run;
  double *spread = w->spread;
  w->spread = w->fresh;
  w->fresh = spread;
  return 0;
}

static int run_starts(const km_rows *r, size_t k, const vr_kmeans_par *par, uint64_t seed,
  vr_kmeans_progress progress, void *ctx, work *w, vr_kmeans_fit *fit)
{
  size_t n = (size_t)fit->restarts, each = k * r->x->cols;
  for (size_t first = 0; first < n; first += TOGETHER) {
    size_t some = n - first < TOGETHER ? n - first : TOGETHER;
    VR_TRY(vr_km_seed(r, k, first, some, seed, w->start));
    for (size_t s = 0; s < some; s++) {
      VR_TRY(run_one(r, k, par, w->start + s * each, (int)(first + s), w, fit));
      if (progress) progress(ctx, (double)(first + s + 1), (double)n);
    }
  }
  return 0;
}

/* -- the result -------------------------------------------------------------------------------- */

typedef struct {
  size_t count, first, old;
} rank;

static int larger(const void *a, const void *b)
{
  const rank *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return x->first < y->first ? -1 : x->first > y->first;
}

// the best start into the result, clusters by size or as they are
static int deliver(const work *w, size_t n, size_t k, size_t d, int sort, vr_kmeans_fit *fit)
{
  rank *order;
  int32_t *place;
  VR_TRY(vr_mat_resize(&fit->centre, k, d));
  VR_TRY(vr_alloc(&fit->label, n, sizeof *fit->label));
  VR_TRY(vr_alloc(&fit->count, k, sizeof *fit->count));
  VR_TRY(vr_alloc(&fit->spread, k, sizeof *fit->spread));
  VR_TRY(vr_alloc(&place, k, sizeof *place));
  int code = vr_alloc(&order, k, sizeof *order);
  for (size_t c = 0; c < k && !code; c++) order[c] = (rank){w->best.count[c], n, c};
  for (size_t i = n; i-- > 0 && !code;) order[w->best.label[i]].first = i;
  if (!code && sort) qsort(order, k, sizeof *order, larger);
  for (size_t c = 0; c < k && !code; c++) {
    size_t old = order[c].old, count = w->best.count[old];
    place[old] = (int32_t)c + 1;
    fit->count[c] = count;
    fit->spread[c] = count ? w->spread[old] / (double)count : 0;
    memcpy(vr_row(&fit->centre, c), w->centre + old * d, d * sizeof *w->centre);
  }
  for (size_t i = 0; i < n && !code; i++) fit->label[i] = place[w->best.label[i]];
  fit->n = n;
  fit->iterations = w->best.iterations;
  fit->converged = w->best.converged;
  vr_release(order);
  vr_release(place);
  return code;
}

static int fit_all(km_rows *r, const vr_mat *start, const vr_kmeans_par *par, uint64_t seed,
  vr_kmeans_progress progress, void *ctx, vr_arena *arena, vr_kmeans_fit *fit)
{
  size_t n = r->x->rows, d = r->x->cols, k = start ? start->rows : (size_t)par->k;
  work w = {0};
  fit->restarts = start ? 1 : par->restarts;
  VR_TRY(rows_new(r, start, k, arena));
  VR_TRY(work_new(&w, n, k, d, fit->restarts < TOGETHER ? (size_t)fit->restarts : TOGETHER, arena));
  VR_TRY(vr_alloc(&fit->each, (size_t)fit->restarts, sizeof *fit->each));
  if (start) {
    memcpy(w.start, start->a, k * d * sizeof *w.start);
    VR_TRY(run_one(r, k, par, w.start, 0, &w, fit));
  } else {
    VR_TRY(run_starts(r, k, par, seed, progress, ctx, &w, fit));
  }
  return deliver(&w, n, k, d, !start, fit);
}

int vr_kmeans(const vr_mat *x, const vr_mat *start, const vr_kmeans_par *par, uint64_t seed,
  const vr_pool *pool, vr_kmeans_progress progress, void *ctx, vr_kmeans_fit *fit)
{
  vr_arena arena = {0};
  km_rows rows = {.x = x, .pool = pool};
  size_t k = start ? start->rows : par->k > 0 ? (size_t)par->k : 0;
  vr_kmeans_free(fit);
  if (!x->rows || !x->cols || x->rows > INT32_MAX)
    return vr_fail(VR_EARG, "%zu x %zu numbers cannot be clustered", x->rows, x->cols);
  if (k < 1 || k > x->rows || k > INT32_MAX / 2)
    return vr_fail(VR_EARG, "%zu rows in %zu clusters: say 1 to %zu", x->rows, k, x->rows);
  if (par->iterations < 0 || (!start && (par->restarts < 1 || par->iterations < 1)))
    return vr_fail(VR_EARG, "%d starts of %d iterations are none", par->restarts, par->iterations);
  if (start && start->cols != x->cols)
    return vr_fail(VR_EARG, "centres of %zu columns for rows of %zu", start->cols, x->cols);
  int code = fit_all(&rows, start, par, seed, progress, ctx, &arena, fit);
  vr_arena_free(&arena);
  if (code) vr_kmeans_free(fit);
  return code;
}

void vr_kmeans_free(vr_kmeans_fit *fit)
{
  vr_mat_free(&fit->centre);
  vr_release(fit->label);
  vr_release(fit->count);
  vr_release(fit->spread);
  vr_release(fit->each);
  *fit = (vr_kmeans_fit){0};
}
