/* art.h -- the skin and the textures of the released rat, for pictures from outside.
 *
 * A folder holds skin.skn (of the engine), grass.png and sky.png, as `make art` fetches them. Bodies,
 * geoms and materials keep their places and numbers, so that the data of the scene fit the model;
 * what the animal's own eye sees is never drawn from it. For render.c, included nowhere else. */
#ifndef VR_SIM_ART_H
#define VR_SIM_ART_H
#include "sim/body.h"
#include "sim/env.h"
#include <mujoco/mujoco.h>

/* *m = the model of a scene that vr_scene_of has made for this body, with the art of `folder`: a skin
 * in place of the animal's geoms (eyes and teeth stay), textures in place of ours of the same names.
 * The caller frees it with mj_deleteModel. VR_EDATA names what does not fit, VR_EMEM. */
int vr_art_dress(const char *folder, const vr_body *body, const vr_scene *scene, mjModel **m);

#endif
