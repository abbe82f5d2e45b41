/* put.h -- results into a group of a turn: GROUP/NAME, with axes and units as vr_h5_begin has them. */
#ifndef VR_IO_PUT_H
#define VR_IO_PUT_H
#include "io/stream.h"

int vr_put_list(vr_turn *t, const char *group, const char *name, const double *a, size_t n,
  const char *axis, const char *units);
int vr_put_table(vr_turn *t, const char *group, const char *name, const vr_mat *m, const char *axes,
  const char *units);
/* Any rank. */
int vr_put_array(vr_turn *t, const char *group, const char *name, int rank, const size_t *dim,
  const double *a, const char *axes, const char *units);
int vr_put_counts(
  vr_turn *t, const char *group, const char *name, const int32_t *a, size_t n, const char *axis);
int vr_put_words(
  vr_turn *t, const char *group, const char *name, char *const *list, size_t n, const char *axis);

/* A trial that is cut out of a recording: its frames, when it begins there (s). */
typedef struct {
  size_t frames;
  double start;
  const char *task, *recording, *subject, *outcome;
} vr_cutting;

/* The frame axis of the recording, one trial after the other at `rate` Hz, and /trials/start. */
int vr_put_cuttings(vr_turn *t, double rate, const vr_cutting *c, size_t n);

#endif
