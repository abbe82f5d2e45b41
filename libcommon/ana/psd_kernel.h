/* psd_kernel.h -- the inner loops of spectra, on VR_PSD_WIDE interleaved columns; for psd.c,
 * included nowhere else. */
#ifndef VR_ANA_PSD_KERNEL_H
#define VR_ANA_PSD_KERNEL_H
#include <stddef.h>

enum { VR_PSD_WIDE = 16 };

/* y (n x WIDE) = the first cols <= WIDE columns of n rows of x, ld numbers apart; zeros beyond. */
void vr_psd_take(size_t n, size_t cols, const double *x, size_t ld, double *y);
/* Takes the mean off each column of y (n x WIDE), or its line of least squares. */
void vr_psd_centre(size_t n, double *y);
void vr_psd_level(size_t n, double *y);
/* y[i, j] *= w[i] */
void vr_psd_taper(size_t n, const double *w, double *y);
/* sum[i] += |z[i]|^2 for n complex numbers */
void vr_psd_power(size_t n, const double *z, double *sum);

#endif
