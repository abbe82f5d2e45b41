#include "io/stage_align_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/put.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const vr_align_names[VR_ALIGN_STATISTICS] = {
  "split-half", "ridge", "single", "quench", "uniform", "entropy"};

static void work_free(vr_align_work *w)
{
  vr_mat_free(&w->z);
  vr_trials_free(&w->tr);
  vr_marks_free(&w->marks);
  vr_release(w->w);
  vr_release(w->time);
  vr_release(w->names);
  vr_release(w->unit);
}

// columns that change, with mean 0 and sd 1 over the recording
static int standardise(vr_mat *x, vr_align_work *w, vr_stage_align_info *info)
{
  double *mean;
  size_t d = x->cols, kept = 0;
  VR_TRY(vr_alloc(&mean, 2 * d, sizeof *mean));
  int code = vr_column_stats(x, mean, mean + d);
  if (!code) code = vr_alloc(&w->unit, d, sizeof *w->unit);
  for (size_t j = 0; j < d && !code; j++)
    if (mean[d + j] > 1e-13 * fabs(mean[j])) w->unit[kept++] = j;
  if (!code && !kept) code = vr_fail(VR_EDATA, "none of the %zu columns changes", d);
  if (!code) code = vr_mat_resize(&w->z, x->rows, kept);
  for (size_t i = 0; i < x->rows && !code; i++)
    for (size_t k = 0; k < kept; k++) {
      size_t j = w->unit[k];
      vr_row(&w->z, i)[k] = (vr_row(x, i)[j] - mean[j]) / mean[d + j];
    }
  info->units = kept;
  info->constant = d - kept;
  vr_release(mean);
  return code;
}

// s to the next event of the trial, 0 where there is none; strides tell it themselves
static double lasts(const vr_marks *m, size_t i)
{
  const vr_mark *e = m->row + i;
  if (!strcmp(e->name, "stride") && e->value > 0) return e->value;
  return i + 1 < m->n && e[1].trial == e->trial ? e[1].time - e->time : 0;
}

static int place_windows(vr_align_work *w, const vr_stage_align_par *par, vr_stage_align_info *info)
{
  size_t n = w->marks.n;
  double before = par->before * w->tr.rate;
  w->lags = par->phase > 0 ? (size_t)par->phase
                           : (size_t)fmax(1, floor((par->before + par->after) * w->tr.rate + 1.5));
  VR_TRY(vr_alloc(&w->w, n, sizeof *w->w));
  VR_TRY(vr_alloc(&w->time, n, sizeof *w->time));
  for (size_t i = 0; i < n; i++) {
    const vr_mark *e = w->marks.row + i;
    if (e->trial < 0 || (size_t)e->trial >= w->tr.n)
      return vr_fail(VR_EDATA, "/events/trial: no trial %d", e->trial);
    double long_ = par->phase > 0 ? lasts(&w->marks, i) : 0, first = (double)w->tr.first[e->trial];
    vr_window *to = w->w + w->n;
    *to = (vr_window){e->trial, first + e->time * w->tr.rate - (par->phase > 0 ? 0 : before), 1};
    if (par->phase > 0) to->step = long_ * w->tr.rate / par->phase;
    double end = to->row + (double)(w->lags - 1) * to->step;
    int fits = to->row >= first && end <= first + (double)w->tr.frames[e->trial] - 1;
    if (par->phase > 0 && !(long_ > 0 && long_ <= par->longest)) fits = 0;
    if (fits) w->time[w->n++] = e->time;
  }
  info->windows = w->n;
  info->left = n - w->n;
  w->lag0 = par->phase > 0 ? 0 : -par->before;
  w->lag1 = par->phase > 0 ? 1.0 / par->phase : 1 / w->tr.rate;
  if (w->n) return 0;
  return vr_fail(
    VR_EDATA, "none of the %zu windows around '%.60s' lies inside its trial", n, par->event);
}

static int read_all(const vr_turn *t, const char *path, const vr_stage_align_par *par,
  vr_align_work *w, vr_stage_align_info *info)
{
  vr_mat x = {0};
  size_t n;
  VR_TRY(vr_get_trials(t, &w->tr));
  VR_TRY(vr_get_marks(t, par->event, &w->marks));
  int code = vr_get_mat(t, path, &x);
  if (!code && x.rows != vr_trials_rows(&w->tr))
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, x.rows, vr_trials_rows(&w->tr));
  if (!code) code = vr_wrap(standardise(&x, w, info), "%s", path);
  if (!code) code = vr_column_names(vr_turn_find(t, path), path, &w->names, &n);
  vr_mat_free(&x);
  return code ? code : place_windows(w, par, info);
}

/* -- writing -- */

static int put_units(vr_turn *t, const char *group, const vr_align_work *w)
{
  char **list, (*number)[24];
  size_t n = w->z.cols;
  VR_TRY(vr_alloc(&list, n, sizeof *list + sizeof *number));
  number = (char(*)[24])(list + n);
  for (size_t k = 0; k < n; k++) {
    list[k] = w->names[w->unit[k]];
    if (*list[k]) continue;
    snprintf(number[k], sizeof number[k], "%zu", w->unit[k] + 1);
    list[k] = number[k];
  }
  int code = vr_put_words(t, group, "unit", list, n, "unit");
  vr_release(list);
  return code;
}

