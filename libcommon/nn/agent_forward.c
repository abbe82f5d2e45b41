#include "base/err.h"
#include "nn/act.h"
#include "nn/agent_plan.h"
#include "nn/layernorm.h"
#include "nn/linear.h"
#include <string.h>

/* One forward of the whole batch. */
typedef struct {
  const vr_agent *a;
  const vr_real *param;
  const vr_agent_in *in;
  vr_agent_work *w;
  vr_agent_out *out;
} run;

/* Copies the rows of a slice between an array of the batch and one of the slice. */
static void gather(
  const vr_slice *s, size_t B, size_t n, const vr_real *from, vr_real *to, size_t ld)
{
  if (!from) return;
  for (size_t t = 0; t < s->T; t++)
    for (size_t b = 0; b < s->B; b++)
      memcpy(to + (t * s->B + b) * ld, from + (t * B + s->first + b) * n, n * sizeof *to);
}

static void scatter(
  const vr_slice *s, size_t B, size_t n, const vr_real *from, size_t ld, vr_real *to)
{
  if (!to) return;
  for (size_t t = 0; t < s->T; t++)
    for (size_t b = 0; b < s->B; b++)
      memcpy(to + (t * B + s->first + b) * n, from + (t * s->B + b) * ld, n * sizeof *to);
}

/* Inputs, marks of new episodes and the state at the start. */
static void enter(const run *r, vr_slice *s)
{
  const vr_agent *a = r->a;
  const vr_agent_in *in = r->in;
  size_t nin = a->arch.nin, wide = nin + a->arch.npriv;
  gather(s, in->B, nin, in->in, s->x, wide);
  gather(s, in->B, a->arch.npriv, in->priv, s->x + nin, wide);
  if (in->reset)
    for (size_t t = 0; t < s->T; t++)
      memcpy(s->reset + t * s->B, in->reset + t * in->B + s->first, s->B);
  for (size_t k = 0; k < a->nlayer; k++) {
    size_t n = a->layer[k].units, place = k + !a->arch.core;
    for (size_t b = 0; b < s->B; b++) {
      const vr_real *state = in->state + (s->first + b) * a->nstate + a->layer[k].first;
      memcpy(s->cprev[place] + b * n, state, n * sizeof *state);
      memcpy(s->hprev[place] + b * n, state + n, n * sizeof *state);
    }
  }
}

static void dense(const run *r, const vr_dense *d, size_t rows, const vr_real *x, size_t ldx,
  vr_real *y, size_t ldy)
{
  vr_linear_forward(rows, d->in, d->out, x, ldx, r->param + d->w, r->param + d->b, y, ldy);
}

/* All layers, whose outputs follow one another in act; *x and *ldx become the last. */
static void stack(
  const run *r, const vr_stack *k, size_t rows, const vr_real **x, size_t *ldx, vr_real *act)
{
  for (size_t i = 0; i < k->n; i++) {
    size_t n = k->layer[i].out;
    dense(r, k->layer + i, rows, *x, *ldx, act, n);
    vr_tanh_forward(rows, n, act, n, act, n);
    *x = act;
    *ldx = n;
    act += rows * n;
  }
}

/* Into n columns of the signals. */
static void embed(const run *r, const vr_embed *e, const vr_slice *s, const vr_real *x, size_t ldx,
  vr_real *hat, vr_real *scale, vr_real *y)
{
  size_t n = e->dense.out, ld = r->a->nsignal;
  dense(r, &e->dense, s->R, x, ldx, hat, n);
  vr_layernorm_forward(s->R, n, hat, r->param + e->gain, r->param + e->bias, hat, scale, y, ld);
  vr_tanh_forward(s->R, n, y, ld, y, ld);
}

/* Features of inputs and image, and the raw inputs. */
static void sense(const run *r, vr_slice *s)
{
  const vr_agent *a = r->a;
  const vr_real *x = s->x;
  size_t ldx = a->arch.nin + a->arch.npriv, ld = a->nsignal, learn = r->w->learn != 0;
  for (size_t i = 0; i < s->R; i++) {
    vr_real *row = s->signal + i * ld;
    if (!a->arch.mlp.n) memcpy(row, s->x + i * ldx, a->arch.nin * sizeof *row);
    memcpy(row + a->nf + a->ne, s->x + i * ldx, a->nx * sizeof *row);
  }
  if (a->arch.mlp.n) {
    stack(r, &a->mlp, s->R, &x, &ldx, s->mlp);
    embed(r, &a->mlp_end, s, x, ldx, s->mlp_hat, s->mlp_scale, s->signal);
  }
  if (!a->eye.nstep) return;
  for (size_t i = 0; i < s->R; i++) {
    size_t frame = i / s->B * r->in->B + s->first + i % s->B;
    vr_encoder_forward(&a->eye, r->param + a->eye_first, r->in->eye + frame * VR_EYE_BYTES,
      s->eye + learn * i * a->eye.nact, s->eye_scratch, s->flat + i * a->eye.nout);
  }
  embed(r, &a->eye_end, s, s->flat, a->eye.nout, s->eye_hat, s->eye_scale, s->signal + a->nf);
}

