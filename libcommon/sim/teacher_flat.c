/* teacher_flat.c -- runs at the speed and along the heading that are asked for. */
#include "sim/teacher_in.h"

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  vr_teacher_run(t, e, e->is.speed, vr_gait_steer(cue->heading, e->is.course));
}

const vr_teach vr_teach_flat = {.task = "flat", .act = act};
