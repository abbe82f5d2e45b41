/* trainer_new.c -- making, starting and saving a trainer. */
#include "base/err.h"
#include "base/mem.h"
#include "rl/trainer_state.h"
#include <stdio.h>
#include <string.h>

static int new_flocks(vr_trainer *t)
{
  size_t here = (size_t)t->par.ranks.rank * t->herd->n; // animals of the ranks before
  VR_TRY(vr_alloc(&t->flock, t->nflock, sizeof *t->flock));
  VR_TRY(vr_alloc(&t->shard, 2 * t->nflock, sizeof *t->shard));
  VR_TRY(vr_alloc(&t->fresh, t->n, t->shape.bytes));
  for (size_t k = 0; k < t->nflock; k++) {
    vr_flock *f = t->flock + k;
    f->first = k * VR_SHARD;
    f->n = t->n - f->first < VR_SHARD ? t->n - f->first : VR_SHARD;
    for (size_t i = 0; i < f->n; i++) f->fresh[i] = t->fresh + (f->first + i) * t->shape.bytes;
    f->number = (uint32_t)(here + f->first);
    snprintf(f->name, sizeof f->name, "kept%u", f->number / VR_SHARD);
    VR_TRY(vr_ring_new(&t->shape, t->par.keep * f->n, &f->ring));
  }
  return 0;
}

static int fill(vr_trainer *t)
{
  const vr_policy *p = t->policy;
  const vr_train_par *par = &t->par;
  int acts = vr_crew_acts(t), number = acts ? par->crew.rank - 1 : par->ranks.rank;
  vr_rollout_par r = {
    .seed = par->seed, .T = par->unroll, .first = (uint32_t)((size_t)number * t->herd->n)};
  if ((par->batch || par->replay > 0) && !par->keep)
    return vr_fail(VR_EARG, "strips from before are asked for, but none are kept");
  if (par->ranks.size > 1 && t->herd->n % VR_SHARD)
    return vr_fail(
      VR_EARG, "%zu animals a process: with several, a multiple of %d", t->herd->n, (int)VR_SHARD);
  snprintf(t->name, sizeof t->name, "herd%d", number);
  VR_TRY(vr_rollout_new(t->herd, p, &r, &t->rollout));
  VR_TRY(vr_alloc(&t->piece, VR_TRAINER_PIECES + t->nflock, sizeof *t->piece));
  VR_TRY(vr_alloc(&t->saved, vr_rollout_state_size(t->rollout), 1));
  VR_TRY(vr_crew_new(t));
  if (acts) return 0;
  VR_TRY(new_flocks(t));
  return vr_learner_new(p, &t->shape, 2 * t->nflock, vr_rollout_heads(t->rollout), t->herd->ntask,
    &par->ranks, &t->learner);
}

int vr_trainer_new(vr_herd *h, vr_policy *p, const vr_train_par *par, vr_trainer **t)
{
  VR_TRY(vr_alloc(t, 1, sizeof **t));
  **t = (vr_trainer){.herd = h,
    .policy = p,
    .par = *par,
    .shape = vr_strip_shape_of(&p->arch, vr_agent_nstate(p->agent), par->unroll)};
  size_t processes = (size_t)(par->crew.size > 1 ? par->crew.size - 1 : par->ranks.size);
  (*t)->all = h->n * processes;
  (*t)->n = vr_crew_learns(*t) ? (*t)->all : h->n;
  (*t)->nflock = vr_crew_acts(*t) ? 0 : ((*t)->n + VR_SHARD - 1) / VR_SHARD;
  (*t)->par.learn.lag = par->crew.size > 1 ? par->lag : 0;
  int code = fill(*t);
  if (code) {
    vr_trainer_free(*t);
    *t = NULL;
  }
  return code;
}

void vr_trainer_free(vr_trainer *t)
{
  if (!t) return;
  for (size_t k = 0; t->flock && k < t->nflock; k++) vr_ring_free(&t->flock[k].ring);
  vr_crew_free(t);
  vr_rollout_free(t->rollout);
  vr_learner_free(t->learner);
  vr_release(t->flock);
  vr_release(t->shard);
  vr_release(t->fresh);
  vr_release(t->saved);
  vr_release(t->piece);
  vr_release(t);
}

