/* toy_look.c -- a bright spot somewhere in a dark image: point at it. */
#include "rl/toy.h"
#include <math.h>
#include <string.h>

enum { SPOT = 5 }; /* pixels, half its side */

/* state: success, spot x y in -1 .. 1 */
static const vr_sense senses[] = {
  {"clock", "1", "", 0, 1},
};

static void start(double *s, vr_rng *r)
{
  for (int i = 1; i < 3; i++) s[i] = 1.6 * vr_rng_uniform(r) - 0.8;
}

static double step(double *s, size_t t, const float *action)
{
  (void)t;
  double miss = hypot(action[0] - s[1], action[1] - s[2]);
  s[0] = miss < 0.3;
  return fmax(1 - miss, -1);
}

static void sense_now(const double *s, size_t t, double *obs)
{
  (void)s;
  obs[0] = 0.1 * (double)t;
}

static void see(const double *s, uint8_t *rgb)
{
  int at[2];
  memset(rgb, 16, VR_EYE_BYTES);
  for (int i = 0; i < 2; i++) at[i] = (int)lround((s[1 + i] + 1) / 2 * (VR_EYE_SIDE - 1));
  for (int y = at[1] - SPOT; y <= at[1] + SPOT; y++)
    for (int x = at[0] - SPOT; x <= at[0] + SPOT; x++)
      if (x >= 0 && y >= 0 && x < VR_EYE_SIDE && y < VR_EYE_SIDE)
        memset(rgb + 3 * (y * VR_EYE_SIDE + x), 240, 3);
}

static void teach(const double *s, size_t t, float *action)
{
  (void)t;
  for (int i = 0; i < 2; i++) action[i] = (float)s[1 + i];
}

const vr_toy vr_toy_look = {
  .name = "toy-look",
  .nact = 2,
  .nsense = 1,
  .steps = 5,
  .sense = senses,
  .start = start,
  .step = step,
  .sense_now = sense_now,
  .see = see,
  .teach = teach,
};
