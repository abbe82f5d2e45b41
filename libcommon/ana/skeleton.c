#include "ana/skeleton.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>

int vr_chains_from_edges(
  const size_t *edge, size_t nedges, size_t points, vr_chain **chain, size_t *n)
{
  size_t most = 0;
  for (size_t e = 0; e < nedges; e++)
    for (size_t f = 0; f < e; f++)
      for (int s = 0; s < 4; s++)
        most += edge[2 * e + (size_t)(s & 1)] == edge[2 * f + (size_t)(s / 2)];
  vr_chain *list;
  VR_TRY(vr_alloc(&list, most, sizeof *list));
  *n = 0;
  for (size_t b = 0; b < points; b++) {
    size_t from = *n;
    for (size_t e = 0; e < nedges; e++)
      for (size_t f = 0; f < nedges; f++) {
        // the far ends of two edges that meet in b
        if (edge[2 * e] != b && edge[2 * e + 1] != b) continue;
        if (edge[2 * f] != b && edge[2 * f + 1] != b) continue;
        size_t a = edge[2 * e] == b ? edge[2 * e + 1] : edge[2 * e];
        size_t c = edge[2 * f] == b ? edge[2 * f + 1] : edge[2 * f];
        if (a < c && a != b && c != b) list[(*n)++] = (vr_chain){a, b, c, VR_ANGLE_BEND};
      }
    for (size_t i = from + 1; i < *n; i++)
      for (size_t j = i; j > from; j--) {
        vr_chain *l = &list[j - 1], *r = &list[j];
        if (l->a < r->a || (l->a == r->a && l->c <= r->c)) break;
        vr_chain swap = *l;
        *l = *r;
        *r = swap;
      }
  }
  *chain = list;
  return 0;
}

static double dot(const double *u, const double *v)
{
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

/* yaw and pitch of v seen along u: x along u, z as near to up as it can be */
static double turn(const double *u, const double *v, double size, int kind)
{
  double len = sqrt(dot(u, u)), flat = hypot(u[0], u[1]);
  double x[3] = {u[0] / len, u[1] / len, u[2] / len}, y[3] = {0, 1, 0}, z[3];
  if (flat > 0) y[0] = -u[1] / flat, y[1] = u[0] / flat;
  z[0] = x[1] * y[2] - x[2] * y[1];
  z[1] = x[2] * y[0] - x[0] * y[2];
  z[2] = x[0] * y[1] - x[1] * y[0];
  if (kind == VR_ANGLE_YAW) return atan2(dot(v, y), dot(v, x));
  return asin(fmax(-1, fmin(1, dot(v, z) / size)));
}

/* 0 when the angle does not exist */
static int one_angle(const double *x, size_t dims, const vr_chain *c, double *angle)
{
  double u[3] = {0}, v[3] = {0};
  for (size_t d = 0; d < dims; d++) {
    u[d] = x[c->b * dims + d] - x[c->a * dims + d];
    v[d] = x[c->c * dims + d] - x[c->b * dims + d];
  }
  double nu = dot(u, u), nv = dot(v, v);
  if (nu == 0 || nv == 0) return 0;
  double cross[3] = {
    u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
  if (c->kind != VR_ANGLE_BEND)
    *angle = turn(u, v, sqrt(nv), c->kind);
  else if (dims == 2)
    *angle = atan2(cross[2], dot(u, v));
  else
    *angle = atan2(sqrt(dot(cross, cross)), dot(u, v));
  return 1;
}

int vr_chain_angles(const double *x, size_t frames, size_t points, size_t dims,
  const vr_chain *chain, size_t n, double *angle, size_t *held)
{
  for (size_t i = 0; i < n; i++) {
    if (dims == 2 && chain[i].kind != VR_ANGLE_BEND)
      return vr_fail(VR_EARG, "yaw and pitch need points in three dimensions: use bend");
    double last = 0;
    for (size_t t = 0; t < frames; t++) {
      double *to = &angle[t * n + i];
      *to = last;
      if (!one_angle(x + t * points * dims, dims, &chain[i], to) && held) ++*held;
      if (!isnan(*to)) last = *to;
    }
  }
  return 0;
}
