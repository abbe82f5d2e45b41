#include "base/err.h"
#include "base/mem.h"
#include "num/blas.h"
#include "rl/rollout_state.h"
#include <string.h>

int vr_rollout_privileged(const vr_arch *arch, const vr_herd *h, vr_inputs *priv)
{
  *priv = (vr_inputs){0};
  if (!arch->npriv) return 0;
  for (size_t i = 0; i < h->nsense; i++) {
    size_t k = 0;
    while (k < arch->ninput && strcmp(arch->input[k], h->sense[i].name)) k++;
    if (k < arch->ninput) continue;
    priv->sense[priv->nsense].first = h->sense[i].first;
    priv->sense[priv->nsense++].n = h->sense[i].n;
    priv->n += h->sense[i].n;
  }
  if (priv->n == arch->npriv) return 0;
  return vr_fail(VR_EDATA,
    "the critic has %zu privileged columns; the senses that are no inputs have %zu", arch->npriv,
    priv->n);
}

/* Head of the critic for each task. */
static int find_heads(vr_rollout *a, const vr_policy *p)
{
  for (size_t k = 0; k < a->herd->ntask; k++) {
    int head = vr_policy_head(p, a->herd->name[k]);
    if (head < 0)
      return vr_fail(VR_EDATA, "the network has no value head for the task %s", a->herd->name[k]);
    a->head[k] = (size_t)head;
  }
  return 0;
}

static int fill(vr_rollout *a, const vr_policy *p)
{
  vr_herd *h = a->herd;
  const vr_arch *arch = &p->arch;
  vr_arena *m = &a->arena;
  size_t n = a->n;
  if (arch->nact != h->nact)
    return vr_fail(VR_EDATA, "the network has %zu actions, the animal %zu", arch->nact, h->nact);
  if (a->eye && !h->eye)
    return vr_fail(VR_EDATA, "the network has an eye, and nothing is to be seen");
  VR_TRY(vr_inputs_find(arch, h->sense, h->nsense, &a->inputs));
  VR_TRY(vr_rollout_privileged(arch, h, &a->priv));
  VR_TRY(vr_arena_alloc(m, &a->head, h->ntask, sizeof *a->head));
  VR_TRY(find_heads(a, p));
  VR_TRY(vr_arena_alloc(m, &a->tally, h->ntask, sizeof *a->tally));
  VR_TRY(vr_arena_alloc(m, &a->rider, n, sizeof *a->rider));
  VR_TRY(vr_arena_alloc(m, &a->strip, n, sizeof *a->strip));
  VR_TRY(vr_arena_alloc(m, &a->obs, n * h->nobs, sizeof *a->obs));
  VR_TRY(vr_arena_alloc(m, &a->last, n * h->nobs, sizeof *a->last));
  VR_TRY(vr_arena_alloc(m, &a->reward, n, sizeof *a->reward));
  VR_TRY(vr_arena_alloc(m, &a->discount, n, sizeof *a->discount));
  VR_TRY(vr_arena_alloc(m, &a->success, n, sizeof *a->success));
  VR_TRY(vr_arena_alloc(m, &a->end, n, sizeof *a->end));
  VR_TRY(vr_arena_alloc(m, &a->reset, n, 1));
  VR_TRY(vr_arena_alloc(m, &a->image, a->eye ? n * (size_t)VR_EYE_BYTES : 0, 1));
  VR_TRY(vr_arena_alloc(m, &a->last_image, a->eye ? n * (size_t)VR_EYE_BYTES : 0, 1));
  VR_TRY(vr_arena_alloc(m, &a->state, n * a->nstate, sizeof *a->state));
  VR_TRY(vr_arena_alloc(m, &a->spare, n * a->nstate, sizeof *a->spare));
  VR_TRY(vr_arena_alloc(m, &a->in, n * a->nin, sizeof *a->in));
  VR_TRY(vr_arena_alloc(m, &a->privs, n * a->npriv, sizeof *a->privs));
  VR_TRY(vr_arena_alloc(m, &a->mean, n * a->nact, sizeof *a->mean));
  VR_TRY(vr_arena_alloc(m, &a->std, n * a->nact, sizeof *a->std));
  VR_TRY(vr_arena_alloc(m, &a->value, n * a->nvalue, sizeof *a->value));
  VR_TRY(vr_arena_alloc(m, &a->label, n * a->nact, sizeof *a->label));
  VR_TRY(vr_arena_alloc(m, &a->action, n * a->nact, sizeof *a->action));
  VR_TRY(vr_arena_alloc(m, &a->work, a->nshard, sizeof *a->work));
  for (size_t k = 0; k < a->nshard; k++)
    VR_TRY(vr_agent_work_new(a->agent, 1, VR_SHARD, 0, a->work + k));
  return 0;
}

