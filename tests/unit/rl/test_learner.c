/* The whole loss of the learner, written out once more, and its central differences against the
 * gradient that a step applies. Networks are float here, so differences are taken along directions in
 * which the loss changes most: the gradient of each tensor. In double, layer by layer:
 * tests/unit/nn. */
#include "toys.h"
#include "nn/gauss.h"
#include "rl/learner.h"
#include "rl/rollout.h"
#include "rl/vmpo.h"
#include <math.h>

enum { T = 8, SHARDS = TOY_ANIMALS / VR_SHARD, ROWS = T * VR_SHARD, N = SHARDS * ROWS };

/* Strips of a toy by one policy, a policy that has moved on, and what is constant in its loss. */
typedef struct {
  toy_run r;
  vr_learn_par par;
  vr_strip_shape shape;
  unsigned char *records;
  vr_learner *l;
  vr_agent_work *work;
  vr_strip_view strip[TOY_ANIMALS];
  size_t nact;
  float *in[SHARDS], *action[SHARDS], *old_mean[SHARDS], *old_std[SHARDS], *label[SHARDS],
    *teacher_std, *state[SHARDS], *mean, *std, *value;
  uint8_t *reset[SHARDS];
  // of each sample: shard after shard, time-major
  double weight[N], target[N], advantage[N], log_mu[N], labelled;
  uint8_t taught[N];
  double scale, shift; // of the values
} setting;

static void *room(size_t n, size_t size)
{
  void *p;
  assert_int_equal(vr_alloc(&p, n, size), 0);
  return p;
}

/* No weights from h of the core to the policy: nothing of the loss is cut from the gradient then. */
static void cut_core(vr_policy *p)
{
  size_t n, features = p->arch.nin;
  const vr_tensor *t = vr_agent_tensors(p->agent, &n);
  if (p->arch.mlp.n) features += p->arch.mlp.width[p->arch.mlp.n - 1];
  for (size_t k = 0; k < n; k++)
    if (!strncmp(t[k].name, "policy", 6) && strstr(t[k].name, "/wx") && t[k].rows > features)
      memset(p->param + t[k].first + features * t[k].cols, 0,
        p->arch.core * t[k].cols * sizeof *p->param);
}

static void gather(setting *s, size_t k)
{
  size_t d = s->nact, nin = s->shape.nin, B = VR_SHARD;
  s->in[k] = room((T + 1) * B * nin, sizeof(float));
  s->reset[k] = room((T + 1) * B, 1);
  s->state[k] = room(B * s->shape.nstate + 1, sizeof(float));
  float **acts[] = {&s->action[k], &s->old_mean[k], &s->old_std[k], &s->label[k]};
  for (int i = 0; i < 4; i++) *acts[i] = room(ROWS * d, sizeof(float));
  for (size_t b = 0; b < B; b++) {
    const vr_strip_view *v = s->strip + k * B + b;
    if (v->state)
      memcpy(s->state[k] + b * s->shape.nstate, v->state, s->shape.nstate * sizeof(float));
    for (size_t t = 0; t <= T; t++) {
      memcpy(s->in[k] + (t * B + b) * nin, v->in + t * nin, nin * sizeof(float));
      s->reset[k][t * B + b] = v->reset[t];
    }
    for (size_t t = 0; t < T; t++) {
      size_t to = (t * B + b) * d, i = k * ROWS + t * B + b;
      memcpy(s->action[k] + to, v->action + t * d, d * sizeof(float));
      memcpy(s->old_mean[k] + to, v->mean + t * d, d * sizeof(float));
      memcpy(s->old_std[k] + to, v->std + t * d, d * sizeof(float));
      memcpy(s->label[k] + to, v->label + t * d, d * sizeof(float));
      s->log_mu[i] = v->log_mu[t];
      s->taught[i] = (v->is[t] & VR_STRIP_LABEL) != 0;
      s->labelled += s->taught[i];
    }
  }
}

