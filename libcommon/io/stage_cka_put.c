/* stage_cka_put.c -- the table of comparisons, the matrices behind it, and the names of layers. */
#include "ana/leaves.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/features.h"
#include "io/stage_cka_in.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 300 };

int vr_cka_table_add(cka_table *table, const cka_row *row, const double *const deal[2])
{
  size_t n = table->n, draws = table->deal.draws, bytes = draws * sizeof(double);
  VR_TRY(vr_grow(&table->row, n, n + 1, sizeof *table->row));
  if (draws) {
    VR_TRY(vr_grow(&table->deal.paper, n, n + 1, bytes));
    VR_TRY(vr_grow(&table->deal.debiased, n, n + 1, bytes));
    memcpy(table->deal.paper + n * draws, deal[0], bytes);
    memcpy(table->deal.debiased + n * draws, deal[1], bytes);
  }
  table->row[table->n++] = *row;
  return 0;
}

void vr_cka_table_free(cka_table *table)
{
  vr_release(table->row);
  vr_release(table->shift.paper);
  vr_release(table->shift.debiased);
  vr_release(table->deal.paper);
  vr_release(table->deal.debiased);
  *table = (cka_table){0};
}

static int put_words(vr_turn *t, const cka_table *table)
{
  static const struct {
    const char *path;
    size_t at;
  } column[] = {
    {"/cka/kind", offsetof(cka_row, kind)},
    {"/cka/labels", offsetof(cka_row, labels)},
    {"/cka/a", offsetof(cka_row, a)},
    {"/cka/b", offsetof(cka_row, b)},
    {"/cka/task_a", offsetof(cka_row, task_a)},
    {"/cka/task_b", offsetof(cka_row, task_b)},
  };
  char **list;
  VR_TRY(vr_alloc(&list, table->n, sizeof *list));
  int code = 0;
  for (size_t c = 0; c < VR_LEN(column) && !code; c++) {
    for (size_t i = 0; i < table->n; i++)
      memcpy(&list[i], (const char *)&table->row[i] + column[c].at, sizeof list[i]);
    code = vr_put_strings(t, column[c].path, list, table->n, "row");
  }
  vr_release(list);
  return code;
}

static int put_numbers(vr_turn *t, const cka_table *table)
{
  static const struct {
    const char *path;
    size_t at;
  } column[] = {
    {"/cka/value", offsetof(cka_row, r.paper.value)},
    {"/cka/null_mean", offsetof(cka_row, r.paper.mean)},
    {"/cka/null_95", offsetof(cka_row, r.paper.high)},
    {"/cka/p", offsetof(cka_row, r.paper.p)},
    {"/cka/debiased", offsetof(cka_row, r.debiased.value)},
    {"/cka/debiased_null_mean", offsetof(cka_row, r.debiased.mean)},
    {"/cka/debiased_null_95", offsetof(cka_row, r.debiased.high)},
    {"/cka/debiased_p", offsetof(cka_row, r.debiased.p)},
    {"/cka/dim_a", offsetof(cka_row, dim_a)},
    {"/cka/dim_b", offsetof(cka_row, dim_b)},
    {"/cka/shift_mean", offsetof(cka_row, shift.paper.mean)},
    {"/cka/shift_95", offsetof(cka_row, shift.paper.high)},
    {"/cka/shift_p", offsetof(cka_row, shift.paper.p)},
    {"/cka/debiased_shift_mean", offsetof(cka_row, shift.debiased.mean)},
    {"/cka/debiased_shift_95", offsetof(cka_row, shift.debiased.high)},
    {"/cka/debiased_shift_p", offsetof(cka_row, shift.debiased.p)},
  };
  size_t columns = table->shift.draws ? VR_LEN(column) : VR_LEN(column) - 6;
  double *list;
  VR_TRY(vr_alloc(&list, table->n, sizeof *list));
  int code = 0;
  for (size_t c = 0; c < columns && !code; c++) {
    for (size_t i = 0; i < table->n; i++)
      memcpy(&list[i], (const char *)&table->row[i] + column[c].at, sizeof list[i]);
    code = vr_h5_put(t->out, column[c].path, VR_F64, 1, &table->n, list, "row", "1");
  }
  vr_release(list);
  return code;
}

// group/value and group/debiased: a null draw by draw
static int put_draws(vr_turn *t, const char *group, const char *axes, const cka_draws *d, size_t n)
{
  const double *const list[] = {d->paper, d->debiased};
  static const char *const name[] = {"value", "debiased"};
  const size_t dims[] = {n, d->draws};
  char path[PATH];
  for (int k = 0; k < 2 && d->draws; k++) {
    snprintf(path, sizeof path, "%s/%s", group, name[k]);
    VR_TRY(vr_h5_put(t->out, path, VR_F64, 2, dims, list[k], axes, "1"));
  }
  return 0;
}

int vr_cka_table_put(vr_turn *t, const cka_table *table)
{
  int32_t *clusters;
  VR_TRY(put_words(t, table));
  VR_TRY(put_numbers(t, table));
  VR_TRY(put_draws(t, "/cka/shifts", "row shift", &table->shift, table->n));
  VR_TRY(put_draws(t, "/cka/deals", "row deal", &table->deal, table->n));
  VR_TRY(vr_alloc(&clusters, table->n, sizeof *clusters));
  for (size_t i = 0; i < table->n; i++) clusters[i] = (int32_t)table->row[i].clusters;
  int code = vr_put_ints(t, "/cka/clusters", clusters, table->n, "row");
  vr_release(clusters);
  return code;
}

