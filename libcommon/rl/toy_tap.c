/* toy_tap.c -- a flash on the left or the right; when the signal comes, tap on that side. */
#include "rl/toy.h"
#include <math.h>

enum { DELAY = 8 };

/* state: success, side (-1 or 1) */
static const vr_sense senses[] = {
  {"flash", "1", "", 0, 1},
  {"signal", "1", "", 1, 1},
};

static void start(double *s, vr_rng *r)
{
  s[1] = vr_rng_u32(r) & 1 ? 1 : -1;
}

/* At the signal: from -1 for a full tap on the wrong side to 1. Before it, taps cost a little. */
static double step(double *s, size_t t, const float *action)
{
  double tap = fmin(fmax(action[0], -1), 1);
  if (t < DELAY) return -0.02 * tap * tap;
  s[0] = tap * s[1] > 0.5;
  return tap * s[1];
}

static void sense_now(const double *s, size_t t, double *obs)
{
  obs[0] = t == 0 ? s[1] : 0;
  obs[1] = t == DELAY;
}

static void teach(const double *s, size_t t, float *action)
{
  action[0] = t == DELAY ? (float)s[1] : 0;
}

const vr_toy vr_toy_tap = {
  .name = "toy-tap",
  .nact = 1,
  .nsense = 2,
  .steps = DELAY + 1,
  .sense = senses,
  .start = start,
  .step = step,
  .sense_now = sense_now,
  .teach = teach,
};
