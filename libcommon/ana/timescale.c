#include "ana/timescale.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/fft.h"
#include <math.h>
#include <string.h>

enum { WIDE = 16, SHORTEST = 3, STREAM = 0x74696d65 /* of random numbers: "time" */ };
static const double level = 0.36787944117144233; // 1 / e
static const double share = 0.9;                 // of what a random walk shows: the limit

/* the first place, in frames, where sum[k] / sum[0] falls to the level */
static double crossing(const double *sum, size_t stride, size_t n)
{
  if (!(sum[0] > 0)) return 0;
  for (size_t k = 1; k < n; k++) {
    double here = sum[k * stride] / sum[0], last = sum[(k - 1) * stride] / sum[0];
    if (here <= level) return (double)(k - 1) + (last - level) / (last - here);
  }
  return (double)n;
}

static int check(const vr_trials *tr)
{
  size_t longest = vr_trials_longest(tr);
  if (longest >= SHORTEST) return 0;
  return vr_fail(VR_EDATA, "a time scale needs a trial of %d frames, the longest has %zu",
    (int)SHORTEST, longest);
}

/* -- measured ---------------------------------------------------------------------------------- */

typedef struct {
  const vr_mat *x;
  const vr_trials *tr;
  const vr_fft *there, *back;
  size_t n, longest; // points of a transform: two trials long, so that ends do not meet
  double *fall;
} job;

/* one trial of the columns from col, without their means, into y (n x WIDE); raises `size` to their
 * largest numbers */
static void take_trial(
  const job *b, size_t trial, size_t col, size_t cols, double *y, double size[WIDE])
{
  size_t rows = b->tr->frames[trial];
  double mean[WIDE] = {0};
  memset(y, 0, b->n * WIDE * sizeof *y);
  for (size_t i = 0; i < rows; i++) {
    const double *from = vr_row(b->x, b->tr->first[trial] + i) + col;
    for (size_t j = 0; j < cols; j++) {
      mean[j] += from[j] / (double)rows;
      size[j] = fmax(size[j], fabs(from[j]));
    }
  }
  for (size_t i = 0; i < rows; i++) {
    const double *from = vr_row(b->x, b->tr->first[trial] + i) + col;
    for (size_t j = 0; j < cols; j++) y[i * WIDE + j] = from[j] - mean[j];
  }
}

static int do_block(void *ctx, size_t chunk, int thread)
{
  const job *b = ctx;
  size_t col = chunk * WIDE, cols = b->x->cols - col, half = b->n / 2 + 1;
  double *y, *z, *sum, size[WIDE] = {0};
  (void)thread;
  if (cols > WIDE) cols = WIDE;
  VR_TRY(vr_alloc(&y, b->n * WIDE + 4 * half * WIDE, sizeof *y));
  z = y + b->n * WIDE;
  sum = z + 2 * half * WIDE; // power as complex numbers, for the way back
  for (size_t k = 0; k < b->tr->n; k++) {
    if (b->tr->frames[k] < SHORTEST) continue;
    take_trial(b, k, col, cols, y, size);
    vr_fft_run(b->there, y, z);
    for (size_t i = 0; i < half * WIDE; i++)
      sum[2 * i] += z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1];
  }
  memcpy(z, sum, 2 * half * WIDE * sizeof *z);
  vr_fft_run(b->back, z, y);
  for (size_t j = 0; j < cols; j++) {
    // what rounding leaves of a constant is no memory
    double least = 1e-26 * size[j] * size[j] * (double)(b->n * b->x->rows);
    b->fall[col + j] = y[j] > least ? crossing(y + j, WIDE, b->longest) / b->tr->rate : 0;
  }
  vr_release(y);
  return 0;
}

int vr_timescale(const vr_mat *x, const vr_trials *tr, const vr_pool *pool, double *fall)
{
  VR_TRY(check(tr));
  if (vr_trials_rows(tr) != x->rows)
    return vr_fail(VR_EARG, "%zu rows for %zu frames", x->rows, vr_trials_rows(tr));
  job b = {.x = x, .tr = tr, .longest = vr_trials_longest(tr), .fall = fall};
  b.n = vr_fft_good(2 * b.longest);
  b.n = vr_fft_good(b.n + b.n % 2);
  // blocks of this layout begin where the transforms need them
  VR_TRY(vr_fft_plan_many(VR_FFT_R2C, 0, b.n, WIDE, &b.there));
  VR_TRY(vr_fft_plan_many(VR_FFT_C2R, 0, b.n, WIDE, &b.back));
  return vr_pool_run(pool, (x->cols + WIDE - 1) / WIDE, do_block, &b);
}

/* -- expected ---------------------------------------------------------------------------------- */

/* Adds the expected sum of products at each lag of a trial of n frames, mean taken off, of a process
 * whose correlation is phi^lag. a: room for n + 1 numbers. */
