#include "ana/tsne_in.h"
#include "base/err.h"
#include "num/knn.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* -- one row ----------------------------------------------------------------------------------- */

/* p = exp(-beta (d - d_0)) normalised; returns its entropy. *slope = -d entropy / d ln beta =
 * beta^2 times the variance of d under p. */
static double row_entropy(const float *d, size_t k, double beta, double *p, double *slope)
{
  double sum = 0, first = 0, second = 0;
  for (size_t j = 0; j < k; j++) {
    double e = beta * ((double)d[j] - d[0]);
    p[j] = exp(-e);
    sum += p[j];
    first += p[j] * e;
    second += p[j] * e * e;
  }
  for (size_t j = 0; j < k; j++) p[j] /= sum;
  double mean = first / sum;
  *slope = second / sum - mean * mean;
  return log(sum) + mean;
}

double vr_tsne_row(const float *d, size_t k, double perplexity, double *p)
{
  double want = log(perplexity), low = 0, high = INFINITY, slope;
  // neighbours at the smallest distance never part: they may be too many for the entropy
  size_t equal = 1;
  while (equal < k && d[equal] == d[0]) equal++;
  if ((double)equal >= perplexity || equal == k) {
    for (size_t j = 0; j < k; j++) p[j] = j < equal ? 1 / (double)equal : 0;
    return INFINITY;
  }
  // Newton's method in ln(beta), inside a bracket that each step narrows
  double mean = 0;
  for (size_t j = 0; j < k; j++) mean += ((double)d[j] - d[0]) / (double)k;
  double beta = 1 / mean;
  for (int step = 0; step < 200; step++) {
    double error = row_entropy(d, k, beta, p, &slope) - want;
    if (fabs(error) < 1e-12) break;
    if (error > 0)
      low = beta;
    else
      high = beta;
    double next = slope > 0 ? beta * exp(fmin(fmax(error / slope, -2), 2)) : beta;
    if (!(next > low && next < high)) next = isinf(high) ? 2 * beta : 0.5 * (low + high);
    if (next == beta) break;
    beta = next;
  }
  return beta;
}

/* -- all rows ---------------------------------------------------------------------------------- */

typedef struct {
  const vr_knn *near;
  double perplexity, *scratch; /* threads x k */
  int32_t *index;              /* n x k, each row by index */
  float *value;                /* n x k: p(j|i) in that order */
  float *both;                 /* n x k: p(j|i) + p(i|j); negative where i is no neighbour of j */
} joint_job;

typedef struct {
  int32_t index;
  float value;
} joint_entry;

static int by_index(const void *a, const void *b)
{
  const joint_entry *x = a, *y = b;
  return (x->index > y->index) - (x->index < y->index);
}

static int rows_conditional(void *ctx, size_t chunk, int thread)
{
  const joint_job *job = ctx;
  size_t k = job->near->k;
  double *p = job->scratch + (size_t)thread * 2 * k;
  joint_entry *entry = (joint_entry *)(p + k);
  for (size_t i = chunk * TSNE_ROWS; i < tsne_chunk_end(chunk, job->near->rows); i++) {
    vr_tsne_row(job->near->dist2 + i * k, k, job->perplexity, p);
    for (size_t c = 0; c < k; c++)
      entry[c] = (joint_entry){job->near->index[i * k + c], (float)p[c]};
    qsort(entry, k, sizeof *entry, by_index);
    for (size_t c = 0; c < k; c++) {
      job->index[i * k + c] = entry[c].index;
      job->value[i * k + c] = entry[c].value;
    }
  }
  return 0;
}

/* p(i|j), or -1 where i is not among the neighbours of j */
static float value_of(const joint_job *job, size_t j, int32_t i)
{
  size_t k = job->near->k, low = 0, high = k;
  const int32_t *index = job->index + j * k;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (index[mid] < i)
      low = mid + 1;
    else
      high = mid;
  }
  return low < k && index[low] == i ? job->value[j * k + low] : -1;
}

