/* eye_shape.c -- rays against planes, boxes and round shapes: where a ray enters, for a row of
 * pixels at a time. Shapes are seen from outside only, as with culled back faces. */
#include "base/isa.h"
#include "sim/eye_parts.h"
#include <math.h>

/* the direction's part that is the same for a whole row */
#define ROW_DIRECTION(g, y, c)                                                                     \
  const float c[3] = {y * g->my[0] + g->mz[0], y * g->my[1] + g->mz[1], y * g->my[2] + g->mz[2]}

typedef struct {
  const float *ray;
  float near;
  float *t;
  int16_t *seen;
  int16_t place;
} vr_eye_span;

/* takes t where it is in front of what was nearest */
#define TAKE(s, x, hit, value)                                                                     \
  do {                                                                                             \
    int take_ = (hit) & (value > s->near) & (value < s->t[x]);                                     \
    s->t[x] = take_ ? value : s->t[x];                                                             \
    s->seen[x] = take_ ? s->place : s->seen[x];                                                    \
  } while (0)

static VR_CLONES void plane_row(const vr_eye_geom *g, float y, const vr_eye_span *s)
{
  ROW_DIRECTION(g, y, c);
  float sx = g->size[0] > 0 ? g->size[0] : 1e30f, sy = g->size[1] > 0 ? g->size[1] : 1e30f;
#pragma omp simd
  for (int x = g->x0; x < g->x1; x++) {
    float r = s->ray[x], dz = r * g->mx[2] + c[2], t = -g->o[2] / dz;
    float px = g->o[0] + t * (r * g->mx[0] + c[0]), py = g->o[1] + t * (r * g->mx[1] + c[1]);
    TAKE(s, x, (dz < 0) & (px >= -sx) & (px <= sx) & (py >= -sy) & (py <= sy), t);
  }
}

/* the stretch [*in, *out] of o + t d that lies between two planes, cut off from what it was */
VR_INLINE void between(float o, float d, float half, float *in, float *out)
{
  float inverse = 1 / (d < 0 ? d - 1e-20f : d + 1e-20f);
  float a = (-half - o) * inverse, b = (half - o) * inverse;
  float low = a < b ? a : b, high = a < b ? b : a;
  *in = low > *in ? low : *in;
  *out = high < *out ? high : *out;
}

static VR_CLONES void box_row(const vr_eye_geom *g, float y, const vr_eye_span *s)
{
  ROW_DIRECTION(g, y, c);
#pragma omp simd
  for (int x = g->x0; x < g->x1; x++) {
    float r = s->ray[x], in = -1e30f, out = 1e30f;
    between(g->o[0], r * g->mx[0] + c[0], g->size[0], &in, &out);
    between(g->o[1], r * g->mx[1] + c[1], g->size[1], &in, &out);
    between(g->o[2], r * g->mx[2] + c[2], g->size[2], &in, &out);
    TAKE(s, x, in <= out, in);
  }
}

/* the unit sphere, in coordinates that are divided by the half axes */
static VR_CLONES void ellipsoid_row(const vr_eye_geom *g, float y, const vr_eye_span *s)
{
  ROW_DIRECTION(g, y, c);
  float i[3], o[3];
  for (int k = 0; k < 3; k++) {
    i[k] = 1 / g->size[k];
    o[k] = g->o[k] * i[k];
  }
  float oo = o[0] * o[0] + o[1] * o[1] + o[2] * o[2] - 1;
#pragma omp simd
  for (int x = g->x0; x < g->x1; x++) {
    float r = s->ray[x], dx = (r * g->mx[0] + c[0]) * i[0], dy = (r * g->mx[1] + c[1]) * i[1];
    float dz = (r * g->mx[2] + c[2]) * i[2];
    float a = dx * dx + dy * dy + dz * dz, b = dx * o[0] + dy * o[1] + dz * o[2];
    float disc = b * b - a * oo, root = sqrtf(disc > 0 ? disc : 0), t = (-b - root) / a;
    TAKE(s, x, disc >= 0, t);
  }
}

/* the tube, and where the ray enters beyond its ends the half sphere about that end */
static VR_CLONES void capsule_row(const vr_eye_geom *g, float y, const vr_eye_span *s)
{
  ROW_DIRECTION(g, y, c);
  float ox = g->o[0], oy = g->o[1], oz = g->o[2], half = g->size[1];
  float oo = ox * ox + oy * oy - g->size[0] * g->size[0];
#pragma omp simd
  for (int x = g->x0; x < g->x1; x++) {
    float r = s->ray[x], dx = r * g->mx[0] + c[0], dy = r * g->mx[1] + c[1];
    float dz = r * g->mx[2] + c[2];
    float a = dx * dx + dy * dy + 1e-20f, b = dx * ox + dy * oy;
    float disc = b * b - a * oo, t = (-b - sqrtf(disc > 0 ? disc : 0)) / a, z = oz + t * dz;
    float end = z < -half ? -half : half, ez = oz - end;
    float a2 = a + dz * dz, b2 = b + dz * ez, disc2 = b2 * b2 - a2 * (oo + ez * ez);
    float t2 = (-b2 - sqrtf(disc2 > 0 ? disc2 : 0)) / a2;
    int tube = (z >= -half) & (z <= half);
    float value = tube ? t : t2, least = tube ? disc : disc2 < disc ? disc2 : disc;
    TAKE(s, x, least >= 0, value);
  }
}