static void expect_trial(double phi, size_t n, double *a, double *sum)
{
  double slow = 1 - phi, mean = 0, power = 1, total = 0;
  // a[t]: correlation of frame t with the mean of the trial, then its sums from the first on
  for (size_t t = 0; t < n; t++) {
    double before = (double)(t + 1), after = (double)(n - t);
    if (slow > 1e-12) {
      before = -expm1(before * log1p(-slow)) / slow;
      after = -expm1(after * log1p(-slow)) / slow;
    }
    a[t] = (before + after - 1) / (double)n;
    mean += a[t] / (double)n;
  }
  for (size_t t = 0; t < n; t++) {
    double here = a[t];
    a[t] = total;
    total += here;
  }
  a[n] = total;
  for (size_t k = 0; k < n; k++, power *= phi)
    sum[k] += (double)(n - k) * (power + mean) - a[n - k] - (a[n] - a[k]);
}

int vr_timescale_expect(const vr_trials *tr, double constant, double *fall)
{
  size_t longest = vr_trials_longest(tr);
  double *sum, phi = constant > 0 ? exp(-1 / (constant * tr->rate)) : 0;
  VR_TRY(check(tr));
  VR_TRY(vr_alloc(&sum, 3 * longest + 1, sizeof *sum));
  double *one = sum + longest, *a = one + longest;
  for (size_t k = 0; k < tr->n; k++) {
    size_t n = tr->frames[k];
    if (n < SHORTEST) continue;
    // trials of one length have one expectation
    if (!k || n != tr->frames[k - 1]) {
      memset(one, 0, longest * sizeof *one);
      expect_trial(phi, n, a, one);
    }
    for (size_t i = 0; i < n; i++) sum[i] += one[i];
  }
  *fall = crossing(sum, 1, longest) / tr->rate;
  vr_release(sum);
  return 0;
}

/* -- from one to the other --------------------------------------------------------------------- */

/* The curve: constants in steps of equal ratio, up to one that is a random walk in these trials. */
enum { NODES = 1000 };
typedef struct {
  double constant[NODES], fall[NODES], limit;
} curve;

/* the constant at which the curve reaches `fall`, by a line between the logarithms of its nodes */
static double look_up(const curve *c, double fall)
{
  size_t low = 0, high = NODES - 1;
  if (fall <= c->fall[0]) return c->constant[0];
  if (fall >= c->fall[high]) return c->constant[high];
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (c->fall[middle] <= fall)
      low = middle;
    else
      high = middle;
  }
  double s = (fall - c->fall[low]) / (c->fall[high] - c->fall[low]);
  return c->constant[low] * pow(c->constant[high] / c->constant[low], s);
}

static int make_curve(const vr_trials *tr, curve *c)
{
  double first = 0.05 / tr->rate, last = 1000 * (double)vr_trials_longest(tr) / tr->rate;
  for (size_t k = 0; k < NODES; k++) {
    c->constant[k] = first * pow(last / first, (double)k / (NODES - 1));
    VR_TRY(vr_timescale_expect(tr, c->constant[k], &c->fall[k]));
  }
  c->limit = look_up(c, share * c->fall[NODES - 1]);
  return 0;
}

int vr_timescale_limit(const vr_trials *tr, double *limit)
{
  return vr_timescale_calibrate(tr, &(double){HUGE_VAL}, 1, limit);
}

int vr_timescale_calibrate(const vr_trials *tr, const double *fall, size_t n, double *constant)
{
  curve *c;
  VR_TRY(vr_alloc(&c, 1, sizeof *c));
  int code = make_curve(tr, c);
  for (size_t k = 0; k < n && !code; k++)
    constant[k] = fall[k] > 0 ? fmin(look_up(c, fall[k]), c->limit) : 0;
  vr_release(c);
  return code;
}

/* -- by chance --------------------------------------------------------------------------------- */

typedef struct {
  const vr_trials *tr;
  double phi;
  uint64_t seed;
  size_t n;
  double *fall;
} draw;

/* one process a column, each from a stream of its own */
static void fill_column(const draw *b, size_t which, size_t col, vr_mat *x)
{
  vr_rng r = vr_rng_new(b->seed, STREAM, (uint32_t)which);
  double step = sqrt(1 - b->phi * b->phi);
  for (size_t k = 0; k < b->tr->n; k++) {
    double state = vr_rng_normal(&r);
    for (size_t i = 0; i < b->tr->frames[k]; i++) {
      vr_row(x, b->tr->first[k] + i)[col] = state;
      state = b->phi * state + step * vr_rng_normal(&r);
    }
  }
}

static int draw_block(void *ctx, size_t chunk, int thread)
{
  const draw *b = ctx;
  size_t first = chunk * WIDE, n = b->n - first < WIDE ? b->n - first : WIDE;
  vr_mat x = {0};
  (void)thread;
  VR_TRY(vr_mat_resize(&x, vr_trials_rows(b->tr), n));
  for (size_t k = 0; k < n; k++) fill_column(b, first + k, k, &x);
  int code = vr_timescale(&x, b->tr, NULL, b->fall + first);
  vr_mat_free(&x);
  return code;
}

int vr_timescale_draw(
  const vr_trials *tr, double constant, size_t n, uint64_t seed, const vr_pool *pool, double *fall)
{
  draw b = {tr, constant > 0 ? exp(-1 / (constant * tr->rate)) : 0, seed, n, fall};
  VR_TRY(check(tr));
  return vr_pool_run(pool, (n + WIDE - 1) / WIDE, draw_block, &b);
}
