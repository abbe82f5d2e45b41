/* eye_shade.c -- what a pixel shows of the geom that it hit: texture, normal, and then the lights. */
#include "sim/eye_parts.h"
#include <math.h>

/* coordinates of a flat texture at point p of a surface with normal n, in repeats */
static void place_texture(
  const vr_eye_geom *g, const float p[3], const float n[3], float *u, float *v)
{
  const float *size = g->size;
  int a = 0, b = 1;
  float sa = 1, sb = 1, shift = -1; // u = repeat x - 1/2 where the extent has no end
  if (g->type == mjGEOM_BOX) a = n[0] != 0 ? 1 : 0, b = n[2] != 0 ? 1 : 2;
  if (g->type == mjGEOM_BOX || (g->type == mjGEOM_PLANE && size[0] > 0 && size[1] > 0))
    sa = 1 / size[a], sb = 1 / size[b], shift = 0;
  *u = shift < 0 ? g->repeat[0] * p[a] - 0.5f : g->repeat[0] * (p[a] * sa + 1);
  *v = shift < 0 ? -g->repeat[1] * p[b] - 0.5f : g->repeat[1] * (1 - p[b] * sb);
}

/* log2 of the texels that a step to the next pixel, right or down, passes on the tangent plane */
static float texel_step(const vr_eye *eye, const vr_eye_geom *g, float x, float y, const float p[3],
  const float n[3], float u0, float v0)
{
  float step = 2 * eye->tangent / VR_EYE_SIZE, most = 0;
  float above = n[0] * (p[0] - g->o[0]) + n[1] * (p[1] - g->o[1]) + n[2] * (p[2] - g->o[2]);
  for (int k = 0; k < 2; k++) {
    float rx = x + (k ? 0 : step), ry = y - (k ? step : 0), d[3], q[3], rate = 0, u, v;
    for (int i = 0; i < 3; i++) {
      d[i] = rx * g->mx[i] + ry * g->my[i] + g->mz[i];
      rate += n[i] * d[i];
    }
    float far = above / (rate > -1e-6f ? -1e-6f : rate);
    for (int i = 0; i < 3; i++) q[i] = g->o[i] + far * d[i];
    place_texture(g, q, n, &u, &v);
    float du = (u - u0) * (float)g->texture->width, dv = (v - v0) * (float)g->texture->height;
    float length = du * du + dv * dv;
    most = length > most ? length : most;
  }
  return most > 1e-12f ? 0.5f * vr_eye_log2(most) : -20;
}

static void read_texel(const vr_eye *eye, const vr_eye_geom *g, float x, float y, float t,
  const float p[3], const float n[3], float rgb[3])
{
  const vr_eye_texture *texture = g->texture;
  rgb[0] = rgb[1] = rgb[2] = 0;
  if (texture->faces == 1) {
    float u = 0.5f, v = 0.5f; // round shapes carry cube textures
    if (g->type == mjGEOM_PLANE || g->type == mjGEOM_BOX || g->type == mjGEOM_HFIELD)
      place_texture(g, p, n, &u, &v);
    vr_eye_texture_read(texture, u, v, texel_step(eye, g, x, y, p, n, u, v), rgb);
    return;
  }
  float dir[3], least = g->size[0];
  for (int k = 0; k < 3; k++) {
    dir[k] = g->uniform ? p[k] : p[k] / g->size[k];
    least = g->size[k] > 0 && g->size[k] < least ? g->size[k] : least;
  }
  float texels = (float)texture->width * eye->tangent / VR_EYE_SIZE * t / least;
  vr_eye_cube_read(texture, dir, texels > 1e-6f ? vr_eye_log2(texels) : -20, rgb);
}

/* -- the picture -- */

static void sky_pixel(const vr_eye *eye, float x, float y, uint8_t *out)
{
  float w[3], rgb[3] = {0, 0, 0};
  for (int k = 0; k < 3; k++)
    w[k] = (float)(x * eye->turn[3 * k] + y * eye->turn[3 * k + 1] - eye->turn[3 * k + 2]);
  const float d[3] = {w[0], w[2], -w[1]}; // the box is turned by 90 degrees about x
  if (eye->sky.levels) vr_eye_cube_read(&eye->sky, d, 0, rgb);
  for (int k = 0; k < 3; k++) out[k] = (uint8_t)(255 * rgb[k] + 0.5f);
}

/* adds what the pixel of column x shows of geom g at depth t */
static void add_pixel(
  const vr_eye *eye, const vr_eye_geom *g, int column, float y, float t, vr_eye_row *r)
{
  float x = eye->view.ray[column], rgb[3] = {1, 1, 1}, p[3], n[3], q[3];
  for (int k = 0; k < 3; k++) {
    q[k] = t * (x * g->mx[k] + y * g->my[k] + g->mz[k]);
    p[k] = g->o[k] + q[k];
  }
  vr_eye_normal(g, &eye->field, p, n);
  if (g->texture) read_texel(eye, g, x, y, t, p, n, rgb);
  float length = n[0] * n[0] + n[1] * n[1] + n[2] * n[2];
  length = length > 0 ? 1 / sqrtf(length) : 0;
  int i = r->n++;
  r->at[i] = column;
  for (int k = 0; k < 3; k++) {
    const float *turn = g->turn + 3 * k;
    r->p[k][i] = turn[0] * q[0] + turn[1] * q[1] + turn[2] * q[2];
    r->normal[k][i] = length * (turn[0] * n[0] + turn[1] * n[1] + turn[2] * n[2]);
    r->color[k][i] = g->color[k];
    r->texel[k][i] = rgb[k];
  }
  r->specular[i] = g->specular;
  r->shininess[i] = g->shininess;
  r->emission[i] = g->emission;
  r->shiny |= g->specular > 0;
}

void vr_eye_shade_row(const vr_eye *eye, int y, vr_eye_row *r, uint8_t *rgb)
{
  const vr_eye_view *v = &eye->view;
  float up = -v->ray[y];
  r->n = r->shiny = 0;
  for (int x = 0; x < VR_EYE_SIZE; x++) {
    int at = y * VR_EYE_SIZE + x;
    if (v->seen[at] < 0)
      sky_pixel(eye, v->ray[x], up, rgb + 3 * x);
    else
      add_pixel(eye, &eye->geom[v->seen[at]], x, up, v->t[at], r);
  }
  vr_eye_light_row(eye->light, eye->nlights, r);
  for (int i = 0; i < r->n; i++)
    for (int k = 0; k < 3; k++) {
      float lit = r->out[k][i] < 0 ? 0 : r->out[k][i] > 1 ? 1 : r->out[k][i];
      rgb[3 * r->at[i] + k] = (uint8_t)(255 * lit * r->texel[k][i] + 0.5f);
    }
}
