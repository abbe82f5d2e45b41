#include "ana/outline.h"
#include "base/err.h"
#include "base/mem.h"
#include <string.h>

enum { ROUNDS = 6, KEEP = 3 }; // smoothing passes; every third point is kept

enum { EAST, SOUTH, WEST, NORTH };

// Corners of the pixels: (n + 1) x (n + 1). A border runs from a corner to the east or south.
typedef struct {
  size_t n, w;
  unsigned char *border; // bit d: a border leaves this corner in direction d and is not yet drawn
  double *line;          // the corners of the line in work (x, y)
  ptrdiff_t step[4];
  vr_outline *o;
  const vr_grid *g;
} tracer;

static int32_t pixel(const int32_t *label, size_t n, ptrdiff_t r, ptrdiff_t c)
{
  int inside = r >= 0 && c >= 0 && (size_t)r < n && (size_t)c < n;
  return inside ? label[(size_t)r * n + (size_t)c] : 0;
}

static void find_borders(tracer *t, const int32_t *label)
{
  for (size_t r = 0; r <= t->n; r++)
    for (size_t c = 0; c <= t->n; c++) {
      ptrdiff_t y = (ptrdiff_t)r, x = (ptrdiff_t)c;
      int32_t here = pixel(label, t->n, y, x);
      size_t k = r * t->w + c;
      if (c < t->n && pixel(label, t->n, y - 1, x) != here) {
        t->border[k] |= 1 << EAST;
        t->border[k + 1] |= 1 << WEST;
      }
      if (r < t->n && pixel(label, t->n, y, x - 1) != here) {
        t->border[k] |= 1 << SOUTH;
        t->border[k + t->w] |= 1 << NORTH;
      }
    }
}

// [1 2 1] / 4 along the line; ends stay, closed lines have none
static void smooth(double *line, size_t n, int closed)
{
  double last[2] = {line[2 * (n - 1)], line[2 * n - 1]}, first[2] = {line[0], line[1]};
  for (int k = 0; k < 2; k++) {
    double before = closed ? line[2 * (n - 2) + (size_t)k] : first[k], here = first[k];
    for (size_t i = 0; i < n; i++) {
      double *at = line + 2 * i + k, after = i + 1 < n ? at[2] : closed ? line[2 + k] : last[k];
      here = *at;
      if (closed || (i && i + 1 < n)) *at = (before + 2 * here + after) / 4;
      before = here;
    }
    if (closed) line[2 * (n - 1) + (size_t)k] = line[k];
  }
}

// smooths, thins and stores the line in work
static void store(tracer *t, size_t n)
{
  vr_outline *o = t->o;
  int closed = n > 2 && t->line[0] == t->line[2 * (n - 1)] && t->line[1] == t->line[2 * n - 1];
  for (int k = 0; k < ROUNDS && n > 2; k++) smooth(t->line, n, closed);
  size_t kept = 0, at = o->first[o->n];
  for (size_t i = 0; i < n; i++) {
    if (i % KEEP && i + 1 < n && n > KEEP + 1) continue;
    double *to = o->xy.a + 2 * (at + kept++);
    to[0] = t->g->x0 + (t->line[2 * i] - 0.5) * t->g->step;
    to[1] = t->g->y0 + (t->line[2 * i + 1] - 0.5) * t->g->step;
  }
  o->first[++o->n] = at + kept;
}

static int degree(unsigned char border)
{
  return __builtin_popcount(border);
}

// follows the border that leaves corner k in direction d to the next meeting or back to k
static void follow(tracer *t, const unsigned char *all, size_t k, int d)
{
  size_t n = 0, start = k;
  t->line[0] = (double)(k % t->w);
  t->line[1] = (double)(k / t->w);
  do {
    t->border[k] &= (unsigned char)~(1 << d);
    k += (size_t)t->step[d];
    t->border[k] &= (unsigned char)~(1 << (d ^ 2));
    n++;
    t->line[2 * n] = (double)(k % t->w);
    t->line[2 * n + 1] = (double)(k / t->w);
    if (degree(all[k]) != 2 || k == start) break;
    for (d = 0; d < 4 && !(t->border[k] >> d & 1); d++)
      ;
  } while (d < 4);
  store(t, n + 1);
}

