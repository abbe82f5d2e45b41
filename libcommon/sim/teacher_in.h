/* teacher_in.h -- what the teachers of the tasks share.
 * Between the teacher*.c files; included nowhere else. */
#ifndef VR_SIM_TEACHER_IN_H
#define VR_SIM_TEACHER_IN_H
#include "sim/gait.h"
#include "sim/play.h"
#include "sim/reflex.h"
#include "sim/teacher.h"

enum { VR_RUNNERS = 3 };

/* All that a teacher remembers between steps: saved as it is. */
typedef struct {
  int doing;        /* VR_RUN ... */
  int righting;     /* the kick goes on */
  double side, phi; /* of it */
  double theta;     /* phase of the gait that is played */
  int stage, goal;  /* of the task */
  double since;     /* when the stage began, s */
} vr_teacher_memory;

enum { VR_STAND, VR_RUN, VR_RIGHT, VR_TAP, VR_LEAP, VR_NDOINGS };

/* The teacher of a task. Members that are NULL have nothing to do. */
typedef struct {
  const char *task, *gait;    /* gait: that of its own, NULL: the runner is enough */
  int reflexes;               /* it has them */
  const char *runner;         /* a gait with reflexes to run with besides, or NULL */
  int (*open)(vr_teacher *t); /* allocates what it needs */
  void (*close)(vr_teacher *t);
  void (*start)(vr_teacher *t);
  /* Sets t->u and t->is.doing, for an animal that is on its feet. */
  void (*act)(vr_teacher *t, const vr_env *e, const vr_cue *cue);
} vr_teach;

extern const vr_teach vr_teach_bowl, vr_teach_flat, vr_teach_gaps, vr_teach_maze, vr_teach_twotap;

struct vr_teacher {
  const vr_scene *scene;
  const vr_teach *kind;
  double keep;                          /* of an activation, in a control step */
  vr_gait runner[VR_RUNNERS], own, now; /* now: what is played */
  vr_reflex reflex;                     /* of `own`; 0 without */
  vr_gait steady;                       /* the kind's runner, */
  vr_reflex steadier;                   /* and its reflexes */
  int used; /* `own` is the caller's: where there was none, it runs with it */
  vr_righting righting;
  double u[VR_GAIT_MAX];
  vr_teacher_memory is;
  void *work; /* of the kind */
};

/* Moves a phase by its step, and towards `told` where that is far off: `shown` says how much the
 * activations tell (vr_gait_phase); where that is nothing, the motion begins anew, at 0. */
double vr_teacher_phase(double phase, double step, double told, double shown);

/* Runs on with its own gait and this steering, -1 .. 1 or a little more, to the left; with the runner at
 * a speed; holds the pose of the start. */
void vr_teacher_play(vr_teacher *t, const vr_env *e, double steer);
void vr_teacher_run(vr_teacher *t, const vr_env *e, double speed, double steer);
void vr_teacher_stand(vr_teacher *t);

#endif
