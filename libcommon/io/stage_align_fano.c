/* stage_align_fano.c -- the Fano factor of counts around events, raw and at matched means. */
#include "ana/fano.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/put.h"
#include "io/stage_align_in.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// how the windows are counted, and where
typedef struct {
  vr_mat x; // frames x units, as it is recorded
  vr_fano_windows w;
  vr_labels label;
  char **name; // of the labels' own, of groups with enough windows; NULL: the one of all
  size_t *from, *first, *low, *high; // those of w, one block
  vr_mat mean, var;
} counting;

static void counting_free(counting *c)
{
  vr_mat_free(&c->x);
  vr_mat_free(&c->mean);
  vr_mat_free(&c->var);
  vr_labels_free(&c->label);
  vr_release(c->name);
  vr_release(c->from);
}

// the columns that change; rates in Hz are counts of single frames times frames a second
static int read_counts(const vr_turn *t, const char *path, const vr_align_work *w, counting *c)
{
  vr_mat x = {0};
  vr_str units = {0};
  int code = vr_units_text(vr_turn_find(t, path), path, &units);
  if (!code) code = vr_get_mat(t, path, &x);
  if (!code) code = vr_mat_resize(&c->x, x.rows, w->z.cols);
  for (size_t i = 0; i < x.rows && !code; i++)
    for (size_t j = 0; j < w->z.cols; j++) vr_row(&c->x, i)[j] = vr_row(&x, i)[w->unit[j]];
  c->w.scale = strcmp(vr_str_get(&units), "Hz") ? 1 : 1 / w->tr.rate;
  vr_str_free(&units);
  vr_mat_free(&x);
  return code;
}

// 1: whole numbers from 0, but for single precision
static int are_counts(const counting *c, const vr_align_work *w, vr_stage_fano_info *info)
{
  for (size_t i = 0; i < c->x.rows; i++)
    for (size_t j = 0; j < c->x.cols; j++) {
      double v = vr_row(&c->x, i)[j] * c->w.scale;
      if (v > -1e-6 && fabs(v - nearbyint(v)) <= 1e-6 * fmax(1, v)) continue;
      *info =
        (vr_stage_fano_info){.what = VR_FANO_NO_COUNTS, .row = i, .column = w->unit[j], .value = v};
      return 0;
    }
  return 1;
}

static int size(const vr_stage_align_par *par, const vr_align_work *w, vr_fano_windows *to)
{
  double room = floor((par->before + par->after) * w->tr.rate + 0.5);
  double frames = fmax(1, floor(par->fano * w->tr.rate + 0.5));
  if (frames > room)
    return vr_fail(VR_EARG, "windows of %g s have no room to count in %g s",
      par->before + par->after, par->fano);
  to->rate = w->tr.rate;
  to->bin = par->bin;
  to->frames = (size_t)frames;
  to->step = (size_t)fmax(1, floor(par->every * w->tr.rate + 0.5));
  to->times = (size_t)(room - frames) / to->step + 1;
  return 0;
}

static double lag_of(const counting *c, const vr_align_work *w, size_t k)
{
  return w->lag0 + ((double)(k * c->w.step) + (double)c->w.frames / 2) / w->tr.rate;
}

// the windows of label k (0: all) from place n on, and where they may lie; how many there are
static size_t windows_of(const vr_align_work *w, const counting *c, size_t k, size_t n)
{
  size_t span = (c->w.times - 1) * c->w.step + c->w.frames, to = n;
  for (size_t e = 0; e < w->n; e++) {
    if (k && vr_align_label(w, &c->label, e) != (int32_t)k) continue;
    size_t trial = (size_t)w->w[e].trial;
    c->first[to] = (size_t)floor(w->w[e].row + 0.5);
    c->low[to] = w->tr.first[trial];
    c->high[to++] = w->tr.first[trial] + w->tr.frames[trial] - span;
  }
  return to - n;
}

// the windows of each label, one after the other
static int gather(const vr_stage_align_par *par, const vr_align_work *w, counting *c)
{
  size_t most = par->by ? c->label.k : 1;
  VR_TRY(vr_alloc(&c->name, most, sizeof *c->name));
  VR_TRY(vr_alloc(&c->from, most + 1 + 3 * w->n, sizeof *c->from));
  c->w.from = c->from;
  c->w.first = c->first = c->from + most + 1;
  c->w.low = c->low = c->first + w->n;
  c->w.high = c->high = c->low + w->n;
  for (size_t k = 0; k < most; k++) {
    size_t g = c->w.groups, n = windows_of(w, c, par->by ? k + 1 : 0, c->from[g]);
    if (n < VR_ALIGN_WINDOWS) continue;
    c->from[g + 1] = c->from[g] + n;
    c->name[g] = par->by ? c->label.name[k] : NULL;
    c->w.groups++;
  }
  // which times are inside
  for (size_t k = 0; k < c->w.times && par->inside[0] < par->inside[1]; k++) {
    double lag = lag_of(c, w, k);
    c->w.inside[0] += lag < par->inside[0];
    c->w.inside[1] += lag < par->inside[1];
  }
  return 0;
}

