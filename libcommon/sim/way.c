#include "sim/way.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>

enum { FRESH = -1, DONE = -2 }; // places of cells that are not in the heap

int vr_way_new(size_t n, int reach, vr_way *w)
{
  *w = (vr_way){.n = n, .reach = reach};
  if (!n || n > 10000 || reach < 1 || reach > VR_WAY_REACH)
    return vr_fail(VR_EARG, "ways: no grid of %zu cells with moves up to %d", n, reach);
  int code = vr_alloc(&w->far, n * n, sizeof *w->far);
  if (!code) code = vr_alloc(&w->next, n * n, sizeof *w->next);
  if (!code) code = vr_alloc(&w->heap, n * n, sizeof *w->heap);
  if (!code) code = vr_alloc(&w->place, n * n, sizeof *w->place);
  if (code) vr_way_free(w);
  return code;
}

void vr_way_free(vr_way *w)
{
  vr_release(w->far);
  vr_release(w->next);
  vr_release(w->heap);
  vr_release(w->place);
  *w = (vr_way){0};
}

/* -- a heap of cells, the nearest first; place[cell] is where it stands -- */

static int sooner(const vr_way *w, int a, int b)
{
  return w->far[a] < w->far[b] || (w->far[a] == w->far[b] && a < b);
}

static void put(vr_way *w, size_t i, int cell)
{
  w->heap[i] = cell;
  w->place[cell] = (int)i;
}

static void rise(vr_way *w, int cell)
{
  size_t i = (size_t)w->place[cell];
  for (; i && sooner(w, cell, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
    put(w, i, w->heap[(i - 1) / 2]);
  put(w, i, cell);
}

static int take(vr_way *w)
{
  int first = w->heap[0], last = w->heap[--w->nheap];
  w->place[first] = DONE;
  if (!w->nheap) return first;
  size_t i = 0, child;
  while ((child = 2 * i + 1) < w->nheap) {
    if (child + 1 < w->nheap && sooner(w, w->heap[child + 1], w->heap[child])) child++;
    if (!sooner(w, w->heap[child], last)) break;
    put(w, i, w->heap[child]);
    i = child;
  }
  put(w, i, last);
  return first;
}

/* Cell `from` can get to a goal at this cost, by `next`. */
static void improve(vr_way *w, int from, int next, double far)
{
  if (far >= w->far[from]) return;
  w->far[from] = far;
  w->next[from] = next;
  if (w->place[from] == FRESH) w->place[from] = (int)w->nheap, w->heap[w->nheap++] = from;
  rise(w, from);
}

/* -- moves -- */

static int common(int a, int b)
{
  return b ? common(b, a % b) : a;
}

/* All moves that end in a cell. */
static void relax(vr_way *w, int to, vr_way_cost *cost, const void *ctx)
{
  int n = (int)w->n, row = to / n, col = to % n;
  for (int dr = -w->reach; dr <= w->reach; dr++)
    for (int dc = -w->reach; dc <= w->reach; dc++) {
      int r = row - dr, c = col - dc;
      if (common(abs(dr), abs(dc)) != 1 || r < 0 || c < 0 || r >= n || c >= n) continue;
      if (w->place[r * n + c] != DONE)
        improve(w, r * n + c, to, w->far[to] + cost(ctx, to, dr, dc));
    }
}

void vr_way_plan(vr_way *w, const int *goal, size_t ngoals, vr_way_cost *cost, const void *ctx)
{
  w->nheap = 0;
  for (size_t k = 0; k < w->n * w->n; k++) {
    w->far[k] = INFINITY;
    w->next[k] = (int)k;
    w->place[k] = FRESH;
  }
  for (size_t i = 0; i < ngoals; i++) improve(w, goal[i], goal[i], 0);
  while (w->nheap) relax(w, take(w), cost, ctx);
}
