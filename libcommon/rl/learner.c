#include "rl/learner.h"
#include "base/err.h"
#include "num/blas.h"
#include "rl/learner_state.h"
#include "rl/vmpo.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_BLOCK = 16384 };

/* Adds the gradients of the shards, in their order, to what the ranks before had; chunk k of the
 * parameters. */
static int sum_shards(void *ctx, size_t k, int thread)
{
  (void)thread;
  const vr_learn_step *now = ctx;
  const vr_learner *l = now->l;
  size_t first = k * SUM_BLOCK, end = first + SUM_BLOCK < l->nparam ? first + SUM_BLOCK : l->nparam;
  size_t s = l->ranks.rank == 0;
  if (s) memcpy(l->grad + first, l->lot[0].grad + first, (end - first) * sizeof *l->grad);
  for (; s < now->nshard; s++) {
    const float *more = l->lot[s].grad;
    for (size_t i = first; i < end; i++) l->grad[i] += more[i];
  }
  return 0;
}

/* The gradient goes from rank to rank, each adds its shards; the last one's is that of all. */
static int sum_gradients(vr_learn_step *now, const vr_pool *pool)
{
  vr_learner *l = now->l;
  const vr_ranks *r = &l->ranks;
  size_t bytes = l->nparam * sizeof *l->grad;
  if (r->rank > 0) vr_ranks_receive(r, r->rank - 1, l->grad, bytes);
  VR_TRY(vr_pool_run(pool, (l->nparam + SUM_BLOCK - 1) / SUM_BLOCK, sum_shards, now));
  if (r->rank + 1 < r->size) vr_ranks_send(r, r->rank + 1, l->grad, bytes);
  vr_ranks_share(r, r->size - 1, l->grad, bytes);
  return 0;
}

enum { WIDE = 11, MARKS = 3 };

/* Copies what ranks tell each other of their samples, a rank's numbers at samples first ..: out of the
 * arrays into the message, or back. */
static void copy_samples(
  const vr_samples *is, size_t first, size_t n, unsigned char *message, int out)
{
  double *const wide[WIDE] = {is->logp, is->rho, is->target, is->advantage, is->value, is->old_mean,
    is->old_spread, is->label_mean, is->label_spread, is->entropy, is->spread};
  uint8_t *const marks[MARKS] = {is->use, is->drawn, is->labelled};
  struct {
    void *at;
    size_t bytes;
  } part[WIDE + MARKS + 1];
  for (size_t i = 0; i < WIDE; i++) {
    part[i].at = wide[i] + first;
    part[i].bytes = n * sizeof(double);
  }
  for (size_t i = 0; i < MARKS; i++) {
    part[WIDE + i].at = marks[i] + first;
    part[WIDE + i].bytes = n;
  }
  part[WIDE + MARKS].at = is->head + first;
  part[WIDE + MARKS].bytes = n * sizeof *is->head;
  for (size_t i = 0; i < VR_LEN(part); message += part[i++].bytes)
    memcpy(out ? message : part[i].at, out ? part[i].at : message, part[i].bytes);
}

static size_t message_bytes(size_t n)
{
  return n * (WIDE * sizeof(double) + MARKS + sizeof(size_t));
}

/* All ranks learn what is known of the samples of each. */
static void gather_samples(const vr_learn_step *now)
{
  const vr_learner *l = now->l;
  size_t n = now->mine, bytes = message_bytes(n);
  unsigned char *mine = l->message + (size_t)l->ranks.rank * bytes;
  if (l->ranks.size == 1) return;
  copy_samples(&l->is, n * (size_t)l->ranks.rank, n, mine, 1);
  vr_ranks_gather(&l->ranks, mine, bytes, l->message);
  for (size_t r = 0; r < (size_t)l->ranks.size; r++)
    copy_samples(&l->is, n * r, n, l->message + r * bytes, 0);
}

/* Where the samples of each shard stand among those of the batch. */
static void place_shards(vr_learn_step *now)
{
  vr_learner *l = now->l;
  for (size_t k = 0; k < now->nshard; k++) {
    l->lot[k].n = now->shard[k].n;
    now->mine += now->shard[k].n * l->shape.T;
  }
  l->is.n = now->mine * (size_t)l->ranks.size;
  size_t first = now->mine * (size_t)l->ranks.rank;
  for (size_t k = 0; k < now->nshard; k++) {
    l->lot[k].first = first;
    first += l->lot[k].n * l->shape.T;
  }
}

