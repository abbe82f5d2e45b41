#include "io/stage_mds_in.h"
#include "ana/regions.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "num/stat.h"
#include <stdio.h>
#include <string.h>

static char all[] = "all";

void vr_points_free(vr_points *p)
{
  vr_mat_free(&p->x);
  vr_str_free(&p->units);
  vr_release(p->label_name);
  vr_release(p->name);
  vr_release(p->row);
  vr_release(p->trial);
  vr_release(p->frames);
  vr_release(p->cluster);
  vr_release(p->unit);
  vr_release(p->stratum);
  vr_release(p->label);
  vr_labels_free(&p->by);
  vr_labels_free(&p->clusters);
  *p = (vr_points){0};
}

/* names of the labels; without --by there is one */
static int name_labels(vr_points *p, const vr_stage_mds_par *par)
{
  p->g.labels = par->by ? p->by.k : 1;
  VR_TRY(vr_alloc(&p->label_name, p->g.labels, sizeof *p->label_name));
  for (size_t k = 0; k < p->g.labels; k++) p->label_name[k] = par->by ? p->by.name[k] : all;
  return 0;
}

/* n points in so many units */
static int make_grouping(vr_points *p, size_t n, size_t units)
{
  VR_TRY(vr_alloc(&p->unit, n, sizeof *p->unit));
  VR_TRY(vr_alloc(&p->label, units, sizeof *p->label));
  p->g.n = n;
  p->g.units = units;
  p->g.unit = p->unit;
  p->g.label = p->label;
  return 0;
}

static int count_points(const char *path, size_t n)
{
  if (n < 2) return vr_fail(VR_EDATA, "%s: %zu points: two are needed", path, n);
  if (n <= VR_MDS_MOST) return 0;
  return vr_fail(VR_EARG, "%s: %zu points, %d can be embedded: say --frames or --means", path, n,
    (int)VR_MDS_MOST);
}

/* -- rows of a matrix of distances ------------------------------------------------------------- */

static int get_square(const vr_turn *t, const char *path, const vr_stage_mds_par *par, vr_points *p)
{
  size_t n = p->x.rows, names;
  VR_TRY(count_points(path, n));
  if (par->by) {
    VR_TRY(vr_get_labels(t, par->by, &p->by));
    if (p->by.n != n)
      return vr_fail(VR_EDATA, "'%.60s' labels %zu rows, %s has %zu", par->by, p->by.n, path, n);
    for (size_t i = 0; i < n; i++)
      if (!p->by.of[i]) return vr_fail(VR_EDATA, "'%.60s': row %zu has no label", par->by, i);
  }
  VR_TRY(name_labels(p, par));
  VR_TRY(make_grouping(p, n, n));
  for (size_t i = 0; i < n; i++) {
    p->unit[i] = i;
    p->label[i] = par->by ? p->by.of[i] - 1 : 0;
  }
  return vr_axis_words(vr_turn_find(t, path), path, 0, &p->name, &names);
}

/* -- frames ------------------------------------------------------------------------------------ */

/* the label of each trial from 1, 0 for those that are left out */
static int label_trials(
  const vr_turn *t, const vr_trials *tr, const vr_stage_mds_par *par, vr_points *p, int32_t *of)
{
  for (size_t k = 0; k < tr->n; k++) of[k] = 1;
  if (par->by) {
    VR_TRY(vr_get_labels(t, par->by, &p->by));
    VR_TRY(vr_trial_labels(&p->by, tr, par->by, of));
  }
  return name_labels(p, par);
}

