/* play_bowl.c -- get out of a bowl (rodent.md 4.1). */
#include "sim/play.h"
#include "base/err.h"
#include "sim/physics.h"
#include <math.h>
#include <string.h>

enum { ESCAPE, STEP, TRIES, FIELD, BASE, CUES };

/* Raises the animal until nothing touches anything. Where the engine fails for the number of
 * contacts, it is raised further. */
static int rise(vr_env *e)
{
  const vr_senses *s = &e->scene->senses;
  double z = 0;
  for (int tries = (int)e->rule[TRIES]; tries-- > 0; z += e->rule[STEP]) {
    VR_TRY(vr_physics_reset(e->m, e->d));
    memcpy(e->d->qpos + s->qpos, e->ground.spawn, sizeof e->ground.spawn);
    e->d->qpos[s->qpos + 2] = z;
    if (!vr_physics_place(e->m, e->d) && !e->d->ncon) return 0;
  }
  return vr_fail(VR_ENUM, "task bowl: no height without contact found; raise `spawn_tries`");
}

/* The release looks for the height before the bumps appear, so that the animal starts in contact
 * with them; `spawn_field` 1 looks above them. */
static int start(vr_env *e, vr_rng *r)
{
  (void)r;
  const vr_places *p = &e->scene->places;
  if (e->rule[FIELD] > 0 || p->field < 0) return rise(e);
  size_t n = (size_t)(e->m->hfield_nrow[p->field] * e->m->hfield_ncol[p->field]);
  memset(e->m->hfield_data + e->m->hfield_adr[p->field], 0, n * sizeof *e->m->hfield_data);
  e->m->body_pos[3 * p->terrain + 2] = e->rule[BASE];
  int code = rise(e);
  int restored = vr_place(p, &e->ground, e->m);
  return code ? code : restored;
}

static double after(vr_env *e)
{
  const vr_senses *s = &e->scene->senses;
  const double *head = e->d->site_xpos + 3 * s->head;
  double far = sqrt(head[0] * head[0] + head[1] * head[1] + head[2] * head[2]);
  double escape = e->rule[ESCAPE];
  if (!e->is.behind && far >= escape) {
    e->is.behind = 1;
    vr_env_report(e, "escape", far);
  }
  double up = fmin(e->d->xmat[9 * s->torso + 8], e->d->xmat[9 * s->pelvis + 8]);
  return vr_play_within(far, escape, INFINITY, escape) * vr_play_upright(up);
}

/* The centre of the bowl seen from the torso. */
static void tell(const vr_env *e, double *out)
{
  int b = e->scene->senses.torso;
  const double *p = e->d->xpos + 3 * b, *r = e->d->xmat + 9 * b;
  for (int k = 0; k < 3; k++) out[k] = -(p[0] * r[k] + p[1] * r[3 + k] + p[2] * r[6 + k]);
}

const vr_play vr_play_bowl = {
  .name = "bowl",
  .rule = {[ESCAPE] = {"escape", 6},
    [STEP] = {"spawn_step", 0.01},
    [TRIES] = {"spawn_tries", 1000},
    [FIELD] = {"spawn_field", 0},
    [BASE] = {"base", -0.01},
    [CUES] = {"cues", 0}},
  .cue = {{.name = "origin", .units = "m", .axis = "space", .n = 3}},
  .asked = CUES,
  .tell = tell,
  .start = start,
  .after = after,
};