int vr_outline_of(const int32_t *label, const vr_grid *g, vr_outline *o)
{
  tracer t = {.n = g->n, .w = g->n + 1, .o = o, .g = g};
  size_t corners = t.w * t.w, edges = 0;
  unsigned char *all;
  vr_arena arena = {0};
  memcpy(t.step, (ptrdiff_t[]){1, (ptrdiff_t)t.w, -1, -(ptrdiff_t)t.w}, sizeof t.step);
  int code = vr_arena_alloc(&arena, &t.border, corners, 1);
  if (!code) code = vr_arena_alloc(&arena, &all, corners, 1);
  if (!code) {
    find_borders(&t, label);
    memcpy(all, t.border, corners);
    for (size_t k = 0; k < corners; k++) edges += (size_t)degree(all[k]);
    edges /= 2;
  }
  // a line has at most one point more than borders
  if (!code) code = vr_arena_alloc(&arena, &t.line, 2 * (edges + 1), sizeof *t.line);
  if (!code) code = vr_mat_resize(&o->xy, 2 * edges, 2);
  size_t *first = NULL;
  if (!code) code = vr_alloc(&first, edges + 1, sizeof *first);
  if (!code) {
    vr_release(o->first);
    o->first = first;
    o->n = 0;
    // from the meetings first, then the closed lines
    for (int rings = 0; rings < 2; rings++)
      for (size_t k = 0; k < corners; k++)
        for (int d = 0; d < 4; d++)
          if (t.border[k] >> d & 1 && (rings || degree(all[k]) != 2)) follow(&t, all, k, d);
    o->xy.rows = o->first[o->n];
  }
  vr_arena_free(&arena);
  return code;
}

void vr_outline_free(vr_outline *o)
{
  vr_mat_free(&o->xy);
  vr_release(o->first);
  *o = (vr_outline){0};
}

// near[a * n + b] = regions a + 1 and b + 1 have pixels at most two apart
static void find_neighbours(const int32_t *label, const vr_grid *g, size_t n, unsigned char *near)
{
  static const int side[6][2] = {{0, 1}, {1, 0}, {1, 1}, {1, -1}, {0, 2}, {2, 0}};
  for (size_t i = 0; i < g->n * g->n; i++)
    for (int s = 0; s < 6 && label[i] > 0; s++) {
      ptrdiff_t r = (ptrdiff_t)(i / g->n) + side[s][0], c = (ptrdiff_t)(i % g->n) + side[s][1];
      size_t a = (size_t)label[i], b = (size_t)pixel(label, g->n, r, c);
      if (!b || a == b || a > n || b > n) continue;
      near[(a - 1) * n + b - 1] = near[(b - 1) * n + a - 1] = 1;
    }
}

int vr_outline_colours(const int32_t *label, const vr_grid *g, size_t n, int colours, int *colour)
{
  unsigned char *near;
  size_t *use;
  if (colours < 1) return vr_fail(VR_EARG, "at least one colour is needed");
  VR_TRY(vr_alloc(&near, n, n));
  int code = vr_alloc(&use, 2 * (size_t)colours, sizeof *use);
  if (code) {
    vr_release(near);
    return code;
  }
  size_t *taken = use + colours;
  find_neighbours(label, g, n, near);
  for (size_t a = 0; a < n; a++) {
    // the colour of the fewest neighbours, then the one used least
    memset(taken, 0, (size_t)colours * sizeof *taken);
    for (size_t b = 0; b < a; b++) taken[colour[b]] += near[a * n + b];
    int best = 0;
    for (int k = 1; k < colours; k++)
      if (taken[k] < taken[best] || (taken[k] == taken[best] && use[k] < use[best])) best = k;
    colour[a] = best;
    use[best]++;
  }
  vr_release(near);
  vr_release(use);
  return 0;
}
