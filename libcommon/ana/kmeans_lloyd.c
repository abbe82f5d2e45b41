/* kmeans_lloyd.c -- Lloyd's iterations, sparing the rows whose label cannot change. */
#include "ana/kmeans_in.h"
#include "base/err.h"
#include <math.h>
#include <string.h>

typedef struct {
  const km_rows *rows;
  size_t k;
  double *centre;       // k x d, as x came
  double *sum, *delta;  // k x d; chunks x k x d: what rows that changed bring
  int32_t *shift;       // chunks x k: the same for the counts
  size_t *changed;      // a chunk
  float *upper, *lower; // bounds on the distance to the own and to any other centre
  float *own;           // k x d, scaled, row by row
  km_pack pack;
  float *move;   // k: how far a centre went
  float *apart;  // k: half the distance to the nearest other centre
  float most[2]; // the two largest of move
  int32_t most_at;
  float *score; // threads x KM_ROWS x wide
  int fresh;    // no labels yet
  km_run *run;
} job;

// single precision that is surely not below, or not above
static float above(double x)
{
  return (float)(x * (1 + 1e-6));
}
static float below(double x)
{
  return x > 0 ? (float)(x * (1 - 1e-6)) : 0;
}

/* -- one pass over the rows -------------------------------------------------------------------- */

// the distance that belongs to a score, raised (slack > 0) or lowered by all that is rounded
static double distance(const job *j, size_t i, double score, double slack)
{
  double norm = sqrt(2 * j->rows->half[i]), d2 = 2 * (j->rows->half[i] + score + slack);
  double rounded = KM_ULP * (norm + j->pack.norm);
  return d2 > 0 ? sqrt(d2) + (slack > 0 ? rounded : -rounded) : slack > 0 ? rounded : 0;
}

// the nearest centre where scores leave it open: in double precision, ties by index
static int32_t decide(const job *j, size_t i, const float *score, double limit)
{
  size_t d = j->rows->x->cols;
  double best = INFINITY;
  int32_t at = 0;
  for (size_t c = 0; c < j->k; c++) {
    if (score[c] > limit) continue;
    double d2 = vr_km_dist2(vr_row(j->rows->x, i), j->centre + c * d, d);
    if (d2 < best) {
      best = d2;
      at = (int32_t)c;
    }
  }
  return at;
}

// gives row i the label `at`
static void relabel(job *j, size_t chunk, size_t i, int32_t at)
{
  size_t d = j->rows->x->cols;
  int32_t old = j->run->label[i];
  const double *row = vr_row(j->rows->x, i);
  double *delta = j->delta + chunk * j->k * d;
  int32_t *shift = j->shift + chunk * j->k;
  if (!j->fresh) {
    if (old == at) return;
    double *from = delta + (size_t)old * d;
#pragma omp simd
    for (size_t t = 0; t < d; t++) from[t] -= row[t];
    shift[old]--;
  }
  double *to = delta + (size_t)at * d;
#pragma omp simd
  for (size_t t = 0; t < d; t++) to[t] += row[t];
  shift[at]++;
  j->changed[chunk]++;
  j->run->label[i] = at;
}

// scores of up to KM_ROWS rows with all centres, and what follows from them
static void place(job *j, size_t chunk, const size_t *which, size_t n, float *score)
{
  const km_rows *r = j->rows;
  size_t d = r->x->cols, wide = j->pack.panels * KM_PANEL;
  const float *row[KM_ROWS];
  for (size_t k = 0; k < KM_ROWS; k++) row[k] = r->a + which[k < n ? k : n - 1] * d;
  vr_km_scores(&j->pack, row, score);
  for (size_t k = 0; k < n; k++) {
    size_t i = which[k];
    km_least got;
    float *mine = score + k * wide;
    vr_km_pick(mine, wide, &got);
    double error = vr_km_error(r, &j->pack, i), second = got.second;
    int32_t at = got.at;
    if ((double)got.second - (double)got.least <= 2 * error) {
      mine[at] = got.least;
      at = decide(j, i, mine, got.least + 2 * error);
      second = got.least;
      j->upper[i] =
        above(r->scale * sqrt(vr_km_dist2(vr_row(r->x, i), j->centre + (size_t)at * d, d)));
    } else {
      j->upper[i] = above(distance(j, i, got.least, error));
    }
    j->lower[i] = j->k > 1 ? below(distance(j, i, second, -error)) : INFINITY;
    relabel(j, chunk, i, at);
  }
}

