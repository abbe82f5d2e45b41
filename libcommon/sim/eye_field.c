/* eye_field.c -- rays against a height field: blocks of cells that a ray passes above are skipped,
 * in the others every cell's two triangles are tested. */
#include "sim/eye_parts.h"
#include <math.h>

/* A ray in units of cells: position (x, y) and height z along t. */
typedef struct {
  float x, y, z, dx, dy, dz, ix, iy; /* ix, iy: 1 / dx, 1 / dy */
} vr_eye_march;

/* t of the first of two triangles of a cell that is hit in [in, out]; out of range: none */
static float hit_cell(
  const vr_eye_field *f, const vr_eye_march *m, int c, int r, float in, float out)
{
  const float *h = f->data + r * f->cols + c, *up = h + f->cols;
  float best = INFINITY;
  for (int above = 0; above < 2; above++) {
    // height of the triangle's plane: a + bx (x - c) + by (y - r)
    float bx = above ? up[1] - up[0] : h[1] - h[0], by = above ? up[0] - h[0] : up[1] - h[1];
    float x = m->x - (float)c, y = m->y - (float)r;
    float gap = m->z - (h[0] + bx * x + by * y), rate = m->dz - (bx * m->dx + by * m->dy);
    if (rate >= 0) continue; // from below, or along
    float t = -gap / rate;
    if (t < in - 1e-5f || t > out + 1e-5f || t >= best) continue;
    float px = x + t * m->dx, py = y + t * m->dy;
    if (above ? py >= px - 1e-4f : px >= py - 1e-4f) best = t;
  }
  return best;
}

/* where a ray leaves the square [low, high) x [low, high) */
static float leaves(const vr_eye_march *m, int c, int r, int n)
{
  float tx = ((float)(m->dx > 0 ? c + n : c) - m->x) * m->ix;
  float ty = ((float)(m->dy > 0 ? r + n : r) - m->y) * m->iy;
  return tx < ty ? tx : ty;
}

static int clamp(int i, int n)
{
  return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/* cells of a block between t = in and out */
static float march_block(
  const vr_eye_field *f, const vr_eye_march *m, int bc, int br, float in, float out)
{
  int c0 = bc * VR_EYE_BLOCK, r0 = br * VR_EYE_BLOCK;
  int c1 = c0 + VR_EYE_BLOCK < f->cols - 1 ? c0 + VR_EYE_BLOCK : f->cols - 1;
  int r1 = r0 + VR_EYE_BLOCK < f->rows - 1 ? r0 + VR_EYE_BLOCK : f->rows - 1;
  int c = (int)(m->x + in * m->dx), r = (int)(m->y + in * m->dy);
  c = c < c0 ? c0 : c >= c1 ? c1 - 1 : c;
  r = r < r0 ? r0 : r >= r1 ? r1 - 1 : r;
  for (float t = in; t <= out && c >= c0 && c < c1 && r >= r0 && r < r1;) {
    float end = leaves(m, c, r, 1), hit = hit_cell(f, m, c, r, t, end < out ? end : out);
    if (hit < INFINITY) return hit;
    float tx = ((float)(m->dx > 0 ? c + 1 : c) - m->x) * m->ix;
    if (tx <= end)
      c += m->dx > 0 ? 1 : -1;
    else
      r += m->dy > 0 ? 1 : -1;
    t = end;
  }
  return INFINITY;
}

/* t of the first hit between in and out */
static float march(const vr_eye_field *f, const vr_eye_march *m, float in, float out)
{
  enum { B = VR_EYE_BLOCK };
  int bc = clamp((int)((m->x + in * m->dx) / B), f->bcols);
  int br = clamp((int)((m->y + in * m->dy) / B), f->brows);
  for (float t = in; t <= out && bc >= 0 && bc < f->bcols && br >= 0 && br < f->brows;) {
    float end = leaves(m, bc * B, br * B, B), stop = end < out ? end : out;
    float low = m->z + (m->dz < 0 ? stop : t) * m->dz; // lowest point of the ray in this block
    if (low <= f->top[br * f->bcols + bc]) {
      float hit = march_block(f, m, bc, br, t, stop);
      if (hit < INFINITY) return hit;
    }
    float tx = ((float)(m->dx > 0 ? (bc + 1) * B : bc * B) - m->x) * m->ix;
    if (tx <= end)
      bc += m->dx > 0 ? 1 : -1;
    else
      br += m->dy > 0 ? 1 : -1;
    t = end;
  }
  return INFINITY;
}

/* narrows [*in, *out] to where low <= o + t d <= high */
static void slab(float o, float d, float low, float high, float *in, float *out)
{
  float inverse = 1 / (d < 0 ? d - 1e-20f : d + 1e-20f);
  float a = (low - o) * inverse, b = (high - o) * inverse;
  if (a > b) {
    float swap = a;
    a = b, b = swap;
  }
  if (a > *in) *in = a;
  if (b < *out) *out = b;
}

void vr_eye_hit_field(const vr_eye_geom *g, const vr_eye_field *f, int16_t place, vr_eye_view *v)
{
  float sx = 0.5f * (float)(f->cols - 1) / f->half[0],
        sy = 0.5f * (float)(f->rows - 1) / f->half[1];
  for (int i = 0; i < VR_EYE_PIXELS; i++) {
    float rx = v->ray[i % VR_EYE_SIZE], ry = -v->ray[i / VR_EYE_SIZE], d[3];
    for (int k = 0; k < 3; k++) d[k] = rx * g->mx[k] + ry * g->my[k] + g->mz[k];
    float in = v->near, out = v->t[i];
    slab(g->o[0], d[0], -f->half[0], f->half[0], &in, &out);
    slab(g->o[1], d[1], -f->half[1], f->half[1], &in, &out);
    slab(g->o[2], d[2], -1e30f, f->highest, &in, &out);
    if (in >= out) continue;
    vr_eye_march m = {(g->o[0] + f->half[0]) * sx, (g->o[1] + f->half[1]) * sy, g->o[2], d[0] * sx,
      d[1] * sy, d[2], 0, 0};
    m.ix = 1 / (m.dx < 0 ? m.dx - 1e-20f : m.dx + 1e-20f);
    m.iy = 1 / (m.dy < 0 ? m.dy - 1e-20f : m.dy + 1e-20f);
    float t = march(f, &m, in, out);
    if (t > v->near && t < v->t[i]) {
      v->t[i] = t;
      v->seen[i] = place;
    }
  }
}
