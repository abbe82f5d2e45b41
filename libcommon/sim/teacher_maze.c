/* teacher_maze.c -- runs under the orbs, the next one by the shortest way through the known grid. */
#include "sim/teacher_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/way.h"
#include <math.h>
#include <string.h>

#define LOOK 0.6   /* m: how far ahead it looks along the way */
#define CLEAR 0.13 /* m from the way to the nearest wall, where it cuts a corner */
#define PATCH 0.05 /* m between the places where that is looked at */

/* The way to an orb. */
typedef struct {
  vr_way way;
  uint64_t seed; /* of the episode, and number of the orb: what the way has been planned for */
  int goal;
} plan;

static int open(vr_teacher *t)
{
  plan *p;
  VR_TRY(vr_alloc(&p, 1, sizeof *p));
  t->work = p;
  p->goal = -1;
  return vr_way_new((size_t)vr_task_get(&t->scene->task, "cells"), 1, &p->way);
}

static void close(vr_teacher *t)
{
  plan *p = t->work;
  if (p) vr_way_free(&p->way);
}

static void start(vr_teacher *t)
{
  t->is.goal = -1;
}

/* -- the grid -- */

static int cell_at(const vr_cells *m, double x, double y)
{
  double last = (double)m->n - 1;
  double c = fmin(fmax(round(x / m->side + last / 2), 0), last);
  double r = fmin(fmax(round(last / 2 - y / m->side), 0), last);
  return (int)r * (int)m->n + (int)c;
}

static void centre_of(const vr_cells *m, int cell, double *x, double *y)
{
  double last = (double)m->n - 1;
  *x = (cell % (int)m->n - last / 2) * m->side;
  *y = (last / 2 - cell / (int)m->n) * m->side;
}

static int is_free(const vr_cells *m, int cell)
{
  return m->cell[cell] != '*';
}

/* Length of a move; none through walls, nor past their corners. */
static double cost(const void *ctx, int to, int rows, int cols)
{
  const vr_cells *m = ctx;
  int n = (int)m->n;
  if (!is_free(m, to) || !is_free(m, to - rows * n) || !is_free(m, to - cols)) return INFINITY;
  return hypot(rows, cols);
}

/* Whether an animal fits along the line between two points. */
static int is_clear(const vr_cells *m, double x0, double y0, double x1, double y1)
{
  double length = hypot(x1 - x0, y1 - y0), ux = (x1 - x0) / length, uy = (y1 - y0) / length;
  for (double s = 0; s < length; s += PATCH)
    for (int side = -1; side <= 1; side += 2) {
      double x = x0 + s * ux - side * CLEAR * uy, y = y0 + s * uy + side * CLEAR * ux;
      if (!is_free(m, cell_at(m, x, y))) return 0;
    }
  return 1;
}

/* -- where to -- */

static int is_taken(const vr_env *e, int k)
{
  return e->is.taken[k / 64] >> k % 64 & 1;
}

static void plan_for(plan *p, const vr_env *e, int goal)
{
  if (p->goal == goal && p->seed == e->seed) return;
  const double *orb = e->ground.orb[goal].pos;
  int to = cell_at(&e->ground.cells, orb[0], orb[1]);
  vr_way_plan(&p->way, &to, 1, cost, &e->ground.cells);
  p->goal = goal;
  p->seed = e->seed;
}

/* The nearest orb that is left, -1: none. */
static int nearest(plan *p, const vr_env *e, int here)
{
  int best = -1;
  double far = INFINITY;
  for (int k = 0; k < (int)e->ground.norbs; k++) {
    if (is_taken(e, k)) continue;
    plan_for(p, e, k);
    if (p->way.far[here] < far) far = p->way.far[here], best = k;
  }
  return best;
}

/* The furthest point of the way that can be gone to straight, or the orb itself. */
static void aim(const plan *p, const vr_env *e, const vr_cue *cue, int here, double *x, double *y)
{
  const vr_cells *m = &e->ground.cells;
  const double *orb = e->ground.orb[p->goal].pos;
  int last = cell_at(m, orb[0], orb[1]), at = p->way.next[here];
  centre_of(m, here, x, y);
  for (;; at = p->way.next[at]) {
    double cx = orb[0], cy = orb[1];
    if (at != last) centre_of(m, at, &cx, &cy);
    if (at != p->way.next[here] && !is_clear(m, cue->x, cue->y, cx, cy)) break;
    *x = cx;
    *y = cy;
    if (at == last || hypot(cx - cue->x, cy - cue->y) > LOOK) break;
  }
}

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  plan *p = t->work;
  int here = cell_at(&e->ground.cells, cue->x, cue->y);
  if (t->is.goal < 0 || is_taken(e, t->is.goal)) t->is.goal = nearest(p, e, here);
  if (t->is.goal < 0) {
    vr_teacher_stand(t);
    return;
  }
  double x, y;
  plan_for(p, e, t->is.goal);
  aim(p, e, cue, here, &x, &y);
  double off = remainder(atan2(y - cue->y, x - cue->x) - cue->heading, 2 * M_PI);
  vr_teacher_run(t, e, 0.5, fmin(fmax(2.5 * off, -2), 2));
}

const vr_teach vr_teach_maze = {
  .task = "maze", .open = open, .close = close, .start = start, .act = act};
