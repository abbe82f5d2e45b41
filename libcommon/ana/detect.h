/* detect.h -- events in signals: stays above a level, turns, and the cycles of a rhythm.
 *
 * Signals have one number a frame; nothing crosses a trial boundary. Times are in s since the start
 * of the trial. */
#ifndef VR_ANA_DETECT_H
#define VR_ANA_DETECT_H
#include "ana/bouts.h"

/* What happened from `start` to `stop`. */
typedef struct {
  int32_t trial;
  double start, stop, value;
} vr_episode;
/* Zero-initialise; freed with vr_episodes_free. In order of trial and start. */
typedef struct {
  vr_episode *row;
  size_t n, room;
} vr_episodes;
int vr_episodes_add(vr_episodes *e, vr_episode new);
void vr_episodes_free(vr_episodes *e);

typedef struct {
  double rise, fall;    /* a stay begins at rise and ends below fall */
  double shortest, gap; /* s: shorter stays do not count, shorter gaps do not end one */
} vr_level;

/* Stays of x at or above a level; NaN is below it. The value is the largest x of the stay. `active`
 * (0 or 1 a frame, or NULL): frames in which there can be one. e: added to. VR_EARG unless rise >=
 * fall. */
int vr_detect_level(const double *x, const unsigned char *active, const vr_trials *tr,
  const vr_level *par, vr_episodes *e);

/* Turns: stretches in which the heading (rad) changes by at least `rate` rad/s in one direction, over
 * gaps below `gap` s, and by `least` rad in all. The value is the turn in rad, counter-clockwise
 * positive. Rates are over a tenth of a second. */
int vr_detect_turns(const double *heading, const vr_trials *tr, double rate, double least,
  double gap, vr_episodes *e);

/* Takes the jumps of a turn out of an angle, trial by trial. */
void vr_unwrap(double *angle, const vr_trials *tr);

/* Phase (rad, -pi .. pi) of x in the band low .. high Hz, by the analytic signal of each trial, which
 * is mirrored at its ends. A maximum of x has phase 0. 0, VR_EARG for a band that cannot be, VR_EMEM. */
int vr_phase(const double *x, const vr_trials *tr, double low, double high, double *phase);

/* Times at which a growing phase passes `at`, between frames by a straight line; start = stop. */
int vr_detect_phase(
  const double *phase, const unsigned char *active, const vr_trials *tr, double at, vr_episodes *e);

/* Of marks that follow each other: keeps those whose distances to the one before and to the next are
 * 0.5 to 2 times the median distance, so the first and the last of a run go. Distances above `apart`
 * s are between runs. The value becomes the distance to the next. Returns how many went. */
size_t vr_strides_keep(vr_episodes *e, double apart, double *median);

#endif