static int put_axes(vr_turn *t, const char *group, const vr_align_work *w, int phase)
{
  double *lag;
  int32_t *trial;
  size_t most = w->lags > w->n ? w->lags : w->n;
  VR_TRY(vr_alloc(&lag, most, sizeof *lag + sizeof *trial));
  trial = (int32_t *)(lag + most);
  for (size_t l = 0; l < w->lags; l++) lag[l] = w->lag0 + (double)l * w->lag1;
  int code = vr_put_list(t, group, "lag", lag, w->lags, "lag", phase ? "1" : "s");
  for (size_t e = 0; e < w->n; e++) trial[e] = w->w[e].trial;
  if (!code) code = vr_put_counts(t, group, "trial", trial, w->n, "window");
  if (!code) code = vr_put_list(t, group, "time", w->time, w->n, "window", "s");
  vr_release(lag);
  return code ? code : put_units(t, group, w);
}

static int put_peaks(
  vr_turn *t, const char *group, const vr_align_work *w, const vr_aligned *a, int phase)
{
  static const char *const name[] = {"peak_odd", "peak_even", "peak"};
  double *at;
  VR_TRY(vr_alloc(&at, a->units, sizeof *at));
  int code = vr_put_counts(t, group, "order", a->order, a->units, "unit");
  for (size_t k = 0; k < 3 && !code; k++) {
    for (size_t j = 0; j < a->units; j++)
      at[j] = w->lag0 + w->lag1 * (double)a->peak[k * a->units + j];
    code = vr_put_list(t, group, name[k], at, a->units, "unit", phase ? "1" : "s");
  }
  vr_release(at);
  return code;
}

static int put_spread(vr_turn *t, const char *group, const vr_aligned *a, int null)
{
  static const char *const name[] = {
    "spread", "spread_20", "spread_80", "spread_null", "spread_null_5"};
  for (size_t k = 0; k < (null ? 5 : 3); k++)
    VR_TRY(vr_put_list(t, group, name[k], a->spread + k * a->lags, a->lags, "lag", "1"));
  return 0;
}

// the statistics that there are, as a table
static int put_tests(vr_turn *t, const char *group, const vr_aligned *a)
{
  char *list[VR_ALIGN_STATISTICS];
  double column[3][VR_ALIGN_STATISTICS];
  size_t n = 0;
  for (size_t k = 0; k < VR_ALIGN_STATISTICS; k++) {
    if (!(a->test[k].p > 0)) continue;
    memcpy(list + n, vr_align_names + k, sizeof *list);
    column[0][n] = a->test[k].value;
    column[1][n] = a->test[k].null;
    column[2][n++] = a->test[k].p;
  }
  if (!n) return 0;
  VR_TRY(vr_put_words(t, group, "statistic", list, n, "statistic"));
  VR_TRY(vr_put_list(t, group, "value", column[0], n, "statistic", "1"));
  VR_TRY(vr_put_list(t, group, "null", column[1], n, "statistic", "1"));
  return vr_put_list(t, group, "p", column[2], n, "statistic", "1");
}

static int put_all(
  vr_turn *t, const char *path, const vr_align_work *w, const vr_aligned *a, int phase)
{
  char group[VR_ALIGN_PATH];
  snprintf(group, sizeof group, "/sequence%s", path);
  VR_TRY(vr_h5_remove(t->out, group));
  VR_TRY(put_axes(t, group, w, phase));
  VR_TRY(vr_put_table(t, group, "average", &a->average, "unit lag", "1"));
  VR_TRY(vr_put_table(t, group, "even", &a->even, "unit lag", "1"));
  VR_TRY(vr_put_table(t, group, "mean", &a->mean, "unit lag", "1"));
  VR_TRY(put_peaks(t, group, w, a, phase));
  if (a->windows > 1) {
    VR_TRY(vr_put_table(t, group, "sd", &a->sd, "unit lag", "1"));
    VR_TRY(put_spread(t, group, a, a->test[VR_ALIGN_SPLIT].p > 0));
  }
  return put_tests(t, group, a);
}

int vr_stage_align(vr_turn *t, const char *path, const vr_stage_align_par *par, const vr_pool *pool,
  vr_aligned *a, vr_stage_align_info *info)
{
  vr_align_work w = {0};
  vr_align_par ap = par->align;
  *info = (vr_stage_align_info){0};
  if (path[0] != '/' || strlen(path) > 200)
    return vr_fail(VR_EARG, "%.60s: not an absolute path of at most 200 characters", path);
  int code = read_all(t, path, par, &w, info);
  if (!code) {
    ap.lags = w.lags;
    for (int k = 0; k < 2; k++) {
      double at = ceil((par->inside[k] - w.lag0) / w.lag1 - 1e-9);
      ap.inside[k] = at > 0 ? at < (double)w.lags ? (size_t)at : w.lags : 0;
    }
    code = vr_align(&w.z, &w.tr, w.w, w.n, &ap, pool, a);
  }
  if (!code) code = put_all(t, path, &w, a, par->phase > 0);
  if (!code && par->by) code = vr_align_by(t, path, par, &ap, &w, pool, info);
  if (!code && par->fano > 0) code = vr_align_fano(t, path, par, &w, pool, &info->fano);
  work_free(&w);
  return code;
}
