/* stage_events.h -- events that the signals of a turn tell by stated rules, as vr-events finds them. */
#ifndef VR_IO_STAGE_EVENTS_H
#define VR_IO_STAGE_EVENTS_H
#include "io/events.h"

typedef enum {
  VR_FIND_TOUCH,  /* touch-PAD: a pad comes to touch; value: for how long, s */
  VR_FIND_STRIDE, /* stride: mid-stance of one paw while the animal runs; value: s to the next */
  VR_FIND_JUMP,   /* flight: clear of the ground, no pad touches, upright; value: s */
  VR_FIND_REAR,   /* rearing: the body points up; value: s */
  VR_FIND_SPIN,   /* spin: turned without a rest; value: turns, counter-clockwise positive */
  VR_FIND_RUN,    /* run-bout: moves fast; value: s */
  VR_FIND_REWARD, /* reward: a reward, as for an orb; value: the reward */
  VR_FIND_BOUT,   /* NAME: a label begins; value: s */
  VR_FIND_LEVEL,  /* --name: a column rises above a level; value: its maximum */
  VR_FIND_KINDS
} vr_find_kind;

typedef struct {
  const char *contact; /* a column for each pad, above 0.5 while it touches */
  const char *paw;     /* pad whose stance marks a stride; NULL: the rhythm does */
  const char *rhythm;  /* path:column whose phase marks a stride */
  double low, high;    /* Hz, band of the rhythm */
  double phase;        /* degrees: of the mark; 0 is the maximum */
  double flight;       /* s: shortest flight */
  double clear;        /* so far above the ground, in units of /pose/positions; 0: pads alone */
  double pitch, rear;  /* degrees above the level, shortest rearing in s; ends at half the pitch */
  double yaw, turns;   /* degrees / s and turns that make a spin */
  double speed, run;   /* units of /pose/root a second (0: 0.1 m/s), shortest run in s */
  double reward;       /* least reward */
  const char *labels;  /* what vr_get_labels takes */
  const char *level, *name; /* path:column, name of the event */
  double above, below;      /* a stay begins at `above` and ends below `below` */
  double shortest, gap;     /* s: of a stay, of labels or a level; of a break that ends nothing */
} vr_find_par;
#define VR_FIND_DEFAULTS                                                                           \
  {                                                                                                \
    .contact = "/sense/sensors_touch", .rhythm = "/pose/positions:toe_L.z", .low = 3, .high = 7,   \
    .phase = 180, .flight = 0.06, .clear = 0.02, .pitch = 40, .rear = 0.3, .yaw = 90, .turns = 1,  \
    .run = 0.4, .reward = 5, .name = "level", .shortest = 0, .gap = 0.04                           \
  }

/* Adds the events of one kind to m. VR_EDATA names a dataset that is not there. */
int vr_find_events(const vr_turn *t, vr_find_kind kind, const vr_find_par *par, vr_marks *m);

#endif
