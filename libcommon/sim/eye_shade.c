/* eye_shade.c -- what pixels show of the geom that they hit: point, normal, texture, and then the
 * lights; the pixels of a geom go side by side. */
#include "base/isa.h"
#include "sim/eye_parts.h"
#include <math.h>

/* A flat texture on a surface: u = ku p[a] + cu, v = kv p[b] + cv. On a box a and b depend on the
 * face: x and y on top and bottom, y and z across x, x and z across y. */
typedef struct {
  float ku[2], cu; /* for a = x, y */
  float kv[2], cv; /* for b = y, z */
} vr_eye_map;

static vr_eye_map map_of(const vr_eye_geom *g)
{
  const float *size = g->size;
  float u = g->repeat[0], v = g->repeat[1];
  if (g->type == mjGEOM_BOX || (g->type == mjGEOM_PLANE && size[0] > 0 && size[1] > 0))
    return (vr_eye_map){{u / size[0], u / size[1]}, u, {-v / size[1], -v / size[2]}, v};
  if (g->type == mjGEOM_PLANE || g->type == mjGEOM_HFIELD)
    return (vr_eye_map){{u, u}, -0.5f, {-v, -v}, -0.5f};
  return (vr_eye_map){{0, 0}, 0.5f, {0, 0}, 0.5f}; // round shapes carry cube textures
}

static VR_CLONES void points(const vr_eye_geom *g, vr_eye_packet *k)
{
#pragma omp simd
  for (int i = 0; i < k->n; i++)
    for (int c = 0; c < 3; c++) {
      float q = k->t[i] * (k->x[i] * g->mx[c] + k->y[i] * g->my[c] + g->mz[c]);
      k->q[c][i] = q;
      k->p[c][i] = g->o[c] + q;
    }
}

static VR_CLONES void to_unit(vr_eye_packet *k)
{
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float x = k->normal[0][i], y = k->normal[1][i], z = k->normal[2][i];
    float length = x * x + y * y + z * z;
    length = length > 0 ? 1 / sqrtf(length) : 0;
    k->normal[0][i] = length * x;
    k->normal[1][i] = length * y;
    k->normal[2][i] = length * z;
  }
}

/* texels squared that the step to the ray of direction (dx, dy, dz) passes on the plane with normal n
 * (above: n q) through the point q; a: u runs along y instead of x, b: v along z instead of y */
VR_INLINE float passed(float dx, float dy, float dz, float nx, float ny, float nz, float qx,
  float qy, float qz, float ku, float kv, int a, int b)
{
  float above = nx * qx + ny * qy + nz * qz, rate = nx * dx + ny * dy + nz * dz;
  float far = above / (rate > -1e-6f ? -1e-6f : rate);
  float sx = far * dx - qx, sy = far * dy - qy, sz = far * dz - qz;
  float du = ku * (a ? sy : sx), dv = kv * (b ? sz : sy);
  return du * du + dv * dv;
}

/* place in a flat texture and how fine it is there */
static VR_CLONES void map_flat(const vr_eye *eye, const vr_eye_geom *g, vr_eye_packet *k)
{
  const vr_eye_map m = map_of(g);
  const float *mx = g->mx, *my = g->my;
  float step = 2 * eye->tangent / VR_EYE_SIZE, ku[2], kv[2];
  for (int j = 0; j < 2; j++) {
    ku[j] = m.ku[j] * (float)g->texture->width;
    kv[j] = m.kv[j] * (float)g->texture->height;
  }
  int box = g->type == mjGEOM_BOX;
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float nx = k->normal[0][i], ny = k->normal[1][i], nz = k->normal[2][i];
    float qx = k->q[0][i], qy = k->q[1][i], qz = k->q[2][i], t = 1 / k->t[i];
    float px = k->p[0][i], py = k->p[1][i], pz = k->p[2][i];
    float dx = qx * t, dy = qy * t, dz = qz * t; // the pixel's own ray
    int a = box & (nx != 0), b = box & (nz == 0);
    float fu = a ? ku[1] : ku[0], fv = b ? kv[1] : kv[0];
    float right = passed(dx + step * mx[0], dy + step * mx[1], dz + step * mx[2], nx, ny, nz, qx,
      qy, qz, fu, fv, a, b);
    float down = passed(dx - step * my[0], dy - step * my[1], dz - step * my[2], nx, ny, nz, qx, qy,
      qz, fu, fv, a, b);
    float most = right > down ? right : down;
    k->u[i] = (a ? m.ku[1] : m.ku[0]) * (a ? py : px) + m.cu;
    k->v[i] = (b ? m.kv[1] : m.kv[0]) * (b ? pz : py) + m.cv;
    k->lod[i] = 0.5f * vr_eye_log2(most > 1e-12f ? most : 1e-12f);
    k->face[i] = 0;
  }
}

