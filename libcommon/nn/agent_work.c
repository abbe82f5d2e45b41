#include "base/err.h"
#include "base/mem.h"
#include "nn/agent_plan.h"
#include <stdint.h>

/* Room in a block, or, without one, how much it takes. */
typedef struct {
  vr_real *base;
  size_t used;
} room;

static vr_real *take(room *m, size_t n)
{
  vr_real *at = m->base ? m->base + m->used : NULL;
  m->used += (n + 15) / 16 * 16;
  return at;
}

static size_t largest(size_t a, size_t b)
{
  return a > b ? a : b;
}

/* Columns of the widest array that passes through a perceptron or an embedding. */
static size_t widest(const vr_agent *a)
{
  size_t most = largest(largest(a->nf, a->ne), largest(a->eye.nout, a->head_in));
  const vr_stack *stack[] = {&a->mlp, &a->head, &a->critic};
  for (size_t k = 0; k < VR_LEN(stack); k++)
    for (size_t i = 0; i < stack[k]->n; i++) most = largest(most, stack[k]->layer[i].out);
  return most;
}

static const vr_cell *cell(const vr_agent *a, size_t k)
{
  return k ? a->policy + k - 1 : &a->core;
}

static void lay_back(const vr_agent *a, room *m, vr_slice *s)
{
  size_t units = 0, R = s->R;
  for (size_t k = 0; k <= a->arch.npolicy; k++) units = largest(units, cell(a, k)->units);
  s->dout = take(m, R * 2 * a->arch.nact);
  s->dvalue = take(m, R * a->arch.nvalue);
  s->dsignal = take(m, R * a->nback);
  s->dh = take(m, R * a->npolicy);
  s->dcore = take(m, R * a->arch.core);
  s->dgate = take(m, R * 4 * units);
  s->carry = take(m, (2 * s->B + 4 * units) * units);
  s->deye = take(m, a->eye.nact);
  s->turned = take(m, a->eye.nparam);
  for (size_t k = 0; k < 2; k++) s->wide[k] = take(m, R * widest(a));
}

/* The arrays of a slice whose T, B are set. */
static void lay(const vr_agent *a, int learn, room *m, vr_slice *s)
{
  size_t R = s->T * s->B;
  s->R = R;
  s->x = take(m, R * (a->arch.nin + a->arch.npriv));
  s->signal = take(m, R * a->nsignal);
  s->h = take(m, R * a->npolicy);
  s->mlp = take(m, R * a->mlp.units);
  s->mlp_hat = take(m, R * a->mlp_end.dense.out);
  s->mlp_scale = take(m, R);
  s->eye = take(m, (learn ? R : 1) * a->eye.nact);
  s->eye_scratch = take(m, a->eye.nscratch);
  s->flat = take(m, R * a->eye.nout);
  s->eye_hat = take(m, R * a->eye_end.dense.out);
  s->eye_scale = take(m, R);
  for (size_t k = 0; k <= a->arch.npolicy; k++) {
    size_t units = cell(a, k)->units;
    s->gate[k] = take(m, R * 4 * units);
    s->cprev[k] = take(m, R * units);
    s->hprev[k] = take(m, R * units);
    s->c[k] = take(m, R * units);
  }
  s->head = take(m, R * a->head.units);
  s->critic = take(m, R * a->critic.units);
  s->out = take(m, R * 2 * a->arch.nact);
  s->value = take(m, R * a->arch.nvalue);
  s->reset = (uint8_t *)take(m, R / sizeof(vr_real) + 1);
  if (learn) lay_back(a, m, s);
}

static size_t slice_room(const vr_agent *a, size_t T, size_t B, int learn)
{
  room m = {0};
  vr_slice s = {.T = T, .B = B};
  lay(a, learn, &m, &s);
  return m.used;
}

void vr_slice_lay(const vr_agent_work *w, size_t T, size_t B, size_t k, vr_slice *s)
{
  size_t size = vr_slice_size(B);
  room m = {.base = w->block};
  *s = (vr_slice){.T = T, .first = k * size};
  s->B = B - s->first < size ? B - s->first : size;
  m.base += k * slice_room(w->agent, T, size < B ? size : B, w->learn);
  lay(w->agent, w->learn, &m, s);
}

vr_lstm vr_slice_lstm(const vr_agent *a, const vr_slice *s, const vr_agent_in *in, size_t k)
{
  size_t column = a->nsignal - a->arch.core; // of the core, at the end of the signals
  vr_lstm l = {.T = s->T,
    .B = s->B,
    .units = cell(a, k)->units,
    .clamp = in->clamp,
    .nclamp = in->nclamp,
    .layer = k,
    .gate = s->gate[k],
    .cprev = s->cprev[k],
    .hprev = s->hprev[k],
    .c = s->c[k],
    .h = s->signal + column,
    .ldh = a->nsignal};
  l.reset = in->reset ? s->reset : NULL;
  if (!a->arch.core) l.layer--; // the layers are those that exist
  if (!k) return l;
  l.h = s->h;
  l.ldh = a->npolicy;
  for (size_t i = 0; i + 1 < k; i++) l.h += a->policy[i].units;
  return l;
}

int vr_agent_work_new(const vr_agent *a, size_t T, size_t B, int learn, vr_agent_work **w)
{
  *w = NULL;
  if (!T || !B || T > SIZE_MAX / B / 4096 || T * B > (size_t)1 << 28)
    return vr_fail(VR_EARG, "an unroll of %zu steps of %zu animals cannot be", T, B);
  // a batch below 64 is cut finer than a larger one
  size_t few = B < 64 ? B : 63, most = 0;
  if (B >= 64) most = vr_slice_count(B) * slice_room(a, T, 32, learn);
  most = largest(most, vr_slice_count(few) * slice_room(a, T, few < 16 ? few : 16, learn));
  size_t ngroup = largest(vr_group_count(few), vr_group_count(B));

  VR_TRY(vr_alloc(w, 1, sizeof **w));
  **w = (vr_agent_work){.agent = a, .T = T, .B = B, .learn = learn, .ngroup = ngroup};
  int code = vr_alloc(&(*w)->block, most, sizeof(vr_real));
  if (!code && learn) code = vr_alloc(&(*w)->grad, ngroup * a->nparam, sizeof(vr_real));
  if (code) {
    vr_agent_work_free(*w);
    *w = NULL;
  }
  return code;
}

void vr_agent_work_free(vr_agent_work *w)
{
  if (!w) return;
  vr_release(w->block);
  vr_release(w->grad);
  vr_release(w);
}
