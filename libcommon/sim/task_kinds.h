/* task_kinds.h -- what a task is to task.c and ground.c: what it draws by chance and how that looks.
 * Adding a task: a file task_NAME.c, a line here, a row in task.c, a table share/task/NAME.tsv.
 * Between the task*.c files and ground.c; included nowhere else. */
#ifndef VR_SIM_TASK_KINDS_H
#define VR_SIM_TASK_KINDS_H
#include "base/rng.h"
#include "sim/ground.h"
#include "sim/mjcf.h"
#include "sim/task.h"

/* Members that are NULL have nothing to do. Running out of memory inside the strings of a world is
 * found by the caller. */
typedef struct {
  const char *name;
  const char *keys; /* of its table, all that it and its rules ask for; "a b c" */
  /* Keys that do not go together: VR_EARG. */
  int (*check)(const vr_task *t);
  /* Sets maxboxes, maxorbs, heights.n, cells.n, g->work and what is the same in every episode; the
   * arrays are then made by the caller. */
  int (*size)(const vr_task *t, vr_ground *g);
  int (*draw)(const vr_task *t, uint64_t seed, vr_ground *g);
  /* MJCF of what is not in the ground's boxes, orbs and planes: looks, and the field's geom. */
  void (*dress)(const vr_task *t, const vr_ground *g, vr_world *w);
  void (*drop)(void *work);
  /* Materials of the boxes ("wall_%d" with g->look) and the orbs. */
  const char *box, *orb;
} vr_task_kind;

extern const vr_task_kind vr_task_flat, vr_task_gaps, vr_task_maze, vr_task_bowl, vr_task_twotap;

/* The kind of a task, of task.c. */
const vr_task_kind *vr_task_kind_of(const vr_task *t);

/* Random streams of an episode: 0 and 1 are those of env.c. */
enum { VR_RNG_GROUND = 2, VR_RNG_SPAWN, VR_RNG_ORB };

/* Upright at (x, y) with this yaw. */
void vr_spawn_upright(double spawn[7], double x, double y, double yaw);
/* low <= high of two keys, or VR_EARG. */
int vr_task_ordered(const vr_task *t, const char *low, const char *high);

/* Looks that tasks share: light of the head and range of the camera; sky; a material of grass. */
void vr_look_light(
  vr_world *w, double ambient, double diffuse, double specular, double near, double far);
void vr_look_sky(vr_world *w);
void vr_look_grass(vr_world *w, double repeat);
/* A checker of two colours as texture and material; kind: "2d" or "cube". */
void vr_look_checker(vr_world *w, const char *name, const char *kind, const double one[3],
  const double two[3], double repeat);

#endif
