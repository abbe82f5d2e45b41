/* plot_sequence.c -- what vr-align made: the units in their order around an event. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot_sequence.h"
#include "io/columns.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 400 };

typedef struct {
  const char *group;
  const char *words;
  char *found; // caller's
} finder;

// the first dataset below the group that has this result
static int first(void *ctx, const char *path, const vr_h5_info *info)
{
  finder *f = ctx;
  size_t n = strlen(path), w = strlen(f->words), g = strlen(f->group);
  (void)info;
  if (f->found || n < g + w + 2 || strcmp(path + n - w, f->words) || path[n - w - 1] != '/')
    return 0;
  VR_TRY(vr_alloc(&f->found, n - w - g, 1));
  memcpy(f->found, path + g, n - w - g - 1);
  return 0;
}

int vr_plot_result(const vr_turn *t, const char *group, const char *member, const char *tool,
  const char *data, char **path)
{
  char whole[PATH];
  finder f = {group, member, NULL};
  *path = NULL;
  if (!vr_turn_has(t, group))
    return vr_fail(VR_EDATA, "no %s in this stream: run %s first", group, tool);
  if (!data) {
    VR_TRY(vr_h5_walk(vr_turn_find(t, group), group, first, &f));
    *path = f.found;
    return f.found ? 0 : vr_fail(VR_EDATA, "%s: holds no result of %s", group, tool);
  }
  if (!strncmp(data, group, strlen(group))) data += strlen(group);
  if (snprintf(whole, sizeof whole, "%s%s/%s", group, data, member) >= PATH - 64)
    return vr_fail(VR_EARG, "%.60s...: a path too long", data);
  if (!vr_turn_has(t, whole))
    return vr_fail(VR_EDATA, "%.200s: no such result: run %s -i first", whole, tool);
  VR_TRY(vr_alloc(path, strlen(data) + 1, 1));
  memcpy(*path, data, strlen(data));
  return 0;
}

int vr_plot_aligned(const vr_turn *t, const char *path, const char *name, vr_mat *m)
{
  char whole[PATH];
  snprintf(whole, sizeof whole, "/sequence%.300s/%.40s", path, name);
  return vr_get_mat(t, whole, m);
}

int vr_plot_lags(const vr_turn *t, const char *path, const vr_mat *lag, vr_figure *f)
{
  char whole[PATH];
  vr_str units = {0};
  snprintf(whole, sizeof whole, "/sequence%.300s/lag", path);
  int code = vr_units_text(vr_turn_find(t, whole), whole, &units);
  int phase = !strcmp(vr_str_get(&units), "1");
  double half = lag->rows > 1 ? (lag->a[1] - lag->a[0]) / 2 : 0.5;
  vr_figure_text(f, "XLABEL", phase ? "phase" : "time after the event (s)");
  vr_str_addf(
    &f->code, "set xrange [%.10g:%.10g]\n", lag->a[0] - half, lag->a[lag->rows - 1] + half);
  vr_str_free(&units);
  return code;
}

// the even windows, the units in the order of the odd ones, from the top
static int draw_matrix(const vr_mat *even, const int32_t *order, const vr_mat *lag, vr_figure *f)
{
  vr_image im = {0};
  size_t n = even->rows, lags = even->cols;
  double *all, low, high, half = lags > 1 ? (lag->a[1] - lag->a[0]) / 2 : 0.5;
  VR_TRY(vr_alloc(&all, n * lags, sizeof *all));
  memcpy(all, even->a, n * lags * sizeof *all);
  low = vr_quantile(all, n * lags, 0.01);
  high = vr_quantile(all, n * lags, 0.99);
  vr_release(all);
  if (!(high > low)) high = low + 1;
  vr_plot_frame m = vr_plot_margins(f, 1, NULL, 0);
  m.right = 96;
  size_t w = (size_t)(VR_FIGURE_SCALE * (f->w - m.left - m.right));
  size_t h = (size_t)(VR_FIGURE_SCALE * (f->h - m.top - m.bottom));
  VR_TRY(vr_image_new(&im, w, h));
  for (size_t r = 0; r < h; r++)
    for (size_t c = 0; c < w; c++) {
      double v = vr_row(even, (size_t)order[n - 1 - r * n / h])[c * lags / w];
      vr_image_set(&im, c, r, vr_ramp_colour(VR_RAMP_VALUE, (v - low) / (high - low)), 1);
    }
  vr_view box = {lag->a[0] - half, lag->a[lags - 1] + half, -(double)n, 0};
  int code = vr_figure_image(f, "BACK", &im, &box);
  vr_image_free(&im);
  vr_plot_set_margins(f, &m);
  vr_figure_ramp(f, VR_RAMP_VALUE, low, high, 1);
  vr_figure_text(f, "BAR", "even windows (sd)");
  vr_figure_text(f, "YLABEL", "unit, by its peak in odd windows");
  size_t step = (size_t)fmax(1, vr_plot_nice((double)n / 3));
  vr_str_addf(&f->code, "set yrange [-%zu:0]\nset ytics ('0' 0", n);
  for (size_t k = step; k <= n; k += step) vr_str_addf(&f->code, ", '%zu' -%zu", k, k);
  vr_str_add(&f->code, ")\n");
  return code;
}

int vr_plot_sequence(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  vr_mat even = {0}, lag = {0};
  int32_t *order = NULL;
  size_t units = 0;
  char *path = NULL, whole[PATH];
  (void)par;
  VR_TRY(vr_plot_result(t, "/sequence", "even", "vr-align", n ? data[0] : NULL, &path));
  snprintf(whole, sizeof whole, "/sequence%.300s/order", path);
  int code = vr_plot_aligned(t, path, "even", &even);
  if (!code) code = vr_plot_aligned(t, path, "lag", &lag);
  if (!code) code = vr_get_ints(t, whole, &order, &units);
  if (!code && (units != even.rows || lag.rows != even.cols || !units || !lag.rows))
    code = vr_fail(VR_EDATA, "/sequence%.200s: even, order and lag do not fit", path);
  for (size_t k = 0; k < units && !code; k++)
    if (order[k] < 0 || (size_t)order[k] >= units)
      code = vr_fail(VR_EDATA, "%.300s row %zu: no unit %d", whole, k, order[k]);
  if (!code) code = vr_plot_lags(t, path, &lag, f);
  if (!code) code = draw_matrix(&even, order, &lag, f);
  vr_release(order);
  vr_release(path);
  vr_mat_free(&even);
  vr_mat_free(&lag);
  return code;
}
