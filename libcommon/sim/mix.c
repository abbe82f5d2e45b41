/* mix.c -- a day in the open field: motions that follow each other by chance. */
#include "sim/motion.h"
#include <math.h>

static const struct {
  const char *name;
  double weight; /* share in mix */
} motion[VR_MOTION_N] = {
  [VR_MOTION_ZERO] = {"crouch", 1},
  [VR_MOTION_REST] = {"rest", 2},
  [VR_MOTION_TWITCH] = {"twitch", 1},
  [VR_MOTION_TROT] = {"trot", 2},
  [VR_MOTION_WALK] = {"walk", 2},
  [VR_MOTION_RUN] = {"run", 2},
  [VR_MOTION_BOUND] = {"bound", 1},
  [VR_MOTION_LEFT] = {"turn-left", 1},
  [VR_MOTION_RIGHT] = {"turn-right", 1},
  [VR_MOTION_REAR] = {"rear", 1},
  [VR_MOTION_TIP] = {"tip", 1},
  [VR_MOTION_GET_UP] = {"right", 0},
};

const char *vr_motion_name(vr_motion_kind kind)
{
  return motion[kind].name;
}

double vr_motion_value(const vr_motion *m)
{
  switch (m->kind) {
  case VR_MOTION_TWITCH: return m->size;
  case VR_MOTION_LEFT:
  case VR_MOTION_RIGHT: return m->yaw;
  default: return m->speed;
  }
}

static double between(vr_rng *r, double low, double high)
{
  return low + (high - low) * vr_rng_uniform(r);
}

/* A kind by its weight, never the last one again. */
static vr_motion_kind draw(vr_rng *r, vr_motion_kind last)
{
  double total = 0;
  for (int k = 0; k < VR_MOTION_N; k++) total += k == (int)last ? 0 : motion[k].weight;
  double x = total * vr_rng_uniform(r);
  int k = 0;
  for (;; k++) {
    x -= k == (int)last ? 0 : motion[k].weight;
    if (x < 0 || k == VR_MOTION_N - 1) return (vr_motion_kind)k;
  }
}

void vr_mix_next(vr_rng *r, vr_motion_kind last, double low, double high, vr_motion *m)
{
  *m = (vr_motion){.kind = draw(r, last), .seconds = between(r, low, high)};
  switch (m->kind) {
  case VR_MOTION_TWITCH: m->size = between(r, 0.3, 0.5); break;
  case VR_MOTION_TROT: m->speed = 0.27; break;
  case VR_MOTION_WALK: m->speed = between(r, 0.2, 0.3); break;
  case VR_MOTION_RUN: m->speed = between(r, 0.45, 0.5); break;
  case VR_MOTION_BOUND: m->speed = between(r, 0.6, 0.65); break;
  case VR_MOTION_LEFT:
  case VR_MOTION_RIGHT:
    m->speed = between(r, 0.35, 0.5);
    m->yaw = (m->kind == VR_MOTION_LEFT ? 1 : -1) * between(r, 0.8, 1.5);
    break;
  case VR_MOTION_REAR:
    m->seconds = 2 * VR_REAR_PAUSE + VR_REAR_PERIOD * round(m->seconds / VR_REAR_PERIOD);
    break;
  case VR_MOTION_TIP: m->seconds = 0.5; break;
  default: break;
  }
}
