/* play_flat.c -- flat ground without end: run at a speed, upright. */
#include "sim/play.h"
#include "sim/physics.h"
#include <math.h>

enum { SPEED, TURN, NOISE, DROP };

static int start(vr_env *e, vr_rng *r)
{
  if (e->rule[NOISE] > 0) vr_play_shake(e, r, e->rule[NOISE]);
  return e->rule[DROP] > 0 ? vr_play_drop(e, r) : 0;
}

/* Speed of the centre of mass along the heading and yaw rate, over the control step, each by its
 * distance from the target; times uprightness. */
static double after(vr_env *e)
{
  const vr_senses *s = &e->scene->senses;
  const double *com = e->d->subtree_com + 3 * s->root;
  double heading = vr_senses_heading(s, e->d);
  double v =
    ((com[0] - e->com[0]) * cos(heading) + (com[1] - e->com[1]) * sin(heading)) / VR_CONTROL_STEP;
  double yaw = remainder(heading - e->heading, 2 * M_PI) / VR_CONTROL_STEP;
  double speed = e->rule[SPEED], turn = e->rule[TURN];
  double up = fmin(e->d->xmat[9 * s->torso + 8], e->d->xmat[9 * s->pelvis + 8]);
  return vr_play_within(v, speed, speed, fmax(fabs(speed), 0.1)) *
         vr_play_within(yaw, turn, turn, 2 * M_PI) * vr_play_upright(up);
}

const vr_play vr_play_flat = {
  .name = "flat",
  .rule =
    {[SPEED] = {"speed", 0.5}, [TURN] = {"turn", 0}, [NOISE] = {"noise", 0}, [DROP] = {"drop", 0}},
  .start = start,
  .after = after,
};
