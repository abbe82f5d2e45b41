/* stage_wavelet.h -- wavelet amplitudes of a turn and their components, as vr-wavelet makes them.
 *
 * Adds for a band:
 *   /kinematics/BAND (M x 30)  scores, float64: par.pca.n components of each input side by side
 *   /basis/kinematics/BAND     frequency (Hz) and scale (s), attributes of frequency: omega0, pad
 *                              ...; and INPUT/{mean,loadings,variance} (io/basis.h)
 *   /cone/BAND (M, uint8)      channels, from the lowest, that feel an end of the trial in this frame
 *   /wavelet/BAND (M x 750)    the amplitudes, only when par.raw (float32; float64 when exact)
 * Frames are read in blocks, so memory does not grow with their number. */
#ifndef VR_IO_STAGE_WAVELET_H
#define VR_IO_STAGE_WAVELET_H
#include "ana/pca.h"
#include "ana/wavelet.h"
#include "io/stream.h"

enum { VR_WAVELET_INPUTS = 8, VR_BANDS = 3 };

typedef struct {
  vr_wavelet_par wavelet;
  vr_pca_par pca;
  int raw;
} vr_stage_wavelet_par;
#define VR_STAGE_WAVELET_DEFAULTS                                                                  \
  {                                                                                                \
    .wavelet = VR_WAVELET_DEFAULTS, .pca = VR_PCA_DEFAULTS                                         \
  }

/* The bands of the paper: slow 0.3-5, intermediate 1-25, fast 5-25 Hz. */
typedef struct {
  const char *name;
  double low, high; /* Hz */
} vr_band;
extern const vr_band vr_bands[VR_BANDS];

/* Sets par->low and high to a band of the paper as far as the rate allows: it ends at half the rate
 * at the latest. *cut tells whether it did. VR_EARG for an unknown name, or a band above that. */
int vr_band_set(const char *name, double rate, vr_wavelet_par *par, int *cut);

/* What is done by default: those of /eigenposture/angles and positions that are there. */
void vr_wavelet_inputs(const vr_turn *t, const char *path[2], size_t *n);

/* basis NULL: fits bases to all frames; otherwise projects on those of that file, which must be of
 * the same frequencies; they are copied into the turn. */
int vr_stage_wavelet(vr_turn *t, const char *const *input, size_t n, const char *band,
  const vr_stage_wavelet_par *par, const vr_h5 *basis, const vr_pool *pool);

/* /kinematics/BAND that a later stage needs, BAND one of vr_bands: computed with the defaults (and
 * the postures before it) where it is missing, with lines in the history that name the program
 * `because_of`. With a basis, what is there must be on it. */
int vr_need_wavelet(
  vr_turn *t, const char *band, const vr_h5 *basis, const char *because_of, const vr_pool *pool);

#endif
