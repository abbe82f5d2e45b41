#include "ana/flow.h"
#include "ana/pieces.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { PURPOSE = 0x6669656c };

typedef struct {
  size_t rows;
  double *x, *y, *dx, *dy;
} states;

// one coordinate and its velocity, trial by trial
static void velocity(const vr_mat *m, size_t col, const vr_trials *tr, double *x, double *v)
{
  for (size_t i = 0; i < m->rows; i++) x[i] = vr_row(m, i)[col];
  for (size_t k = 0; k < tr->n; k++) {
    size_t first = tr->first[k], n = tr->frames[k];
    for (size_t i = 0; i < n; i++) {
      size_t a = i ? i - 1 : 0, b = i + 1 < n ? i + 1 : i;
      v[first + i] = b > a ? (x[first + b] - x[first + a]) / (double)(b - a) * tr->rate : 0;
    }
  }
}

// the middle 98 % of one coordinate
static int range(const double *x, size_t n, double *scratch, size_t bins, double *low, double *step)
{
  memcpy(scratch, x, n * sizeof *x);
  *low = vr_quantile(scratch, n, 0.01);
  double high = vr_quantile(scratch, n, 0.99);
  if (!(high > *low))
    return vr_fail(VR_EDATA, "a coordinate of the plane does not change: there is no field");
  *step = (high - *low) / (double)bins;
  return 0;
}

// sums of each cell: frames, dx, dy, dx^2, dy^2
static void fill(
  const states *w, size_t bins, const double low[2], const double step[2], double *sum)
{
  for (size_t i = 0; i < w->rows; i++) {
    double u = (w->x[i] - low[0]) / step[0], v = (w->y[i] - low[1]) / step[1];
    if (!(u >= 0 && u <= (double)bins && v >= 0 && v <= (double)bins)) continue;
    // the last edge belongs to the last cell
    size_t a = u < (double)bins ? (size_t)u : bins - 1, b = v < (double)bins ? (size_t)v : bins - 1;
    double *s = sum + 5 * (b * bins + a);
    s[0]++;
    s[1] += w->dx[i];
    s[2] += w->dy[i];
    s[3] += w->dx[i] * w->dx[i];
    s[4] += w->dy[i] * w->dy[i];
  }
}

static double sd_of(double n, double sum, double squares)
{
  return n > 1 ? sqrt(fmax(0, (squares - sum * sum / n) / (n - 1))) : 0;
}

static int cells(const states *w, const vr_flow_par *par, double *scratch, vr_flow *f)
{
  size_t bins = (size_t)par->bins, n = 0;
  double low[2], *sum;
  VR_TRY(range(w->x, w->rows, scratch, bins, &low[0], &f->step[0]));
  VR_TRY(range(w->y, w->rows, scratch, bins, &low[1], &f->step[1]));
  VR_TRY(vr_alloc(&sum, 5 * bins * bins, sizeof *sum));
  fill(w, bins, low, f->step, sum);
  for (size_t k = 0; k < bins * bins; k++) n += sum[5 * k] >= par->least;
  int code = vr_mat_resize(&f->cell, n, VR_FLOW_COLS);
  if (!code) code = vr_alloc(&f->count, n, sizeof *f->count);
  for (size_t k = 0, at = 0; k < bins * bins && !code; k++) {
    const double *s = sum + 5 * k;
    if (s[0] < par->least) continue;
    double *to = vr_row(&f->cell, at);
    to[VR_FLOW_X] = low[0] + ((double)(k % bins) + 0.5) * f->step[0];
    to[VR_FLOW_Y] = low[1] + ((double)(k / bins) + 0.5) * f->step[1];
    to[VR_FLOW_DX] = s[1] / s[0];
    to[VR_FLOW_DY] = s[2] / s[0];
    to[VR_FLOW_SDX] = sd_of(s[0], s[1], s[3]);
    to[VR_FLOW_SDY] = sd_of(s[0], s[2], s[4]);
    f->count[at++] = (int32_t)s[0];
  }
  vr_release(sum);
  return code;
}

