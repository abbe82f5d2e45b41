#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "rl/trainer_state.h"
#include <math.h>
#include <string.h>

enum { RNG_DRAW = 64, FAR_ROUNDS = 10 };
#define FAR 50 /* times its bound: a KL that no step towards it explains */

/* -- a round -- */

static double fall(double from, double to, double at, double over)
{
  return over > 0 ? from + (to - from) * fmin(at / over, 1) : from;
}

vr_rollout_par vr_trainer_drive(const vr_trainer *t)
{
  const vr_train_par *par = &t->par;
  vr_rollout_par r = {
    .segment = par->segment, .labels = par->learn.algorithm == VR_DISTIL || par->learn.kick > 0};
  if (par->learn.algorithm != VR_DISTIL) return r;
  r.noise = par->noise;
  r.share = fmax(fall(1, 0, t->count[VR_FRAMES], par->fade) * par->share, par->least);
  return r;
}

/* Strips of a flock from those that are kept, each as likely. */
static size_t draw(vr_trainer *t, size_t k, size_t step, size_t n)
{
  vr_flock *f = t->flock + k;
  if (!f->ring.n) return 0;
  uint32_t animal = f->number, round = (uint32_t)t->count[VR_ROUNDS];
  vr_rng r = vr_rng_new(t->par.seed + RNG_DRAW, animal, round);
  for (size_t i = 0; i < step; i++) vr_rng_u32(&r);
  r = vr_rng_new(t->par.seed + RNG_DRAW + 1, vr_rng_u32(&r), animal);
  for (size_t i = 0; i < n; i++) f->old[i] = vr_ring_at(&f->ring, vr_rng_below(&r, f->ring.n));
  return n;
}

/* The batch of a step: of each flock the fresh strips, and some from before. */
static size_t compose(vr_trainer *t, size_t step)
{
  size_t nshard = 0;
  for (size_t k = 0; k < t->nflock; k++) {
    vr_flock *f = t->flock + k;
    size_t old = t->par.batch ? t->par.batch : (size_t)lround(t->par.replay * (double)f->n);
    if (!t->par.batch) t->shard[nshard++] = (vr_shard){f->fresh, f->n};
    old = draw(t, k, step, old < VR_SHARD ? old : VR_SHARD);
    if (old) t->shard[nshard++] = (vr_shard){f->old, old};
  }
  return nshard;
}

static void keep_strips(vr_trainer *t)
{
  for (size_t k = 0; k < t->nflock; k++)
    vr_ring_put(&t->flock[k].ring, t->flock[k].fresh[0], t->flock[k].n);
}

/* Adds what a step saw to the means of the round; `steps` before it. */
static void add_stats(vr_learn_stats *mean, const vr_learn_stats *step, double steps)
{
  double *m = (double *)mean;
  const double *s = (const double *)step;
  for (size_t i = 0; i < sizeof *mean / sizeof *m; i++) m[i] += (s[i] - m[i]) / (steps + 1);
  mean->kl_mean = step->kl_mean;
  mean->kl_spread = step->kl_spread;
  mean->eta = step->eta;
  mean->alpha_mean = step->alpha_mean;
  mean->alpha_spread = step->alpha_spread;
}

static int learn(vr_trainer *t, const vr_pool *pool, vr_round *round)
{
  vr_learn_par par = t->par.learn;
  par.adam.rate = fall(par.adam.rate, t->par.last_rate, t->count[VR_FRAMES], t->par.frames);
  if (par.algorithm == VR_DISTIL) par.kick = 1;
  uint64_t number = (uint64_t)t->count[VR_ROUNDS];
  size_t nshard = 0;
  round->rate = par.adam.rate;
  for (size_t e = 0; e < t->par.epochs; e++) {
    vr_learn_stats stats;
    nshard = compose(t, e);
    VR_TRY(vr_learner_step(t->learner, t->policy, &par, number, t->shard, nshard, pool, &stats));
    add_stats(&round->stats, &stats, round->steps++);
    if (t->par.stop > 0 && stats.kl_mean + stats.kl_spread > t->par.stop) break;
  }
  if (par.algorithm == VR_VMPO && (number + 1) % t->par.target == 0)
    return vr_learner_settle(
      t->learner, t->policy, &par, number, t->shard, nshard, pool, &round->stats);
  return 0;
}

/* Statistics of inputs, from another rank or to it. */
static void receive_norm(const vr_ranks *r, int from, vr_norm *norm)
{
  vr_ranks_receive(r, from, norm->mean, 2 * norm->d * sizeof *norm->mean);
  vr_ranks_receive(r, from, &norm->count, sizeof norm->count);
}