/* the face of a cube that each longest component points to, and its own coordinates (GL 4.6, table
 * 8.19) */
static VR_CLONES void map_cube(const float *dx, const float *dy, const float *dz, vr_eye_packet *k)
{
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float x = dx[i], y = dy[i], z = dz[i];
    float ax = fabsf(x), ay = fabsf(y), az = fabsf(z);
    int on_x = (ax >= ay) & (ax >= az), on_y = !on_x & (ay >= az);
    float major = on_x ? ax : on_y ? ay : az, along = on_x ? x : on_y ? y : z;
    float s = on_x ? (x < 0 ? z : -z) : on_y ? x : (z < 0 ? -x : x);
    float r = on_y ? (y < 0 ? -z : z) : -y;
    major = major > 0 ? major : 1;
    k->face[i] = (on_x ? 0 : on_y ? 2 : 4) + (along < 0);
    k->u[i] = 0.5f * (s / major + 1);
    k->v[i] = 0.5f * (r / major + 1);
  }
}

/* place in a cube texture around a geom, how fine it is at its depth */
static VR_CLONES void map_round(const vr_eye *eye, const vr_eye_geom *g, vr_eye_packet *k)
{
  float d[3][VR_EYE_PACKET], scale[3], least = g->size[0];
  for (int c = 0; c < 3; c++) {
    scale[c] = g->uniform ? 1 : 1 / g->size[c];
    least = g->size[c] > 0 && g->size[c] < least ? g->size[c] : least;
  }
  float texels = (float)g->texture->width * eye->tangent / VR_EYE_SIZE / least;
  for (int c = 0; c < 3; c++)
#pragma omp simd
    for (int i = 0; i < k->n; i++) d[c][i] = k->p[c][i] * scale[c];
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float step = texels * k->t[i];
    k->lod[i] = vr_eye_log2(step > 1e-6f ? step : 1e-6f);
  }
  map_cube(d[0], d[1], d[2], k);
}

/* -- the picture -- */

static VR_CLONES void write_pixels(
  const vr_eye_packet *k, const float rgb[3][VR_EYE_PACKET], uint8_t *out)
{
  for (int c = 0; c < 3; c++) {
    uint8_t byte[VR_EYE_PACKET];
    for (int i = 0; i < k->n; i++) byte[i] = (uint8_t)(int)(255 * rgb[c][i] + 0.5f);
    for (int i = 0; i < k->n; i++) out[3 * k->at[i] + c] = byte[i];
  }
}

static VR_CLONES void sky(const vr_eye *eye, vr_eye_packet *k)
{
  static const int row[3] = {0, 6, 3}; // the box is turned by 90 degrees about x: x, z, -y
  float d[3][VR_EYE_PACKET];
  for (int c = 0; c < 3; c++) {
    float turn[3];
    for (int j = 0; j < 3; j++)
      turn[j] = (float)(c == 2 ? -eye->turn[row[c] + j] : eye->turn[row[c] + j]);
#pragma omp simd
    for (int i = 0; i < k->n; i++) d[c][i] = k->x[i] * turn[0] + k->y[i] * turn[1] - turn[2];
  }
  for (int i = 0; i < k->n; i++) k->lod[i] = eye->sky_lod;
  map_cube(d[0], d[1], d[2], k);
}