int vr_rollout_new(vr_herd *h, const vr_policy *p, const vr_rollout_par *par, vr_rollout **a)
{
  vr_blas_begin();
  VR_TRY(vr_alloc(a, 1, sizeof **a));
  size_t nstate = vr_agent_nstate(p->agent);
  **a = (vr_rollout){.herd = h,
    .agent = p->agent,
    .par = *par,
    .n = h->n,
    .nin = p->arch.nin,
    .npriv = p->arch.npriv,
    .nact = p->arch.nact,
    .nvalue = p->arch.nvalue,
    .nstate = nstate,
    .nshard = (h->n + VR_SHARD - 1) / VR_SHARD,
    .eye = p->arch.eye != VR_EYE_NONE,
    .shape = vr_strip_shape_of(&p->arch, nstate, par->T)};
  int code = fill(*a, p);
  if (code) {
    vr_rollout_free(*a);
    *a = NULL;
  }
  return code;
}

void vr_rollout_free(vr_rollout *a)
{
  if (!a) return;
  for (size_t k = 0; a->work && k < a->nshard; k++) vr_agent_work_free(a->work[k]);
  vr_arena_free(&a->arena);
  vr_release(a);
}

int vr_rollout_reset(vr_rollout *a, const vr_pool *pool)
{
  for (size_t i = 0; i < a->n; i++) a->rider[i] = (vr_rider){.fresh = 1};
  a->seen = 0;
  a->step = 0;
  return vr_herd_reset(a->herd, pool, a->obs);
}

const size_t *vr_rollout_heads(const vr_rollout *a)
{
  return a->head;
}

vr_tally *vr_rollout_tally(vr_rollout *a)
{
  return a->tally;
}

vr_rollout_time *vr_rollout_times(vr_rollout *a)
{
  return &a->time;
}

/* -- saving: what is here, then the herd -- */

/* Copies a piece out (`save`) or in, and moves on. */
static void piece(unsigned char **state, void *mine, size_t bytes, int save)
{
  if (bytes) memcpy(save ? *state : mine, save ? mine : *state, bytes);
  *state += bytes;
}

static void pieces(vr_rollout *a, unsigned char **state, int save)
{
  piece(state, &a->step, sizeof a->step, save);
  piece(state, a->rider, a->n * sizeof *a->rider, save);
  piece(state, a->tally, a->herd->ntask * sizeof *a->tally, save);
  piece(state, a->obs, a->n * a->herd->nobs * sizeof *a->obs, save);
  piece(state, a->state, a->n * a->nstate * sizeof *a->state, save);
}

size_t vr_rollout_state_size(const vr_rollout *a)
{
  return sizeof a->step + a->n * sizeof *a->rider + a->herd->ntask * sizeof *a->tally +
         a->n * a->herd->nobs * sizeof *a->obs + a->n * a->nstate * sizeof *a->state +
         vr_herd_state_size(a->herd);
}

void vr_rollout_save(const vr_rollout *a, void *state)
{
  unsigned char *at = state;
  pieces((vr_rollout *)a, &at, 1); // only read
  vr_herd_save(a->herd, at);
}

int vr_rollout_restore(vr_rollout *a, const void *state)
{
  unsigned char *at = (unsigned char *)state; // only read
  pieces(a, &at, 0);
  a->seen = 0;
  return vr_herd_restore(a->herd, at);
}
