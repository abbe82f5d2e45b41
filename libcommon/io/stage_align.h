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
} vr_stage_align_par;
#define VR_STAGE_ALIGN_DEFAULTS                                                                    \
  {                                                                                                \
    .align = VR_ALIGN_DEFAULTS, .before = 1.5, .after = 0.5, .longest = 2                          \
  }

typedef struct {
  size_t windows, left;   /* events with a window; those whose window leaves the trial */
  size_t units, constant; /* columns; those that do not change, which are left out */
  size_t groups, few;     /* labels with enough windows to compare; those without */
} vr_stage_align_info;

/* Writes /sequence/PATH (see vr-align(1)), replacing what was there. *a, which tells the statistics, is the
 * caller's to free. */
int vr_stage_align(vr_turn *t, const char *path, const vr_stage_align_par *par, const vr_pool *pool,
  vr_aligned *a, vr_stage_align_info *info);

/* Names of the statistics, in their order: "split-half" ... */
extern const char *const vr_align_names[VR_ALIGN_STATISTICS];

#endif
