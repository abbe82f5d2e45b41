/* render_strip.h -- a series as a figure of the engine's renderer. For render.c. */
#ifndef VR_SIM_RENDER_STRIP_H
#define VR_SIM_RENDER_STRIP_H
#include "sim/render.h"
#include <mujoco/mujoco.h>

/* The series around `time`, `window` s wide, with a line at `time`; values are
 * scaled by all rows. */
void vr_render_strip(const vr_strip *s, double time, double window, mjvFigure *f);

#endif
