#include "ana/fano.h"
#include "base/err.h"
#include "base/mem.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { MOST_BINS = 1000000 };

/* -- counts -- */

int vr_fano_moments(const vr_mat *x, double scale, const size_t *first, size_t n, size_t frames,
  size_t step, vr_mat *mean, vr_mat *var, size_t row)
{
  size_t times = mean->cols, units = x->cols;
  if (n < 2) return vr_fail(VR_EARG, "%zu windows have no variance", n);
  if (!times || var->cols != times || row + units > mean->rows || row + units > var->rows)
    return vr_fail(VR_EARG, "no room for %zu points of %zu times", row + units, times);
  for (size_t e = 0; e < n; e++)
    if (first[e] + (times - 1) * step + frames > x->rows)
      return vr_fail(VR_EARG, "window %zu leaves the recording", e);
  double *count;
  VR_TRY(vr_alloc(&count, 3 * units, sizeof *count));
  double *sum = count + units, *square = sum + units;
  for (size_t k = 0; k < times; k++) {
    memset(sum, 0, 2 * units * sizeof *sum);
    for (size_t e = 0; e < n; e++) {
      memset(count, 0, units * sizeof *count);
      for (size_t i = 0; i < frames; i++) {
        const double *from = vr_row(x, first[e] + k * step + i);
        for (size_t j = 0; j < units; j++) count[j] += from[j];
      }
      for (size_t j = 0; j < units; j++) {
        double c = nearbyint(count[j] * scale);
        sum[j] += c;
        square[j] += c * c;
      }
    }
    // sums of whole numbers: nothing is lost
    for (size_t j = 0; j < units; j++) {
      double m = (double)n;
      vr_row(mean, row + j)[k] = sum[j] / m;
      vr_row(var, row + j)[k] = (m * square[j] - sum[j] * sum[j]) / (m * (m - 1));
    }
  }
  vr_release(count);
  return 0;
}

/* -- the slope -- */

typedef struct {
  const vr_mat *mean, *var;
  const size_t *windows;
  double seconds, bin;
  size_t bins;
  size_t *number, *least; // bins: points of one time; the least over times
} job;

static double weight(const job *p, size_t i, double m)
{
  double d = m + p->seconds; // one spike a second
  return (double)p->windows[i] / (d * d);
}

static size_t bin_of(const job *p, double m)
{
  return (size_t)floor(m / p->bin);
}

// how many points with a spike each bin has at time k
static void fill(const job *p, size_t k, size_t *number)
{
  memset(number, 0, p->bins * sizeof *number);
  for (size_t i = 0; i < p->mean->rows; i++) {
    double m = vr_row(p->mean, i)[k];
    if (m > 0) number[bin_of(p, m)]++;
  }
}

// the slope at time k; matched: each point with its chance to be kept
static void slope(const job *p, size_t k, int matched, vr_fano_curve *c)
{
  double mv = 0, mm = 0, rest = 0, n = 0, sum = 0;
  if (matched) fill(p, k, p->number);
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < p->mean->rows; i++) {
      double m = vr_row(p->mean, i)[k], v = vr_row(p->var, i)[k], q = 1;
      if (!(m > 0)) continue;
      if (matched) q = (double)p->least[bin_of(p, m)] / (double)p->number[bin_of(p, m)];
      double w = q * weight(p, i, m), d = pass ? v - c->factor[k] * m : 0;
      if (pass) {
        rest += w * d * d;
        continue;
      }
      mv += w * m * v;
      mm += w * m * m;
      n += q;
      sum += q * m;
      c->factor[k] = mv / mm;
    }
  double wide = gsl_cdf_tdist_Pinv(0.975, n - 1) * sqrt(rest / (n - 1) / mm);
  c->low[k] = c->factor[k] - wide;
  c->high[k] = c->factor[k] + wide;
  c->count[k] = sum / n;
}

static void match(const job *p, vr_fano *f)
{
  for (size_t k = 0; k < f->times; k++) {
    fill(p, k, k ? p->number : p->least);
    size_t points = 0;
    for (size_t b = 0; b < p->bins; b++) {
      size_t here = k ? p->number[b] : p->least[b];
      points += here;
      if (here < p->least[b]) p->least[b] = here;
    }
    f->points[k] = (int32_t)points;
    if (!k || points < f->fewest) f->fewest = points, f->at = k;
  }
  for (size_t b = 0; b < p->bins; b++) {
    f->bins += p->least[b] > 0;
    f->kept += p->least[b];
  }
}

static int room(vr_fano *f)
{
  size_t n = f->times;
  double **const to[] = {&f->raw.factor, &f->raw.low, &f->raw.high, &f->raw.count, &f->same.factor,
    &f->same.low, &f->same.high, &f->same.count};
  VR_TRY(vr_alloc(&f->raw.factor, VR_LEN(to) * n, sizeof(double)));
  for (size_t c = 1; c < VR_LEN(to); c++) *to[c] = f->raw.factor + c * n;
  return vr_alloc(&f->points, n, sizeof *f->points);
}

int vr_fano_factor(const vr_mat *mean, const vr_mat *var, const size_t *windows, double seconds,
  double bin, vr_fano *f)
{
  job p = {.mean = mean, .var = var, .windows = windows, .seconds = seconds, .bin = bin};
  double most = 0;
  vr_fano_free(f);
  if (!mean->rows || !mean->cols || var->rows != mean->rows || var->cols != mean->cols)
    return vr_fail(VR_EARG, "means and variances of %zu and %zu points", mean->rows, var->rows);
  for (size_t i = 0; i < mean->rows * mean->cols; i++) most = fmax(most, mean->a[i]);
  if (!(seconds > 0 && bin > 0) || most / bin >= MOST_BINS)
    return vr_fail(VR_EARG, "counts of %g s, up to %g, in bins of %g", seconds, most, bin);
  p.bins = bin_of(&p, most) + 1;
  VR_TRY(vr_alloc(&p.number, 2 * p.bins, sizeof *p.number));
  p.least = p.number + p.bins;
  f->times = mean->cols;
  int code = room(f);
  if (!code) match(&p, f);
  for (size_t k = 0; k < f->times && !code; k++) {
    if (f->fewest >= VR_FANO_POINTS) slope(&p, k, 0, &f->raw);
    if (f->kept >= VR_FANO_POINTS) slope(&p, k, 1, &f->same);
  }
  vr_release(p.number);
  if (code) vr_fano_free(f);
  return code;
}

void vr_fano_free(vr_fano *f)
{
  vr_release(f->raw.factor);
  vr_release(f->points);
  *f = (vr_fano){0};
}

int vr_fano_of(const vr_fano_windows *w, vr_mat *mean, vr_mat *var, vr_fano *f)
{
  size_t units = w->x->cols, points = w->groups * units, *windows;
  VR_TRY(vr_mat_resize(mean, points, w->times));
  VR_TRY(vr_mat_resize(var, points, w->times));
  VR_TRY(vr_alloc(&windows, points, sizeof *windows));
  int code = 0;
  for (size_t g = 0; g < w->groups && !code; g++) {
    size_t n = w->from[g + 1] - w->from[g];
    code = vr_fano_moments(
      w->x, w->scale, w->first + w->from[g], n, w->frames, w->step, mean, var, g * units);
    for (size_t j = 0; j < units; j++) windows[g * units + j] = n;
  }
  if (!code) code = vr_fano_factor(mean, var, windows, (double)w->frames / w->rate, w->bin, f);
  vr_release(windows);
  return code;
}
