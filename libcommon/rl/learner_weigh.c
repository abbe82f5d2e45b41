/* learner_weigh.c -- what each sample of a batch counts, from all of them together. */
#include "base/err.h"
#include "rl/learner_state.h"
#include "rl/vmpo.h"
#include <math.h>
#include <string.h>

/* Mean of x over the samples that are marked. */
static double mean_of(const double *x, const uint8_t *mark, size_t n)
{
  double sum = 0, count = 0;
  for (size_t i = 0; i < n; i++)
    if (mark[i]) {
      sum += x[i];
      count++;
    }
  return count > 0 ? sum / count : 0;
}

static size_t count_of(const uint8_t *mark, size_t n)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += mark[i];
  return count;
}

/* Targets of each head bring its statistics on; the weights of the heads follow. w_logp is scratch
 * here. */
static void normalise_values(vr_learn_step *now)
{
  vr_learner *l = now->l;
  vr_samples *is = &l->is;
  l->popart.rate = now->par->popart;
  for (size_t k = 0; k < l->nvalue; k++) {
    size_t n = 0;
    for (size_t i = 0; i < is->n; i++)
      if (is->use[i] && is->head[i] == k) is->w_logp[n++] = is->target[i];
    vr_popart_update(&l->popart, k, is->w_logp, n, l->w_rows, now->p->param + l->w_first,
      now->p->param + l->b_first);
    now->p->value_mean[k] = vr_popart_value(&l->popart, k, 0);
    now->p->value_std[k] = vr_popart_scale(&l->popart, k);
  }
}

/* 0.5 weight (n - target)^2 in normalised values, a mean over samples. */
static void value_loss(const vr_learn_step *now, size_t used, vr_learn_stats *stats)
{
  const vr_learner *l = now->l;
  const vr_samples *is = &l->is;
  double off = 0, off2 = 0, mean = 0, all2 = 0, n = (double)used;
  for (size_t i = 0; i < is->n; i++) {
    is->dvalue[i] = 0;
    if (!is->use[i]) continue;
    double target = vr_popart_normalised(&l->popart, is->head[i], is->target[i]);
    double miss = vr_popart_normalised(&l->popart, is->head[i], is->value[i]) - target;
    is->dvalue[i] = now->par->value * miss / n;
    off += miss / n;
    off2 += miss * miss / n;
    mean += target / n;
    all2 += target * target / n;
  }
  double var = all2 - mean * mean;
  stats->value_loss = 0.5 * off2;
  stats->explained = var > 0 ? 1 - (off2 - off * off) / var : 0;
}

/* Advantages in the spread of their task's values, so that no task owns the better half. */
static void scale_advantages(const vr_learner *l)
{
  for (size_t i = 0; i < l->is.n; i++)
    l->is.advantage[i] /= vr_popart_scale(&l->popart, l->is.head[i]);
}

static void vmpo(const vr_learn_step *now, vr_learn_stats *stats)
{
  vr_learner *l = now->l;
  vr_samples *is = &l->is;
  const vr_learn_par *par = now->par;
  stats->e_kl = vr_vmpo_weigh(
    is->advantage, is->drawn, is->n, par->eps_eta, is->w_logp, &stats->eta, is->place);
  for (size_t i = 0; i < is->n; i++) {
    if (is->w_logp[i] > 0) stats->policy_loss -= is->w_logp[i] * is->logp[i];
    is->w_logp[i] = -is->w_logp[i];
    is->w_mean[i] = is->use[i] ? l->alpha[0] / stats->samples : 0;
    is->w_spread[i] = is->use[i] ? l->alpha[1] / stats->samples : 0;
  }
}

