/* kmeans_seed.c -- starting centres by greedy k-means++, several starts in one pass over the rows. */
#include "ana/kmeans_in.h"
#include "base/err.h"
#include "base/rng.h"
#include <math.h>
#include <string.h>

enum { PURPOSE = 0x6b6d }; // of the random stream

typedef struct {
  const km_rows *rows;
  size_t restarts, trials, wide; // wide: columns of the pack at most, with padding
  km_pack pack;
  double *point;  // the candidates, one of each start after the other: trials x restarts x d
  float *closest; // n x restarts: squared distance to the nearest centre so far
  double *part;   // chunks x trials x restarts: sums of what closest would be, or is
  float *score;   // threads x KM_ROWS x wide
  size_t points;  // in use: restarts, or trials x restarts
  int keep;       // closest becomes what it would be
  int fresh;      // there are no centres so far
} job;

// squared distance of row i to point c, 0 only where they are equal
static float squared(const job *j, size_t i, size_t c, float score, double error)
{
  const km_rows *r = j->rows;
  double half = r->half[i] + score;
  if (half > 4 * (error + KM_ULP * r->half[i])) return (float)(2 * half);
  size_t d = r->x->cols;
  return (float)(r->scale * r->scale * vr_km_dist2(vr_row(r->x, i), j->point + c * d, d));
}

static int pass(void *ctx, size_t chunk, int thread)
{
  job *j = ctx;
  const km_rows *r = j->rows;
  size_t d = r->x->cols, end = km_end(r, chunk), wide = j->pack.panels * KM_PANEL;
  float *score = j->score + (size_t)thread * KM_ROWS * j->wide;
  double *part = j->part + chunk * j->trials * j->restarts;
  memset(part, 0, j->points * sizeof *part);
  for (size_t first = km_first(r, chunk); first < end; first += KM_ROWS) {
    size_t n = end - first < KM_ROWS ? end - first : KM_ROWS;
    const float *row[KM_ROWS];
    for (size_t k = 0; k < KM_ROWS; k++) row[k] = r->a + (first + (k < n ? k : n - 1)) * d;
    vr_km_scores(&j->pack, row, score);
    for (size_t k = 0; k < n; k++) {
      double error = vr_km_error(r, &j->pack, first + k);
      float *closest = j->closest + (first + k) * j->restarts;
      for (size_t c = 0, s = 0; c < j->points; c++, s = s + 1 < j->restarts ? s + 1 : 0) {
        float d2 = squared(j, first + k, c, score[k * wide + c], error);
        if (!j->fresh && closest[s] < d2) d2 = closest[s];
        if (j->keep) closest[s] = d2;
        part[c] += (double)d2;
      }
    }
  }
  return 0;
}

// sums over all rows for each point: of what closest would be with it
static int run(job *j, size_t points, int keep, double *sum)
{
  j->points = points;
  j->keep = keep;
  vr_km_pack_set(&j->pack, j->rows, j->point, points);
  VR_TRY(vr_pool_run(j->rows->pool, j->rows->chunks, pass, j));
  memset(sum, 0, points * sizeof *sum);
  for (size_t chunk = 0; chunk < j->rows->chunks; chunk++)
    for (size_t c = 0; c < points; c++) sum[c] += j->part[chunk * j->trials * j->restarts + c];
  return 0;
}

// the row at `at` of the sum of closest of start s; part holds the sums of the chunks
static size_t draw(const job *j, size_t s, double at)
{
  const km_rows *r = j->rows;
  size_t chunk = 0, last = 0;
  for (; chunk + 1 < r->chunks; chunk++) {
    double part = j->part[chunk * j->trials * j->restarts + s];
    if (at < part) break;
    at -= part;
  }
  // a row of weight zero is never drawn, whatever rounding does
  for (size_t i = km_first(r, chunk); i < r->x->rows; i++) {
    double w = (double)j->closest[i * j->restarts + s];
    if (!(w > 0)) continue;
    last = i;
    if (at < w) return i;
    at -= w;
  }
  return last;
}

static void set_point(job *j, size_t c, size_t row)
{
  size_t d = j->rows->x->cols;
  memcpy(j->point + c * d, vr_row(j->rows->x, row), d * sizeof *j->point);
}

// the next centre of every start: of the candidates the one that leaves the least sum. total[s] is
// the sum of closest so far; sum has room for all candidates.
static int next(job *j, vr_rng *rng, const double *total, double *sum)
{
  size_t d = j->rows->x->cols, n = j->restarts;
  for (size_t s = 0; s < n; s++)
    for (size_t l = 0; l < j->trials; l++)
      set_point(j, l * n + s, draw(j, s, vr_rng_uniform(&rng[s]) * total[s]));
  VR_TRY(run(j, j->trials * n, 0, sum));
  for (size_t s = 0; s < n; s++) {
    size_t best = 0;
    // sums that rounding alone tells apart are ties
    for (size_t l = 1; l < j->trials; l++)
      if (sum[l * n + s] < sum[best * n + s] * (1 - 1e-6)) best = l;
    memcpy(j->point + s * d, j->point + (best * n + s) * d, d * sizeof *j->point);
  }
  return 0;
}

static int seed_all(job *j, size_t k, vr_rng *rng, double *sum, double *centre)
{
  size_t d = j->rows->x->cols, n = j->restarts;
  double *total = sum + j->trials * n;
  for (size_t s = 0; s < n; s++) set_point(j, s, vr_rng_below(&rng[s], j->rows->x->rows));
  for (size_t c = 0; c < k; c++) {
    if (c) VR_TRY(next(j, rng, total, sum));
    for (size_t s = 0; s < n; s++)
      memcpy(centre + (s * k + c) * d, j->point + s * d, d * sizeof *centre);
    if (c + 1 == k) break;
    VR_TRY(run(j, n, 1, total));
    j->fresh = 0;
    for (size_t s = 0; s < n; s++)
      if (!(total[s] > 0))
        return vr_fail(
          VR_EDATA, "only %zu of the rows are different: too few for %zu clusters", c + 1, k);
  }
  return 0;
}

int vr_km_seed(
  const km_rows *rows, size_t k, size_t first, size_t restarts, uint64_t seed, double *centre)
{
  vr_arena arena = {0};
  vr_rng *rng = NULL;
  double *sum = NULL;
  job j = {.rows = rows, .restarts = restarts, .trials = 2 + (size_t)log((double)k), .fresh = 1};
  size_t points = j.trials * restarts, threads = (size_t)vr_pool_threads(rows->pool);
  int code = vr_km_pack_new(&j.pack, rows->x->cols, points, &arena);
  j.wide = (points + KM_PANEL - 1) / KM_PANEL * KM_PANEL;
  if (!code) code = vr_arena_alloc(&arena, &j.point, points * rows->x->cols, sizeof *j.point);
  if (!code) code = vr_arena_alloc(&arena, &j.closest, rows->x->rows * restarts, sizeof *j.closest);
  if (!code) code = vr_arena_alloc(&arena, &j.part, rows->chunks * points, sizeof *j.part);
  if (!code) code = vr_arena_alloc(&arena, &j.score, threads * KM_ROWS * j.wide, sizeof *j.score);
  if (!code) code = vr_arena_alloc(&arena, &rng, restarts, sizeof *rng);
  if (!code) code = vr_arena_alloc(&arena, &sum, points + restarts, sizeof *sum);
  for (size_t s = 0; s < restarts && !code; s++)
    rng[s] = vr_rng_new(seed, (uint32_t)(first + s), PURPOSE);
  if (!code) code = seed_all(&j, k, rng, sum, centre);
  vr_arena_free(&arena);
  return code;
}
