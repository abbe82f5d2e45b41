/* world.h -- what stands around the animal, as pieces of MJCF.
 *
 * A task makes a world; vr_mjcf_scene puts the animal in. New arenas (gaps, maze, bowl) only fill
 * these pieces: nothing else has to know them. */
#ifndef VR_SIM_WORLD_H
#define VR_SIM_WORLD_H
#include "base/str.h"

/* Zero-initialise; freed with vr_world_free. Each piece is whole elements, indented by four spaces.
 * Geoms of the arena belong to group 0 (drawn in the eye) or 3 (not drawn), named ones have unique
 * names; the animal's geoms are in groups 1 and 2. */
typedef struct {
  vr_str option;   /* inside <option>: flags */
  vr_str visual;   /* inside <visual>: headlight, map (znear and zfar) */
  vr_str asset;    /* inside <asset>: textures, materials, height fields */
  vr_str bodies;   /* inside <worldbody>, before the animal */
  vr_str after;    /* inside <worldbody>, after the animal: bodies of their own */
  vr_str sensor;   /* inside <sensor>, after the animal's */
  double extent;   /* by which znear and zfar are multiplied, m; 0: as the engine finds it */
  double floor;    /* half the side of floors that are drawn, m */
  int smooth;      /* fields of heights are met by our own collider (sim/smooth.h) */
  double spawn[7]; /* where the root starts: position and quaternion w x y z */
} vr_world;

void vr_world_free(vr_world *w);
/* Whether all pieces found memory: 0 or VR_EMEM. */
int vr_world_ok(const vr_world *w);

/* Name of the <numeric> by which a scene asks for the collider of sim/smooth.h. */
#define VR_SMOOTH_NUMERIC "vr_smooth_field"

#endif
