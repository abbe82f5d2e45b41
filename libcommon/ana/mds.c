#include "ana/mds.h"
#include "ana/mds_kernel.h"
#include "ana/pca.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include <math.h>
#include <string.h>

enum { PARTS = 32, STREAM = 0x6d6473 /* of random numbers: "mds" */ };

/* -- distances --------------------------------------------------------------------------------- */

typedef struct {
  const vr_mat *x;
  vr_mat *d;
} pairs;

static int row_distances(void *ctx, size_t i, int thread)
{
  const pairs *b = ctx;
  (void)thread;
  for (size_t j = 0; j < i; j++) {
    double d = sqrt(vr_mds_square(b->x->cols, vr_row(b->x, i), vr_row(b->x, j)));
    vr_row(b->d, i)[j] = vr_row(b->d, j)[i] = d;
  }
  vr_row(b->d, i)[i] = 0;
  return 0;
}

int vr_mds_distances(const vr_mat *x, const vr_pool *pool, vr_mat *d)
{
  VR_TRY(vr_mat_resize(d, x->rows, x->rows));
  pairs b = {x, d};
  return vr_pool_run(pool, x->rows, row_distances, &b);
}

/* the largest magnitude of m (n x n), after a look at its symmetry */
static int look(const vr_mat *m, double *most)
{
  size_t n = m->rows;
  if (!n || n != m->cols)
    return vr_fail(VR_EDATA, "%zu x %zu numbers are no distances: they are square", n, m->cols);
  *most = 0;
  for (size_t k = 0; k < n * n; k++) *most = fmax(*most, fabs(m->a[k]));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      if (!(fabs(vr_row(m, i)[j] - vr_row(m, j)[i]) <= 1e-6 * *most))
        return vr_fail(VR_EDATA, "not symmetric: [%zu, %zu] is %g and [%zu, %zu] is %g", i, j,
          vr_row(m, i)[j], j, i, vr_row(m, j)[i]);
  return 0;
}

int vr_mds_check(const vr_mat *d)
{
  double most;
  VR_TRY(look(d, &most));
  for (size_t i = 0; i < d->rows; i++) {
    if (fabs(vr_row(d, i)[i]) > 1e-6 * most)
      return vr_fail(VR_EDATA, "point %zu is %g from itself", i, vr_row(d, i)[i]);
    for (size_t j = 0; j < d->cols; j++)
      if (vr_row(d, i)[j] < 0)
        return vr_fail(VR_EDATA, "row %zu: %g is no distance", i, vr_row(d, i)[j]);
  }
  return 0;
}

int vr_mds_from_similarity(const vr_mat *s, vr_mat *d)
{
  double most;
  VR_TRY(look(s, &most));
  VR_TRY(vr_mat_resize(d, s->rows, s->rows));
  for (size_t i = 0; i < s->rows; i++)
    for (size_t j = 0; j < s->rows; j++) {
      double square = vr_row(s, i)[i] + vr_row(s, j)[j] - vr_row(s, i)[j] - vr_row(s, j)[i];
      if (square < -1e-6 * most)
        return vr_fail(VR_EDATA, "points %zu and %zu are more alike than each is to itself", i, j);
      vr_row(d, i)[j] = sqrt(fmax(square, 0));
    }
  return 0;
}

void vr_mds_stress(const vr_mat *d, const vr_mat *y, double *stress, double *square)
{
  *stress = *square = 0;
  for (size_t i = 0; i < y->rows; i++)
    for (size_t j = 0; j < i; j++) {
      double s = vr_mds_square(y->cols, vr_row(y, i), vr_row(y, j)), e = sqrt(s) - vr_row(d, i)[j];
      *stress += e * e;
      *square += s;
    }
}

/* -- classical --------------------------------------------------------------------------------- */

