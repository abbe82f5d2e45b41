#include "num/knn.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/knn_scan.h"
#include "num/lin.h"
#include <math.h>
#include <string.h>

enum { ROTATE_MAX = 1024, SAMPLE = 4096, BLOCK_MAX = 480, BLOCK_BYTES = 1500000, PACK = 64 };

/* -- turning to principal axes ----------------------------------------------------------------- */

/* Means and covariance (upper triangle) of at most SAMPLE rows, evenly spaced: any rotation is right,
 * this one is good. */
static void moments(const vr_mat *x, double *mean, double *cov)
{
  size_t d = x->cols, step = x->rows / SAMPLE + 1, n = (x->rows + step - 1) / step;
  for (size_t i = 0; i < x->rows; i += step)
    for (size_t a = 0; a < d; a++) mean[a] += vr_row(x, i)[a] / (double)n;
  if (!cov) return;
  for (size_t i = 0; i < x->rows; i += step) {
    const double *row = vr_row(x, i);
    for (size_t a = 0; a < d; a++) {
      double u = row[a] - mean[a];
      for (size_t b = a; b < d; b++) cov[a * d + b] += u * (row[b] - mean[b]);
    }
  }
}

/* A power of two that brings the largest centred value near 1, so that no score overflows. */
static double scale_of(const vr_mat *x, const double *mean)
{
  double most = 0;
  for (size_t i = 0; i < x->rows; i++)
    for (size_t a = 0; a < x->cols; a++) {
      double v = fabs(vr_row(x, i)[a] - mean[a]);
      if (v > most) most = v;
    }
  int e = 0;
  frexp(most, &e);
  return ldexp(1, e < -900 ? 900 : -e);
}

/* Axes as rows, largest variance first. */
static int turn_axes(knn_set *set, vr_arena *arena)
{
  size_t d = set->dims;
  double *cov, *value;
  VR_TRY(vr_arena_alloc(arena, &set->mean, d, sizeof *set->mean));
  if (d > ROTATE_MAX) { // columns as they are
    moments(set->x, set->mean, NULL);
    set->scale = scale_of(set->x, set->mean);
    return 0;
  }
  VR_TRY(vr_arena_alloc(arena, &set->axes, d * d, sizeof *set->axes));
  VR_TRY(vr_arena_alloc(arena, &cov, d * d, sizeof *cov));
  VR_TRY(vr_arena_alloc(arena, &value, d, sizeof *value));
  moments(set->x, set->mean, cov);
  set->scale = scale_of(set->x, set->mean);
  int turned = !vr_eigh(d, cov, d, value, set->axes);
  for (size_t a = 0; a < d; a++)
    for (size_t b = 0; b < d; b++)
      set->axes[a * d + b] = set->scale * (turned ? set->axes[a * d + b] : a == b);
  return 0;
}

/* out[k * stride], k < dims: the row turned; returns half the squared norm of what is stored. */
static void turn_row(
  const knn_set *set, const double *row, double *centred, float *out, size_t stride, float sign)
{
  size_t d = set->dims;
  for (size_t a = 0; a < d; a++) centred[a] = row[a] - set->mean[a];
  for (size_t k = 0; k < d; k++) {
    double sum = 0;
    if (set->axes) {
      const double *axis = set->axes + k * d;
#pragma omp simd reduction(+ : sum)
      for (size_t a = 0; a < d; a++) sum += axis[a] * centred[a];
    } else {
      sum = centred[k] * set->scale;
    }
    out[k * stride] = sign * (float)sum;
  }
}

/* -- points in panels -------------------------------------------------------------------------- */

typedef struct {
  knn_set *set;
  double *scratch; /* threads x 2 dims */
} pack_job;

/* Packs PACK panels: stage after stage the columns of 32 points, then half their norms, lowered by
 * the bound on their rounding. Places beyond the last point have an infinite norm. */
