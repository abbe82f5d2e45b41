/* teacher_gaps.c -- gallops along the middle of the corridor and leaves to chance where its feet come
 * down: the best of the gaits that are known, and not good (gaits.md 9). */
#include "sim/teacher_in.h"

#define PULL 2 /* rad of heading for a metre off the middle */

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  vr_teacher_play(t, e, vr_gait_steer(1.5 * (cue->heading + PULL * cue->y), 0));
}

const vr_teach vr_teach_gaps = {.task = "gaps", .gait = "leap100", .act = act};