/* Which rows are points: of each label at most par->frames, evenly spaced. row NULL: only counts. */
static size_t choose_rows(
  const vr_trials *tr, const int32_t *of, size_t labels, size_t most, int32_t *row, int32_t *trial)
{
  size_t n = 0;
  for (size_t g = 1; g <= labels; g++) {
    size_t there = 0, seen = 0;
    for (size_t k = 0; k < tr->n; k++) there += (size_t)of[k] == g ? tr->frames[k] : 0;
    size_t take = most && there > most ? most : there;
    for (size_t k = 0; k < tr->n; k++) {
      if ((size_t)of[k] != g) continue;
      for (size_t i = 0; i < tr->frames[k]; i++, seen++) {
        // frame `seen` is taken where seen * take / there steps on
        if (!((seen + 1) * take / there > seen * take / there)) continue;
        if (row) {
          row[n] = (int32_t)(tr->first[k] + i);
          trial[n] = (int32_t)k;
        }
        n++;
      }
    }
  }
  return n;
}

static int take_rows(vr_points *p, size_t n)
{
  vr_mat some = {0};
  VR_TRY(vr_mat_resize(&some, n, p->x.cols));
  for (size_t i = 0; i < n; i++)
    memcpy(vr_row(&some, i), vr_row(&p->x, (size_t)p->row[i]), p->x.cols * sizeof *some.a);
  vr_mat_free(&p->x);
  p->x = some;
  return 0;
}

static int get_frames(const char *path, const vr_trials *tr, const int32_t *of,
  const vr_stage_mds_par *par, vr_points *p)
{
  size_t n = choose_rows(tr, of, p->g.labels, (size_t)par->frames, NULL, NULL), units = 0;
  size_t *unit_of;
  VR_TRY(count_points(path, n));
  VR_TRY(vr_alloc(&p->row, n, sizeof *p->row));
  VR_TRY(vr_alloc(&p->trial, n, sizeof *p->trial));
  choose_rows(tr, of, p->g.labels, (size_t)par->frames, p->row, p->trial);
  VR_TRY(take_rows(p, n));
  VR_TRY(make_grouping(p, n, tr->n));
  VR_TRY(vr_alloc(&unit_of, tr->n, sizeof *unit_of));
  // units are the trials that have points, in order of their first
  for (size_t i = 0; i < n; i++) {
    size_t trial = (size_t)p->trial[i];
    if (!unit_of[trial]) {
      p->label[units] = of[trial] - 1;
      unit_of[trial] = ++units;
    }
    p->unit[i] = unit_of[trial] - 1;
  }
  p->g.units = units;
  vr_release(unit_of);
  return 0;
}

/* -- means of clusters ------------------------------------------------------------------------- */

/* a code for each frame: cluster and label of its trial, from 1; 0 where it has none of both */
static int code_frames(const vr_turn *t, const vr_trials *tr, const int32_t *of,
  const vr_stage_mds_par *par, vr_points *p, int32_t **code)
{
  VR_TRY(vr_get_labels(t, par->means, &p->clusters));
  if (!p->clusters.k || p->clusters.k * p->g.labels > 1000000)
    return vr_fail(VR_EDATA, "'%.60s' has %zu labels", par->means, p->clusters.k);
  VR_TRY(vr_alloc(code, vr_trials_rows(tr), sizeof **code));
  for (size_t k = 0; k < tr->n; k++)
    for (size_t i = tr->first[k]; i < tr->first[k] + tr->frames[k]; i++)
      if (of[k] && p->clusters.of[i])
        (*code)[i] = (int32_t)((size_t)(of[k] - 1) * p->clusters.k) + p->clusters.of[i];
  return 0;
}

/* The points: means of at least par->least frames. A point's stratum is its cluster: labels are drawn
 * among the means of one cluster. */
