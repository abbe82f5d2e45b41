/* teacher_gaps.c -- runs along the middle of the corridor and leaps over its gaps. The leap is a single
 * slow stride that leaves a stretch of the ground untouched; the strides before it are made longer or
 * shorter so that it comes when that stretch is over the gap. */
#include "sim/teacher_in.h"
#include <math.h>

enum { RUN, LEAP }; /* stages */

#define PULL 2  /* rad of heading for a metre off the middle */
#define STEPS 9 /* control steps of a stride of the run: its phases are always the same */
#define READY (4 * M_PI / 3) /* phase of the run at which the leap takes over, */
#define LANDED 4.806         /* and at which the run goes on */
#define LASTS 0.28           /* s that the leap takes */
#define AHEAD 0.05           /* m: what it leaves untouched begins that far ahead of the torso, */
#define STRETCH 0.2          /* and is that long */
#define STRIDE 0.081         /* m: of the run, */
#define LONGER 0.055         /* and how it grows with the swing of the legs, */
#define LEAST 0.75           /* which may be so much of its own */
#define MOST 1.25            /* to so much */
#define LOST 1.6             /* rad: phases that far apart are another's doing, */
#define FAINT 0.3            /* if so much of the run's amplitude is seen, */
#define RECOVERS 0.3         /* s after a leap */
#define ASTRAY 0.8           /* rad: it turns on the spot */

/* The first gap that ends ahead of x: where it begins, and ends. 0: there is none. */
static int gap_ahead(const vr_ground *g, double x, double *from, double *to)
{
  for (size_t i = 0; i + 1 < g->nboxes; i++) {
    *from = g->box[i].pos[0] + g->box[i].half[0];
    *to = g->box[i + 1].pos[0] - g->box[i + 1].half[0];
    if (*to > x && *to > *from + 1e-9) return 1;
  }
  return 0;
}

/* At the start of a stride: whether it is the leap; if not, how far it is to reach. */
static int choose(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  double from, to;
  t->is.reach = 1;
  if (!gap_ahead(&e->ground, cue->x, &from, &to)) return 0;
  // until the gap is in the middle of what will be left untouched
  double left = (from + to - STRETCH) / 2 - AHEAD - cue->x, strides = round(left / STRIDE);
  if (strides < 1) return 1;
  t->is.reach = fmin(fmax(1 + (left / strides - STRIDE) / LONGER, LEAST), MOST);
  return 0;
}

static void enter(vr_teacher *t, int stage, double now)
{
  t->is.stage = stage;
  t->is.since = now;
}

/* The phase of the run: a clock, unless the activations tell that somebody else has acted. */
static void tick(vr_teacher *t, const vr_env *e, double step, double since)
{
  double told, shown = vr_gait_phase(&t->steady, e->d->act, t->keep, &told);
  double off = remainder(told - t->is.theta - step, 2 * M_PI);
  if (fabs(off) < LOST || shown < FAINT || since < RECOVERS) off = 0;
  // on one of the phases of a stride
  double theta = t->is.theta + off - READY;
  t->is.theta = remainder(READY + step * (1 + round(theta / step)), 2 * M_PI);
}

static void run(vr_teacher *t, const vr_env *e, double steer)
{
  double feel[VR_NFEELS];
  t->now = t->steady;
  for (size_t i = 0; i < t->now.n; i++) {
    t->now.row[i].amp1 *= t->is.reach;
    t->now.row[i].amp2 *= t->is.reach;
  }
  vr_reflex_feel(e, feel);
  vr_reflex_apply(&t->steadier, feel, &t->now);
  vr_gait_act(&t->now, t->is.theta, steer, t->u);
}

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  if (t->is.stage == RUN && fabs(cue->heading) > ASTRAY) {
    vr_teacher_run(t, e, 0.2, vr_gait_steer(cue->heading, 0));
    return;
  }
  double step = 2 * M_PI / STEPS, since = cue->time - t->is.since;
  double steer = vr_gait_steer(1.5 * (cue->heading + PULL * cue->y), 0);
  if (t->is.stage == LEAP && since > LASTS - 1e-9) {
    enter(t, RUN, cue->time);
    t->is.theta = LANDED - step;
    since = 0;
  }
  if (t->is.stage == RUN) {
    tick(t, e, step, since);
    if (fabs(remainder(t->is.theta - READY, 2 * M_PI)) < step / 2 && choose(t, e, cue)) {
      enter(t, LEAP, cue->time);
      since = 0;
    }
  }
  // landing is a part of the leap, and as steep
  t->is.doing = t->is.stage == LEAP || since < RECOVERS ? VR_LEAP : VR_RUN;
  if (t->is.stage == RUN)
    run(t, e, steer);
  else
    vr_gait_act(&t->own, 2 * M_PI * t->own.frequency * since, steer, t->u);
}

static void start(vr_teacher *t)
{
  t->is.reach = 1;
  t->is.since = -RECOVERS;
}

const vr_teach vr_teach_gaps = {
  .task = "gaps", .gait = "leap", .runner = "climb", .start = start, .act = act};
