/* senses.h -- what the animal senses and where its parts are, read from the engine.
 *
 * Seen by sim/ only. The observations are those of the released rodent (rodent.md 2.1, without the
 * camera), in its order; "torso frame" means components along the axes of the torso body. */
#ifndef VR_SIM_SENSES_H
#define VR_SIM_SENSES_H
#include "sim/env.h"
#include <mujoco/mujoco.h>

enum { VR_NSENSES = 13, VR_MAXCUES = 2, VR_MAXSENSES = VR_NSENSES + VR_MAXCUES };
enum { VR_MAXNU = 128, VR_NENDS = 5, VR_NPADS = 4 };

/* Where things are in one model. */
typedef struct {
  int root, torso, pelvis;     /* bodies; root carries the free joint */
  int head;                    /* site */
  int qpos, qvel;              /* of the free joint */
  int njoint, joint0;          /* hinges joint0 .. joint0 + njoint - 1 */
  int nbody, body0;            /* bodies below the root: body0 .. */
  int nservo, servo[VR_MAXNU]; /* joints that actuators move directly, in actuator order */
  int ends[VR_NENDS];          /* lower_arm_R, lower_arm_L, foot_R, foot_L, skull */
  int accelerometer, gyro, velocimeter, pad[VR_NPADS]; /* places in sensordata */
  vr_sense sense[VR_MAXSENSES];                        /* the animal's, and then what a task adds */
  size_t nsense, nobs;
} vr_senses;

/* VR_EDATA names what a scene lacks. */
int vr_senses_find(const mjModel *m, vr_senses *s);

/* Appends a sense (name, units, axis, n) that the caller reads by itself. */
void vr_senses_add(vr_senses *s, const vr_sense *sense);

/* The animal's senses into obs from data that is up to date at the end of a control step; accelerometer and touch
 * are of the last physics step's beginning (rodent.md 2.3). */
void vr_senses_read(const vr_senses *s, const mjModel *m, const mjData *d, double *obs);

/* Fills the members of p that are not NULL. */
void vr_senses_pose(const vr_senses *s, const mjModel *m, const mjData *d, const vr_pose *p);

/* Direction of the root's x axis on the ground, rad. */
double vr_senses_heading(const vr_senses *s, const mjData *d);

#endif