static int keep_means(vr_points *p, const vr_mat *mean, const int32_t *frames,
  const vr_stage_mds_par *par, const char *path, vr_str *notes)
{
  size_t k = p->clusters.k, n = 0, few = 0;
  for (size_t c = 0; c < mean->rows; c++) {
    n += frames[c] >= par->least;
    few += frames[c] > 0 && frames[c] < par->least;
  }
  if (few)
    vr_str_addf(notes, "%s: %zu means of fewer than %d frames are left out, %zu are there\n", path,
      few, par->least, n);
  VR_TRY(count_points(path, n));
  VR_TRY(vr_mat_resize(&p->x, n, mean->cols));
  VR_TRY(make_grouping(p, n, n));
  VR_TRY(vr_alloc(&p->stratum, n, sizeof *p->stratum));
  VR_TRY(vr_alloc(&p->frames, n, sizeof *p->frames));
  VR_TRY(vr_alloc(&p->cluster, n, sizeof *p->cluster));
  for (size_t c = 0, i = 0; c < mean->rows; c++) {
    if (frames[c] < par->least) continue;
    memcpy(vr_row(&p->x, i), vr_row(mean, c), mean->cols * sizeof *mean->a);
    p->unit[i] = i;
    p->label[i] = (int32_t)(c / k);
    p->stratum[i] = c % k;
    p->cluster[i] = p->clusters.name[c % k];
    p->frames[i++] = frames[c];
  }
  p->g.stratum = p->stratum;
  return 0;
}

static int get_means(const vr_turn *t, const char *path, const vr_trials *tr, const int32_t *of,
  const vr_stage_mds_par *par, vr_points *p, vr_str *notes)
{
  int32_t *label = NULL, *frames = NULL;
  vr_mat mean = {0};
  int code = code_frames(t, tr, of, par, p, &label);
  size_t k = p->clusters.k * p->g.labels;
  if (!code) code = vr_alloc(&frames, k, sizeof *frames);
  if (!code) code = vr_label_means(&p->x, label, k, &mean, frames);
  if (!code) code = keep_means(p, &mean, frames, par, path, notes);
  vr_mat_free(&mean);
  vr_release(frames);
  vr_release(label);
  return code;
}

/* -- all kinds --------------------------------------------------------------------------------- */

/* columns in units of their standard deviation; constant ones stay */
static int scale_columns(vr_mat *x)
{
  double *sd;
  VR_TRY(vr_alloc(&sd, x->cols, sizeof *sd));
  int code = vr_column_stats(x, NULL, sd);
  for (size_t i = 0; i < x->rows * x->cols && !code; i++)
    if (sd[i % x->cols] > 0) x->a[i] /= sd[i % x->cols];
  vr_release(sd);
  return code;
}

static int get_points(
  const vr_turn *t, const char *path, const vr_stage_mds_par *par, vr_points *p, vr_str *notes)
{
  vr_trials tr = {0};
  int32_t *of = NULL;
  int code = vr_get_trials(t, &tr);
  if (!code && vr_trials_rows(&tr) != p->x.rows)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, p->x.rows, vr_trials_rows(&tr));
  if (!code && par->scale) code = scale_columns(&p->x);
  if (!code) code = vr_alloc(&of, tr.n, sizeof *of);
  if (!code) code = label_trials(t, &tr, par, p, of);
  if (!code)
    code =
      par->means ? get_means(t, path, &tr, of, par, p, notes) : get_frames(path, &tr, of, par, p);
  vr_release(of);
  vr_trials_free(&tr);
  return code;
}

int vr_points_get(
  const vr_turn *t, const char *path, const vr_stage_mds_par *par, vr_points *p, vr_str *notes)
{
  VR_TRY(vr_get_mat(t, path, &p->x));
  if (!p->x.rows || !p->x.cols) return vr_fail(VR_EDATA, "%s: holds no numbers", path);
  if (par->kind == VR_MDS_POINTS) {
    int code = par->scale ? 0 : vr_units_text(vr_turn_find(t, path), path, &p->units);
    if (!p->units.n) vr_str_add(&p->units, "1");
    if (!code) code = vr_str_ok(&p->units);
    return code ? code : get_points(t, path, par, p, notes);
  }
  vr_str_add(&p->units, "1");
  VR_TRY(vr_str_ok(&p->units));
  return get_square(t, path, par, p);
}
