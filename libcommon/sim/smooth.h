/* smooth.h -- contacts with a field of heights as with a smooth surface.
 *
 * The engine meets a field as a row of prisms, and pushes a thin toe that is a few mm deep out through
 * the side of one: it then stands as if glued (gaits.md 10.1). Here points of the geom are held
 * against the bilinear surface, whose gradient gives the normal: no side, no seam. It replaces
 * the engine's way in scenes that ask for it (VR_SMOOTH_NUMERIC), for spheres, capsules,
 * ellipsoids and boxes; all else, and all other scenes, keep the engine's. */
#ifndef VR_SIM_SMOOTH_H
#define VR_SIM_SMOOTH_H

/* Puts it into the engine's table of colliders, once in a process and before the first step. */
void vr_smooth_install(void);

#endif
