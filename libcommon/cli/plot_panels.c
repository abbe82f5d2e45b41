/* plot_panels.c -- square matrices side by side: similarities of clusters, CKA of layers. */
#include "base/err.h"
#include "base/mem.h"
#include "cli/plot_cka.h"
#include <math.h>

enum { HEAD = 22, GAP = 18 }; // points: title of a panel, space between panels

// the grid with the largest panels
static void arrange(vr_plot_panels *p, double w, double h)
{
  p->side = 0;
  for (size_t across = 1; across <= p->n; across++) {
    size_t down = (p->n + across - 1) / across;
    double x = (w + GAP) / (double)across - GAP, y = (h + GAP) / (double)down - GAP - HEAD;
    double side = fmin(x, y);
    if (side > p->side) {
      p->side = side;
      p->across = across;
    }
  }
}

// lower left corner of panel m; y goes up
static void corner(const vr_plot_panels *p, size_t m, double h, double *x, double *y)
{
  *x = (double)(m % p->across) * (p->side + GAP);
  *y = h - (double)(m / p->across + 1) * (p->side + HEAD) - (double)(m / p->across) * GAP;
}

// cell (i, j) of panel m in its colour; row 0 is on top
static void fill(const vr_plot_panels *p, size_t m, double h, vr_image *im)
{
  const vr_mat *a = &p->panel[m];
  double low = p->low, high = p->high, x, y;
  size_t n = a->rows;
  if (!(high > low)) { // each panel from its lowest to its highest
    low = high = a->a[0];
    for (size_t e = 0; e < n * n; e++) {
      low = fmin(low, a->a[e]);
      high = fmax(high, a->a[e]);
    }
  }
  corner(p, m, h, &x, &y);
  size_t side = (size_t)(VR_FIGURE_SCALE * p->side), x0 = (size_t)(VR_FIGURE_SCALE * x);
  size_t y0 = (size_t)(VR_FIGURE_SCALE * fmax(y, 0));
  for (size_t r = 0; r < side; r++)
    for (size_t c = 0; c < side; c++) {
      double v = a->a[(side - 1 - r) * n / side * n + c * n / side];
      if (isnan(v))
        vr_image_set(im, x0 + c, y0 + r, VR_NO_COLOUR, 0.5);
      else
        vr_image_set(im, x0 + c, y0 + r,
          vr_ramp_colour(VR_RAMP_VALUE, high > low ? (v - low) / (high - low) : 0), 1);
    }
}

// a number in each cell that has room for it, on the diagonal the name
static void write_cells(const vr_plot_panels *p, size_t m, double x, double y, vr_figure *f)
{
  size_t n = p->panel[m].rows;
  double cell = p->side / (double)n;
  for (size_t i = 0; i < n && cell >= 24; i++)
    for (size_t j = 0; j < n; j++) {
      double v = vr_row(&p->panel[m], i)[j];
      if (isnan(v)) continue;
      vr_str_addf(&f->code, "%.7g\t%.7g\t%d\t", x + ((double)j + 0.5) * cell,
        y + p->side - ((double)i + 0.5) * cell, v < 0.6 ? 0xffffff : 0x222222);
      if (i == j)
        vr_figure_field(f, p->names[i]);
      else
        vr_str_addf(&f->code, "%.2f", v);
      vr_str_addc(&f->code, '\n');
    }
}

int vr_plot_draw_panels(vr_plot_panels *p, vr_figure *f)
{
  vr_plot_frame margin = vr_plot_margins(f, 0, NULL, 0);
  double w = f->w - margin.left - margin.right, h = f->h - margin.top - margin.bottom, x, y;
  vr_image im = {0};
  vr_view box = {0, w, 0, h};
  vr_plot_set_margins(f, &margin);
  arrange(p, w, h);
  if (p->side < 8) return vr_fail(VR_EARG, "%zu matrices have no room: say a larger --size", p->n);
  VR_TRY(vr_image_new(&im, (size_t)(VR_FIGURE_SCALE * w), (size_t)(VR_FIGURE_SCALE * h)));
  for (size_t m = 0; m < p->n; m++) fill(p, m, h, &im);
  int code = vr_figure_image(f, "BACK", &im, &box);
  vr_image_free(&im);
  vr_str_addf(&f->code, "set xrange [0:%.10g]\nset yrange [0:%.10g]\n", w, h);
  vr_figure_data(f, "NAME_AT");
  for (size_t m = 0; m < p->n; m++) {
    corner(p, m, h, &x, &y);
    vr_str_addf(&f->code, "%.7g\t%.7g\t", x, y + p->side + HEAD / 2.0);
    vr_figure_field(f, p->title[m]);
    vr_str_addc(&f->code, '\n');
  }
  vr_figure_data_end(f);
  vr_figure_data(f, "NUMBER");
  for (size_t m = 0; m < p->n && p->names; m++) {
    corner(p, m, h, &x, &y);
    write_cells(p, m, x, y, f);
  }
  vr_figure_data_end(f);
  return code;
}

void vr_plot_panels_free(vr_plot_panels *p)
{
  for (size_t m = 0; m < p->n; m++) vr_mat_free(&p->panel[m]);
  *p = (vr_plot_panels){0};
}
