/* teacher_bowl.c -- climbs out on a way that is planned on the heights, with a gait that has reflexes
 * (gaits.md 10.2). */
#include "sim/teacher_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/way.h"
#include <math.h>
#include <string.h>

#define AHEAD 0.18 /* m: the point of the way that it goes for */
#define OUT 0.975  /* of the distance asked for: there the way ends, and it goes on outwards */

/* The way, and the ground it leads over. */
typedef struct {
  vr_way way;
  double half, side; /* m: half the side of the field; between samples */
  double radius;     /* m: where the way ends */
  double *z, *slope; /* n x n, n x n x 2: heights, blurred; dz/dx, dz/dy */
  int *goal;
  uint64_t seed; /* of the episode that it has been planned for */
  int planned;
} plan;

static int open(vr_teacher *t)
{
  const vr_task *task = &t->scene->task;
  size_t n = (size_t)vr_task_get(task, "samples");
  plan *p;
  VR_TRY(vr_alloc(&p, 1, sizeof *p));
  t->work = p;
  p->half = vr_task_get(task, "size");
  p->side = 2 * p->half / (double)(n - 1);
  p->radius = OUT * fmin(vr_task_get(task, "escape"), p->half);
  VR_TRY(vr_way_new(n, VR_WAY_REACH, &p->way));
  VR_TRY(vr_alloc(&p->z, n * n, sizeof *p->z));
  VR_TRY(vr_alloc(&p->slope, n * n, 2 * sizeof *p->slope));
  return vr_alloc(&p->goal, n * n, sizeof *p->goal);
}

static void close(vr_teacher *t)
{
  plan *p = t->work;
  if (!p) return;
  vr_way_free(&p->way);
  vr_release(p->z);
  vr_release(p->slope);
  vr_release(p->goal);
}

/* -- planning -- */

static double at(const plan *p, int r, int c)
{
  int last = (int)p->way.n - 1;
  r = r < 0 ? 0 : r > last ? last : r;
  c = c < 0 ? 0 : c > last ? last : c;
  return p->z[r * (last + 1) + c];
}

/* Heights, blurred by a cell, and their slopes. */
static void survey(plan *p, const vr_heights *h)
{
  int n = (int)p->way.n;
  for (int r = 0; r < n; r++)
    for (int c = 0; c < n; c++) {
      double sum = 0;
      for (int k = 0; k < 9; k++) {
        int i = r + k / 3 - 1, j = c + k % 3 - 1;
        i = i < 0 ? 0 : i >= n ? n - 1 : i;
        j = j < 0 ? 0 : j >= n ? n - 1 : j;
        sum += (double)h->data[i * n + j];
      }
      p->z[r * n + c] = h->height * sum / 9;
    }
  for (int k = 0; k < n * n; k++) {
    int r = k / n, c = k % n;
    p->slope[2 * k] = (at(p, r, c + 1) - at(p, r, c - 1)) / (2 * p->side);
    p->slope[2 * k + 1] = (at(p, r + 1, c) - at(p, r - 1, c)) / (2 * p->side);
  }
}

/* Length, and more for climbs, descents and slopes to the side. */
static double cost(const void *ctx, int to, int rows, int cols)
{
  const plan *p = ctx;
  double length = hypot(rows, cols), ux = cols / length, uy = rows / length;
  double rise = (p->z[to] - p->z[to - rows * (int)p->way.n - cols]) / (length * p->side);
  double up = fmax(rise, 0), down = fmin(rise, 0);
  double side = p->slope[2 * to + 1] * ux - p->slope[2 * to] * uy;
  return length * p->side * (1 + 30 * up * up + 15 * down * down + 20 * side * side);
}

static void centre_of(const plan *p, int cell, double *x, double *y)
{
  *x = cell % (int)p->way.n * p->side - p->half;
  *y = cell / (int)p->way.n * p->side - p->half;
}

static void make(plan *p, const vr_env *e)
{
  if (p->planned && p->seed == e->seed) return;
  size_t ngoals = 0;
  survey(p, &e->ground.heights);
  for (int k = 0; k < (int)(p->way.n * p->way.n); k++) {
    double x, y;
    centre_of(p, k, &x, &y);
    if (hypot(x, y) >= p->radius) p->goal[ngoals++] = k;
  }
  vr_way_plan(&p->way, p->goal, ngoals, cost, p);
  p->seed = e->seed;
  p->planned = 1;
}

/* -- going -- */

static int cell_at(const plan *p, double x, double y)
{
  double last = (double)p->way.n - 1;
  double c = fmin(fmax(round((x + p->half) / p->side), 0), last);
  double r = fmin(fmax(round((y + p->half) / p->side), 0), last);
  return (int)(r * (last + 1) + c);
}

/* The heading to take: along the way, then outwards. */
static double heading_for(const plan *p, const vr_cue *cue)
{
  int k = cell_at(p, cue->x, cue->y);
  if (p->way.next[k] == k) return atan2(cue->y, cue->x);
  double x, y;
  do {
    k = p->way.next[k];
    centre_of(p, k, &x, &y);
  } while (hypot(x - cue->x, y - cue->y) < AHEAD && p->way.next[k] != k);
  return atan2(y - cue->y, x - cue->x);
}

static void act(vr_teacher *t, const vr_env *e, const vr_cue *cue)
{
  plan *p = t->work;
  make(p, e);
  double off = remainder(heading_for(p, cue) - cue->heading, 2 * M_PI);
  vr_teacher_play(t, e, fmin(fmax(1.5 * off, -1), 1));
}

const vr_teach vr_teach_bowl = {
  .task = "bowl", .gait = "climb", .reflexes = 1, .open = open, .close = close, .act = act};
