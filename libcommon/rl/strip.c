#include "rl/strip.h"
#include "base/mem.h"
#include "nn/agent.h"
#include <string.h>

enum { ALIGN = 64 };

/* Hands out consecutive pieces of a record. */
typedef struct {
  unsigned char *at;
  size_t used;
} piece;

static void *take(piece *p, size_t n, size_t size)
{
  void *here = p->at ? p->at + p->used : NULL;
  p->used += (n * size + ALIGN - 1) / ALIGN * ALIGN;
  return n ? here : NULL;
}

static vr_strip_view lay_out(const vr_strip_shape *s, piece *p)
{
  size_t T = s->T, acts = T * s->nact;
  vr_strip_view v;
  v.task = take(p, 2, sizeof *v.task);
  v.policy = v.task ? v.task + 1 : NULL;
  v.reward = take(p, T, sizeof *v.reward);
  v.discount = take(p, T, sizeof *v.discount);
  v.last = take(p, T, sizeof *v.last);
  v.log_mu = take(p, T, sizeof *v.log_mu);
  v.state = take(p, s->nstate, sizeof *v.state);
  v.in = take(p, (T + 1) * s->nin, sizeof *v.in);
  v.priv = take(p, (T + 1) * s->npriv, sizeof *v.priv);
  v.action = take(p, acts, sizeof *v.action);
  v.mean = take(p, acts, sizeof *v.mean);
  v.std = take(p, acts, sizeof *v.std);
  v.label = take(p, acts, sizeof *v.label);
  v.reset = take(p, T + 1, 1);
  v.is = take(p, T, 1);
  v.eye = take(p, s->eye ? (T + 1) * (size_t)VR_EYE_BYTES : 0, 1);
  return v;
}

vr_strip_shape vr_strip_shape_of(const vr_arch *arch, size_t nstate, size_t T)
{
  vr_strip_shape s = {.T = T,
    .nin = arch->nin,
    .npriv = arch->npriv,
    .nact = arch->nact,
    .nstate = nstate,
    .eye = arch->eye != VR_EYE_NONE};
  piece p = {0};
  lay_out(&s, &p);
  s.bytes = p.used;
  return s;
}

vr_strip_view vr_strip_at(const vr_strip_shape *shape, void *record)
{
  piece p = {.at = record};
  return lay_out(shape, &p);
}

int vr_ring_new(const vr_strip_shape *shape, size_t room, vr_ring *r)
{
  *r = (vr_ring){.room = room, .shape = *shape};
  return vr_alloc(&r->bytes, room, shape->bytes);
}

void vr_ring_free(vr_ring *r)
{
  vr_release(r->bytes);
  *r = (vr_ring){0};
}

void *vr_ring_at(const vr_ring *r, size_t i)
{
  return r->bytes + i * r->shape.bytes;
}

void vr_ring_put(vr_ring *r, const void *records, size_t n)
{
  const unsigned char *from = records;
  for (size_t i = 0; r->room && i < n; i++) {
    memcpy(vr_ring_at(r, r->next), from + i * r->shape.bytes, r->shape.bytes);
    r->next = (r->next + 1) % r->room;
    if (r->n < r->room) r->n++;
  }
}
