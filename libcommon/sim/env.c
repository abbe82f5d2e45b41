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

uint64_t vr_episode_seed(uint64_t seed, uint32_t trial, uint32_t episode)
{
  return vr_trial_seed(vr_trial_seed(seed, trial), episode);
}

void vr_env_report(vr_env *e, const char *name, double value)
{
  if (e->nevents < VR_MAXEVENTS) e->event[e->nevents++] = (vr_event){name, value};
}

void vr_env_end(vr_env *e, const char *why, double discount)
{
  snprintf(e->is.reason, sizeof e->is.reason, "%s", why);
  e->is.over = 1;
  e->is.discount = discount;
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
  if (!e->is.fallen && vr_cue_lies(&cue)) {
    e->is.fallen = 1;
    vr_env_report(e, "fall", up);
  } else if (e->is.fallen && up > 0.7) {
    e->is.fallen = 0;
  }
}

static void sense(const vr_env *e, double *obs)
{
  const vr_senses *s = &e->scene->senses;
  if (!obs) return;
  vr_senses_read(s, e->m, e->d, obs);
  if (e->scene->tells) e->scene->play->tell(e, obs + s->sense[VR_NSENSES].first);
}

static void call(void (*rule)(vr_env *), vr_env *e)
{
  if (rule) rule(e);
}

static void after_physics(void *env)
{
  vr_env *e = env;
  e->scene->play->during(e);
}

/* The world of the episode e->seed. */
static int set_stage(vr_env *e)
{
  if (!e->scene->task.name) return 0;
  VR_TRY(vr_ground_draw(&e->scene->task, e->seed, &e->ground));
  return vr_place(&e->scene->places, &e->ground, e->m);
}

int vr_env_reset(vr_env *e, uint64_t seed, double *obs)
{
  const vr_senses *s = &e->scene->senses;
  const vr_play *play = e->scene->play;
  vr_rng r = vr_rng_new(seed, 0, RNG_START);
  e->seed = seed;
  e->episode++;
  e->is = (vr_episode){.discount = 1};
  VR_TRY(set_stage(e));
  VR_TRY(vr_physics_reset(e->m, e->d));
  if (e->scene->task.name) memcpy(e->d->qpos + s->qpos, e->ground.spawn, sizeof e->ground.spawn);
  VR_TRY(play->start ? play->start(e, &r) : 0);
  call(play->show, e);
  VR_TRY(vr_physics_forward(e->m, e->d));
  call(play->during, e);
  watch_falls(e);
  e->nevents = 0; // lying at the start is no fall
  sense(e, obs);
  return 0;
}

/* Boxes that the animal cannot come to in a control step: it ends 0.35 m from its root, and the rest is
 * for what it may be thrown, beyond its speed. */
static void look_around(vr_env *e)
{
  const double *at = e->d->qpos + e->scene->senses.qpos, *v = e->d->qvel + e->scene->senses.qvel;
  double speed = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  vr_place_near(&e->scene->places, &e->ground, at, 0.7 + 2 * VR_CONTROL_STEP * speed, e->m);
}

static void diverge(vr_env *e)
{
  char why[sizeof e->is.reason];
  snprintf(why, sizeof why, "engine: %s", vr_errmsg());
  vr_env_end(e, why, 0);
  e->is.broken = 1;
}

void vr_env_step(vr_env *e, const float *action, double *obs, double *reward)
{
  const vr_senses *s = &e->scene->senses;
  const vr_play *play = e->scene->play;
  e->nevents = 0;
  e->is.discount = 1;
  e->anew = play->anew;
  *reward = 0;
  memcpy(e->com, e->d->subtree_com + 3 * s->root, sizeof e->com);
  e->heading = vr_senses_heading(s, e->d);
  call(play->before, e);
  look_around(e);
  int code = vr_physics_run(
    e->m, e->d, action, e->scene->layout.substeps, play->during ? after_physics : NULL, e);
  if (!code && e->anew) code = vr_physics_sense(e->m, e->d);
  if (code) {
    diverge(e);
    return;
  }
  watch_falls(e);
  sense(e, obs);
  *reward = play->after(e);
}

const char *vr_env_done(const vr_env *e)
{
  return e->is.over ? e->is.reason : NULL;
}

int vr_env_broken(const vr_env *e)
{
  return e->is.broken;
}

double vr_env_discount(const vr_env *e)
{
  return e->is.discount;
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

/* -- saving -- */

typedef struct {
  uint64_t size; /* of all of it */
  uint64_t seed;
  vr_episode is;
} saved;

size_t vr_env_state_size(const vr_env *e)
{
  return sizeof(saved) + vr_physics_state_size(e->m) * sizeof(double);
}

void vr_env_save(const vr_env *e, void *state)
{
  saved head;
  memset(&head, 0, sizeof head); // also between its members
  head.size = vr_env_state_size(e);
  head.seed = e->seed;
  memcpy(&head.is, &e->is, sizeof head.is);
  memcpy(state, &head, sizeof head);
  vr_physics_save(e->m, e->d, (double *)(void *)((char *)state + sizeof head));
}

int vr_env_restore(vr_env *e, const void *state, double *obs)
{
  saved head;
  memcpy(&head, state, sizeof head);
  if (head.size != vr_env_state_size(e))
    return vr_fail(VR_EDATA, "state: it is of another scene, or damaged");
  e->seed = head.seed;
  e->is = head.is;
  e->nevents = 0;
  VR_TRY(set_stage(e));
  call(e->scene->play->show, e);
  VR_TRY(
    vr_physics_load(e->m, e->d, (const double *)(const void *)((const char *)state + sizeof head)));
  sense(e, obs);
  return 0;
}
