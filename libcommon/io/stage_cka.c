#include "io/stage_cka.h"
#include "ana/cka_deal.h"
#include "ana/clustersum.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/features.h"
#include "io/labels.h"
#include "io/stage_cka_in.h"
#include <stdio.h>
#include <string.h>

enum { PATH = 256, BLOCK = 4096, MOST = 64 }; // rows read at a time; layers, labellings at most

// one labelling of the frames
typedef struct {
  const char *name;
  vr_labels l;
  int32_t *of; // a frame: 0, or 1 + (label - 1) * tasks + task
  vr_clustersum features;
  size_t *which, *frames, n; // clusters of enough frames, from 0, and how many they have
} part;

// clusters in a layer: their means are rows of a matrix
typedef struct {
  const char *name;
  size_t layer; // the number of layers: the features
  const size_t *which;
  size_t n, group; // as vr_clustersum_means takes them
} set;

typedef struct {
  vr_turn *t;
  const vr_stage_cka_par *par;
  const vr_pool *pool;
  const char *const *layer;
  char *layer_name[MOST];
  size_t layers, parts, tasks, rows;
  part part[MOST];
  vr_clustersum *sum; // layers x parts
  vr_labels task;
  vr_mat mean[2 * MOST]; // of the sets that are compared at a time
  vr_gram gram[2 * MOST];
  set set[2 * MOST];
  vr_cka_pair pair[MOST * MOST];
  cka_table table;
  cka_agains again;
  vr_str *notes;
} work;

static void work_free(work *w)
{
  for (size_t i = 0; i < w->parts; i++) {
    vr_labels_free(&w->part[i].l);
    vr_release(w->part[i].of);
    vr_clustersum_free(&w->part[i].features);
    vr_release(w->part[i].which);
    vr_release(w->part[i].frames);
  }
  for (size_t i = 0; i < w->layers * w->parts && w->sum; i++) vr_clustersum_free(&w->sum[i]);
  for (size_t i = 0; i < 2 * MOST; i++) {
    vr_mat_free(&w->mean[i]);
    vr_gram_free(&w->gram[i]);
  }
  for (size_t i = 0; i < w->layers; i++) vr_release(w->layer_name[i]);
  vr_release(w->sum);
  vr_cka_table_free(&w->table);
  vr_cka_agains_free(&w->again);
  vr_labels_free(&w->task);
}

/* -- sums of activity and features by cluster and task ----------------------------------------- */

static int read_tasks(work *w)
{
  const char *across = w->par->across ? w->par->across : "task";
  w->tasks = 1;
  if (!w->par->across && (w->t->foreign || !vr_has_labels(w->t, across))) return 0;
  VR_TRY(vr_get_labels(w->t, across, &w->task));
  if (w->task.k > MOST)
    return vr_fail(
      VR_EARG, "%.60s: %zu of them are too many to compare (%d)", across, w->task.k, MOST);
  if (w->task.k > 1) w->tasks = w->task.k;
  return 0;
}

static int read_labels(work *w, const char *word, part *p)
{
  char path[PATH];
  snprintf(path, sizeof path, "/label/%.200s", word);
  VR_TRY(vr_get_labels(w->t, vr_turn_has(w->t, path) ? path : word, &p->l));
  p->name = *word == '/' ? strrchr(word, '/') + 1 : word;
  if (w->parts > 1 && p->l.n != w->part[0].l.n)
    return vr_fail(VR_EDATA, "%s: labels of %zu frames, not %zu", word, p->l.n, w->part[0].l.n);
  VR_TRY(vr_alloc(&p->of, p->l.n, sizeof *p->of));
  for (size_t i = 0; i < p->l.n; i++) {
    int32_t task = w->tasks > 1 ? w->task.of[i] - 1 : 0;
    p->of[i] = p->l.of[i] && task >= 0 ? 1 + (p->l.of[i] - 1) * (int32_t)w->tasks + task : 0;
  }
  w->rows = p->l.n;
  return 0;
}

