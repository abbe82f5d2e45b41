#include "ana/jpca_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/lin.h"
#include <math.h>
#include <string.h>

int vr_jpca_skew(size_t n, const double *s, const double *c, double *scratch, double *m)
{
  double *v = scratch, *k = v + n * n, *t = k + n * n, value[VR_JPCA_MAX];
  if (n > VR_JPCA_MAX) return vr_fail(VR_EARG, "%zu components: %d at most", n, VR_JPCA_MAX);
  memcpy(t, s, n * n * sizeof *t);
  VR_TRY(vr_eigh(n, t, n, value, v));
  if (!(value[n - 1] > 1e-14 * value[0]))
    return vr_fail(VR_EDATA, "the data have fewer than %zu dimensions: take fewer components", n);
  // in the eigenvectors of S (rows of v): K = v (C - C') v', divided by s_i + s_j
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) k[i * n + j] = c[i * n + j] - c[j * n + i];
  vr_gemm(n, n, n, v, n, k, n, t, n);
  vr_gemm_nt(n, n, n, t, n, v, n, k, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) k[i * n + j] /= value[i] + value[j];
  // back, and skew to the last bit
  vr_gemm(n, n, n, k, n, v, n, t, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      m[i * n + j] = 0;
      for (size_t l = 0; l < n; l++) m[i * n + j] += v[l * n + i] * t[l * n + j];
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      m[j * n + i] = (m[j * n + i] - m[i * n + j]) / 2;
      m[i * n + j] = -m[j * n + i];
    }
  return 0;
}

void vr_jpca_sums(const vr_mat *a, vr_span p, int first_state, double *sums)
{
  size_t n = a->cols;
  double *s = sums, *c = s + n * n, *d = c + n * n, state[VR_JPCA_MAX], step[VR_JPCA_MAX];
  for (size_t t = p.first; t + 1 < p.first + p.frames; t++) {
    const double *x = vr_row(a, t), *y = x + n;
    for (size_t i = 0; i < n; i++) {
      step[i] = y[i] - x[i];
      state[i] = first_state ? x[i] : (x[i] + y[i]) / 2;
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) {
        s[i * n + j] += state[i] * state[j];
        c[i * n + j] += state[i] * step[j];
        d[i * n + j] += step[i] * step[j];
      }
  }
}

static double dot(size_t n, const double *a, const double *b)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

// u' s v
static double form(size_t n, const double *s, const double *u, const double *v)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += u[i] * dot(n, s + i * n, v);
  return sum;
}

static double trace(size_t n, const double *s)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += s[i * n + i];
  return sum;
}

int vr_jpca_turn(size_t n, const double *sums, double power, double *scratch, double *m,
  double *basis, vr_jpca_turns *t)
{
  const double *s = sums, *c = s + n * n, *d = c + n * n;
  double *sm = scratch, *rows = basis ? basis : scratch + 4 * n * n, steps = trace(n, d);
  VR_TRY(vr_jpca_skew(n, s, c, scratch, m));
  // |step - state M|^2 = D - 2 M'C + M'S M
  vr_gemm(n, n, n, s, n, m, n, sm, n);
  double gain = 2 * dot(n * n, m, c) - dot(n * n, m, sm);
  t->r2 = steps > 0 ? gain / steps : 0;
  VR_TRY(vr_eig_skew(n, m, t->w, rows));
  for (size_t k = 0; k < n / 2; k++) {
    const double *u = rows + 2 * k * n, *v = u + n;
    t->share[k] = (form(n, s, u, u) + form(n, s, v, v)) / power;
  }
  return 0;
}

double vr_jpca_frequency(double w, double rate, int first_state)
{
  return (first_state ? asin(fmin(w, 1)) : 2 * atan(w / 2)) * rate / (2 * M_PI);
}

