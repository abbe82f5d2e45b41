/* Run the gaps: platforms along x with gaps between them, walls that are not seen on four sides, a
 * plane far below (rodent.md 4.2). */
#include "sim/task_kinds.h"
#include "base/err.h"
#include <math.h>

static int check(const vr_task *t)
{
  VR_TRY(vr_task_ordered(t, "platform_low", "platform_high"));
  VR_TRY(vr_task_ordered(t, "gap_low", "gap_high"));
  return vr_task_ordered(t, "spawn", "length");
}

static int size(const vr_task *t, vr_ground *g)
{
  double length = vr_task_get(t, "length"), y = vr_task_get(t, "width") / 2;
  double padding = vr_task_get(t, "padding"), start = vr_task_get(t, "start");
  double shortest = vr_task_get(t, "platform_low") + vr_task_get(t, "gap_low");
  g->maxboxes = 1 + (size_t)ceil(fmax(length - start, 0) / shortest);
  const vr_plane plane[] = {
    {{0, 0, vr_task_get(t, "ground")}, {0, 0, 1}, 0},
    {{length / 2, y, 0}, {0, -1, 0}, 0},
    {{length / 2, -y, 0}, {0, 1, 0}, 0},
    {{-padding, 0, 0}, {1, 0, 0}, 0},
    {{length + padding, 0, 0}, {-1, 0, 0}, 0},
  };
  for (size_t i = 0; i < VR_LEN(plane); i++) g->plane[g->nplanes++] = plane[i];
  vr_spawn_upright(g->spawn, vr_task_get(t, "spawn"), 0, 0);
  return 0;
}

// a platform from x to x + length, its top at z = 0
static void put(vr_ground *g, double x, double length, double width, double thickness)
{
  if (g->nboxes < g->maxboxes)
    g->box[g->nboxes++] =
      (vr_box){{x + length / 2, 0, -thickness / 2}, {length / 2, width / 2, thickness / 2}};
}

static int draw(const vr_task *t, uint64_t seed, vr_ground *g)
{
  vr_rng r = vr_rng_new(seed, 0, VR_RNG_GROUND);
  double end = vr_task_get(t, "length"), x = vr_task_get(t, "start");
  double width = vr_task_get(t, "width"), thickness = vr_task_get(t, "thickness");
  double low = vr_task_get(t, "platform_low"), more = vr_task_get(t, "platform_high") - low;
  double gap = vr_task_get(t, "gap_low"), wider = vr_task_get(t, "gap_high") - gap;
  put(g, 0, x, width, thickness);
  while (x < end) {
    double length = low + more * vr_rng_uniform(&r);
    put(g, x, length, width, thickness);
    x += length + gap + wider * vr_rng_uniform(&r);
  }
  return 0;
}

static void dress(const vr_task *t, const vr_ground *g, vr_world *w)
{
  (void)t, (void)g;
  vr_look_light(w, 0.4, 0.8, 0.1, 0.00025, 4);
  vr_look_sky(w);
  vr_look_grass(w, 1);
  w->extent = 44.4;
}

const vr_task_kind vr_task_gaps = {.name = "gaps",
  .keys = "length width padding start platform_low platform_high gap_low gap_high thickness "
          "ground spawn speed margin fall seconds",
  .check = check,
  .size = size,
  .draw = draw,
  .dress = dress,
  .box = "grass"};
