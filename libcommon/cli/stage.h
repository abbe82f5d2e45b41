/* stage.h -- the animal in a task, from the tables of share/, for tools that simulate. */
#ifndef VR_CLI_STAGE_H
#define VR_CLI_STAGE_H
#include "sim/env.h"

typedef struct {
  char *gaits; /* folder of the gait tables */
  vr_task task;
  vr_scene *scene;
} vr_stage;

/* The rat in a task ("flat:speed=0.6"), physics step in s. Ends the program on errors. */
void vr_stage_open(vr_stage *s, const char *task, double step);
/* Takes gaits from another folder. */
void vr_stage_gaits(vr_stage *s, const char *folder);
/* Ends the program, with the nearest name, when there is no such controller. */
void vr_stage_check(const vr_stage *s, const char *controller);
void vr_stage_close(vr_stage *s);

#endif
