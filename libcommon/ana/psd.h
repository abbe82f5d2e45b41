/* psd.h -- power spectral densities by Welch's method (Welch 1967), trial by trial.
 *
 * A trial is cut into segments that overlap; of each the mean (or the line) is taken off, it is
 * multiplied with a window and transformed, and P(f) = c |X(f)|^2 / (rate sum w^2), c = 2 except at
 * f = 0 and at half the rate, is averaged over the segments of all trials. No segment crosses the
 * border of a trial, and a trial counts by its segments. Programs differ in window, mean and length
 * of the transform; VR_PSD_SCIPY, VR_PSD_MATLAB and VR_PSD_MNE do as these do. */
#ifndef VR_ANA_PSD_H
#define VR_ANA_PSD_H
#include "base/pool.h"
#include "num/mat.h"

typedef enum { VR_PSD_HANN, VR_PSD_HAMMING, VR_PSD_BLACKMAN, VR_PSD_BOXCAR } vr_psd_window;
typedef enum { VR_PSD_CONSTANT, VR_PSD_LINEAR, VR_PSD_NONE } vr_psd_detrend;

typedef struct {
  double length;  /* s of a segment */
  double overlap; /* the share of it that the next one repeats, below 1 */
  vr_psd_window window;
  int symmetric;          /* the window ends as it begins; otherwise it is periodic */
  vr_psd_detrend detrend; /* what is taken off a segment: its mean, its line of least squares */
  int padded;             /* zeros up to the next power of two, 256 at least */
  int median;             /* median of the segments, without its bias, in place of their mean */
} vr_psd_par;
#define VR_PSD_SCIPY                                                                               \
  {                                                                                                \
    .length = 10, .overlap = 0.5                                                                   \
  }
#define VR_PSD_MATLAB                                                                              \
  {                                                                                                \
    .length = 10, .overlap = 0.5, .window = VR_PSD_HAMMING, .symmetric = 1,                        \
    .detrend = VR_PSD_NONE, .padded = 1                                                            \
  }
#define VR_PSD_MNE                                                                                 \
  {                                                                                                \
    .length = 10, .overlap = 0.5, .window = VR_PSD_HAMMING                                         \
  }

/* Zero-initialise; freed with vr_psd_free. */
typedef struct {
  size_t groups, cols, nfreq;
  size_t frames, hop, nfft; /* of a segment, to the next one, of its transform */
  double *freq;             /* nfreq, Hz, from 0 to half the rate */
  double *power; /* groups x cols x nfreq, units of x squared per Hz; 0 without segments */
  size_t *segments, *trials; /* groups: how many there were, and trials that had one */
} vr_psd;

/* Spectra of each column of x (rows as tr tells), averaged over the trials k with group[k] = g + 1
 * for each of `groups` groups; trials of group 0 are left out; group NULL: all trials are one. The
 * same bytes for any pool. VR_EARG for a segment below 2 frames, or more than a transform can have. */
int vr_psd_welch(const vr_mat *x, const vr_trials *tr, const int32_t *group, size_t groups,
  const vr_psd_par *par, const vr_pool *pool, vr_psd *out);
void vr_psd_free(vr_psd *p);

/* s (groups x nfreq): the mean of the columns weighted by weight[cols]. `divide` (cols, or NULL):
 * columns are divided by it first, so that with variances for both all components count by their
 * share and not by its square. */
int vr_psd_mean(const vr_psd *p, const double *weight, const double *divide, vr_mat *s);

/* Frames of a segment at that rate. */
size_t vr_psd_frames(const vr_psd_par *par, double rate);

/* The window of n points. */
void vr_psd_fill_window(vr_psd_window kind, int symmetric, size_t n, double *w);

#endif
