/* controller.h -- built-in controllers by name: zero, hold, noise, trot, run, rear, right, mix.
 *
 * A controller chooses one motion after the other and plays it: a pose, a gait with heading hold,
 * smooth noise, the righting kick. It is written NAME[:key=value,...]. One controller drives one
 * animal at a time; all chance in an episode follows from the seed given at its start. */
#ifndef VR_SIM_CONTROLLER_H
#define VR_SIM_CONTROLLER_H
#include "sim/env.h"

typedef struct vr_controller vr_controller;

/* Names of all controllers, and what each does in one line; *n of them. */
const char *const *vr_controller_names(size_t *n);
const char *vr_controller_what(size_t i);

/* gaits: the folder of their tables. VR_EARG: no such controller or setting, with the nearest one;
 * VR_EDATA, VR_EMEM. */
int vr_controller_new(
  const char *spec, const char *gaits, const vr_layout *layout, vr_controller **c);
void vr_controller_free(vr_controller *c);

void vr_controller_start(vr_controller *c, uint64_t seed);

/* The action (nact) of the control step that begins now, and what there is to tell: the motion that
 * begins, with its speed, turning or size; a "fall" before the motion "right". Returns the number of
 * events. */
enum { VR_CONTROLLER_EVENTS = 2 };
size_t vr_controller_act(
  vr_controller *c, const vr_cue *cue, float *action, vr_event event[VR_CONTROLLER_EVENTS]);

/* It gets up when it falls, and tells so: the falls that the environment reports are the same. */
int vr_controller_rights(const vr_controller *c);

#endif
