#include "io/stage_jpca.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include "io/put.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 512 };

typedef struct {
  const char *name;
  size_t offset;
  const char *units;
} number;
#define NUMBER(member, unit)                                                                       \
  {                                                                                                \
#member, offsetof(vr_jpca_plane, member), unit                                                 \
  }

// an attribute of GROUP/NAME
static int mark(vr_turn *t, const char *group, const char *name, const char *attribute, double x)
{
  vr_str path = {0};
  vr_str_addf(&path, "%s/%s", group, name);
  int code = vr_str_ok(&path);
  if (!code) code = vr_h5_set_attr_num(t->out, path.s, attribute, x);
  vr_str_free(&path);
  return code;
}

// one number of each plane, as lists
static int put_numbers(
  vr_turn *t, const char *group, const vr_jpca *j, const number *list, size_t count)
{
  double value[VR_JPCA_MAX / 2];
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < j->planes; k++)
      memcpy(value + k, (const char *)(j->plane + k) + list[i].offset, sizeof *value);
    VR_TRY(vr_put_list(t, group, list[i].name, value, j->planes, "plane", list[i].units));
  }
  return 0;
}

static int put_null(vr_turn *t, const char *group, const vr_jpca *j)
{
  static const number list[] = {NUMBER(frequency_null, "Hz"), NUMBER(frequency_p, "1"),
    NUMBER(share_null, "1"), NUMBER(share_p, "1")};
  vr_str sub = {0};
  vr_mat part = {0};
  size_t rows = j->null.rows, planes = j->planes;
  if (!rows) return 0;
  VR_TRY(put_numbers(t, group, j, list, VR_LEN(list)));
  VR_TRY(vr_put_list(t, group, "r2_null", &j->r2_null, 1, "fit", "1"));
  VR_TRY(vr_put_list(t, group, "r2_p", &j->r2_p, 1, "fit", "1"));
  vr_str_addf(&sub, "%s/null", group);
  int code = vr_str_ok(&sub);
  if (!code) code = vr_mat_resize(&part, rows, planes);
  for (size_t which = 0; which < 2 && !code; which++) {
    for (size_t s = 0; s < rows; s++)
      memcpy(vr_row(&part, s), vr_row(&j->null, s) + 1 + which * planes, planes * sizeof *part.a);
    code = vr_put_table(
      t, sub.s, which ? "share" : "frequency", &part, "surrogate plane", which ? "1" : "Hz");
  }
  if (!code) code = vr_mat_resize(&part, rows, 1);
  for (size_t s = 0; s < rows && !code; s++) part.a[s] = vr_row(&j->null, s)[0];
  if (!code) code = vr_put_list(t, sub.s, "r2", part.a, rows, "surrogate", "1");
  vr_mat_free(&part);
  vr_str_free(&sub);
  return code;
}

static int put_fit(
  vr_turn *t, const char *group, const char *axis, const char *units, const vr_jpca *j)
{
  static const number list[] = {NUMBER(frequency, "Hz"), NUMBER(speed, "rad/s"), NUMBER(peak, "Hz"),
    NUMBER(turn, "Hz"), NUMBER(share, "1"), {"plane_r2", offsetof(vr_jpca_plane, r2), "1"},
    {"plane_r2_best", offsetof(vr_jpca_plane, best), "1"}};
  char both[128];
  snprintf(both, sizeof both, "%.100s jpc", axis);
  VR_TRY(vr_put_table(t, group, "scores", &j->scores, "time jpc", units));
  VR_TRY(vr_put_table(t, group, "loadings", &j->loadings, both, "1"));
  VR_TRY(vr_put_table(t, group, "basis", &j->basis, "component jpc", "1"));
  VR_TRY(vr_put_table(t, group, "matrix", &j->matrix, "component component", "1/s"));
  VR_TRY(vr_put_list(t, group, "mean", j->pca.mean, j->pca.d, axis, "1"));
  VR_TRY(vr_put_list(t, group, "scale", j->pca.scale, j->pca.d, axis, "1"));
  VR_TRY(vr_put_list(t, group, "variance", j->pca.variance, j->n, "component", "1"));
  VR_TRY(put_numbers(t, group, j, list, VR_LEN(list)));
  VR_TRY(vr_put_list(t, group, "r2", &j->r2, 1, "fit", "1"));
  VR_TRY(vr_put_list(t, group, "r2_best", &j->best, 1, "fit", "1"));
  VR_TRY(put_null(t, group, j));
  VR_TRY(mark(t, group, "variance", "gap", j->gap));
  VR_TRY(mark(t, group, "variance", "total", j->pca.total));
  VR_TRY(mark(t, group, "r2", "steps", (double)j->steps));
  return mark(t, group, "r2", "pieces", (double)(j->null.rows ? j->pieces : 0));
}

static int put_field(vr_turn *t, const char *group, const char *units, const vr_flow *f)
{
  static const char *const name[VR_FLOW_COLS] = {"x", "y", "dx", "dy", "dx_sd", "dy_sd"};
  char speed[80];
  double *column;
  size_t n = f->cell.rows;
  snprintf(speed, sizeof speed, "%.60s/s", strcmp(units, "1") ? units : "1");
  VR_TRY(vr_alloc(&column, n, sizeof *column));
  int code = 0;
  for (size_t c = 0; c < VR_FLOW_COLS && !code; c++) {
    for (size_t k = 0; k < n; k++) column[k] = vr_row(&f->cell, k)[c];
    code = vr_put_list(t, group, name[c], column, n, "cell", c < VR_FLOW_DX ? units : speed);
  }
  vr_release(column);
  if (!code) code = vr_put_counts(t, group, "count", f->count, n, "cell");
  if (!code) code = mark(t, group, "x", "step", f->step[0]);
  if (!code) code = mark(t, group, "y", "step", f->step[1]);
  return code;
}