static void see_sky(const vr_eye *eye, vr_eye_packet *k, uint8_t *rgb)
{
  if (eye->sky) {
    sky(eye, k);
    vr_eye_texture_read(eye->sky, k);
  } else {
    memset(k->texel, 0, sizeof k->texel);
  }
  write_pixels(k, (const float(*)[VR_EYE_PACKET])k->texel, rgb);
}

static VR_CLONES void blend(const vr_eye_geom *g, vr_eye_packet *k)
{
  for (int c = 0; c < 3; c++)
#pragma omp simd
    for (int i = 0; i < k->n; i++) {
      float lit = k->lit[c][i] < 0 ? 0 : k->lit[c][i] > 1 ? 1 : k->lit[c][i];
      k->lit[c][i] = g->texture ? lit * k->texel[c][i] : lit;
    }
}

static void see_geom(const vr_eye *eye, const vr_eye_geom *g, vr_eye_packet *k, uint8_t *rgb)
{
  points(g, k);
  if (g->type == mjGEOM_HFIELD)
    vr_eye_field_normals(&eye->field, k);
  else
    vr_eye_normals(g, k);
  if (g->texture) {
    if (g->texture->faces == 1)
      map_flat(eye, g, k);
    else
      map_round(eye, g, k);
    vr_eye_texture_read(g->texture, k);
  }
  to_unit(k);
  vr_eye_light_up(eye->light, eye->nlights, g, k);
  blend(g, k);
  write_pixels(k, (const float(*)[VR_EYE_PACKET])k->lit, rgb);
}

/* pixels from..to of a list, all of the same geom, to whole rows of lanes */
static void load(const vr_eye_view *v, const int16_t *pixel, int n, vr_eye_packet *k)
{
  k->n = (n + VR_EYE_LANES - 1) / VR_EYE_LANES * VR_EYE_LANES;
  for (int i = 0; i < k->n; i++) {
    int at = pixel[i < n ? i : n - 1];
    k->at[i] = at;
    k->x[i] = v->ray[at % VR_EYE_SIZE];
    k->y[i] = -v->ray[at / VR_EYE_SIZE];
    k->t[i] = v->t[at];
  }
}

/* first pixel after `i` that shows something else than it */
VR_INLINE int run_end(const vr_eye_view *v, int i)
{
  int16_t what = v->seen[i++];
  while (i < VR_EYE_PIXELS && v->seen[i] == what) i++;
  return i;
}

/* pixels in the order of what they show; the sky, -1, comes first: those of j end at end[j + 1] */
static void sort(const vr_eye_view *v, int ngeoms, int16_t *pixel, int16_t *end)
{
  for (int j = 0; j < ngeoms + 2; j++) end[j] = 0;
  for (int i = 0, next; i < VR_EYE_PIXELS; i = next) {
    next = run_end(v, i);
    end[v->seen[i] + 2] = (int16_t)(end[v->seen[i] + 2] + next - i);
  }
  for (int j = 1; j < ngeoms + 2; j++) end[j] = (int16_t)(end[j] + end[j - 1]);
  for (int i = 0, next; i < VR_EYE_PIXELS; i = next) {
    int16_t *to = pixel + end[v->seen[i] + 1];
    next = run_end(v, i);
    for (int p = i; p < next; p++) *to++ = (int16_t)p;
    end[v->seen[i] + 1] = (int16_t)(to - pixel);
  }
}

void vr_eye_shade(const vr_eye *eye, uint8_t *rgb)
{
  const vr_eye_view *v = &eye->view;
  int16_t pixel[VR_EYE_PIXELS], *end = eye->last;
  vr_eye_packet k;
  sort(v, eye->ngeoms, pixel, end);
  for (int j = -1, from = 0, n; j < eye->ngeoms; j++)
    for (; from < end[j + 1]; from += n) {
      n = end[j + 1] - from < VR_EYE_PACKET ? end[j + 1] - from : VR_EYE_PACKET;
      load(v, pixel + from, n, &k);
      if (j < 0)
        see_sky(eye, &k, rgb);
      else
        see_geom(eye, &eye->geom[j], &k, rgb);
    }
}
