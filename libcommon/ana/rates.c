#include "ana/rates.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

double vr_bin_of(double time, double start, double rate)
{
  return floor((time - start) * rate + 1e-6);
}

// the first spike at or after the start of bin 0
static size_t first_spike(const double *time, size_t n, double start, double rate)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (vr_bin_of(time[mid], start, rate) < 0)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

size_t vr_bin_spikes(const double *time, size_t n, double start, double rate, size_t bins,
  double *count, size_t *first)
{
  size_t i = *first = first_spike(time, n, start, rate);
  memset(count, 0, bins * sizeof *count);
  for (; i < n; i++) {
    double at = vr_bin_of(time[i], start, rate);
    if (!(at < (double)bins)) break;
    count[(size_t)at]++;
  }
  return i - *first;
}

void vr_bin_seen(
  const double *interval, size_t n, double start, double rate, size_t bins, uint8_t *seen)
{
  for (size_t k = 0; k < n; k++) {
    double from = fmax(0, ceil((interval[2 * k] - start) * rate - 1e-6));
    double to = fmin((double)bins, vr_bin_of(interval[2 * k + 1], start, rate));
    for (double i = from; i < to; i++) seen[(size_t)i] = 1;
  }
}

int vr_smooth_rate(double *x, const uint8_t *seen, size_t bins, double sd)
{
  double wide = floor(4 * sd + 0.5);
  size_t r = wide < (double)bins ? (size_t)wide : bins;
  double *from;
  VR_TRY(vr_alloc(&from, bins + r + 1, sizeof *from));
  double *w = from + bins;
  memcpy(from, x, bins * sizeof *from);
  for (size_t d = 0; d <= r; d++) w[d] = d ? exp(-0.5 * (double)d * (double)d / (sd * sd)) : 1;
  for (size_t i = 0; i < bins; i++) {
    size_t low = i > r ? i - r : 0, high = i + r < bins ? i + r : bins - 1;
    double sum = 0, all = 0;
    for (size_t k = low; k <= high; k++) {
      if (seen && !seen[k]) continue;
      double weight = w[k > i ? k - i : i - k];
      sum += weight * from[k];
      all += weight;
    }
    x[i] = seen && !seen[i] ? NAN : sum / all;
  }
  vr_release(from);
  return 0;
}
