/* jpca_null.c -- what jPCA finds where components know nothing of each other. */
#include "ana/jpca_in.h"
#include "ana/pieces.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include <math.h>
#include <string.h>

enum { PURPOSE = 0x6a504341, CHUNK = 8 };

typedef struct {
  const vr_mat *a;
  const vr_jpca_par *par;
  const vr_span *piece;
  size_t n, pieces;
  double power, rate, *sums; // sums: of each piece, then of all
  double *root;              // square root of S of the data
  double *work;              // one block a thread
  vr_mat *null;
} job;

static int sum_piece(void *ctx, size_t k, int thread)
{
  job *p = ctx;
  (void)thread;
  vr_jpca_sums(p->a, p->piece[k], p->par->first, p->sums + 3 * k * p->n * p->n);
  return 0;
}

// to = s^power for a symmetric s (n x n), scratch for 2 n n numbers
static int root_of(size_t n, const double *s, double power, double *scratch, double *to)
{
  double *v = scratch, *t = v + n * n, value[VR_JPCA_MAX];
  memcpy(t, s, n * n * sizeof *t);
  VR_TRY(vr_eigh(n, t, n, value, v));
  if (!(value[n - 1] > 1e-14 * value[0]))
    return vr_fail(VR_ENUM, "the pieces have fewer than %zu dimensions: take fewer components", n);
  memset(to, 0, n * n * sizeof *to);
  for (size_t l = 0; l < n; l++) {
    double f = pow(value[l], power);
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < n; k++) to[i * n + k] += f * v[l * n + i] * v[l * n + k];
  }
  return 0;
}

// m := l' m l
static void carry(size_t n, const double *l, double *scratch, double *m)
{
  vr_gemm(n, n, n, m, n, l, n, scratch, n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++) {
      double sum = 0;
      for (size_t r = 0; r < n; r++) sum += l[r * n + i] * scratch[r * n + k];
      m[i * n + k] = sum;
    }
}

// the sums of all pieces, each component of each piece with a sign by chance
static void draw(const job *p, size_t surrogate, double *sums)
{
  size_t n = p->n, nn = n * n;
  vr_rng rng = vr_rng_new(p->par->seed, (uint32_t)surrogate, PURPOSE);
  memset(sums, 0, 3 * nn * sizeof *sums);
  for (size_t k = 0; k < p->pieces; k++) {
    const double *of = p->sums + 3 * k * nn;
    uint32_t bits = vr_rng_u32(&rng);
    double sign[VR_JPCA_MAX];
    for (size_t i = 0; i < n; i++) sign[i] = bits >> i & 1 ? -1 : 1;
    for (size_t m = 0; m < 3; m++)
      for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < n; l++)
          sums[m * nn + i * n + l] += sign[i] * sign[l] * of[m * nn + i * n + l];
  }
}

static void keep(const job *p, const vr_jpca_turns *t, double *row)
{
  size_t planes = p->n / 2;
  row[0] = t->r2;
  for (size_t k = 0; k < planes; k++) {
    row[1 + k] = vr_jpca_frequency(t->w[k], p->rate, p->par->first);
    row[1 + planes + k] = t->share[k];
  }
}

static int surrogates(void *ctx, size_t chunk, int thread)
{
  job *p = ctx;
  size_t n = p->n, nn = n * n, first = chunk * CHUNK;
  const double *all = p->sums + 3 * p->pieces * nn;
  double *sums = p->work + (size_t)thread * (7 + VR_JPCA_SCRATCH) * nn, *l = sums + 3 * nn,
         *m = l + nn, *half = m + nn, *scratch = half + 2 * nn;
  vr_jpca_turns t;
  for (size_t s = first; s < first + CHUNK && s < p->null->rows; s++) {
    draw(p, s, sums);
    // back to the covariance of the data: l = S^-1/2 S0^1/2
    VR_TRY(root_of(n, sums, -0.5, scratch, half));
    vr_gemm(n, n, n, half, n, p->root, n, l, n);
    memcpy(sums, all, nn * sizeof *sums);
    carry(n, l, scratch, sums + nn);
    carry(n, l, scratch, sums + 2 * nn);
    VR_TRY(vr_jpca_turn(n, sums, p->power, scratch, m, NULL, &t));
    keep(p, &t, vr_row(p->null, s));
  }
  return 0;
}

// share of the surrogates that reach x, and what 95 % of them stay below
static void test(const vr_mat *null, size_t col, double x, double *column, double *high, double *p)
{
  size_t reach = 0;
  for (size_t s = 0; s < null->rows; s++) {
    column[s] = vr_row(null, s)[col];
    reach += column[s] >= x * (1 - 1e-12);
  }
  *high = vr_quantile(column, null->rows, 0.95);
  *p = (double)(1 + reach) / (double)(1 + null->rows);
}

static int run(job *p, const vr_pool *pool, vr_jpca *j)
{
  size_t n = p->n, nn = n * n, rows = p->null->rows, planes = j->planes;
  double *all = p->sums + 3 * p->pieces * nn, *column, data[1 + VR_JPCA_MAX];
  vr_jpca_turns t;
  VR_TRY(vr_pool_run(pool, p->pieces, sum_piece, p));
  for (size_t k = 0; k < p->pieces; k++)
    for (size_t i = 0; i < 3 * nn; i++) all[i] += p->sums[3 * k * nn + i];
  VR_TRY(root_of(n, all, 0.5, p->work, p->root));
  VR_TRY(vr_pool_run(pool, (rows + CHUNK - 1) / CHUNK, surrogates, p));
  // the data in the same pieces
  VR_TRY(vr_jpca_turn(n, all, p->power, p->work, p->work + VR_JPCA_SCRATCH * nn, NULL, &t));
  keep(p, &t, data);
  VR_TRY(vr_alloc(&column, rows, sizeof *column));
  test(p->null, 0, data[0], column, &j->r2_null, &j->r2_p);
  for (size_t k = 0; k < planes; k++) {
    vr_jpca_plane *q = j->plane + k;
    test(p->null, 1 + k, data[1 + k], column, &q->frequency_null, &q->frequency_p);
    test(p->null, 1 + planes + k, data[1 + planes + k], column, &q->share_null, &q->share_p);
  }
  vr_release(column);
  return 0;
}

int vr_jpca_null(const vr_mat *a, const vr_trials *tr, const vr_jpca_par *par, double power,
  const vr_pool *pool, vr_jpca *j)
{
  vr_span *piece = NULL;
  size_t nn = j->n * j->n, threads = (size_t)vr_pool_threads(pool);
  if (par->surrogates < 1) return 0;
  VR_TRY(vr_pieces_cut(tr, par->piece, &piece, &j->pieces, &j->shortest));
  if (!vr_pieces_enough(j->pieces, j->shortest)) {
    vr_release(piece);
    return 0;
  }
  job p = {.a = a, .par = par, .piece = piece, .n = j->n, .pieces = j->pieces, .power = power};
  p.rate = tr->rate;
  p.null = &j->null;
  int code = vr_mat_resize(&j->null, (size_t)par->surrogates, 1 + 2 * j->planes);
  if (!code) code = vr_alloc(&p.sums, (3 * p.pieces + 4) * nn, sizeof *p.sums);
  if (!code) code = vr_alloc(&p.work, threads * (7 + VR_JPCA_SCRATCH) * nn, sizeof *p.work);
  if (!code) {
    p.root = p.sums + (3 * p.pieces + 3) * nn;
    code = run(&p, pool, j);
  }
  vr_release(p.sums);
  vr_release(p.work);
  vr_release(piece);
  return code;
}
