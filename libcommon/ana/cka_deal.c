#include "ana/cka_deal.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include <string.h>

enum { PURPOSE = 0x6465616c, DEALS = 5 }; // of the random stream; deals of a chunk

// what a thread works with
typedef struct {
  int32_t *order; // the units, layer after layer
  double *hand;   // a layer: units x k
  vr_gram *g;     // sides x layers
} scratch;

typedef struct {
  const vr_cka_hand *h;
  const vr_cka_pair *pair;
  size_t n, k, units, deals;
  uint64_t seed;
  double *unit, *square; // sides x units x k, the columns of x centred; their squares before that
  double *paper, *debiased;
  scratch *scratch;
} job;

static int check(const vr_cka_hand *h, int deals)
{
  if (h->layers < 2 || h->sides < 1 || deals < 1)
    return vr_fail(VR_EARG, "%d deals to %zu layers: at least 1, to 2", deals, h->layers);
  if (h->x->rows < 4) return vr_fail(VR_EARG, "similarities of %zu rows, 4 are needed", h->x->rows);
  for (size_t m = 0; m < h->sides * h->layers; m++) {
    const vr_mat *x = &h->x[m], *first = &h->x[m % h->layers];
    if (x->rows != h->x->rows || x->cols != first->cols || !x->cols)
      return vr_fail(VR_EARG, "layer %zu: %zu rows of %zu units, not %zu of %zu", m % h->layers,
        x->rows, x->cols, h->x->rows, first->cols);
  }
  return 0;
}

// column j of x as a row of k numbers, centred
static void take_unit(const vr_mat *x, size_t j, double *unit, double *square)
{
  double mean = 0;
  *square = 0;
  for (size_t i = 0; i < x->rows; i++) {
    double v = vr_row(x, i)[j];
    unit[i] = v;
    mean += v / (double)x->rows;
    *square += v * v;
  }
  for (size_t i = 0; i < x->rows; i++) unit[i] -= mean;
}

static void gather(const job *j)
{
  size_t at = 0;
  for (size_t m = 0; m < j->h->sides * j->h->layers; m++)
    for (size_t c = 0; c < j->h->x[m].cols; c++, at++)
      take_unit(&j->h->x[m], c, j->unit + at * j->k, &j->square[at]);
}

// the similarities of a layer of the units order[0 .. n-1] on one side
static void deal_layer(
  const job *j, size_t side, const int32_t *order, size_t n, double *hand, vr_gram *g)
{
  double all = 0;
  for (size_t i = 0; i < n; i++) {
    size_t unit = side * j->units + (size_t)order[i];
    memcpy(hand + i * j->k, j->unit + unit * j->k, j->k * sizeof *hand);
    all += j->square[unit];
  }
  vr_syrk(n, j->k, hand, j->k, g->a);
  vr_gram_finish(g, all);
}

static int deal(void *ctx, size_t chunk, int thread)
{
  const job *j = ctx;
  const vr_cka_hand *h = j->h;
  const scratch *s = &j->scratch[thread];
  size_t dealt = h->sides * h->layers;
  size_t end = (chunk + 1) * DEALS < j->deals ? (chunk + 1) * DEALS : j->deals;
  for (size_t t = chunk * DEALS; t < end; t++) {
    vr_rng rng = vr_rng_new(j->seed, (uint32_t)t, PURPOSE);
    vr_rng_order(&rng, s->order, j->units);
    for (size_t m = 0, at = 0; m < dealt; m++) {
      if (m % h->layers == 0) at = 0;
      deal_layer(j, m / h->layers, s->order + at, h->x[m].cols, s->hand, &s->g[m]);
      at += h->x[m].cols;
    }
    for (size_t m = 0; m < j->n; m++) {
      const vr_gram *x = j->pair[m].x < dealt ? &s->g[j->pair[m].x] : &h->g[j->pair[m].x];
      const vr_gram *y = j->pair[m].y < dealt ? &s->g[j->pair[m].y] : &h->g[j->pair[m].y];
      j->paper[m * j->deals + t] = vr_cka(x, y);
      j->debiased[m * j->deals + t] = vr_cka_debiased(x, y);
    }
  }
  return 0;
}

static int allocate(job *j, size_t threads, vr_arena *arena)
{
  size_t most = 0, dealt = j->h->sides * j->h->layers, all = j->h->sides * j->units;
  for (size_t l = 0; l < j->h->layers; l++)
    if (j->h->x[l].cols > most) most = j->h->x[l].cols;
  VR_TRY(vr_arena_alloc(arena, &j->unit, all * j->k, sizeof *j->unit));
  VR_TRY(vr_arena_alloc(arena, &j->square, all, sizeof *j->square));
  VR_TRY(vr_arena_alloc(arena, &j->scratch, threads, sizeof *j->scratch));
  for (scratch *s = j->scratch; s < j->scratch + threads; s++) {
    VR_TRY(vr_arena_alloc(arena, &s->order, j->units, sizeof *s->order));
    VR_TRY(vr_arena_alloc(arena, &s->hand, most * j->k, sizeof *s->hand));
    VR_TRY(vr_arena_alloc(arena, &s->g, dealt, sizeof *s->g));
    for (size_t m = 0; m < dealt; m++) {
      s->g[m].k = j->k;
      VR_TRY(vr_arena_alloc(arena, &s->g[m].a, j->k * j->k, sizeof *s->g[m].a));
    }
  }
  return 0;
}

int vr_cka_deal(const vr_cka_hand *h, const vr_cka_pair *pair, size_t n, int deals, uint64_t seed,
  const vr_pool *pool, double *paper, double *debiased)
{
  vr_arena arena = {0};
  VR_TRY(check(h, deals));
  job j = {.h = h,
    .pair = pair,
    .n = n,
    .k = h->x->rows,
    .deals = (size_t)deals,
    .seed = seed,
    .paper = paper,
    .debiased = debiased};
  for (size_t l = 0; l < h->layers; l++) j.units += h->x[l].cols;
  for (size_t m = 0; m < n; m++) {
    size_t dealt = h->sides * h->layers;
    if ((pair[m].x >= dealt && h->g[pair[m].x].k != j.k) ||
        (pair[m].y >= dealt && h->g[pair[m].y].k != j.k))
      return vr_fail(VR_EARG, "pair %zu: similarities of other than %zu rows", m, j.k);
  }
  int code = allocate(&j, (size_t)vr_pool_threads(pool), &arena);
  if (!code) gather(&j);
  if (!code) code = vr_pool_run(pool, (j.deals + DEALS - 1) / DEALS, deal, &j);
  vr_arena_free(&arena);
  return code;
}
