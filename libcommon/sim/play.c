#include "sim/play.h"
#include "base/err.h"
#include "sim/physics.h"
#include <math.h>
#include <string.h>

int vr_play_find(const char *name, const vr_play **play)
{
  static const vr_play *const list[] = {
    &vr_play_flat, &vr_play_gaps, &vr_play_maze, &vr_play_bowl, &vr_play_twotap};
  for (size_t i = 0; i < VR_LEN(list); i++)
    if (!strcmp(list[i]->name, name)) {
      *play = list[i];
      return 0;
    }
  return vr_fail(VR_EARG, "task '%s' cannot be played: there are no rules for it", name);
}

void vr_play_shake(vr_env *e, vr_rng *r, double share)
{
  const vr_senses *s = &e->scene->senses;
  for (int j = s->joint0; j < s->joint0 + s->njoint; j++) {
    const double *range = e->m->jnt_range + 2 * j;
    double *q = e->d->qpos + e->m->jnt_qposadr[j];
    *q += share * (range[1] - range[0]) * (2 * vr_rng_uniform(r) - 1);
    *q = fmin(fmax(*q, range[0]), range[1]);
  }
}

void vr_play_paint(vr_env *e, int orb, const char *material)
{
  int id = mj_name2id(e->m, mjOBJ_MATERIAL, material);
  if (id >= 0 && orb < e->scene->places.norbs)
    e->m->geom_matid[e->m->body_geomadr[e->scene->places.orb + orb]] = id;
}

static int touches_world(const vr_env *e)
{
  for (int i = 0; i < e->d->ncon; i++)
    for (int k = 0; k < 2; k++)
      if (e->m->body_weldid[e->m->geom_bodyid[e->d->contact[i].geom[k]]] == 0) return 1;
  return 0;
}

int vr_play_drop(vr_env *e, vr_rng *r)
{
  double *q = e->d->qpos + e->scene->senses.qpos, norm = 0;
  for (int k = 0; k < 4; k++) {
    q[3 + k] = vr_rng_normal(r);
    norm += q[3 + k] * q[3 + k];
  }
  norm = sqrt(norm);
  for (int k = 0; k < 4; k++) q[3 + k] /= norm;
  for (int tries = 0; tries < 100; tries++) {
    VR_TRY(vr_physics_place(e->m, e->d));
    if (!touches_world(e)) return 0;
    q[2] += 0.01;
  }
  return vr_fail(VR_ENUM, "no height without contact found for the drop");
}

double vr_play_within(double x, double low, double high, double margin)
{
  double d = x < low ? low - x : x > high ? x - high : 0;
  return d >= margin ? d == 0 : 1 - d / margin;
}

double vr_play_upright(double zz)
{
  return vr_play_within(zz, 0.8660254037844387, 2, 1.8660254037844387);
}
