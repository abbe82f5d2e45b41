#include "ana/density.h"
#include "base/err.h"
#include "base/isa.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

enum { BLOCK = 32 }; // rows in a chunk of work

enum { TAPS = 4 };

// out += sum over k of w[k] * (a[k] + b[k]), TAPS pairs at a time
VR_CLONES static void add_pairs(
  const double *w, const double *const *a, const double *const *b, double *restrict out, size_t n)
{
  const double *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
  const double *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
#pragma omp simd
  for (size_t i = 0; i < n; i++)
    out[i] += (w[0] * (a0[i] + b0[i]) + w[1] * (a1[i] + b1[i])) +
              (w[2] * (a2[i] + b2[i]) + w[3] * (a3[i] + b3[i]));
}

// pairs that wait for their turn; the last group is filled up with weights of 0
typedef struct {
  double w[TAPS];
  const double *a[TAPS], *b[TAPS];
  size_t n;
} taps;

static void flush(taps *t, double *out, size_t n)
{
  if (!t->n) return;
  for (size_t k = t->n; k < TAPS; k++) {
    t->w[k] = 0;
    t->a[k] = t->a[0];
    t->b[k] = t->b[0];
  }
  add_pairs(t->w, t->a, t->b, out, n);
  t->n = 0;
}

static void add(taps *t, double w, const double *a, const double *b, double *out, size_t n)
{
  t->w[t->n] = w;
  t->a[t->n] = a;
  t->b[t->n++] = b;
  if (t->n == TAPS) flush(t, out, n);
}

int vr_grid_fit(const vr_mat *xy, const vr_density_par *par, vr_grid *g)
{
  if (xy->cols != 2) return vr_fail(VR_EARG, "a map has 2 columns, not %zu", xy->cols);
  if (!xy->rows) return vr_fail(VR_EARG, "no points: a density needs at least one");
  if (par->grid < 8) return vr_fail(VR_EARG, "a grid of %d pixels is too small", par->grid);

  // the box around the points
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  for (size_t i = 0; i < xy->rows; i++)
    for (int k = 0; k < 2; k++) {
      double v = vr_row(xy, i)[k];
      if (v < low[k]) low[k] = v;
      if (v > high[k]) high[k] = v;
    }
  g->width = fmax(high[0] - low[0], high[1] - low[1]);
  if (!(g->width > 0)) g->width = par->sigma > 0 ? par->sigma : 1;
  g->sigma = par->sigma > 0 ? par->sigma : VR_DENSITY_SIGMA * g->width;
  g->n = (size_t)par->grid;

  // 4 sigma and a pixel and a half on each side, so that no kernel meets the border
  if (par->extent > 0) {
    g->step = 2 * par->extent / (double)g->n;
    g->x0 = g->y0 = -par->extent + g->step / 2;
  } else {
    g->step = (g->width + 8 * g->sigma) / (double)(g->n - 3);
    double half = g->step * (double)(g->n - 1) / 2;
    g->x0 = (low[0] + high[0]) / 2 - half;
    g->y0 = (low[1] + high[1]) / 2 - half;
  }
  if (!isfinite(g->step) || !isfinite(g->x0) || !isfinite(g->y0))
    return vr_fail(VR_ENUM, "the map is too wide for a grid");
  if (4 * g->sigma / g->step + 0.5 >= (double)g->n)
    return vr_fail(VR_EARG, "sigma %g is too wide for a grid of %g: take a smaller one", g->sigma,
      g->step * (double)g->n);
  return 0;
}

static size_t clamp(double at, size_t n)
{
  if (!(at > 0)) return 0;
  return at >= (double)n ? n - 1 : (size_t)at;
}

size_t vr_grid_pixel(const vr_grid *g, double x, double y)
{
  size_t c = clamp((x - g->x0) / g->step + 0.5, g->n);
  size_t r = clamp((y - g->y0) / g->step + 0.5, g->n);
  return r * g->n + c;
}

