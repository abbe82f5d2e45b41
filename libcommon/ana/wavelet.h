/* wavelet.h -- amplitudes of Morlet wavelets along the columns of a matrix, trial by trial.
 *
 * As MotionMapper computes them (Berman et al. 2014): for frequency f the scale is
 *   s = (w0 + sqrt(2 + w0^2)) / (4 pi f),
 * the padded trial is multiplied in the Fourier domain by pi^(-1/4) exp(-(s W - w0)^2 / 2) sqrt(s),
 * and the modulus by K(s) = pi^(-1/4) exp((w0 - sqrt(w0^2 + 2))^2 / 4) / sqrt(2 s), so that a
 * sinusoid of amplitude 1 gives 0.2004 (w0 = 5) in the channel of its frequency, whatever that is.
 *
 * Padding. `symmetric`: half the trial mirrored at each end (edge sample repeated), which makes it
 * one period of an even function. `zero`: half the trial of zeros at each end and one zero more
 * where the length is odd: MotionMapper's own results.
 *
 * The Nyquist frequency. `high` above half the rate is refused; exactly half is allowed, but there
 * half the filter lies beyond what the samples tell: under `zero` a sinusoid at Nyquist gives a
 * response that depends on its phase (0.287 instead of 0.200), under `symmetric` the mirror image
 * cancels it. Up to 0.98 of Nyquist the error is below 0.1 %.
 *
 * Lengths. In double precision every trial is transformed at its own length, or twice that (exact,
 * whatever primes it has). In single precision channels whose filter has died away at Nyquist may be
 * computed in a longer window that suits the transform, within its rounding: wavelet_bank.h.
 *
 * Long trials. Trials of up to VR_WAVELET_WHOLE frames are transformed whole. Longer ones are cut in
 * windows whose kept parts tile the trial and whose margins are 5.8 (exact: 9) standard deviations
 * of the longest wavelet, mirrored (or padded) at their ends like trials; at the ends of the trial
 * nothing changes. Channels below 0.47 of Nyquist agree with the whole transform to 1e-6 of the
 * maximum. Filters nearer to Nyquist end in a step there, which has no finite reach; what they
 * differ by is the content of the signal at Nyquist divided by pi times the margin in frames
 * (measured for 1-25 Hz at 50 Hz, worst frame, of the maximum: white noise 2e-2, a smooth signal with
 * 1 % of noise 2e-4, without noise 1e-7). */
#ifndef VR_ANA_WAVELET_H
#define VR_ANA_WAVELET_H
#include "base/pool.h"
#include "num/mat.h"

enum { VR_PAD_SYMMETRIC, VR_PAD_ZERO };
enum { VR_WAVELET_WHOLE = 12000, VR_WAVELET_MAXFREQ = 255 };

typedef struct {
  double low, high; /* Hz; lowest and highest frequency, log spaced, both ends included */
  int nfreq;        /* frequencies, 1 .. VR_WAVELET_MAXFREQ; one frequency is `low` */
  double omega0;    /* oscillations under the envelope: width in frequency is f / w0 */
  int pad;          /* VR_PAD_ */
  int normalise;    /* each frame is divided by its sum over all columns (MotionMapper) */
  int log;          /* natural logarithm of the amplitude, not below `floor` */
  double floor;     /* units of the series */
  int exact;        /* double precision throughout (1e-15 of the maximum, else 1e-6); 3x slower */
} vr_wavelet_par;
#define VR_WAVELET_DEFAULTS                                                                        \
  {                                                                                                \
    .low = 1, .high = 25, .nfreq = 25, .omega0 = 5, .pad = VR_PAD_SYMMETRIC, .floor = 1e-6         \
  }

/* amp[t, j * nfreq + k]: amplitude of column j at frequency k (ascending) in frame t. x (M x m),
 * amp (M x m nfreq), resized, the caller frees it. The float form takes par->exact for 0, the
 * double form for 1. Same bytes for any pool, also NULL. 0, VR_EARG or VR_EMEM. */
int vr_wavelet(const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par, const vr_pool *pool,
  vr_mat *amp);
int vr_waveletf(const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par,
  const vr_pool *pool, vr_matf *amp);

/* -- the same in pieces, for callers that never hold all amplitudes -- */
typedef struct vr_waves vr_waves; /* filters for one set of parameters and one rate */

/* VR_EARG for parameters that cannot be; the message names them. */
int vr_waves_new(const vr_wavelet_par *par, double rate, vr_waves **w);
void vr_waves_free(vr_waves *w);
const vr_wavelet_par *vr_waves_par(const vr_waves *w);
double vr_waves_rate(const vr_waves *w);
const double *vr_waves_freq(const vr_waves *w);  /* nfreq, Hz, ascending */
const double *vr_waves_scale(const vr_waves *w); /* nfreq, s */

/* A piece of work: rows first .. first + len - 1 go in, of which `keep` after `skip` come out. */
typedef struct {
  size_t first, len, skip, keep;
} vr_wave_unit;

/* The units of a recording, in order: what they keep tiles all rows. The caller frees *unit with
 * vr_release. */
int vr_waves_cut(const vr_waves *w, const vr_trials *tr, vr_wave_unit **unit, size_t *n);

/* Makes the filters for the lengths of these units (at most 64 units); those of other lengths may
 * go. From one thread, before vr_waves_run. */
int vr_waves_prepare(vr_waves *w, const vr_wave_unit *unit, size_t n);

/* Scratch for units up to `len` rows, one a thread; freed with vr_release. */
int vr_waves_scratch(const vr_waves *w, size_t len, void **scratch);

/* Amplitudes of one prepared unit, a channel in a row. x (len x m); amp (m nfreq x
 * vr_waves_stride(len)) float, or double when exact. Its frames skip .. skip + keep - 1 are to be
 * kept. */
void vr_waves_run(
  const vr_waves *w, const vr_wave_unit *u, const double *x, size_t m, void *scratch, void *amp);

/* Numbers from one channel to the next: a little more than len. */
size_t vr_waves_stride(size_t len);

/* The frames that are kept, a frame in a row: rows (keep x m nfreq). */
void vr_waves_rows(const vr_waves *w, const vr_wave_unit *u, size_t m, const void *amp, void *rows);

/* Cone of influence: inside[t] = number of channels (the lowest ones) that are nearer than their
 * e-folding time sqrt(2) s to an end of a trial of `frames` frames. */
void vr_waves_cone(const vr_waves *w, size_t frames, uint8_t *inside);

#endif
