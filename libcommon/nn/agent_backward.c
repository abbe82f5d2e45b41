#include "base/err.h"
#include "nn/act.h"
#include "nn/agent_plan.h"
#include "nn/layernorm.h"
#include "nn/linear.h"
#include <string.h>

/* One way back of the whole batch. */
typedef struct {
  const vr_agent *a;
  const vr_real *param;
  const vr_agent_in *in;
  const vr_real *dmean, *dstd, *dvalue;
  const vr_agent_work *w;
  size_t nslice, ngroup;
  vr_real *grad; /* where the sum goes */
} run;

/* The same for one slice: `grad` is what this group of slices adds up. */
typedef struct {
  const run *r;
  vr_slice s;
  vr_real *grad;
} way;

static void dense_back(
  const way *y, const vr_dense *d, const vr_real *x, size_t ldx, const vr_real *dy, size_t ldy)
{
  vr_linear_backward(y->s.R, d->in, d->out, x, ldx, dy, ldy, y->grad + d->w, y->grad + d->b);
}

/* Of the first n inputs; dx grows or is written. */
static void dense_back_input(
  const way *y, const vr_dense *d, size_t n, const vr_real *dy, int add, vr_real *dx, size_t lddx)
{
  vr_linear_backward_input(y->s.R, n, d->out, y->r->param + d->w, dy, d->out, add, dx, lddx);
}

/* From the gradient of what `top` says back through it and the stack below, whose input is x. The
 * gradient of the first n columns of x is added to dx; n 0: nobody asks. */
static void stack_back(const way *y, const vr_stack *k, const vr_dense *top, const vr_real *dtop,
  const vr_real *x, size_t ldx, const vr_real *act, size_t n, vr_real *dx, size_t lddx)
{
  size_t R = y->s.R;
  for (size_t i = k->n; i-- > 0;) {
    size_t units = k->layer[i].out;
    const vr_real *out = act;
    for (size_t j = 0; j < i; j++) out += R * k->layer[j].out;
    dense_back(y, top, out, units, dtop, top->out);
    vr_real *d = dtop == y->s.wide[0] ? y->s.wide[1] : y->s.wide[0];
    dense_back_input(y, top, units, dtop, 0, d, units);
    vr_tanh_backward(R, units, out, units, d, units, d, units);
    top = k->layer + i;
    dtop = d;
  }
  dense_back(y, top, x, ldx, dtop, top->out);
  if (n) dense_back_input(y, top, n, dtop, 1, dx, lddx);
}

/* To the policy's h, or straight to the features. */
static void decide_back(const way *y)
{
  const run *r = y->r;
  const vr_agent *a = r->a;
  const vr_slice *s = &y->s;
  size_t n = a->arch.nact, features = a->nback;
  for (size_t i = 0; i < s->R; i++) {
    size_t row = i / s->B * r->in->B + s->first + i % s->B;
    vr_real *d = s->dout + i * 2 * n;
    memset(d, 0, 2 * n * sizeof *d);
    if (r->dmean) memcpy(d, r->dmean + row * n, n * sizeof *d);
    if (r->dstd) vr_softplus_backward(n, s->out + i * 2 * n + n, r->dstd + row * n, d + n);
  }
  if (a->npolicy)
    stack_back(y, &a->head, &a->out, s->dout, s->h + a->head_first, a->npolicy, s->head, a->head_in,
      s->dh + a->head_first, a->npolicy);
  else
    stack_back(y, &a->head, &a->out, s->dout, s->signal, a->nsignal, s->head, features, s->dsignal,
      features);
}

/* Through layer k of recurrence, from dh, to the features and the layer below. */
static void remember_back(const way *y, size_t k, const vr_cell *c, vr_real *dh, size_t lddh)
{
  const vr_agent *a = y->r->a;
  const vr_slice *s = &y->s;
  const vr_real *wx = y->r->param + c->wx, *below = wx + c->signals * 4 * c->units;
  vr_real *dwx = y->grad + c->wx;
  vr_lstm l = vr_slice_lstm(a, s, y->r->in, k);
  size_t n = 4 * c->units, features = a->nback;
  vr_lstm_backward(&l, y->r->param + c->wh, dh, lddh, s->carry, s->dgate, y->grad + c->wh);
  vr_linear_backward(s->R, c->signals, n, s->signal, a->nsignal, s->dgate, n, dwx, y->grad + c->b);
  // h of the core stands behind the features: the gradient ends before it
  if (c->signals && features)
    vr_linear_backward_input(s->R, features, n, wx, s->dgate, n, 1, s->dsignal, features);
  if (!c->below) return;
  vr_linear_backward(
    s->R, c->below, n, l.h - c->below, l.ldh, s->dgate, n, dwx + c->signals * n, NULL);
  vr_linear_backward_input(s->R, c->below, n, below, s->dgate, n, 1, dh - c->below, lddh);
}

static void policy_back(const way *y)
{
  const vr_agent *a = y->r->a;
  const vr_slice *s = &y->s;
  memset(s->dh, 0, s->R * a->npolicy * sizeof *s->dh);
  decide_back(y);
  size_t column = a->npolicy;
  for (size_t k = a->arch.npolicy; k > 0; k--) {
    column -= a->policy[k - 1].units;
    remember_back(y, k, a->policy + k - 1, s->dh + column, a->npolicy);
  }
}

