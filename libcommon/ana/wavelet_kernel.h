/* wavelet_kernel.h -- the inner loops of wavelet.c, for float (f) and double; included nowhere else.
 *
 * Complex numbers are pairs (re, im). Plain products and square roots in a fixed order: the same
 * bits on every processor. */
#ifndef VR_ANA_WAVELET_KERNEL_H
#define VR_ANA_WAVELET_KERNEL_H
#include <stddef.h>

/* out[i] = c[i] turn[i], real c, complex turn and out */
void vr_wave_phase(size_t n, const double *c, const double *turn, double *out);
void vr_wave_phasef(size_t n, const double *c, const double *turn, float *out);

/* out[i] = x[i] in single precision */
void vr_wave_roundf(size_t n, const double *x, float *out);

/* out[i] = w[i] z[i], complex z and out, n of them */
void vr_wave_weigh(size_t n, const double *w, const double *z, double *out);
void vr_wave_weighf(size_t n, const float *w, const float *z, float *out);

/* out[i] = |z[i]| */
void vr_wave_abs(size_t n, const double *z, double *out);
void vr_wave_absf(size_t n, const float *z, float *out);

/* to[2 i] = from[i] and to[2 i + 1] = from[n - 1 - i], n rows in all: see wavelet_bank.h */
void vr_wave_unfold(size_t n, const double *from, double *to);
void vr_wave_unfoldf(size_t n, const float *from, float *to);

/* to[i * step + k] = from[k * ld + i], i < n, k < m: channels in rows become frames in rows */
void vr_wave_turn(size_t n, size_t m, const double *from, size_t ld, double *to, size_t step);
void vr_wave_turnf(size_t n, size_t m, const float *from, size_t ld, float *to, size_t step);

#endif