// trace of the matrix A that tells the velocities best, v = A (x, y)
static double divergence(const states *w)
{
  double xx = 0, xy = 0, yy = 0, xu = 0, yu = 0, xv = 0, yv = 0;
  for (size_t i = 0; i < w->rows; i++) {
    double x = w->x[i], y = w->y[i], u = w->dx[i], v = w->dy[i];
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xu += x * u;
    yu += y * u;
    xv += x * v;
    yv += y * v;
  }
  double det = xx * yy - xy * xy;
  return det > 0 ? (xu * yy - yu * xy + yv * xx - xv * xy) / det : 0;
}

// the turning of each piece, and of all; the index changes with the signs of both coordinates
static int rotation(const states *w, const vr_span *piece, const vr_flow_par *par, vr_flow *f)
{
  size_t n = f->pieces, reach = 0, rows = (size_t)(par->surrogates > 0 ? par->surrogates : 0);
  double all = 0, weight = 0, *turn, *index;
  for (size_t i = 0; i < w->rows; i++) {
    all += w->x[i] * w->dy[i] - w->y[i] * w->dx[i];
    weight += hypot(w->x[i], w->y[i]) * hypot(w->dx[i], w->dy[i]);
  }
  if (!(weight > 0)) weight = 1;
  f->rotation = all / weight;
  if (!rows || !vr_pieces_enough(n, f->shortest)) return 0;
  VR_TRY(vr_alloc(&turn, n + rows, sizeof *turn));
  index = turn + n;
  for (size_t k = 0; k < n; k++)
    for (size_t i = piece[k].first; i < piece[k].first + piece[k].frames; i++)
      turn[k] += w->x[i] * w->dy[i] - w->y[i] * w->dx[i];
  for (size_t s = 0; s < rows; s++) {
    vr_rng rng = vr_rng_new(par->seed, (uint32_t)s, PURPOSE);
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += vr_rng_u32(&rng) & 1 ? turn[k] : -turn[k];
    index[s] = fabs(sum / weight);
    reach += index[s] >= fabs(f->rotation) * (1 - 1e-12);
  }
  f->rotation_null = vr_quantile(index, rows, 0.95);
  f->rotation_p = (double)(1 + reach) / (double)(1 + rows);
  vr_release(turn);
  return 0;
}

int vr_flow_make(
  const vr_mat *x, size_t cx, size_t cy, const vr_trials *tr, const vr_flow_par *par, vr_flow *f)
{
  states w = {.rows = x->rows};
  vr_span *piece = NULL;
  vr_flow_free(f);
  if (par->bins < 1 || par->bins > 1000 || par->least < 1)
    return vr_fail(
      VR_EARG, "a field of %d x %d cells of %d frames cannot be", par->bins, par->bins, par->least);
  if (cx >= x->cols || cy >= x->cols || x->rows < 2 || vr_trials_rows(tr) != x->rows)
    return vr_fail(VR_EARG, "a plane needs two columns and two frames");
  VR_TRY(vr_alloc(&w.x, 5 * w.rows, sizeof *w.x));
  w.y = w.x + w.rows;
  w.dx = w.y + w.rows;
  w.dy = w.dx + w.rows;
  velocity(x, cx, tr, w.x, w.dx);
  velocity(x, cy, tr, w.y, w.dy);
  int code = cells(&w, par, w.dy + w.rows, f);
  if (!code) f->divergence = divergence(&w);
  if (!code) code = vr_pieces_cut(tr, par->piece, &piece, &f->pieces, &f->shortest);
  if (!code) code = rotation(&w, piece, par, f);
  vr_release(piece);
  vr_release(w.x);
  if (code) vr_flow_free(f);
  return code;
}

void vr_flow_free(vr_flow *f)
{
  vr_mat_free(&f->cell);
  vr_release(f->count);
  *f = (vr_flow){0};
}