static int pack_panels(void *ctx, size_t chunk, int thread)
{
  const pack_job *job = ctx;
  knn_set *set = job->set;
  size_t d = set->dims, end = (chunk + 1) * PACK < set->panels ? (chunk + 1) * PACK : set->panels;
  double *centred = job->scratch + (size_t)thread * 2 * d;
  float *turned = (float *)(centred + d);
  for (size_t p = chunk * PACK; p < end; p++)
    for (size_t c = 0; c < KNN_PANEL; c++) {
      size_t i = p * KNN_PANEL + c;
      float *to = set->panel + p * set->panel_size + c;
      if (i < set->x->rows) turn_row(set, vr_row(set->x, i), centred, turned, 1, 1);
      for (size_t s = 0, k = 0; s < set->stages; s++) {
        double half = 0;
        for (size_t e = 0; e < knn_stage_dims(d, s); e++, k++, to += KNN_PANEL) {
          *to = i < set->x->rows ? turned[k] : 0;
          half += 0.5 * (double)*to * *to;
        }
        *to = i < set->x->rows ? (float)(half * (1 - 2 * set->slack)) : INFINITY;
        to += KNN_PANEL;
      }
    }
  return 0;
}

static int set_new(knn_set *set, const vr_pool *pool, vr_arena *arena)
{
  size_t n = set->x->rows;
  set->dims = set->x->cols;
  set->stages = (set->dims + KNN_STAGE - 1) / KNN_STAGE;
  set->panels = (n + KNN_PANEL - 1) / KNN_PANEL;
  set->panel_size = (set->dims + set->stages) * KNN_PANEL;
  set->slack = (double)(set->dims + set->stages + 24) * 0x1p-24;
  VR_TRY(turn_axes(set, arena));
  VR_TRY(vr_arena_alloc(arena, &set->panel, set->panels * set->panel_size, sizeof *set->panel));
  pack_job job = {set, NULL};
  size_t each = 2 * set->dims * (size_t)vr_pool_threads(pool);
  VR_TRY(vr_arena_alloc(arena, &job.scratch, each, sizeof *job.scratch));
  return vr_pool_run(pool, (set->panels + PACK - 1) / PACK, pack_panels, &job);
}

/* -- queries ----------------------------------------------------------------------------------- */

typedef struct {
  const knn_set *set;
  size_t size;      /* queries in a block */
  knn_block *block; /* one a thread */
  double *scratch;  /* threads x dims */
  vr_knn *out;
} query_job;

static int block_new(knn_block *b, const knn_set *set, size_t size, size_t k, vr_arena *arena)
{
  size_t cap = 4 * k > k + 64 ? 4 * k : k + 64, slots = size + KNN_TILE;
  if (cap > set->x->rows + 1) cap = set->x->rows + 1;
  *b = (knn_block){.cap = cap, .k = k};
  VR_TRY(vr_arena_alloc(arena, &b->tile, slots * set->dims, sizeof *b->tile));
  VR_TRY(vr_arena_alloc(arena, &b->limit, slots * set->stages, sizeof *b->limit));
  VR_TRY(vr_arena_alloc(arena, &b->tail, slots * set->stages, sizeof *b->tail));
  VR_TRY(vr_arena_alloc(arena, &b->half, slots, sizeof *b->half));
  VR_TRY(vr_arena_alloc(arena, &b->score, slots * cap, sizeof *b->score));
  VR_TRY(vr_arena_alloc(arena, &b->index, slots * cap, sizeof *b->index));
  VR_TRY(vr_arena_alloc(arena, &b->count, slots, sizeof *b->count));
  VR_TRY(vr_arena_alloc(arena, &b->last, slots, sizeof *b->last));
  return vr_arena_alloc(arena, &b->list, cap, sizeof *b->list);
}

/* Turns query i, negated, into its place of a tile, with the norms that are left after each stage. */
static void pack_query(const knn_set *set, knn_block *b, size_t i, double *centred)
{
  size_t t = i / KNN_TILE, r = i % KNN_TILE;
  float *tile = b->tile + t * set->dims * KNN_TILE + r;
  float *tail = b->tail + t * set->stages * KNN_TILE + r;
  double half = 0;
  if (i < b->n)
    turn_row(set, vr_row(set->q, b->first + i), centred, tile, KNN_TILE, -1);
  else
    for (size_t k = 0; k < set->dims; k++) tile[k * KNN_TILE] = 0;
  for (size_t s = set->stages; s-- > 0;) {
    tail[s * KNN_TILE] = (float)(half * (1 + set->slack));
    for (size_t e = 0; e < knn_stage_dims(set->dims, s); e++) {
      double v = tile[(s * KNN_STAGE + e) * KNN_TILE];
      half += 0.5 * v * v;
    }
  }
  b->half[i] = half;
  // what the bound on rounding owes to the query is the same for all its points
  for (size_t s = 0; s < set->stages; s++) tail[s * KNN_TILE] += (float)(set->slack * half);
}

