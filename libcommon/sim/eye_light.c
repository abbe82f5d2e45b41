/* eye_light.c -- GL's fixed lighting of the pixels of a geom: ambient, diffuse, specular with a local
 * viewer, spots (OpenGL 2.1, section 2.14.1). */
#include "base/isa.h"
#include "sim/eye_parts.h"
#include <math.h>

typedef float lanes[VR_EYE_PACKET];

/* y *= x to a whole power of 0 .. 255, by squaring; x is used up */
VR_INLINE void power(int n, float *x, int e, float *y)
{
  for (; e; e >>= 1) {
    if (e & 1) {
#pragma omp simd
      for (int i = 0; i < n; i++) y[i] *= x[i];
    }
#pragma omp simd
    for (int i = 0; i < n; i++) x[i] *= x[i];
  }
}

/* direction to the light and what arrives of it at each pixel */
static VR_CLONES void arrive(
  const vr_eye_light *l, const vr_eye_packet *k, lanes to[3], float *much)
{
  lanes cosine;
  const float *px = k->q[0], *py = k->q[1], *pz = k->q[2];
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float x = l->pos[0] - px[i], y = l->pos[1] - py[i], z = l->pos[2] - pz[i];
    float far = sqrtf(x * x + y * y + z * z + 1e-20f), near = 1 / far;
    x *= near, y *= near, z *= near;
    float faded = l->attenuation[0] + far * (l->attenuation[1] + far * l->attenuation[2]);
    cosine[i] = -(x * l->dir[0] + y * l->dir[1] + z * l->dir[2]);
    much[i] = cosine[i] >= l->cos_cutoff ? 1 / faded : 0;
    to[0][i] = x, to[1][i] = y, to[2][i] = z;
  }
  power(k->n, cosine, l->exponent, much);
}

static void arrive_parallel(const vr_eye_light *l, const vr_eye_packet *k, lanes to[3], float *much)
{
  for (int i = 0; i < k->n; i++) {
    for (int c = 0; c < 3; c++) to[c][i] = -l->dir[c];
    much[i] = 1;
  }
}

static VR_CLONES void add_diffuse(const vr_eye_light *l, const vr_eye_geom *g, const lanes to[3],
  const float *much, vr_eye_packet *k)
{
  const float *nx = k->normal[0], *ny = k->normal[1], *nz = k->normal[2];
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float nl = nx[i] * to[0][i] + ny[i] * to[1][i] + nz[i] * to[2][i];
    float lit = nl > 0 ? nl * much[i] : 0;
    k->lit[0][i] += g->color[0] * (l->ambient[0] * much[i] + l->diffuse[0] * lit);
    k->lit[1][i] += g->color[1] * (l->ambient[1] * much[i] + l->diffuse[1] * lit);
    k->lit[2][i] += g->color[2] * (l->ambient[2] * much[i] + l->diffuse[2] * lit);
  }
}

/* highlights, half way between the light and the viewer, who is at the origin */
static VR_CLONES void add_specular(const vr_eye_light *l, const vr_eye_geom *g, const lanes to[3],
  const float *much, vr_eye_packet *k)
{
  const float *nx = k->normal[0], *ny = k->normal[1], *nz = k->normal[2];
  float specular = g->specular;
  lanes cosine, shine;
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float px = k->q[0][i], py = k->q[1][i], pz = k->q[2][i];
    float near = 1 / sqrtf(px * px + py * py + pz * pz + 1e-20f);
    float hx = to[0][i] - px * near, hy = to[1][i] - py * near, hz = to[2][i] - pz * near;
    float nl = nx[i] * to[0][i] + ny[i] * to[1][i] + nz[i] * to[2][i];
    float nh = (nx[i] * hx + ny[i] * hy + nz[i] * hz) / sqrtf(hx * hx + hy * hy + hz * hz + 1e-20f);
    cosine[i] = nh;
    float most = specular * much[i];
    shine[i] = (nl > 0) & (nh > 0) ? most : 0;
  }
  power(k->n, cosine, g->shininess, shine);
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    k->lit[0][i] += l->specular[0] * shine[i];
    k->lit[1][i] += l->specular[1] * shine[i];
    k->lit[2][i] += l->specular[2] * shine[i];
  }
}

/* the light in the axes of the geom */
static vr_eye_light turned(const vr_eye_light *l, const vr_eye_geom *g)
{
  vr_eye_light own = *l;
  for (int c = 0; c < 3; c++) {
    own.pos[c] = own.dir[c] = 0;
    for (int k = 0; k < 3; k++) {
      own.pos[c] += g->turn[3 * k + c] * l->pos[k];
      own.dir[c] += g->turn[3 * k + c] * l->dir[k];
    }
  }
  return own;
}

void vr_eye_light_up(const vr_eye_light *light, int nlights, const vr_eye_geom *g, vr_eye_packet *k)
{
  lanes to[3], much;
  const lanes *from = (const lanes *)to;
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < k->n; i++) k->lit[c][i] = g->emission * g->color[c];
  for (int j = 0; j < nlights; j++) {
    const vr_eye_light l = turned(light + j, g);
    if (l.directional)
      arrive_parallel(&l, k, to, much);
    else
      arrive(&l, k, to, much);
    add_diffuse(&l, g, from, much, k);
    if (g->specular > 0 && l.specular[0] + l.specular[1] + l.specular[2] > 0)
      add_specular(&l, g, from, much, k);
  }
}
