#include "io/stage_overlap.h"
#include "ana/mds.h"
#include "ana/separation.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/labels.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 300 };

// one line of the table
typedef struct {
  const char *measure;
  char *first, *second;
  double value, mean, bound, p;
} line;

typedef struct {
  vr_turn *t;
  const vr_stage_overlap_par *par;
  const vr_pool *pool;
  vr_mat x;
  vr_trials tr;
  vr_labels l;
  int32_t *of; // of each trial
  line *table;
  size_t n;
} work;

static char all[] = "all";
static const char *const overlaps[] = {"histogram", "bhattacharyya", "subspace"};

static int add_line(work *w, line l)
{
  VR_TRY(vr_grow(&w->table, w->n, w->n + 1, sizeof *w->table));
  w->table[w->n++] = l;
  return 0;
}

static int add_overlaps(work *w)
{
  size_t k = w->l.k, rows = VR_OVERLAPS * (1 + k * (k - 1) / 2);
  vr_overlap_row *row;
  VR_TRY(vr_alloc(&row, rows, sizeof *row));
  int code = vr_overlap(&w->x, &w->tr, w->of, k, &w->par->overlap, w->par->seed, w->pool, row);
  for (size_t r = 0; r < rows && !code; r++) {
    int mean = row[r].first == row[r].second;
    code = add_line(
      w, (line){overlaps[row[r].measure], mean ? all : w->l.name[row[r].first],
           mean ? all : w->l.name[row[r].second], row[r].value, row[r].mean, row[r].low, row[r].p});
  }
  vr_release(row);
  return code;
}

/* -- neighbours -------------------------------------------------------------------------------- */

// frames of each label, evenly spaced, and the trials that they are of
typedef struct {
  vr_mat x, d;
  size_t *unit;
  int32_t *label;
  size_t n, units;
} sample;

static void sample_free(sample *s)
{
  vr_mat_free(&s->x);
  vr_mat_free(&s->d);
  vr_release(s->unit);
  vr_release(s->label);
}

static size_t frames_of(const work *w, int32_t label)
{
  size_t n = 0;
  for (size_t k = 0; k < w->tr.n; k++) n += w->of[k] == label ? w->tr.frames[k] : 0;
  return n;
}

static int take_sample(const work *w, size_t cols, sample *s)
{
  size_t most = (size_t)w->par->frames, room = most * w->l.k;
  VR_TRY(vr_mat_resize(&s->x, room, cols));
  VR_TRY(vr_alloc(&s->unit, room, sizeof *s->unit));
  VR_TRY(vr_alloc(&s->label, w->tr.n, sizeof *s->label));
  s->n = s->units = 0;
  for (int32_t g = 1; (size_t)g <= w->l.k; g++) {
    size_t there = frames_of(w, g), take = there < most ? there : most, seen = 0;
    for (size_t k = 0; k < w->tr.n; k++) {
      size_t before = s->n;
      if (w->of[k] != g) continue;
      for (size_t i = 0; i < w->tr.frames[k]; i++, seen++) {
        if ((seen + 1) * take / there == seen * take / there) continue;
        memcpy(vr_row(&s->x, s->n), vr_row(&w->x, w->tr.first[k] + i), cols * sizeof(double));
        s->unit[s->n++] = s->units;
      }
      if (s->n > before) s->label[s->units++] = g - 1;
    }
  }
  s->x.rows = s->n;
  return vr_mds_distances(&s->x, w->pool, &s->d);
}

static int add_neighbours(work *w, size_t cols, const char *const name[VR_SEPARATIONS])
{
  sample s = {0};
  vr_separation out[VR_SEPARATIONS];
  int code = take_sample(w, cols, &s);
  vr_grouping g = {.n = s.n,
    .units = s.units,
    .labels = w->l.k,
    .unit = s.unit,
    .label = s.label,
    .votes = (size_t)w->par->neighbours};
  if (!code)
    code = vr_separation_of(&s.d, &g, (size_t)w->par->overlap.draws, w->par->seed, w->pool, out);
  for (size_t k = 0; k < VR_SEPARATIONS && !code; k++)
    code = add_line(w, (line){name[k], all, all, out[k].value, out[k].mean, out[k].high, out[k].p});
  sample_free(&s);
  return code;
}

