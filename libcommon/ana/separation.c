#include "ana/separation.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

enum { STREAM = 0x73657061 }; // of random numbers: "sepa"

typedef struct {
  const vr_grouping *g;
  uint64_t seed;
  vr_mat far;      // n x units: sum of the distances of a point to those of a unit
  size_t *size;    // units: points
  size_t votes;    // of the nearest points in other units
  size_t *nearest; // n x votes: their units; `units` where there are no more
  vr_mat draw;     // VR_SEPARATIONS x draws
} work;

/* keeps the nearest points, in order; of equal distances the first comes first */
static void keep_nearest(size_t votes, double far, size_t unit, double *distance, size_t *nearest)
{
  size_t k = votes;
  if (!(far < distance[votes - 1])) return;
  for (; k > 1 && far < distance[k - 2]; k--) {
    distance[k - 1] = distance[k - 2];
    nearest[k - 1] = nearest[k - 2];
  }
  distance[k - 1] = far;
  nearest[k - 1] = unit;
}

/* what is needed of the distances, whatever the labels */
static int digest(const vr_mat *d, work *w)
{
  const vr_grouping *g = w->g;
  double *distance;
  VR_TRY(vr_mat_resize(&w->far, g->n, g->units));
  VR_TRY(vr_alloc(&w->size, g->units, sizeof *w->size));
  VR_TRY(vr_alloc(&w->nearest, g->n * w->votes, sizeof *w->nearest));
  VR_TRY(vr_alloc(&distance, w->votes, sizeof *distance));
  memset(w->far.a, 0, g->n * g->units * sizeof *w->far.a);
  for (size_t i = 0; i < g->n; i++) {
    size_t *nearest = w->nearest + i * w->votes;
    w->size[g->unit[i]]++;
    for (size_t k = 0; k < w->votes; k++) {
      distance[k] = HUGE_VAL;
      nearest[k] = g->units;
    }
    for (size_t j = 0; j < g->n; j++) {
      vr_row(&w->far, i)[g->unit[j]] += vr_row(d, i)[j];
      if (g->unit[j] != g->unit[i])
        keep_nearest(w->votes, vr_row(d, i)[j], g->unit[j], distance, nearest);
    }
  }
  vr_release(distance);
  return 0;
}

/* one point's silhouette; room: a sum and a count for each label */
static double silhouette(const work *w, size_t i, const int32_t *label, double *sum, double *count)
{
  const vr_grouping *g = w->g;
  size_t own = (size_t)label[g->unit[i]];
  for (size_t k = 0; k < g->labels; k++) sum[k] = count[k] = 0;
  for (size_t u = 0; u < g->units; u++) {
    if (u == g->unit[i]) continue;
    sum[label[u]] += vr_row(&w->far, i)[u];
    count[label[u]] += (double)w->size[u];
  }
  if (!(count[own] > 0)) return 0;
  double a = sum[own] / count[own], b = HUGE_VAL;
  for (size_t k = 0; k < g->labels; k++)
    if (k != own && count[k] > 0) b = fmin(b, sum[k] / count[k]);
  double most = fmax(a, b);
  return isfinite(b) && most > 0 ? (b - a) / most : 0;
}

/* the label with most votes of the nearest points; of equals, that of the nearest. count: labels */
static int32_t elect(const work *w, size_t i, const int32_t *label, double *count)
{
  const size_t *nearest = w->nearest + i * w->votes;
  int32_t best = label[nearest[0]];
  for (size_t k = 0; k < w->g->labels; k++) count[k] = 0;
  for (size_t k = 0; k < w->votes && nearest[k] < w->g->units; k++) count[label[nearest[k]]]++;
  for (size_t k = 1; k < w->votes && nearest[k] < w->g->units; k++)
    if (count[label[nearest[k]]] > count[best]) best = label[nearest[k]];
  return best;
}

/* both statistics for these labels of the units; room: 3 numbers for each label */
static void measure(const work *w, const int32_t *label, double *room, double out[VR_SEPARATIONS])
{
  const vr_grouping *g = w->g;
  double *hits = room, *points = hits + g->labels, *count = points + g->labels, total = 0,
         share = 0, there = 0;
  for (size_t i = 0; i < g->n; i++)
    total += silhouette(w, i, label, room, room + g->labels) / (double)g->n;
  for (size_t k = 0; k < g->labels; k++) hits[k] = points[k] = 0;
  for (size_t i = 0; i < g->n; i++) {
    int32_t own = label[g->unit[i]];
    points[own]++;
    hits[own] += elect(w, i, label, count) == own;
  }
  for (size_t k = 0; k < g->labels; k++) {
    share += points[k] > 0 ? hits[k] / points[k] : 0;
    there += points[k] > 0;
  }
  out[VR_SILHOUETTE] = total;
  out[VR_NEAREST] = share / there;
}