// the rows of a block that the bounds leave open
static size_t find_open(job *j, size_t first, size_t end, size_t *open)
{
  const km_rows *r = j->rows;
  size_t n = 0, d = r->x->cols;
  for (size_t i = first; i < end; i++) {
    int32_t a = j->run->label[i];
    float other = a == j->most_at ? j->most[1] : j->most[0];
    float upper = (j->upper[i] + j->move[a]) * (1 + 0x1p-22f);
    float lower = (j->lower[i] - other) * (1 - 0x1p-22f);
    j->upper[i] = upper;
    j->lower[i] = lower > 0 ? lower : 0;
    open[n] = i;
    n += !(upper < lower || upper < j->apart[a]);
  }
  // of these, the rows that their true distance from the own centre leaves open
  size_t left = 0;
  for (size_t k = 0; k < n; k++) {
    size_t i = open[k], a = (size_t)j->run->label[i];
    float s = j->pack.half[a] - vr_km_dot(r->a + i * d, j->own + a * d, d);
    float upper = above(distance(j, i, s, vr_km_error(r, &j->pack, i)));
    if (upper < j->upper[i]) j->upper[i] = upper;
    open[left] = i;
    left += !(j->upper[i] < j->lower[i] || j->upper[i] < j->apart[a]);
  }
  return left;
}

static int pass(void *ctx, size_t chunk, int thread)
{
  job *j = ctx;
  const km_rows *r = j->rows;
  size_t d = r->x->cols, end = km_end(r, chunk), open[KM_BLOCK];
  float *score = j->score + (size_t)thread * KM_ROWS * j->pack.panels * KM_PANEL;
  memset(j->delta + chunk * j->k * d, 0, j->k * d * sizeof *j->delta);
  memset(j->shift + chunk * j->k, 0, j->k * sizeof *j->shift);
  j->changed[chunk] = 0;
  for (size_t first = km_first(r, chunk); first < end; first += KM_BLOCK) {
    size_t stop = first + KM_BLOCK < end ? first + KM_BLOCK : end, n = stop - first;
    if (j->fresh)
      for (size_t i = 0; i < n; i++) open[i] = first + i;
    else
      n = find_open(j, first, stop, open);
    for (size_t k = 0; k < n; k += KM_ROWS)
      place(j, chunk, open + k, n - k < KM_ROWS ? n - k : KM_ROWS, score);
  }
  return 0;
}

// labels by the centres; *changed rows got another one
static int assign(job *j, size_t *changed)
{
  const km_rows *r = j->rows;
  size_t d = r->x->cols;
  vr_km_pack_set(&j->pack, r, j->centre, j->k);
  for (size_t c = 0; c < j->k; c++)
    for (size_t t = 0; t < d; t++)
      j->own[c * d + t] = j->pack.panel[(c / KM_PANEL * d + t) * KM_PANEL + c % KM_PANEL];
  VR_TRY(vr_pool_run(r->pool, r->chunks, pass, j));
  j->fresh = 0;
  *changed = 0;
  for (size_t chunk = 0; chunk < r->chunks; chunk++) {
    if (!j->changed[chunk]) continue;
    *changed += j->changed[chunk];
    for (size_t c = 0; c < j->k; c++)
      j->run->count[c] += (size_t)(ptrdiff_t)j->shift[chunk * j->k + c];
    const double *delta = j->delta + chunk * j->k * d;
    for (size_t e = 0; e < j->k * d; e++) j->sum[e] += delta[e];
  }
  return 0;
}

