/* stage_align_by.c -- windows of several tasks: do units peak in the same order in each? */
#include "base/err.h"
#include "base/mem.h"
#include "io/put.h"
#include "io/stage_align_in.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// what is told of each unit and lag
enum { AVERAGE, EVEN, MEAN, SD, TABLES };
static const char *const table_name[TABLES] = {"average", "even", "mean", "sd"};

// the windows of each label, and what they show
typedef struct {
  size_t groups, units, lags;
  char **name;           // of the labels' own
  int32_t *windows;      // groups
  double *table[TABLES]; // groups x units x lags, one block
  int32_t *peak;         // groups x 3 x units
} parts;

static void parts_free(parts *p)
{
  vr_release(p->name);
  vr_release(p->windows);
  vr_release(p->table[0]);
  vr_release(p->peak);
}

int32_t vr_align_label(const vr_align_work *w, const vr_labels *l, size_t e)
{
  size_t first = w->tr.first[w->w[e].trial], frames = w->tr.frames[w->w[e].trial];
  double at = floor(w->time[e] * w->tr.rate + 1e-6);
  return l->of[first + (at < (double)frames ? (size_t)fmax(at, 0) : frames - 1)];
}

static int one_group(const vr_align_work *w, const vr_window *of, size_t n, const vr_align_par *ap,
  const vr_pool *pool, size_t at, parts *p)
{
  vr_aligned a = {0};
  VR_TRY(vr_align(&w->z, &w->tr, of, n, ap, pool, &a));
  const vr_mat *const from[TABLES] = {&a.average, &a.even, &a.mean, &a.sd};
  size_t cells = p->units * p->lags;
  for (int k = 0; k < TABLES; k++)
    memcpy(p->table[k] + at * cells, from[k]->a, cells * sizeof(double));
  memcpy(p->peak + 3 * at * p->units, a.peak, 3 * p->units * sizeof(int32_t));
  p->windows[at] = (int32_t)n;
  vr_align_free(&a);
  return 0;
}

static int part(const vr_align_work *w, const vr_labels *l, const vr_align_par *par,
  const vr_pool *pool, parts *p, vr_stage_align_info *info)
{
  vr_align_par ap = *par;
  vr_window *of;
  ap.surrogates = 0;
  ap.inside[0] = ap.inside[1] = 0;
  p->units = w->z.cols;
  p->lags = w->lags;
  VR_TRY(vr_alloc(&p->name, l->k, sizeof *p->name));
  VR_TRY(vr_alloc(&p->windows, l->k, sizeof *p->windows));
  VR_TRY(vr_alloc(&p->table[0], TABLES * l->k * p->units * p->lags, sizeof(double)));
  for (int k = 1; k < TABLES; k++) p->table[k] = p->table[k - 1] + l->k * p->units * p->lags;
  VR_TRY(vr_alloc(&p->peak, 3 * l->k * p->units, sizeof *p->peak));
  VR_TRY(vr_alloc(&of, w->n, sizeof *of));
  int code = 0;
  for (size_t k = 1; k <= l->k && !code; k++) {
    size_t n = 0;
    for (size_t e = 0; e < w->n; e++)
      if (vr_align_label(w, l, e) == (int32_t)k) of[n++] = w->w[e];
    if (n < VR_ALIGN_WINDOWS) {
      info->few++;
      continue;
    }
    code = one_group(w, of, n, &ap, pool, p->groups, p);
    p->name[p->groups++] = l->name[k - 1];
  }
  info->groups = p->groups;
  vr_release(of);
  return code;
}

// beside the diagonal: two labels; on it: odd and even windows of one
static int compare(const parts *p, const vr_align_par *ap, int around, vr_mat m[3])
{
  size_t g = p->groups, u = p->units;
  for (int k = 0; k < 3; k++) VR_TRY(vr_mat_resize(&m[k], g, g));
  for (size_t i = 0; i < g; i++)
    for (size_t k = i; k < g; k++) {
      vr_tested t;
      const int32_t *a = p->peak + 3 * i * u + (i == k ? 0 : 2 * u);
      const int32_t *b = p->peak + 3 * k * u + (i == k ? u : 2 * u);
      VR_TRY(vr_align_compare(a, b, u, p->lags, around, ap, &t));
      vr_row(&m[0], i)[k] = vr_row(&m[0], k)[i] = t.value;
      vr_row(&m[1], i)[k] = vr_row(&m[1], k)[i] = t.null;
      vr_row(&m[2], i)[k] = vr_row(&m[2], k)[i] = t.p;
    }
  return 0;
}

static int put_peaks(
  vr_turn *t, const char *group, const vr_align_work *w, const parts *p, int phase)
{
  static const char *const name[] = {"peak_odd", "peak_even", "peak"};
  size_t dim[2] = {p->groups, p->units}, u = p->units, n = p->groups * u;
  double *at;
  int code = 0;
  VR_TRY(vr_alloc(&at, n, sizeof *at));
  for (size_t k = 0; k < VR_LEN(name) && !code; k++) {
    for (size_t i = 0; i < n; i++)
      at[i] = w->lag0 + w->lag1 * (double)p->peak[(3 * (i / u) + k) * u + i % u];
    code = vr_put_array(t, group, name[k], 2, dim, at, "group unit", phase ? "1" : "s");
  }
  vr_release(at);
  return code;
}

// m: the correlations, or empty
static int put(vr_turn *t, const char *path, const vr_align_work *w, const parts *p,
  const vr_mat m[3], int phase, int null)
{
  static const char *const name[] = {"correlation", "correlation_null", "correlation_p"};
  char group[VR_ALIGN_PATH];
  size_t dim[3] = {p->groups, p->units, p->lags};
  snprintf(group, sizeof group, "/sequence%.300s/by", path);
  VR_TRY(vr_put_words(t, group, "group", p->name, p->groups, "group"));
  VR_TRY(vr_put_counts(t, group, "windows", p->windows, p->groups, "group"));
  for (int k = 0; k < TABLES; k++)
    VR_TRY(vr_put_array(t, group, table_name[k], 3, dim, p->table[k], "group unit lag", "1"));
  VR_TRY(put_peaks(t, group, w, p, phase));
  for (int k = 0; k < (null ? 3 : 1) && m[k].rows; k++)
    VR_TRY(vr_put_table(t, group, name[k], &m[k], "group group", "1"));
  return 0;
}

int vr_align_by(vr_turn *t, const char *path, const vr_stage_align_par *par, const vr_align_par *ap,
  const vr_align_work *w, const vr_pool *pool, vr_stage_align_info *info)
{
  vr_labels l = {0};
  parts p = {0};
  vr_mat m[3] = {{0}};
  int code = vr_get_labels(t, par->by, &l);
  if (!code) code = part(w, &l, ap, pool, &p, info);
  if (!code && p.groups && p.units >= VR_ALIGN_UNITS) code = compare(&p, ap, par->phase > 0, m);
  if (!code && p.groups) code = put(t, path, w, &p, m, par->phase > 0, ap->surrogates > 0);
  for (int k = 0; k < 3; k++) vr_mat_free(&m[k]);
  parts_free(&p);
  vr_labels_free(&l);
  return code;
}
