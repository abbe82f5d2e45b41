#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "nn/gauss.h"
#include "rl/rollout_state.h"
#include <math.h>
#include <string.h>

/* Adds the time of the clock since *from to a part. */
static void clock_in(double *from, double *part)
{
  double now = vr_clock();
  if (part) *part += now - *from;
  *from = now;
}

/* -- the network, a shard of animals at a time -- */

typedef struct {
  vr_rollout *a;
  const vr_policy *p;
  size_t t;
} pass;

/* What animal i senses, as it is, to place t of its strip (NULL: nowhere); and normalised. */
static void sense(
  vr_rollout *a, const vr_policy *p, size_t i, const double *obs, vr_strip_view *s, size_t t)
{
  float *raw = s ? s->in + t * a->nin : a->in + i * a->nin, *in = a->in + i * a->nin;
  obs += i * a->herd->nobs;
  vr_inputs_take(&a->inputs, obs, raw);
  vr_norm_apply(&p->norm, 1, raw, a->nin, in, a->nin);
  if (!a->npriv) return;
  float *priv = a->privs + i * a->npriv;
  raw = s ? s->priv + t * a->npriv : priv;
  vr_inputs_take(&a->priv, obs, raw);
  vr_norm_apply(&p->priv, 1, raw, a->npriv, priv, a->npriv);
}

static size_t shard_size(const vr_rollout *a, size_t first)
{
  return a->n - first < VR_SHARD ? a->n - first : VR_SHARD;
}

/* Mean and spread of the actions of a shard; its state goes on. */
static int act_shard(void *ctx, size_t k, int thread)
{
  (void)thread;
  const pass *now = ctx;
  vr_rollout *a = now->a;
  size_t first = k * VR_SHARD, n = shard_size(a, first);
  for (size_t i = first; i < first + n; i++) {
    sense(a, now->p, i, a->obs, a->strip + i, now->t);
    a->strip[i].reset[now->t] = a->reset[i] = a->rider[i].fresh != 0;
    if (a->eye)
      memcpy(a->strip[i].eye + now->t * VR_EYE_BYTES, a->image + i * VR_EYE_BYTES, VR_EYE_BYTES);
  }
  if (now->t == a->par.T) return 0; // only the state after the last step
  vr_agent_in in = {.T = 1,
    .B = n,
    .in = a->in + first * a->nin,
    .eye = a->eye ? a->image + first * VR_EYE_BYTES : NULL,
    .reset = a->reset + first,
    .state = a->state + first * a->nstate};
  vr_agent_out out = {.mean = a->mean + first * a->nact,
    .std = a->std + first * a->nact,
    .state = a->state + first * a->nstate};
  return vr_agent_forward(a->agent, now->p->param, &in, NULL, a->work[k], &out);
}

/* Values of the last states of episodes that are over; of the others nothing is asked. */
static int value_shard(void *ctx, size_t k, int thread)
{
  (void)thread;
  const pass *now = ctx;
  vr_rollout *a = now->a;
  size_t first = k * VR_SHARD, n = shard_size(a, first), asked = 0;
  for (size_t i = first; i < first + n; i++) asked += a->end[i] != VR_GOES_ON && a->discount[i] > 0;
  if (!asked) return 0;
  for (size_t i = first; i < first + n; i++)
    sense(a, now->p, i, a->end[i] == VR_GOES_ON ? a->obs : a->last, NULL, 0);
  vr_agent_in in = {.T = 1,
    .B = n,
    .in = a->in + first * a->nin,
    .eye = a->eye ? a->last_image + first * VR_EYE_BYTES : NULL,
    .priv = a->npriv ? a->privs + first * a->npriv : NULL,
    .state = a->state + first * a->nstate};
  vr_agent_out out = {.value = a->value + first * a->nvalue, .state = a->spare + first * a->nstate};
  return vr_agent_forward(a->agent, now->p->param, &in, NULL, a->work[k], &out);
}

/* -- a step -- */