static int put_curve(vr_turn *t, const char *group, const char *prefix, const vr_fano_curve *c,
  size_t times, double seconds)
{
  static const char *const name[] = {"factor", "low", "high"};
  const double *const curve[] = {c->factor, c->low, c->high};
  char whole[40];
  for (size_t k = 0; k < VR_LEN(name); k++) {
    snprintf(whole, sizeof whole, "%s%s", prefix, name[k]);
    VR_TRY(vr_put_list(t, group, whole, curve[k], times, "lag", "1"));
  }
  for (size_t l = 0; l < times; l++) c->count[l] /= seconds;
  snprintf(whole, sizeof whole, "%srate", prefix);
  return vr_put_list(t, group, whole, c->count, times, "lag", "Hz");
}

static int put(vr_turn *t, const char *path, const vr_align_work *w, const counting *c,
  const vr_fano *f, vr_stage_fano_info *info)
{
  char group[VR_ALIGN_PATH];
  size_t dim[3] = {c->w.groups, w->z.cols, c->w.times}, by = c->name[0] != NULL;
  double *lag;
  snprintf(group, sizeof group, "/sequence%.300s/fano", path);
  VR_TRY(vr_alloc(&lag, c->w.times, sizeof *lag));
  for (size_t k = 0; k < c->w.times; k++) lag[k] = lag_of(c, w, k);
  info->at = lag[f->at];
  int code = vr_put_list(t, group, "lag", lag, c->w.times, "lag", "s");
  vr_release(lag);
  if (!code && by) code = vr_put_words(t, group, "group", c->name, c->w.groups, "group");
  const char *axes = by ? "group unit lag" : "unit lag";
  if (!code) code = vr_put_array(t, group, "mean", 2 + (int)by, dim + !by, c->mean.a, axes, "1");
  if (!code) code = vr_put_array(t, group, "variance", 2 + (int)by, dim + !by, c->var.a, axes, "1");
  if (!code) code = vr_put_counts(t, group, "points", f->points, c->w.times, "lag");
  if (!code && f->fewest >= VR_FANO_POINTS)
    code = put_curve(t, group, "", &f->raw, c->w.times, info->seconds);
  if (!code && f->kept >= VR_FANO_POINTS)
    code = put_curve(t, group, "matched_", &f->same, c->w.times, info->seconds);
  return code;
}

static void tell(const counting *c, const vr_fano *f, vr_stage_fano_info *info)
{
  const double *const curve[2] = {f->raw.factor, f->same.factor};
  info->points = c->mean.rows;
  info->times = f->times;
  info->fewest = f->fewest;
  info->kept = f->kept;
  info->bins = f->bins;
  for (int m = 0; m < 2; m++) {
    info->low[m] = info->high[m] = curve[m][0];
    for (size_t k = 1; k < f->times; k++) {
      info->low[m] = fmin(info->low[m], curve[m][k]);
      info->high[m] = fmax(info->high[m], curve[m][k]);
    }
  }
}

// the tests that there are
static int put_tests(vr_turn *t, const char *path, const vr_tested test[2])
{
  static const char *const name[] = {"quench", "matched-quench"};
  char group[VR_ALIGN_PATH], *list[2];
  double column[3][2];
  size_t n = 0;
  for (size_t k = 0; k < 2; k++) {
    if (!(test[k].p > 0)) continue;
    memcpy(list + n, name + k, sizeof *list);
    column[0][n] = test[k].value;
    column[1][n] = test[k].null;
    column[2][n++] = test[k].p;
  }
  if (!n) return 0;
  snprintf(group, sizeof group, "/sequence%.300s/fano", path);
  VR_TRY(vr_put_words(t, group, "statistic", list, n, "statistic"));
  VR_TRY(vr_put_list(t, group, "value", column[0], n, "statistic", "1"));
  VR_TRY(vr_put_list(t, group, "null", column[1], n, "statistic", "1"));
  return vr_put_list(t, group, "p", column[2], n, "statistic", "1");
}

int vr_align_fano(vr_turn *t, const char *path, const vr_stage_align_par *par,
  const vr_align_work *w, const vr_pool *pool, vr_stage_fano_info *info)
{
  counting c = {0};
  vr_fano f = {0};
  int code = read_counts(t, path, w, &c);
  if (!code && are_counts(&c, w, info)) {
    c.w.x = &c.x;
    code = size(par, w, &c.w);
    if (!code && par->by) code = vr_get_labels(t, par->by, &c.label);
    if (!code) code = gather(par, w, &c);
    info->what = c.w.groups ? VR_FANO_DONE : VR_FANO_NO_GROUP;
    info->seconds = (double)c.w.frames / w->tr.rate;
  }
  if (!code && c.w.groups) {
    const vr_align_par *ap = &par->align;
    code = vr_fano_of(&c.w, &c.mean, &c.var, &f);
    if (!code) tell(&c, &f, info);
    if (!code) code = vr_fano_quench(&c.w, &f, ap->surrogates, ap->seed, pool, info->quench);
    if (!code) code = put(t, path, w, &c, &f, info);
    if (!code) code = put_tests(t, path, info->quench);
  }
  vr_fano_free(&f);
  counting_free(&c);
  return code;
}
