/* ground.h -- what a task draws by chance for one episode, in numbers and without an engine.
 *
 *   vr_ground g;
 *   vr_ground_new(task, &g);          room for the largest world of this task
 *   vr_ground_draw(task, seed, &g);   as often as needed; allocates nothing
 *   vr_ground_free(&g);
 *
 * The same seed gives the same ground on every machine. Lengths in m, z up; the numbers and where
 * they come from stand in share/task/NAME.tsv. */
#ifndef VR_SIM_GROUND_H
#define VR_SIM_GROUND_H
#include "sim/task.h"

/* A platform or wall, its faces along the axes. */
typedef struct {
  double pos[3], half[3];
} vr_box;

/* What the animal takes or taps; it is sensed by overlap and touches nothing. */
typedef struct {
  double pos[3], radius;
} vr_orb;

/* z over (x, y) in [-half, half]: base + height * data, bilinear between samples. Sample (r, c) is
 * data[r * n + c], row 0 at y = -half, column 0 at x = -half. */
typedef struct {
  size_t n; /* samples along each side; 0: there is no field */
  double half, height, base;
  double depth; /* of the solid below */
  float *data;  /* n x n in 0 .. 1, both ends reached (unless all are 0) */
} vr_heights;

/* Grid of a maze, row 0 at the greatest y: '*' wall, ' ' corridor, 'a'.. room, 'P' place to start,
 * 'G' orb. Cell (r, c) is around x = (c - (n - 1) / 2) * side, y = ((n - 1) / 2 - r) * side. */
typedef struct {
  size_t n; /* cells along each side; 0: there is no maze */
  double side;
  char *cell; /* n x n */
} vr_cells;

/* An infinite plane that nothing passes; what lies on the side of the normal is free. */
typedef struct {
  double pos[3], normal[3];
  int floor; /* drawn */
} vr_plane;

enum { VR_MAXPLANES = 6 };

typedef struct vr_ground {
  size_t nboxes, maxboxes;
  vr_box *box;
  size_t norbs, maxorbs;
  vr_orb *orb;
  vr_heights heights;
  vr_cells cells;
  size_t nplanes;
  vr_plane plane[VR_MAXPLANES]; /* the same in every episode */
  /* Where the root starts: position and quaternion w x y z. In the bowl, z is found by the engine. */
  double spawn[7];
  int look;   /* which of the textures of walls */
  void *work; /* of the maker, freed by drop */
  void (*drop)(void *work);
} vr_ground;

/* Room for what the task can draw, nothing in it yet. VR_EMEM. */
int vr_ground_new(const vr_task *task, vr_ground *g);

/* The ground of the episode `seed` (vr_trial_seed). VR_ENUM when no maze fits the keys of the task. */
int vr_ground_draw(const vr_task *task, uint64_t seed, vr_ground *g);

/* Place of orb number k of an episode of `twotap` (0: the first): its x, y and z. */
void vr_ground_orb(const vr_task *task, uint64_t seed, uint32_t k, double pos[3]);

/* Height of the field at (x, y), and its gradient (dz/dx, dz/dy) unless NULL; 0 outside. */
double vr_heights_at(const vr_heights *h, double x, double y, double *gradient);

/* Adds the ground as text: the maze or the field in characters, then one thing a line: spawn x y z qw
 * qx qy qz; plane x y z nx ny nz; box x y z and half sides; orb x y z radius; heights n half height
 * base depth. */
void vr_ground_text(const vr_ground *g, vr_str *out);

void vr_ground_free(vr_ground *g);

#endif
