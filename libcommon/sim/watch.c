#include "sim/watch.h"
#include <math.h>
#include <string.h>

static const double steep = 0.7660444431189780, level = 0.5; // sines of 50 and 30 degrees
static const double turn = 1.5 * M_PI, stay = 0.2;           // rad; s

static int rears(vr_watch *w, const vr_cue *cue)
{
  if (cue->torso[0] < level) w->reared = 0;
  w->up = cue->torso[0] >= steep && !vr_cue_lies(cue) ? w->up + 1 : 0;
  if (w->reared || (double)w->up * VR_CONTROL_STEP < stay - 1e-9) return 0;
  return w->reared = 1;
}

static int spins(vr_watch *w, const vr_cue *cue)
{
  double heading = cue->heading;
  if (vr_cue_lies(cue)) {
    w->n = 0;
    return 0;
  }
  if (w->n) heading = w->turned[w->n - 1] + remainder(heading - w->turned[w->n - 1], 2 * M_PI);
  if (w->n == VR_WATCH_STEPS) memmove(w->turned, w->turned + 1, --w->n * sizeof *w->turned);
  w->turned[w->n++] = heading;
  for (size_t i = 0; i < w->n; i++)
    if (fabs(heading - w->turned[i]) >= turn) {
      w->n = 0;
      return 1;
    }
  return 0;
}

size_t vr_watch_step(vr_watch *w, const vr_cue *cue, const char *event[VR_WATCH_EVENTS])
{
  size_t n = 0;
  if (rears(w, cue)) event[n++] = "rear";
  if (spins(w, cue)) event[n++] = "spin";
  return n;
}