/* All that is known of the samples of a batch. */
static int forward(vr_learn_step *now, const vr_shard *shard, size_t nshard, const vr_pool *pool)
{
  const vr_learner *l = now->l;
  if (!nshard || nshard > l->nshard)
    return vr_fail(VR_EARG, "a batch of %zu shards, there is room for %zu", nshard, l->nshard);
  now->shard = shard;
  now->nshard = nshard;
  now->inner = nshard == 1 ? pool : NULL;
  place_shards(now);
  VR_TRY(vr_pool_run(pool, nshard, vr_learn_forward, now));
  gather_samples(now);
  return 0;
}

int vr_learner_step(vr_learner *l, vr_policy *p, const vr_learn_par *par, uint64_t update,
  const vr_shard *shard, size_t nshard, const vr_pool *pool, vr_learn_stats *stats)
{
  vr_learn_step now = {.l = l, .p = p, .par = par, .update = update};
  VR_TRY(forward(&now, shard, nshard, pool));
  VR_TRY(vr_learn_weigh(&now, stats));
  VR_TRY(vr_pool_run(pool, nshard, vr_learn_backward, &now));
  VR_TRY(sum_gradients(&now, pool));
  uint64_t t = (uint64_t)l->count[0];
  VR_TRY(vr_adam_step(&par->adam, l->nparam, l->grad, p->param, l->m, l->v, &t, &stats->norm));
  l->count[0] = (double)t;
  return 0;
}

int vr_learner_settle(vr_learner *l, vr_policy *p, const vr_learn_par *par, uint64_t update,
  const vr_shard *shard, size_t nshard, const vr_pool *pool, vr_learn_stats *stats)
{
  vr_learn_step now = {.l = l, .p = p, .par = par, .update = update};
  VR_TRY(forward(&now, shard, nshard, pool));
  vr_learn_moved(&now, stats);
  l->alpha[0] = vr_vmpo_dual(l->alpha[0], stats->kl_mean, par->eps_mean, par->dual_rate);
  l->alpha[1] = vr_vmpo_dual(l->alpha[1], stats->kl_spread, par->eps_spread, par->dual_rate);
  return 0;
}

void vr_learner_set_target(vr_learner *l, const vr_policy *p, uint64_t update)
{
  memcpy(l->target, p->param, l->nparam * sizeof *l->target);
  l->count[1] = (double)update;
}

void vr_learner_pieces(vr_learner *l, vr_part piece[VR_LEARNER_PIECES])
{
  const vr_part all[VR_LEARNER_PIECES] = {
    {"target", VR_PART_F32, l->nparam, l->target, 0},
    {"adam_m", VR_PART_F32, l->nparam, l->m, 0},
    {"adam_v", VR_PART_F32, l->nparam, l->v, 0},
    {"duals", VR_PART_F64, VR_LEN(l->alpha), l->alpha, 0},
    {"counts", VR_PART_F64, VR_LEN(l->count), l->count, 0},
    {"popart", VR_PART_F64, 3 * l->nvalue, l->popart.mu, 0},
  };
  memcpy(piece, all, sizeof all);
}

/* -- making and freeing -- */

static int new_lot(vr_learner *l, vr_lot *lot)
{
  const vr_strip_shape *s = &l->shape;
  vr_arena *m = &l->arena;
  size_t n = VR_SHARD, rows = (s->T + 1) * n, acts = rows * s->nact;
  VR_TRY(vr_arena_alloc(m, &lot->in, rows * s->nin, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->priv, rows * s->npriv, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->state, n * s->nstate, sizeof(float)));
  float **of_acts[] = {&lot->mean, &lot->std, &lot->action, &lot->old_mean, &lot->old_std,
    &lot->label, &lot->teacher_std, &lot->dmean, &lot->dstd};
  for (size_t i = 0; i < VR_LEN(of_acts); i++)
    VR_TRY(vr_arena_alloc(m, of_acts[i], acts, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->value, rows * l->nvalue, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->dvalue, rows * l->nvalue, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->grad, l->nparam, sizeof(float)));
  VR_TRY(vr_arena_alloc(m, &lot->eye, s->eye ? rows * VR_EYE_BYTES : 0, 1));
  VR_TRY(vr_arena_alloc(m, &lot->reset, rows, 1));
  VR_TRY(vr_arena_alloc(m, &lot->strip, n, sizeof *lot->strip));
  VR_TRY(vr_arena_alloc(m, &lot->column, 5 * s->T + 1, sizeof(double)));
  VR_TRY(vr_agent_work_new(l->agent, s->T + 1, n, 1, &lot->work));
  return vr_agent_work_new(l->agent, s->T, n, 0, &lot->plain);
}

