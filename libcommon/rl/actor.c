#include "rl/actor.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include <math.h>
#include <string.h>

enum { RNG_ACTOR = 48 };

struct vr_actor {
  const vr_policy *policy;
  vr_inputs inputs;
  vr_agent_work *work;
  vr_rng rng;
  int sample;
  const vr_clamp *clamp;
  size_t nclamp;
  float *in, *state, *mean, *std, *value; // parts of one block
};

int vr_policy_tells_value(const vr_policy *p)
{
  return p->arch.nvalue && !p->arch.npriv;
}

static int fill(vr_actor *a, const vr_sense *sense, size_t nsense, size_t nact)
{
  const vr_policy *p = a->policy;
  const vr_arch *arch = &p->arch;
  size_t nstate = vr_agent_nstate(p->agent);
  if (arch->nact != nact)
    return vr_fail(
      VR_EDATA, "the network has %zu actions, the animal %zu actuators", arch->nact, nact);
  VR_TRY(vr_inputs_find(arch, sense, nsense, &a->inputs));
  VR_TRY(vr_agent_work_new(p->agent, 1, 1, 0, &a->work));
  VR_TRY(vr_alloc(&a->in, arch->nin + nstate + 2 * nact + arch->nvalue, sizeof *a->in));
  a->state = a->in + arch->nin;
  a->mean = a->state + nstate;
  a->std = a->mean + nact;
  a->value = a->std + nact;
  return 0;
}

int vr_actor_new(
  const vr_policy *p, const vr_sense *sense, size_t nsense, size_t nact, int sample, vr_actor **a)
{
  VR_TRY(vr_alloc(a, 1, sizeof **a));
  (*a)->policy = p;
  (*a)->sample = sample;
  int code = fill(*a, sense, nsense, nact);
  if (code) {
    vr_actor_free(*a);
    *a = NULL;
  }
  return code;
}

void vr_actor_free(vr_actor *a)
{
  if (!a) return;
  vr_agent_work_free(a->work);
  vr_release(a->in);
  vr_release(a);
}

void vr_actor_start(vr_actor *a, uint64_t seed)
{
  memset(a->state, 0, vr_agent_nstate(a->policy->agent) * sizeof *a->state);
  a->rng = vr_rng_new(seed, 0, RNG_ACTOR);
}

void vr_actor_clamp(vr_actor *a, const vr_clamp *clamp, size_t n)
{
  a->clamp = clamp;
  a->nclamp = n;
}

int vr_actor_act(vr_actor *a, const double *obs, const uint8_t *eye, float *action)
{
  const vr_policy *p = a->policy;
  vr_agent_in in = {.T = 1,
    .B = 1,
    .in = a->in,
    .eye = eye,
    .state = a->state,
    .clamp = a->clamp,
    .nclamp = a->nclamp};
  vr_agent_out out = {.mean = a->mean,
    .std = a->std,
    .state = a->state,
    .value = vr_policy_tells_value(p) ? a->value : NULL};
  vr_inputs_take(&a->inputs, obs, a->in);
  vr_norm_apply(&p->norm, 1, a->in, p->norm.d, a->in, p->norm.d);
  VR_TRY(vr_agent_forward(p->agent, p->param, &in, NULL, a->work, &out));
  for (size_t i = 0; i < p->arch.nact; i++) {
    // as many draws a step whatever comes of them
    double noise = a->sample ? (double)a->std[i] * vr_rng_normal(&a->rng) : 0;
    double u = (double)a->mean[i] + (double)p->offset[i] + noise;
    if (!isfinite(u)) return vr_fail(VR_ENUM, "the network: action %zu is not finite", i);
    action[i] = (float)fmin(fmax(u, -1), 1);
  }
  return 0;
}

const float *vr_actor_state(const vr_actor *a)
{
  return a->state;
}

double vr_actor_value(const vr_actor *a, size_t head)
{
  const vr_policy *p = a->policy;
  return p->value_mean[head] + p->value_std[head] * (double)a->value[head];
}
