/* rates.h -- firing rates of cells from the times of their spikes.
 *
 * Bin i of a trial is [start + i / rate, start + (i + 1) / rate), s. A time less than a millionth of a
 * bin before an edge counts as on it, since times are often kept as samples of a clock. */
#ifndef VR_ANA_RATES_H
#define VR_ANA_RATES_H
#include <stddef.h>
#include <stdint.h>

/* The bin of a time; negative before the first. */
double vr_bin_of(double time, double start, double rate);

/* count[i] (bins of them) := spikes in each bin; time (n, s) rises. *first: the first spike that is
 * counted. How many are. */
size_t vr_bin_spikes(const double *time, size_t n, double start, double rate, size_t bins,
  double *count, size_t *first);

/* seen[i] = 1 where bin i lies in one of n intervals (from, to), s, as a whole; else it stays. */
void vr_bin_seen(
  const double *interval, size_t n, double start, double rate, size_t bins, uint8_t *seen);

/* x (bins) := its mean under a Gaussian of `sd` bins, cut at 4 sd; the weights of bins outside, and of
 * those not seen (NULL: all are), are left out and the rest brought to 1. Bins not seen become NaN. sd 0
 * leaves the rest as it is. 0 or VR_EMEM. */
int vr_smooth_rate(double *x, const uint8_t *seen, size_t bins, double sd);

#endif
