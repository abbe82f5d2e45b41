#include "sim/ground.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/task_kinds.h"
#include <math.h>
#include <string.h>

void vr_spawn_upright(double spawn[7], double x, double y, double yaw)
{
  const double s[7] = {x, y, 0, cos(yaw / 2), 0, 0, sin(yaw / 2)};
  memcpy(spawn, s, sizeof s);
}

int vr_ground_new(const vr_task *t, vr_ground *g)
{
  const vr_task_kind *kind = vr_task_kind_of(t);
  *g = (vr_ground){.spawn = {0, 0, 0, 1, 0, 0, 0}, .drop = kind->drop};
  int code = kind->size ? kind->size(t, g) : 0;
  if (!code) code = vr_alloc(&g->box, g->maxboxes, sizeof *g->box);
  if (!code) code = vr_alloc(&g->orb, g->maxorbs, sizeof *g->orb);
  if (!code) code = vr_alloc(&g->heights.data, g->heights.n * g->heights.n, sizeof(float));
  if (!code) code = vr_alloc(&g->cells.cell, g->cells.n * g->cells.n, 1);
  if (code) vr_ground_free(g);
  return code;
}

int vr_ground_draw(const vr_task *t, uint64_t seed, vr_ground *g)
{
  const vr_task_kind *kind = vr_task_kind_of(t);
  g->nboxes = g->norbs = 0;
  return kind->draw ? kind->draw(t, seed, g) : 0;
}

void vr_ground_free(vr_ground *g)
{
  if (g->drop) g->drop(g->work);
  vr_release(g->box);
  vr_release(g->orb);
  vr_release(g->heights.data);
  vr_release(g->cells.cell);
  *g = (vr_ground){0};
}

double vr_heights_at(const vr_heights *h, double x, double y, double *gradient)
{
  if (gradient) gradient[0] = gradient[1] = 0;
  if (h->n < 2 || !(fabs(x) <= h->half && fabs(y) <= h->half)) return 0;
  double scale = (double)(h->n - 1) / (2 * h->half);
  double u = (x + h->half) * scale, v = (y + h->half) * scale;
  size_t j = (size_t)fmin(u, (double)(h->n - 2)), i = (size_t)fmin(v, (double)(h->n - 2));
  const float *d = h->data + i * h->n + j, *up = d + h->n;
  u -= (double)j;
  v -= (double)i;
  double low = d[0] + u * ((double)d[1] - d[0]), high = up[0] + u * ((double)up[1] - up[0]);
  if (gradient) {
    gradient[0] =
      h->height * scale * ((1 - v) * ((double)d[1] - d[0]) + v * ((double)up[1] - up[0]));
    gradient[1] = h->height * scale * (high - low);
  }
  return h->base + h->height * (low + v * (high - low));
}
