/* events.h -- the table /events of a stream: read, and added to without losing what is there. */
#ifndef VR_IO_EVENTS_H
#define VR_IO_EVENTS_H
#include "io/stream.h"

enum { VR_MARK_NAME = 64 };

typedef struct {
  char name[VR_MARK_NAME];
  int32_t trial; /* row of /trials */
  double time;   /* s since the start of the trial */
  double value;
} vr_mark;

/* Zero-initialise; freed with vr_marks_free. */
typedef struct {
  vr_mark *row;
  size_t n, room;
} vr_marks;

/* The name is cut to VR_MARK_NAME - 1 bytes. */
int vr_marks_add(vr_marks *m, const char *name, int32_t trial, double time, double value);
void vr_marks_free(vr_marks *m);

/* Events named in the list `wanted` ("second-tap,orb"; NULL: all), in order of trial, time and row.
 * VR_EDATA: no table; VR_EARG, with the nearest name: no event of a wanted name. Values that are
 * missing are NaN. */
int vr_get_marks(const vr_turn *t, const char *wanted, vr_marks *m);

/* Merges m into /events, in order of trial and time. An event that is there (same name and trial, less
 * than half a frame away) is not added again. Further columns of the table are kept; they are missing
 * for new events. *added may be NULL. */
int vr_put_marks(vr_turn *t, const vr_marks *m, double rate, size_t *added);

#endif
