/* eye_light.c -- GL's fixed lighting of a row of pixels: ambient, diffuse, specular with a local
 * viewer, spots (OpenGL 2.1, section 2.14.1). */
#include "sim/eye_parts.h"
#include <math.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VR_CLONES
#endif

/* x to a whole power of 0 .. 255, by squaring; without a loop, so that pixels go side by side */
static inline float power(float x, int e)
{
  float x2 = x * x, x4 = x2 * x2, x8 = x4 * x4, x16 = x8 * x8, x32 = x16 * x16, x64 = x32 * x32;
  float y = (e & 1 ? x : 1) * (e & 2 ? x2 : 1) * (e & 4 ? x4 : 1) * (e & 8 ? x8 : 1);
  return y * (e & 16 ? x16 : 1) * (e & 32 ? x32 : 1) * (e & 64 ? x64 : 1) *
         (e & 128 ? x64 * x64 : 1);
}

/* direction to the light and what arrives of it at each pixel */
static VR_CLONES void arrive(
  const vr_eye_light *l, const vr_eye_row *r, float to[3][VR_EYE_SIZE], float *much)
{
#pragma omp simd
  for (int i = 0; i < r->n; i++) {
    float x = l->pos[0] - r->p[0][i], y = l->pos[1] - r->p[1][i], z = l->pos[2] - r->p[2][i];
    float far = sqrtf(x * x + y * y + z * z + 1e-20f), near = 1 / far;
    x *= near, y *= near, z *= near;
    float cosine = -(x * l->dir[0] + y * l->dir[1] + z * l->dir[2]);
    float faded = l->attenuation[0] + far * (l->attenuation[1] + far * l->attenuation[2]);
    much[i] = cosine >= l->cos_cutoff ? power(cosine, l->exponent) / faded : 0;
    to[0][i] = x, to[1][i] = y, to[2][i] = z;
  }
}

static void arrive_parallel(
  const vr_eye_light *l, const vr_eye_row *r, float to[3][VR_EYE_SIZE], float *much)
{
  for (int i = 0; i < r->n; i++) {
    for (int k = 0; k < 3; k++) to[k][i] = -l->dir[k];
    much[i] = 1;
  }
}

static VR_CLONES void add_diffuse(
  const vr_eye_light *l, const float to[3][VR_EYE_SIZE], const float *much, vr_eye_row *r)
{
#pragma omp simd
  for (int i = 0; i < r->n; i++) {
    float nl = r->normal[0][i] * to[0][i] + r->normal[1][i] * to[1][i] + r->normal[2][i] * to[2][i];
    float lit = nl > 0 ? nl * much[i] : 0;
    r->out[0][i] += r->color[0][i] * (l->ambient[0] * much[i] + l->diffuse[0] * lit);
    r->out[1][i] += r->color[1][i] * (l->ambient[1] * much[i] + l->diffuse[1] * lit);
    r->out[2][i] += r->color[2][i] * (l->ambient[2] * much[i] + l->diffuse[2] * lit);
  }
}

/* highlights, half way between the light and the viewer, who is at the origin */
static VR_CLONES void add_specular(
  const vr_eye_light *l, const float to[3][VR_EYE_SIZE], const float *much, vr_eye_row *r)
{
#pragma omp simd
  for (int i = 0; i < r->n; i++) {
    float nx = r->normal[0][i], ny = r->normal[1][i], nz = r->normal[2][i];
    float px = r->p[0][i], py = r->p[1][i], pz = r->p[2][i];
    float near = 1 / sqrtf(px * px + py * py + pz * pz + 1e-20f);
    float hx = to[0][i] - px * near, hy = to[1][i] - py * near, hz = to[2][i] - pz * near;
    float nl = nx * to[0][i] + ny * to[1][i] + nz * to[2][i];
    float nh = (nx * hx + ny * hy + nz * hz) / sqrtf(hx * hx + hy * hy + hz * hz + 1e-20f);
    float shine = power(nh, r->shininess[i]) * r->specular[i] * much[i];
    shine = (nl > 0) & (nh > 0) ? shine : 0;
    r->out[0][i] += l->specular[0] * shine;
    r->out[1][i] += l->specular[1] * shine;
    r->out[2][i] += l->specular[2] * shine;
  }
}

void vr_eye_light_row(const vr_eye_light *light, int nlights, vr_eye_row *r)
{
  float to[3][VR_EYE_SIZE], much[VR_EYE_SIZE];
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < r->n; i++) r->out[c][i] = r->emission[i] * r->color[c][i];
  for (const vr_eye_light *l = light; l < light + nlights; l++) {
    const float(*from)[VR_EYE_SIZE] = (const float(*)[VR_EYE_SIZE])to;
    if (l->directional)
      arrive_parallel(l, r, to, much);
    else
      arrive(l, r, to, much);
    add_diffuse(l, from, much, r);
    if (r->shiny && l->specular[0] + l->specular[1] + l->specular[2] > 0)
      add_specular(l, from, much, r);
  }
}
