#include "nn/agent_plan.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WIDTH = 1 << 16 };

/* A new tensor; its first element. */
static size_t add_tensor(vr_agent *a, const char *group, const char *name, size_t rows, size_t cols,
  vr_start how, double scale)
{
  vr_tensor *t = a->tensor + a->ntensor;
  snprintf(t->name, sizeof t->name, "%s/%s", group, name);
  t->rows = rows;
  t->cols = cols;
  t->first = a->nparam;
  a->start[a->ntensor].how = how;
  a->start[a->ntensor].scale = scale;
  a->ntensor++;
  a->nparam += rows * cols;
  return t->first;
}

static vr_dense add_dense(vr_agent *a, const char *name, size_t in, size_t out)
{
  vr_dense d = {.in = in, .out = out};
  d.w = add_tensor(a, name, "w", in, out, VR_START_NORMAL, 1 / sqrt((double)in));
  d.b = add_tensor(a, name, "b", 1, out, VR_START_ZERO, 0);
  return d;
}

/* The first n layers of `widths`; the last width goes to *in. */
static void add_stack(
  vr_agent *a, const char *name, const vr_widths *widths, size_t n, size_t *in, vr_stack *s)
{
  char word[VR_ARCH_WORD];
  for (s->n = 0; s->n < n; s->n++) {
    snprintf(word, sizeof word, "%s%zu", name, s->n + 1);
    s->layer[s->n] = add_dense(a, word, *in, widths->width[s->n]);
    *in = widths->width[s->n];
    s->units += *in;
  }
}

static void add_embed(vr_agent *a, const char *name, size_t in, size_t out, vr_embed *e)
{
  e->dense = add_dense(a, name, in, out);
  e->gain = add_tensor(a, name, "gain", 1, out, VR_START_ONE, 0);
  e->bias = add_tensor(a, name, "bias", 1, out, VR_START_ZERO, 0);
}

static void add_cell(
  vr_agent *a, const char *name, size_t units, size_t signals, size_t below, vr_cell *c)
{
  vr_layer *l = a->layer + a->nlayer++;
  size_t in = signals + below;
  *c = (vr_cell){.units = units, .signals = signals, .below = below, .state = a->nstate};
  c->wx = add_tensor(a, name, "wx", in, 4 * units, VR_START_NORMAL, 1 / sqrt((double)in));
  c->wh = add_tensor(a, name, "wh", units, 4 * units, VR_START_ORTHOGONAL, 0);
  c->b = add_tensor(a, name, "b", 1, 4 * units, VR_START_FORGET, 0);
  snprintf(l->name, sizeof l->name, "%s", name);
  l->units = units;
  l->first = a->nstate;
  a->nstate += 2 * units;
}

static void add_eye(vr_agent *a)
{
  char name[VR_ARCH_WORD];
  size_t count = 0;
  vr_encoder_plan(a->arch.eye, &a->eye);
  a->eye_first = a->nparam;
  if (!a->eye.nstep) return;
  for (const vr_encoder_step *s = a->eye.step; s < a->eye.step + a->eye.nstep; s++) {
    if (s->pool) continue;
    snprintf(name, sizeof name, "eye/conv%zu", ++count);
    size_t in = 9 * s->conv.cin;
    add_tensor(a, name, "w", in, s->conv.cout, VR_START_NORMAL, sqrt(2 / (double)in));
    add_tensor(a, name, "b", 1, s->conv.cout, VR_START_ZERO, 0);
  }
  add_embed(a, "eye", a->eye.nout, a->arch.eye_out, &a->eye_end);
}

static void add_recurrence(vr_agent *a)
{
  const vr_arch *r = &a->arch;
  char name[VR_ARCH_WORD];
  if (r->core) add_cell(a, "core", r->core, a->nf + a->ne, 0, &a->core);
  for (size_t k = 0; k < r->npolicy; k++) {
    snprintf(name, sizeof name, "policy%zu", k + 1);
    add_cell(a, name, r->policy[k], k && !r->skips ? 0 : a->nsignal, k ? r->policy[k - 1] : 0,
      a->policy + k);
    a->npolicy += r->policy[k];
  }
}

