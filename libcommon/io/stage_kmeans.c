#include "io/stage_kmeans.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/features.h"
#include "io/prov.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 256, NAME_MAX_LENGTH = 100 };

typedef struct {
  const char *name;
  vr_features f;
  vr_mat start, mean, sd; // of the file whose centres are used
  vr_kmeans_fit fit;
} work;

static void work_free(work *w)
{
  vr_features_free(&w->f);
  vr_mat_free(&w->start);
  vr_mat_free(&w->mean);
  vr_mat_free(&w->sd);
  vr_kmeans_free(&w->fit);
}

static const char *path_of(const work *w, const char *what, char *path)
{
  snprintf(path, PATH, "/cluster/%s/%s", w->name, what);
  return path;
}

/* -- centres of another file ------------------------------------------------------------------- */

static int read_from(work *w, const vr_h5 *from)
{
  char path[PATH];
  vr_turn t = {0};
  memcpy(&t.in, &from, sizeof t.in); // a turn that only reads
  if (!vr_turn_has(&t, path_of(w, "centre", path)))
    return vr_fail(VR_EDATA, "the file of --start or --onto has no %s", path);
  VR_TRY(vr_get_mat(&t, path, &w->start));
  VR_TRY(vr_get_mat(&t, path_of(w, "mean", path), &w->mean));
  VR_TRY(vr_get_mat(&t, path_of(w, "sd", path), &w->sd));
  size_t d = w->start.cols;
  if (!w->start.rows || w->mean.rows != d || w->sd.rows != d || w->mean.cols != 1 ||
      w->sd.cols != 1)
    return vr_fail(VR_EDATA, "/cluster/%s: centre, mean and sd do not belong together", w->name);
  // the columns of the features will be scaled so
  for (size_t c = 0; c < w->start.rows; c++)
    for (size_t j = 0; j < d; j++) {
      double *v = vr_row(&w->start, c) + j, sd = w->sd.a[j];
      *v = sd > 0 ? (*v - w->mean.a[j]) / sd : 0;
    }
  return 0;
}

static int read_features(const vr_turn *t, const char *const *path, size_t n, int unscaled, work *w)
{
  if (w->start.rows)
    return vr_features_get_by(t, path, n, w->mean.a, w->sd.a, w->start.cols, &w->f);
  if (!unscaled) return vr_features_get(t, path, n, &w->f);
  size_t d = 0, rows, cols;
  for (size_t i = 0; i < n; i++) {
    VR_TRY(vr_get_shape(t, path[i], &rows, &cols));
    d += cols;
  }
  VR_TRY(vr_mat_resize(&w->mean, d, 1));
  VR_TRY(vr_mat_resize(&w->sd, d, 1));
  for (size_t j = 0; j < d; j++) {
    w->mean.a[j] = 0;
    w->sd.a[j] = 1;
  }
  return vr_features_get_by(t, path, n, w->mean.a, w->sd.a, d, &w->f);
}

/* -- writing ----------------------------------------------------------------------------------- */

static int put_list(
  vr_turn *t, const work *w, const char *what, const double *a, size_t n, const char *axis)
{
  char path[PATH];
  return vr_h5_put(t->out, path_of(w, what, path), VR_F64, 1, &n, a, axis, "1");
}

static int put_centres(vr_turn *t, work *w, const vr_stage_kmeans_par *par, int given)
{
  char path[PATH];
  vr_mat *c = &w->fit.centre;
  const struct {
    const char *name;
    double value;
  } numbers[] = {
    {"inertia", w->fit.inertia},
    {"restarts", given ? 0 : w->fit.restarts},
    {"iterations", w->fit.iterations},
    {"converged", w->fit.converged},
    {"seed", (double)par->seed},
  };
  // in the units of the columns
  for (size_t i = 0; i < c->rows; i++)
    for (size_t j = 0; j < c->cols; j++)
      vr_row(c, i)[j] = vr_row(c, i)[j] * w->f.sd[j] + w->f.mean[j];
  VR_TRY(vr_put_mat(t, path_of(w, "centre", path), c, "cluster feature", "1"));
  for (size_t i = 0; i < VR_LEN(numbers); i++)
    VR_TRY(vr_h5_set_attr_num(t->out, path, numbers[i].name, numbers[i].value));
  return 0;
}

static int put_all(vr_turn *t, work *w, const char *const *input, size_t n,
  const vr_stage_kmeans_par *par, int given)
{
  char path[PATH], *list[VR_FEATURES_MAX];
  size_t k = w->fit.centre.rows, d = w->f.x.cols;
  int32_t *count;
  snprintf(path, sizeof path, "/cluster/%s", w->name);
  VR_TRY(vr_h5_remove(t->out, path));
  snprintf(path, sizeof path, "/label/%s", w->name);
  VR_TRY(vr_put_ints(t, path, w->fit.label, w->fit.n, "time"));
  VR_TRY(put_centres(t, w, par, given));
  VR_TRY(vr_alloc(&count, k, sizeof *count));
  for (size_t c = 0; c < k; c++) count[c] = (int32_t)w->fit.count[c];
  int code = vr_put_ints(t, path_of(w, "count", path), count, k, "cluster");
  vr_release(count);
  if (code) return code;
  VR_TRY(put_list(t, w, "spread", w->fit.spread, k, "cluster"));
  VR_TRY(put_list(t, w, "inertia", w->fit.each, (size_t)w->fit.restarts, "start"));
  VR_TRY(put_list(t, w, "mean", w->f.mean, d, "feature"));
  VR_TRY(put_list(t, w, "sd", w->f.sd, d, "feature"));
  for (size_t i = 0; i < n; i++) memcpy(&list[i], &input[i], sizeof list[i]);
  return vr_put_strings(t, path_of(w, "input", path), list, n, "input");
}

