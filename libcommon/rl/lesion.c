#include "rl/lesion.h"
#include "base/err.h"
#include "base/mem.h"
#include "ana/detect.h"
#include "rl/actor.h"
#include "sim/eye.h"
#include <math.h>
#include <string.h>

/* What one thread plays with. */
typedef struct {
  vr_env *env;
  vr_actor *actor;
  vr_eye *eye;
  vr_clamp *clamp;
  uint8_t *picture;
  float *action;
  double *obs, *heading, *pitch; /* of the root, rad, in each frame */
} player;

typedef struct {
  const vr_lesion_par *par;
  const vr_lesion *condition;
  size_t n, most; /* conditions; cells of the largest */
  player *player;
  vr_lesion_trial *out;
  void (*progress)(const char *what, double done, double total);
  size_t done;
} series;

static int player_new(const series *s, player *p)
{
  const vr_lesion_par *par = s->par;
  const vr_layout *l = vr_scene_layout(par->scene);
  VR_TRY(vr_env_new(par->scene, &p->env));
  VR_TRY(vr_actor_new(par->policy, l->sense, l->nsense, l->nact, par->sample, &p->actor));
  if (par->policy->arch.eye != VR_EYE_NONE) {
    VR_TRY(vr_eye_new(par->scene, VR_EYE_CAMERA, &p->eye));
    VR_TRY(vr_alloc(&p->picture, VR_EYE_BYTES, 1));
  }
  VR_TRY(vr_alloc(&p->clamp, s->most, sizeof *p->clamp));
  VR_TRY(vr_alloc(&p->action, l->nact, sizeof *p->action));
  VR_TRY(vr_alloc(&p->obs, l->nobs, sizeof *p->obs));
  VR_TRY(vr_alloc(&p->heading, 2 * par->frames, sizeof *p->heading));
  p->pitch = p->heading + par->frames;
  return 0;
}

static void player_free(player *p)
{
  vr_env_free(p->env);
  vr_actor_free(p->actor);
  vr_eye_free(p->eye);
  vr_release(p->clamp);
  vr_release(p->picture);
  vr_release(p->action);
  vr_release(p->obs);
  vr_release(p->heading);
}

/* The cells as they must be in this frame. */
static void hold(const vr_lesion *c, player *p, size_t frame)
{
  size_t start = (size_t)fmax(round(c->at / VR_CONTROL_STEP), 0), n = c->n;
  const double *value = c->value;
  if (n && !value && frame >= start && frame - start < c->course->rows)
    value = vr_row(c->course, frame - start);
  if (!value) n = 0;
  for (size_t i = 0; i < n; i++)
    p->clamp[i] = (vr_clamp){.layer = c->layer, .unit = c->unit[i], .value = (float)value[i]};
  vr_actor_clamp(p->actor, p->clamp, n);
}

static int is_within(const vr_lesion_goal *g, double time)
{
  return g->to <= g->from || (time >= g->from - 1e-9 && time <= g->to + 1e-9);
}

/* Takes in what has happened at the end of a step. */
static void count(const vr_lesion_goal *g, const char *name, double time, vr_lesion_trial *t)
{
  if (!is_within(g, time)) return;
  if (g->attempt && !strcmp(name, g->attempt)) t->attempts++;
  if (!strcmp(name, g->event)) t->successes++;
}

/* Where the x axis of the root points. */
static void look(player *p, size_t frame)
{
  double root[7], *q = root + 3;
  vr_env_pose(p->env, &(vr_pose){.root = root});
  p->heading[frame] = atan2(2 * (q[1] * q[2] + q[0] * q[3]), 1 - 2 * (q[2] * q[2] + q[3] * q[3]));
  p->pitch[frame] = asin(fmax(-1, fmin(1, 2 * (q[1] * q[3] - q[0] * q[2]))));
}

/* The rules of vr-events: 40 degrees up for 0.3 s, until below half of that; a turn in one go at 90
 * degrees a second. */