// steps told by any matrix: tr(C' S^-1 C) / tr(D), n = 2
static double best_in_plane(const double s[3], const double c[4], double d)
{
  double det = s[0] * s[2] - s[1] * s[1], sum = 0;
  for (int j = 0; j < 2; j++) {
    double x = c[j], y = c[2 + j];
    sum += x * (s[2] * x - s[1] * y) + y * (s[0] * y - s[1] * x);
  }
  return det > 0 && d > 0 ? sum / det / d : 0;
}

// the same for n columns, in the eigenvectors of S
static int best_of_all(size_t n, const double *sums, double *scratch, double *best)
{
  const double *s = sums, *c = s + n * n, *d = c + n * n;
  double *v = scratch, *t = v + n * n, value[VR_JPCA_MAX], sum = 0;
  memcpy(t, s, n * n * sizeof *t);
  VR_TRY(vr_eigh(n, t, n, value, v));
  vr_gemm(n, n, n, v, n, c, n, t, n);
  for (size_t i = 0; i < n; i++)
    if (value[i] > 1e-14 * value[0]) sum += dot(n, t + i * n, t + i * n) / value[i];
  *best = trace(n, d) > 0 ? sum / trace(n, d) : 0;
  return 0;
}

// how well each plane's own turn tells the steps in it
static void plane_fits(size_t n, const double *sums, const double *rows, vr_jpca *j, double rate)
{
  const double *ss = sums, *cc = ss + n * n, *dd = cc + n * n;
  for (size_t k = 0; k < n / 2; k++) {
    vr_jpca_plane *p = j->plane + k;
    const double *e[2] = {rows + 2 * k * n, rows + (2 * k + 1) * n};
    double s[3] = {form(n, ss, e[0], e[0]), form(n, ss, e[0], e[1]), form(n, ss, e[1], e[1])};
    double c[4], d = form(n, dd, e[0], e[0]) + form(n, dd, e[1], e[1]), w = p->speed / rate;
    for (int i = 0; i < 4; i++) c[i] = form(n, cc, e[i / 2], e[i % 2]);
    p->r2 = d > 0 ? (2 * w * (c[1] - c[2]) - w * w * (s[0] + s[2])) / d : 0;
    p->best = best_in_plane(s, c, d);
  }
}

// Turns the axes of a plane so that the first states of the trials spread along the first (all
// states, where there is one trial), and the longest way along the second is a positive one.
static void align(const vr_mat *scores, const vr_trials *tr, size_t plane, double rotate[4])
{
  size_t rows = tr->n > 1 ? tr->n : scores->rows, at = 2 * plane;
  double mx = 0, my = 0, xx = 0, xy = 0, yy = 0, high = -INFINITY, low = INFINITY;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < rows; i++) {
      const double *s = vr_row(scores, tr->n > 1 ? tr->first[i] : i) + at;
      if (tr->n > 1 && !tr->frames[i]) continue;
      if (!pass) {
        mx += s[0] / (double)rows;
        my += s[1] / (double)rows;
        continue;
      }
      xx += (s[0] - mx) * (s[0] - mx);
      xy += (s[0] - mx) * (s[1] - my);
      yy += (s[1] - my) * (s[1] - my);
    }
  double angle = atan2(2 * xy, xx - yy) / 2, c = cos(angle), s = sin(angle);
  for (size_t i = 0; i < scores->rows; i++) {
    double y = -s * vr_row(scores, i)[at] + c * vr_row(scores, i)[at + 1];
    high = fmax(high, y);
    low = fmin(low, y);
  }
  double sign = -low > high ? -1 : 1;
  memcpy(rotate, (double[]){sign * c, sign * s, -sign * s, sign * c}, 4 * sizeof *rotate);
}

