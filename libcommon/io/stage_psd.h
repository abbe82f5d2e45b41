/* stage_psd.h -- spectra of a turn, as vr-psd makes them.
 *
 * For an input /PATH the group /psd/PATH gets: label (names of the groups of trials), frequency;
 * spectrum (label x frequency), background of it; components (label x component x frequency) and
 * their weight; segments and trials of each label; peak/{label,frequency,power,prominence,excess,p}. */
#ifndef VR_IO_STAGE_PSD_H
#define VR_IO_STAGE_PSD_H
#include "ana/psd.h"
#include "base/str.h"
#include "io/stream.h"

typedef struct {
  vr_psd_par welch;
  int count;      /* principal components; 0: the columns themselves, each with the same weight */
  int scale;      /* divide columns by their standard deviation before */
  int unit;       /* components count by their variance and not by its square */
  const char *by; /* NULL, or a label that is constant within each trial */
  double prominence; /* dB, of the peaks that are told */
  int peaks;         /* most of them for a label */
  int null;          /* noises that peaks are compared with */
  uint64_t seed;
} vr_stage_psd_par;
#define VR_STAGE_PSD_DEFAULTS                                                                      \
  {                                                                                                \
    .welch = VR_PSD_SCIPY, .count = 10, .prominence = 3, .peaks = 5, .null = 99, .seed = 1         \
  }

/* Spectra of one input. What had to be left out, and the highest peak of each label, are added to
 * `notes`, a line each. VR_EDATA when no trial is as long as a segment. */
int vr_stage_psd(
  vr_turn *t, const char *path, const vr_stage_psd_par *par, const vr_pool *pool, vr_str *notes);

/* How long each column of an input remembers: /psd/PATH/timescale/{fall,constant} (see
 * ana/timescale.h). Attributes of `constant`: its median over the columns; low and high, between
 * which lie nine tenths of what `draws` processes of that median constant show in these trials;
 * white, what white noise shows; limit, beyond which constants cannot be told. */
int vr_stage_timescale(
  vr_turn *t, const char *path, int draws, uint64_t seed, const vr_pool *pool, vr_str *notes);

#endif
