/* stage_cka_shift.c -- the null of vr-cka for signals that change slowly: activity shifted in time. */
#include "ana/clustersum.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "io/stage_cka_in.h"
#include <string.h>

enum { PURPOSE = 0x73686966, TOGETHER = 8 }; // of the random stream; shifts in one pass

// what a thread works with
typedef struct {
  int32_t *label[TOGETHER];
  vr_clustersum sum[TOGETHER];
  vr_mat mean;
  vr_gram gram;
} scratch;

typedef struct {
  const cka_agains *again;
  const vr_trials *tr;
  const int32_t *of;
  const vr_matf *x; // the layer
  size_t k, place, layer, shifts;
  uint64_t seed;
  double *paper, *debiased; // rows of the table x shifts
  scratch *scratch;
} job;

void vr_cka_agains_free(cka_agains *list)
{
  for (size_t i = 0; i < list->n; i++) {
    vr_release(list->item[i].which);
    vr_gram_free(&list->item[i].other);
  }
  vr_release(list->item);
  *list = (cka_agains){0};
}

// the labels of every trial turned round: as if the activity came that much earlier
static void turn_labels(const job *j, size_t shift, int32_t *label)
{
  vr_rng rng = vr_rng_new(j->seed, (uint32_t)shift, PURPOSE);
  for (size_t k = 0; k < j->tr->n; k++) {
    size_t n = j->tr->frames[k], by = vr_rng_below(&rng, n);
    const int32_t *from = j->of + j->tr->first[k];
    int32_t *to = label + j->tr->first[k];
    memcpy(to + by, from, (n - by) * sizeof *to);
    memcpy(to, from + (n - by), by * sizeof *to);
  }
}

// the comparisons of one shift, from the sums of the clusters
static int compare(const job *j, size_t shift, const vr_clustersum *sum, scratch *s)
{
  for (size_t i = 0; i < j->again->n; i++) {
    const cka_again *a = &j->again->item[i];
    if (a->place != j->place || a->layer != j->layer) continue;
    VR_TRY(vr_clustersum_means(sum, a->which, a->n, a->group, &s->mean));
    VR_TRY(vr_gram_make(&s->mean, &s->gram));
    j->paper[a->row * j->shifts + shift] = vr_cka(&a->other, &s->gram);
    j->debiased[a->row * j->shifts + shift] = vr_cka_debiased(&a->other, &s->gram);
  }
  return 0;
}

static int shift_some(void *ctx, size_t chunk, int thread)
{
  const job *j = ctx;
  scratch *s = &j->scratch[thread];
  const int32_t *label[TOGETHER] = {0};
  size_t first = chunk * TOGETHER, n = j->shifts - first < TOGETHER ? j->shifts - first : TOGETHER;
  for (size_t k = 0; k < n; k++) {
    turn_labels(j, first + k, s->label[k]);
    label[k] = s->label[k];
    VR_TRY(vr_clustersum_init(&s->sum[k], j->k, j->x->cols));
  }
  VR_TRY(vr_clustersum_addf(s->sum, n, j->x, label, NULL));
  for (size_t k = 0; k < n; k++) VR_TRY(compare(j, first + k, &s->sum[k], s));
  return 0;
}

static int shift_layer(vr_turn *t, job *j, const char *path, const int32_t *const *of,
  const size_t *k, size_t places, const vr_pool *pool)
{
  vr_matf x = {0};
  int code = vr_get_matf(t, path, &x);
  for (j->place = 0; j->place < places && !code; j->place++) {
    int any = 0;
    for (size_t i = 0; i < j->again->n; i++)
      any |= j->again->item[i].place == j->place && j->again->item[i].layer == j->layer;
    if (!any) continue;
    j->of = of[j->place];
    j->k = k[j->place];
    j->x = &x;
    code = vr_pool_run(pool, (j->shifts + TOGETHER - 1) / TOGETHER, shift_some, j);
  }
  vr_matf_free(&x);
  return code;
}

// what the draws of every row say of its values
static int judge(cka_table *table)
{
  size_t draws = table->shift.draws, bytes = draws * sizeof(double);
  double *sorted;
  VR_TRY(vr_alloc(&sorted, draws, sizeof *sorted));
  for (size_t i = 0; i < table->n; i++) {
    cka_row *row = &table->row[i];
    memcpy(sorted, table->shift.paper + i * draws, bytes);
    row->shift.paper = vr_cka_judge(row->r.paper.value, sorted, draws);
    memcpy(sorted, table->shift.debiased + i * draws, bytes);
    row->shift.debiased = vr_cka_judge(row->r.debiased.value, sorted, draws);
  }
  vr_release(sorted);
  return 0;
}

static int shift_all(vr_turn *t, job *j, const char *const *layer, size_t layers,
  const int32_t *const *of, const size_t *k, size_t places, const vr_pool *pool, cka_table *table)
{
  size_t threads = (size_t)vr_pool_threads(pool), frames = vr_trials_rows(j->tr);
  table->shift.draws = j->shifts;
  VR_TRY(vr_alloc(&table->shift.paper, table->n * j->shifts, sizeof *j->paper));
  VR_TRY(vr_alloc(&table->shift.debiased, table->n * j->shifts, sizeof *j->debiased));
  j->paper = table->shift.paper;
  j->debiased = table->shift.debiased;
  VR_TRY(vr_alloc(&j->scratch, threads, sizeof *j->scratch));
  for (size_t i = 0; i < threads; i++)
    for (size_t m = 0; m < TOGETHER; m++)
      VR_TRY(vr_alloc(&j->scratch[i].label[m], frames, sizeof(int32_t)));
  for (j->layer = 0; j->layer < layers; j->layer++)
    VR_TRY(shift_layer(t, j, layer[j->layer], of, k, places, pool));
  return judge(table);
}

int vr_cka_shift(vr_turn *t, const char *const *layer, size_t layers, const int32_t *const *of,
  const size_t *k, size_t places, const vr_stage_cka_par *par, const vr_pool *pool,
  const cka_agains *again, cka_table *table)
{
  vr_trials tr = {0};
  job j = {.again = again, .tr = &tr, .shifts = (size_t)par->shifts, .seed = par->seed};
  VR_TRY(vr_get_trials(t, &tr));
  int code = shift_all(t, &j, layer, layers, of, k, places, pool, table);
  for (int i = 0; i < vr_pool_threads(pool) && j.scratch; i++) {
    for (size_t m = 0; m < TOGETHER; m++) {
      vr_release(j.scratch[i].label[m]);
      vr_clustersum_free(&j.scratch[i].sum[m]);
    }
    vr_mat_free(&j.scratch[i].mean);
    vr_gram_free(&j.scratch[i].gram);
  }
  vr_release(j.scratch);
  vr_trials_free(&tr);
  return code;
}