/* labels of units shuffled within each stratum: every unit swaps with one of its stratum's rest */
static void shuffle(const vr_grouping *g, vr_rng *r, int32_t *label, size_t *order)
{
  for (size_t s = 0; s < (g->stratum ? g->units : 1); s++) {
    size_t n = 0;
    for (size_t u = 0; u < g->units; u++)
      if (!g->stratum || g->stratum[u] == s) order[n++] = u;
    for (size_t k = n; k > 1; k--) {
      size_t a = order[k - 1], b = order[vr_rng_below(r, k)];
      int32_t swap = label[a];
      label[a] = label[b];
      label[b] = swap;
    }
  }
}

static int one_draw(void *ctx, size_t chunk, int thread)
{
  work *w = ctx;
  const vr_grouping *g = w->g;
  vr_rng r = vr_rng_new(w->seed, STREAM, (uint32_t)chunk);
  double out[VR_SEPARATIONS], *room;
  int32_t *label = NULL;
  size_t *order = NULL;
  (void)thread;
  VR_TRY(vr_alloc(&room, 3 * g->labels, sizeof *room));
  int code = vr_alloc(&label, g->units, sizeof *label);
  if (!code) code = vr_alloc(&order, g->units, sizeof *order);
  if (!code) {
    memcpy(label, g->label, g->units * sizeof *label);
    shuffle(g, &r, label, order);
    measure(w, label, room, out);
    for (size_t k = 0; k < VR_SEPARATIONS; k++) vr_row(&w->draw, k)[chunk] = out[k];
  }
  vr_release(order);
  vr_release(label);
  vr_release(room);
  return code;
}

/* two labels with two units each */
static int check(const vr_grouping *g)
{
  size_t good = 0, *count;
  VR_TRY(vr_alloc(&count, g->labels, sizeof *count));
  for (size_t u = 0; u < g->units; u++) count[g->label[u]]++;
  for (size_t k = 0; k < g->labels; k++) good += count[k] > 1;
  vr_release(count);
  if (good > 1) return 0;
  return vr_fail(VR_EDATA,
    "separation needs two labels with two units each: %zu of %zu labels have as many", good,
    g->labels);
}

static int compare(work *w, size_t draws, const vr_pool *pool, vr_separation *out)
{
  double value[VR_SEPARATIONS], *room;
  VR_TRY(vr_alloc(&room, 3 * w->g->labels, sizeof *room));
  measure(w, w->g->label, room, value);
  vr_release(room);
  VR_TRY(vr_mat_resize(&w->draw, VR_SEPARATIONS, draws));
  VR_TRY(vr_pool_run(pool, draws, one_draw, w));
  for (size_t k = 0; k < VR_SEPARATIONS; k++) {
    double *draw = vr_row(&w->draw, k), more = 0;
    out[k] = (vr_separation){.value = value[k], .p = 1};
    if (!draws) continue;
    for (size_t i = 0; i < draws; i++) {
      // equal but for rounding counts as equal
      more += draw[i] >= value[k] - 1e-12;
      out[k].mean += draw[i] / (double)draws;
    }
    out[k].p = (1 + more) / (1 + (double)draws);
    out[k].high = vr_quantile(draw, draws, 0.95);
  }
  return 0;
}

int vr_separation_of(const vr_mat *d, const vr_grouping *g, size_t draws, uint64_t seed,
  const vr_pool *pool, vr_separation out[VR_SEPARATIONS])
{
  work w = {.g = g, .seed = seed, .votes = g->votes ? g->votes : 1};
  if (d->rows != g->n || d->cols != g->n)
    return vr_fail(VR_EARG, "%zu x %zu distances for %zu points", d->rows, d->cols, g->n);
  VR_TRY(check(g));
  int code = digest(d, &w);
  if (!code) code = compare(&w, draws, pool, out);
  vr_mat_free(&w.far);
  vr_mat_free(&w.draw);
  vr_release(w.size);
  vr_release(w.nearest);
  return code;
}