// one pass over the activity of a layer for all labellings
static int sum_layer(work *w, size_t layer)
{
  const char *path = w->layer[layer];
  const int32_t *label[MOST];
  size_t rows, cols;
  vr_matf x = {0};
  vr_clustersum *sum = w->sum + layer * w->parts;
  if (!vr_turn_has(w->t, path)) return vr_fail(VR_EDATA, "%s: not in this stream", path);
  VR_TRY(vr_get_shape(w->t, path, &rows, &cols));
  if (rows != w->rows) return vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, rows, w->rows);
  int code = 0;
  for (size_t i = 0; i < w->parts && !code; i++)
    code = vr_clustersum_init(&sum[i], w->part[i].l.k * w->tasks, cols);
  for (size_t first = 0; first < rows && !code; first += BLOCK) {
    size_t some = rows - first < BLOCK ? rows - first : BLOCK;
    for (size_t i = 0; i < w->parts; i++) label[i] = w->part[i].of + first;
    code = vr_get_rows(w->t, path, first, some, &x);
    if (!code) code = vr_clustersum_addf(sum, w->parts, &x, label, w->pool);
  }
  vr_matf_free(&x);
  return code;
}

// the features that made the clusters, scaled as they were then
static int sum_features(work *w, part *p)
{
  char path[4][PATH], **input = NULL;
  static const char *const what[] = {"input", "mean", "sd", "centre"};
  size_t n;
  vr_mat mean = {0}, sd = {0};
  vr_features f = {0};
  for (int k = 0; k < 4; k++) snprintf(path[k], PATH, "/cluster/%.200s/%s", p->name, what[k]);
  for (int k = 0; k < 3; k++)
    if (!vr_turn_has(w->t, path[k])) return 0;
  int code = vr_get_strings(w->t, path[0], &input, &n);
  if (!code) code = vr_get_mat(w->t, path[1], &mean);
  if (!code) code = vr_get_mat(w->t, path[2], &sd);
  if (!code && mean.rows != sd.rows)
    code = vr_fail(VR_EDATA, "%s and sd do not belong together", path[1]);
  for (size_t i = 0; i < n && !code; i++)
    if (!vr_turn_has(w->t, input[i]))
      code =
        vr_fail(VR_EDATA, "%s made the clusters %s and is not in this stream", input[i], p->name);
  const char *const *list = (const char *const *)input;
  if (!code) code = vr_features_get_by(w->t, list, n, mean.a, sd.a, mean.rows, &f);
  if (!code && f.x.rows != w->rows)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", input[0], f.x.rows, w->rows);
  if (!code) code = vr_clustersum_init(&p->features, p->l.k * w->tasks, f.x.cols);
  const int32_t *of = p->of;
  if (!code) code = vr_clustersum_add(&p->features, 1, &f.x, &of, w->pool);
  vr_features_free(&f);
  vr_mat_free(&mean);
  vr_mat_free(&sd);
  vr_release(input);
  return code;
}

/* -- comparisons ------------------------------------------------------------------------------- */

// clusters of enough frames
static int choose(work *w, size_t place)
{
  part *p = &w->part[place];
  const size_t *count = w->sum[place].count; // of the first layer: all have the same
  VR_TRY(vr_alloc(&p->which, p->l.k, sizeof *p->which));
  VR_TRY(vr_alloc(&p->frames, p->l.k, sizeof *p->frames));
  for (size_t c = 0; c < p->l.k; c++) {
    size_t frames = 0;
    for (size_t s = 0; s < w->tasks; s++) frames += count[c * w->tasks + s];
    if (frames < (size_t)w->par->frames) continue;
    p->which[p->n] = c;
    p->frames[p->n++] = frames;
  }
  return 0;
}

static int is_enough(work *w, const part *p, const char *between, size_t n)
{
  if (n >= (size_t)w->par->clusters) return 1;
  vr_str_addf(w->notes, "%s%s: %zu clusters of at least %d frames%s, %d are needed\n", p->name,
    between, n, w->par->frames, *between ? " in both" : "", w->par->clusters);
  return 0;
}

// how the last comparison of the table is made with the side `y` of it shifted
static int remember(work *w, size_t place, const set *y, const vr_gram *other)
{
  cka_again a = {
    .row = w->table.n - 1, .place = place, .layer = y->layer, .n = y->n, .group = y->group};
  if (!w->par->shifts) return 0;
  VR_TRY(vr_alloc(&a.which, y->n, sizeof *a.which));
  memcpy(a.which, y->which, y->n * sizeof *a.which);
  int code = vr_gram_copy(other, &a.other);
  if (!code) code = vr_grow(&w->again.item, w->again.n, w->again.n + 1, sizeof a);
  if (code) {
    vr_release(a.which);
    vr_gram_free(&a.other);
    return code;
  }
  w->again.item[w->again.n++] = a;
  return 0;
}