static void tell(const work *w, int given, vr_stage_kmeans_info *info)
{
  const vr_mat *x = &w->f.x;
  double total = 0;
  size_t least = x->rows, empty = 0;
  for (size_t j = 0; j < x->cols; j++) {
    double mean = 0, sum = 0;
    for (size_t i = 0; i < x->rows; i++) mean += vr_row(x, i)[j];
    mean /= (double)x->rows;
    for (size_t i = 0; i < x->rows; i++) sum += (vr_row(x, i)[j] - mean) * (vr_row(x, i)[j] - mean);
    total += sum;
  }
  for (size_t c = 0; c < w->fit.centre.rows; c++) {
    empty += !w->fit.count[c];
    if (w->fit.count[c] && w->fit.count[c] < least) least = w->fit.count[c];
  }
  *info = (vr_stage_kmeans_info){.frames = x->rows,
    .k = w->fit.centre.rows,
    .least = least,
    .empty = empty,
    .inertia = w->fit.inertia,
    .share = total > 0 ? 1 - w->fit.inertia / total : 0,
    .restarts = given ? 0 : w->fit.restarts,
    .iterations = w->fit.iterations,
    .converged = w->fit.converged};
}

static int cluster(work *w, vr_turn *t, const char *const *path, size_t n, const vr_h5 *from,
  const vr_stage_kmeans_par *par, const vr_pool *pool, vr_stage_kmeans_info *info)
{
  vr_trials tr = {0};
  if (from) VR_TRY(read_from(w, from));
  VR_TRY(read_features(t, path, n, par->unscaled, w));
  VR_TRY(vr_get_trials(t, &tr));
  size_t frames = vr_trials_rows(&tr);
  vr_trials_free(&tr);
  if (frames != w->f.x.rows)
    return vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path[0], w->f.x.rows, frames);
  VR_TRY(vr_kmeans(
    &w->f.x, from ? &w->start : NULL, &par->kmeans, par->seed, pool, par->progress, NULL, &w->fit));
  tell(w, from != NULL, info);
  return put_all(t, w, path, n, par, from != NULL);
}

int vr_stage_kmeans(vr_turn *t, const char *name, const char *const *path, size_t n,
  const vr_h5 *from, const vr_stage_kmeans_par *par, const vr_pool *pool,
  vr_stage_kmeans_info *info)
{
  work w = {.name = name};
  if (!*name || strlen(name) > NAME_MAX_LENGTH || strchr(name, '/') || *name == '.')
    return vr_fail(VR_EARG, "'%.60s' cannot name clusters: no '/', at most %d characters", name,
      NAME_MAX_LENGTH);
  int code = vr_wrap(cluster(&w, t, path, n, from, par, pool, info), "%s", name);
  work_free(&w);
  return code;
}

static int add_history(vr_turn *t, const vr_stage_kmeans_par *par, const char *because_of)
{
  char *const command[] = {"vr-kmeans", "--each"};
  char *const names[] = {"clusters", "restarts", "iterations", "seed"};
  char text[VR_LEN(names)][24], *values[VR_LEN(names)];
  const long number[] = {
    par->kmeans.k, par->kmeans.restarts, par->kmeans.iterations, (long)par->seed};
  for (size_t i = 0; i < VR_LEN(names); i++) {
    snprintf(text[i], sizeof text[i], "%ld", number[i]);
    values[i] = text[i];
  }
  const vr_run run = {.program = command[0],
    .command = command,
    .nwords = VR_LEN(command),
    .names = names,
    .values = values,
    .noptions = VR_LEN(names),
    .because_of = because_of};
  return vr_history_add(t, &run);
}

int vr_need_clusters(vr_turn *t, uint64_t seed, const char *because_of, const vr_pool *pool)
{
  vr_stage_kmeans_par par = VR_STAGE_KMEANS_DEFAULTS;
  vr_stage_kmeans_info info;
  const char *input[VR_FEATURE_PARTS];
  char path[PATH];
  size_t n, found = 0, made = 0;
  par.seed = seed;
  for (size_t i = 0; i < VR_FEATURE_SETS && !t->foreign; i++) {
    const char *set = vr_feature_sets[i];
    if (!vr_features_can(t, set)) continue;
    found++;
    snprintf(path, sizeof path, "/cluster/%s", set);
    if (vr_turn_has(t, path)) continue;
    VR_TRY(vr_features_set(t, set, NULL, because_of, pool, input, &n));
    VR_TRY(vr_stage_kmeans(t, set, input, n, NULL, &par, pool, &info));
    made++;
  }
  if (!found) return vr_fail(VR_EDATA, "no pose, forces or other set of features in this stream");
  return made ? add_history(t, &par, because_of) : 0;
}

int vr_stage_kmeans_name(const char *input, char **name)
{
  vr_str s = {0};
  for (const char *c = *input == '/' ? input + 1 : input; *c; c++)
    vr_str_addf(&s, "%c", *c == '/' ? '-' : *c);
  int code = vr_str_ok(&s);
  if (!code) code = vr_alloc(name, s.n + 1, 1);
  if (!code) memcpy(*name, vr_str_get(&s), s.n);
  vr_str_free(&s);
  return code;
}