// j->scores on the rows (n x n) of the planes, all planes aligned
static int make_scores(const vr_mat *a, const vr_trials *tr, double *rows, vr_jpca *j)
{
  size_t n = j->n;
  VR_TRY(vr_mat_resize(&j->scores, a->rows, n));
  vr_gemm_nt(a->rows, n, n, a->a, n, rows, n, j->scores.a, n);
  for (size_t k = 0; k < j->planes; k++) {
    double q[4], *u = rows + 2 * k * n, *v = u + n;
    align(&j->scores, tr, k, q);
    for (size_t i = 0; i < n; i++) {
      double x = u[i], y = v[i];
      u[i] = q[0] * x + q[1] * y;
      v[i] = q[2] * x + q[3] * y;
    }
  }
  vr_gemm_nt(a->rows, n, n, a->a, n, rows, n, j->scores.a, n);
  VR_TRY(vr_mat_resize(&j->basis, n, n));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++) vr_row(&j->basis, k)[i] = rows[i * n + k];
  VR_TRY(vr_mat_resize(&j->loadings, j->pca.d, n));
  for (size_t i = 0; i < j->pca.d; i++)
    for (size_t k = 0; k < n; k++) {
      double *to = vr_row(&j->loadings, i) + k;
      *to = 0;
      for (size_t l = 0; l < n; l++) *to += j->pca.loadings[l * j->pca.d + i] * rows[k * n + l];
    }
  return 0;
}

static int fit_planes(const vr_mat *a, const vr_trials *tr, const vr_jpca_par *par, double *work,
  double power, vr_jpca *j)
{
  size_t n = j->n, nn = n * n;
  double *sums = work, *rows = work + 3 * nn, *scratch = rows + nn;
  vr_jpca_turns turns;
  for (size_t k = 0; k < tr->n; k++)
    vr_jpca_sums(a, (vr_span){tr->first[k], tr->frames[k]}, par->first, sums);
  VR_TRY(vr_mat_resize(&j->matrix, n, n));
  VR_TRY(vr_jpca_turn(n, sums, power, scratch, j->matrix.a, rows, &turns));
  j->r2 = turns.r2;
  for (size_t k = 0; k < j->planes; k++) {
    j->plane[k].speed = turns.w[k] * tr->rate;
    j->plane[k].frequency = vr_jpca_frequency(turns.w[k], tr->rate, par->first);
  }
  VR_TRY(best_of_all(n, sums, scratch, &j->best));
  plane_fits(n, sums, rows, j, tr->rate);
  for (size_t i = 0; i < nn; i++) j->matrix.a[i] *= tr->rate;
  VR_TRY(make_scores(a, tr, rows, j));
  double all = j->pca.total * (double)(a->rows - 1);
  for (size_t k = 0; k < j->planes; k++) {
    vr_jpca_plane *p = j->plane + k;
    for (size_t t = 0; t < a->rows; t++) {
      const double *s = vr_row(&j->scores, t) + 2 * k;
      p->share += (s[0] * s[0] + s[1] * s[1]) / all;
    }
    VR_TRY(vr_jpca_companions(&j->scores, tr, k, &p->peak, &p->turn));
  }
  return 0;
}

// what par asks for can be had of this x
static int check(const vr_mat *x, const vr_trials *tr, const vr_jpca_par *par, vr_jpca *j)
{
  if (par->n < 2 || par->n % 2 || par->n > VR_JPCA_MAX)
    return vr_fail(
      VR_EARG, "%d components: planes need an even number, 2 to %d", par->n, VR_JPCA_MAX);
  if ((size_t)par->n > x->cols)
    return vr_fail(VR_EDATA, "%zu columns do not have %d components", x->cols, par->n);
  if (vr_trials_rows(tr) != x->rows)
    return vr_fail(VR_EARG, "%zu rows for %zu frames", x->rows, vr_trials_rows(tr));
  for (size_t k = 0; k < tr->n; k++) j->steps += tr->frames[k] > 1 ? tr->frames[k] - 1 : 0;
  if (j->steps < 10 * (size_t)par->n)
    return vr_fail(VR_EDATA, "%zu steps from frame to frame: %d components need %d", j->steps,
      par->n, 10 * par->n);
  if (par->mean && tr->n < 2)
    return vr_fail(VR_EDATA, "one trial: the mean over trials needs two or more of one length");
  for (size_t k = 0; par->mean && k < tr->n; k++)
    if (tr->frames[k] != tr->frames[0])
      return vr_fail(VR_EDATA,
        "the mean over trials needs one length: trial 0 has %zu frames, trial %zu has %zu",
        tr->frames[0], k, tr->frames[k]);
  return 0;
}

