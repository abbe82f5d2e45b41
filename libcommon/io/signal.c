#include "io/signal.h"
#include "ana/detect.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/columns.h"
#include <math.h>
#include <string.h>

int vr_signal_columns(const vr_turn *t, const char *path, vr_mat *x, char ***names)
{
  size_t n;
  *names = NULL;
  VR_TRY(vr_get_mat(t, path, x));
  return vr_column_names(vr_turn_find(t, path), path, names, &n);
}

// place of the wanted column
static int find(char **names, size_t n, const char *path, const char *want, size_t *at)
{
  if (!want && n == 1) {
    *at = 0;
    return 0;
  }
  if (!want)
    return vr_fail(VR_EARG, "%s: has %zu columns: name one (%s:%.60s)", path, n, path, names[0]);
  for (*at = 0; *at < n; ++*at)
    if (!strcmp(names[*at], want)) return 0;
  const char *near = vr_str_nearest(want, (const char *const *)names, n);
  return vr_fail(VR_EDATA, "%s: no column '%.60s'%s%.60s%s", path, want,
    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int vr_signal_column(const vr_turn *t, const char *what, double **x)
{
  char **word = NULL, **names = NULL;
  size_t words, at = 0;
  vr_mat m = {0};
  *x = NULL;
  VR_TRY(vr_str_split(what, ":", &word, &words));
  int code = vr_signal_columns(t, word[0], &m, &names);
  if (!code) code = find(names, m.cols, word[0], words > 1 ? word[1] : NULL, &at);
  if (!code) code = vr_alloc(x, m.rows, sizeof **x);
  for (size_t i = 0; i < m.rows && !code; i++) (*x)[i] = vr_row(&m, i)[at];
  vr_release(names);
  vr_release(word);
  vr_mat_free(&m);
  return code;
}

static int get_root(const vr_turn *t, vr_mat *root)
{
  VR_TRY(vr_get_mat(t, "/pose/root", root));
  return root->cols == 7 ? 0 : vr_fail(VR_EDATA, "/pose/root: has %zu columns, not 7", root->cols);
}

int vr_signal_speed(const vr_turn *t, const vr_trials *tr, double **x)
{
  vr_mat root = {0};
  size_t half = (size_t)fmax(1, round(0.05 * tr->rate));
  *x = NULL;
  int code = get_root(t, &root);
  if (!code) code = vr_alloc(x, root.rows, sizeof **x);
  for (size_t k = 0; k < tr->n && !code; k++)
    for (size_t i = 0; i < tr->frames[k]; i++) {
      size_t a = i > half ? i - half : 0,
             b = i + half < tr->frames[k] ? i + half : tr->frames[k] - 1;
      const double *p = vr_row(&root, tr->first[k] + a), *q = vr_row(&root, tr->first[k] + b);
      if (b > a)
        (*x)[tr->first[k] + i] = hypot(q[0] - p[0], q[1] - p[1]) / (double)(b - a) * tr->rate;
    }
  vr_mat_free(&root);
  return code;
}

int vr_signal_heading(const vr_turn *t, const vr_trials *tr, double **x)
{
  vr_mat root = {0};
  *x = NULL;
  int given = vr_turn_has(t, "/pose/heading");
  int code = given ? vr_get_mat(t, "/pose/heading", &root) : get_root(t, &root);
  if (!code) code = vr_alloc(x, root.rows, sizeof **x);
  for (size_t i = 0; i < root.rows && !code; i++) {
    const double *r = vr_row(&root, i), *q = r + 3;
    // where the x axis of the body points, seen from above
    (*x)[i] =
      given ? r[0] : atan2(2 * (q[1] * q[2] + q[0] * q[3]), 1 - 2 * (q[2] * q[2] + q[3] * q[3]));
  }
  if (!code) vr_unwrap(*x, tr);
  vr_mat_free(&root);
  return code;
}

int vr_signal_tilt(const vr_turn *t, double **pitch, double **up)
{
  vr_mat root = {0};
  if (pitch) *pitch = NULL;
  if (up) *up = NULL;
  int code = get_root(t, &root);
  if (!code && pitch) code = vr_alloc(pitch, root.rows, sizeof **pitch);
  if (!code && up) code = vr_alloc(up, root.rows, sizeof **up);
  for (size_t i = 0; i < root.rows && !code; i++) {
    const double *q = vr_row(&root, i) + 3;
    double x = 2 * (q[1] * q[3] - q[0] * q[2]);
    if (pitch) (*pitch)[i] = asin(fmax(-1, fmin(1, x)));
    if (up) (*up)[i] = 1 - 2 * (q[1] * q[1] + q[2] * q[2]);
  }
  vr_mat_free(&root);
  return code;
}
