/* eye.h -- what the animal sees: 64 x 64 RGB from the camera in its skull, without a GL library.
 *
 * A ray caster that draws geom groups 0 (arena) and 1 (the animal's own limbs) as MuJoCo's classic
 * renderer does: materials, textures with mipmaps, headlight, spot lights that cast no shadow, sky.
 * Left out: shadows, reflections, haze, skins, transparency (below alpha 0.5 nothing is drawn, above
 * it is opaque) and the smoothing of edges. Single precision, no library functions in a pixel, so
 * the bytes are the same on every machine. */
#ifndef VR_SIM_EYE_H
#define VR_SIM_EYE_H
#include "sim/env.h"
#include <stdint.h>

#define VR_EYE_SIZE 64
#define VR_EYE_CAMERA "egocentric"

typedef struct vr_eye vr_eye;

/* An eye for the animals of a scene; used by one thread at a time. VR_EDATA when the scene has no
 * camera of that name, VR_EMEM. */
int vr_eye_new(const vr_scene *s, const char *camera, vr_eye **eye);
void vr_eye_free(vr_eye *eye);

/* rgb (64 x 64 x 3, top row first) = what the animal of e sees now. */
void vr_eye_see(vr_eye *eye, const vr_env *e, uint8_t *rgb);

#endif
