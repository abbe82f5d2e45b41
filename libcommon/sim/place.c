#include "sim/place.h"
#include "base/err.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PARKED (-1000.0)

// body of `kind`_0 and how many there are; each has one geom and follows the one before
static int find_row(const mjModel *m, const char *kind, int *first, int *n)
{
  char name[32];
  snprintf(name, sizeof name, "%s_0", kind);
  *first = mj_name2id(m, mjOBJ_BODY, name);
  for (*n = 0; *first >= 0; (*n)++) {
    snprintf(name, sizeof name, "%s_%d", kind, *n);
    int id = mj_name2id(m, mjOBJ_BODY, name);
    if (id < 0) break;
    if (id != *first + *n || m->body_geomnum[id] != 1)
      return vr_fail(VR_EDATA, "scene: body %s is not where it should be", name);
  }
  return 0;
}

int vr_places_find(const mjModel *m, vr_places *p)
{
  VR_TRY(find_row(m, "box", &p->box, &p->nboxes));
  VR_TRY(find_row(m, "orb", &p->orb, &p->norbs));
  p->terrain = mj_name2id(m, mjOBJ_BODY, "terrain");
  p->field = mj_name2id(m, mjOBJ_HFIELD, "terrain");
  p->look = mj_name2id(m, mjOBJ_MATERIAL, "wall_0");
  if ((p->terrain < 0) != (p->field < 0))
    return vr_fail(VR_EDATA, "scene: a field of heights needs a body 'terrain' of its own");
  return 0;
}

// everything that follows from the extents of a body's only geom: centre (of the geom) and half sides
static void refresh(mjModel *m, int body, const double centre[3], const double half[3])
{
  int geom = m->body_geomadr[body];
  double *boxes[] = {m->geom_aabb + 6 * geom, m->bvh_aabb + 6 * m->body_bvhadr[body]};
  for (size_t i = 0; i < VR_LEN(boxes); i++) {
    memcpy(boxes[i], centre, 3 * sizeof(double));
    memcpy(boxes[i] + 3, half, 3 * sizeof(double));
  }
}

static void touch(mjModel *m, int body, int on)
{
  int geom = m->body_geomadr[body];
  m->body_contype[body] = m->body_conaffinity[body] = on;
  m->geom_contype[geom] = m->geom_conaffinity[geom] = on;
}

// whether a body takes part, in contacts and in pictures
static void enable(mjModel *m, int body, int touches, int on)
{
  touch(m, body, touches && on);
  m->geom_group[m->body_geomadr[body]] = on ? 0 : 3;
  if (!on) m->body_pos[3 * body + 2] = PARKED;
}

static void place_box(const vr_places *p, const vr_ground *g, size_t i, mjModel *m)
{
  int body = p->box + (int)i, geom = m->body_geomadr[body];
  int on = i < g->nboxes;
  enable(m, body, 1, on);
  if (!on) return;
  const double *half = g->box[i].half, zero[3] = {0, 0, 0};
  memcpy(m->body_pos + 3 * body, g->box[i].pos, 3 * sizeof(double));
  memcpy(m->geom_size + 3 * geom, half, 3 * sizeof(double));
  m->geom_rbound[geom] = sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2]);
  refresh(m, body, zero, half);
  if (p->look >= 0) m->geom_matid[geom] = p->look + g->look;
}

void vr_place_near(
  const vr_places *p, const vr_ground *g, const double at[3], double reach, mjModel *m)
{
  for (size_t i = 0; i < g->nboxes; i++) {
    double apart = 0;
    for (int k = 0; k < 3; k++) {
      double d = fmax(fabs(at[k] - g->box[i].pos[k]) - g->box[i].half[k], 0);
      apart += d * d;
    }
    touch(m, p->box + (int)i, apart <= reach * reach);
  }
}

void vr_place_orb(const vr_places *p, mjModel *m, int k, const double pos[3])
{
  memcpy(m->body_pos + 3 * (p->orb + k), pos, 3 * sizeof(double));
}

static void place_heights(const vr_places *p, const vr_heights *h, mjModel *m)
{
  int geom = m->body_geomadr[p->terrain];
  double *size = m->hfield_size + 4 * p->field;
  size[2] = h->height;
  m->body_pos[3 * p->terrain + 2] = h->base;
  memcpy(m->hfield_data + m->hfield_adr[p->field], h->data, h->n * h->n * sizeof *h->data);
  // from the bottom of the solid to the highest point
  const double centre[3] = {0, 0, (size[2] - size[3]) / 2};
  const double half[3] = {size[0], size[1], (size[2] + size[3]) / 2};
  double top = fmax(size[2], size[3]);
  m->geom_size[3 * geom + 2] = size[2] / 4 + size[3] / 2; // as the compiler has it
  m->geom_rbound[geom] = sqrt(size[0] * size[0] + size[1] * size[1] + top * top);
  refresh(m, p->terrain, centre, half);
}

int vr_place(const vr_places *p, const vr_ground *g, mjModel *m)
{
  const vr_heights *h = &g->heights;
  if (g->nboxes > (size_t)p->nboxes || g->norbs > (size_t)p->norbs)
    return vr_fail(VR_EDATA, "scene: it has room for %d boxes and %d orbs, not for %zu and %zu",
      p->nboxes, p->norbs, g->nboxes, g->norbs);
  if (h->n && (p->field < 0 || m->hfield_nrow[p->field] != (int)h->n ||
                m->hfield_ncol[p->field] != (int)h->n))
    return vr_fail(VR_EDATA, "scene: it has no field of %zu x %zu heights", h->n, h->n);
  for (size_t i = 0; i < (size_t)p->nboxes; i++) place_box(p, g, i, m);
  for (int i = 0; i < p->norbs; i++) {
    enable(m, p->orb + i, 0, i < (int)g->norbs);
    if (i < (int)g->norbs) vr_place_orb(p, m, i, g->orb[i].pos);
  }
  if (h->n) place_heights(p, h, m);
  return 0;
}