static void begin(setting *s, int algorithm, int memory)
{
  *s = (setting){.par = VR_LEARN_DEFAULTS};
  toy_open("toy-tap", memory, 0, 5, &s->r);
  vr_policy *p = &s->r.policy;
  vr_ranks alone = {0, 1};
  vr_rollout *o;
  vr_rollout_par how = {.seed = 5, .T = T, .labels = 1, .segment = 4};
  size_t n = vr_agent_nparam(p->agent);
  cut_core(p);
  s->nact = p->arch.nact;
  s->shape = vr_strip_shape_of(&p->arch, vr_agent_nstate(p->agent), T);
  s->records = room(TOY_ANIMALS, s->shape.bytes);
  assert_int_equal(vr_rollout_new(&s->r.herd, p, &how, &o), 0);
  assert_int_equal(vr_rollout_reset(o, NULL), 0);
  for (int i = 0; i < 2; i++) // the second begins with a memory
    assert_int_equal(vr_rollout_go(o, &how, p, 0, NULL, s->records), 0);
  assert_int_equal(vr_learner_new(p, &s->shape, SHARDS, vr_rollout_heads(o), 1, &alone, &s->l), 0);
  vr_rollout_free(o);
  for (size_t i = 0; i < TOY_ANIMALS; i++)
    s->strip[i] = vr_strip_at(&s->shape, s->records + i * s->shape.bytes);
  for (size_t k = 0; k < SHARDS; k++) gather(s, k);
  s->teacher_std = room(ROWS * s->nact, sizeof(float));
  s->mean = room((T + 1) * VR_SHARD * s->nact, sizeof(float));
  s->std = room((T + 1) * VR_SHARD * s->nact, sizeof(float));
  s->value = room((T + 1) * VR_SHARD, sizeof(float));
  assert_int_equal(vr_agent_work_new(p->agent, T + 1, VR_SHARD, 0, &s->work), 0);
  // the policy moves on, so that ratios and divergences are something
  vr_rng r = vr_rng_new(9, 0, 0);
  for (size_t i = 0; i < n; i++) p->param[i] += 0.03f * (float)vr_rng_normal(&r);
  cut_core(p);
  // a step that only tells its gradient: m of Adam
  s->par.algorithm = algorithm;
  s->par.adam = (vr_adam_par){.rate = 0, .beta1 = 0, .beta2 = 0.999, .eps = 1e-5, .clip = 0};
  s->par.kick = 0.3;
  s->par.entropy = 0.05;
  s->par.teacher_std = 0.4;
  for (size_t i = 0; i < ROWS * s->nact; i++) s->teacher_std[i] = (float)s->par.teacher_std;
}

static void end(setting *s)
{
  for (size_t k = 0; k < SHARDS; k++) {
    void *all[] = {
      s->in[k], s->action[k], s->old_mean[k], s->old_std[k], s->label[k], s->state[k], s->reset[k]};
    for (size_t i = 0; i < VR_LEN(all); i++) vr_release(all[i]);
  }
  void *all[] = {s->records, s->teacher_std, s->mean, s->std, s->value};
  for (size_t i = 0; i < VR_LEN(all); i++) vr_release(all[i]);
  vr_agent_work_free(s->work);
  vr_learner_free(s->l);
  toy_close(&s->r);
}

static void forward(setting *s, size_t k, const float *param)
{
  vr_agent_in in = {
    .T = T + 1, .B = VR_SHARD, .in = s->in[k], .reset = s->reset[k], .state = s->state[k]};
  vr_agent_out out = {.mean = s->mean, .std = s->std, .value = s->value};
  assert_int_equal(vr_agent_forward(s->r.policy.agent, param, &in, NULL, s->work, &out), 0);
}

/* Returns of a shard, by the values as they are. */
static void trace(setting *s, size_t k)
{
  double logp[ROWS];
  vr_gauss_logp(ROWS, s->nact, s->mean, s->std, s->action[k], logp);
  for (size_t b = 0; b < VR_SHARD; b++) {
    double discount[T], log_rho[T], value[T + 1], target[T], advantage[T];
    const vr_strip_view *v = s->strip + k * VR_SHARD + b;
    for (size_t t = 0; t <= T; t++) value[t] = (double)s->value[t * VR_SHARD + b];
    for (size_t t = 0; t < T; t++) {
      discount[t] = s->par.gamma * v->discount[t];
      log_rho[t] = logp[t * VR_SHARD + b] - v->log_mu[t];
    }
    vr_unroll u = {v->reward, discount, log_rho, value, v->last};
    vr_vtrace(&s->par.trace, T, &u, target, advantage);
    for (size_t t = 0; t < T; t++) {
      s->target[k * ROWS + t * VR_SHARD + b] = target[t];
      s->advantage[k * ROWS + t * VR_SHARD + b] = advantage[t];
    }
  }
}

/* What is constant: targets, advantages and the weights of the better half; before the step. */
static void fix(setting *s)
{
  double eta, mean = 0, var = 0;
  size_t place[N];
  for (size_t k = 0; k < SHARDS; k++) {
    forward(s, k, s->r.policy.param);
    trace(s, k);
  }
  if (s->par.algorithm == VR_VMPO) {
    vr_vmpo_weigh(s->advantage, NULL, N, s->par.eps_eta, s->weight, &eta, place);
    return;
  }
  for (size_t i = 0; i < N; i++) mean += s->advantage[i] / N;
  for (size_t i = 0; i < N; i++) var += (s->advantage[i] - mean) * (s->advantage[i] - mean) / N;
  for (size_t i = 0; i < N; i++) s->advantage[i] = (s->advantage[i] - mean) / sqrt(var);
}

/* What a sample adds by the policy, beside labels. */
static double of_policy(
  const setting *s, size_t i, double logp, double by_mean, double by_spread, double entropy)
{
  if (s->par.algorithm == VR_VMPO) return -s->weight[i] * logp + (by_mean + by_spread) / N;
  if (s->par.algorithm == VR_DISTIL) return 0;
  double rho = exp(logp - s->log_mu[i]), a = s->advantage[i];
  double kept = fmin(fmax(rho, 1 - s->par.clip), 1 + s->par.clip);
  return -fmin(rho * a, kept * a) / N - s->par.entropy * entropy / N;
}