static void plan(vr_agent *a)
{
  const vr_arch *r = &a->arch;
  size_t in = r->nin, width;
  add_stack(a, "mlp", &r->mlp, r->mlp.n ? r->mlp.n - 1 : 0, &in, &a->mlp);
  if (r->mlp.n) add_embed(a, "mlp", in, r->mlp.width[r->mlp.n - 1], &a->mlp_end);
  add_eye(a);

  // shortcuts of the raw inputs, where they are not the features themselves
  a->nf = r->mlp.n ? r->mlp.width[r->mlp.n - 1] : r->nin;
  a->ne = a->eye.nstep ? r->eye_out : 0;
  a->nx = r->mlp.n && (r->core || r->npolicy) ? r->nin : 0;
  a->nsignal = a->nf + a->ne + a->nx + r->core;
  a->nback = r->mlp.n || a->ne ? a->nf + a->ne : 0;
  add_recurrence(a);

  // the policy's head, and the value
  a->head_in = r->npolicy ? a->npolicy : a->nsignal;
  if (r->npolicy && !r->skips) {
    a->head_in = r->policy[r->npolicy - 1];
    a->head_first = a->npolicy - a->head_in;
  }
  width = a->head_in;
  add_stack(a, "head", &r->head, r->head.n, &width, &a->head);
  a->out = add_dense(a, "action", width, 2 * r->nact);
  a->start[a->ntensor - 2].scale *= 0.01;
  a->start[a->ntensor - 1].how = VR_START_SPREAD;
  width = r->nin + r->npriv;
  add_stack(a, "critic", &r->critic, r->critic.n, &width, &a->critic);
  if (r->nvalue) a->value = add_dense(a, "value", r->critic.n ? width : r->core, r->nvalue);
}

static int check_widths(const char *what, size_t n, const size_t *width)
{
  if (n > VR_ARCH_MAX) return vr_fail(VR_EARG, "%s: %zu layers, at most %d", what, n, VR_ARCH_MAX);
  for (size_t k = 0; k < n; k++)
    if (!width[k] || width[k] > MAX_WIDTH)
      return vr_fail(VR_EARG, "%s: a layer of %zu units, 1 to %d", what, width[k], MAX_WIDTH);
  return 0;
}

static int check(const vr_arch *r)
{
  VR_TRY(check_widths("mlp", r->mlp.n, r->mlp.width));
  VR_TRY(check_widths("policy", r->npolicy, r->policy));
  VR_TRY(check_widths("head", r->head.n, r->head.width));
  VR_TRY(check_widths("critic", r->critic.n, r->critic.width));
  if (r->eye > VR_EYE_IMPALA) return vr_fail(VR_EARG, "an eye of unknown kind %d", (int)r->eye);
  if (r->eye != VR_EYE_NONE) VR_TRY(check_widths("eye", 1, &r->eye_out));
  if (r->nin > MAX_WIDTH || r->npriv > MAX_WIDTH || r->nvalue > MAX_WIDTH || r->core > MAX_WIDTH)
    return vr_fail(VR_EARG, "an agent of more than %d columns or units", MAX_WIDTH);
  if (!r->nin) return vr_fail(VR_EARG, "an agent without inputs");
  if (!r->nact || r->nact > MAX_WIDTH)
    return vr_fail(VR_EARG, "an agent of %zu actions, 1 to %d", r->nact, MAX_WIDTH);
  if (r->nvalue && !r->critic.n && !r->core)
    return vr_fail(VR_EARG, "a value needs a core or a critic");
  if (r->npriv && !r->critic.n) return vr_fail(VR_EARG, "privileged inputs need a critic");
  if (!(r->std_floor >= 0) || !(r->std_init > r->std_floor) || !isfinite(r->std_init))
    return vr_fail(VR_EARG, "the spread starts at %g, which is not above its floor %g", r->std_init,
      r->std_floor);
  return 0;
}

int vr_agent_new(const vr_arch *arch, vr_agent **a)
{
  *a = NULL;
  VR_TRY(check(arch));
  VR_TRY(vr_alloc(a, 1, sizeof **a));
  (*a)->arch = *arch;
  plan(*a);
  return 0;
}

void vr_agent_free(vr_agent *a)
{
  vr_release(a);
}

const vr_arch *vr_agent_arch(const vr_agent *a)
{
  return &a->arch;
}

size_t vr_agent_nparam(const vr_agent *a)
{
  return a->nparam;
}

size_t vr_agent_nstate(const vr_agent *a)
{
  return a->nstate;
}

const vr_tensor *vr_agent_tensors(const vr_agent *a, size_t *n)
{
  *n = a->ntensor;
  return a->tensor;
}

const vr_layer *vr_agent_layers(const vr_agent *a, size_t *n)
{
  *n = a->nlayer;
  return a->layer;
}
