// Covariances that grow block by block: see num/stat.h.
#include "base/err.h"
#include "base/mem.h"
#include "num/centre.h"
#include "num/lin.h"
#include "num/stat.h"
#include <string.h>

int vr_cov_init(vr_cov *c, size_t d)
{
  if (!d || d > VR_COV_MAX)
    return vr_fail(VR_EARG, "the covariance of %zu columns: 1 to %d can be handled", d, VR_COV_MAX);
  *c = (vr_cov){.d = d};
  VR_TRY(vr_alloc(&c->mean, d * (d + 1), sizeof *c->mean));
  c->prod = c->mean + d;
  return 0;
}

void vr_cov_free(vr_cov *c)
{
  vr_release(c->mean);
  *c = (vr_cov){0};
}

/* moments of one block (rows x d), which is centred in place */
static void block_moments(vr_cov *c, double *x, size_t rows)
{
  size_t d = c->d;
  c->n = rows;
  memset(c->mean, 0, d * sizeof *c->mean);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < d; j++) c->mean[j] += x[i * d + j];
  for (size_t j = 0; j < d; j++) c->mean[j] /= rows ? (double)rows : 1;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < d; j++) x[i * d + j] -= c->mean[j];
  vr_syrk(rows, d, x, d, c->prod);
}

void vr_cov_wide(vr_cov *c, double *x, size_t rows, size_t ld)
{
  c->n = rows;
  for (size_t j = 0; j < c->d; j++) c->mean[j] = vr_centre(x + j * ld, rows);
  vr_syrk_wide(rows, c->d, x, ld, c->prod);
}

void vr_cov_widef(vr_cov *c, float *x, size_t rows, size_t ld, float *scratch)
{
  size_t d = c->d;
  c->n = rows;
  for (size_t j = 0; j < d; j++) c->mean[j] = vr_centref(x + j * ld, rows);
  if (!rows) memset(c->prod, 0, d * d * sizeof *c->prod);
  for (size_t first = 0; first < rows; first += VR_COV_BLOCK) {
    size_t n = rows - first < VR_COV_BLOCK ? rows - first : VR_COV_BLOCK;
    vr_syrk_widef(n, d, x + first, ld, scratch);
    for (size_t i = 0; i < d; i++)
      for (size_t j = i; j < d; j++)
        c->prod[i * d + j] = (first ? c->prod[i * d + j] : 0) + (double)scratch[i * d + j];
  }
}

void vr_cov_merge(vr_cov *into, const vr_cov *from)
{
  size_t d = into->d, n = into->n + from->n;
  if (!from->n) return;
  double share = (double)from->n / (double)n, both = (double)into->n * share;
  for (size_t i = 0; i < d; i++) {
    double *p = into->prod + i * d, step = (from->mean[i] - into->mean[i]) * both;
    const double *q = from->prod + i * d;
    for (size_t j = i; j < d; j++) p[j] += q[j] + step * (from->mean[j] - into->mean[j]);
  }
  for (size_t i = 0; i < d; i++) into->mean[i] += share * (from->mean[i] - into->mean[i]);
  into->n = n;
}

/* what the blocks of one call share; x or xf is set */
typedef struct {
  const double *x;
  const float *xf;
  size_t d, rows, first;
  double *centred; /* one block a thread */
  vr_cov *part;    /* one a chunk of a wave */
} job;

static int add_block(void *ctx, size_t chunk, int thread)
{
  job *b = ctx;
  size_t row = b->first + chunk * VR_COV_BLOCK, rows = b->rows - row;
  if (rows > VR_COV_BLOCK) rows = VR_COV_BLOCK;
  double *to = b->centred + (size_t)thread * VR_COV_BLOCK * b->d;
  if (b->x) {
    memcpy(to, b->x + row * b->d, rows * b->d * sizeof *to);
  } else {
    const float *from = b->xf + row * b->d;
    for (size_t i = 0; i < rows * b->d; i++) to[i] = (double)from[i];
  }
  block_moments(&b->part[chunk], to, rows);
  return 0;
}

/* blocks in waves: the blocks of a wave side by side, then merged in order */
static int add_waves(vr_cov *c, job *b, const vr_pool *pool)
{
  enum { WAVE = 16, BYTES = 64 << 20 };
  size_t d = c->d, wave = BYTES / (d * (d + 1) * sizeof(double));
  if (wave > WAVE) wave = WAVE;
  if (wave < 1) wave = 1;
  double *block;
  vr_cov part[WAVE];
  VR_TRY(vr_alloc(&b->centred, (size_t)vr_pool_threads(pool) * VR_COV_BLOCK * d, sizeof(double)));
  int code = vr_alloc(&block, wave * d * (d + 1), sizeof *block);
  b->part = part;
  for (size_t k = 0; k < wave && !code; k++) {
    double *mean = block + k * d * (d + 1);
    part[k] = (vr_cov){.d = d, .mean = mean, .prod = mean + d};
  }
  for (b->first = 0; b->first < b->rows && !code; b->first += wave * VR_COV_BLOCK) {
    size_t n = (b->rows - b->first + VR_COV_BLOCK - 1) / VR_COV_BLOCK;
    if (n > wave) n = wave;
    code = vr_pool_run(pool, n, add_block, b);
    for (size_t k = 0; k < n && !code; k++) vr_cov_merge(c, &part[k]);
  }
  vr_release(block);
  vr_release(b->centred);
  return code;
}

int vr_cov_add(vr_cov *c, const vr_mat *x, const vr_pool *pool)
{
  if (x->cols != c->d)
    return vr_fail(VR_EARG, "a covariance of %zu columns met rows of %zu", c->d, x->cols);
  job b = {.x = x->a, .d = c->d, .rows = x->rows};
  return add_waves(c, &b, pool);
}

int vr_cov_addf(vr_cov *c, const vr_matf *x, const vr_pool *pool)
{
  if (x->cols != c->d)
    return vr_fail(VR_EARG, "a covariance of %zu columns met rows of %zu", c->d, x->cols);
  job b = {.xf = x->a, .d = c->d, .rows = x->rows};
  return add_waves(c, &b, pool);
}

int vr_cov_matrix(const vr_cov *c, vr_mat *a)
{
  size_t d = c->d;
  if (c->n < 2) return vr_fail(VR_EDATA, "a covariance needs two rows, there are %zu", c->n);
  VR_TRY(vr_mat_resize(a, d, d));
  for (size_t i = 0; i < d; i++)
    for (size_t j = i; j < d; j++)
      a->a[i * d + j] = a->a[j * d + i] = c->prod[i * d + j] / (double)(c->n - 1);
  return 0;
}
