/* mjcf.h -- the scene as MJCF text, the format of MuJoCo's own viewer. */
#ifndef VR_SIM_MJCF_H
#define VR_SIM_MJCF_H
#include "base/str.h"
#include "sim/body.h"
#include "sim/world.h"

/* Physics steps of the presets, s: 20 a control step for recordings, 10 for training. */
#define VR_STEP_RELEASE 0.001
#define VR_STEP_TRAIN 0.002

/* *out = the animal in its world with this time step (s), numbers to the last bit (out is cleared
 * first; the caller frees it). VR_EARG for a time step outside 1e-5 .. 0.02, or VR_EMEM. */
int vr_mjcf_scene(const vr_body *body, const vr_world *world, double timestep, vr_str *out);

/* For makers of worlds: the shortest text that gives x back, and ` name="x ..."` of n numbers (it
 * ends before the first NAN). */
void vr_mjcf_number(vr_str *out, double x);
void vr_mjcf_numbers(vr_str *out, const char *name, const double *x, size_t n);

#endif
