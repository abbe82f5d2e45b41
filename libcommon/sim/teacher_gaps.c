/* teacher_gaps.c -- runs along the middle of the corridor and leaps over its gaps. The leap is a single
 * slow stride that leaves a stretch of the ground untouched; the strides before it are made longer or
 * shorter so that it comes when that stretch is over the gap. It has no clock: what it is at follows
 * from the activations, so that it can go on with what somebody else has begun. */
#include "sim/teacher_in.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PULL 2               /* rad of heading for a metre off the middle */
#define READY (4 * M_PI / 3) /* phase of the run at which a stride begins, or the leap takes over */
#define AHEAD 0.05   /* m: what the leap leaves untouched begins that far ahead of the torso, */
#define STRETCH 0.2  /* and is that long */
#define STRIDE 0.081 /* m: of the run, */
#define LONGER 0.055 /* and how it grows with the swing of the legs, */
#define LEAST 0.75   /* which may be so much of its own */
#define MOST 1.25    /* to so much */
#define SURE 0.5     /* of the distance to the place that comes next, squared, is nearer by far */
#define ASTRAY 0.8   /* rad: it turns on the spot */

/* What is played is a chain of places, each a control step: a stride of the run, the leap from its second
 * step, and the stride after it, also from its second. */
enum { STEPS = 9, LASTS = 14, LEAP = STEPS, LAND = LEAP + LASTS - 1, PLACES = LAND + STEPS - 1 };

/* The share of a stride's way that lies behind at each of its steps. */
static const double gone[STEPS] = {0, 0.09, 0.237, 0.386, 0.54, 0.693, 0.827, 0.923, 0.966};

/* Activations before the command of each place, where it is played as it should be. */
typedef struct {
  double act[PLACES][VR_GAIT_MAX];
} chain;

/* The command of a step of the run, of the leap. */
static void run_command(const vr_gait *g, int step, double steer, double *u)
{
  vr_gait_act(g, READY + 2 * M_PI / STEPS * step, steer, u);
}

static void leap_command(const vr_gait *g, int step, double steer, double *u)
{
  vr_gait_act(g, 2 * M_PI * g->frequency * VR_CONTROL_STEP * step, steer, u);
}

/* What activations become by a command. */
static void follow(const vr_teacher *t, const double *u, const double *act, double *after)
{
  for (size_t i = 0; i < t->own.n; i++) after[i] = t->keep * act[i] + (1 - t->keep) * u[i];
}

static int open_chain(vr_teacher *t)
{
  double u[VR_GAIT_MAX], end[VR_GAIT_MAX] = {0};
  VR_TRY(vr_alloc(&t->work, 1, sizeof(chain)));
  chain *c = t->work;
  // the run, until nothing is left of what was before it
  for (int k = 0; k < 20 * STEPS; k++) {
    run_command(&t->steady, k, 0, u);
    follow(t, u, c->act[k % STEPS], c->act[(k + 1) % STEPS]);
  }
  for (int k = 0; k < LASTS; k++) {
    leap_command(&t->own, k, 0, u);
    follow(t, u, k ? c->act[LEAP + k - 1] : c->act[0], k < LASTS - 1 ? c->act[LEAP + k] : end);
  }
  memcpy(c->act[LAND], end, sizeof end);
  for (int k = 1; k < STEPS - 1; k++) {
    run_command(&t->steady, k, 0, u);
    follow(t, u, c->act[LAND + k - 1], c->act[LAND + k]);
  }
  return 0;
}

static int is_leap(int place)
{
  return place >= LEAP && place < LAND;
}

/* The step of a stride that a place is, or of the leap. */
static int step_of(int place)
{
  return is_leap(place) ? place - LEAP + 1 : place < LEAP ? place : place - LAND + 1;
}

/* Whether two places are the same step of a stride, or steps next to each other. */
static int beside(int a, int b)
{
  int off = abs(step_of(a) - step_of(b));
  return is_leap(a) == is_leap(b) && (off < 2 || (!is_leap(a) && off == STEPS - 1));
}

/* The place that comes next, unless the activations are by far nearer to one that is not beside it;
 * where they are nearer to rest, the start of a stride. */
static int find_place(const vr_teacher *t, const double *act)
{
  const chain *c = t->work;
  int next = t->is.stage, best = 0;
  double expected = vr_gait_apart(&t->steady, c->act[next], act),
         least = vr_gait_apart(&t->steady, t->scene->hold, act);
  for (int k = 0; k < PLACES; k++) {
    double far = vr_gait_apart(&t->steady, c->act[k], act);
    if (far < least) least = far, best = k;
  }
  return beside(best, next) || least > SURE * expected ? next : best;
}

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

/* How far the strides until the leap are to reach, as a multiple of the run's own, counted from the start
 * of this one, which is `behind` m back. 0: it ought to be the leap. */
static int plan(const vr_env *e, const vr_cue *cue, double behind, double *reach)
{
  double from, to;
  *reach = 1;
  if (!gap_ahead(&e->ground, cue->x, &from, &to)) return 1;
  // until the gap is in the middle of what will be left untouched
  double left = (from + to - STRETCH) / 2 - AHEAD - cue->x + behind, strides = round(left / STRIDE);
  if (strides < 1) return 0;
  *reach = fmin(fmax(1 + (left / strides - STRIDE) / LONGER, LEAST), MOST);
  return 1;
}

static void run(vr_teacher *t, const double feel[VR_NFEELS], int step, double reach, double steer)
{
  t->now = t->steady;
  for (size_t i = 0; i < t->now.n; i++) {
    t->now.row[i].amp1 *= reach;
    t->now.row[i].amp2 *= reach;
  }
  vr_reflex_apply(&t->steadier, feel, &t->now);
  run_command(&t->now, step, steer, t->u);
}

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  if (fabs(cue->heading) > ASTRAY) {
    vr_teacher_run(t, e, 0.2, vr_gait_steer(cue->heading, 0));
    return;
  }
  double feel[VR_NFEELS], reach = 1, steer = vr_gait_steer(1.5 * (cue->heading + PULL * cue->y), 0);
  int place = find_place(t, e->d->act), step = step_of(place), leaps = is_leap(place);
  if (!leaps) leaps = !plan(e, cue, STRIDE * gone[step], &reach) && place == 0;
  // landing is as steep as the leap
  t->is.doing = leaps || place >= LAND ? VR_LEAP : VR_RUN;
  t->is.stage = place == 0 && leaps ? LEAP : place == LEAP - 1 ? 0 : (place + 1) % PLACES;
  if (leaps) {
    leap_command(&t->own, step, steer, t->u);
  } else {
    vr_reflex_feel(e, feel);
    run(t, feel, step, reach, steer);
  }
}

const vr_teach vr_teach_gaps = {
  .task = "gaps", .gait = "leap", .runner = "climb", .open = open_chain, .act = act};
