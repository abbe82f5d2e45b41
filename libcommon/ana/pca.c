#include "ana/pca.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/lin.h"
#include <math.h>
#include <string.h>

int vr_pca_alloc(vr_pca *b, size_t d, size_t n)
{
  double *block;
  if (!d || n > d) return vr_fail(VR_EARG, "%zu components of %zu columns cannot be", n, d);
  VR_TRY(vr_alloc(&block, d * (n + 3), sizeof *block));
  vr_release(b->mean);
  *b = (vr_pca){.d = d, .n = n, .mean = block, .scale = block + d, .variance = block + 2 * d};
  b->loadings = block + 3 * d;
  for (size_t j = 0; j < d; j++) b->scale[j] = 1;
  return 0;
}

void vr_pca_free(vr_pca *b)
{
  vr_release(b->mean);
  *b = (vr_pca){0};
}

int vr_pca_solve(const vr_cov *cov, const vr_pca_par *par, vr_pca *b)
{
  size_t d = cov->d, n = par->n < 1 ? 0 : (size_t)par->n;
  if (!n) return vr_fail(VR_EARG, "%d components: 1 or more can be had", par->n);
  vr_mat a = {0};
  int code = vr_cov_matrix(cov, &a);
  if (!code) code = vr_pca_alloc(b, d, n < d ? n : d);
  if (!code) {
    b->rows = cov->n;
    memcpy(b->mean, cov->mean, d * sizeof *b->mean);
    // a constant column has no scale of its own
    for (size_t j = 0; j < d && par->scale; j++)
      if (a.a[j * d + j] > 0) b->scale[j] = sqrt(a.a[j * d + j]);
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++) a.a[i * d + j] /= b->scale[i] * b->scale[j];
    code = vr_eigh(d, a.a, b->n, b->variance, b->loadings);
  }
  // rounding leaves eigenvalues of -1e-17 where there is no variance
  for (size_t j = 0; j < d && !code; j++) {
    b->variance[j] = fmax(b->variance[j], 0);
    b->total += b->variance[j];
  }
  vr_mat_free(&a);
  return code;
}

/* what the blocks of a projection share; x or xf is set */
typedef struct {
  const vr_pca *b;
  const double *x;
  const float *xf;
  size_t rows;
  double *centred, *scores; /* centred: one block a thread */
} job;

static int project_block(void *ctx, size_t chunk, int thread)
{
  const job *p = ctx;
  const vr_pca *b = p->b;
  size_t d = b->d, first = chunk * VR_COV_BLOCK, rows = p->rows - first;
  if (rows > VR_COV_BLOCK) rows = VR_COV_BLOCK;
  double *y = p->centred + (size_t)thread * VR_COV_BLOCK * d;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < d; j++) {
      size_t at = (first + i) * d + j;
      y[i * d + j] = ((p->x ? p->x[at] : (double)p->xf[at]) - b->mean[j]) / b->scale[j];
    }
  vr_gemm_nt(rows, b->n, d, y, d, b->loadings, d, p->scores + first * b->n, b->n);
  return 0;
}

static int project(job *p, size_t cols, const vr_pool *pool, vr_mat *scores)
{
  size_t d = p->b->d, chunks = (p->rows + VR_COV_BLOCK - 1) / VR_COV_BLOCK;
  size_t threads = (size_t)vr_pool_threads(pool);
  if (cols != d) return vr_fail(VR_EARG, "a basis of %zu columns cannot take rows of %zu", d, cols);
  VR_TRY(vr_mat_resize(scores, p->rows, p->b->n));
  p->scores = scores->a;
  if (threads > chunks) threads = chunks ? chunks : 1;
  VR_TRY(vr_alloc(&p->centred, threads * VR_COV_BLOCK * d, sizeof(double)));
  int code = vr_pool_run(pool, chunks, project_block, p);
  vr_release(p->centred);
  return code;
}

int vr_pca_project(const vr_pca *b, const vr_mat *x, const vr_pool *pool, vr_mat *scores)
{
  job p = {.b = b, .x = x->a, .rows = x->rows};
  return project(&p, x->cols, pool, scores);
}

int vr_pca_projectf(const vr_pca *b, const vr_matf *x, const vr_pool *pool, vr_mat *scores)
{
  job p = {.b = b, .xf = x->a, .rows = x->rows};
  return project(&p, x->cols, pool, scores);
}

int vr_pca_fit(const vr_mat *x, const vr_pca_par *par, const vr_pool *pool, vr_pca *b)
{
  vr_cov cov = {0};
  VR_TRY(vr_cov_init(&cov, x->cols));
  int code = vr_cov_add(&cov, x, pool);
  if (!code) code = vr_pca_solve(&cov, par, b);
  vr_cov_free(&cov);
  return code;
}
