/* dress.c -- a ground as MJCF: planes, platforms and walls, the field of heights, orbs. */
#include "sim/task_kinds.h"
#include "base/number.h"
#include <stdio.h>

/* Out of the way of everything, under all planes. */
#define PARKED (-1000.0)

static void put_planes(const vr_ground *g, vr_world *w)
{
  vr_str *out = &w->bodies;
  for (size_t i = 0; i < g->nplanes; i++) {
    const vr_plane *p = g->plane + i;
    double half = p->floor ? w->floor : 1;
    if (p->floor)
      vr_str_add(out, "    <geom name=\"floor\" type=\"plane\" material=\"grass\"");
    else
      vr_str_addf(
        out, "    <geom name=\"plane_%zu\" type=\"plane\" group=\"3\" rgba=\"0 0 0 0\"", i);
    vr_mjcf_numbers(out, "size", (double[]){half, half, 0.25}, 3);
    vr_mjcf_numbers(out, "pos", p->pos, 3);
    vr_mjcf_numbers(out, "zaxis", p->normal, 3);
    vr_str_add(out, "/>\n");
  }
}

// a body that does not move by itself; its mass says nothing, but it fixes the axes
static void open_body(vr_str *out, const char *kind, size_t i, const double pos[3])
{
  vr_str_addf(out, "    <body name=\"%s_%zu\"", kind, i);
  vr_mjcf_numbers(out, "pos", pos, 3);
  vr_str_add(out, "><inertial pos=\"0 0 0\" mass=\"1\" diaginertia=\"1 1 1\"/>");
}

static void put_boxes(const vr_ground *g, const char *material, int parked, vr_world *w)
{
  static const vr_box spare = {{0, 0, PARKED}, {0.1, 0.1, 0.1}};
  vr_str *out = &w->after;
  size_t n = parked ? g->maxboxes : g->nboxes;
  for (size_t i = 0; i < n; i++) {
    const vr_box *b = i < g->nboxes ? g->box + i : &spare;
    open_body(out, "box", i, b->pos);
    vr_str_addf(out, "<geom name=\"box_%zu\" type=\"box\" material=\"%s\"", i, material);
    vr_mjcf_numbers(out, "size", b->half, 3);
    vr_str_add(out, "/></body>\n");
  }
}

static void put_orbs(const vr_ground *g, const char *material, int parked, vr_world *w)
{
  vr_str *out = &w->after;
  size_t n = parked ? g->maxorbs : g->norbs;
  double radius = g->norbs ? g->orb->radius : 0.05;
  for (size_t i = 0; i < n; i++) {
    open_body(out, "orb", i, i < g->norbs ? g->orb[i].pos : (double[]){0, 0, PARKED});
    vr_str_addf(out,
      "<geom name=\"orb_%zu\" type=\"sphere\" contype=\"0\" conaffinity=\"0\" material=\"%s\"", i,
      material);
    vr_mjcf_numbers(out, "size", &radius, 1);
    vr_str_add(out, "/></body>\n");
  }
}

// rows of the text run from the greatest y to the least
static void put_heights(const vr_heights *h, vr_world *w)
{
  if (!h->n) return;
  const double size[4] = {h->half, h->half, h->height, h->depth}, pos[3] = {0, 0, h->base};
  vr_str *out = &w->asset;
  vr_str_addf(out, "    <hfield name=\"terrain\" nrow=\"%zu\" ncol=\"%zu\"", h->n, h->n);
  vr_mjcf_numbers(out, "size", size, 4);
  vr_str_add(out, " elevation=\"");
  for (size_t i = h->n; i-- > 0;)
    for (size_t j = 0; j < h->n; j++) {
      char text[VR_NUMBER_MAX];
      vr_str_addn(out, text, vr_number_f32(text, h->data[i * h->n + j]));
      vr_str_addc(out, j + 1 < h->n ? ' ' : '\n');
    }
  vr_str_add(out, "\"/>\n");
  vr_str_add(&w->after, "    <body name=\"terrain\"");
  vr_mjcf_numbers(&w->after, "pos", pos, 3);
  vr_str_add(&w->after,
    "><inertial pos=\"0 0 0\" mass=\"1\" diaginertia=\"1 1 1\"/>"
    "<geom name=\"terrain\" type=\"hfield\" hfield=\"terrain\" material=\"grass\"/></body>\n");
}

int vr_task_dress(const vr_task *t, const vr_ground *g, int parked, vr_world *w)
{
  const vr_task_kind *kind = vr_task_kind_of(t);
  char box[32] = "";
  *w = (vr_world){0};
  if (kind->dress) kind->dress(t, g, w);
  if (kind->box) snprintf(box, sizeof box, kind->box, g->look);
  put_planes(g, w);
  put_boxes(g, box, parked, w);
  put_heights(&g->heights, w);
  put_orbs(g, kind->orb, parked, w);
  for (int k = 0; k < 7; k++) w->spawn[k] = g->spawn[k];
  int code = vr_world_ok(w);
  if (code) vr_world_free(w);
  return code;
}
