#include "sim/feeler.h"
#include "base/err.h"
#include <math.h>

static double norm(const double v[3])
{
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static double apart(const double a[3], const double b[3])
{
  return norm((double[]){a[0] - b[0], a[1] - b[1], a[2] - b[2]});
}

int vr_feeler_find(const mjModel *m, int body, vr_feeler *f)
{
  *f = (vr_feeler){.body = body};
  for (int g = 0; body >= 0 && g < m->ngeom; g++) {
    // up to the body: the lengths of the chain add up at most
    double far = norm(m->geom_pos + 3 * g) + m->geom_rbound[g];
    int b = m->geom_bodyid[g];
    for (; b > body; b = m->body_parentid[b]) far += norm(m->body_pos + 3 * b);
    if (b != body) continue;
    if (f->n == VR_MAXFEEL) return vr_fail(VR_EDATA, "scene: an animal of more than 256 geoms");
    f->geom[f->n++] = g;
    f->reach = fmax(f->reach, far);
  }
  return 0;
}

/* Of p (all >= 0) to the ellipsoid with these half axes. The foot point is a_i^2 p_i / (a_i^2 + t)
 * where t is the root of sum (a_i p_i / (a_i^2 + t))^2 = 1; the sum falls and is convex in t, so
 * Newton's steps from 0 approach it from the left. */
static double to_ellipsoid(const double a[3], const double p[3])
{
  double t = 0, foot[3];
  for (int tries = 0; tries < 100; tries++) {
    double sum = -1, slope = 0;
    for (int k = 0; k < 3; k++) {
      double low = a[k] * a[k] + t, share = a[k] * p[k] / low;
      sum += share * share;
      slope -= 2 * share * share / low;
    }
    if (sum <= 1e-14) break; // inside at once, or near enough
    t -= sum / slope;
  }
  for (int k = 0; k < 3; k++) foot[k] = a[k] * a[k] * p[k] / (a[k] * a[k] + t);
  return apart(p, foot);
}

double vr_geom_distance(const mjModel *m, const mjData *d, int geom, const double point[3])
{
  const double *at = d->geom_xpos + 3 * geom, *r = d->geom_xmat + 9 * geom;
  const double *size = m->geom_size + 3 * geom;
  const double v[3] = {point[0] - at[0], point[1] - at[1], point[2] - at[2]};
  // in the geom's axes; all shapes are symmetric in each of them
  double p[3];
  for (int k = 0; k < 3; k++) p[k] = fabs(r[k] * v[0] + r[3 + k] * v[1] + r[6 + k] * v[2]);
  switch (m->geom_type[geom]) {
  case mjGEOM_SPHERE: return fmax(norm(p) - size[0], 0);
  case mjGEOM_CAPSULE: p[2] = fmax(p[2] - size[1], 0); return fmax(norm(p) - size[0], 0);
  case mjGEOM_ELLIPSOID: return to_ellipsoid(size, p);
  case mjGEOM_BOX:
    for (int k = 0; k < 3; k++) p[k] = fmax(p[k] - size[k], 0);
    return norm(p);
  default: return INFINITY;
  }
}

int vr_feeler_meets(
  const vr_feeler *f, const mjModel *m, const mjData *d, const double centre[3], double radius)
{
  if (!f->n || apart(d->xpos + 3 * f->body, centre) > f->reach + radius) return 0;
  for (int i = 0; i < f->n; i++) {
    int g = f->geom[i];
    if (apart(d->geom_xpos + 3 * g, centre) <= m->geom_rbound[g] + radius &&
        vr_geom_distance(m, d, g, centre) <= radius)
      return 1;
  }
  return 0;
}