/* Who drives animal i, what it draws, and what is executed. */
static void choose(vr_rollout *a, const vr_policy *p, size_t i, size_t t)
{
  vr_strip_view *s = a->strip + i;
  vr_rider *rider = a->rider + i;
  size_t d = a->nact;
  vr_rng r = vr_rng_new(a->par.seed, a->par.first + (uint32_t)i, (uint32_t)a->step);
  double dice = vr_rng_uniform(&r);
  int taught = a->par.labels && a->herd->taught[i];
  float *mean = s->mean + t * d, *std = s->std + t * d, *label = s->label + t * d;
  float *action = s->action + t * d, *out = a->action + i * d;
  if (!rider->left) {
    rider->left = a->par.segment;
    rider->taught = taught && dice < a->par.share;
  }
  rider->left--;
  memcpy(mean, a->mean + i * d, d * sizeof *mean);
  memcpy(std, a->std + i * d, d * sizeof *std);
  s->is[t] = taught ? VR_STRIP_LABEL : 0;
  for (size_t j = 0; taught && j < d; j++) label[j] = a->label[i * d + j] - p->offset[j];
  if (a->par.noise > 0) {
    const float *centre = rider->taught && taught ? label : mean;
    for (size_t j = 0; j < d; j++)
      action[j] = centre[j] + (float)(a->par.noise * vr_rng_normal(&r));
    s->log_mu[t] = NAN;
  } else {
    vr_gauss_sample(d, mean, std, &r, action);
    vr_gauss_logp(1, d, mean, std, action, s->log_mu + t);
  }
  for (size_t j = 0; j < d; j++) out[j] = fminf(fmaxf(action[j] + p->offset[j], -1), 1);
}

/* What the step brought to animal i. */
static void keep(vr_rollout *a, const vr_policy *p, size_t i, size_t t)
{
  vr_strip_view *s = a->strip + i;
  vr_rider *rider = a->rider + i;
  size_t task = a->herd->task[i], k = a->head[task];
  int end = a->end[i];
  s->reward[t] = a->reward[i];
  s->discount[t] = a->discount[i];
  s->last[t] = end == VR_GOES_ON ? NAN : 0;
  if (end == VR_BROKEN) s->is[t] |= VR_STRIP_BROKEN;
  if (end != VR_GOES_ON && a->discount[i] > 0)
    s->last[t] = p->value_mean[k] + p->value_std[k] * a->value[i * a->nvalue + k];
  rider->reward += a->reward[i];
  rider->steps++;
  rider->fresh = end != VR_GOES_ON;
  if (end == VR_GOES_ON) return;
  vr_tally *tally = a->tally + task;
  tally->episodes++;
  tally->reward += rider->reward;
  tally->success += a->success[i];
  tally->steps += (double)rider->steps;
  rider->reward = 0;
  rider->steps = 0;
}

static int look(vr_rollout *a, const vr_pool *pool, double *clock)
{
  if (!a->eye || a->seen) return 0;
  VR_TRY(vr_herd_look(a->herd, pool, a->image));
  a->seen = 1;
  clock_in(clock, &a->time.eye);
  return 0;
}

static int step(vr_rollout *a, const vr_policy *p, size_t t, const vr_pool *pool)
{
  pass now = {.a = a, .p = p, .t = t};
  double clock = 0;
  clock_in(&clock, NULL);
  VR_TRY(look(a, pool, &clock));
  if (a->par.labels) {
    VR_TRY(vr_herd_teach(a->herd, pool, a->label));
    clock_in(&clock, &a->time.teach);
  }
  VR_TRY(vr_pool_run(pool, a->nshard, act_shard, &now));
  for (size_t i = 0; i < a->n; i++) choose(a, p, i, t);
  clock_in(&clock, &a->time.act);
  vr_herd_out out = {.obs = a->obs,
    .last = a->last,
    .reward = a->reward,
    .discount = a->discount,
    .end = a->end,
    .last_eye = a->eye ? a->last_image : NULL,
    .success = a->success};
  VR_TRY(vr_herd_step(a->herd, pool, a->action, &out));
  clock_in(&clock, &a->time.physics);
  VR_TRY(vr_pool_run(pool, a->nshard, value_shard, &now));
  for (size_t i = 0; i < a->n; i++) keep(a, p, i, t);
  a->seen = 0;
  a->step++;
  clock_in(&clock, &a->time.act);
  return 0;
}

int vr_rollout_go(vr_rollout *a, const vr_rollout_par *par, const vr_policy *p, uint64_t update,
  const vr_pool *pool, void *records)
{
  a->par.labels = par->labels;
  a->par.share = par->share;
  a->par.segment = par->segment;
  a->par.noise = par->noise;
  for (size_t i = 0; i < a->n; i++) {
    vr_strip_view *s = a->strip + i;
    *s = vr_strip_at(&a->shape, (unsigned char *)records + i * a->shape.bytes);
    *s->task = a->herd->task[i];
    *s->policy = update;
    if (a->nstate) memcpy(s->state, a->state + i * a->nstate, a->nstate * sizeof *s->state);
  }
  for (size_t t = 0; t < a->par.T; t++) VR_TRY(step(a, p, t, pool));
  double clock = 0;
  clock_in(&clock, NULL);
  VR_TRY(look(a, pool, &clock));
  pass now = {.a = a, .p = p, .t = a->par.T};
  return vr_pool_run(pool, a->nshard, act_shard, &now);
}
