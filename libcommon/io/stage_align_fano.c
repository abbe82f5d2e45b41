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
  vr_mat x;     // frames x units, as it is recorded
  double scale; // what makes counts of it
  size_t frames, step, times;
  vr_labels label;
  size_t groups; // labels with enough windows, or 1 for all
  char **name;   // of the labels' own
  size_t *first; // of the windows of one group
  vr_mat mean, var;
  size_t *windows; // of each point
} counting;

static void counting_free(counting *c)
{
  vr_mat_free(&c->x);
  vr_mat_free(&c->mean);
  vr_mat_free(&c->var);
  vr_labels_free(&c->label);
  vr_release(c->name);
  vr_release(c->first);
  vr_release(c->windows);
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
  c->scale = strcmp(vr_str_get(&units), "Hz") ? 1 : 1 / w->tr.rate;
  vr_str_free(&units);
  vr_mat_free(&x);
  return code;
}

// 1: whole numbers from 0, but for single precision
static int are_counts(const counting *c, const vr_align_work *w, vr_stage_fano_info *info)
{
  for (size_t i = 0; i < c->x.rows; i++)
    for (size_t j = 0; j < c->x.cols; j++) {
      double v = vr_row(&c->x, i)[j] * c->scale;
      if (v > -1e-6 && fabs(v - nearbyint(v)) <= 1e-6 * fmax(1, v)) continue;
      *info =
        (vr_stage_fano_info){.what = VR_FANO_NO_COUNTS, .row = i, .column = w->unit[j], .value = v};
      return 0;
    }
  return 1;
}

static int place(const vr_stage_align_par *par, const vr_align_work *w, counting *c)
{
  double room = floor((par->before + par->after) * w->tr.rate + 0.5);
  double frames = fmax(1, floor(par->fano * w->tr.rate + 0.5));
  if (frames > room)
    return vr_fail(VR_EARG, "windows of %g s have no room to count in %g s",
      par->before + par->after, par->fano);
  c->frames = (size_t)frames;
  c->step = (size_t)fmax(1, floor(par->every * w->tr.rate + 0.5));
  c->times = (size_t)(room - frames) / c->step + 1;
  return 0;
}

// the windows of label k (0: all) from their first frame on; how many
static size_t windows_of(const vr_align_work *w, counting *c, size_t k)
{
  size_t n = 0;
  for (size_t e = 0; e < w->n; e++)
    if (!k || vr_align_label(w, &c->label, e) == (int32_t)k)
      c->first[n++] = (size_t)floor(w->w[e].row + 0.5);
  return n;
}

// a point is a unit, or a unit in the windows of one label
static int count(const vr_stage_align_par *par, const vr_align_work *w, counting *c)
{
  size_t units = w->z.cols, most = par->by ? c->label.k : 1;
  VR_TRY(vr_alloc(&c->first, w->n, sizeof *c->first));
  VR_TRY(vr_alloc(&c->name, most, sizeof *c->name));
  VR_TRY(vr_alloc(&c->windows, most * units, sizeof *c->windows));
  VR_TRY(vr_mat_resize(&c->mean, most * units, c->times));
  VR_TRY(vr_mat_resize(&c->var, most * units, c->times));
  for (size_t k = 0; k < most; k++) {
    size_t n = windows_of(w, c, par->by ? k + 1 : 0), row = c->groups * units;
    if (n < VR_ALIGN_WINDOWS) continue;
    VR_TRY(
      vr_fano_moments(&c->x, c->scale, c->first, n, c->frames, c->step, &c->mean, &c->var, row));
    for (size_t j = 0; j < units; j++) c->windows[row + j] = n;
    c->name[c->groups++] = par->by ? c->label.name[k] : NULL;
  }
  c->mean.rows = c->var.rows = c->groups * units;
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
  size_t dim[3] = {c->groups, w->z.cols, c->times}, by = c->name[0] != NULL;
  double *lag;
  snprintf(group, sizeof group, "/sequence%.300s/fano", path);
  VR_TRY(vr_alloc(&lag, c->times, sizeof *lag));
  for (size_t k = 0; k < c->times; k++)
    lag[k] = w->lag0 + ((double)(k * c->step) + (double)c->frames / 2) / w->tr.rate;
  info->at = lag[f->at];
  int code = vr_put_list(t, group, "lag", lag, c->times, "lag", "s");
  vr_release(lag);
  if (!code && by) code = vr_put_words(t, group, "group", c->name, c->groups, "group");
  const char *axes = by ? "group unit lag" : "unit lag";
  if (!code) code = vr_put_array(t, group, "mean", 2 + (int)by, dim + !by, c->mean.a, axes, "1");
  if (!code) code = vr_put_array(t, group, "variance", 2 + (int)by, dim + !by, c->var.a, axes, "1");
  if (!code) code = vr_put_counts(t, group, "points", f->points, c->times, "lag");
  if (!code && f->fewest >= VR_FANO_POINTS)
    code = put_curve(t, group, "", &f->raw, c->times, info->seconds);
  if (!code && f->kept >= VR_FANO_POINTS)
    code = put_curve(t, group, "matched_", &f->same, c->times, info->seconds);
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

int vr_align_fano(vr_turn *t, const char *path, const vr_stage_align_par *par,
  const vr_align_work *w, vr_stage_fano_info *info)
{
  counting c = {0};
  vr_fano f = {0};
  int code = read_counts(t, path, w, &c);
  if (!code && are_counts(&c, w, info)) {
    code = place(par, w, &c);
    if (!code && par->by) code = vr_get_labels(t, par->by, &c.label);
    if (!code) code = count(par, w, &c);
    info->what = c.groups ? VR_FANO_DONE : VR_FANO_NO_GROUP;
    info->seconds = (double)c.frames / w->tr.rate;
  }
  if (!code && c.groups) {
    code = vr_fano_factor(&c.mean, &c.var, c.windows, info->seconds, par->bin, &f);
    if (!code) tell(&c, &f, info);
    if (!code) code = put(t, path, w, &c, &f, info);
  }
  vr_fano_free(&f);
  counting_free(&c);
  return code;
}