/* -- the table --------------------------------------------------------------------------------- */

static int put_table(const work *w, const char *path)
{
  static const char *const names[] = {"value", "mean", "bound", "p"};
  char **text, to[PATH];
  double *a;
  size_t n = w->n, numbers = w->par->overlap.draws ? 4 : 1;
  VR_TRY(vr_alloc(&text, 3 * n, sizeof *text));
  int code = vr_alloc(&a, 4 * n, sizeof *a);
  for (size_t k = 0; k < n && !code; k++) {
    const line *l = &w->table[k];
    const double value[] = {l->value, l->mean, l->bound, l->p};
    memcpy(&text[k], &l->measure, sizeof text[k]);
    text[n + k] = l->first;
    text[2 * n + k] = l->second;
    for (size_t c = 0; c < 4; c++) a[c * n + k] = value[c];
  }
  static const char *const words[] = {"measure", "first", "second"};
  snprintf(to, sizeof to, "/overlap%s", path);
  if (!code) code = vr_h5_remove(w->t->out, to);
  for (size_t c = 0; c < 3 && !code; c++) {
    snprintf(to, sizeof to, "/overlap%s/%s", path, words[c]);
    code = vr_put_strings(w->t, to, text + c * n, n, "overlap");
  }
  for (size_t c = 0; c < numbers && !code; c++) {
    snprintf(to, sizeof to, "/overlap%s/%s", path, names[c]);
    code = vr_h5_put(w->t->out, to, VR_F64, 1, &n, a + c * n, "overlap", "1");
  }
  if (!code && numbers > 1)
    code = vr_h5_set_attr_num(w->t->out, to, "draws", w->par->overlap.draws);
  vr_release(a);
  vr_release(text);
  return code;
}

static int fill(work *w, const char *path, const char *by, vr_str *notes)
{
  static const char *const plane[] = {"silhouette in the plane", "neighbours in the plane"};
  static const char *const full[] = {"silhouette in full", "neighbours in full"};
  int code = w->x.cols < 2 ? vr_fail(VR_EDATA, "overlap needs two components, there is one")
                           : add_overlaps(w);
  if (!code) code = add_neighbours(w, 2, plane);
  if (!code) code = add_neighbours(w, w->x.cols, full);
  if (code == VR_EDATA) {
    vr_str_addf(notes, "%s by %s: %s\n", path, by, vr_errmsg());
    w->n = 0;
    return 0;
  }
  for (size_t k = 0; k < w->n && !code; k++)
    if (w->table[k].first == all)
      vr_str_addf(notes, "%s by %s: %s %.3g (by chance %.3g, p = %.2g)\n", path, by,
        w->table[k].measure, w->table[k].value, w->table[k].mean, w->table[k].p);
  return code;
}

int vr_stage_overlap(vr_turn *t, const char *path, const char *scores, const char *by,
  const vr_stage_overlap_par *par, const vr_pool *pool, vr_str *notes)
{
  work w = {.t = t, .par = par, .pool = pool};
  int code = vr_get_mat(t, scores, &w.x);
  if (!code) code = vr_get_trials(t, &w.tr);
  if (!code) code = vr_get_labels(t, by, &w.l);
  if (!code) code = vr_alloc(&w.of, w.tr.n, sizeof *w.of);
  if (!code) code = vr_trial_labels(&w.l, &w.tr, by, w.of);
  if (!code) code = fill(&w, path, by, notes);
  if (!code && w.n) code = put_table(&w, path);
  vr_mat_free(&w.x);
  vr_trials_free(&w.tr);
  vr_labels_free(&w.l);
  vr_release(w.of);
  vr_release(w.table);
  return code ? code : vr_str_ok(notes);
}
