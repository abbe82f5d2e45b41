/* ground_text.c -- a ground to look at: the maze's cells, the field's heights as shades, then every
 * number but the heights, one thing a line. */
#include "sim/ground.h"
#include "sim/mjcf.h"

enum { SHADES = 50 }; // characters in a row of heights

static void put_maze(const vr_cells *c, vr_str *out)
{
  for (size_t i = 0; i < c->n; i++) {
    vr_str_addn(out, c->cell + i * c->n, c->n);
    vr_str_addc(out, '\n');
  }
}

// the greatest y on top; a character is twice as high as wide
static void put_heights(const vr_heights *h, vr_str *out)
{
  static const char shade[] = " .:-=+*#%@";
  for (int i = 0; h->n && i < SHADES / 2; i++) {
    for (int j = 0; j < SHADES; j++) {
      double x = (2 * (j + 0.5) / SHADES - 1) * h->half;
      double y = (1 - 2 * (i + 0.5) / (SHADES / 2)) * h->half;
      int level = (int)((vr_heights_at(h, x, y, NULL) - h->base) / h->height * 9.999);
      vr_str_addc(out, shade[level < 0 ? 0 : level > 9 ? 9 : level]);
    }
    vr_str_addc(out, '\n');
  }
}

static void put_line(
  vr_str *out, const char *what, const double *a, size_t na, const double *b, size_t nb)
{
  vr_str_add(out, what);
  for (size_t i = 0; i < na + nb; i++) {
    vr_str_addc(out, '\t');
    vr_mjcf_number(out, i < na ? a[i] : b[i - na]);
  }
  vr_str_addc(out, '\n');
}

void vr_ground_text(const vr_ground *g, vr_str *out)
{
  put_maze(&g->cells, out);
  put_heights(&g->heights, out);
  put_line(out, "spawn", g->spawn, 7, NULL, 0);
  for (size_t i = 0; i < g->nplanes; i++)
    put_line(out, "plane", g->plane[i].pos, 3, g->plane[i].normal, 3);
  for (size_t i = 0; i < g->nboxes; i++) put_line(out, "box", g->box[i].pos, 3, g->box[i].half, 3);
  for (size_t i = 0; i < g->norbs; i++)
    put_line(out, "orb", g->orb[i].pos, 3, &g->orb[i].radius, 1);
  const vr_heights *h = &g->heights;
  if (h->n)
    put_line(
      out, "heights", (double[]){(double)h->n, h->half, h->height, h->base, h->depth}, 5, NULL, 0);
}
