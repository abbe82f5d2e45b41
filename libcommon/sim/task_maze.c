/* Forage in a maze: rooms and corridors on a grid, orbs in the rooms (rodent.md 4.3). */
#include "sim/task_kinds.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/maze.h"
#include <math.h>
#include <stdio.h>

enum { LOOKS = 8, REDRAWS = 1000 };

// of the walls: the eight colours that labmaze has, as checkers
static const double colours[LOOKS][3] = {{0.25, 0.4, 0.75}, {0.75, 0.25, 0.45}, {0.45, 0.8, 0.35},
  {0.2, 0.5, 0.25}, {0.5, 0.3, 0.65}, {0.9, 0.35, 0.25}, {0.6, 0.2, 0.18}, {0.85, 0.75, 0.3}};

typedef struct {
  vr_maze *maze;
  vr_rect *rect;
} layout;

static int check(const vr_task *t)
{
  int cells = (int)vr_task_get(t, "cells");
  VR_TRY(vr_task_ordered(t, "room_low", "room_high"));
  if (cells % 2 == 0) return vr_fail(VR_EARG, "task maze: cells: %d is not odd", cells);
  if (vr_task_get(t, "room_high") > cells - 2)
    return vr_fail(VR_EARG,
      "task maze: room_high: %g does not fit into %d cells with a wall around",
      vr_task_get(t, "room_high"), cells);
  return 0;
}

static void drop(void *work)
{
  layout *l = work;
  if (!l) return;
  vr_maze_free(l->maze);
  vr_release(l->rect);
  vr_release(l);
}

static int size(const vr_task *t, vr_ground *g)
{
  const vr_maze_par par = {
    .n = (int)vr_task_get(t, "cells"),
    .rooms = (int)vr_task_get(t, "rooms"),
    .low = (int)vr_task_get(t, "room_low"),
    .high = (int)vr_task_get(t, "room_high"),
    .tries = (int)vr_task_get(t, "tries"),
    .starts = (int)vr_task_get(t, "starts"),
    .orbs = (int)vr_task_get(t, "orbs"),
    .doors = vr_task_get(t, "doors"),
    .simple = vr_task_get(t, "simple") > 0,
  };
  g->maxboxes = (size_t)vr_task_get(t, "boxes");
  g->maxorbs = (size_t)(par.rooms * par.orbs);
  g->cells.n = (size_t)par.n;
  g->cells.side = vr_task_get(t, "side");
  g->plane[g->nplanes++] = (vr_plane){{0, 0, 0}, {0, 0, 1}, 1};
  layout *l;
  VR_TRY(vr_alloc(&l, 1, sizeof *l));
  g->work = l;
  VR_TRY(vr_maze_new(&par, &l->maze));
  return vr_alloc(&l->rect, g->maxboxes, sizeof *l->rect);
}

// centre of `cols` columns from col; rows run against y
static double place(const vr_ground *g, int at, int count)
{
  return ((double)at + (double)(count - 1) / 2 - (double)(g->cells.n - 1) / 2) * g->cells.side;
}

static void put_wall(const vr_task *t, vr_ground *g, const vr_rect *wall)
{
  double z = vr_task_get(t, "wall") / 2, half = g->cells.side / 2;
  g->box[g->nboxes++] =
    (vr_box){{place(g, wall->col, wall->cols), 0 - place(g, wall->row, wall->rows), z},
      {wall->cols * half, wall->rows * half, z}};
}

// orbs at G, the start at one of the P
static void put_entities(const vr_task *t, vr_ground *g, vr_rng *r)
{
  double z = vr_task_get(t, "height"), radius = vr_task_get(t, "radius");
  int n = (int)g->cells.n, starts = 0;
  for (int i = 0; i < n * n; i++) {
    starts += g->cells.cell[i] == 'P';
    if (g->cells.cell[i] == 'G' && g->norbs < g->maxorbs)
      g->orb[g->norbs++] = (vr_orb){{place(g, i % n, 1), 0 - place(g, i / n, 1), z}, radius};
  }
  int chosen = (int)vr_rng_below(r, (uint64_t)starts), i = 0;
  for (; g->cells.cell[i] != 'P' || chosen-- > 0; i++) {
  }
  vr_spawn_upright(
    g->spawn, place(g, i % n, 1), 0 - place(g, i / n, 1), 2 * M_PI * vr_rng_uniform(r));
}

static int draw(const vr_task *t, uint64_t seed, vr_ground *g)
{
  layout *l = g->work;
  vr_rng r = vr_rng_new(seed, 0, VR_RNG_GROUND), spawn = vr_rng_new(seed, 0, VR_RNG_SPAWN);
  size_t walls = 0;
  for (int tries = 0; tries < REDRAWS; tries++) {
    vr_maze_draw(l->maze, &r, g->cells.cell);
    walls = vr_maze_cover(l->maze, g->cells.cell, l->rect, g->maxboxes);
    if (walls <= g->maxboxes) break;
  }
  if (walls > g->maxboxes)
    return vr_fail(VR_ENUM,
      "task maze: %d mazes in a row need more than %zu boxes of wall; raise `boxes`", REDRAWS,
      g->maxboxes);
  g->look = (int)vr_rng_below(&r, LOOKS);
  for (size_t i = 0; i < walls; i++) put_wall(t, g, l->rect + i);
  put_entities(t, g, &spawn);
  return 0;
}

static void dress(const vr_task *t, const vr_ground *g, vr_world *w)
{
  double side = g->cells.side;
  vr_look_light(w, 0.3, 0.6, 0, 0.0005, 50);
  vr_look_sky(w);
  vr_look_grass(w, 1 / side);
  for (int i = 0; i < LOOKS; i++) {
    char name[16];
    double dark[3];
    for (int k = 0; k < 3; k++) dark[k] = 0.75 * colours[i][k];
    snprintf(name, sizeof name, "wall_%d", i);
    vr_look_checker(w, name, "2d", colours[i], dark, 1 / side);
  }
  vr_look_checker(w, "orb", "cube", (double[]){0, 0, 0.4}, (double[]){0, 0, 0.7}, 1);
  vr_str_add(&w->asset, "    <material name=\"orb_taken\" rgba=\"0 0 0 0\"/>\n");
  w->extent = 10.5;
  w->floor = (double)g->cells.n * side / 2;
  (void)t;
}

const vr_task_kind vr_task_maze = {.name = "maze",
  .keys = "cells side wall rooms room_low room_high tries starts orbs doors simple boxes "
          "radius height reward seconds",
  .check = check,
  .size = size,
  .draw = draw,
  .dress = dress,
  .drop = drop,
  .box = "wall_%d",
  .orb = "orb"};
