#include "ana/cka.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__gnu_linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

enum { PURPOSE = 0x636b61, DRAWS = 25 }; // of the random stream; draws of a chunk

/* -- matrices ---------------------------------------------------------------------------------- */

static void mirror(double *a, size_t k)
{
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < i; j++) a[i * k + j] = a[j * k + i];
}

// <K, L> and sum of K_ii L_ii as the debiased estimator puts them together
static double debiased(const vr_gram *x, const vr_gram *y, double product, double diagonal)
{
  double k = (double)x->k;
  return product - diagonal * k / (k - 2) + x->trace * y->trace / ((k - 1) * (k - 2));
}

// eight sums side by side, added in one order: the same bits on every processor
CLONES static double dot(const double *x, const double *y, size_t n)
{
  double part[8] = {0}, sum = 0;
  size_t whole = n - n % 8;
  for (size_t i = 0; i < whole; i += 8)
#pragma omp simd
    for (size_t k = 0; k < 8; k++) part[k] += x[i + k] * y[i + k];
  for (size_t i = whole; i < n; i++) part[i - whole] += x[i] * y[i];
  for (size_t k = 0; k < 8; k++) sum += part[k];
  return sum;
}

static double product(const vr_gram *x, const vr_gram *y)
{
  return dot(x->a, y->a, x->k * x->k);
}

static double diagonal(const vr_gram *x, const vr_gram *y)
{
  double sum = 0;
  for (size_t i = 0; i < x->k; i++) sum += x->a[i * x->k + i] * y->a[i * x->k + i];
  return sum;
}

// the columns of x, centred; *all = the sum of squares before
static int centre(const vr_mat *x, vr_mat *c, double *all)
{
  double *mean;
  VR_TRY(vr_alloc(&mean, x->cols, sizeof *mean));
  int code = vr_mat_resize(c, x->rows, x->cols);
  for (size_t i = 0; i < x->rows; i++)
    for (size_t j = 0; j < x->cols; j++) mean[j] += vr_row(x, i)[j];
  for (size_t j = 0; j < x->cols; j++) mean[j] /= (double)x->rows;
  for (size_t i = 0; i < x->rows && !code; i++)
    for (size_t j = 0; j < x->cols; j++) vr_row(c, i)[j] = vr_row(x, i)[j] - mean[j];
  *all = dot(x->a, x->a, x->rows * x->cols);
  vr_release(mean);
  return code;
}

void vr_gram_finish(vr_gram *g, double all)
{
  size_t k = g->k;
  mirror(g->a, k);
  g->trace = 0;
  for (size_t i = 0; i < k; i++) g->trace += g->a[i * k + i];
  // what rounding leaves of equal rows is no variation
  if (!(g->trace > 1e-26 * all)) {
    memset(g->a, 0, k * k * sizeof *g->a);
    g->trace = 0;
  }
  double square = product(g, g);
  g->norm = sqrt(square);
  g->dim = square > 0 ? g->trace * g->trace / square : 0;
  double rest = k > 3 ? debiased(g, g, square, diagonal(g, g)) : 0;
  g->debiased = rest > 1e-20 * square ? sqrt(rest) : 0;
}

int vr_gram_make(const vr_mat *x, vr_gram *g)
{
  size_t k = x->rows;
  vr_mat c = {0};
  double all;
  vr_gram_free(g);
  if (k < 2 || !x->cols)
    return vr_fail(VR_EARG, "%zu rows of %zu columns have no similarities", k, x->cols);
  int code = centre(x, &c, &all);
  if (!code) code = vr_alloc(&g->a, k * k, sizeof *g->a);
  if (!code) {
    g->k = k;
    vr_syrk_wide(x->cols, k, c.a, x->cols, g->a);
    vr_gram_finish(g, all);
  }
  vr_mat_free(&c);
  return code;
}

int vr_gram_copy(const vr_gram *from, vr_gram *to)
{
  vr_gram_free(to);
  VR_TRY(vr_alloc(&to->a, from->k * from->k, sizeof *to->a));
  double *a = to->a;
  *to = *from;
  to->a = a;
  if (from->k) memcpy(a, from->a, from->k * from->k * sizeof *a);
  return 0;
}

void vr_gram_free(vr_gram *g)
{
  vr_release(g->a);
  *g = (vr_gram){0};
}

static double ratio(double above, double x, double y)
{
  return x > 0 && y > 0 ? above / x / y : 0;
}

double vr_cka(const vr_gram *x, const vr_gram *y)
{
  return ratio(product(x, y), x->norm, y->norm);
}

