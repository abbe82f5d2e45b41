/* eye_field.c -- rays against a height field, sixteen neighbours at a time. A ray goes from block to
 * block of cells while it is above their bounds, from cell to cell where it is not, and is tested
 * against a cell's two triangles where it comes below the highest corner. */
#include "base/isa.h"
#include "sim/eye_parts.h"
#include <math.h>

enum { WIDE = 4, HIGH = 4, N = WIDE * HIGH }; /* of the tile of pixels that goes together */

/* Rays in units of cells: position (x, y) and height z along t. */
typedef struct {
  float x, y, z;                           /* where all of them start */
  float dx[N], dy[N], dz[N], ix[N], iy[N]; /* ix, iy: 1 / dx, 1 / dy */
  float t[N], out[N];                      /* where they are, how far they may go */
  float hit[N];                            /* in front of a triangle; above `out`: none */
  int c[N], r[N];                          /* the cell at t */
  int coarse[N], on[N];                    /* steps by blocks; goes on */
  /* the last step: cells that are to be tested between `from` and t */
  float from[N], to[N];
  int tc[N], tr[N], test[N];
} tile;

/* narrows [*in, *out] to where low <= o + t d <= high */
VR_INLINE void slab(float o, float d, float low, float high, float *in, float *out)
{
  float inverse = 1 / (d < 0 ? d - 1e-20f : d + 1e-20f);
  float a = (low - o) * inverse, b = (high - o) * inverse;
  float first = a < b ? a : b, last = a < b ? b : a;
  *in = first > *in ? first : *in;
  *out = last < *out ? last : *out;
}

VR_INLINE int clamp(int i, int low, int high)
{
  return i < low ? low : i > high ? high : i;
}

/* rays of the pixels from column x0 and row y0, where they enter the field; 0: none does */
static VR_CLONES int enter(
  const vr_eye_geom *g, const vr_eye_field *f, const vr_eye_view *v, int x0, int y0, tile *m)
{
  float sx = 0.5f * (float)(f->cols - 1) / f->half[0];
  float sy = 0.5f * (float)(f->rows - 1) / f->half[1], rx[N], ry[N];
  int any = 0;
  for (int i = 0; i < N; i++) {
    int y = y0 + i / WIDE, x = x0 + i % WIDE;
    rx[i] = v->ray[x];
    ry[i] = -v->ray[y];
    m->out[i] = v->t[y * VR_EYE_SIZE + x];
  }
  m->x = (g->o[0] + f->half[0]) * sx;
  m->y = (g->o[1] + f->half[1]) * sy;
  m->z = g->o[2];
#pragma omp simd reduction(| : any)
  for (int i = 0; i < N; i++) {
    float dx = rx[i] * g->mx[0] + ry[i] * g->my[0] + g->mz[0];
    float dy = rx[i] * g->mx[1] + ry[i] * g->my[1] + g->mz[1];
    float dz = rx[i] * g->mx[2] + ry[i] * g->my[2] + g->mz[2];
    float in = v->near, out = m->out[i];
    slab(g->o[0], dx, -f->half[0], f->half[0], &in, &out);
    slab(g->o[1], dy, -f->half[1], f->half[1], &in, &out);
    slab(g->o[2], dz, -1e30f, f->highest, &in, &out);
    dx *= sx, dy *= sy;
    m->dx[i] = dx, m->dy[i] = dy, m->dz[i] = dz;
    m->ix[i] = 1 / (dx < 0 ? dx - 1e-20f : dx + 1e-20f);
    m->iy[i] = 1 / (dy < 0 ? dy - 1e-20f : dy + 1e-20f);
    m->t[i] = in, m->out[i] = out, m->hit[i] = INFINITY;
    m->on[i] = in < out;
    in = in < out ? in : 0;
    m->c[i] = clamp((int)(m->x + in * dx), 0, f->cols - 2);
    m->r[i] = clamp((int)(m->y + in * dy), 0, f->rows - 2);
    m->coarse[i] = 1;
    any |= in < out;
  }
  return any;
}

/* one step of each ray: whether one goes on, and whether cells are to be tested first */
enum { GOES = 1, TESTS };

