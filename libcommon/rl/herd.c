#include "rl/herd.h"

int vr_herd_reset(vr_herd *h, const vr_pool *pool, double *obs)
{
  return h->kind->reset(h->self, pool, obs);
}

int vr_herd_step(vr_herd *h, const vr_pool *pool, const float *action, const vr_herd_out *out)
{
  return h->kind->step(h->self, pool, action, out);
}

int vr_herd_look(vr_herd *h, const vr_pool *pool, uint8_t *eye)
{
  return h->kind->look(h->self, pool, eye);
}

int vr_herd_teach(vr_herd *h, const vr_pool *pool, float *label)
{
  return h->kind->teach(h->self, pool, label);
}

size_t vr_herd_state_size(const vr_herd *h)
{
  return h->kind->state_size(h->self);
}

void vr_herd_save(const vr_herd *h, void *state)
{
  h->kind->save(h->self, state);
}

int vr_herd_restore(vr_herd *h, const void *state)
{
  return h->kind->restore(h->self, state);
}

void vr_herd_free(vr_herd *h)
{
  if (h->kind) h->kind->free(h->self);
  *h = (vr_herd){0};
}
