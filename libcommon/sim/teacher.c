#include "sim/teacher_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/spec.h"
#include <math.h>
#include <string.h>

enum { RNG_TEACHER = 33 };

#define FAINT 0.15 /* share of an amplitude that tells no phase */
#define SLACK 0.35 /* rad by which a phase may be off */
#define PULL 0.5   /* of what is beyond, in a step */

static const char *const doings[VR_NDOINGS] = {"stand", "run", "right", "tap", "leap"};
static const vr_teach *const kinds[] = {
  &vr_teach_bowl, &vr_teach_flat, &vr_teach_gaps, &vr_teach_maze, &vr_teach_twotap};

static int find(const vr_scene *s, const vr_teach **k)
{
  const char *task = s->task.name ? s->task.name : "flat";
  for (size_t i = 0; i < VR_LEN(kinds); i++)
    if (!strcmp(kinds[i]->task, task)) {
      *k = kinds[i];
      return 0;
    }
  return vr_fail(VR_EARG, "there is no teacher of task %s", task);
}

static int fill(vr_teacher *t, const char *spec, const char *gaits, const vr_scene *scene)
{
  const vr_layout *l = &scene->layout;
  const double *tau = scene->m->actuator_dynprm;
  t->scene = scene;
  VR_TRY(find(scene, &t->kind));
  if (!vr_spec_is(spec, "teacher"))
    return vr_fail(VR_EARG, "a teacher is written teacher, not '%s'", spec);
  VR_TRY(vr_spec_parse("controller", spec, NULL, 0));
  t->keep = l->nact && tau[0] > l->step ? pow(1 - l->step / tau[0], l->substeps) : 0;
  VR_TRY(vr_gait_read(gaits, "r050", l, t->runner + 1));
  VR_TRY(vr_gait_read(gaits, "r067", l, t->runner + 2));
  vr_gait_stand(t->runner + 1, l->hold, t->runner);
  VR_TRY(vr_righting_read(gaits, l, &t->righting));
  if (t->kind->gait) VR_TRY(vr_gait_read(gaits, t->kind->gait, l, &t->own));
  t->reflex.n = l->nact;
  if (t->kind->reflexes) VR_TRY(vr_reflex_read(gaits, t->kind->gait, l, &t->reflex));
  if (t->kind->runner) {
    VR_TRY(vr_gait_read(gaits, t->kind->runner, l, &t->steady));
    VR_TRY(vr_reflex_read(gaits, t->kind->runner, l, &t->steadier));
  }
  return t->kind->open ? t->kind->open(t) : 0;
}

void vr_teacher_use(vr_teacher *t, const vr_gait *g, const vr_reflex *r)
{
  t->own = *g;
  t->reflex = r ? *r : (vr_reflex){.n = g->n};
  t->used = 1;
}

int vr_teacher_new(const char *spec, const char *gaits, const vr_scene *scene, vr_teacher **t)
{
  VR_TRY(vr_alloc(t, 1, sizeof **t));
  int code = fill(*t, spec, gaits, scene);
  if (!code) vr_teacher_start(*t, 0);
  if (code) {
    vr_teacher_free(*t);
    *t = NULL;
  }
  return code;
}

void vr_teacher_free(vr_teacher *t)
{
  if (!t) return;
  if (t->kind && t->kind->close) t->kind->close(t);
  vr_release(t->work);
  vr_release(t);
}

void vr_teacher_start(vr_teacher *t, uint64_t seed)
{
  memset(&t->is, 0, sizeof t->is); // also between its members
  t->is.side = 1;
  vr_rng r = vr_rng_new(seed, 0, RNG_TEACHER);
  t->is.theta = M_PI * (2 * vr_rng_uniform(&r) - 1);
  if (t->kind->start) t->kind->start(t);
}

/* -- what all of them do -- */

