#include "rl/toy.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <string.h>

#define STAGGER UINT32_MAX /* in place of the number of an episode */

typedef struct {
  uint64_t episode, step, until;
  double state[VR_TOY_STATE];
} animal;

typedef struct {
  const vr_toy *toy;
  size_t n, nobs, *task;
  uint64_t seed;
  uint32_t first;
  uint8_t *taught;
  animal *animal;
} toys;

static const vr_toy *const all[] = {&vr_toy_reach, &vr_toy_tap, &vr_toy_look};

int vr_toy_is(const char *name)
{
  return !strncmp(name, "toy-", 4);
}

static int find(const char *name, const vr_toy **toy)
{
  const char *names[VR_LEN(all)];
  for (size_t i = 0; i < VR_LEN(all); i++) {
    *toy = all[i];
    if (!strcmp(name, all[i]->name)) return 0;
    names[i] = all[i]->name;
  }
  const char *near = vr_str_nearest(name, names, VR_LEN(all));
  return vr_fail(VR_EARG, "no toy %s%s%s", name, near ? ": did you mean " : "", near ? near : "");
}

static void sense(const toys *s, size_t i, double *obs)
{
  if (obs) s->toy->sense_now(s->animal[i].state, s->animal[i].step, obs + i * s->nobs);
}

static void begin(toys *s, size_t i, uint64_t episode)
{
  animal *a = s->animal + i;
  vr_rng r = vr_rng_new(s->seed, s->first + (uint32_t)i, (uint32_t)episode);
  *a = (animal){.episode = episode, .until = s->toy->steps};
  s->toy->start(a->state, &r);
}

static int reset(void *self, const vr_pool *pool, double *obs)
{
  (void)pool; // too little to do for several threads
  toys *s = self;
  for (size_t i = 0; i < s->n; i++) {
    begin(s, i, 0);
    vr_rng r = vr_rng_new(s->seed, s->first + (uint32_t)i, STAGGER);
    s->animal[i].until = 1 + vr_rng_below(&r, s->toy->steps);
    sense(s, i, obs);
  }
  return 0;
}

static int step(void *self, const vr_pool *pool, const float *action, const vr_herd_out *out)
{
  (void)pool;
  toys *s = self;
  for (size_t i = 0; i < s->n; i++) {
    animal *a = s->animal + i;
    double reward = s->toy->step(a->state, a->step, action + i * s->toy->nact);
    int end = ++a->step < a->until                     ? VR_GOES_ON
              : s->toy->cut || a->step < s->toy->steps ? VR_CUT
                                                       : VR_ENDED;
    if (out->reward) out->reward[i] = reward;
    if (out->discount) out->discount[i] = end != VR_ENDED;
    if (out->end) out->end[i] = end;
    if (end != VR_GOES_ON) {
      if (out->success) out->success[i] = a->state[0];
      sense(s, i, out->last);
      if (out->last_eye && s->toy->see) s->toy->see(a->state, out->last_eye + i * VR_EYE_BYTES);
      begin(s, i, a->episode + 1);
    }
    sense(s, i, out->obs);
  }
  return 0;
}

static int look(void *self, const vr_pool *pool, uint8_t *eye)
{
  (void)pool;
  toys *s = self;
  for (size_t i = 0; s->toy->see && i < s->n; i++)
    s->toy->see(s->animal[i].state, eye + i * VR_EYE_BYTES);
  return 0;
}

static int teach(void *self, const vr_pool *pool, float *label)
{
  (void)pool;
  toys *s = self;
  for (size_t i = 0; i < s->n; i++)
    s->toy->teach(s->animal[i].state, s->animal[i].step, label + i * s->toy->nact);
  return 0;
}

static size_t state_size(const void *self)
{
  return ((const toys *)self)->n * sizeof(animal);
}

static void save(const void *self, void *state)
{
  memcpy(state, ((const toys *)self)->animal, state_size(self));
}

static int restore(void *self, const void *state)
{
  memcpy(((toys *)self)->animal, state, state_size(self));
  return 0;
}

static void free_all(void *self)
{
  toys *s = self;
  vr_release(s->task);
  vr_release(s->taught);
  vr_release(s->animal);
  vr_release(s);
}

static const vr_herd_kind kind = {reset, step, look, teach, state_size, save, restore, free_all};

static int fill(toys *s, const char *name, size_t n)
{
  if (!n) return vr_fail(VR_EARG, "a herd of no animals");
  VR_TRY(find(name, &s->toy));
  VR_TRY(vr_alloc(&s->task, n, sizeof *s->task));
  VR_TRY(vr_alloc(&s->taught, n, 1));
  VR_TRY(vr_alloc(&s->animal, n, sizeof *s->animal));
  memset(s->taught, 1, n);
  s->n = n;
  for (size_t k = 0; k < s->toy->nsense; k++) s->nobs += s->toy->sense[k].n;
  return 0;
}

int vr_toy_herd(const char *name, size_t n, uint64_t seed, uint32_t first, vr_herd *h)
{
  toys *s;
  *h = (vr_herd){0};
  VR_TRY(vr_alloc(&s, 1, sizeof *s));
  s->seed = seed;
  s->first = first;
  int code = fill(s, name, n);
  if (code) {
    free_all(s);
    return code;
  }
  *h = (vr_herd){.n = n,
    .nobs = s->nobs,
    .nact = s->toy->nact,
    .nsense = s->toy->nsense,
    .sense = s->toy->sense,
    .eye = s->toy->see != NULL,
    .ntask = 1,
    .name = &s->toy->name,
    .task = s->task,
    .taught = s->taught,
    .kind = &kind,
    .self = s};
  return 0;
}
