#include "io/features.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/stage_posture.h"
#include "io/stage_wavelet.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

/* -- sets by name ------------------------------------------------------------------------------ */

const char *const vr_feature_sets[VR_FEATURE_SETS] = {
  "angles", "speeds", "forces", "eigenpostures", "slow", "intermediate", "fast", "behaviour"};

// the datasets of each; optional ones first
static const char *const parts[VR_FEATURE_SETS][VR_FEATURE_PARTS] = {
  {"/pose/angles"},
  {"/pose/speeds"},
  {"/force"},
  {"/eigenposture/angles", "/eigenposture/positions"},
  {"/kinematics/slow"},
  {"/kinematics/intermediate"},
  {"/kinematics/fast"},
  {"/eigenposture/angles", "/eigenposture/positions", "/kinematics/intermediate"},
};

static size_t find_set(const char *word)
{
  size_t k = 0;
  while (k < VR_FEATURE_SETS && strcmp(word, vr_feature_sets[k])) k++;
  return k;
}

int vr_features_is_set(const char *word)
{
  return find_set(word) < VR_FEATURE_SETS;
}

int vr_features_can(const vr_turn *t, const char *word)
{
  size_t k = find_set(word);
  if (k == VR_FEATURE_SETS) return 0;
  if (k < 3) return vr_turn_has(t, parts[k][0]);
  if (t->out && (vr_turn_has(t, "/pose/angles") || vr_turn_has(t, "/pose/positions"))) return 1;
  int posture = vr_turn_has(t, parts[3][0]) || vr_turn_has(t, parts[3][1]);
  if (k == 3) return posture;
  return (k < 7 || posture) && (vr_turn_has(t, parts[k][k < 7 ? 0 : 2]) || (posture && t->out));
}

int vr_features_need(vr_turn *t, const char *const *path, size_t n, const vr_h5 *basis,
  const char *because_of, const vr_pool *pool)
{
  for (size_t i = 0; i < n && t->out; i++) {
    if (!strcmp(path[i], parts[3][0]) || !strcmp(path[i], parts[3][1]))
      VR_TRY(vr_need_posture(t, basis, because_of, pool));
    for (int k = 0; k < VR_BANDS; k++)
      if (!strncmp(path[i], "/kinematics/", 12) && !strcmp(path[i] + 12, vr_bands[k].name))
        VR_TRY(vr_need_wavelet(t, vr_bands[k].name, basis, because_of, pool));
  }
  return 0;
}

int vr_features_set(vr_turn *t, const char *word, const vr_h5 *basis, const char *because_of,
  const vr_pool *pool, const char **path, size_t *n)
{
  size_t k = find_set(word), all = 0;
  if (k == VR_FEATURE_SETS) return vr_fail(VR_EARG, "'%.60s' is no set of features", word);
  while (all < VR_FEATURE_PARTS && parts[k][all]) all++;
  VR_TRY(vr_features_need(t, parts[k], all, basis, because_of, pool));
  *n = 0;
  for (size_t i = 0; i < all; i++)
    if (vr_turn_has(t, parts[k][i])) path[(*n)++] = parts[k][i];
  // of several, postures may be of angles or of positions only
  if (!*n || path[*n - 1] != parts[k][all - 1])
    if (all != 2 || !*n)
      return vr_fail(VR_EDATA, "%s: not in this stream (for -i %s)", parts[k][all - 1], word);
  return 0;
}

int vr_features_default(vr_turn *t, const vr_h5 *basis, const char *because_of, const vr_pool *pool,
  const char *path[3], size_t *n)
{
  return vr_features_set(t, "behaviour", basis, because_of, pool, path, n);
}

/* -- columns ----------------------------------------------------------------------------------- */

/* Rows of the list and the sum of its columns. */
static int measure(const vr_turn *t, const char *const *path, size_t n, size_t *rows, size_t *cols)
{
  if (n < 1 || n > VR_FEATURES_MAX)
    return vr_fail(VR_EARG, "features are 1 to %d datasets, not %zu", VR_FEATURES_MAX, n);
  *rows = *cols = 0;
  for (size_t i = 0; i < n; i++) {
    size_t r, c;
    VR_TRY(vr_get_shape(t, path[i], &r, &c));
    if (i && r != *rows)
      return vr_fail(VR_EDATA, "%s has %zu rows, %s has %zu: features need equal rows", path[i], r,
        path[0], *rows);
    *rows = r;
    *cols += c;
  }
  if (!*rows || !*cols) return vr_fail(VR_EDATA, "%s holds no numbers", path[0]);
  return 0;
}

static int read_columns(const vr_turn *t, const char *const *path, size_t n, vr_mat *x)
{
  size_t rows = 0, cols = 0, at = 0;
  vr_mat part = {0};
  VR_TRY(measure(t, path, n, &rows, &cols));
  VR_TRY(vr_mat_resize(x, rows, cols));
  int code = 0;
  for (size_t i = 0; i < n && !code; i++) {
    code = vr_get_mat(t, path[i], &part);
    for (size_t r = 0; r < rows && !code; r++)
      memcpy(vr_row(x, r) + at, vr_row(&part, r), part.cols * sizeof *x->a);
    at += part.cols;
  }
  vr_mat_free(&part);
  return code;
}

static void scale_columns(vr_features *f)
{
  for (size_t i = 0; i < f->x.rows; i++) {
    double *row = vr_row(&f->x, i);
    for (size_t j = 0; j < f->x.cols; j++)
      row[j] = f->sd[j] > 0 ? (row[j] - f->mean[j]) / f->sd[j] : 0;
  }
}

static int begin(const vr_turn *t, const char *const *path, size_t n, vr_features *f)
{
  VR_TRY(read_columns(t, path, n, &f->x));
  vr_release(f->mean);
  vr_release(f->sd);
  f->mean = f->sd = NULL;
  VR_TRY(vr_alloc(&f->mean, f->x.cols, sizeof *f->mean));
  return vr_alloc(&f->sd, f->x.cols, sizeof *f->sd);
}

int vr_features_get(const vr_turn *t, const char *const *path, size_t n, vr_features *f)
{
  VR_TRY(begin(t, path, n, f));
  VR_TRY(vr_column_stats(&f->x, f->mean, f->sd));
  // what rounding leaves of a constant column is no variation
  for (size_t j = 0; j < f->x.cols; j++)
    if (f->sd[j] <= 1e-13 * fabs(f->mean[j])) f->sd[j] = 0;
  scale_columns(f);
  return 0;
}

int vr_features_get_by(const vr_turn *t, const char *const *path, size_t n, const double *mean,
  const double *sd, size_t d, vr_features *f)
{
  VR_TRY(begin(t, path, n, f));
  if (f->x.cols != d)
    return vr_fail(VR_EDATA, "%s and what follows have %zu columns, those of the map %zu", path[0],
      f->x.cols, d);
  memcpy(f->mean, mean, d * sizeof *mean);
  memcpy(f->sd, sd, d * sizeof *sd);
  scale_columns(f);
  return 0;
}

void vr_features_free(vr_features *f)
{
  vr_mat_free(&f->x);
  vr_release(f->mean);
  vr_release(f->sd);
  *f = (vr_features){0};
}
