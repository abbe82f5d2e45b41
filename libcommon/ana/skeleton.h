/* skeleton.h -- joint angles of tracked points, from chains of three.
 *
 * The angle of the chain a, b, c is how much the limb bends at b: between the direction a to b and
 * the direction b to c, 0 when straight.
 *   bend   2-D: signed, in (-pi, pi], positive from x towards y (clockwise on a screen with y
 *          down). 3-D: in [0, pi], without sign.
 *   yaw    3-D: signed, of b to c about the axis that is nearest to z and square to a to b
 *   pitch  3-D: signed, of b to c out of that plane, in [-pi/2, pi/2], positive upwards
 * None is unwrapped: a joint does not turn round. */
#ifndef VR_ANA_SKELETON_H
#define VR_ANA_SKELETON_H
#include <stddef.h>

enum { VR_ANGLE_BEND, VR_ANGLE_YAW, VR_ANGLE_PITCH };

typedef struct {
  size_t a, b, c; /* places of points */
  int kind;
} vr_chain;

/* All chains of a set of undirected edges: each pair of edges that meet in a point, in the order of
 * that point, then of the others. The caller frees *chain with vr_release. */
int vr_chains_from_edges(
  const size_t *edge, size_t nedges, size_t points, vr_chain **chain, size_t *n);

/* angle (frames x n) of x (frames x points x dims). A missing point gives NaN. Where two points of
 * a chain coincide the angle does not exist: the last one is kept (0 before the first) and *held
 * (may be NULL) counts it. VR_EARG for yaw and pitch in 2-D. */
int vr_chain_angles(const double *x, size_t frames, size_t points, size_t dims,
  const vr_chain *chain, size_t n, double *angle, size_t *held);

#endif
