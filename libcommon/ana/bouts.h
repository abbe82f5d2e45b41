/* bouts.h -- runs of equal label in time, and how long they last.
 *
 * Labels are 0 (none) or 1 .. k, one a frame; nothing crosses a trial boundary. */
#ifndef VR_ANA_BOUTS_H
#define VR_ANA_BOUTS_H
#include "num/mat.h"
#include <stdint.h>

/* Bout k is frames first[k] .. first[k] + frames[k] - 1 of trial[k], all with label[k] >= 1. In order
 * of time. Zero-initialise; freed with vr_bouts_free. */
typedef struct {
  size_t n;
  int32_t *label, *trial;
  size_t *first, *frames;
} vr_bouts;

/* to[i] = the most frequent of from[i - half .. i + half] inside the trial; ties go to from[i] if it
 * is among them, else to the smaller label. Labels are 0 .. k. */
int vr_bouts_smooth(const int32_t *from, const vr_trials *tr, size_t k, size_t half, int32_t *to);

/* Runs of at least `shortest` frames; runs of 0 are no bouts. VR_EARG or VR_EMEM. */
int vr_bouts_find(const int32_t *label, const vr_trials *tr, size_t shortest, vr_bouts *b);

/* Of each label 1 .. k (arrays of k, any may be NULL): number of bouts, their mean and median
 * duration in s (0 where there are none). */
int vr_bouts_dwell(
  const vr_bouts *b, double rate, size_t k, int32_t *visits, double *mean, double *median);

void vr_bouts_free(vr_bouts *b);

#endif
