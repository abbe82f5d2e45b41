/* play_twotap.c -- tap an orb with a hand, and again 0.8 s later (rodent.md 4.4).
 *
 * What the orb has felt is seen in each physics step; what that is worth is decided once in a
 * control step, where the times t, t1 and t2 are those of its end. */
#include "sim/play.h"
#include <math.h>

enum { CLOSE, DECAY, REWARD, INTERVAL, TOLERANCE, DEBOUNCE, TIMEOUT, DELAY, CUES };

/* of the animal with the orb */
enum { WAITING, TOUCHED, TAPPED, TOO_SOON, TOO_LATE };

static void show(vr_env *e)
{
  static const char *const colour[] = {"orb", "orb_once", "orb_twice"};
  if (!e->scene->places.norbs) return;
  vr_place_orb(&e->scene->places, e->m, 0, e->is.place);
  vr_play_paint(e, 0, colour[e->is.touches]);
}

static void new_orb(vr_env *e, uint32_t number)
{
  e->is.logic = WAITING;
  e->is.touches = e->is.timeout = e->is.replace = 0;
  e->is.orb = number;
  e->is.shown = e->d->time;
  vr_ground_orb(&e->scene->task, e->seed, number, e->is.place);
}

static int start(vr_env *e, vr_rng *r)
{
  (void)r;
  new_orb(e, 0);
  return 0;
}

static void before(vr_env *e)
{
  if (!e->is.replace) return;
  new_orb(e, e->is.orb + 1);
  show(e);
  e->anew = 1; // the release writes to its model here
  vr_env_report(e, "orb", e->is.orb);
}

static void during(vr_env *e)
{
  if (!e->ground.norbs || e->is.touches == 2) return;
  const vr_feeler *hand = e->scene->feeler;
  double radius = e->ground.orb->radius, t = e->d->time;
  if (!vr_feeler_meets(hand + VR_HAND_L, e->m, e->d, e->is.place, radius) &&
      !vr_feeler_meets(hand + VR_HAND_R, e->m, e->d, e->is.place, radius))
    return;
  if (!e->is.touches) {
    e->is.touches = 1;
    e->is.touched = t;
  } else if (t > e->is.touched + e->rule[DEBOUNCE]) {
    e->is.touches = 2;
  } else {
    return;
  }
  show(e);
  e->anew = 1; // and here
}

/* Of the nearer wrist, by the L1 distance. */
static double closeness(const vr_env *e)
{
  double best = 0;
  for (int h = VR_HAND_L; h <= VR_HAND_R; h++) {
    int body = e->scene->feeler[h].body;
    if (body < 0) continue;
    const double *x = e->d->xpos + 3 * body, *o = e->is.place;
    double far = fabs(x[0] - o[0]) + fabs(x[1] - o[1]) + fabs(x[2] - o[2]);
    best = fmax(best, exp(-e->rule[DECAY] * far));
  }
  return e->rule[CLOSE] * best;
}

static void miss(vr_env *e, int logic, const char *name)
{
  e->is.second = e->d->time;
  e->is.timeout = 1;
  e->is.logic = logic;
  vr_env_report(e, name, e->d->time - e->is.first);
}

/* The second tap, or that there was none. */
static double judge(vr_env *e)
{
  double since = e->d->time - e->is.first, reward = 0;
  double low = e->rule[INTERVAL] - e->rule[TOLERANCE];
  double high = e->rule[INTERVAL] + e->rule[TOLERANCE];
  if (e->is.touches == 2 && since < low) {
    miss(e, TOO_SOON, "too-soon");
  } else if (e->is.touches == 2 && since <= high) {
    e->is.second = e->d->time;
    e->is.logic = TAPPED;
    vr_env_report(e, "second-tap", since);
    reward = e->rule[REWARD];
  } else if (since > high) {
    miss(e, TOO_LATE, "too-late");
  }
  return reward;
}

static double after(vr_env *e)
{
  double t = e->d->time, reward = closeness(e);
  switch (e->is.logic) {
  case WAITING:
    if (!e->is.touches) break;
    e->is.first = t;
    e->is.logic = TOUCHED;
    vr_env_report(e, "first-tap", t - e->is.shown);
    reward += e->rule[REWARD];
    break;
  case TOUCHED: reward += judge(e); break;
  default:
    if (e->is.timeout)
      e->is.timeout = t <= e->is.second + e->rule[TIMEOUT];
    else if (t > e->is.second + e->rule[DELAY])
      e->is.replace = 1;
  }
  return reward;
}

static void tell(const vr_env *e, double *out)
{
  *out = e->is.logic;
}

const vr_play vr_play_twotap = {
  .name = "twotap",
  .rule = {[CLOSE] = {"close", 0.25},
    [DECAY] = {"decay", 3},
    [REWARD] = {"reward", 25},
    [INTERVAL] = {"interval", 0.8},
    [TOLERANCE] = {"tolerance", 0.1},
    [DEBOUNCE] = {"debounce", 0.2},
    [TIMEOUT] = {"timeout", 1.2},
    [DELAY] = {"delay", 0},
    [CUES] = {"cues", 0}},
  .cue = {{.name = "task_logic", .units = "1", .axis = "", .n = 1}},
  .asked = CUES,
  .tell = tell,
  .start = start,
  .show = show,
  .before = before,
  .during = during,
  .after = after,
};
