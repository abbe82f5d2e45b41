#include "sim/vec.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "sim/play.h"
#include <math.h>
#include <string.h>

enum { RNG_STAGGER = 16, RESTARTS = 100 };

/* One environment. */
typedef struct {
  vr_env *env;
  size_t limit;     /* steps in an episode of its task */
  uint64_t episode; /* number */
  uint64_t step;    /* taken in this episode */
  uint64_t until;   /* where this episode is cut */
} slot;

struct vr_vec {
  vr_vec_par par;
  size_t n, nact, nobs;
  slot *slot;
  size_t *order; /* in which they take their steps */
};

/* One call on all of them. */
typedef struct {
  vr_vec *v;
  const float *action;
  vr_vec_out out;
} round_of;

static int fill(vr_vec *v, const vr_scene *const *scene)
{
  VR_TRY(vr_alloc(&v->slot, v->n, sizeof *v->slot));
  VR_TRY(vr_alloc(&v->order, v->n, sizeof *v->order));
  for (size_t i = 0; i < v->n; i++) v->order[i] = i;
  for (size_t i = 0; i < v->n; i++) {
    const vr_layout *l = vr_scene_layout(scene[i]);
    if (l->nact != v->nact || l->nobs != v->nobs)
      return vr_fail(VR_EARG,
        "environments of %zu and %zu actions, %zu and %zu observations do not go together", v->nact,
        l->nact, v->nobs, l->nobs);
    double seconds = v->par.seconds > 0 ? v->par.seconds : vr_scene_seconds(scene[i]);
    v->slot[i].limit = (size_t)fmax(round(seconds / VR_CONTROL_STEP), 1);
    VR_TRY(vr_env_new(scene[i], &v->slot[i].env));
  }
  return 0;
}

int vr_vec_new(const vr_scene *const *scene, size_t n, const vr_vec_par *par, vr_vec **v)
{
  *v = NULL;
  if (!n) return vr_fail(VR_EARG, "a vector of no environments");
  const vr_layout *l = vr_scene_layout(scene[0]);
  VR_TRY(vr_alloc(v, 1, sizeof **v));
  **v = (vr_vec){.par = *par, .n = n, .nact = l->nact, .nobs = l->nobs};
  int code = fill(*v, scene);
  if (code) {
    vr_vec_free(*v);
    *v = NULL;
  }
  return code;
}

void vr_vec_free(vr_vec *v)
{
  if (!v) return;
  for (size_t i = 0; v->slot && i < v->n; i++) vr_env_free(v->slot[i].env);
  vr_release(v->slot);
  vr_release(v->order);
  vr_release(v);
}

/* Starts episode `episode` of number i, or the next one that does not diverge at once. */
static int begin(vr_vec *v, size_t i, uint64_t episode, double *obs)
{
  slot *s = v->slot + i;
  uint32_t trial = v->par.first + (uint32_t)i;
  int code = VR_ENUM;
  for (int tries = 0; tries < RESTARTS && code == VR_ENUM; tries++) {
    s->episode = episode++;
    code = vr_env_reset(s->env, vr_episode_seed(v->par.seed, trial, (uint32_t)s->episode), obs);
  }
  s->step = 0;
  s->until = s->limit;
  return vr_wrap(code, "environment %u", trial);
}

static int start_one(void *ctx, size_t i, int thread)
{
  (void)thread;
  round_of *now = ctx;
  vr_vec *v = now->v;
  VR_TRY(begin(v, i, 0, now->out.obs ? now->out.obs + i * v->nobs : NULL));
  if (!v->par.stagger) return 0;
  vr_rng r = vr_rng_new(v->par.seed, v->par.first + (uint32_t)i, RNG_STAGGER);
  v->slot[i].until = 1 + vr_rng_below(&r, v->slot[i].limit);
  return 0;
}

