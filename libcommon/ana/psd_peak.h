/* psd_peak.h -- peaks of a spectrum, and what peaks noise of the same smooth spectrum has.
 *
 * The background of a spectrum is the running median of its logarithm over an octave, centred on each
 * frequency. A peak is a local maximum; its prominence is its height above the higher of the lowest
 * points on its two sides before higher ground, in dB. Its null: white noise with the same trials,
 * segments and components gives ratios of a Welch spectrum to its background that hold for every
 * spectrum which is smooth over the width of the window; p is the share of such noises whose largest
 * ratio anywhere reaches that of the peak, (1 + how many) / (1 + surrogates). */
#ifndef VR_ANA_PSD_PEAK_H
#define VR_ANA_PSD_PEAK_H
#include "ana/psd.h"

enum {
  VR_PSD_LOWEST = 2
}; /* the first bin that can be a peak: those below feel the mean taken off */

typedef struct {
  size_t bin;
  double freq;       /* Hz, by a parabola through the logarithms of three bins */
  double power;      /* at that top */
  double prominence; /* dB */
  double excess;     /* dB above the background */
  double p;          /* 1 until vr_psd_peak_p */
} vr_peak;

/* background (n) of s (n >= 1): bins VR_PSD_LOWEST to n - 2 count; those outside get the nearest. */
int vr_psd_background(const double *s, size_t n, double *background);

/* The peaks of s (n bins, spaced by df) of at least `prominence` dB, most prominent first, at most
 * `most` (room for as many in peak); *found of them. */
int vr_psd_peaks(const double *s, size_t n, double df, double prominence, size_t most,
  vr_peak *peak, size_t *found);

/* excess (p->groups x n, resized): of n white noises, the largest excess over the background of the
 * weighted mean spectrum in each group. The columns of the noise are scaled to the backgrounds of
 * those of p; weight and divide as in vr_psd_mean. `together`: all columns are one noise, as if they
 * were fully correlated, which is the least certain mean that they can have. 0 in groups without
 * segments. */
int vr_psd_peak_null(const vr_psd *p, const vr_trials *tr, const int32_t *group,
  const vr_psd_par *par, const double *weight, const double *divide, int together, size_t n,
  uint64_t seed, const vr_pool *pool, vr_mat *excess);

/* p of each peak, from the n largest excesses of its group. */
void vr_psd_peak_p(vr_peak *peak, size_t found, const double *excess, size_t n);

#endif