static VR_CLONES int advance(const vr_eye_field *f, tile *restrict m)
{
  enum { B = VR_EYE_BLOCK };
  const float *restrict top = f->top;
  int cells = f->cols - 1, rows = f->rows - 1, bcols = f->bcols, blocks = f->blocks;
  int tests = 0, goes = 0;
  float x = m->x, y = m->y, z = m->z;
#pragma omp simd reduction(| : tests, goes)
  for (int i = 0; i < N; i++) {
    // the square that the ray is in: a block or a cell, from (c0, r0) to (c1, r1)
    int coarse = m->coarse[i], c = m->c[i], r = m->r[i], on = m->on[i];
    int more = coarse ? B - 1 : 0, c0 = c & ~more, r0 = r & ~more, c1 = c | more, r1 = r | more;
    int cell = r * cells + c, block = blocks + (r / B) * bcols + c / B;
    float highest = top[coarse ? block : cell];
    // where it leaves it, and how low it is until then
    float dx = m->dx[i], dy = m->dy[i], dz = m->dz[i], t = m->t[i], out = m->out[i];
    float tx = ((float)(dx > 0 ? c1 + 1 : c0) - x) * m->ix[i];
    float ty = ((float)(dy > 0 ? r1 + 1 : r0) - y) * m->iy[i];
    float end = tx < ty ? tx : ty, stop = end < out ? end : out;
    float lowest = z + (dz < 0 ? stop : t) * dz;
    int above = lowest > highest, test = on & !above & !coarse;
    m->from[i] = t, m->to[i] = stop;
    m->tc[i] = c, m->tr[i] = r, m->test[i] = test;
    // the square behind it, unless this block is to be looked at cell by cell
    int side_c = clamp((int)(x + end * dx), c0, c1), next_c = dx > 0 ? c1 + 1 : c0 - 1;
    int side_r = clamp((int)(y + end * dy), r0, r1), next_r = dy > 0 ? r1 + 1 : r0 - 1;
    int sideways = tx <= ty, nc = sideways ? next_c : side_c, nr = sideways ? side_r : next_r;
    int down = coarse & !above, crosses = ((nc ^ c) | (nr ^ r)) >= B;
    int inside = (end <= out) & (nc >= 0) & (nc < cells) & (nr >= 0) & (nr < rows);
    int moves = on & !down & inside;
    on &= down | inside;
    tests |= test;
    goes |= on;
    m->on[i] = on;
    m->c[i] = moves ? nc : c;
    m->r[i] = moves ? nr : r;
    m->t[i] = moves ? end : t;
    m->coarse[i] = moves & crosses;
  }
  return goes * GOES | tests * TESTS;
}

/* height of a triangle's plane, seen from the corner of its cell: a + bx x + by y */
VR_INLINE float meet(float a, float bx, float by, float x, float y, float z, float dx, float dy,
  float dz, float from, float to, int above)
{
  float gap = z - (a + bx * x + by * y), rate = dz - (bx * dx + by * dy);
  float t = -gap / (rate < 0 ? rate : -1.0f), px = x + t * dx, py = y + t * dy;
  int inside = above ? py >= px - 1e-4f : px >= py - 1e-4f;
  return (rate < 0) & (t >= from - 1e-5f) & (t <= to + 1e-5f) & inside ? t : INFINITY;
}

/* the two triangles of the cells that advance() chose; returns whether a ray still goes on */
static VR_CLONES int test(const vr_eye_field *f, tile *restrict m)
{
  const float *restrict data = f->data;
  int cols = f->cols, goes = 0;
#pragma omp simd reduction(| : goes)
  for (int i = 0; i < N; i++) {
    int at = m->tr[i] * cols + m->tc[i];
    float h00 = data[at], h01 = data[at + 1], h10 = data[at + cols], h11 = data[at + cols + 1];
    float x = m->x - (float)m->tc[i], y = m->y - (float)m->tr[i];
    float dx = m->dx[i], dy = m->dy[i], dz = m->dz[i], from = m->from[i], to = m->to[i];
    float one = meet(h00, h01 - h00, h11 - h01, x, y, m->z, dx, dy, dz, from, to, 0);
    float two = meet(h00, h11 - h10, h10 - h00, x, y, m->z, dx, dy, dz, from, to, 1);
    float t = one < two ? one : two;
    int hit = m->test[i] & (t < INFINITY), on = hit ? 0 : m->on[i];
    goes |= on;
    m->hit[i] = hit ? t : m->hit[i];
    m->on[i] = on;
  }
  return goes;
}

/* what the rays hit in front of all else */
static VR_CLONES void keep(const tile *restrict m, int16_t place, int at, vr_eye_view *restrict v)
{
  float near = v->near;
  for (int r = 0; r < HIGH; r++, at += VR_EYE_SIZE) {
#pragma omp simd
    for (int c = 0; c < WIDE; c++) {
      float t = m->hit[r * WIDE + c], old = v->t[at + c];
      int first = (t > near) & (t < old);
      v->t[at + c] = first ? t : old;
      v->seen[at + c] = first ? place : v->seen[at + c];
    }
  }
}

void vr_eye_hit_field(const vr_eye_geom *g, const vr_eye_field *f, int16_t place, vr_eye_view *v)
{
  tile m;
  for (int y = 0; y < VR_EYE_SIZE; y += HIGH)
    for (int x = 0; x < VR_EYE_SIZE; x += WIDE) {
      if (!enter(g, f, v, x, y, &m)) continue;
      for (int next = GOES; next;) {
        next = advance(f, &m);
        if (next & TESTS) next = test(f, &m);
      }
      keep(&m, place, y * VR_EYE_SIZE + x, v);
    }
}

VR_CLONES void vr_eye_field_normals(const vr_eye_field *f, vr_eye_packet *restrict k)
{
  const float *restrict data = f->data;
  float hx = f->half[0], hy = f->half[1];
  float dx = 2 * hx / (float)(f->cols - 1), dy = 2 * hy / (float)(f->rows - 1);
  int cols = f->cols, rows = f->rows;
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float x = (k->p[0][i] + hx) / dx, y = (k->p[1][i] + hy) / dy;
    int c = clamp((int)x, 0, cols - 2), r = clamp((int)y, 0, rows - 2), at = r * cols + c;
    float h00 = data[at], h01 = data[at + 1], h10 = data[at + cols], h11 = data[at + cols + 1];
    float low = h01 - h00, high = h11 - h10, left = h10 - h00, right = h11 - h01;
    float above = y - (float)r > x - (float)c, below = 1 - above; // of a cell's two triangles
    k->normal[0][i] = -(above * high + below * low) / dx;
    k->normal[1][i] = -(above * left + below * right) / dy;
    k->normal[2][i] = 1;
  }
}