/* Layer k of recurrence; `below` its second input, or NULL. */
static void remember(const run *r, vr_slice *s, size_t k, const vr_cell *c)
{
  vr_lstm l = vr_slice_lstm(r->a, s, r->in, k);
  size_t n = 4 * c->units;
  const vr_real *wx = r->param + c->wx;
  vr_linear_forward(s->R, c->signals, n, s->signal, r->a->nsignal, wx, r->param + c->b, l.gate, n);
  if (c->below)
    vr_linear_forward(
      s->R, c->below, n, l.h - c->below, l.ldh, wx + c->signals * n, NULL, l.gate, n);
  vr_lstm_forward(&l, r->param + c->wh);
}

/* Means and spreads from the policy's h, or straight from the signals. */
static void decide(const run *r, vr_slice *s)
{
  const vr_agent *a = r->a;
  const vr_real *x = a->npolicy ? s->h + a->head_first : s->signal;
  size_t ldx = a->npolicy ? a->npolicy : a->nsignal, n = a->arch.nact;
  stack(r, &a->head, s->R, &x, &ldx, s->head);
  dense(r, &a->out, s->R, x, ldx, s->out, 2 * n);
  scatter(s, r->in->B, n, s->out, 2 * n, r->out->mean);
  if (!r->out->std) return;
  for (size_t i = 0; i < s->R; i++) {
    size_t row = i / s->B * r->in->B + s->first + i % s->B;
    vr_softplus_forward(
      n, s->out + i * 2 * n + n, (vr_real)a->arch.std_floor, r->out->std + row * n);
  }
}

static void judge(const run *r, vr_slice *s)
{
  const vr_agent *a = r->a;
  const vr_real *x = s->signal + a->nsignal - a->arch.core;
  size_t ldx = a->nsignal;
  if (a->arch.critic.n) {
    x = s->x;
    ldx = a->arch.nin + a->arch.npriv;
    stack(r, &a->critic, s->R, &x, &ldx, s->critic);
  }
  dense(r, &a->value, s->R, x, ldx, s->value, a->arch.nvalue);
  scatter(s, r->in->B, a->arch.nvalue, s->value, a->arch.nvalue, r->out->value);
}

/* Cells and outputs of each step, and the state after the last. */
static void leave(const run *r, vr_slice *s)
{
  const vr_agent *a = r->a;
  for (size_t k = 0; k < a->nlayer; k++) {
    vr_lstm l = vr_slice_lstm(a, s, r->in, k + !a->arch.core);
    size_t size = l.units * sizeof(vr_real), first = a->layer[k].first;
    for (size_t i = 0; i < s->R; i++) {
      size_t t = i / s->B, animal = s->first + i % s->B;
      vr_real *to[2] = {NULL, NULL};
      if (r->out->trace) to[0] = r->out->trace + (t * r->in->B + animal) * a->nstate + first;
      if (r->out->state && t + 1 == s->T) to[1] = r->out->state + animal * a->nstate + first;
      for (size_t j = 0; j < 2; j++) {
        if (!to[j]) continue;
        memcpy(to[j], l.c + i * l.units, size);
        memcpy(to[j] + l.units, l.h + i * l.ldh, size);
      }
    }
  }
}

static int slice_forward(void *ctx, size_t chunk, int thread)
{
  const run *r = ctx;
  vr_slice s;
  (void)thread;
  vr_slice_lay(r->w, r->in->T, r->in->B, chunk, &s);
  enter(r, &s);
  sense(r, &s);
  if (r->a->arch.core) remember(r, &s, 0, &r->a->core);
  for (size_t k = 0; k < r->a->arch.npolicy; k++) remember(r, &s, k + 1, r->a->policy + k);
  decide(r, &s);
  if (r->w->valued) judge(r, &s);
  leave(r, &s);
  return 0;
}

static int check(const vr_agent *a, const vr_agent_in *in, const vr_agent_work *w, int valued)
{
  if (w->agent != a) return vr_fail(VR_EARG, "the work of another agent");
  if (!in->T || !in->B || in->T > w->T || in->B > w->B)
    return vr_fail(
      VR_EARG, "an unroll of %zu x %zu steps in room for %zu x %zu", in->T, in->B, w->T, w->B);
  if (!in->in || (a->nstate && !in->state) || (a->eye.nstep && !in->eye))
    return vr_fail(VR_EARG, "an agent lacks its inputs, its state or its image");
  if (valued && a->arch.npriv && !in->priv)
    return vr_fail(VR_EARG, "the critic lacks its privileged inputs");
  for (size_t k = 0; k < in->nclamp; k++)
    if (in->clamp[k].layer >= a->nlayer || in->clamp[k].unit >= a->layer[in->clamp[k].layer].units)
      return vr_fail(
        VR_EARG, "clamp %zu: layer %zu has no unit %zu", k, in->clamp[k].layer, in->clamp[k].unit);
  return 0;
}

int vr_agent_forward(const vr_agent *a, const vr_real *param, const vr_agent_in *in,
  const vr_pool *pool, vr_agent_work *w, vr_agent_out *out)
{
  // a learner wants the critic's activations even if it does not look at the value
  int valued = a->arch.nvalue && (out->value || (w->learn && (in->priv || !a->arch.npriv)));
  VR_TRY(check(a, in, w, valued));
  run r = {.a = a, .param = param, .in = in, .w = w, .out = out};
  w->valued = valued;
  return vr_pool_run(pool, vr_slice_count(in->B), slice_forward, &r);
}