/* -mean min(rho A, clip(rho) A), A with mean 0 and spread 1, and entropy. */
static void ppo(const vr_learn_step *now, vr_learn_stats *stats)
{
  const vr_samples *is = &now->l->is;
  const vr_learn_par *par = now->par;
  double n = (double)count_of(is->drawn, is->n), var = 0;
  double mean = mean_of(is->advantage, is->drawn, is->n);
  for (size_t i = 0; i < is->n; i++)
    if (is->drawn[i]) var += (is->advantage[i] - mean) * (is->advantage[i] - mean) / n;
  for (size_t i = 0; i < is->n; i++) {
    is->w_logp[i] = 0;
    is->w_entropy[i] = is->use[i] ? -par->entropy / stats->samples : 0;
    if (!is->drawn[i]) continue;
    double a = (is->advantage[i] - mean) / fmax(sqrt(var), 1e-8), rho = is->rho[i];
    double kept = fmin(fmax(rho, 1 - par->clip), 1 + par->clip);
    stats->policy_loss -= fmin(rho * a, kept * a) / n;
    if (rho * a <= kept * a) is->w_logp[i] = -rho * a / n;
  }
}

/* KL from the teacher, a mean over labelled steps. */
static void labels(const vr_learn_step *now, vr_learn_stats *stats)
{
  const vr_samples *is = &now->l->is;
  for (size_t i = 0; i < is->n; i++)
    is->w_label[i] = is->labelled[i] ? now->par->kick / stats->labelled : 0;
  stats->label_loss =
    mean_of(is->label_mean, is->labelled, is->n) + mean_of(is->label_spread, is->labelled, is->n);
}

void vr_learn_moved(const vr_learn_step *now, vr_learn_stats *stats)
{
  const vr_samples *is = &now->l->is;
  stats->kl_mean = mean_of(is->old_mean, is->use, is->n);
  stats->kl_spread = mean_of(is->old_spread, is->use, is->n);
}

static void describe(const vr_learn_step *now, vr_learn_stats *stats)
{
  const vr_learner *l = now->l;
  const vr_samples *is = &l->is;
  stats->entropy = mean_of(is->entropy, is->use, is->n);
  stats->std = mean_of(is->spread, is->use, is->n);
  if (now->par->algorithm == VR_DISTIL) return; // who acted, and when, is nothing to it
  vr_learn_moved(now, stats);
  stats->rho = mean_of(is->rho, is->drawn, is->n);
  stats->alpha_mean = l->alpha[0];
  stats->alpha_spread = l->alpha[1];
  double clipped = 0, drawn = (double)count_of(is->drawn, is->n);
  for (size_t i = 0; i < is->n; i++)
    if (is->drawn[i])
      clipped += now->par->algorithm == VR_PPO ? fabs(is->rho[i] - 1) > now->par->clip
                                               : is->rho[i] > now->par->trace.c_max;
  stats->clipped = drawn > 0 ? clipped / drawn : 0;
}

int vr_learn_weigh(vr_learn_step *now, vr_learn_stats *stats)
{
  vr_samples *is = &now->l->is;
  *stats = (vr_learn_stats){
    .samples = (double)count_of(is->use, is->n), .labelled = (double)count_of(is->labelled, is->n)};
  if (!(stats->samples > 0)) return vr_fail(VR_EDATA, "a batch without any step to learn from");
  describe(now, stats);
  normalise_values(now);
  value_loss(now, (size_t)stats->samples, stats);
  scale_advantages(now->l);
  switch (now->par->algorithm) {
  case VR_VMPO: vmpo(now, stats); break;
  case VR_PPO: ppo(now, stats); break;
  default: memset(is->w_logp, 0, is->n * sizeof *is->w_logp);
  }
  labels(now, stats);
  double sum = stats->policy_loss + stats->value_loss + stats->kl_mean + stats->kl_spread +
               (stats->labelled > 0 ? stats->label_loss : 0);
  if (!isfinite(sum))
    return vr_fail(VR_ENUM,
      "the losses are not finite: policy %g, value %g, labels %g, KL %g and %g", stats->policy_loss,
      stats->value_loss, stats->label_loss, stats->kl_mean, stats->kl_spread);
  return 0;
}