/* the tube, or the lid on the side from which the ray comes */
static VR_CLONES void cylinder_row(const vr_eye_geom *g, float y, const vr_eye_span *s)
{
  ROW_DIRECTION(g, y, c);
  float ox = g->o[0], oy = g->o[1], oz = g->o[2], half = g->size[1];
  float r2 = g->size[0] * g->size[0], oo = ox * ox + oy * oy - r2;
#pragma omp simd
  for (int x = g->x0; x < g->x1; x++) {
    float r = s->ray[x], dx = r * g->mx[0] + c[0], dy = r * g->mx[1] + c[1];
    float dz = r * g->mx[2] + c[2];
    float a = dx * dx + dy * dy + 1e-20f, b = dx * ox + dy * oy;
    float disc = b * b - a * oo, t = (-b - sqrtf(disc > 0 ? disc : 0)) / a, z = oz + t * dz;
    float lid = dz < 0 ? half : -half, t2 = (lid - oz) / (dz < 0 ? dz - 1e-20f : dz + 1e-20f);
    float lx = ox + t2 * dx, ly = oy + t2 * dy;
    int tube = (z >= -half) & (z <= half);
    float value = tube ? t : t2, inside = tube ? disc : r2 - lx * lx - ly * ly;
    TAKE(s, x, inside >= 0, value);
  }
}

void vr_eye_hit(const vr_eye_geom *g, int16_t place, vr_eye_view *v)
{
  for (int y = g->y0; y < g->y1; y++) {
    vr_eye_span s = {v->ray, v->near, v->t + y * VR_EYE_SIZE, v->seen + y * VR_EYE_SIZE, place};
    float up = -v->ray[y];
    switch (g->type) {
    case mjGEOM_PLANE: plane_row(g, up, &s); break;
    case mjGEOM_BOX: box_row(g, up, &s); break;
    case mjGEOM_SPHERE:
    case mjGEOM_ELLIPSOID: ellipsoid_row(g, up, &s); break;
    case mjGEOM_CAPSULE: capsule_row(g, up, &s); break;
    case mjGEOM_CYLINDER: cylinder_row(g, up, &s); break;
    }
  }
}

/* the face of a box on which a point lies: the axis along which it is nearest to the border */
static VR_CLONES void box_normals(const float size[3], vr_eye_packet *k)
{
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float x = k->p[0][i], y = k->p[1][i], z = k->p[2][i];
    float gx = fabsf(size[0] - fabsf(x)), gy = fabsf(size[1] - fabsf(y));
    float gz = fabsf(size[2] - fabsf(z));
    int on_x = (gx <= gy) & (gx <= gz), on_y = !on_x & (gy <= gz);
    k->normal[0][i] = on_x ? (x < 0 ? -1.0f : 1.0f) : 0.0f;
    k->normal[1][i] = on_y ? (y < 0 ? -1.0f : 1.0f) : 0.0f;
    k->normal[2][i] = on_x | on_y ? 0.0f : (z < 0 ? -1.0f : 1.0f);
  }
}

static VR_CLONES void capsule_normals(const float size[3], vr_eye_packet *k)
{
  float half = size[1];
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float z = k->p[2][i];
    k->normal[0][i] = k->p[0][i];
    k->normal[1][i] = k->p[1][i];
    k->normal[2][i] = z > half ? z - half : z < -half ? z + half : 0;
  }
}

static VR_CLONES void cylinder_normals(const float size[3], vr_eye_packet *k)
{
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float z = k->p[2][i];
    int lid = size[1] - fabsf(z) < 1e-4f * size[1];
    k->normal[0][i] = lid ? 0 : k->p[0][i];
    k->normal[1][i] = lid ? 0 : k->p[1][i];
    k->normal[2][i] = lid ? z : 0;
  }
}

static VR_CLONES void ellipsoid_normals(const float size[3], vr_eye_packet *k)
{
  for (int c = 0; c < 3; c++) {
    float scale = 1 / (size[c] * size[c]);
#pragma omp simd
    for (int i = 0; i < k->n; i++) k->normal[c][i] = k->p[c][i] * scale;
  }
}

void vr_eye_normals(const vr_eye_geom *g, vr_eye_packet *k)
{
  switch (g->type) {
  case mjGEOM_PLANE:
    for (int c = 0; c < 3; c++)
      for (int i = 0; i < k->n; i++) k->normal[c][i] = c == 2;
    break;
  case mjGEOM_BOX: box_normals(g->size, k); break;
  case mjGEOM_CAPSULE: capsule_normals(g->size, k); break;
  case mjGEOM_CYLINDER: cylinder_normals(g->size, k); break;
  default: ellipsoid_normals(g->size, k);
  }
}
