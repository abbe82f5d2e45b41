/* stage_regions.c -- what else is known about the frames, told region by region. */
#include "ana/regions.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/labels.h"
#include "io/stage_watershed.h"
#include <math.h>
#include <stdio.h>

// /label/region and the number of regions
static int get_regions(const vr_turn *t, vr_labels *l, size_t *regions)
{
  size_t cols;
  VR_TRY(vr_get_shape(t, "/region/mass", regions, &cols));
  VR_TRY(vr_get_labels(t, "region", l));
  if (l->k > *regions)
    return vr_fail(VR_EDATA, "/label/region: %zu regions of %zu", l->k, *regions);
  return 0;
}

// "region" and the names of the axes of path behind the first
static int name_axes(const vr_h5 *f, const char *path, int rank, vr_str *axes)
{
  char name[128];
  vr_str_add(axes, "region");
  for (int k = 1; k < rank; k++) {
    if (vr_h5_get_axis(f, path, k, name, sizeof name) || !name[0])
      snprintf(name, sizeof name, "column");
    vr_str_addf(axes, " %s", name);
  }
  return vr_str_ok(axes);
}

static int put_means(vr_turn *t, const char *path, const vr_mat *mean, const char *kind)
{
  const vr_h5 *f = vr_turn_find(t, path);
  vr_h5_info info;
  vr_str to = {0}, axes = {0};
  char *units = NULL;
  VR_TRY(vr_h5_get_info(f, path, &info));
  info.dim[0] = mean->rows;
  vr_str_addf(&to, "/region/%s%s", kind, path);
  int code = vr_str_ok(&to);
  if (!code) code = name_axes(f, path, info.rank, &axes);
  if (!code && vr_h5_get_attr_str(f, path, "units", &units)) units = NULL;
  if (!code)
    code =
      vr_h5_put(t->out, to.s, VR_F64, info.rank, info.dim, mean->a, axes.s, units ? units : "1");
  vr_release(units);
  vr_str_free(&to);
  vr_str_free(&axes);
  return code;
}

int vr_stage_region_mean(vr_turn *t, const char *path, int rms)
{
  vr_labels l = {0};
  vr_mat x = {0}, mean = {0};
  size_t regions;
  int code = get_regions(t, &l, &regions);
  if (!code) code = vr_get_mat(t, path, &x);
  if (!code && x.rows != l.n)
    code = vr_fail(VR_EARG, "%s: %zu rows for %zu frames", path, x.rows, l.n);
  for (size_t i = 0; rms && !code && i < x.rows * x.cols; i++) x.a[i] *= x.a[i];
  if (!code) code = vr_label_means(&x, l.of, regions, &mean, NULL);
  for (size_t i = 0; rms && !code && i < regions * mean.cols; i++) mean.a[i] = sqrt(mean.a[i]);
  if (!code) code = put_means(t, path, &mean, rms ? "rms" : "mean");
  vr_mat_free(&x);
  vr_mat_free(&mean);
  vr_labels_free(&l);
  return code;
}

static int put_against(vr_turn *t, const char *what, const vr_labels *b, const vr_mat *count,
  const int32_t *best, const double *share, const vr_purity *p)
{
  static const char group[] = "/region/against";
  size_t dim[2] = {count->rows, count->cols};
  VR_TRY(vr_h5_remove(t->out, group));
  VR_TRY(vr_put_strings(t, "/region/against/name", b->name, b->k, "name"));
  VR_TRY(vr_h5_put(t->out, "/region/against/count", VR_F64, 2, dim, count->a, "region name", "1"));
  VR_TRY(vr_put_ints(t, "/region/against/best", best, count->rows, "region"));
  VR_TRY(vr_h5_put(t->out, "/region/against/purity", VR_F64, 1, dim, share, "region", "1"));
  VR_TRY(vr_h5_set_attr_str(t->out, group, "labels", what));
  VR_TRY(vr_h5_set_attr_num(t->out, group, "frames", (double)p->frames));
  VR_TRY(vr_h5_set_attr_num(t->out, group, "purity", p->purity));
  VR_TRY(vr_h5_set_attr_num(t->out, group, "chance", p->chance));
  VR_TRY(vr_h5_set_attr_num(t->out, group, "balanced", p->balanced));
  return vr_h5_set_attr_num(t->out, group, "nmi", p->nmi);
}

int vr_stage_region_against(vr_turn *t, const char *what, vr_purity *purity)
{
  vr_labels a = {0}, b = {0};
  vr_mat count = {0};
  int32_t *best = NULL;
  double *share = NULL;
  size_t regions;
  int code = get_regions(t, &a, &regions);
  if (!code) code = vr_get_labels(t, what, &b);
  if (!code && !b.k) code = vr_fail(VR_EARG, "'%.60s' labels no frame", what);
  if (!code) code = vr_alloc(&best, regions, sizeof *best);
  if (!code) code = vr_alloc(&share, regions, sizeof *share);
  if (!code) code = vr_purity_of(a.of, regions, b.of, b.k, a.n, &count, best, share, purity);
  if (!code) code = put_against(t, what, &b, &count, best, share, purity);
  vr_release(best);
  vr_release(share);
  vr_mat_free(&count);
  vr_labels_free(&a);
  vr_labels_free(&b);
  return code;
}