static void value_back(const way *y)
{
  const run *r = y->r;
  const vr_agent *a = r->a;
  const vr_slice *s = &y->s;
  size_t n = a->arch.nvalue, core = a->arch.core;
  for (size_t i = 0; i < s->R; i++) {
    size_t row = i / s->B * r->in->B + s->first + i % s->B;
    memcpy(s->dvalue + i * n, r->dvalue + row * n, n * sizeof *s->dvalue);
  }
  if (a->arch.critic.n) {
    stack_back(y, &a->critic, &a->value, s->dvalue, s->x, a->arch.nin + a->arch.npriv, s->critic, 0,
      NULL, 0);
    return;
  }
  dense_back(y, &a->value, s->signal + a->nsignal - core, a->nsignal, s->dvalue, n);
  dense_back_input(y, &a->value, core, s->dvalue, 0, s->dcore, core);
  remember_back(y, 0, &a->core, s->dcore, core);
}

/* From the features (n of them, `first` their column) to hat's dense layer; the gradient of what
 * that says stands in wide[0]. */
static void embed_back(
  const way *y, const vr_embed *e, size_t first, const vr_real *hat, const vr_real *scale)
{
  const vr_agent *a = y->r->a;
  const vr_slice *s = &y->s;
  size_t n = e->dense.out, features = a->nback;
  vr_real *d = s->wide[0];
  vr_tanh_backward(s->R, n, s->signal + first, a->nsignal, s->dsignal + first, features, d, n);
  vr_layernorm_backward(
    s->R, n, hat, scale, y->r->param + e->gain, d, y->grad + e->gain, y->grad + e->bias, d);
}

static void sense_back(const way *y)
{
  const vr_agent *a = y->r->a;
  const vr_slice *s = &y->s;
  if (a->arch.mlp.n) {
    embed_back(y, &a->mlp_end, 0, s->mlp_hat, s->mlp_scale);
    stack_back(y, &a->mlp, &a->mlp_end.dense, s->wide[0], s->x, a->arch.nin + a->arch.npriv, s->mlp,
      0, NULL, 0);
  }
  if (!a->eye.nstep) return;
  embed_back(y, &a->eye_end, a->nf, s->eye_hat, s->eye_scale);
  dense_back(y, &a->eye_end.dense, s->flat, a->eye.nout, s->wide[0], a->ne);
  dense_back_input(y, &a->eye_end.dense, a->eye.nout, s->wide[0], 0, s->wide[1], a->eye.nout);
  vr_encoder_turn(&a->eye, y->r->param + a->eye_first, s->turned);
  for (size_t i = 0; i < s->R; i++) {
    size_t frame = i / s->B * y->r->in->B + s->first + i % s->B;
    vr_encoder_backward(&a->eye, s->turned, y->r->in->eye + frame * VR_EYE_BYTES,
      s->eye + i * a->eye.nact, s->wide[1] + i * a->eye.nout, s->deye, s->eye_scratch,
      y->grad + a->eye_first);
  }
}

/* The slices of a group, one after another, into the group's own gradient. */
static int group_backward(void *ctx, size_t group, int thread)
{
  const run *r = ctx;
  const vr_agent *a = r->a;
  way y = {.r = r, .grad = r->w->grad + group * a->nparam};
  (void)thread;
  memset(y.grad, 0, a->nparam * sizeof *y.grad);
  size_t end = (group + 1) * r->nslice / r->ngroup;
  for (size_t k = group * r->nslice / r->ngroup; k < end; k++) {
    vr_slice_lay(r->w, r->in->T, r->in->B, k, &y.s);
    memset(y.s.dsignal, 0, y.s.R * a->nback * sizeof *y.s.dsignal);
    if (r->dmean || r->dstd) policy_back(&y);
    if (r->dvalue) value_back(&y);
    sense_back(&y);
  }
  return 0;
}

enum { SUM = 1 << 15 }; // elements that a chunk adds up

/* Adds the gradients of all groups in their order. */
static int add_up(void *ctx, size_t chunk, int thread)
{
  const run *r = ctx;
  size_t n = r->a->nparam, first = chunk * SUM, end = first + SUM < n ? first + SUM : n;
  (void)thread;
  vr_real *sum = r->w->grad; // of the first group
  for (size_t g = 1; g < r->ngroup; g++)
    for (size_t i = first; i < end; i++) sum[i] += sum[g * n + i];
  for (size_t i = first; i < end; i++) r->grad[i] += sum[i];
  return 0;
}

int vr_agent_backward(const vr_agent *a, const vr_real *param, const vr_agent_in *in,
  const vr_real *dmean, const vr_real *dstd, const vr_real *dvalue, const vr_pool *pool,
  vr_agent_work *w, vr_real *grad)
{
  if (w->agent != a || !w->learn)
    return vr_fail(VR_EARG, "a work that does not learn, or another's");
  if (dvalue && !w->valued) return vr_fail(VR_EARG, "the forward pass computed no value");
  run r = {.a = a,
    .param = param,
    .in = in,
    .dmean = dmean,
    .dstd = dstd,
    .dvalue = dvalue,
    .w = w,
    .nslice = vr_slice_count(in->B),
    .ngroup = vr_group_count(in->B),
    .grad = grad};
  VR_TRY(vr_pool_run(pool, r.ngroup, group_backward, &r));
  return vr_pool_run(pool, (a->nparam + SUM - 1) / SUM, add_up, &r);
}
