/* wavelet_bank.h -- the filters of wavelet.c for trials of one length; included nowhere else.
 *
 * A channel goes one of a few routes from the trial to its amplitudes:
 *   folded  The mirrored trial is one period of an even function, 2 n rows. Its spectrum is a cosine
 *           series c times exp(i pi k / 2n), and an inverse transform of n points gives its even
 *           rows, of which the second half are (conjugates of) the odd rows from the end. Exact.
 *   padded  Transforms of the trial with its zeros, n + n % 2 of them. Exact.
 *   window  Transforms of a length that suits FFTW, of the trial with as much of what lies beyond
 *           its ends as the wavelet feels. Only in single precision, for channels whose filter has
 *           died away at Nyquist (a step there would reach everywhere), and where it is faster. */
#ifndef VR_ANA_WAVELET_BANK_H
#define VR_ANA_WAVELET_BANK_H
#include "ana/wavelet.h"
#include "base/mem.h"
#include "num/fft.h"

enum { VR_WAVE_ROUTES = 4 };

typedef struct {
  int fold;
  size_t points; /* of the transforms */
  size_t period; /* rows that the bins divide: points, or 2 points when folded */
  size_t lead;   /* place of the trial's first row in the series; 0 when folded */
  const vr_fft *forward, *back;
  double *turn; /* folded: exp(i pi k / 2n), n complex numbers */
} vr_wave_route;

/* Weights are those of bins -1, -2, ... -low, then first, first + 1, ...: low + count in all. */
typedef struct {
  int route;
  size_t low, first, count;
  size_t weight; /* place of the first one */
} vr_wave_channel;

typedef struct vr_wave_bank {
  size_t n; /* rows of the trial */
  int nroutes;
  vr_wave_route route[VR_WAVE_ROUTES];
  vr_wave_channel *channel; /* nfreq */
  void *weight;             /* double when exact, else float */
  vr_arena memory;
  struct vr_wave_bank *next;
} vr_wave_bank;

int vr_wave_bank_new(const vr_waves *w, size_t n, vr_wave_bank **bank);
void vr_wave_bank_free(vr_wave_bank *b);

/* Most points of any route for trials of n rows. */
size_t vr_wave_bank_points(size_t n);

/* Standard deviations of a Gaussian that matter. */
double vr_wave_reach(const vr_waves *w);

#endif