static int search_block(void *ctx, size_t chunk, int thread)
{
  const query_job *job = ctx;
  const knn_set *set = job->set;
  knn_block *b = job->block + thread;
  b->first = chunk * job->size;
  b->n = set->q->rows - b->first < job->size ? set->q->rows - b->first : job->size;
  b->tiles = (b->n + KNN_TILE - 1) / KNN_TILE;
  for (size_t i = 0; i < b->tiles * KNN_TILE; i++) {
    pack_query(set, b, i, job->scratch + (size_t)thread * set->dims);
    vr_knn_open(set, b, i);
  }
  // own surroundings first, then all other panels from the first to the last
  size_t from = 0, to = 0;
  b->ascending = 0;
  if (set->self) {
    from = b->first / KNN_PANEL;
    to = (b->first + b->n + KNN_PANEL - 1) / KNN_PANEL;
  }
  for (size_t p = from; p < to; p++) vr_knn_scan(set, b, p);
  b->ascending = 1;
  for (size_t p = 0; p < set->panels; p++)
    if (p < from || p >= to) vr_knn_scan(set, b, p);
  for (size_t i = 0; i < b->n; i++) {
    vr_knn_finish(set, b, i);
    for (size_t c = 0, at = (b->first + i) * b->k; c < b->k; c++, at++) {
      job->out->index[at] = b->list[c].index;
      job->out->dist2[at] = (float)b->list[c].dist2;
    }
  }
  return 0;
}

static int search(knn_set *set, size_t k, const vr_pool *pool, vr_arena *arena, vr_knn *out)
{
  int threads = vr_pool_threads(pool);
  query_job job = {.set = set, .out = out};
  VR_TRY(set_new(set, pool, arena));
  // as many queries a block as their candidates fit the cache
  job.size = BLOCK_BYTES / (4 * k * 8) / KNN_TILE * KNN_TILE;
  if (job.size > BLOCK_MAX) job.size = BLOCK_MAX;
  if (job.size < KNN_TILE) job.size = KNN_TILE;
  VR_TRY(vr_arena_alloc(arena, &job.block, (size_t)threads, sizeof *job.block));
  VR_TRY(vr_arena_alloc(arena, &job.scratch, (size_t)threads * set->dims, sizeof *job.scratch));
  for (int t = 0; t < threads; t++) VR_TRY(block_new(&job.block[t], set, job.size, k, arena));
  VR_TRY(vr_alloc(&out->index, set->q->rows * k, sizeof *out->index));
  VR_TRY(vr_alloc(&out->dist2, set->q->rows * k, sizeof *out->dist2));
  out->rows = set->q->rows;
  out->k = k;
  return vr_pool_run(pool, (set->q->rows + job.size - 1) / job.size, search_block, &job);
}

static int knn(knn_set *set, size_t k, const vr_pool *pool, vr_knn *out)
{
  vr_arena arena = {0};
  vr_knn_free(out);
  if (set->x->rows > INT32_MAX) return vr_fail(VR_EARG, "more than 2^31 rows");
  int code = search(set, k, pool, &arena, out);
  vr_arena_free(&arena);
  if (code) vr_knn_free(out);
  return code;
}

int vr_knn_self(const vr_mat *x, size_t k, const vr_pool *pool, vr_knn *out)
{
  if (k < 1 || k >= x->rows)
    return vr_fail(VR_EARG, "%zu rows have no %zu neighbours each", x->rows, k);
  knn_set set = {.x = x, .q = x, .self = 1};
  return knn(&set, k, pool, out);
}

int vr_knn_query(const vr_mat *x, const vr_mat *q, size_t k, const vr_pool *pool, vr_knn *out)
{
  if (k < 1 || k > x->rows) return vr_fail(VR_EARG, "%zu rows hold no %zu neighbours", x->rows, k);
  if (x->cols != q->cols)
    return vr_fail(VR_EARG, "queries have %zu columns, the points %zu", q->cols, x->cols);
  knn_set set = {.x = x, .q = q};
  return knn(&set, k, pool, out);
}

void vr_knn_free(vr_knn *k)
{
  vr_release(k->index);
  vr_release(k->dist2);
  *k = (vr_knn){0};
}
