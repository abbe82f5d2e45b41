/* stage_align.h -- activity around the events of a turn, as vr-align tells it. */
#ifndef VR_IO_STAGE_ALIGN_H
#define VR_IO_STAGE_ALIGN_H
#include "ana/align.h"
#include "io/stream.h"

typedef struct {
  vr_align_par align;   /* lags and inside are set from what follows */
  const char *event;    /* names, separated by commas */
  double before, after; /* s around the event */
  int phase;            /* > 0: instead, the time to the next such event cut into so many parts */
  double longest;       /* s; phase: longer ones are left out */
  const char *by;       /* labels (vr_get_labels) that part the windows, NULL: none */
  double inside[2];     /* s (phase: turns) after the event; equal: no test of the spread */
  double fano;          /* s of a counting window; 0: no Fano factor */
  double every;         /* s from one to the next */
  double bin;           /* spikes: width of the bins of matched means */
} vr_stage_align_par;
#define VR_STAGE_ALIGN_DEFAULTS                                                                    \
  {                                                                                                \
    .align = VR_ALIGN_DEFAULTS, .before = 1.5, .after = 0.5, .longest = 2, .every = 0.05,          \
    .bin = 0.25                                                                                    \
  }

/* What became of the Fano factor. */
typedef struct {
  enum { VR_FANO_NOT_ASKED, VR_FANO_NO_COUNTS, VR_FANO_NO_GROUP, VR_FANO_DONE } what;
  size_t row, column;                       /* NO_COUNTS: of a number that is none, from 0 */
  double value;                             /* that number, in spikes a frame */
  size_t points, times, fewest, kept, bins; /* DONE; as in vr_fano */
  double seconds, at;                       /* of a counting window; when points are fewest */
  vr_tested
    quench[2]; /* inside against outside, of all points and at matched means; p 0: no test */
  double low[2], high[2]; /* least and highest factor over times, raw and at matched means */
} vr_stage_fano_info;

typedef struct {
  size_t windows, left;   /* events with a window; those whose window leaves the trial */
  size_t units, constant; /* columns; those that do not change, which are left out */
  size_t groups, few;     /* labels with enough windows to compare; those without */
  vr_stage_fano_info fano;
} vr_stage_align_info;

/* Writes /sequence/PATH (see vr-align(1)), replacing what was there. *a, which tells the statistics, is the
 * caller's to free. */
int vr_stage_align(vr_turn *t, const char *path, const vr_stage_align_par *par, const vr_pool *pool,
  vr_aligned *a, vr_stage_align_info *info);

/* Names of the statistics, in their order: "split-half" ... */
extern const char *const vr_align_names[VR_ALIGN_STATISTICS];

#endif