// y = x, columns divided by what is put into scale, less the mean over the trials
static int normalise(
  const vr_mat *x, const vr_trials *tr, const vr_jpca_par *par, double *scale, vr_mat *y)
{
  size_t d = x->cols;
  VR_TRY(vr_mat_copy(y, x));
  for (size_t c = 0; c < d; c++) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < x->rows; i++) {
      low = fmin(low, x->a[i * d + c]);
      high = fmax(high, x->a[i * d + c]);
    }
    scale[c] = par->soft >= 0 && high - low + par->soft > 0 ? high - low + par->soft : 1;
  }
  for (size_t i = 0; i < x->rows; i++)
    for (size_t c = 0; c < d; c++) y->a[i * d + c] /= scale[c];
  if (!par->mean) return 0;
  for (size_t f = 0; f < tr->frames[0]; f++)
    for (size_t c = 0; c < d; c++) {
      double sum = 0;
      for (size_t k = 0; k < tr->n; k++) sum += vr_row(y, tr->first[k] + f)[c];
      for (size_t k = 0; k < tr->n; k++) vr_row(y, tr->first[k] + f)[c] -= sum / (double)tr->n;
    }
  return 0;
}

static int components(const vr_mat *x, const vr_trials *tr, const vr_jpca_par *par,
  const vr_pool *pool, vr_jpca *j, vr_mat *a)
{
  vr_pca_par pca = {.n = par->n, .scale = par->scale};
  vr_mat y = {0};
  double *scale = NULL;
  int change = par->soft >= 0 || par->mean, code = 0;
  if (change) code = vr_alloc(&scale, x->cols, sizeof *scale);
  if (change && !code) code = normalise(x, tr, par, scale, &y);
  if (!code) code = vr_pca_fit(change ? &y : x, &pca, pool, &j->pca);
  if (!code) code = vr_pca_project(&j->pca, change ? &y : x, pool, a);
  for (size_t c = 0; change && c < x->cols && !code; c++) {
    j->pca.mean[c] *= scale[c];
    j->pca.scale[c] *= scale[c];
  }
  vr_release(scale);
  vr_mat_free(&y);
  if (code) return code;
  double last = j->pca.variance[j->n - 1];
  if (!(last > 1e-12 * j->pca.variance[0]))
    return vr_fail(VR_EDATA,
      "the %zu columns have fewer than %zu dimensions: take fewer components", x->cols, j->n);
  j->gap = j->n < x->cols ? 1 - j->pca.variance[j->n] / last : 1;
  return 0;
}

int vr_jpca_fit(
  const vr_mat *x, const vr_trials *tr, const vr_jpca_par *par, const vr_pool *pool, vr_jpca *j)
{
  vr_mat a = {0};
  double *work = NULL;
  vr_jpca_free(j);
  VR_TRY(check(x, tr, par, j));
  j->n = (size_t)par->n;
  j->planes = j->n / 2;
  int code = components(x, tr, par, pool, j, &a);
  if (!code) code = vr_alloc(&work, (4 + VR_JPCA_SCRATCH) * j->n * j->n, sizeof *work);
  double power = j->pca.total * (double)j->steps;
  if (!code) code = fit_planes(&a, tr, par, work, power, j);
  if (!code) code = vr_jpca_null(&a, tr, par, power, pool, j);
  vr_release(work);
  vr_mat_free(&a);
  if (code) vr_jpca_free(j);
  return code;
}

void vr_jpca_free(vr_jpca *j)
{
  vr_pca_free(&j->pca);
  vr_mat_free(&j->scores);
  vr_mat_free(&j->loadings);
  vr_mat_free(&j->basis);
  vr_mat_free(&j->matrix);
  vr_mat_free(&j->null);
  *j = (vr_jpca){0};
}
