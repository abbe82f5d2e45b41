#include "sim/env.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/physics.h"
#include "sim/play.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Purposes of random streams within an episode. */
enum { RNG_TRIAL, RNG_START };

int vr_env_new(const vr_scene *s, vr_env **e)
{
  VR_TRY(vr_alloc(e, 1, sizeof **e));
  (*e)->scene = s;
  memcpy((*e)->rule, s->rule, sizeof s->rule);
  int code = vr_physics_copy(s->m, &(*e)->m);
  if (!code) code = vr_physics_data(s->m, &(*e)->d);
  if (!code && s->task.name) code = vr_ground_new(&s->task, &(*e)->ground);
  if (code) {
    vr_env_free(*e);
    *e = NULL;
  }
  return code;
}

void vr_env_free(vr_env *e)
{
  if (!e) return;
  mj_deleteData(e->d);
  mj_deleteModel(e->m);
  vr_ground_free(&e->ground);
  vr_release(e);
}

uint64_t vr_trial_seed(uint64_t seed, uint32_t trial)
{
  vr_rng r = vr_rng_new(seed, trial, RNG_TRIAL);
  uint64_t high = vr_rng_u32(&r);
  return (high << 32 | vr_rng_u32(&r)) >> 11;
}

void vr_env_report(vr_env *e, const char *name, double value)
{
  if (e->nevents < VR_MAXEVENTS) e->event[e->nevents++] = (vr_event){name, value};
}

int vr_cue_lies(const vr_cue *cue)
{
  double z = fmin(cue->torso[2], cue->pelvis[2]);
  double y = fmax(fabs(cue->torso[1]), fabs(cue->pelvis[1]));
  return z < 0.3 && (y > 0.5 || z < -0.3);
}

/* A fall is told once, until the animal stands again. */
static void watch_falls(vr_env *e)
{
  vr_cue cue;
  vr_env_cue(e, &cue);
  double up = fmin(cue.torso[2], cue.pelvis[2]);
  if (!e->fallen && vr_cue_lies(&cue)) {
    e->fallen = 1;
    vr_env_report(e, "fall", up);
  } else if (e->fallen && up > 0.7) {
    e->fallen = 0;
  }
}

int vr_env_reset(vr_env *e, uint64_t seed, double *obs)
{
  const vr_senses *s = &e->scene->senses;
  e->done = NULL;
  e->fallen = 0;
  vr_rng r = vr_rng_new(seed, 0, RNG_START);
  e->seed = seed;
  if (e->scene->task.name) {
    VR_TRY(vr_ground_draw(&e->scene->task, seed, &e->ground));
    VR_TRY(vr_place(&e->scene->places, &e->ground, e->m));
  }
  VR_TRY(vr_physics_reset(e->m, e->d));
  if (e->scene->task.name) memcpy(e->d->qpos + s->qpos, e->ground.spawn, sizeof e->ground.spawn);
  VR_TRY(e->scene->play->start(e, &r));
  VR_TRY(vr_physics_forward(e->m, e->d));
  watch_falls(e);
  e->nevents = 0; // lying at the start is no fall
  if (obs) vr_senses_read(s, e->m, e->d, obs);
  return 0;
}

void vr_env_step(vr_env *e, const float *action, double *obs, double *reward)
{
  const vr_senses *s = &e->scene->senses;
  e->nevents = 0;
  *reward = 0;
  memcpy(e->com, e->d->subtree_com + 3 * s->root, sizeof e->com);
  e->heading = vr_senses_heading(s, e->d);
  if (vr_physics_step(e->m, e->d, action, e->scene->layout.substeps)) {
    snprintf(e->reason, sizeof e->reason, "engine: %s", vr_errmsg());
    e->done = e->reason;
    return;
  }
  watch_falls(e);
  *reward = e->scene->play->after(e);
  if (obs) vr_senses_read(s, e->m, e->d, obs);
}

const char *vr_env_done(const vr_env *e)
{
  return e->done;
}

const vr_event *vr_env_events(const vr_env *e, size_t *n)
{
  *n = e->nevents;
  return e->event;
}

void vr_env_pose(const vr_env *e, const vr_pose *p)
{
  vr_senses_pose(&e->scene->senses, e->m, e->d, p);
}

void vr_env_cue(const vr_env *e, vr_cue *cue)
{
  const vr_senses *s = &e->scene->senses;
  const double *at = e->d->xpos + 3 * s->torso;
  cue->time = e->d->time;
  cue->heading = vr_senses_heading(s, e->d);
  memcpy(cue->torso, e->d->xmat + 9 * s->torso + 6, sizeof cue->torso);
  memcpy(cue->pelvis, e->d->xmat + 9 * s->pelvis + 6, sizeof cue->pelvis);
  cue->x = at[0];
  cue->y = at[1];
  cue->height = at[2];
}