static int rows_mutual(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  const joint_job *job = ctx;
  size_t k = job->near->k;
  for (size_t i = chunk * TSNE_ROWS; i < tsne_chunk_end(chunk, job->near->rows); i++)
    for (size_t at = i * k; at < (i + 1) * k; at++) {
      float other = value_of(job, (size_t)job->index[at], (int32_t)i);
      job->both[at] = other < 0 ? -job->value[at] : job->value[at] + other;
    }
  return 0;
}

/* Sparse rows: a row's own neighbours, then those that count it among theirs. */
static int join(const joint_job *job, vr_affinity *p)
{
  size_t n = job->near->rows, k = job->near->k, *fill;
  float scale = 1 / (2 * (float)n);
  p->n = n;
  VR_TRY(vr_alloc(&p->start, n + 2, sizeof *p->start));
  // start[i + 2] counts what is added to row i, then becomes the end of row i + 1
  fill = p->start + 1;
  for (size_t at = 0; at < n * k; at++)
    if (signbit(job->both[at])) fill[(size_t)job->index[at] + 1]++;
  for (size_t i = 0; i < n; i++) fill[i + 1] += fill[i] + k;
  VR_TRY(vr_alloc(&p->index, fill[n], sizeof *p->index));
  VR_TRY(vr_alloc(&p->value, fill[n], sizeof *p->value));
  for (size_t i = 0; i < n; i++) {
    memcpy(p->index + fill[i], job->index + i * k, k * sizeof *p->index);
    for (size_t c = 0; c < k; c++) p->value[fill[i] + c] = fabsf(job->both[i * k + c]) * scale;
  }
  for (size_t i = 0; i < n; i++) fill[i] += k;
  for (size_t i = 0; i < n; i++)
    for (size_t at = i * k; at < (i + 1) * k; at++)
      if (signbit(job->both[at])) {
        size_t to = fill[job->index[at]]++;
        p->index[to] = (int32_t)i;
        p->value[to] = -job->both[at] * scale;
      }
  p->start[0] = 0;
  return 0;
}

static int joint(const vr_mat *x, double perplexity, size_t k, const vr_pool *pool, joint_job *job,
  vr_knn *near, vr_affinity *p)
{
  size_t n = x->rows, chunks = tsne_chunks(n);
  VR_TRY(vr_knn_self(x, k, pool, near));
  job->near = near;
  job->perplexity = perplexity;
  VR_TRY(vr_alloc(&job->scratch, 2 * k * (size_t)vr_pool_threads(pool), sizeof *job->scratch));
  VR_TRY(vr_alloc(&job->index, n * k, sizeof *job->index));
  VR_TRY(vr_alloc(&job->value, n * k, sizeof *job->value));
  VR_TRY(vr_pool_run(pool, chunks, rows_conditional, job));
  // the neighbours' distances are not needed again: their memory becomes that of the sums
  job->both = near->dist2;
  VR_TRY(vr_pool_run(pool, chunks, rows_mutual, job));
  vr_release(near->index);
  vr_release(job->value);
  near->index = NULL;
  job->value = NULL;
  return join(job, p);
}

int vr_tsne_joint(const vr_mat *x, double perplexity, size_t k, const vr_pool *pool, vr_affinity *p)
{
  vr_affinity_free(p);
  if (!k) k = (size_t)(3 * perplexity);
  if (!(perplexity > 1) || perplexity > (double)k)
    return vr_fail(VR_EARG, "perplexity %g is not between 1 and the %zu neighbours", perplexity, k);
  vr_knn near = {0};
  joint_job job = {0};
  int code = joint(x, perplexity, k, pool, &job, &near, p);
  vr_release(job.scratch);
  vr_release(job.index);
  vr_release(job.value);
  vr_knn_free(&near);
  if (code) vr_affinity_free(p);
  return code;
}

void vr_affinity_free(vr_affinity *p)
{
  vr_release(p->start);
  vr_release(p->index);
  vr_release(p->value);
  *p = (vr_affinity){0};
}
