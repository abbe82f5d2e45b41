/* watch.h -- what an animal does, told from how it stands and turns, by rules that know nothing else.
 *
 *   "rear"  the trunk is raised by 50 degrees for 0.2 s; once, until it is below 30 degrees again
 *   "spin"  it has turned by 270 degrees either way within 1 s, not lying; then counting starts anew */
#ifndef VR_SIM_WATCH_H
#define VR_SIM_WATCH_H
#include "sim/env.h"

enum { VR_WATCH_EVENTS = 2, VR_WATCH_STEPS = 51 };

/* Zero-initialise at the start of an episode. */
typedef struct {
  double turned[VR_WATCH_STEPS]; /* unwrapped headings of the last second */
  size_t n, up;                  /* how many of these; steps that the trunk has been raised for */
  int reared;
} vr_watch;

/* After each control step; fills the names of what has happened and returns how many. */
size_t vr_watch_step(vr_watch *w, const vr_cue *cue, const char *event[VR_WATCH_EVENTS]);

#endif
