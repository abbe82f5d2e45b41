#include "ana/separation.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/stage_mds_in.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* what one embedding needs and makes */
typedef struct {
  vr_turn *t;
  const char *path;
  const vr_stage_mds_par *par;
  const vr_pool *pool;
  vr_str notes;
  vr_points p;
  vr_mat d, y, flat; // distances; the embedding and its distances
  double *value;     // eigenvalues
  size_t nvalues;
  double rest;    // of the eigenvalues that are not in value
  double *stress; // of each start
  vr_mds_info info;
  double stress1;
  vr_separation full[VR_SEPARATIONS], plane[VR_SEPARATIONS];
  int separated;
} work;

static void work_free(work *w)
{
  vr_points_free(&w->p);
  vr_mat_free(&w->d);
  vr_mat_free(&w->y);
  vr_mat_free(&w->flat);
  vr_release(w->value);
  vr_release(w->stress);
}

/* -- computing --------------------------------------------------------------------------------- */

static int find_distances(work *w)
{
  switch (w->par->kind) {
  case VR_MDS_POINTS: return vr_mds_distances(&w->p.x, w->pool, &w->d);
  case VR_MDS_DISTANCES: VR_TRY(vr_mds_check(&w->p.x)); return vr_mat_copy(&w->d, &w->p.x);
  case VR_MDS_SIMILARITIES: return vr_mds_from_similarity(&w->p.x, &w->d);
  }
  return 0;
}

static int embed(work *w)
{
  size_t dims = (size_t)w->par->mds.dims, n = w->d.rows;
  vr_mat start = {0};
  double square;
  int code = 0, points = w->par->kind == VR_MDS_POINTS;
  w->nvalues = w->par->smacof ? 0 : points ? dims : n;
  VR_TRY(vr_alloc(&w->value, w->nvalues, sizeof *w->value));
  VR_TRY(vr_alloc(&w->stress, (size_t)w->par->mds.starts + 1, sizeof *w->stress));
  if (w->par->smacof) {
    if (w->par->start) code = vr_get_mat(w->t, w->par->start, &start);
    if (!code)
      code = vr_mds_smacof(&w->d, w->par->start ? &start : NULL, &w->par->mds, w->par->seed,
        w->pool, &w->y, w->stress, &w->info);
    vr_mat_free(&start);
  } else if (points) {
    code = vr_mds_points(&w->p.x, dims, w->pool, &w->y, w->value, &w->rest);
  } else {
    code = vr_mds_classical(&w->d, dims, &w->y, w->value);
  }
  if (code) return code;
  vr_mds_stress(&w->d, &w->y, &w->info.stress, &square);
  w->stress1 = square > 0 ? sqrt(w->info.stress / square) : 0;
  return 0;
}

/* how far apart the labels lie, in the embedding and in full; with too few points, a line says so */
static int separate(work *w)
{
  vr_separation *plane = w->plane, *full = w->full;
  if (!w->par->by) return 0;
  VR_TRY(vr_mds_distances(&w->y, w->pool, &w->flat));
  int code = vr_separation_of(&w->d, &w->p.g, (size_t)w->par->null, w->par->seed, w->pool, full);
  if (code == VR_EDATA) {
    vr_str_addf(&w->notes, "%s: %s\n", w->path, vr_errmsg());
    return 0;
  }
  if (!code)
    code = vr_separation_of(&w->flat, &w->p.g, (size_t)w->par->null, w->par->seed, w->pool, plane);
  w->separated = !code;
  for (int k = 0; k < VR_SEPARATIONS && !code; k++)
    vr_str_addf(&w->notes,
      "%s, %s of %s: %.3g embedded (by chance %.3g, p = %.2g), %.3g in full (%.3g, p = %.2g)\n",
      w->path, k == VR_SILHOUETTE ? "silhouette" : "nearest point", w->par->by, plane[k].value,
      plane[k].mean, plane[k].p, full[k].value, full[k].mean, full[k].p);
  return code;
}

/* -- writing ----------------------------------------------------------------------------------- */

enum { PATH = 300 };
static const char *member(const work *w, const char *name, char to[PATH])
{
  snprintf(to, PATH, "/mds%s/%s", w->path, name);
  return to;
}

static int put(
  work *w, const char *name, const double *a, size_t n, const char *axis, const char *units)
{
  char to[PATH];
  return vr_h5_put(w->t->out, member(w, name, to), VR_F64, 1, &n, a, axis, units);
}