/* -- new centres ------------------------------------------------------------------------------- */

typedef struct {
  const job *j;
  double *far; // n: squared distance to the own centre
} far_job;

static int measure(void *ctx, size_t chunk, int thread)
{
  const far_job *f = ctx;
  const job *j = f->j;
  size_t d = j->rows->x->cols;
  (void)thread;
  for (size_t i = km_first(j->rows, chunk); i < km_end(j->rows, chunk); i++)
    f->far[i] = vr_km_dist2(vr_row(j->rows->x, i), j->centre + (size_t)j->run->label[i] * d, d);
  return 0;
}

// Each cluster without rows takes the row that is farthest from its centre, of a cluster that has
// others (its label changes with the next pass). sum and count are those of the new centres.
static int fill_empty(job *j, double *sum, size_t *count)
{
  const km_rows *r = j->rows;
  size_t empty = 0, d = r->x->cols;
  far_job f = {j, NULL};
  for (size_t c = 0; c < j->k; c++) empty += !count[c];
  if (!empty) return 0;
  VR_TRY(vr_alloc(&f.far, r->x->rows, sizeof *f.far));
  int code = vr_pool_run(r->pool, r->chunks, measure, &f);
  for (size_t c = 0; c < j->k && !code; c++) {
    if (j->run->count[c]) continue;
    size_t at = 0;
    double most = 0;
    for (size_t i = 0; i < r->x->rows; i++)
      if (f.far[i] > most && count[j->run->label[i]] > 1) most = f.far[at = i];
    if (!(most > 0)) break; // every row lies on its centre
    f.far[at] = 0;
    size_t from = (size_t)j->run->label[at];
    for (size_t t = 0; t < d; t++) {
      sum[from * d + t] -= vr_row(r->x, at)[t];
      sum[c * d + t] = vr_row(r->x, at)[t];
    }
    count[from]--;
    count[c] = 1;
  }
  vr_release(f.far);
  return code;
}

// how far the centres went, and how far they are apart, in the scale of the rows
static void measure_centres(job *j, const double *old)
{
  size_t d = j->rows->x->cols;
  double scale = j->rows->scale;
  j->most[0] = j->most[1] = 0;
  j->most_at = 0;
  for (size_t c = 0; c < j->k; c++) {
    j->move[c] = above(scale * sqrt(vr_km_dist2(old + c * d, j->centre + c * d, d)));
    if (j->move[c] > j->most[0]) {
      j->most[1] = j->most[0];
      j->most[0] = j->move[c];
      j->most_at = (int32_t)c;
    } else if (j->move[c] > j->most[1]) {
      j->most[1] = j->move[c];
    }
  }
  for (size_t c = 0; c < j->k; c++) j->apart[c] = INFINITY;
  for (size_t c = 0; c < j->k; c++)
    for (size_t e = c + 1; e < j->k; e++) {
      float half = below(scale * sqrt(vr_km_dist2(j->centre + e * d, j->centre + c * d, d)) / 2);
      if (half < j->apart[c]) j->apart[c] = half;
      if (half < j->apart[e]) j->apart[e] = half;
    }
}

// means; a cluster without rows stays where it is
static void set_centres(job *j, const double *sum, const size_t *count)
{
  size_t d = j->rows->x->cols;
  for (size_t c = 0; c < j->k; c++)
    for (size_t t = 0; t < d && count[c]; t++)
      j->centre[c * d + t] = sum[c * d + t] / (double)count[c];
}

// the means of the clusters; scratch holds 2 k d numbers and `count` k
static int renew(job *j, double *scratch, size_t *count)
{
  size_t all = j->k * j->rows->x->cols;
  double *old = scratch, *sum = scratch + all;
  memcpy(old, j->centre, all * sizeof *old);
  memcpy(sum, j->sum, all * sizeof *sum);
  memcpy(count, j->run->count, j->k * sizeof *count);
  VR_TRY(fill_empty(j, sum, count));
  set_centres(j, sum, count);
  measure_centres(j, old);
  return 0;
}

