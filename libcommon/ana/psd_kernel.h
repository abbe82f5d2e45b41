/* psd_kernel.h -- the inner loops of spectra, on VR_PSD_WIDE interleaved columns; for psd.c,
 * included nowhere else. */
#ifndef VR_ANA_PSD_KERNEL_H
#define VR_ANA_PSD_KERNEL_H
#include <stddef.h>

enum { VR_PSD_WIDE = 16 };

/* y (n x WIDE) = the first cols <= WIDE columns of n rows of x, ld numbers apart; zeros beyond. mean:
 * of each column. */
void vr_psd_take(
  size_t n, size_t cols, const double *x, size_t ld, double *y, double mean[VR_PSD_WIDE]);
/* Takes its line of least squares, but for the mean, off each column of y. */
void vr_psd_level(size_t n, const double mean[VR_PSD_WIDE], double *y);
/* y[i, j] = (y[i, j] - mean[j]) w[i]; square: the sum of their squares. */
void vr_psd_taper(
  size_t n, const double mean[VR_PSD_WIDE], const double *w, double *y, double square[VR_PSD_WIDE]);
/* y[i, j] *= scale[j] */
void vr_psd_scale(size_t n, const double scale[VR_PSD_WIDE], double *y);
/* sum[i] += |z[i]|^2 for n complex numbers */
void vr_psd_power(size_t n, const double *z, double *sum);
/* The same of WIDE real series out of the transform z of WIDE / 2 complex ones of n points (see
 * num/fft_lanes.h), whose real parts are the first half of them; times back[j]. */
void vr_psd_power_lanes(size_t n, const double *z, const double back[VR_PSD_WIDE], double *sum);

#endif
