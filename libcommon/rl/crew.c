/* crew.c -- a learner and its actors: who sends what to whom.
 *
 * The learner says a word to every actor, a wish with the weights, before an unroll; a load comes back,
 * strips of fixed size and a slip of tallies and times. An unroll of round k is made with the weights of
 * round k - lag whatever clocks say, and loads are taken in the order of ranks, so nothing depends on
 * who is quick. An actor is lag unrolls ahead at most: as many loads wait for the learner. */
#include "base/err.h"
#include "base/mem.h"
#include "rl/trainer_state.h"
#include <string.h>

typedef enum { ACT, SAVE, OVER } wish;

typedef struct {
  uint64_t wish, unrolls, version; /* of the weights, in rounds */
} head;

enum { TIMES = 4, HEAD = 64, WEIGHTS = 7 };

int vr_crew_learns(const vr_trainer *t)
{
  return t->par.crew.size > 1 && !t->par.crew.rank;
}

int vr_crew_acts(const vr_trainer *t)
{
  return t->par.crew.size > 1 && t->par.crew.rank > 0;
}

static size_t actors(const vr_trainer *t)
{
  return (size_t)t->par.crew.size - 1;
}

/* All that acting takes; returns its bytes. out: into the word (NULL: only counts), else back. */
static size_t copy_weights(vr_trainer *t, unsigned char *word, int out)
{
  vr_policy *p = t->policy;
  struct {
    void *at;
    size_t bytes;
  } part[WEIGHTS] = {{p->param, vr_agent_nparam(p->agent) * sizeof *p->param},
    {p->norm.mean, 2 * p->norm.d * sizeof *p->norm.mean}, {&p->norm.count, sizeof p->norm.count},
    {p->priv.mean, 2 * p->priv.d * sizeof *p->priv.mean}, {&p->priv.count, sizeof p->priv.count},
    {p->value_mean, p->arch.nvalue * sizeof *p->value_mean},
    {p->value_std, p->arch.nvalue * sizeof *p->value_std}};
  size_t bytes = 0;
  for (size_t i = 0; i < WEIGHTS; bytes += part[i++].bytes)
    if (word && part[i].bytes)
      memcpy(out ? word + bytes : part[i].at, out ? part[i].at : word + bytes, part[i].bytes);
  return bytes;
}

static size_t word_bytes(vr_trainer *t)
{
  return HEAD + copy_weights(t, NULL, 1);
}

int vr_crew_new(vr_trainer *t)
{
  vr_crew *c = &t->crew;
  int acts = vr_crew_acts(t);
  size_t loads = t->par.lag + (acts ? 1 : 0), slip = TIMES + t->herd->ntask * sizeof(vr_tally) / 8;
  if (!acts && !vr_crew_learns(t)) return 0;
  c->nslip = slip * (acts ? 1 : actors(t));
  VR_TRY(vr_alloc(&c->word, word_bytes(t), 1));
  VR_TRY(vr_alloc(&c->mail, acts ? 2 * loads : actors(t), sizeof *c->mail));
  VR_TRY(vr_alloc(&c->load, loads * t->n, t->shape.bytes));
  return vr_alloc(&c->slip, (loads + 1) * c->nslip, sizeof *c->slip); // one more: of now
}

void vr_crew_free(vr_trainer *t)
{
  vr_crew *c = &t->crew;
  vr_release(c->word);
  vr_release(c->mail);
  vr_release(c->load);
  vr_release(c->slip);
  *c = (vr_crew){0};
}

/* -- the learner -- */

static void say(vr_trainer *t, wish what, size_t unrolls)
{
  vr_crew *c = &t->crew;
  head h = {what, unrolls, (uint64_t)t->count[VR_ROUNDS]};
  for (size_t k = 0; k < actors(t); k++) vr_ranks_settle(c->mail + k);
  memcpy(c->word, &h, sizeof h);
  copy_weights(t, c->word + HEAD, 1);
  for (size_t k = 0; k < actors(t); k++)
    vr_ranks_post(&t->par.crew, (int)k + 1, c->word, word_bytes(t), c->mail + k);
}

/* The next load of each actor. */
static void receive(vr_trainer *t, unsigned char *strips, double *slip)
{
  size_t bytes = t->herd->n * t->shape.bytes, n = t->crew.nslip / actors(t);
  for (size_t k = 0; k < actors(t); k++) {
    vr_ranks_receive(&t->par.crew, (int)k + 1, strips + k * bytes, bytes);
    vr_ranks_receive(&t->par.crew, (int)k + 1, slip + k * n, n * sizeof *slip);
  }
}

