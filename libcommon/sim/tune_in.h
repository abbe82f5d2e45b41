/* tune_in.h -- inside of the search for gaits: its numbers, and its score.
 * Between the tune*.c files; included nowhere else. */
#ifndef VR_SIM_TUNE_IN_H
#define VR_SIM_TUNE_IN_H
#include "sim/play.h"
#include "sim/teacher.h"
#include "sim/tune.h"

/* One number: what it is of which actuator, and of its mate on the other side (-1: none). */
typedef struct {
  int what, i, mate;
} vr_knob;

enum {
  VR_KNOB_FREQUENCY,
  VR_KNOB_OFFSET,
  VR_KNOB_SIN,
  VR_KNOB_COS,
  VR_KNOB_SIN2,
  VR_KNOB_COS2,
  VR_KNOB_GAIN /* and the signals of vr_reflex */
};
enum { VR_MAXKNOBS = 1024 };

typedef struct {
  vr_gait like;
  vr_reflex reflex;
  size_t n;
  vr_knob knob[VR_MAXKNOBS];
} vr_knobs;

/* The numbers that can be turned, for the actuators of a layout. */
void vr_knobs_find(const vr_layout *l, const vr_gait *like, const vr_reflex *reflex, int harmonics,
  int reflexes, vr_knobs *k);
void vr_knobs_start(const vr_knobs *k, double *x);
double vr_knobs_unit(const vr_knobs *k, size_t i);
void vr_knobs_set(const vr_knobs *k, const double *x, vr_gait *g, vr_reflex *r);

/* The score of one start; *frames: control steps taken. VR_ENUM when it cannot even start. */
int vr_tune_try(
  const vr_tune_par *par, vr_env *e, vr_teacher *t, uint64_t seed, double *score, size_t *frames);

#endif
