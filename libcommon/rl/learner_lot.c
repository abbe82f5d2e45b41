/* learner_lot.c -- a shard of a batch: gathered, run forward, its returns, and its gradient. */
#include "base/err.h"
#include "nn/gauss.h"
#include "rl/learner_state.h"
#include <math.h>
#include <string.h>

/* The strips' numbers, time-major. */
static void gather(const vr_learn_step *now, vr_lot *lot)
{
  const vr_strip_shape *s = &now->l->shape;
  size_t n = lot->n, d = s->nact, bytes = d * sizeof(float);
  for (size_t b = 0; b < n; b++) {
    const vr_strip_view *v = lot->strip + b;
    vr_norm_apply(&now->p->norm, s->T + 1, v->in, s->nin, lot->in + b * s->nin, n * s->nin);
    if (s->npriv)
      vr_norm_apply(
        &now->p->priv, s->T + 1, v->priv, s->npriv, lot->priv + b * s->npriv, n * s->npriv);
    if (s->nstate) memcpy(lot->state + b * s->nstate, v->state, s->nstate * sizeof(float));
    for (size_t t = 0; t <= s->T; t++) {
      size_t i = t * n + b;
      lot->reset[i] = v->reset[t];
      if (s->eye) memcpy(lot->eye + i * VR_EYE_BYTES, v->eye + t * VR_EYE_BYTES, VR_EYE_BYTES);
      if (t == s->T) continue;
      memcpy(lot->action + i * d, v->action + t * d, bytes);
      memcpy(lot->old_mean + i * d, v->mean + t * d, bytes);
      memcpy(lot->old_std + i * d, v->std + t * d, bytes);
      memcpy(lot->label + i * d, v->label + t * d, bytes);
    }
  }
}

/* Which samples count, and what is known of them without the network. */
static void mark(const vr_learn_step *now, const vr_lot *lot)
{
  const vr_samples *is = &now->l->is;
  size_t n = lot->n;
  for (size_t b = 0; b < n; b++) {
    const vr_strip_view *v = lot->strip + b;
    size_t burn = *v->policy + now->par->lag < now->update ? now->par->burn : 0;
    if (burn >= now->l->shape.T) burn = now->l->shape.T - 1;
    for (size_t t = 0; t < now->l->shape.T; t++) {
      size_t i = lot->first + t * n + b;
      is->head[i] = now->l->task_head[*v->task];
      is->log_mu[i] = v->log_mu[t];
      is->use[i] = t >= burn && !(v->is[t] & VR_STRIP_BROKEN);
      is->drawn[i] = is->use[i] && !isnan(v->log_mu[t]);
      is->labelled[i] = is->use[i] && (v->is[t] & VR_STRIP_LABEL);
    }
  }
}

/* The old policy at the same inputs, unless it is the very one that acted. */
static int old_policy(const vr_learn_step *now, vr_lot *lot, const vr_agent_in *in)
{
  const vr_learner *l = now->l;
  int same = now->par->algorithm != VR_VMPO;
  for (size_t b = 0; !same && b < lot->n; b++)
    if ((double)*lot->strip[b].policy != l->count[1]) {
      vr_agent_out out = {.mean = lot->old_mean, .std = lot->old_std};
      vr_agent_in part = *in;
      part.T = l->shape.T;
      part.priv = NULL;
      return vr_agent_forward(l->agent, l->target, &part, now->inner, lot->plain, &out);
    }
  return 0;
}

/* Targets and advantages of column b. Where nobody drew from the policy, weights are 1. */
static void returns(const vr_learn_step *now, const vr_lot *lot, size_t b)
{
  const vr_learner *l = now->l;
  const vr_samples *is = &l->is;
  size_t T = l->shape.T, n = lot->n;
  double *discount = lot->column, *log_rho = discount + T, *value = log_rho + T;
  double *target = value + T + 1, *advantage = target + T;
  const vr_strip_view *v = lot->strip + b;
  size_t head = l->task_head[*v->task];
  for (size_t t = 0; t <= T; t++)
    value[t] =
      vr_popart_value(&l->popart, head, (double)lot->value[(t * n + b) * l->nvalue + head]);
  for (size_t t = 0; t < T; t++) {
    size_t i = lot->first + t * n + b;
    discount[t] = v->discount[t] * now->par->gamma;
    log_rho[t] = isnan(v->log_mu[t]) ? 0 : is->logp[i] - v->log_mu[t];
    is->rho[i] = exp(log_rho[t]);
    is->value[i] = value[t];
  }
  vr_unroll u = {v->reward, discount, log_rho, value, v->last};
  vr_vtrace(&now->par->trace, T, &u, target, advantage);
  for (size_t t = 0; t < T; t++) {
    is->target[lot->first + t * n + b] = target[t];
    is->advantage[lot->first + t * n + b] = advantage[t];
  }
}

