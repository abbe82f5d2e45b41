#include "sim/smooth.h"
#include "sim/ground.h"
#include "sim/world.h"
#include <math.h>
#include <mujoco/mujoco.h>
#include <string.h>

static mjfCollision engine[mjNGEOMTYPES]; // its own way, by the type of the other geom

/* The field of geom g, with where it is. */
typedef struct {
  vr_heights h;
  const double *at, *axes;
} surface;

static int is_smooth(const mjModel *m)
{
  return m->nnumeric > 0 && !strcmp(m->names + m->name_numericadr[0], VR_SMOOTH_NUMERIC);
}

static surface surface_of(const mjModel *m, const mjData *d, int g)
{
  int id = m->geom_dataid[g];
  const double *size = m->hfield_size + 4 * id;
  return (surface){.h = {.n = (size_t)m->hfield_nrow[id],
                     .half = size[0],
                     .height = size[2],
                     .depth = size[3],
                     .data = m->hfield_data + m->hfield_adr[id]},
    .at = d->geom_xpos + 3 * g,
    .axes = d->geom_xmat + 9 * g};
}

/* Distance of a point p of the world from the surface below it, along the normal there (in the
 * world); 0 where there is none: beside the field or under its bottom. */
static int over(const surface *s, const double p[3], double *dist, double normal[3])
{
  double v[3], q[3], slope[2];
  for (int k = 0; k < 3; k++) v[k] = p[k] - s->at[k];
  for (int k = 0; k < 3; k++)
    q[k] = s->axes[k] * v[0] + s->axes[3 + k] * v[1] + s->axes[6 + k] * v[2];
  if (fabs(q[0]) > s->h.half || fabs(q[1]) > s->h.half || q[2] < -s->h.depth) return 0;
  double z = vr_heights_at(&s->h, q[0], q[1], slope);
  double nz = 1 / sqrt(1 + slope[0] * slope[0] + slope[1] * slope[1]);
  const double n[3] = {-slope[0] * nz, -slope[1] * nz, nz};
  for (int k = 0; k < 3; k++)
    normal[k] = s->axes[3 * k] * n[0] + s->axes[3 * k + 1] * n[1] + s->axes[3 * k + 2] * n[2];
  *dist = (q[2] - z) * nz;
  return 1;
}

/* A contact of a ball of radius r around p, if it is near enough; their number. */
static int touch(const surface *s, const double p[3], double r, double margin, mjPreContact *con)
{
  double dist, n[3];
  if (!over(s, p, &dist, n) || dist - r > margin) return 0;
  memset(con, 0, sizeof *con);
  con->dist = dist - r;
  memcpy(con->normal, n, sizeof n);
  // half way between the two surfaces
  for (int k = 0; k < 3; k++) con->pos[k] = p[k] - n[k] * (r + dist) / 2;
  return 1;
}

/* c = a + x * (column k of the 3 x 3 matrix r) */
static void along(const double a[3], const double *r, int k, double x, double c[3])
{
  for (int i = 0; i < 3; i++) c[i] = a[i] + x * r[3 * i + k];
}

/* Its two ends, and the middle where the ground comes nearer to it than to them: on even ground the
 * contacts are those with a plane. */
static int capsule(const surface *s, const double *at, const double *axes, const double *size,
  double margin, mjPreContact *con)
{
  int n = 0;
  double nearest = INFINITY;
  mjPreContact middle;
  for (int k = -1; k <= 1; k += 2) {
    double p[3];
    along(at, axes, 2, k * size[1], p);
    n += touch(s, p, size[0], margin, con + n);
  }
  for (int i = 0; i < n; i++) nearest = fmin(nearest, con[i].dist);
  if (touch(s, at, size[0], margin, &middle) && middle.dist < nearest - 1e-9) con[n++] = middle;
  return n;
}

/* The deepest point of an ellipsoid, found by the normal below it, twice. */
static int ellipsoid(const surface *s, const double *at, const double *axes, const double *size,
  double margin, mjPreContact *con)
{
  double p[3], n[3], dist;
  memcpy(p, at, sizeof p);
  for (int round = 0; round < 3; round++) {
    if (!over(s, p, &dist, n)) return 0;
    double w[3], norm = 0;
    for (int k = 0; k < 3; k++) {
      w[k] = size[k] * (axes[k] * n[0] + axes[3 + k] * n[1] + axes[6 + k] * n[2]);
      norm += w[k] * w[k];
    }
    memcpy(p, at, sizeof p);
    for (int k = 0; k < 3; k++) along(p, axes, k, -size[k] * w[k] / sqrt(norm), p);
  }
  return touch(s, p, 0, margin, con);
}

static int box(const surface *s, const double *at, const double *axes, const double *size,
  double margin, mjPreContact *con)
{
  int n = 0;
  for (int corner = 0; corner < 8; corner++) {
    double p[3];
    memcpy(p, at, sizeof p);
    for (int k = 0; k < 3; k++) along(p, axes, k, corner >> k & 1 ? size[k] : -size[k], p);
    n += touch(s, p, 0, margin, con + n);
  }
  return n;
}

static int collide(const mjModel *m, mjData *d, mjPreContact *con, int g1, int g2, mjtNum margin)
{
  int type = m->geom_type[g2];
  if (!is_smooth(m)) return engine[type](m, d, con, g1, g2, margin);
  surface s = surface_of(m, d, g1);
  const double *at = d->geom_xpos + 3 * g2, *axes = d->geom_xmat + 9 * g2;
  const double *size = m->geom_size + 3 * g2;
  switch (type) {
  case mjGEOM_SPHERE: return touch(&s, at, size[0], margin, con);
  case mjGEOM_CAPSULE: return capsule(&s, at, axes, size, margin, con);
  case mjGEOM_ELLIPSOID: return ellipsoid(&s, at, axes, size, margin, con);
  default: return box(&s, at, axes, size, margin, con);
  }
}

void vr_smooth_install(void)
{
  static const int types[] = {mjGEOM_SPHERE, mjGEOM_CAPSULE, mjGEOM_ELLIPSOID, mjGEOM_BOX};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    mjfCollision *entry = &mjCOLLISIONFUNC[mjGEOM_HFIELD][types[i]];
    if (*entry == collide) continue;
    engine[types[i]] = *entry;
    *entry = collide;
  }
}
