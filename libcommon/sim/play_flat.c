/* play_flat.c -- flat ground without end: run at a speed, upright, and turn as asked. */
#include "sim/play.h"
#include "base/err.h"
#include "sim/physics.h"
#include <math.h>

enum {
  SPEED,
  TURN,
  NOISE,
  DROP,
  COMMAND,
  SPEED_LOW,
  SPEED_HIGH,
  TURN_HIGH,
  CHANGE_LOW,
  CHANGE_HIGH
};
enum { OFF, FIXED, RANDOM }; /* of rule COMMAND */
enum { RNG_COMMAND = 32 };

#define LEAD 1 /* rad: the heading asked for is never further from the animal's own */

/* The next command: a number and the episode's seed are all its chance. */
static void command(vr_env *e)
{
  e->is.speed = e->rule[SPEED];
  e->is.turn = e->rule[TURN];
  e->is.until = INFINITY;
  if (e->rule[COMMAND] != RANDOM) return;
  vr_rng r = vr_rng_new(e->seed, e->is.command++, RNG_COMMAND);
  const double *low = e->rule + SPEED_LOW, *wait = e->rule + CHANGE_LOW;
  e->is.speed = low[0] + (low[1] - low[0]) * vr_rng_uniform(&r);
  e->is.turn = e->rule[TURN_HIGH] * (2 * vr_rng_uniform(&r) - 1);
  e->is.until = e->d->time + wait[0] + (wait[1] - wait[0]) * vr_rng_uniform(&r);
}

static int start(vr_env *e, vr_rng *r)
{
  double drop = e->rule[DROP];
  if (e->rule[NOISE] > 0) vr_play_shake(e, r, e->rule[NOISE]);
  if (drop > 0 && (drop >= 1 || vr_rng_uniform(r) < drop)) VR_TRY(vr_play_drop(e, r));
  const double *q = e->d->qpos + e->scene->senses.qpos + 3;
  e->is.course = atan2(2 * (q[1] * q[2] + q[0] * q[3]), 1 - 2 * (q[2] * q[2] + q[3] * q[3]));
  command(e);
  return 0;
}

/* The heading that is asked for turns, but waits for an animal that lags behind, or lies. */
static void before(vr_env *e)
{
  if (e->d->time >= e->is.until) command(e);
  double ahead = remainder(e->is.course + e->is.turn * VR_CONTROL_STEP - e->heading, 2 * M_PI);
  e->is.course = e->heading + (e->is.fallen ? 0 : fmin(fmax(ahead, -LEAD), LEAD));
}

/* Speed of the centre of mass along the heading and yaw rate, over the control step, each by its
 * distance from the target; times uprightness. With commands, along the heading that is asked for,
 * however it gets there. */
static double after(vr_env *e)
{
  const vr_senses *s = &e->scene->senses;
  const double *com = e->d->subtree_com + 3 * s->root;
  double heading = vr_senses_heading(s, e->d), speed = e->is.speed, turned = 1;
  double along = e->rule[COMMAND] > OFF ? e->is.course : heading;
  double v =
    ((com[0] - e->com[0]) * cos(along) + (com[1] - e->com[1]) * sin(along)) / VR_CONTROL_STEP;
  double yaw = remainder(heading - e->heading, 2 * M_PI) / VR_CONTROL_STEP;
  if (e->rule[COMMAND] == OFF) turned = vr_play_within(yaw, e->is.turn, e->is.turn, 2 * M_PI);
  double up = fmin(e->d->xmat[9 * s->torso + 8], e->d->xmat[9 * s->pelvis + 8]);
  return vr_play_within(v, speed, speed, fmax(fabs(speed), 0.1)) * turned * vr_play_upright(up);
}

/* Speed, and the heading that is asked for, seen from the animal's own. */
static void tell(const vr_env *e, double *out)
{
  out[0] = e->is.speed;
  out[1] = remainder(e->is.course - vr_senses_heading(&e->scene->senses, e->d), 2 * M_PI);
}

const vr_play vr_play_flat = {
  .name = "flat",
  .rule = {[SPEED] = {"speed", 0.5},
    [TURN] = {"turn", 0},
    [NOISE] = {"noise", 0},
    [DROP] = {"drop", 0},
    [COMMAND] = {"command", 0},
    [SPEED_LOW] = {"speed_low", 0},
    [SPEED_HIGH] = {"speed_high", 0.65},
    [TURN_HIGH] = {"turn_high", 1.5},
    [CHANGE_LOW] = {"change_low", 1},
    [CHANGE_HIGH] = {"change_high", 3}},
  .cue = {{.name = "command_speed", .units = "m/s", .axis = "", .n = 1},
    {.name = "command_heading", .units = "rad", .axis = "", .n = 1}},
  .asked = COMMAND,
  .tell = tell,
  .start = start,
  .before = before,
  .after = after,
};