static int sum_chunk(void *ctx, size_t chunk, int thread)
{
  job *j = ctx;
  size_t d = j->rows->x->cols;
  double *sum = j->delta + chunk * j->k * d;
  (void)thread;
  memset(sum, 0, j->k * d * sizeof *sum);
  for (size_t i = km_first(j->rows, chunk); i < km_end(j->rows, chunk); i++) {
    double *to = sum + (size_t)j->run->label[i] * d;
    const double *row = vr_row(j->rows->x, i);
#pragma omp simd
    for (size_t t = 0; t < d; t++) to[t] += row[t];
  }
  return 0;
}

// the means once more, without what rounding left of rows that came and went
static int finish(job *j)
{
  size_t all = j->k * j->rows->x->cols;
  VR_TRY(vr_pool_run(j->rows->pool, j->rows->chunks, sum_chunk, j));
  memset(j->sum, 0, all * sizeof *j->sum);
  for (size_t chunk = 0; chunk < j->rows->chunks; chunk++)
    for (size_t e = 0; e < all; e++) j->sum[e] += j->delta[chunk * all + e];
  set_centres(j, j->sum, j->run->count);
  return 0;
}

/* -- the run ----------------------------------------------------------------------------------- */

static int job_new(job *j, vr_arena *arena)
{
  const km_rows *r = j->rows;
  size_t k = j->k, d = r->x->cols, n = r->x->rows, threads = (size_t)vr_pool_threads(r->pool);
  VR_TRY(vr_km_pack_new(&j->pack, d, k, arena));
  VR_TRY(vr_arena_alloc(arena, &j->sum, k * d, sizeof *j->sum));
  VR_TRY(vr_arena_alloc(arena, &j->delta, r->chunks * k * d, sizeof *j->delta));
  VR_TRY(vr_arena_alloc(arena, &j->shift, r->chunks * k, sizeof *j->shift));
  VR_TRY(vr_arena_alloc(arena, &j->changed, r->chunks, sizeof *j->changed));
  VR_TRY(vr_arena_alloc(arena, &j->upper, n, sizeof *j->upper));
  VR_TRY(vr_arena_alloc(arena, &j->lower, n, sizeof *j->lower));
  VR_TRY(vr_arena_alloc(arena, &j->own, k * d, sizeof *j->own));
  VR_TRY(vr_arena_alloc(arena, &j->move, k, sizeof *j->move));
  VR_TRY(vr_arena_alloc(arena, &j->apart, k, sizeof *j->apart));
  size_t wide = j->pack.panels * KM_PANEL;
  return vr_arena_alloc(arena, &j->score, threads * KM_ROWS * wide, sizeof *j->score);
}

static int iterate(job *j, int iterations, double *scratch, size_t *count)
{
  size_t changed = 1;
  km_run *run = j->run;
  for (run->iterations = 0; run->iterations < iterations;) {
    VR_TRY(assign(j, &changed));
    run->iterations++;
    // the first pass labels every row anew; labels are final when a later one changes none
    if (!changed) {
      run->converged = 1;
      return finish(j);
    }
    VR_TRY(renew(j, scratch, count));
  }
  return assign(j, &changed);
}

int vr_km_lloyd(const km_rows *rows, size_t k, int iterations, double *centre, km_run *run)
{
  vr_arena arena = {0};
  job j = {.rows = rows, .k = k, .centre = centre, .run = run, .fresh = 1};
  double *scratch = NULL;
  size_t *count = NULL;
  memset(run->count, 0, k * sizeof *run->count);
  run->converged = 0;
  int code = job_new(&j, &arena);
  if (!code) code = vr_arena_alloc(&arena, &scratch, 2 * k * rows->x->cols, sizeof *scratch);
  if (!code) code = vr_arena_alloc(&arena, &count, k, sizeof *count);
  if (!code) code = iterate(&j, iterations, scratch, count);
  vr_arena_free(&arena);
  return code;
}
