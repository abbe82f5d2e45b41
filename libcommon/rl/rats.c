#include "rl/rats.h"
#include "rl/actor.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/eye.h"
#include "sim/teacher.h"
#include "sim/vec.h"
#include <string.h>

/* Events that make an episode a success, or a failure. */
typedef struct {
  const char *task, *good, *bad;
} verdict;

static const verdict verdicts[] = {
  {"flat", NULL, "fall"},
  {"gaps", NULL, "plunge"},
  {"bowl", "escape", NULL},
  {"twotap", "second-tap", NULL},
  {"maze", "orb", NULL},
};

typedef struct {
  vr_rats_par par;
  vr_rats_share share[VR_RATS_SCENES];
  const char *name[VR_RATS_SCENES];
  size_t n, nshare, ntask, nact, nobs, *task;
  vr_vec *vec;
  vr_eye **eye; /* nshare x threads */
  vr_teacher **teacher;
  vr_actor **guide;
  double *obs; /* n x nobs: now, where there are guides */
  const verdict **verdict;
  uint8_t *taught, *good, *bad; /* good, bad: it has happened in this episode */
  int *end;
  float *hold;
} rats;

/* One call on all of them. */
typedef struct {
  rats *s;
  uint8_t *rgb;
  float *label;
} call;

static const vr_rats_share *share_of(const rats *s, size_t i)
{
  return s->share + (s->par.first + i) % s->nshare;
}

static void start(rats *s, size_t i)
{
  size_t steps;
  uint32_t episode = vr_vec_episode(s->vec, i, &steps);
  s->good[i] = s->bad[i] = 0;
  if (s->teacher[i])
    vr_teacher_start(
      s->teacher[i], vr_episode_seed(s->par.seed, s->par.first + (uint32_t)i, episode));
}

/* Guides go by what the animals sense. */
static void remember(rats *s, const double *obs)
{
  if (s->obs) memcpy(s->obs, obs, s->n * s->nobs * sizeof *obs);
}

static int reset(void *self, const vr_pool *pool, double *obs)
{
  rats *s = self;
  VR_TRY(vr_vec_reset(s->vec, pool, obs));
  remember(s, obs);
  for (size_t i = 0; i < s->n; i++) start(s, i);
  return 0;
}

static void watch(rats *s, size_t i)
{
  size_t n;
  const vr_event *event = vr_env_events(vr_vec_env(s->vec, i), &n);
  const verdict *v = s->verdict[i];
  for (size_t k = 0; k < n; k++) {
    s->good[i] |= v->good && !strcmp(event[k].name, v->good);
    s->bad[i] |= v->bad && !strcmp(event[k].name, v->bad);
  }
}

static int look_one(void *ctx, size_t i, int thread)
{
  call *c = ctx;
  rats *s = c->s;
  size_t k = (size_t)(share_of(s, i) - s->share);
  vr_eye *eye = s->eye[k * (size_t)s->par.threads + (size_t)thread];
  vr_eye_see(eye, vr_vec_env(s->vec, i), c->rgb + i * VR_EYE_BYTES);
  return 0;
}

static void look_last(void *ctx, size_t i, int thread)
{
  look_one(ctx, i, thread);
}

static int step(void *self, const vr_pool *pool, const float *action, const vr_herd_out *out)
{
  rats *s = self;
  call c = {.s = s, .rgb = out->last_eye};
  vr_vec_out o = {.obs = out->obs,
    .last = out->last,
    .reward = out->reward,
    .discount = out->discount,
    .end = s->end,
    .ended = out->last_eye ? look_last : NULL,
    .ctx = &c};
  VR_TRY(vr_vec_step(s->vec, pool, action, &o));
  remember(s, out->obs);
  for (size_t i = 0; i < s->n; i++) {
    if (out->end) out->end[i] = s->end[i];
    if (s->end[i] == VR_GOES_ON) {
      watch(s, i);
      continue;
    }
    int good = s->verdict[i]->good ? s->good[i] : !s->bad[i] && s->end[i] == VR_CUT;
    if (out->success) out->success[i] = good;
    start(s, i);
  }
  return 0;
}

