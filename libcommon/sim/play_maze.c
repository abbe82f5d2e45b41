/* play_maze.c -- take all orbs of a maze (rodent.md 4.3). */
#include "sim/play.h"
#include "base/err.h"

enum { REWARD };

static int is_taken(const vr_env *e, int k)
{
  return e->is.taken[k / 64] >> k % 64 & 1;
}

static int start(vr_env *e, vr_rng *r)
{
  (void)r;
  return e->ground.norbs <= VR_MAXORBS
           ? 0
           : vr_fail(VR_EARG, "task maze: more than %d orbs; lower `rooms` or `orbs`", VR_MAXORBS);
}

static void show(vr_env *e)
{
  for (int k = 0; k < (int)e->ground.norbs; k++)
    vr_play_paint(e, k, is_taken(e, k) ? "orb_taken" : "orb");
}

/* Any part of the animal takes an orb. */
static void during(vr_env *e)
{
  const vr_feeler *animal = e->scene->feeler + VR_ANIMAL;
  for (int k = 0; k < (int)e->ground.norbs; k++) {
    const vr_orb *orb = e->ground.orb + k;
    if (is_taken(e, k) || !vr_feeler_meets(animal, e->m, e->d, orb->pos, orb->radius)) continue;
    e->is.taken[k / 64] |= (uint64_t)1 << k % 64;
    e->is.ntaken++;
    e->is.fresh++;
    vr_play_paint(e, k, "orb_taken");
  }
}

/* One found at the start is paid in the first step. */
static double after(vr_env *e)
{
  int fresh = e->is.fresh, left = (int)e->ground.norbs - e->is.ntaken;
  e->is.fresh = 0;
  for (int i = fresh; i-- > 0;) vr_env_report(e, "orb", left + i);
  if (e->ground.norbs && !left) vr_env_end(e, "all orbs taken", 1);
  return fresh * e->rule[REWARD];
}

const vr_play vr_play_maze = {
  .name = "maze",
  .rule = {[REWARD] = {"reward", 50}},
  .start = start,
  .show = show,
  .during = during,
  .after = after,
};