static void send_norm(const vr_ranks *r, int to, const vr_norm *norm)
{
  vr_ranks_send(r, to, norm->mean, 2 * norm->d * sizeof *norm->mean);
  vr_ranks_send(r, to, &norm->count, sizeof norm->count);
}

/* What was sensed moves the statistics of the inputs, animal after animal, rank after rank. */
static void count_inputs(vr_trainer *t)
{
  const vr_strip_shape *s = &t->shape;
  const vr_ranks *r = &t->par.ranks;
  vr_norm *norm[] = {&t->policy->norm, &t->policy->priv};
  for (int k = 0; r->rank > 0 && k < 2; k++) receive_norm(r, r->rank - 1, norm[k]);
  for (size_t i = 0; i < t->n; i++) {
    vr_strip_view v = vr_strip_at(s, t->fresh + i * s->bytes);
    vr_norm_add(&t->policy->norm, v.in, s->T);
    if (s->npriv) vr_norm_add(&t->policy->priv, v.priv, s->T);
  }
  for (int k = 0; r->rank + 1 < r->size && k < 2; k++) send_norm(r, r->rank + 1, norm[k]);
  for (int k = 0; r->size > 1 && k < 2; k++) {
    vr_ranks_share(r, r->size - 1, norm[k]->mean, 2 * norm[k]->d * sizeof *norm[k]->mean);
    vr_ranks_share(r, r->size - 1, &norm[k]->count, sizeof norm[k]->count);
  }
}

static double broken(vr_trainer *t)
{
  double n = 0;
  for (size_t i = 0; i < t->n; i++) {
    vr_strip_view v = vr_strip_at(&t->shape, t->fresh + i * t->shape.bytes);
    for (size_t k = 0; k < t->shape.T; k++) n += (v.is[k] & VR_STRIP_BROKEN) != 0;
  }
  double all = 0;
  vr_ranks_sum(&t->par.ranks, &n, 1, &all);
  return all;
}

static int is_well(vr_trainer *t, const vr_round *round)
{
  const vr_learn_par *par = &t->par.learn;
  const vr_learn_stats *s = &round->stats;
  if (round->broken > (double)t->all / 4)
    return vr_fail(
      VR_ENUM, "the engine diverged %g times in a round of %zu animals", round->broken, t->all);
  int far = par->algorithm == VR_VMPO &&
            (s->kl_mean > FAR * par->eps_mean || s->kl_spread > FAR * par->eps_spread);
  t->count[VR_FAR_OFF] = far ? t->count[VR_FAR_OFF] + 1 : 0;
  if (t->count[VR_FAR_OFF] < FAR_ROUNDS) return 0;
  return vr_fail(VR_ENUM,
    "in %d rounds the policy moved more than %d times as far as it may: KL %g (bound %g) and %g "
    "(bound %g); a smaller rate of learning, or a larger one of the duals, may help",
    FAR_ROUNDS, FAR, s->kl_mean, par->eps_mean, s->kl_spread, par->eps_spread);
}

int vr_trainer_round(vr_trainer *t, const vr_pool *pool, vr_round *round)
{
  vr_rollout_par how = vr_trainer_drive(t);
  uint64_t number = (uint64_t)t->count[VR_ROUNDS];
  vr_rollout_time *time = vr_rollout_times(t->rollout);
  *time = (vr_rollout_time){0};
  *round = (vr_round){.round = number, .share = how.share};
  if (t->par.learn.algorithm == VR_VMPO && number % t->par.target == 0)
    vr_learner_set_target(t->learner, t->policy, number);
  if (vr_crew_learns(t))
    vr_crew_take(t);
  else
    VR_TRY(vr_rollout_go(t->rollout, &how, t->policy, number, pool, t->fresh));
  if (t->par.batch) keep_strips(t);
  double begin = vr_clock();
  if (number) VR_TRY(learn(t, pool, round)); // of the first inputs, only the statistics
  round->learn = vr_clock() - begin;
  if (!t->par.batch) keep_strips(t);
  count_inputs(t);
  t->count[VR_ROUNDS]++;
  t->count[VR_FRAMES] += (double)(t->all * t->shape.T);
  vr_trainer_age(t);
  round->frames = t->count[VR_FRAMES];
  round->physics = time->physics;
  round->eye = time->eye;
  round->act = time->act;
  round->teach = time->teach;
  round->here = (double)(t->n * t->shape.T);
  round->lag = (double)number - (double)*vr_strip_at(&t->shape, t->fresh).policy;
  round->broken = broken(t);
  return is_well(t, round);
}

vr_tally *vr_trainer_tally(vr_trainer *t)
{
  return vr_rollout_tally(t->rollout);
}