typedef struct {
  size_t n, radius;
  const double *w;     // weights 0 .. radius
  const double *count; // n x n
  const char *full;    // rows of count that hold points
  double *p, *line;    // line: (n + 2 radius) for each thread
} blur;

// the row or column that a mirrored index stands for: d c b a | a b c d | d c b a
static size_t mirror(ptrdiff_t i, size_t n)
{
  if (i < 0) i = -i - 1;
  return (size_t)i < n ? (size_t)i : 2 * n - 1 - (size_t)i;
}

static int blur_rows(void *ctx, size_t chunk, int thread)
{
  const blur *b = ctx;
  size_t n = b->n, last = (chunk + 1) * BLOCK < n ? (chunk + 1) * BLOCK : n;
  double *line = b->line + (size_t)thread * (n + 2 * b->radius), *mid = line + b->radius;
  for (size_t r = chunk * BLOCK; r < last; r++) {
    // down the columns: rows of the kernel that hold points
    taps t = {.n = 0};
    memset(mid, 0, n * sizeof *mid);
    for (size_t k = 0; k <= b->radius; k++) {
      size_t up = mirror((ptrdiff_t)(r + k), n), down = mirror((ptrdiff_t)r - (ptrdiff_t)k, n);
      if (!b->full[up] && !b->full[down]) continue;
      double w = k ? b->w[k] : b->w[0] / 2; // the centre comes twice
      add(&t, w, b->count + up * n, b->count + down * n, mid, n);
    }
    flush(&t, mid, n);
    // along the row, mirrored at its ends
    for (size_t k = 1; k <= b->radius; k++) {
      mid[-(ptrdiff_t)k] = mid[k - 1];
      mid[n - 1 + k] = mid[n - k];
    }
    double *out = b->p + r * n;
    memset(out, 0, n * sizeof *out);
    for (size_t k = 0; k <= b->radius; k++)
      add(&t, k ? b->w[k] : b->w[0] / 2, mid - k, mid + k, out, n);
    flush(&t, out, n);
  }
  return 0;
}

// weights of a Gaussian cut at `radius` that add up to `sum` over both sides
static void gaussian(double sigma, size_t radius, double sum, double *w)
{
  double total = 0;
  for (size_t k = radius + 1; k-- > 0;) {
    w[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
    total += k ? 2 * w[k] : w[k];
  }
  for (size_t k = 0; k <= radius; k++) w[k] *= sum / total;
}

int vr_density(const vr_mat *xy, const vr_grid *g, const vr_pool *pool, vr_mat *p)
{
  if (!xy->rows || xy->cols != 2) return vr_fail(VR_EARG, "a density needs points with 2 columns");
  size_t n = g->n, radius = (size_t)(4 * g->sigma / g->step + 0.5);
  size_t threads = (size_t)vr_pool_threads(pool);
  vr_arena arena = {0};
  double *count, *w, *line;
  char *full;
  int code = vr_mat_resize(p, n, n);
  if (!code) code = vr_arena_alloc(&arena, &count, n * n, sizeof *count);
  if (!code) code = vr_arena_alloc(&arena, &full, n, 1);
  if (!code) code = vr_arena_alloc(&arena, &w, radius + 1, sizeof *w);
  if (!code) code = vr_arena_alloc(&arena, &line, threads * (n + 2 * radius), sizeof *line);
  if (!code) {
    // the histogram, in points
    for (size_t i = 0; i < xy->rows; i++) {
      size_t q = vr_grid_pixel(g, vr_row(xy, i)[0], vr_row(xy, i)[1]);
      count[q]++;
      full[q / n] = 1;
    }
    // the unit: one point is 1 / (M step^2); its root goes into each of the two passes
    gaussian(g->sigma / g->step, radius, 1 / (g->step * sqrt((double)xy->rows)), w);
    blur b = {n, radius, w, count, full, p->a, line};
    code = vr_pool_run(pool, (n + BLOCK - 1) / BLOCK, blur_rows, &b);
  }
  vr_arena_free(&arena);
  return code;
}