int vr_mds_classical(const vr_mat *d, size_t dims, vr_mat *y, double *value)
{
  size_t n = d->rows, kept = dims < n ? dims : n;
  vr_mat b = {0}, vector = {0};
  double *mean, all = 0;
  VR_TRY(vr_alloc(&mean, n, sizeof *mean));
  int code = vr_mat_resize(&b, n, n);
  if (!code) code = vr_mat_resize(&vector, kept, n);
  if (!code) code = vr_mat_resize(y, n, dims);
  for (size_t i = 0; i < n && !code; i++) {
    for (size_t j = 0; j < n; j++) {
      double both = (vr_row(d, i)[j] + vr_row(d, j)[i]) / 2;
      vr_row(&b, i)[j] = both * both;
      mean[i] += both * both / (double)n;
    }
    all += mean[i] / (double)n;
  }
  for (size_t i = 0; i < n && !code; i++)
    for (size_t j = 0; j < n; j++)
      vr_row(&b, i)[j] = -0.5 * (vr_row(&b, i)[j] - mean[i] - mean[j] + all);
  if (!code) code = vr_eigh(n, b.a, kept, value, vector.a);
  for (size_t i = 0; i < n && !code; i++)
    for (size_t k = 0; k < dims; k++)
      vr_row(y, i)[k] = k < kept ? sqrt(fmax(value[k], 0)) * vr_row(&vector, k)[i] : 0;
  vr_release(mean);
  vr_mat_free(&b);
  vr_mat_free(&vector);
  return code;
}

int vr_mds_points(
  const vr_mat *x, size_t dims, const vr_pool *pool, vr_mat *y, double *value, double *rest)
{
  size_t n = x->rows;
  vr_pca b = {0};
  vr_pca_par par = {.n = (int)dims};
  vr_mat score = {0};
  int code = vr_pca_fit(x, &par, pool, &b);
  if (!code) code = vr_pca_project(&b, x, pool, &score);
  if (!code) code = vr_mat_resize(y, n, dims);
  if (!code) *rest = b.total * (double)(n - 1);
  for (size_t k = 0; k < dims && !code; k++) {
    value[k] = k < b.n ? b.variance[k] * (double)(n - 1) : 0;
    *rest -= value[k];
    // the largest coordinate is positive, as that of an eigenvector of the distances
    double most = 0;
    for (size_t i = 0; i < n; i++) {
      double here = k < b.n ? vr_row(&score, i)[k] : 0;
      vr_row(y, i)[k] = here;
      if (fabs(here) > fabs(most) * (1 + 1e-9)) most = here;
    }
    for (size_t i = 0; i < n && most < 0; i++) vr_row(y, i)[k] = -vr_row(y, i)[k];
  }
  if (!code) *rest = fmax(*rest, 0);
  vr_mat_free(&score);
  vr_pca_free(&b);
  return code;
}

/* -- SMACOF ------------------------------------------------------------------------------------ */

typedef struct {
  const vr_mat *d;
  size_t n, dims, cut[PARTS + 1]; // rows of part p: cut[p] .. cut[p + 1] - 1
  double *x, *move, *room;        // dims x n; PARTS x dims x n; PARTS x n
  double stress[PARTS];
} work;

/* rows such that all parts have about as many pairs; they depend on n alone */
static void cut_rows(work *w)
{
  double pairs_each = (double)w->n * (double)(w->n - 1) / 2 / PARTS, done = 0;
  size_t p = 1;
  for (size_t i = 0; i < w->n; i++) {
    while (p < PARTS && done >= pairs_each * (double)p) w->cut[p++] = i;
    done += (double)(w->n - 1 - i);
  }
  while (p <= PARTS) w->cut[p++] = w->n;
}

static int pull_part(void *ctx, size_t part, int thread)
{
  work *w = ctx;
  double *move = w->move + part * w->dims * w->n, *room = w->room + part * w->n;
  (void)thread;
  memset(move, 0, w->dims * w->n * sizeof *move);
  w->stress[part] = 0;
  for (size_t i = w->cut[part]; i < w->cut[part + 1]; i++)
    w->stress[part] +=
      vr_mds_pull(w->n - 1 - i, w->dims, w->x + i, w->n, vr_row(w->d, i) + i + 1, room, move + i);
  return 0;
}

/* One transform; *stress is that of the points before it. */
static int transform(work *w, const vr_pool *pool, double *stress)
{
  VR_TRY(vr_pool_run(pool, PARTS, pull_part, w));
  *stress = 0;
  for (size_t p = 0; p < PARTS; p++) *stress += w->stress[p];
  for (size_t k = 0; k < w->dims * w->n; k++) {
    double sum = 0;
    for (size_t p = 0; p < PARTS; p++) sum += w->move[p * w->dims * w->n + k];
    w->x[k] = sum / (double)w->n;
  }
  return 0;
}

static double square_sum(const work *w)
{
  double sum = 0;
  for (size_t i = 0; i < w->n; i++)
    for (size_t j = 0; j < i; j++) sum += vr_row(w->d, i)[j] * vr_row(w->d, i)[j];
  return sum;
}