static int look(void *self, const vr_pool *pool, uint8_t *rgb)
{
  call c = {.s = self, .rgb = rgb};
  return vr_pool_run(pool, c.s->n, look_one, &c);
}

static int teach_one(void *ctx, size_t i, int thread)
{
  (void)thread;
  call *c = ctx;
  rats *s = c->s;
  if (s->teacher[i]) vr_teacher_act(s->teacher[i], vr_vec_env(s->vec, i), c->label + i * s->nact);
  return 0;
}

static int teach(void *self, const vr_pool *pool, float *label)
{
  call c = {.s = self, .label = label};
  return vr_pool_run(pool, c.s->n, teach_one, &c);
}

/* -- saving: the environments, the teachers, what has happened -- */

static size_t state_size(const void *self)
{
  const rats *s = self;
  size_t size = vr_vec_state_size(s->vec) + 2 * s->n;
  for (size_t i = 0; i < s->n; i++)
    if (s->teacher[i]) size += vr_teacher_state_size(s->teacher[i]);
  return size;
}

static void save(const void *self, void *state)
{
  const rats *s = self;
  unsigned char *to = state;
  vr_vec_save(s->vec, to);
  to += vr_vec_state_size(s->vec);
  memcpy(to, s->good, s->n);
  memcpy(to + s->n, s->bad, s->n);
  to += 2 * s->n;
  for (size_t i = 0; i < s->n; i++) {
    if (!s->teacher[i]) continue;
    vr_teacher_save(s->teacher[i], to);
    to += vr_teacher_state_size(s->teacher[i]);
  }
}

static int restore(void *self, const void *state)
{
  rats *s = self;
  const unsigned char *from = state;
  VR_TRY(vr_vec_restore(s->vec, from, s->obs));
  from += vr_vec_state_size(s->vec);
  memcpy(s->good, from, s->n);
  memcpy(s->bad, from + s->n, s->n);
  from += 2 * s->n;
  for (size_t i = 0; i < s->n; i++) {
    if (!s->teacher[i]) continue;
    VR_TRY(vr_teacher_restore(s->teacher[i], from));
    from += vr_teacher_state_size(s->teacher[i]);
  }
  return 0;
}

static void free_all(void *self)
{
  rats *s = self;
  for (size_t i = 0; s->eye && i < s->nshare * (size_t)s->par.threads; i++) vr_eye_free(s->eye[i]);
  for (size_t i = 0; s->teacher && i < s->n; i++) vr_teacher_free(s->teacher[i]);
  for (size_t i = 0; s->guide && i < s->n; i++) vr_actor_free(s->guide[i]);
  vr_release(s->guide);
  vr_release(s->obs);
  vr_vec_free(s->vec);
  vr_release(s->eye);
  vr_release(s->teacher);
  vr_release(s->verdict);
  vr_release(s->task);
  vr_release(s->taught);
  vr_release(s->good);
  vr_release(s->bad);
  vr_release(s->end);
  vr_release(s->hold);
  vr_release(s);
}

static const vr_herd_kind kind = {reset, step, look, teach, state_size, save, restore, free_all};

/* -- making -- */

/* Number of the task of this name, a new one if it is new. */
static size_t task_number(rats *s, const char *name)
{
  size_t k = 0;
  while (k < s->ntask && strcmp(s->name[k], name)) k++;
  if (k == s->ntask) s->name[s->ntask++] = name;
  return k;
}

static int new_vec(rats *s)
{
  const vr_scene **scene;
  vr_vec_par par = {
    .seed = s->par.seed, .first = s->par.first, .seconds = s->par.seconds, .stagger = 1};
  VR_TRY(vr_alloc(&scene, s->n, sizeof *scene));
  for (size_t i = 0; i < s->n; i++) scene[i] = share_of(s, i)->scene;
  int code = vr_vec_new(scene, s->n, &par, &s->vec);
  vr_release(scene);
  return code;
}

