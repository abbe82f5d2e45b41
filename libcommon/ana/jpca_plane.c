/* jpca_plane.c -- what else tells how fast the state turns in a plane. */
#include "ana/jpca_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include <math.h>

#define SEGMENT 10.0 // s: segments of the spectrum, half over each other

// adds the power of one column of rows first .. first + n - 1
static void add_power(const vr_mat *x, size_t col, size_t first, size_t n, const vr_fft *plan,
  double *in, double *out, double *power)
{
  double mean = 0;
  for (size_t i = 0; i < n; i++) mean += vr_row(x, first + i)[col] / (double)n;
  for (size_t i = 0; i < n; i++)
    in[i] = (vr_row(x, first + i)[col] - mean) * (1 - cos(2 * M_PI * (double)i / (double)n));
  vr_fft_run(plan, in, out);
  for (size_t k = 0; k <= n / 2; k++)
    power[k] += out[2 * k] * out[2 * k] + out[2 * k + 1] * out[2 * k + 1];
}

// highest bin but that of the mean, between bins by the parabola through its logarithm
static double peak_of(const double *power, size_t n, double rate)
{
  size_t top = 1;
  for (size_t k = 2; k < n / 2; k++)
    if (power[k] > power[top]) top = k;
  double at = (double)top;
  if (top > 1 && power[top - 1] > 0 && power[top + 1] > 0) {
    double a = log(power[top - 1]), b = log(power[top]), c = log(power[top + 1]);
    if (2 * b - a - c > 0) at += (c - a) / 2 / (2 * b - a - c);
  }
  return at * rate / (double)n;
}

static int spectrum(const vr_mat *scores, const vr_trials *tr, size_t plane, double *peak)
{
  size_t n = vr_trials_longest(tr);
  if ((double)n > SEGMENT * tr->rate) n = (size_t)(SEGMENT * tr->rate);
  const vr_fft *plan;
  double *in, *out = NULL;
  *peak = 0;
  if (n < 8) return 0;
  VR_TRY(vr_fft_plan(VR_FFT_R2C, 0, n, &plan));
  VR_TRY(vr_alloc(&in, n, sizeof *in));
  int code = vr_alloc(&out, 3 * (n / 2 + 1), sizeof *out);
  if (!code) {
    double *power = out + 2 * (n / 2 + 1);
    for (size_t k = 0; k < tr->n; k++)
      for (size_t i = 0; i + n <= tr->frames[k]; i += n / 2)
        for (size_t c = 2 * plane; c < 2 * plane + 2; c++)
          add_power(scores, c, tr->first[k] + i, n, plan, in, out, power);
    *peak = peak_of(power, n, tr->rate);
  }
  vr_release(in);
  vr_release(out);
  return code;
}

int vr_jpca_companions(
  const vr_mat *scores, const vr_trials *tr, size_t plane, double *peak, double *turn)
{
  double sum = 0, weight = 0;
  VR_TRY(spectrum(scores, tr, plane, peak));
  for (size_t k = 0; k < tr->n; k++)
    for (size_t i = tr->first[k]; i + 1 < tr->first[k] + tr->frames[k]; i++) {
      const double *a = vr_row(scores, i) + 2 * plane, *b = vr_row(scores, i + 1) + 2 * plane;
      double cross = a[0] * b[1] - a[1] * b[0], along = a[0] * b[0] + a[1] * b[1];
      double radius = hypot(a[0], a[1]) * hypot(b[0], b[1]);
      sum += radius * atan2(cross, along);
      weight += radius;
    }
  *turn = weight > 0 ? sum / weight * tr->rate / (2 * M_PI) : 0;
  return 0;
}