void vr_trainer_age(vr_trainer *t)
{
  double frames = t->count[VR_FRAMES];
  t->policy->frames = t->count[VR_FRAMES_BEFORE] + frames;
  t->policy->labelled =
    t->count[VR_LABELLED_BEFORE] + (t->par.learn.algorithm == VR_DISTIL ? frames : 0);
}

int vr_trainer_start(vr_trainer *t, const vr_pool *pool)
{
  memset(t->count, 0, sizeof t->count);
  t->count[VR_FRAMES_BEFORE] = t->policy->frames;
  t->count[VR_LABELLED_BEFORE] = t->policy->labelled;
  for (size_t j = 0; t->herd->hold && j < t->herd->nact; j++)
    t->policy->offset[j] = t->herd->hold[j];
  return vr_crew_learns(t) ? 0 : vr_rollout_reset(t->rollout, pool);
}

/* -- saving -- */

const vr_part *vr_trainer_pieces(vr_trainer *t, size_t *n)
{
  vr_policy *p = t->policy;
  const vr_arch *a = &p->arch;
  int learns = vr_crew_learns(t);
  if (!learns) vr_rollout_save(t->rollout, t->saved);
  const vr_part of_policy[] = {
    {"param", VR_PART_F32, vr_agent_nparam(p->agent), p->param, 0},
    {"offset", VR_PART_F32, a->nact, p->offset, 0},
    {"value_mean", VR_PART_F64, a->nvalue, p->value_mean, 0},
    {"value_std", VR_PART_F64, a->nvalue, p->value_std, 0},
    {"norm", VR_PART_F64, 2 * a->nin, p->norm.mean, 0},
    {"norm_count", VR_PART_F64, 1, &p->norm.count, 0},
    {"private", VR_PART_F64, 2 * a->npriv, p->priv.mean, 0},
    {"private_count", VR_PART_F64, 1, &p->priv.count, 0},
    {"trainer", VR_PART_F64, VR_COUNTS, t->count, 0},
    {t->name, VR_PART_U8, learns ? 0 : vr_rollout_state_size(t->rollout), t->saved, 1},
    {"queue", VR_PART_U8, learns ? t->par.lag * t->n * t->shape.bytes : 0, t->crew.load, 0},
    {"slips", VR_PART_F64, learns ? t->par.lag * t->crew.nslip : 0, t->crew.slip, 0},
  };
  memcpy(t->piece, of_policy, sizeof of_policy);
  *n = VR_LEN(of_policy);
  if (vr_crew_acts(t)) return t->piece;
  vr_learner_pieces(t->learner, t->piece + *n);
  *n += VR_LEARNER_PIECES;
  for (size_t k = 0; k < t->nflock; k++) {
    const vr_flock *f = t->flock + k;
    if (f->ring.room)
      t->piece[(*n)++] =
        (vr_part){f->name, VR_PART_U8, f->ring.room * f->ring.shape.bytes, f->ring.bytes, !learns};
  }
  if (t->also.n) t->piece[(*n)++] = t->also;
  return t->piece;
}

void vr_trainer_also(vr_trainer *t, const vr_part *piece)
{
  t->also = *piece;
}

int vr_trainer_restored(vr_trainer *t)
{
  size_t rounds = (size_t)t->count[VR_ROUNDS];
  for (size_t k = 0; k < t->nflock; k++) {
    vr_flock *f = t->flock + k;
    size_t put = rounds * f->n;
    if (!f->ring.room) continue;
    f->ring.next = put % f->ring.room;
    f->ring.n = put < f->ring.room ? put : f->ring.room;
  }
  vr_trainer_age(t);
  if (vr_crew_learns(t)) {
    t->crew.queued = (double)t->par.lag;
    return 0;
  }
  if (vr_crew_acts(t)) { // it is ahead
    t->count[VR_ROUNDS] += (double)t->par.lag;
    t->count[VR_FRAMES] += (double)(t->par.lag * t->all * t->shape.T);
  }
  return vr_rollout_restore(t->rollout, t->saved);
}
