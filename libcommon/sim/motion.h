/* motion.h -- what a built-in controller does for a while, and the plan of `mix`. Seen by sim/ only. */
#ifndef VR_SIM_MOTION_H
#define VR_SIM_MOTION_H
#include "base/rng.h"

typedef enum {
  VR_MOTION_ZERO,   /* all commands 0: sinks to the middle of every joint */
  VR_MOTION_REST,   /* holds the spawn pose */
  VR_MOTION_TWITCH, /* smooth noise around it */
  VR_MOTION_TROT,
  VR_MOTION_WALK, /* run, slowly */
  VR_MOTION_RUN,
  VR_MOTION_BOUND, /* run, fast */
  VR_MOTION_LEFT,
  VR_MOTION_RIGHT,
  VR_MOTION_REAR,
  VR_MOTION_TIP, /* throws itself over */
  VR_MOTION_GET_UP,
  VR_MOTION_N
} vr_motion_kind;

typedef struct {
  vr_motion_kind kind;
  double speed;   /* command of the runner, m/s */
  double yaw;     /* turning of the heading that is held, rad/s */
  double size;    /* standard deviation of the noise */
  double seconds; /* how long; INFINITY: for ever */
} vr_motion;

#define VR_REAR_PAUSE 0.4  /* s of standing before and after it rears */
#define VR_REAR_PERIOD 0.8 /* s */

/* Name of a motion in /events. */
const char *vr_motion_name(vr_motion_kind kind);
/* The number told with it. */
double vr_motion_value(const vr_motion *m);

/* The motion of `mix` after `last` (bouts of low .. high seconds). */
void vr_mix_next(vr_rng *r, vr_motion_kind last, double low, double high, vr_motion *m);

#endif