static double loss(setting *s, const float *param)
{
  static double logp[ROWS], km[ROWS], ks[ROWS], lm[ROWS], ls[ROWS], entropy[ROWS];
  double sum = 0;
  size_t d = s->nact;
  for (size_t k = 0; k < SHARDS; k++) {
    forward(s, k, param);
    vr_gauss_logp(ROWS, d, s->mean, s->std, s->action[k], logp);
    vr_gauss_kl_split(ROWS, d, s->old_mean[k], s->old_std[k], s->mean, s->std, km, ks);
    vr_gauss_kl_split(ROWS, d, s->label[k], s->teacher_std, s->mean, s->std, lm, ls);
    vr_gauss_entropy(ROWS, d, s->std, entropy);
    for (size_t r = 0; r < ROWS; r++) {
      size_t i = k * ROWS + r;
      double miss = (double)s->value[r] - (s->target[i] - s->shift) / s->scale;
      sum += of_policy(s, i, logp[r], km[r], ks[r], entropy[r]);
      if (s->taught[i]) sum += s->par.kick * (lm[r] + ls[r]) / s->labelled;
      sum += s->par.value * 0.5 * miss * miss / N;
    }
  }
  return sum;
}

/* The derivative of the loss along a direction of length 1. */
static double along(setting *s, const double *way, float *moved)
{
  const float *param = s->r.policy.param;
  size_t n = vr_agent_nparam(s->r.policy.agent);
  double h = 1e-3, both[2];
  for (int side = 0; side < 2; side++) {
    for (size_t i = 0; i < n; i++) moved[i] = (float)((double)param[i] + (side ? h : -h) * way[i]);
    both[side] = loss(s, moved);
  }
  return (both[1] - both[0]) / (2 * h);
}

static void check(setting *s)
{
  vr_policy *p = &s->r.policy;
  size_t n = vr_agent_nparam(p->agent), count;
  void *records[SHARDS][VR_SHARD];
  vr_shard shard[SHARDS];
  vr_learn_stats stats;
  vr_part piece[VR_LEARNER_PIECES];
  double *way = room(n, sizeof *way), whole = 0;
  float *moved = room(n, sizeof *moved);
  for (size_t k = 0; k < SHARDS; k++) {
    for (size_t b = 0; b < VR_SHARD; b++)
      records[k][b] = s->records + (k * VR_SHARD + b) * s->shape.bytes;
    shard[k] = (vr_shard){records[k], VR_SHARD};
  }
  fix(s);
  assert_int_equal(vr_learner_step(s->l, p, &s->par, 0, shard, SHARDS, NULL, &stats), 0);
  s->scale = p->value_std[0];
  s->shift = p->value_mean[0];
  assert_true(s->labelled > 0 && stats.labelled == s->labelled && s->scale != 1);
  assert_true(s->par.algorithm == VR_DISTIL || stats.kl_mean > 1e-4);
  vr_learner_pieces(s->l, piece);
  const float *grad = piece[1].at;
  assert_string_equal(piece[1].name, "adam_m");
  for (size_t i = 0; i < n; i++) whole += (double)grad[i] * (double)grad[i];
  whole = sqrt(whole);
  const vr_tensor *t = vr_agent_tensors(p->agent, &count);
  for (size_t k = 0; k < count + 4; k++) { // each tensor's own gradient, then any direction
    double size = 0, slope = 0;
    vr_rng r = vr_rng_new(11, (uint32_t)k, 0);
    for (size_t i = 0; i < n; i++) {
      int mine = k >= count || (i >= t[k].first && i < t[k].first + t[k].rows * t[k].cols);
      way[i] = k >= count ? vr_rng_normal(&r) * (double)(grad[i] != 0) : mine ? (double)grad[i] : 0;
      size += way[i] * way[i];
    }
    if (!(size > 0)) continue;
    for (size_t i = 0; i < n; i++) {
      way[i] /= sqrt(size);
      slope += way[i] * (double)grad[i];
    }
    double found = along(s, way, moved);
    if (!(fabs(found - slope) < 1e-3 * fabs(slope) + 5e-5 * whole))
      fail_msg("%s: the loss changes by %g, the gradient says %g (all of it: %g)",
        k < count ? t[k].name : "any direction", found, slope, whole);
  }
  vr_release(way);
  vr_release(moved);
}

static void the_gradient_is_that_of_the_loss(void **state)
{
  (void)state;
  static setting s;
  for (int memory = 0; memory < 2; memory++)
    for (int algorithm = VR_VMPO; algorithm <= VR_DISTIL; algorithm++) {
      begin(&s, algorithm, memory);
      check(&s);
      end(&s);
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_gradient_is_that_of_the_loss),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
