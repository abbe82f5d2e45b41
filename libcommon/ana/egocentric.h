/* egocentric.h -- tracked points in the animal's own frame, and the way back.
 *
 * Origin: the mean of the root points. +x: from the mean of the back points to the mean of the
 * front points, seen from above (projected on the xy plane); +z stays. World positions come back
 * as w = root + R(heading) ego, with R the rotation by the heading about z. With pixels (y down)
 * angles turn clockwise on the screen. */
#ifndef VR_ANA_EGOCENTRIC_H
#define VR_ANA_EGOCENTRIC_H
#include <stddef.h>

typedef struct {
  const size_t *root, *back, *front; /* places of points */
  size_t nroot, nback, nfront;       /* nroot 0: the mean of all points; nback 0: not turned */
} vr_body_axes;

/* One stretch of one animal: point p of frame t has dims numbers at x + t * stride + p * dims.
 * ego (frames x points x dims), root (frames x 7: x y z and quaternion w x y z, z = 0 in 2-D),
 * heading (frames, rad, unwrapped in time). A frame in which a point of the frame is missing is
 * NaN throughout; other missing points stay NaN alone. The quaternion is that of the unwrapped
 * heading, so it changes without jumps. */
void vr_egocentric(const double *x, size_t stride, size_t frames, size_t points, size_t dims,
  const vr_body_axes *axes, double *ego, double *root, double *heading);

/* The way back: world (frames x points x dims) from ego, root and heading. */
void vr_egocentric_undo(const double *ego, const double *root, const double *heading, size_t frames,
  size_t points, size_t dims, double *world);

/* Velocities by central differences (one-sided at both ends, 0 for a single frame): speeds
 * (frames x 6: x y z per second in the world, then rad/s about x y z of the body). */
void vr_root_speeds(
  const double *root, const double *heading, size_t frames, double rate, double *speeds);

/* *length = median over the frames of the distance (in the xy plane) from the back to the front, of
 * rows as in vr_egocentric; frames in which one is missing do not count. VR_EDATA when there is no
 * frame, or no distance. */
int vr_body_length(const double *x, size_t stride, size_t frames, size_t points, size_t dims,
  const vr_body_axes *axes, double *length);

/* Derivative of one column by the same differences; x[t * stride], out[t * ostride]. With `turn`,
 * differences are taken the short way round the circle. */
void vr_differences(const double *x, size_t stride, size_t frames, double rate, int turn,
  double *out, size_t ostride);

#endif
