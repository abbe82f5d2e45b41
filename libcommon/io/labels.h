/* labels.h -- one label a frame, from whatever a stream tells about its frames. */
#ifndef VR_IO_LABELS_H
#define VR_IO_LABELS_H
#include "io/stream.h"

/* of[i] = 0 (none) or k = 1 .. k: frame i is name[k - 1]. Zero-initialise; vr_labels_free. */
typedef struct {
  size_t n, k;
  int32_t *of;
  char **name;
} vr_labels;

/* `what` is one of
 *   task, subject, recording, outcome   a column of /trials
 *   trial                               the number of the trial, from 0
 *   event, event:NAME,NAME...           what /events says: an event (of these names) holds until the
 *                                       next one of its trial
 *   region                              /label/region
 *   /path                               a dataset of whole numbers, one a frame (0 = none)
 * Names are in order of first appearance in their table, numbers ascend. VR_EARG: no such thing
 * here (the message says what there is). */
int vr_get_labels(const vr_turn *t, const char *what, vr_labels *l);
void vr_labels_free(vr_labels *l);

/* of[tr->n]: the label of each trial, 0 for none. VR_EARG where it changes within a trial. */
int vr_trial_labels(const vr_labels *l, const vr_trials *tr, const char *what, int32_t *of);

/* 1: `what` is a word or path that vr_get_labels can read in this turn. */
int vr_has_labels(const vr_turn *t, const char *what);

#endif
