/* place.h -- moves a compiled scene to another episode's ground, without compiling it again.
 *
 * The scene must have room: bodies box_0 .., orb_0 .. as vr_task_dress makes them with `parked`.
 * What hangs on a size (bounding sphere, boxes of the mid-phase) is refreshed with it; boxes that
 * this episode has no use for touch nothing and are not drawn. Seen by sim/ only. */
#ifndef VR_SIM_PLACE_H
#define VR_SIM_PLACE_H
#include "sim/ground.h"
#include <mujoco/mujoco.h>

/* Where the movable things of a model are; -1: there are none. */
typedef struct {
  int box, nboxes; /* body of the first one; their bodies follow each other, with one geom each */
  int orb, norbs;
  int terrain, field; /* body and height field */
  int look;           /* material of the boxes when the ground's look is 0; -1: they have but one */
} vr_places;

/* VR_EDATA when bodies are missing in between. */
int vr_places_find(const mjModel *m, vr_places *p);

/* m is changed: each environment has one of its own. VR_EDATA when the ground has more than fits. */
int vr_place(const vr_places *p, const vr_ground *g, mjModel *m);

/* Boxes that are farther than `reach` from a point take no part in the search for contacts, the others
 * do: nothing changes but the time it takes, as long as the animal stays within reach. */
void vr_place_near(
  const vr_places *p, const vr_ground *g, const double at[3], double reach, mjModel *m);

/* Moves orb number k. */
void vr_place_orb(const vr_places *p, mjModel *m, int k, const double pos[3]);

#endif
