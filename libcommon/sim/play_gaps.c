/* play_gaps.c -- run along a corridor with gaps (rodent.md 4.2). */
#include "sim/play.h"
#include <math.h>

enum { SPEED, MARGIN, FALL };

/* A gap counts as crossed when the torso is above the platform behind it; that is told once. */
static void watch_gaps(vr_env *e)
{
  const vr_ground *g = &e->ground;
  double x = e->d->xpos[3 * e->scene->senses.torso];
  for (; e->is.behind + 1 < (int)g->nboxes; e->is.behind++) {
    const vr_box *here = g->box + e->is.behind, *next = here + 1;
    double edge = next->pos[0] - next->half[0];
    if (x < edge) return;
    double width = edge - here->pos[0] - here->half[0];
    if (width > 1e-9) vr_env_report(e, "jump", width);
  }
}

static double after(vr_env *e)
{
  const vr_senses *s = &e->scene->senses;
  watch_gaps(e);
  // elbows and ankles
  for (int i = 0; i < VR_NENDS - 1 && !e->is.over; i++)
    if (e->d->xpos[3 * s->ends[i] + 2] < e->rule[FALL]) {
      vr_env_report(e, "plunge", e->d->xpos[3 * s->torso]);
      vr_env_end(e, "fell into a gap", 0);
    }
  mj_subtreeVel(e->m, e->d);
  double v = e->d->subtree_linvel[3 * s->torso], speed = e->rule[SPEED];
  return vr_play_within(v, speed, speed, e->rule[MARGIN]);
}

/* What lies behind the animal at its start is not crossed. */
static int start(vr_env *e, vr_rng *r)
{
  (void)r;
  const vr_ground *g = &e->ground;
  while (e->is.behind + 1 < (int)g->nboxes &&
         g->spawn[0] >= g->box[e->is.behind + 1].pos[0] - g->box[e->is.behind + 1].half[0])
    e->is.behind++;
  return 0;
}

const vr_play vr_play_gaps = {
  .name = "gaps",
  .rule = {[SPEED] = {"speed", 1}, [MARGIN] = {"margin", 1}, [FALL] = {"fall", -0.3}},
  .anew = 1,
  .start = start,
  .after = after,
};
