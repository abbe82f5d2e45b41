/* toy_reach.c -- a point with inertia and friction on a plane, pushed to a target. */
#include "rl/toy.h"
#include <math.h>

/* state: success, target x y, place x y, speed x y */
static const vr_sense senses[] = {
  {"way", "m", "space", 0, 2},
  {"velocity", "m/s", "space", 2, 2},
};

static void start(double *s, vr_rng *r)
{
  for (int i = 1; i < 5; i++) s[i] = 2 * vr_rng_uniform(r) - 1;
}

static double distance(const double *s)
{
  return hypot(s[1] - s[3], s[2] - s[4]);
}

static double step(double *s, size_t t, const float *action)
{
  (void)t;
  for (int i = 0; i < 2; i++) {
    double push = fmin(fmax(action[i], -1), 1);
    s[5 + i] = 0.7 * s[5 + i] + 0.1 * push;
    s[3 + i] += s[5 + i];
  }
  s[0] = distance(s) < 0.1;
  return fmax(1 - distance(s), 0);
}

static void sense_now(const double *s, size_t t, double *obs)
{
  (void)t;
  for (int i = 0; i < 2; i++) {
    obs[i] = s[1 + i] - s[3 + i];
    obs[2 + i] = 10 * s[5 + i];
  }
}

static void teach(const double *s, size_t t, float *action)
{
  (void)t;
  for (int i = 0; i < 2; i++) {
    double push = 3 * (s[1 + i] - s[3 + i]) - 7 * s[5 + i];
    action[i] = (float)fmin(fmax(push, -1), 1);
  }
}

const vr_toy vr_toy_reach = {
  .name = "toy-reach",
  .nact = 2,
  .nsense = 2,
  .steps = 30,
  .cut = 1,
  .sense = senses,
  .start = start,
  .step = step,
  .sense_now = sense_now,
  .teach = teach,
};
