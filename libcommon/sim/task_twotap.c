/* Tap an orb twice: flat ground and one orb somewhere around (rodent.md 4.4). */
#include "sim/task_kinds.h"
#include <math.h>

static int size(const vr_task *t, vr_ground *g)
{
  (void)t;
  g->maxorbs = 1;
  g->plane[g->nplanes++] = (vr_plane){{0, 0, 0}, {0, 0, 1}, 1};
  return 0;
}

void vr_ground_orb(const vr_task *t, uint64_t seed, uint32_t k, double pos[3])
{
  vr_rng r = vr_rng_new(seed, k, VR_RNG_ORB);
  double reach = vr_task_get(t, "reach");
  for (int i = 0; i < 2; i++) pos[i] = reach * (2 * vr_rng_uniform(&r) - 1);
  pos[2] = vr_task_get(t, "height");
}

static int draw(const vr_task *t, uint64_t seed, vr_ground *g)
{
  vr_rng r = vr_rng_new(seed, 0, VR_RNG_SPAWN);
  vr_spawn_upright(g->spawn, 0, 0, 2 * M_PI * vr_rng_uniform(&r));
  g->orb[g->norbs++].radius = vr_task_get(t, "radius");
  vr_ground_orb(t, seed, 0, g->orb->pos);
  return 0;
}

// the orb's three states are three materials
static void dress(const vr_task *t, const vr_ground *g, vr_world *w)
{
  (void)g;
  vr_look_light(w, 0.4, 0.8, 0.1, 0.01, 50);
  vr_look_sky(w);
  vr_look_grass(w, 1);
  vr_look_checker(w, "orb", "cube", (double[]){0, 0.4, 0}, (double[]){0, 0.7, 0}, 1);
  vr_look_checker(w, "orb_once", "cube", (double[]){1, 1, 0.4}, (double[]){0.7, 0.7, 0}, 1);
  vr_look_checker(w, "orb_twice", "cube", (double[]){0.4, 0.7, 1}, (double[]){0, 0.4, 0.7}, 1);
  w->extent = 2.03;
  w->floor = vr_task_get(t, "size");
}

const vr_task_kind vr_task_twotap = {.name = "twotap",
  .keys = "size radius height reach interval tolerance debounce timeout delay reward close "
          "decay cues seconds",
  .size = size,
  .draw = draw,
  .dress = dress,
  .orb = "orb"};