// The comparisons of pairs of sets with the units dealt to the layers anew, as many rows for the
// paper's estimator and as many for the debiased one.
static int deal_units(work *w, size_t sides, size_t n, double *draws)
{
  const vr_cka_hand hand = {w->layers, sides, w->mean, w->gram};
  int deals = (int)w->table.deal.draws;
  if (!deals) return 0;
  return vr_cka_deal(
    &hand, w->pair, n, deals, w->par->seed, w->pool, draws, draws + n * (size_t)deals);
}

// Adds the comparisons w->pair[0 .. n-1] to the table, in all else like `like`. They are of places in
// w->set: the layers, on every side, then features. Of features a is shifted, else b.
static int add_rows(work *w, size_t place, const cka_row *like, size_t sides, size_t n)
{
  const vr_cka_pair *pair = w->pair;
  size_t deals = w->table.deal.draws;
  vr_cka_result *r;
  double *draws = NULL;
  VR_TRY(vr_alloc(&r, n, sizeof *r));
  int code = vr_alloc(&draws, 2 * n * deals, sizeof *draws);
  if (!code) code = vr_cka_pairs(w->gram, pair, n, w->par->draws, w->par->seed, w->pool, r);
  if (!code) code = deal_units(w, sides, n, draws);
  for (size_t i = 0; i < n && !code; i++) {
    size_t a = pair[i].x, b = pair[i].y;
    const vr_gram *x = &w->gram[a], *y = &w->gram[b];
    if (!(x->norm > 0 && y->norm > 0)) {
      vr_str_addf(w->notes, "%s: %s is the same in all clusters: not compared with %s\n",
        like->labels, w->set[x->norm > 0 ? b : a].name, w->set[x->norm > 0 ? a : b].name);
      continue;
    }
    int features = w->set[b].layer == w->layers;
    cka_row row = *like;
    if (features) row.kind = "features";
    row.a = w->set[a].name;
    row.b = w->set[b].name;
    row.r = r[i];
    row.dim_a = x->dim;
    row.dim_b = y->dim;
    const double *const deal[] = {draws + i * deals, draws + (n + i) * deals};
    code = vr_cka_table_add(&w->table, &row, deal);
    if (!code) code = remember(w, place, &w->set[features ? a : b], features ? y : x);
  }
  vr_release(r);
  vr_release(draws);
  return code;
}

// the means of a set of clusters in one layer (or the features), and their similarities
static int make_set(work *w, size_t at, const part *p, size_t place, set s)
{
  const vr_clustersum *sum =
    s.layer < w->layers ? &w->sum[s.layer * w->parts + place] : &p->features;
  w->set[at] = s;
  w->set[at].name = s.layer < w->layers ? w->layer_name[s.layer] : p->name;
  VR_TRY(vr_clustersum_means(sum, s.which, s.n, s.group, &w->mean[at]));
  return vr_gram_make(&w->mean[at], &w->gram[at]);
}

// layers with layers and with the features, over all tasks
static int compare_layers(work *w, size_t place)
{
  part *p = &w->part[place];
  size_t n = 0, all = w->layers + (p->features.k > 0);
  const char *name[MOST + 1];
  VR_TRY(choose(w, place));
  if (!is_enough(w, p, "", p->n)) return 0;
  for (size_t i = 0; i < all; i++) {
    VR_TRY(make_set(w, i, p, place, (set){NULL, i, p->which, p->n, w->tasks}));
    name[i] = i < w->layers ? w->layer_name[i] : "features";
  }
  VR_TRY(vr_cka_put_similarities(w->t, p->name, name, w->mean, all, p->which, p->frames, p->n));
  const cka_row like = {
    .kind = "layers", .labels = p->name, .task_a = "all", .task_b = "all", .clusters = p->n};
  for (size_t i = 0; i < w->layers; i++)
    for (size_t j = i + 1; j < w->layers; j++) w->pair[n++] = (vr_cka_pair){i, j};
  for (size_t i = 0; i < w->layers && all > w->layers; i++)
    w->pair[n++] = (vr_cka_pair){i, w->layers};
  return add_rows(w, place, &like, 1, n);
}