static int new_eyes(rats *s)
{
  size_t threads = (size_t)s->par.threads;
  if (!s->par.eye) return 0;
  VR_TRY(vr_alloc(&s->eye, s->nshare * threads, sizeof(vr_eye *)));
  for (size_t i = 0; i < s->nshare * threads; i++)
    VR_TRY(vr_eye_new(s->share[i / threads].scene, VR_EYE_CAMERA, s->eye + i));
  return 0;
}

static int new_guide(rats *s, const vr_rats_share *mine, vr_actor **guide)
{
  const vr_policy *p = mine->guide;
  const vr_layout *l = vr_scene_layout(mine->scene);
  if (p->arch.eye != VR_EYE_NONE || vr_agent_nstate(p->agent))
    return vr_fail(VR_EDATA, "a teacher of %s must have neither eye nor memory", mine->task);
  if (!s->obs) VR_TRY(vr_alloc(&s->obs, s->n * s->nobs, sizeof *s->obs));
  return vr_actor_new(p, l->sense, l->nsense, l->nact, 0, guide);
}

static int new_animals(rats *s)
{
  VR_TRY(vr_alloc(&s->task, s->n, sizeof *s->task));
  VR_TRY(vr_alloc(&s->teacher, s->n, sizeof(vr_teacher *)));
  VR_TRY(vr_alloc(&s->guide, s->n, sizeof(vr_actor *)));
  VR_TRY(vr_alloc(&s->verdict, s->n, sizeof(const verdict *)));
  VR_TRY(vr_alloc(&s->taught, s->n, 1));
  VR_TRY(vr_alloc(&s->good, s->n, 1));
  VR_TRY(vr_alloc(&s->bad, s->n, 1));
  VR_TRY(vr_alloc(&s->end, s->n, sizeof *s->end));
  for (size_t i = 0; i < s->n; i++) {
    const vr_rats_share *mine = share_of(s, i);
    s->task[i] = task_number(s, mine->task);
    s->taught[i] = mine->teacher || mine->guide;
    s->verdict[i] = verdicts;
    for (size_t k = 0; k < VR_LEN(verdicts); k++)
      if (!strcmp(verdicts[k].task, mine->task)) s->verdict[i] = verdicts + k;
    if (mine->teacher)
      VR_TRY(vr_teacher_new(mine->teacher, s->par.gaits, mine->scene, s->teacher + i));
    else if (mine->guide)
      VR_TRY(new_guide(s, mine, s->guide + i));
  }
  return 0;
}

static int fill(rats *s, const vr_layout *layout)
{
  s->nact = layout->nact;
  s->nobs = layout->nobs;
  VR_TRY(new_vec(s));
  VR_TRY(new_eyes(s));
  VR_TRY(new_animals(s));
  VR_TRY(vr_alloc(&s->hold, layout->nact, sizeof *s->hold));
  for (size_t j = 0; j < layout->nact; j++) s->hold[j] = (float)layout->hold[j];
  return 0;
}

int vr_rats_herd(
  const vr_rats_share *share, size_t nshare, size_t n, const vr_rats_par *par, vr_herd *h)
{
  rats *s;
  *h = (vr_herd){0};
  if (!nshare || nshare > VR_RATS_SCENES || n < nshare || par->threads < 1)
    return vr_fail(VR_EARG, "%zu animals in %zu tasks (at most %d)", n, nshare, VR_RATS_SCENES);
  const vr_layout *layout = vr_scene_layout(share[0].scene);
  VR_TRY(vr_alloc(&s, 1, sizeof *s));
  s->par = *par;
  s->n = n;
  s->nshare = nshare;
  memcpy(s->share, share, nshare * sizeof *share);
  int code = fill(s, layout);
  if (code) {
    free_all(s);
    return code;
  }
  *h = (vr_herd){.n = n,
    .nobs = layout->nobs,
    .nact = layout->nact,
    .nsense = layout->nsense,
    .sense = layout->sense,
    .eye = par->eye,
    .ntask = s->ntask,
    .name = s->name,
    .task = s->task,
    .taught = s->taught,
    .hold = s->hold,
    .kind = &kind,
    .self = s};
  return 0;
}
