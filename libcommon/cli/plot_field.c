/* plot_field.c -- vector fields that vr-jpca made: a panel for each plane of one dataset. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot.h"
#include "num/stat.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PANELS = 5, PATH = 400 };
static const double apart = 1.15; // from panel to panel, whose sides are 1

typedef struct {
  vr_mat x, y, dx, dy;
  double half; // what is shown of the plane: -half .. half
} field;

static void field_free(field *p)
{
  vr_mat_free(&p->x);
  vr_mat_free(&p->y);
  vr_mat_free(&p->dx);
  vr_mat_free(&p->dy);
}

static int get_column(const vr_turn *t, const char *group, const char *name, size_t rows, vr_mat *m)
{
  char path[PATH];
  snprintf(path, sizeof path, "%s/%s", group, name);
  VR_TRY(vr_get_mat(t, path, m));
  if (m->cols == 1 && (m->rows == rows || name[1] == 0)) return 0;
  return vr_fail(VR_EDATA, "%s: not a column of %zu cells", path, rows);
}

static int read_field(const vr_turn *t, const char *group, field *p)
{
  char path[PATH];
  double step;
  VR_TRY(get_column(t, group, "x", 0, &p->x));
  VR_TRY(get_column(t, group, "y", p->x.rows, &p->y));
  VR_TRY(get_column(t, group, "dx", p->x.rows, &p->dx));
  VR_TRY(get_column(t, group, "dy", p->x.rows, &p->dy));
  if (p->y.rows != p->x.rows) return vr_fail(VR_EDATA, "%s: x and y differ in length", group);
  snprintf(path, sizeof path, "%.380s/x", group);
  VR_TRY(vr_h5_get_attr_num(vr_turn_find(t, path), path, "step", &step));
  p->half = step;
  for (size_t k = 0; k < p->x.rows; k++)
    p->half = fmax(p->half, fmax(fabs(p->x.a[k]), fabs(p->y.a[k])) + step);
  return 0;
}

// the arrows of panel k: the 95th percentile of the speeds is as long as a cell of twenty
static int draw_arrows(const field *p, size_t k, vr_figure *f)
{
  double *speed;
  size_t n = p->x.rows;
  if (!n) return 0;
  VR_TRY(vr_alloc(&speed, n, sizeof *speed));
  for (size_t i = 0; i < n; i++) speed[i] = hypot(p->dx.a[i], p->dy.a[i]);
  double most = vr_quantile(speed, n, 0.95), scale = most > 0 ? 0.06 / most : 0;
  vr_release(speed);
  for (size_t i = 0; i < n; i++) {
    double u = p->dx.a[i] * scale, v = p->dy.a[i] * scale;
    double x = apart * (double)k + 0.5 + p->x.a[i] / p->half / 2, y = 0.5 + p->y.a[i] / p->half / 2;
    double share = fmin(1, hypot(u, v) / 0.06);
    vr_str_addf(&f->code, "%.5f\t%.5f\t%.5f\t%.5f\t%u\n", x - u / 2, y - v / 2, u, v,
      vr_ramp_colour(VR_RAMP_VALUE, 0.9 * (1 - share)));
  }
  return 0;
}

// a number of field k in a list beside the fields, or NaN
static double number_of(const vr_turn *t, const char *top, const char *name, size_t k)
{
  char path[PATH];
  vr_mat m = {0};
  snprintf(path, sizeof path, "%s/%s", top, name);
  double x = NAN;
  if (vr_turn_has(t, path) && !vr_get_mat(t, path, &m) && k < m.rows) x = m.a[k];
  vr_mat_free(&m);
  return x;
}

// above a panel: its plane; below: how fast and how much it turns
static void tell(const vr_turn *t, const char *data, const char *name, size_t k, vr_figure *f)
{
  char fields[PATH], planes[PATH], two[16];
  snprintf(fields, sizeof fields, "/field%.300s", data);
  snprintf(planes, sizeof planes, "/jpca%.300s", data);
  unsigned plane = 0;
  int jpc = sscanf(name, "jpc%u", &plane) == 1;
  snprintf(two, sizeof two, "%u, %u", jpc ? 2 * plane - 1 : 1, jpc ? 2 * plane : 2);
  vr_str_addf(&f->code, "%.5f\t1.07\t%s %s\n", apart * (double)k + 0.5, jpc ? "jPC" : "PC", two);
  double turn = number_of(t, fields, "rotation", k), p = number_of(t, fields, "rotation_p", k);
  double hz = jpc ? number_of(t, planes, "frequency", plane - 1) : NAN;
  vr_str_addf(&f->code, "%.5f\t-0.05\t", apart * (double)k + 0.5);
  if (isfinite(hz)) vr_str_addf(&f->code, "%.3g Hz, ", hz);
  vr_str_addf(&f->code, "rotation %.2f", turn);
  if (isfinite(p)) vr_str_addf(&f->code, ", p %.2g", p);
  vr_str_add(&f->code, "\n");
}

static int draw_panels(const vr_turn *t, const char *data, char **name, size_t n, vr_figure *f)
{
  char group[PATH];
  field p[PANELS];
  int code = 0;
  memset(p, 0, sizeof p);
  for (size_t k = 0; k < n && !code; k++) {
    snprintf(group, sizeof group, "/field%.300s/%.40s", data, name[k]);
    code = read_field(t, group, &p[k]);
  }
  vr_figure_data(f, "TRACE");
  for (size_t k = 0; k < n && !code; k++) code = draw_arrows(&p[k], k, f);
  vr_figure_data_end(f);
  // the axes of each plane
  vr_figure_data(f, "OUTLINE");
  for (size_t k = 0; k < n; k++) {
    double x = apart * (double)k;
    vr_str_addf(&f->code, "%g\t0.5\n%g\t0.5\n\n%g\t0\n%g\t1\n\n", x, x + 1, x + 0.5, x + 0.5);
  }
  vr_figure_data_end(f);
  vr_figure_data(f, "NUMBER");
  for (size_t k = 0; k < n && !code; k++) tell(t, data, name[k], k, f);
  vr_figure_data_end(f);
  for (size_t k = 0; k < n; k++) field_free(&p[k]);
  return code;
}

int vr_plot_field(
  const vr_turn *t, const char *const *data, size_t n, const vr_plot_par *par, vr_figure *f)
{
  char *path = NULL, list[PATH], **name = NULL;
  size_t panels = 0;
  (void)par;
  VR_TRY(vr_plot_result(t, "/field", "field", "vr-jpca", n ? data[0] : NULL, &path));
  snprintf(list, sizeof list, "/field%.300s/field", path);
  int code = vr_get_strings(t, list, &name, &panels);
  if (panels > PANELS) panels = PANELS;
  if (!code) {
    vr_plot_frame m = vr_plot_margins(f, 0, NULL, 0);
    vr_plot_set_margins(f, &m);
    vr_str_addf(&f->code, "set xrange [-0.05:%g]\nset yrange [-0.15:1.15]\n",
      apart * (double)panels - apart + 1.05);
    code = draw_panels(t, path, name, panels, f);
  }
  vr_release(name);
  vr_release(path);
  return code;
}