/* -- similarity matrices ----------------------------------------------------------------------- */

static int put_list(vr_turn *t, const char *labels, const char *what, const size_t *list,
  size_t plus, size_t n, const char *axis)
{
  char path[PATH];
  int32_t *a;
  snprintf(path, sizeof path, "/cka/rsm/%s/%s", labels, what);
  VR_TRY(vr_alloc(&a, n, sizeof *a));
  for (size_t i = 0; i < n; i++) a[i] = (int32_t)(list[i] + plus);
  int code = vr_put_ints(t, path, a, n, axis);
  vr_release(a);
  return code;
}

int vr_cka_put_similarities(vr_turn *t, const char *labels, const char *const *names,
  const vr_mat *mean, size_t m, const size_t *which, const size_t *frames, size_t n)
{
  char path[PATH];
  size_t *order;
  vr_mat s = {0};
  VR_TRY(put_list(t, labels, "cluster", which, 1, n, "cluster"));
  VR_TRY(put_list(t, labels, "other", which, 1, n, "other"));
  VR_TRY(put_list(t, labels, "frames", frames, 0, n, "cluster"));
  VR_TRY(vr_alloc(&order, n, sizeof *order));
  int code = vr_leaves(&mean[m - 1], order);
  if (!code) code = put_list(t, labels, "order", order, 0, n, "cluster");
  for (size_t k = 0; k < m && !code; k++) {
    snprintf(path, sizeof path, "/cka/rsm/%s/%s", labels, names[k]);
    code = vr_cka_similarity(&mean[k], &s);
    if (!code) code = vr_put_mat(t, path, &s, "cluster other", "1");
  }
  vr_release(order);
  vr_mat_free(&s);
  return code;
}

/* -- names ------------------------------------------------------------------------------------- */

int vr_cka_layer_name(const char *path, char **name)
{
  static const char head[] = "/neural/";
  size_t n = strlen(path);
  const char *start = path + (*path == '/');
  if (!strncmp(path, head, sizeof head - 1)) start = path + sizeof head - 1;
  size_t len = n - (size_t)(start - path);
  static const char *const tails[] = {"/c", "/rate"};
  for (size_t k = 0; k < VR_LEN(tails); k++) {
    size_t tail = strlen(tails[k]);
    if (len > tail && !strcmp(path + n - tail, tails[k])) {
      len -= tail;
      break;
    }
  }
  VR_TRY(vr_alloc(name, len + 1, 1));
  for (size_t i = 0; i < len; i++) (*name)[i] = start[i] == '/' ? '-' : start[i];
  return 0;
}

// the dataset of a layer: its cells, or its rates; *found = 0 when there is neither
static int add_layer(const vr_turn *t, const char *layer, vr_str *list, size_t *found)
{
  static const char *const leaves[] = {"c", "rate"};
  char path[PATH];
  for (size_t k = 0; k < VR_LEN(leaves); k++) {
    snprintf(path, sizeof path, "/neural/%.200s/%s", layer, leaves[k]);
    if (!vr_turn_has(t, path)) continue;
    vr_str_addf(list, "%s%s", *found ? "\n" : "", path);
    ++*found;
    return 0;
  }
  return 0;
}

int vr_stage_cka_layers(const vr_turn *t, char ***path, size_t *n)
{
  char **name = NULL, *order = NULL;
  size_t names = 0, found = 0;
  vr_str list = {0};
  const vr_h5 *f = vr_turn_find(t, "/neural");
  *path = NULL;
  *n = 0;
  int code = 0;
  if (f && vr_h5_has_attr(f, "/neural", "layers"))
    code = vr_h5_get_attr_str(f, "/neural", "layers", &order);
  if (f && !code)
    code =
      order ? vr_str_split(order, " ,", &name, &names) : vr_h5_list(f, "/neural", &name, &names);
  for (size_t i = 0; i < names && !code; i++) code = add_layer(t, name[i], &list, &found);
  if (!code) code = vr_str_ok(&list);
  if (!code && !found)
    code =
      vr_fail(VR_EDATA, "no /neural/LAYER/c or rate in this stream: name the activity (-i /path)");
  if (!code) code = vr_str_split(list.s, "\n", path, n);
  vr_release(order);
  vr_release(name);
  vr_str_free(&list);
  return code;
}

int vr_stage_cka_clusters(const vr_turn *t, char ***name, size_t *n)
{
  const vr_h5 *f = vr_turn_find(t, "/cluster");
  size_t done = 0;
  *name = NULL;
  *n = 0;
  if (!f) return 0;
  VR_TRY(vr_h5_list(f, "/cluster", name, n));
  // sets of features in their own order, others behind them
  for (size_t k = 0; k < VR_FEATURE_SETS; k++)
    for (size_t i = done; i < *n; i++) {
      char *found = (*name)[i];
      if (strcmp(found, vr_feature_sets[k])) continue;
      memmove(*name + done + 1, *name + done, (i - done) * sizeof **name);
      (*name)[done++] = found;
      break;
    }
  return 0;
}