// how much the state turns in each plane
enum { ROTATION, DIVERGENCE, ROTATION_NULL, ROTATION_P, NUMBERS };

static int put_rotation(vr_turn *t, const char *path, const vr_mat *table, int null)
{
  static const char *const name[NUMBERS] = {
    "rotation", "divergence", "rotation_null", "rotation_p"};
  char group[PATH], word[1 + VR_JPCA_MAX / 2][16], *words[1 + VR_JPCA_MAX / 2];
  snprintf(group, sizeof group, "/field%s", path);
  for (size_t k = 0; k < table->cols; k++) {
    snprintf(word[k], sizeof word[k], k ? "jpc%zu" : "pc1", k);
    words[k] = word[k];
  }
  VR_TRY(vr_put_words(t, group, "field", words, table->cols, "field"));
  for (int i = 0; i < (null ? NUMBERS : ROTATION_NULL); i++)
    VR_TRY(vr_put_list(t, group, name[i], vr_row(table, (size_t)i), table->cols, "field",
      i == DIVERGENCE ? "1/s" : "1"));
  return 0;
}

// the fields of the first two components, and of each jPC plane
static int fields(vr_turn *t, const char *path, const char *units, const vr_trials *tr,
  const vr_stage_jpca_par *par, const vr_jpca *j)
{
  vr_flow_par fp = par->field;
  vr_flow f = {0};
  vr_mat pc = {0}, table = {0};
  char group[PATH];
  fp.surrogates = par->jpca.surrogates;
  fp.piece = par->jpca.piece;
  fp.seed = par->jpca.seed;
  int code = vr_mat_resize(&pc, j->scores.rows, 2);
  for (size_t i = 0; i < pc.rows && !code; i++)
    for (size_t c = 0; c < 2; c++) {
      double sum = 0;
      for (size_t k = 0; k < j->n; k++) sum += vr_row(&j->scores, i)[k] * vr_row(&j->basis, c)[k];
      vr_row(&pc, i)[c] = sum;
    }
  if (!code) code = vr_mat_resize(&table, NUMBERS, 1 + j->planes);
  for (size_t k = 0; k <= j->planes && !code; k++) {
    const vr_mat *x = k ? &j->scores : &pc;
    if (k)
      snprintf(group, sizeof group, "/field%s/jpc%zu", path, k);
    else
      snprintf(group, sizeof group, "/field%s/pc1", path);
    code = vr_flow_make(x, k ? 2 * k - 2 : 0, k ? 2 * k - 1 : 1, tr, &fp, &f);
    if (!code) code = put_field(t, group, units, &f);
    vr_row(&table, ROTATION)[k] = f.rotation;
    vr_row(&table, DIVERGENCE)[k] = f.divergence;
    vr_row(&table, ROTATION_NULL)[k] = f.rotation_null;
    vr_row(&table, ROTATION_P)[k] = f.rotation_p;
  }
  if (!code) code = put_rotation(t, path, &table, f.rotation_p > 0);
  vr_flow_free(&f);
  vr_mat_free(&pc);
  vr_mat_free(&table);
  return code;
}

// groups of an earlier run go; axis and units are those of the columns
static int prepare(vr_turn *t, const char *path, char axis[128], vr_str *units)
{
  char old[PATH];
  vr_h5_info info;
  const vr_h5 *f = vr_turn_find(t, path);
  snprintf(old, sizeof old, "/jpca%s", path);
  VR_TRY(vr_h5_remove(t->out, old));
  snprintf(old, sizeof old, "/field%s", path);
  VR_TRY(vr_h5_remove(t->out, old));
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.rank != 2 || vr_h5_get_axis(f, path, 1, axis, 128) || !axis[0])
    snprintf(axis, 128, "column");
  return vr_units_text(f, path, units);
}

int vr_stage_jpca(
  vr_turn *t, const char *path, const vr_stage_jpca_par *par, const vr_pool *pool, vr_jpca *info)
{
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_str units = {0};
  char axis[128], group[PATH];
  if (path[0] != '/' || strlen(path) > 200)
    return vr_fail(VR_EARG, "%.60s: not an absolute path of at most 200 characters", path);
  int code = vr_get_mat(t, path, &x);
  if (!code) code = vr_get_trials(t, &tr);
  if (!code && vr_trials_rows(&tr) != x.rows)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, x.rows, vr_trials_rows(&tr));
  if (!code) code = vr_wrap(vr_jpca_fit(&x, &tr, &par->jpca, pool, info), "%s", path);
  if (!code) code = prepare(t, path, axis, &units);
  // scaled columns have no unit
  int scaled = par->jpca.scale || par->jpca.soft >= 0;
  const char *unit = scaled || !units.n ? "1" : units.s;
  snprintf(group, sizeof group, "/jpca%s", path);
  if (!code) code = put_fit(t, group, axis, unit, info);
  if (!code && par->field.bins > 0)
    code = vr_wrap(fields(t, path, unit, &tr, par, info), "%s", path);
  vr_str_free(&units);
  vr_trials_free(&tr);
  vr_mat_free(&x);
  return code;
}
