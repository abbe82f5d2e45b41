#include "rl/policy.h"
#include "base/err.h"
#include "base/mem.h"
#include "nn/conf.h"
#include <string.h>

static int fill(vr_policy *p)
{
  const vr_arch *a = &p->arch;
  VR_TRY(vr_arch_check(a));
  VR_TRY(vr_agent_new(a, &p->agent));
  VR_TRY(vr_alloc(&p->param, vr_agent_nparam(p->agent), sizeof *p->param));
  VR_TRY(vr_norm_init(&p->norm, a->nin));
  if (a->npriv) VR_TRY(vr_norm_init(&p->priv, a->npriv));
  VR_TRY(vr_alloc(&p->value_mean, a->nvalue, sizeof *p->value_mean));
  VR_TRY(vr_alloc(&p->value_std, a->nvalue, sizeof *p->value_std));
  VR_TRY(vr_alloc(&p->head, a->nvalue, sizeof *p->head));
  VR_TRY(vr_alloc(&p->offset, a->nact, sizeof *p->offset));
  for (size_t i = 0; i < a->nvalue; i++) p->value_std[i] = 1;
  return 0;
}

int vr_policy_new(const vr_arch *arch, vr_policy *p)
{
  *p = (vr_policy){.arch = *arch};
  int code = fill(p);
  if (code) vr_policy_free(p);
  return code;
}

int vr_policy_untrained(const vr_arch *arch, uint64_t seed, vr_policy *p)
{
  VR_TRY(vr_policy_new(arch, p));
  p->seed = seed;
  vr_agent_init(p->agent, seed, p->param);
  return 0;
}

int vr_policy_curves(vr_policy *p, size_t rows, size_t cols)
{
  char(*names)[VR_ARCH_WORD];
  VR_TRY(vr_alloc(&names, cols, sizeof *names));
  int code = vr_mat_resize(&p->curves, rows, cols);
  if (code) {
    vr_release(names);
    return code;
  }
  memset(p->curves.a, 0, rows * cols * sizeof *p->curves.a);
  vr_release(p->curve);
  p->curve = names;
  return 0;
}

int vr_policy_head(const vr_policy *p, const char *task)
{
  int any = -1;
  for (size_t i = 0; i < p->arch.nvalue; i++) {
    if (!strcmp(p->head[i], task)) return (int)i;
    if (any < 0 && !*p->head[i]) any = (int)i;
  }
  return any;
}

void vr_policy_free(vr_policy *p)
{
  vr_agent_free(p->agent);
  vr_release(p->param);
  vr_norm_free(&p->norm);
  vr_norm_free(&p->priv);
  vr_release(p->value_mean);
  vr_release(p->value_std);
  vr_release(p->head);
  vr_release(p->offset);
  vr_mat_free(&p->curves);
  vr_release(p->curve);
  *p = (vr_policy){0};
}