// each layer in two tasks, over the clusters that have enough frames in both
static int compare_tasks(work *w, size_t place, size_t s, size_t u)
{
  const part *p = &w->part[place];
  const size_t *count = w->sum[place].count;
  size_t *which, n = 0;
  char between[PATH];
  VR_TRY(vr_alloc(&which, 2 * p->l.k + 2, sizeof *which));
  size_t *other = which + p->l.k + 1;
  for (size_t c = 0; c < p->l.k; c++) {
    which[n] = c * w->tasks + s;
    other[n] = c * w->tasks + u;
    n += count[which[n]] >= (size_t)w->par->frames && count[other[n]] >= (size_t)w->par->frames;
  }
  snprintf(between, sizeof between, ", %.60s and %.60s", w->task.name[s], w->task.name[u]);
  int code = 0;
  if (is_enough(w, p, between, n)) {
    for (size_t i = 0; i < w->layers && !code; i++) {
      code = make_set(w, i, p, place, (set){NULL, i, which, n, 1});
      if (!code) code = make_set(w, w->layers + i, p, place, (set){NULL, i, other, n, 1});
      w->pair[i] = (vr_cka_pair){i, w->layers + i};
    }
    const cka_row like = {.kind = "tasks",
      .labels = p->name,
      .task_a = w->task.name[s],
      .task_b = w->task.name[u],
      .clusters = n};
    if (!code) code = add_rows(w, place, &like, 2, w->layers);
  }
  vr_release(which);
  return code;
}

static int shift_all(work *w)
{
  const int32_t *of[MOST];
  size_t k[MOST];
  for (size_t i = 0; i < w->parts; i++) {
    of[i] = w->part[i].of;
    k[i] = w->part[i].l.k * w->tasks;
  }
  return vr_cka_shift(
    w->t, w->layer, w->layers, of, k, w->parts, w->par, w->pool, &w->again, &w->table);
}

static int compare_all(work *w)
{
  for (size_t i = 0; i < w->parts; i++) {
    VR_TRY(compare_layers(w, i));
    for (size_t s = 0; s < w->tasks; s++)
      for (size_t u = s + 1; u < w->tasks; u++) VR_TRY(compare_tasks(w, i, s, u));
  }
  const char *notes = vr_str_get(w->notes);
  if (!w->table.n)
    return vr_fail(VR_EDATA, "nothing to compare: %.*s", (int)(*notes ? strcspn(notes, "\n") : 99),
      *notes ? notes : "one layer, no features");
  if (w->par->shifts) VR_TRY(shift_all(w));
  return vr_cka_table_put(w->t, &w->table);
}

static int run(work *w, const char *const *labels, size_t nlabels)
{
  VR_TRY(read_tasks(w));
  for (size_t i = 0; i < nlabels; i++) {
    w->parts = i + 1;
    VR_TRY(read_labels(w, labels[i], &w->part[i]));
  }
  VR_TRY(vr_alloc(&w->sum, w->layers * w->parts, sizeof *w->sum));
  for (size_t i = 0; i < w->layers; i++) VR_TRY(vr_cka_layer_name(w->layer[i], &w->layer_name[i]));
  for (size_t i = 0; i < w->layers; i++) VR_TRY(sum_layer(w, i));
  for (size_t i = 0; i < w->parts; i++) VR_TRY(sum_features(w, &w->part[i]));
  VR_TRY(vr_h5_remove(w->t->out, "/cka"));
  return compare_all(w);
}

int vr_stage_cka(vr_turn *t, const char *const *layer, size_t layers, const char *const *labels,
  size_t nlabels, const vr_stage_cka_par *par, const vr_pool *pool, vr_stage_cka_info *info)
{
  work *w;
  if (layers < 1 || layers > MOST || nlabels < 1 || nlabels > MOST)
    return vr_fail(VR_EARG, "%zu layers by %zu labels: 1 to %d of each", layers, nlabels, MOST);
  if (par->clusters < 4 || par->frames < 1 || par->draws < 1 || par->shifts < 0 || par->deals < 0)
    return vr_fail(
      VR_EARG, "at least 4 clusters, 1 frame and 1 draw; shifts and deals not below 0");
  VR_TRY(vr_alloc(&w, 1, sizeof *w));
  vr_stage_cka_free(info);
  *w = (work){.t = t, .par = par, .pool = pool, .layer = layer, .layers = layers};
  w->notes = &info->notes;
  w->table.deal.draws = layers > 1 ? (size_t)par->deals : 0; // one layer has nobody to deal with
  int code = run(w, labels, nlabels);
  info->layers = layers;
  info->labels = nlabels;
  info->rows = w->table.n;
  if (!code) code = vr_str_ok(&info->notes);
  work_free(w);
  vr_release(w);
  return code;
}

void vr_stage_cka_free(vr_stage_cka_info *info)
{
  vr_str_free(&info->notes);
  *info = (vr_stage_cka_info){0};
}