int vr_learn_forward(void *step, size_t k, int thread)
{
  (void)thread;
  const vr_learn_step *now = step;
  vr_learner *l = now->l;
  vr_lot *lot = l->lot + k;
  const vr_samples *is = &l->is;
  size_t T = l->shape.T, d = l->shape.nact, rows, i = lot->first;
  for (size_t b = 0; b < lot->n; b++)
    lot->strip[b] = vr_strip_at(&l->shape, now->shard[k].strip[b]);
  gather(now, lot);
  mark(now, lot);
  rows = T * lot->n;
  lot->net = (vr_agent_in){.T = T + 1,
    .B = lot->n,
    .in = lot->in,
    .eye = l->shape.eye ? lot->eye : NULL,
    .priv = l->shape.npriv ? lot->priv : NULL,
    .reset = lot->reset,
    .state = lot->state};
  vr_agent_out out = {.mean = lot->mean, .std = lot->std, .value = lot->value};
  VR_TRY(old_policy(now, lot, &lot->net));
  VR_TRY(vr_agent_forward(l->agent, now->p->param, &lot->net, now->inner, lot->work, &out));
  vr_gauss_logp(rows, d, lot->mean, lot->std, lot->action, is->logp + i);
  vr_gauss_kl_split(rows, d, lot->old_mean, lot->old_std, lot->mean, lot->std, is->old_mean + i,
    is->old_spread + i);
  for (size_t j = 0; j < rows * d; j++) lot->teacher_std[j] = (float)now->par->teacher_std;
  vr_gauss_kl_split(rows, d, lot->label, lot->teacher_std, lot->mean, lot->std, is->label_mean + i,
    is->label_spread + i);
  vr_gauss_entropy(rows, d, lot->std, is->entropy + i);
  for (size_t r = 0; r < rows; r++) {
    is->spread[i + r] = 0;
    for (size_t j = 0; j < d; j++) is->spread[i + r] += (double)lot->std[r * d + j] / (double)d;
  }
  for (size_t b = 0; b < lot->n; b++) returns(now, lot, b);
  return 0;
}

/* d(loss)/d(mean, std, value) of the samples, then of the weights. */
int vr_learn_backward(void *step, size_t k, int thread)
{
  (void)thread;
  const vr_learn_step *now = step;
  vr_learner *l = now->l;
  vr_lot *lot = l->lot + k;
  const vr_samples *is = &l->is;
  size_t T = l->shape.T, d = l->shape.nact, rows = T * lot->n, all = rows + lot->n, i = lot->first;
  memset(lot->dmean, 0, all * d * sizeof *lot->dmean);
  memset(lot->dstd, 0, all * d * sizeof *lot->dstd);
  memset(lot->dvalue, 0, all * l->nvalue * sizeof *lot->dvalue);
  vr_gauss_logp_grad(
    rows, d, lot->mean, lot->std, lot->action, is->w_logp + i, lot->dmean, lot->dstd);
  if (now->par->algorithm == VR_VMPO)
    vr_gauss_kl_split_grad(rows, d, lot->old_mean, lot->old_std, lot->mean, lot->std,
      is->w_mean + i, is->w_spread + i, lot->dmean, lot->dstd);
  if (now->par->kick > 0)
    vr_gauss_kl_split_grad(rows, d, lot->label, lot->teacher_std, lot->mean, lot->std,
      is->w_label + i, is->w_label + i, lot->dmean, lot->dstd);
  if (now->par->algorithm == VR_PPO && now->par->entropy > 0)
    vr_gauss_entropy_grad(rows, d, lot->std, is->w_entropy + i, lot->dstd);
  for (size_t r = 0; r < rows; r++) {
    size_t head = is->head[i + r];
    lot->dvalue[r * l->nvalue + head] = (float)is->dvalue[i + r];
  }
  memset(lot->grad, 0, l->nparam * sizeof *lot->grad);
  return vr_agent_backward(l->agent, now->p->param, &lot->net, lot->dmean, lot->dstd, lot->dvalue,
    now->inner, lot->work, lot->grad);
}