double vr_teacher_phase(double phase, double step, double told, double shown)
{
  if (shown < FAINT) return 0;
  double off = remainder(told - phase - step, 2 * M_PI);
  double beyond = off - fmin(fmax(off, -SLACK), SLACK);
  return remainder(phase + step + PULL * beyond, 2 * M_PI);
}

/* Goes on with t->now. */
static void play(vr_teacher *t, const vr_env *e, double steer)
{
  double told;
  double shown = vr_gait_phase(&t->now, e->d->act, t->keep, &told);
  t->is.theta =
    vr_teacher_phase(t->is.theta, 2 * M_PI * t->now.frequency * VR_CONTROL_STEP, told, shown);
  t->is.doing = VR_RUN;
  vr_gait_act(&t->now, t->is.theta, steer, t->u);
}

void vr_teacher_play(vr_teacher *t, const vr_env *e, double steer)
{
  double feel[VR_NFEELS];
  t->now = t->own;
  vr_reflex_feel(e, feel);
  vr_reflex_apply(&t->reflex, feel, &t->now);
  play(t, e, steer);
}

void vr_teacher_run(vr_teacher *t, const vr_env *e, double speed, double steer)
{
  if (t->used && !t->kind->gait) {
    vr_teacher_play(t, e, steer);
    return;
  }
  vr_gait_at(t->runner, VR_RUNNERS, speed, &t->now);
  play(t, e, steer);
}

void vr_teacher_stand(vr_teacher *t)
{
  t->is.doing = VR_STAND;
  memcpy(t->u, t->scene->hold, t->righting.n * sizeof *t->u);
}

/* The kick; its clock stands at the step to come. */
static void right(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  vr_righting *r = &t->righting;
  double told, step = 2 * M_PI * r->frequency * VR_CONTROL_STEP;
  double shown = vr_righting_phase(r, cue, e->d->act, t->keep, &told);
  r->phi = vr_teacher_phase(r->phi - step, step, told, shown);
  vr_righting_act(r, cue, t->u);
  t->is.doing = VR_RIGHT;
}

/* An animal that rears to tap, or leaps, is as steep as one that falls. */
static int must_right(vr_teacher *t, const vr_cue *cue)
{
  int steep = t->is.doing == VR_TAP || t->is.doing == VR_LEAP;
  if (steep && !vr_cue_lies(cue)) return 0;
  return vr_righting_update(&t->righting, cue);
}

void vr_teacher_act(vr_teacher *t, const vr_env *e, float *action)
{
  vr_cue cue;
  vr_righting *r = &t->righting;
  vr_env_cue(e, &cue);
  r->on = t->is.righting;
  r->side = t->is.side;
  r->phi = t->is.phi;
  if (must_right(t, &cue))
    right(t, e, &cue);
  else
    t->kind->act(t, e, &cue);
  t->is.righting = r->on;
  t->is.side = r->side;
  t->is.phi = r->phi;
  for (size_t i = 0; i < r->n; i++) action[i] = (float)t->u[i];
}

const char *vr_teacher_doing(const vr_teacher *t)
{
  return doings[t->is.doing];
}

/* -- saving -- */

typedef struct {
  uint64_t size;
  char task[16];
  vr_teacher_memory is;
} saved;

size_t vr_teacher_state_size(const vr_teacher *t)
{
  (void)t;
  return sizeof(saved);
}

void vr_teacher_save(const vr_teacher *t, void *state)
{
  saved s;
  memset(&s, 0, sizeof s);
  s.size = sizeof s;
  memcpy(s.task, t->kind->task, strlen(t->kind->task) + 1);
  memcpy(&s.is, &t->is, sizeof s.is);
  memcpy(state, &s, sizeof s);
}

int vr_teacher_restore(vr_teacher *t, const void *state)
{
  saved s;
  memcpy(&s, state, sizeof s);
  if (s.size != sizeof s || strncmp(s.task, t->kind->task, sizeof s.task))
    return vr_fail(VR_EDATA, "state: it is not that of a teacher of %s, or damaged", t->kind->task);
  t->is = s.is;
  return 0;
}
