/* fano_quench.c -- whether counts vary less in a part of the windows than in the rest of them. */
#include "ana/fano.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/stat.h"
#include <math.h>

enum { PURPOSE = 0x66616e6f };

typedef struct {
  const vr_fano_windows *w;
  uint64_t seed;
  double *null; // surrogates x 2; NaN: too few points
} job;

static double drop(const vr_fano_windows *w, const double *factor)
{
  double sum[2] = {0, 0}, n[2] = {0, 0};
  for (size_t k = 0; k < w->times; k++) {
    int in = k >= w->inside[0] && k < w->inside[1];
    sum[in] += factor[k];
    n[in]++;
  }
  return sum[0] > 0 && sum[1] > 0 ? log(sum[1] / n[1] * n[0] / sum[0]) : NAN;
}

static void drops(const vr_fano_windows *w, const vr_fano *f, double to[2])
{
  to[0] = f->fewest >= VR_FANO_POINTS ? drop(w, f->raw.factor) : NAN;
  to[1] = f->kept >= VR_FANO_POINTS ? drop(w, f->same.factor) : NAN;
}

// the same windows, each anywhere in its trial
static int surrogate(void *ctx, size_t s, int thread)
{
  const job *p = ctx;
  vr_fano_windows w = *p->w;
  vr_mat mean = {0}, var = {0};
  vr_fano f = {0};
  size_t *first, n = w.from[w.groups];
  vr_rng rng = vr_rng_new(p->seed, (uint32_t)s, PURPOSE);
  (void)thread;
  VR_TRY(vr_alloc(&first, n, sizeof *first));
  for (size_t e = 0; e < n; e++) first[e] = w.low[e] + vr_rng_below(&rng, w.high[e] - w.low[e] + 1);
  w.first = first;
  int code = vr_fano_of(&w, &mean, &var, &f);
  if (!code) drops(&w, &f, p->null + 2 * s);
  vr_fano_free(&f);
  vr_mat_free(&mean);
  vr_mat_free(&var);
  vr_release(first);
  return code;
}

static void test(const double *null, size_t rows, size_t at, double *column, vr_tested *t)
{
  size_t n = 0, reach = 1;
  for (size_t s = 0; s < rows; s++) {
    double d = null[2 * s + at];
    if (!isnan(d)) column[n++] = d;
    reach += !(d > t->value);
  }
  if (!n) return;
  t->null = vr_quantile(column, n, 0.05);
  t->p = (double)reach / (double)(1 + rows);
}

int vr_fano_quench(const vr_fano_windows *w, const vr_fano *f, int surrogates, uint64_t seed,
  const vr_pool *pool, vr_tested t[2])
{
  size_t rows = surrogates > 0 ? (size_t)surrogates : 0;
  double here[2];
  job p = {.w = w, .seed = seed};
  t[0] = t[1] = (vr_tested){0};
  drops(w, f, here);
  if (!rows || (isnan(here[0]) && isnan(here[1]))) return 0;
  VR_TRY(vr_alloc(&p.null, 3 * rows, sizeof *p.null));
  int code = vr_pool_run(pool, rows, surrogate, &p);
  for (size_t k = 0; k < 2 && !code; k++) {
    if (isnan(here[k])) continue;
    t[k].value = here[k];
    test(p.null, rows, k, p.null + 2 * rows, t + k);
  }
  vr_release(p.null);
  return code;
}