int vr_vec_reset(vr_vec *v, const vr_pool *pool, double *obs)
{
  round_of now = {.v = v, .out = {.obs = obs}};
  return vr_pool_run(pool, v->n, start_one, &now);
}

/* How the step that was just taken has ended. */
static int how(const slot *s)
{
  const char *done = vr_env_done(s->env);
  if (done) return vr_env_broken(s->env) ? VR_BROKEN : VR_ENDED;
  return s->step >= s->until ? VR_CUT : VR_GOES_ON;
}

/* whether a step of a is likely to take longer than one of b: it has more constraints to solve */
static int longer(const vr_vec *v, size_t a, size_t b)
{
  int na = v->slot[a].env->d->nefc, nb = v->slot[b].env->d->nefc;
  return na > nb || (na == nb && a < b);
}

/* The longest first, so that no thread is left with one at the end; little has changed since the
 * last step. */
static void arrange(vr_vec *v)
{
  for (size_t k = 1; k < v->n; k++) {
    size_t i = v->order[k], to = k;
    for (; to && longer(v, i, v->order[to - 1]); to--) v->order[to] = v->order[to - 1];
    v->order[to] = i;
  }
}

static int step_one(void *ctx, size_t k, int thread)
{
  round_of *now = ctx;
  vr_vec *v = now->v;
  size_t i = v->order[k];
  slot *s = v->slot + i;
  const vr_vec_out *out = &now->out;
  double *obs = out->obs ? out->obs + i * v->nobs : NULL, reward;
  vr_env_step(s->env, now->action + i * v->nact, obs, &reward);
  s->step++;
  int end = how(s);
  if (out->reward) out->reward[i] = reward;
  if (out->discount) out->discount[i] = vr_env_discount(s->env);
  if (out->end) out->end[i] = end;
  if (end == VR_GOES_ON) return 0;
  if (obs && out->last && end != VR_BROKEN)
    memcpy(out->last + i * v->nobs, obs, v->nobs * sizeof *obs);
  if (out->ended && end != VR_BROKEN && vr_env_discount(s->env) > 0)
    out->ended(out->ctx, i, thread);
  return begin(v, i, s->episode + 1, obs);
}

int vr_vec_step(vr_vec *v, const vr_pool *pool, const float *action, const vr_vec_out *out)
{
  round_of now = {.v = v, .action = action, .out = *out};
  arrange(v);
  return vr_pool_run(pool, v->n, step_one, &now);
}

vr_env *vr_vec_env(vr_vec *v, size_t i)
{
  return v->slot[i].env;
}

uint32_t vr_vec_episode(const vr_vec *v, size_t i, size_t *steps)
{
  *steps = (size_t)v->slot[i].step;
  return (uint32_t)v->slot[i].episode;
}

/* -- saving: of each, three numbers and the state of its environment -- */

size_t vr_vec_state_size(const vr_vec *v)
{
  size_t size = 0;
  for (size_t i = 0; i < v->n; i++)
    size += 3 * sizeof(uint64_t) + vr_env_state_size(v->slot[i].env);
  return size;
}

void vr_vec_save(const vr_vec *v, void *state)
{
  char *to = state;
  for (size_t i = 0; i < v->n; i++) {
    const slot *s = v->slot + i;
    const uint64_t head[3] = {s->episode, s->step, s->until};
    memcpy(to, head, sizeof head);
    vr_env_save(s->env, to + sizeof head);
    to += sizeof head + vr_env_state_size(s->env);
  }
}

int vr_vec_restore(vr_vec *v, const void *state, double *obs)
{
  const char *from = state;
  for (size_t i = 0; i < v->n; i++) {
    slot *s = v->slot + i;
    uint64_t head[3];
    memcpy(head, from, sizeof head);
    s->episode = head[0];
    s->step = head[1];
    s->until = head[2];
    VR_TRY(vr_env_restore(s->env, from + sizeof head, obs ? obs + i * v->nobs : NULL));
    from += sizeof head + vr_env_state_size(s->env);
  }
  return 0;
}