double vr_cka_debiased(const vr_gram *x, const vr_gram *y)
{
  return ratio(debiased(x, y, product(x, y), diagonal(x, y)), x->debiased, y->debiased);
}

int vr_cka_similarity(const vr_mat *x, vr_mat *s)
{
  VR_TRY(vr_mat_resize(s, x->rows, x->rows));
  vr_syrk_wide(x->cols, x->rows, x->a, x->cols, s->a);
  mirror(s->a, x->rows);
  return 0;
}

/* -- the null ---------------------------------------------------------------------------------- */

typedef struct {
  const vr_gram *g;
  const vr_cka_pair *pair;
  size_t n, k, draws;
  uint64_t seed;
  double *paper, *debiased; // n x draws
  int32_t *order;           // threads x k
} job;

// <K, PLP'> from the upper triangles, and the sum of K_ii L_jj with j = order[i]
CLONES static double permuted(
  const double *a, const double *b, const int32_t *order, size_t k, double *diag)
{
  double sum = 0, own = 0;
  for (size_t i = 0; i < k; i++) {
    const double *x = a + i * k, *y = b + (size_t)order[i] * k;
    double row = 0;
#pragma omp simd reduction(+ : row)
    for (size_t j = i + 1; j < k; j++) row += x[j] * y[order[j]];
    sum += row;
    own += x[i] * y[order[i]];
  }
  *diag = own;
  return 2 * sum + own;
}

static int draw(void *ctx, size_t chunk, int thread)
{
  const job *j = ctx;
  int32_t *order = j->order + (size_t)thread * j->k;
  size_t end = (chunk + 1) * DRAWS < j->draws ? (chunk + 1) * DRAWS : j->draws;
  for (size_t t = chunk * DRAWS; t < end; t++) {
    vr_rng rng = vr_rng_new(j->seed, (uint32_t)t, PURPOSE);
    vr_rng_order(&rng, order, j->k);
    for (size_t m = 0; m < j->n; m++) {
      const vr_gram *x = j->g + j->pair[m].x, *y = j->g + j->pair[m].y;
      double diag, all = permuted(x->a, y->a, order, j->k, &diag);
      j->paper[m * j->draws + t] = ratio(all, x->norm, y->norm);
      j->debiased[m * j->draws + t] = ratio(debiased(x, y, all, diag), x->debiased, y->debiased);
    }
  }
  return 0;
}

vr_cka_test vr_cka_judge(double value, double *null, size_t draws)
{
  vr_cka_test r = {.value = value};
  size_t above = 0;
  for (size_t t = 0; t < draws; t++) {
    r.mean += null[t] / (double)draws;
    above += null[t] >= value - 1e-12;
  }
  r.p = (1 + (double)above) / (1 + (double)draws);
  r.high = vr_quantile(null, draws, 0.95);
  return r;
}

int vr_cka_pairs(const vr_gram *g, const vr_cka_pair *pair, size_t n, int draws, uint64_t seed,
  const vr_pool *pool, vr_cka_result *out)
{
  if (!n) return 0;
  size_t k = g[pair[0].x].k, threads = (size_t)vr_pool_threads(pool);
  vr_arena arena = {0};
  job j = {.g = g, .pair = pair, .n = n, .k = k, .draws = (size_t)draws, .seed = seed};
  if (k < 4 || draws < 1)
    return vr_fail(VR_EARG, "%d permutations of %zu rows: at least 1, of 4", draws, k);
  for (size_t m = 0; m < n; m++)
    if (g[pair[m].x].k != k || g[pair[m].y].k != k)
      return vr_fail(VR_EARG, "similarities of different rows (%zu, %zu, %zu) do not compare", k,
        g[pair[m].x].k, g[pair[m].y].k);
  int code = vr_arena_alloc(&arena, &j.paper, n * j.draws, sizeof *j.paper);
  if (!code) code = vr_arena_alloc(&arena, &j.debiased, n * j.draws, sizeof *j.debiased);
  if (!code) code = vr_arena_alloc(&arena, &j.order, threads * k, sizeof *j.order);
  if (!code) code = vr_pool_run(pool, (j.draws + DRAWS - 1) / DRAWS, draw, &j);
  for (size_t m = 0; m < n && !code; m++) {
    const vr_gram *x = g + pair[m].x, *y = g + pair[m].y;
    out[m].paper = vr_cka_judge(vr_cka(x, y), j.paper + m * j.draws, j.draws);
    out[m].debiased = vr_cka_judge(vr_cka_debiased(x, y), j.debiased + m * j.draws, j.draws);
  }
  vr_arena_free(&arena);
  return code;
}