/* Tallies and times are kept as if the herd were here. */
static void add_slips(vr_trainer *t, const double *slip)
{
  vr_rollout_time *time = vr_rollout_times(t->rollout);
  double *tally = &vr_rollout_tally(t->rollout)->episodes, *times = &time->physics;
  size_t n = t->crew.nslip / actors(t);
  for (size_t k = 0; k < actors(t); k++, slip += n) {
    for (size_t i = 0; i < TIMES; i++) times[i] += slip[i];
    for (size_t i = TIMES; i < n; i++) tally[i - TIMES] += slip[i];
  }
}

void vr_crew_take(vr_trainer *t)
{
  vr_crew *c = &t->crew;
  size_t lag = t->par.lag, oldest = lag - (size_t)c->queued, bytes = t->n * t->shape.bytes;
  double *now = c->slip + lag * c->nslip;
  say(t, ACT, t->count[VR_ROUNDS] > 0 ? 1 : lag + 1);
  if (c->queued > 0) {
    memcpy(t->fresh, c->load + oldest * bytes, bytes);
    memcpy(now, c->slip + oldest * c->nslip, c->nslip * sizeof *now);
    c->queued--;
  } else {
    receive(t, t->fresh, now);
  }
  add_slips(t, now);
}

void vr_crew_drain(vr_trainer *t)
{
  vr_crew *c = &t->crew;
  size_t lag = t->par.lag, have = (size_t)c->queued, bytes = t->n * t->shape.bytes;
  size_t oldest = lag - have, n = c->nslip / actors(t);
  memmove(c->load, c->load + oldest * bytes, have * bytes);
  memmove(c->slip, c->slip + oldest * c->nslip, have * c->nslip * sizeof *c->slip);
  for (; have < lag; have++) {
    double *slip = c->slip + have * c->nslip;
    receive(t, c->load + have * bytes, slip);
    for (size_t k = 0; k < actors(t); k++) memset(slip + k * n, 0, TIMES * sizeof *slip);
  }
  c->queued = (double)lag;
}

void vr_trainer_call(vr_trainer *t, int save)
{
  if (!vr_crew_learns(t)) return;
  vr_crew_drain(t);
  say(t, save ? SAVE : OVER, 0);
  for (size_t k = 0; k < actors(t); k++) vr_ranks_settle(t->crew.mail + k);
}

/* -- an actor -- */

static int act(vr_trainer *t, const vr_pool *pool, uint64_t version)
{
  vr_crew *c = &t->crew;
  const vr_ranks *r = &t->par.crew;
  size_t place = (size_t)t->count[VR_ROUNDS] % (t->par.lag + 1), bytes = t->n * t->shape.bytes;
  unsigned char *strips = c->load + place * bytes;
  double *slip = c->slip + place * c->nslip;
  vr_ranks_mail *mail = c->mail + 2 * place;
  vr_tally *tally = vr_rollout_tally(t->rollout);
  size_t n = t->herd->ntask * sizeof *tally;
  vr_rollout_par how = vr_trainer_drive(t);
  // the learner took what was in this place before it said the word for this unroll
  vr_ranks_settle(mail);
  vr_ranks_settle(mail + 1);
  *vr_rollout_times(t->rollout) = (vr_rollout_time){0};
  memset(tally, 0, n);
  VR_TRY(vr_rollout_go(t->rollout, &how, t->policy, version, pool, strips));
  memcpy(slip, vr_rollout_times(t->rollout), TIMES * sizeof *slip);
  memcpy(slip + TIMES, tally, n);
  vr_ranks_post(r, 0, strips, bytes, mail);
  vr_ranks_post(r, 0, slip, c->nslip * sizeof *slip, mail + 1);
  t->count[VR_ROUNDS]++;
  t->count[VR_FRAMES] += (double)(t->all * t->shape.T);
  return 0;
}

int vr_trainer_serve(vr_trainer *t, const vr_pool *pool, int *save)
{
  vr_crew *c = &t->crew;
  for (;;) {
    head h;
    vr_ranks_receive(&t->par.crew, 0, c->word, word_bytes(t));
    memcpy(&h, c->word, sizeof h);
    copy_weights(t, c->word + HEAD, 0);
    for (uint64_t i = 0; i < h.unrolls; i++) VR_TRY(act(t, pool, h.version));
    if (h.wish == ACT) continue;
    *save = h.wish == SAVE;
    for (size_t i = 0; i < 2 * (t->par.lag + 1); i++) vr_ranks_settle(c->mail + i);
    return 0;
  }
}