static int put_points(work *w)
{
  char to[PATH], **label;
  const vr_points *p = &w->p;
  size_t n = w->y.rows;
  int code = 0;
  if (p->name) code = vr_put_strings(w->t, member(w, "point", to), p->name, n, "point");
  if (!code)
    code = vr_put_mat(w->t, member(w, "xy", to), &w->y, "point dimension", vr_str_get(&p->units));
  if (!code) code = vr_alloc(&label, n, sizeof *label);
  if (code) return code;
  for (size_t i = 0; i < n; i++) label[i] = p->label_name[p->g.label[p->g.unit[i]]];
  code = vr_put_strings(w->t, member(w, "label", to), label, n, "point");
  vr_release(label);
  if (!code && p->cluster)
    code = vr_put_strings(w->t, member(w, "cluster", to), p->cluster, n, "point");
  if (!code && p->row) code = vr_put_ints(w->t, member(w, "row", to), p->row, n, "point");
  if (!code && p->trial) code = vr_put_ints(w->t, member(w, "trial", to), p->trial, n, "point");
  if (!code && p->frames) code = vr_put_ints(w->t, member(w, "frames", to), p->frames, n, "point");
  return code;
}

static int put_fit(work *w)
{
  char to[PATH];
  vr_h5 *f = w->t->out;
  double negative = 0, sum = 0;
  member(w, "xy", to);
  VR_TRY(vr_h5_set_attr_str(f, to, "method", w->par->smacof ? "smacof" : "classical"));
  VR_TRY(vr_h5_set_attr_num(f, to, "stress", w->info.stress));
  VR_TRY(vr_h5_set_attr_num(f, to, "stress1", w->stress1));
  if (w->par->smacof) {
    size_t starts = w->par->start ? 0 : (size_t)w->par->mds.starts;
    VR_TRY(vr_h5_set_attr_num(f, to, "start", w->info.start));
    VR_TRY(vr_h5_set_attr_num(f, to, "iterations", w->info.iterations));
    return put(w, "stress", w->stress, starts + 1, "start", "1");
  }
  for (size_t k = 0; k < w->nvalues; k++) {
    sum += fabs(w->value[k]);
    if (w->value[k] < 0) negative -= w->value[k];
  }
  sum += w->rest;
  VR_TRY(vr_h5_set_attr_num(f, to, "negative", sum > 0 ? negative / sum : 0));
  VR_TRY(put(w, "eigenvalue", w->value, w->nvalues, "eigenvalue", "1"));
  return vr_h5_set_attr_num(f, member(w, "eigenvalue", to), "total", sum);
}

static int put_separation(work *w)
{
  static char *const measures[] = {
    "silhouette embedded", "nearest embedded", "silhouette in full", "nearest in full"};
  enum { N = 2 * VR_SEPARATIONS };
  double value[N], mean[N], high[N], p[N];
  char to[PATH];
  if (!w->separated) return 0;
  for (size_t k = 0; k < N; k++) {
    const vr_separation *s = k < VR_SEPARATIONS ? &w->plane[k] : &w->full[k - VR_SEPARATIONS];
    value[k] = s->value;
    mean[k] = s->mean;
    high[k] = s->high;
    p[k] = s->p;
  }
  VR_TRY(vr_put_strings(w->t, member(w, "separation/measure", to), measures, N, "measure"));
  VR_TRY(put(w, "separation/value", value, N, "measure", "1"));
  if (!w->par->null) return 0;
  VR_TRY(put(w, "separation/mean", mean, N, "measure", "1"));
  VR_TRY(put(w, "separation/high", high, N, "measure", "1"));
  VR_TRY(put(w, "separation/p", p, N, "measure", "1"));
  return vr_h5_set_attr_num(w->t->out, member(w, "separation/p", to), "draws", w->par->null);
}

int vr_stage_mds(
  vr_turn *t, const char *path, const vr_stage_mds_par *par, const vr_pool *pool, vr_str *notes)
{
  work w = {.t = t, .path = path, .par = par, .pool = pool};
  char group[PATH];
  if (path[0] != '/' || strlen(path) > 200)
    return vr_fail(VR_EARG, "%.60s: not the absolute path of a dataset", path);
  int code = vr_points_get(t, path, par, &w.p, &w.notes);
  if (!code) code = vr_wrap(find_distances(&w), "%s", path);
  if (!code) code = embed(&w);
  if (!code) code = separate(&w);
  snprintf(group, sizeof group, "/mds%s", path);
  if (!code) code = vr_h5_remove(t->out, group);
  if (!code) code = put_points(&w);
  if (!code) code = put_fit(&w);
  if (!code) code = put_separation(&w);
  if (!code)
    vr_str_addf(
      notes, "%s: %zu points, stress-1 %.3g\n%s", path, w.y.rows, w.stress1, vr_str_get(&w.notes));
  vr_str_free(&w.notes);
  work_free(&w);
  return code ? code : vr_str_ok(notes);
}