/* From the points in w->x until nothing is gained; y takes the last ones. */
static int descend(
  work *w, const vr_mds_par *par, const vr_pool *pool, vr_mat *y, vr_mds_info *info)
{
  double least = par->tolerance * square_sum(w), square, last = HUGE_VAL, now;
  info->iterations = 0;
  for (; info->iterations < par->iterations; info->iterations++) {
    VR_TRY(transform(w, pool, &now));
    if (last - now < least) {
      info->iterations++;
      break;
    }
    last = now;
  }
  for (size_t i = 0; i < w->n; i++)
    for (size_t k = 0; k < w->dims; k++) vr_row(y, i)[k] = w->x[k * w->n + i];
  vr_mds_stress(w->d, y, &info->stress, &square);
  return 0;
}

/* points at random, as far apart as the distances are */
static void scatter(work *w, uint64_t seed, uint32_t start)
{
  vr_rng r = vr_rng_new(seed, STREAM, start);
  double size = w->n > 1 ? sqrt(square_sum(w) / (double)w->n / (double)(w->n - 1)) : 1;
  for (size_t k = 0; k < w->dims * w->n; k++) w->x[k] = size * vr_rng_normal(&r);
}

/* Principal axes, the longest first, each with its largest coordinate positive. */
static int turn(vr_mat *y)
{
  vr_mat z = {0};
  double value[VR_MDS_DIMS], rest;
  if (y->rows < 2) return 0;
  VR_TRY(vr_mds_points(y, y->cols, NULL, &z, value, &rest));
  memcpy(y->a, z.a, y->rows * y->cols * sizeof *y->a);
  vr_mat_free(&z);
  return 0;
}

static int set_start(work *w, const vr_mat *from)
{
  if (from->rows != w->n || from->cols != w->dims)
    return vr_fail(VR_EARG, "%zu x %zu numbers cannot start %zu points in %zu dimensions",
      from->rows, from->cols, w->n, w->dims);
  for (size_t i = 0; i < w->n; i++)
    for (size_t k = 0; k < w->dims; k++) w->x[k * w->n + i] = vr_row(from, i)[k];
  return 0;
}

static int run(work *w, const vr_mat *start, const vr_mds_par *par, uint64_t seed,
  const vr_pool *pool, vr_mat *y, vr_mat *other, double *stress, vr_mds_info *info)
{
  double *value;
  int starts = start ? 0 : par->starts;
  VR_TRY(vr_alloc(&value, w->n, sizeof *value));
  int code = start ? vr_mat_copy(y, start) : vr_mds_classical(w->d, w->dims, y, value);
  vr_release(value);
  if (!code) code = set_start(w, y);
  if (!code) code = descend(w, par, pool, y, info);
  if (!code && stress) stress[0] = info->stress;
  if (!code) code = vr_mat_resize(other, w->n, w->dims);
  for (int s = 1; s <= starts && !code; s++) {
    vr_mds_info here = {.start = s};
    scatter(w, seed, (uint32_t)s);
    code = descend(w, par, pool, other, &here);
    if (!code && stress) stress[s] = here.stress;
    if (!code && here.stress < info->stress) {
      *info = here;
      code = vr_mat_copy(y, other);
    }
  }
  return code ? code : turn(y);
}

int vr_mds_smacof(const vr_mat *d, const vr_mat *start, const vr_mds_par *par, uint64_t seed,
  const vr_pool *pool, vr_mat *y, double *stress, vr_mds_info *info)
{
  work w = {.d = d, .n = d->rows, .dims = (size_t)par->dims};
  vr_mat other = {0};
  if (par->dims < 1 || par->dims > VR_MDS_DIMS || par->starts < 0 || !w.n)
    return vr_fail(
      VR_EARG, "%zu points in %d dimensions from %d starts cannot be", w.n, par->dims, par->starts);
  *info = (vr_mds_info){0};
  cut_rows(&w);
  int code = vr_alloc(&w.x, w.dims * w.n, sizeof *w.x);
  if (!code) code = vr_alloc(&w.move, PARTS * w.dims * w.n, sizeof *w.move);
  if (!code) code = vr_alloc(&w.room, PARTS * w.n, sizeof *w.room);
  if (!code) code = run(&w, start, par, seed, pool, y, &other, stress, info);
  vr_release(w.x);
  vr_release(w.move);
  vr_release(w.room);
  vr_mat_free(&other);
  return code;
}