static int new_samples(vr_learner *l)
{
  vr_samples *is = &l->is;
  double **wide[] = {&is->logp, &is->log_mu, &is->rho, &is->target, &is->advantage, &is->value,
    &is->old_mean, &is->old_spread, &is->label_mean, &is->label_spread, &is->w_logp, &is->w_mean,
    &is->w_spread, &is->w_label, &is->w_entropy, &is->dvalue, &is->entropy, &is->spread};
  uint8_t **marks[] = {&is->use, &is->drawn, &is->labelled};
  for (size_t i = 0; i < VR_LEN(wide); i++)
    VR_TRY(vr_arena_alloc(&l->arena, wide[i], l->room, sizeof(double)));
  for (size_t i = 0; i < VR_LEN(marks); i++)
    VR_TRY(vr_arena_alloc(&l->arena, marks[i], l->room, 1));
  VR_TRY(vr_arena_alloc(&l->arena, &is->head, l->room, sizeof *is->head));
  return vr_arena_alloc(&l->arena, &is->place, l->room, sizeof *is->place);
}

static int find_value_head(vr_learner *l)
{
  size_t n, found = 0;
  const vr_tensor *tensor = vr_agent_tensors(l->agent, &n);
  for (size_t i = 0; i < n; i++) {
    if (!strcmp(tensor[i].name, "value/w")) {
      l->w_first = tensor[i].first;
      l->w_rows = tensor[i].rows;
      found++;
    }
    if (!strcmp(tensor[i].name, "value/b")) {
      l->b_first = tensor[i].first;
      found++;
    }
  }
  return found == 2 ? 0 : vr_fail(VR_EARG, "a network without value heads cannot learn");
}

static int fill(vr_learner *l, const size_t *task_head)
{
  vr_arena *m = &l->arena;
  VR_TRY(find_value_head(l));
  VR_TRY(vr_popart_init(&l->popart, l->nvalue));
  VR_TRY(vr_arena_alloc(m, &l->task_head, l->ntask, sizeof *l->task_head));
  memcpy(l->task_head, task_head, l->ntask * sizeof *task_head);
  float **of_params[] = {&l->grad, &l->target, &l->m, &l->v};
  for (size_t i = 0; i < VR_LEN(of_params); i++)
    VR_TRY(vr_arena_alloc(m, of_params[i], l->nparam, sizeof(float)));
  VR_TRY(new_samples(l));
  VR_TRY(vr_arena_alloc(m, &l->message, l->ranks.size > 1 ? message_bytes(l->room) : 0, 1));
  VR_TRY(vr_arena_alloc(m, &l->lot, l->nshard, sizeof *l->lot));
  for (size_t k = 0; k < l->nshard; k++) VR_TRY(new_lot(l, l->lot + k));
  return 0;
}

/* A policy that was trained before goes on with the statistics of its values. */
static void adopt_values(vr_learner *l, const vr_policy *p)
{
  enum { STEPS = 100 }; // as if they were of so many
  for (size_t k = 0; k < l->nvalue; k++) {
    double mean = p->value_mean[k], std = p->value_std[k];
    if (mean == 0 && std == 1) continue;
    l->popart.mu[k] = mean;
    l->popart.nu[k] = std * std + mean * mean;
    l->popart.count[k] = STEPS;
  }
}

int vr_learner_new(const vr_policy *p, const vr_strip_shape *shape, size_t nshard,
  const size_t *task_head, size_t ntask, const vr_ranks *ranks, vr_learner **l)
{
  vr_blas_begin();
  VR_TRY(vr_alloc(l, 1, sizeof **l));
  **l = (vr_learner){.agent = p->agent,
    .shape = *shape,
    .nshard = nshard,
    .nparam = vr_agent_nparam(p->agent),
    .nvalue = p->arch.nvalue,
    .ntask = ntask,
    .ranks = *ranks,
    .room = (size_t)ranks->size * nshard * VR_SHARD * shape->T,
    .alpha = {1, 1}};
  int code = fill(*l, task_head);
  if (code) {
    vr_learner_free(*l);
    *l = NULL;
    return code;
  }
  adopt_values(*l, p);
  vr_learner_set_target(*l, p, 0);
  return 0;
}

void vr_learner_free(vr_learner *l)
{
  if (!l) return;
  for (size_t k = 0; l->lot && k < l->nshard; k++) {
    vr_agent_work_free(l->lot[k].work);
    vr_agent_work_free(l->lot[k].plain);
  }
  vr_popart_free(&l->popart);
  vr_arena_free(&l->arena);
  vr_release(l);
}