static int count_motions(const vr_lesion_goal *g, player *p, vr_lesion_trial *t)
{
  static const vr_level raised = {40 * M_PI / 180, 20 * M_PI / 180, 0.3, 0.04};
  vr_trials tr = {0};
  vr_episodes rears = {0}, spins = {0};
  VR_TRY(vr_trials_single(&tr, t->frames, 1 / VR_CONTROL_STEP));
  vr_unwrap(p->heading, &tr);
  int code = vr_detect_level(p->pitch, NULL, &tr, &raised, &rears);
  if (!code) code = vr_detect_turns(p->heading, &tr, M_PI / 2, 2 * M_PI, 0.04, &spins);
  for (size_t i = 0; i < rears.n && !code; i++) count(g, "rearing", rears.row[i].start, t);
  for (size_t i = 0; i < spins.n && !code; i++) count(g, "spin", spins.row[i].start, t);
  vr_episodes_free(&rears);
  vr_episodes_free(&spins);
  vr_trials_free(&tr);
  return code;
}

static int play(const series *s, player *p, size_t k)
{
  const vr_lesion_par *par = s->par;
  const vr_lesion *c = s->condition + k / par->trials;
  vr_lesion_trial *t = s->out + k;
  uint64_t seed = vr_trial_seed(par->seed, (uint32_t)(k % par->trials));
  VR_TRY(vr_wrap(vr_env_reset(p->env, seed, p->obs), "trial %zu", k % par->trials));
  vr_actor_start(p->actor, seed);
  *t = (vr_lesion_trial){0};
  while (t->frames < par->frames && !vr_env_done(p->env)) {
    size_t n;
    double reward;
    look(p, t->frames);
    if (p->eye) vr_eye_see(p->eye, p->env, p->picture);
    hold(c, p, t->frames);
    VR_TRY(vr_actor_act(p->actor, p->obs, p->picture, p->action));
    vr_env_step(p->env, p->action, p->obs, &reward);
    t->total += reward;
    double time = (double)++t->frames * VR_CONTROL_STEP;
    const vr_event *e = vr_env_events(p->env, &n);
    for (size_t i = 0; i < n; i++) count(&par->goal, e[i].name, time, t);
  }
  VR_TRY(count_motions(&par->goal, p, t));
  if (!par->goal.attempt) {
    t->attempts = 1;
    t->successes = t->successes > 0;
  }
  return 0;
}

static int play_chunk(void *ctx, size_t k, int thread)
{
  series *s = ctx;
  size_t all = s->n * s->par->trials;
  VR_TRY(play(s, s->player + thread, k));
  size_t done = __atomic_add_fetch(&s->done, 1, __ATOMIC_RELAXED);
  if (!thread && s->progress && done < all) s->progress("trials", (double)done, (double)all);
  return 0;
}

static int check(series *s)
{
  size_t nlayers;
  const vr_layer *l = vr_agent_layers(s->par->policy->agent, &nlayers);
  for (size_t i = 0; i < s->n; i++) {
    const vr_lesion *c = s->condition + i;
    if (c->n && c->layer >= nlayers) return vr_fail(VR_EARG, "there is no layer %zu", c->layer);
    for (size_t j = 0; j < c->n; j++)
      if (c->unit[j] >= l[c->layer].units)
        return vr_fail(VR_EARG, "%s has no unit %zu", l[c->layer].name, c->unit[j]);
    if (c->n > s->most) s->most = c->n;
  }
  if (!s->par->trials || !s->par->frames) return vr_fail(VR_EARG, "no trial, or none with a frame");
  return 0;
}

int vr_lesion_run(const vr_lesion_par *par, const vr_lesion *condition, size_t ncondition,
  const vr_pool *pool, void (*progress)(const char *what, double done, double total),
  vr_lesion_trial *out)
{
  series s = {
    .par = par, .condition = condition, .n = ncondition, .out = out, .progress = progress};
  VR_TRY(check(&s));
  size_t all = ncondition * par->trials, threads = (size_t)vr_pool_threads(pool);
  if (threads > all) threads = all;
  VR_TRY(vr_alloc(&s.player, threads, sizeof *s.player));
  int code = 0;
  for (size_t i = 0; i < threads && !code; i++) code = player_new(&s, s.player + i);
  vr_pool some = {(int)threads};
  if (!code) code = vr_pool_run(&some, all, play_chunk, &s);
  for (size_t i = 0; i < threads; i++) player_free(s.player + i);
  vr_release(s.player);
  if (!code && progress) progress("trials", (double)all, (double)all);
  return code;
}
