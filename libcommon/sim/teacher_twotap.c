/* teacher_twotap.c -- approaches the orb, stops with it above the shoulders, and taps it by a cycle of
 * 0.8 s that touches once a period (gaits.md 6). */
#include "sim/teacher_in.h"
#include <math.h>

enum { APPROACH, LEAVE, SETTLE, CYCLE }; /* stages */

#define STEPS 40     /* phases of the cycle that are told apart: control steps */
#define AHEAD 0.065  /* m: where the orb has to be, on the midline */
#define BEFORE 0.02  /* m by which it may be further, */
#define PAST 0.03    /* or nearer */
#define ASIDE 0.025  /* m */
#define LOST 2.5     /* of these: it is approached again */
#define NEAR 0.25    /* m: an orb that near and to the side is left first, */
#define AWAY 0.4     /* m: that far */
#define SIDE 0.6     /* rad */
#define STILL 0.15   /* root mean square of activations off those of standing: the cycle begins */
#define LOST_AT 0.25 /* m: and so it is when it gets that far from one that taps */
#define PERIODS 4    /* without a touch, and it is approached again */

static void enter(vr_teacher *t, int stage, double now)
{
  t->is.stage = stage;
  t->is.since = now;
}

/* The orb seen from the animal, along its heading and to the left. */
static void look(const vr_env *e, double heading, double *x, double *y)
{
  const double *at = e->d->xpos + 3 * e->scene->senses.root;
  double dx = e->is.place[0] - at[0], dy = e->is.place[1] - at[1];
  *x = cos(heading) * dx + sin(heading) * dy;
  *y = cos(heading) * dy - sin(heading) * dx;
}

/* Whether the animal has come to stand, as its activations tell; one that does it by and large is
 * standing, too. */
static int stands(const vr_teacher *t, const double *act)
{
  double sum = 0;
  size_t n = t->righting.n;
  for (size_t i = 0; i < n; i++) sum += (act[i] - t->scene->hold[i]) * (act[i] - t->scene->hold[i]);
  return sqrt(sum / (double)n) < STILL;
}

/* Whether the orb is where it can be tapped; `slack`: as a multiple of what is asked for. */
static int in_reach(double x, double y, double slack)
{
  double off = x - AHEAD;
  return off > -PAST * slack && off < BEFORE * slack && fabs(y) < ASIDE * slack;
}

static void choose_stage(vr_teacher *t, const vr_env *e, double x, double y, double now)
{
  double far = hypot(x, y), for_long = now - t->is.since;
  int touched = e->is.logic == 1;
  if (e->is.logic > 1 && t->is.stage == CYCLE) enter(t, APPROACH, now);
  switch (t->is.stage) {
  case APPROACH:
    if (in_reach(x, y, 1))
      enter(t, SETTLE, now);
    else if (far < NEAR && fabs(atan2(y, x)) > SIDE)
      enter(t, LEAVE, now);
    break;
  case LEAVE:
    if (far > AWAY) enter(t, APPROACH, now);
    break;
  case SETTLE:
    if (!in_reach(x, y, LOST))
      enter(t, APPROACH, now);
    else if (stands(t, e->d->act))
      enter(t, CYCLE, now);
    break;
  default:
    if (!touched && (far > LOST_AT || for_long > PERIODS * 0.8)) enter(t, APPROACH, now);
  }
}

/* Goes on with the cycle from the phase that the activations tell; where nothing swings, it begins. A
 * clock would ask one that missed the beginning for any phase at all. */
static void tap(vr_teacher *t, const vr_env *e)
{
  t->is.doing = VR_TAP;
  if (!vr_gait_place(&t->own, e->d->act, t->scene->hold, t->keep, STEPS, &t->is.theta))
    t->is.theta = 2 * M_PI / STEPS;
  vr_gait_act(&t->own, t->is.theta, 0, t->u);
}

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  double x, y;
  look(e, cue->heading, &x, &y);
  choose_stage(t, e, x, y, cue->time);
  double bearing = atan2(y, x);
  if (t->is.stage == SETTLE || e->is.logic > 1) {
    vr_teacher_stand(t);
  } else if (t->is.stage == CYCLE) {
    tap(t, e);
  } else if (t->is.stage == LEAVE) {
    vr_teacher_run(t, e, 0.5, 0);
  } else {
    double speed = fmin(fmax(1.2 * (x - AHEAD) + 0.12, 0.2), 0.5);
    vr_teacher_run(t, e, speed, fmin(fmax(3 * bearing, -2), 2));
  }
}

const vr_teach vr_teach_twotap = {.task = "twotap", .gait = "rear", .act = act};
