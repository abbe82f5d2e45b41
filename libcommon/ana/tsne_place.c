#include "ana/tsne_in.h"
#include "base/err.h"
#include "num/knn.h"
#include "num/stat.h"
#include <math.h>

/* Each new row is placed for itself. Its affinities p to its neighbours in the map and their w give
 *   KL = sum_j p_j ln(1 + |y - y_j|^2) + ln sum_j w_j(y) + constant,
 * where the second sum runs over the whole map: a fixed field, convolved once and interpolated. A
 * step goes to the mean of the neighbours, weighted by p w, plus the push of the field; it is halved
 * until KL falls. The better of two starts counts: the median of the neighbours and the nearest. */
enum { NEAR = 25, STEPS = 100, HALVINGS = 8, BATCH = 32768, PLACE_ROWS = 64 };
static const double margin = 10, still = 1e-4, same = 1e-6;

typedef struct {
  const vr_mat *y;
  const vr_knn *near;
  double perplexity;
  size_t used; /* neighbours with an affinity */
  const vr_field *field;
  double *scratch; /* threads x near->k x 2 */
  vr_mat *out;
  size_t first; /* row of `out` for row 0 of `near` */
} placing;

/* KL at a place, up to a constant, and where the step from there goes. */
static double cost(
  const placing *job, const int32_t *index, const double *p, const double at[2], double to[2])
{
  double w, push[2], sum = 0, pull = 0, mean[2] = {0, 0};
  vr_field_at(job->field, at, &w, push);
  w = fmax(w, 1e-6);
  for (size_t c = 0; c < job->used; c++) {
    const double *y = vr_row(job->y, (size_t)index[c]);
    double d2 = (at[0] - y[0]) * (at[0] - y[0]) + (at[1] - y[1]) * (at[1] - y[1]);
    double q = p[c] / (1 + d2);
    sum += p[c] * log1p(d2);
    pull += q;
    mean[0] += q * y[0];
    mean[1] += q * y[1];
  }
  for (int a = 0; a < 2; a++) to[a] = (mean[a] + push[a] / w) / pull;
  return sum + log(w);
}

/* Descends from `at`, in place; returns the cost of the end. */
static double descend(const placing *job, const int32_t *index, const double *p, double at[2])
{
  double to[2], value = cost(job, index, p, at, to);
  for (int step = 0; step < STEPS; step++) {
    double move[2] = {to[0] - at[0], to[1] - at[1]}, next[2], next_to[2], lower = INFINITY;
    int halving = 0;
    for (; halving < HALVINGS; halving++) {
      for (int a = 0; a < 2; a++) next[a] = at[a] + ldexp(move[a], -halving);
      lower = cost(job, index, p, next, next_to);
      if (lower < value) break;
    }
    if (halving == HALVINGS) break;
    double gone = hypot(next[0] - at[0], next[1] - at[1]);
    for (int a = 0; a < 2; a++) {
      at[a] = next[a];
      to[a] = next_to[a];
    }
    value = lower;
    if (gone < still) break;
  }
  return value;
}

static void place(const placing *job, size_t i, double *p, double *sorted, double *out)
{
  size_t k = job->near->k;
  const int32_t *index = job->near->index + i * k;
  const float *dist2 = job->near->dist2 + i * k;
  const double *nearest = vr_row(job->y, (size_t)index[0]);
  // a row of the map itself, or as good as that
  if ((double)dist2[0] <= same * (double)dist2[k - 1]) {
    out[0] = nearest[0];
    out[1] = nearest[1];
    return;
  }
  vr_tsne_row(dist2, job->used, job->perplexity, p);
  double other[2] = {nearest[0], nearest[1]};
  for (size_t a = 0; a < 2; a++) {
    for (size_t c = 0; c < k; c++) sorted[c] = vr_row(job->y, (size_t)index[c])[a];
    out[a] = vr_quantile(sorted, k, 0.5);
  }
  double from_median = descend(job, index, p, out);
  if (descend(job, index, p, other) < from_median) {
    out[0] = other[0];
    out[1] = other[1];
  }
}

static int place_rows(void *ctx, size_t chunk, int thread)
{
  const placing *job = ctx;
  double *p = job->scratch + (size_t)thread * 2 * job->near->k;
  for (size_t i = chunk * PLACE_ROWS; i < (chunk + 1) * PLACE_ROWS && i < job->near->rows; i++)
    place(job, i, p, p + job->near->k, vr_row(job->out, job->first + i));
  return 0;
}

/* All rows of q in batches, so that the neighbours take little memory. */
static int place_all(placing *job, const vr_mat *x, const vr_mat *q, const vr_pool *pool,
  vr_tsne_progress progress, void *ctx, vr_knn *near)
{
  size_t k = x->rows < NEAR ? x->rows : NEAR;
  for (job->first = 0; job->first < q->rows; job->first += BATCH) {
    size_t rows = q->rows - job->first < BATCH ? q->rows - job->first : BATCH;
    vr_mat part = {.rows = rows, .cols = q->cols, .a = vr_row(q, job->first)};
    VR_TRY(vr_knn_query(x, &part, k, pool, near));
    VR_TRY(vr_pool_run(pool, (rows + PLACE_ROWS - 1) / PLACE_ROWS, place_rows, job));
    if (progress) progress(ctx, "frames placed", (double)(job->first + rows), (double)q->rows);
  }
  return 0;
}

int vr_tsne_place(const vr_mat *x, const vr_mat *y, const vr_mat *q, double perplexity,
  const vr_pool *pool, vr_tsne_progress progress, void *ctx, vr_mat *out)
{
  if (y->rows != x->rows || y->cols != 2)
    return vr_fail(
      VR_EARG, "the map is %zu x %zu, its features have %zu rows", y->rows, y->cols, x->rows);
  if (x->rows < 3 || !(perplexity > 1))
    return vr_fail(VR_EARG, "a map of %zu frames is too small to place others in it", x->rows);
  vr_knn near = {0};
  vr_field *field = NULL;
  placing job = {.y = y, .near = &near, .out = out, .perplexity = perplexity};
  size_t k = x->rows < NEAR ? x->rows : NEAR;
  job.used = fmin((double)k, floor(3 * perplexity));
  job.perplexity = fmin(perplexity, 0.9 * (double)job.used);
  int code = vr_mat_resize(out, q->rows, 2);
  if (!code) code = vr_alloc(&job.scratch, 2 * k * (size_t)vr_pool_threads(pool), sizeof(double));
  if (!code) code = vr_field_new(x->rows, pool, &field);
  if (!code) code = vr_field_fix(field, y->a, margin);
  job.field = field;
  if (!code) code = place_all(&job, x, q, pool, progress, ctx, &near);
  vr_field_free(field);
  vr_release(job.scratch);
  vr_knn_free(&near);
  return code;
}
