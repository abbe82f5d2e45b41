/* mds_kernel.h -- the inner loops of SMACOF and of distances; for mds.c, included nowhere else. */
#ifndef VR_ANA_MDS_KERNEL_H
#define VR_ANA_MDS_KERNEL_H
#include <stddef.h>

/* sum over k of (a[k] - b[k])^2 */
double vr_mds_square(size_t n, const double *a, const double *b);

/* One row of a Guttman transform against the n points behind it. x: the coordinates of the points,
 * axis by axis, `stride` apart, point 0 is the row's own and points 1 .. n are the others; delta[n]
 * the wanted distances to them. Adds to move (as x is laid out) the pull on each point, r (x_j - x_i)
 * with r = delta / d, and its opposite on point 0. room: n numbers. Returns the row's stress. */
double vr_mds_pull(size_t n, size_t dims, const double *x, size_t stride, const double *delta,
  double *room, double *move);

#endif
