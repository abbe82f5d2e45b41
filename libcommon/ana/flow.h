/* flow.h -- the mean velocity of the state in each cell of a plane, and how much it turns.
 *
 * The velocity of a frame is the central difference inside its trial, one-sided at the ends; the
 * grid covers the middle 98 % of each axis. The rotation index is the sum of x dy - y dx over the
 * sum of r |v|, over all frames: 1 for a circle run counter-clockwise, -1 clockwise, 0 for neither. Its
 * null gives each coordinate of each trial or piece (pieces.h) a sign by chance. */
#ifndef VR_ANA_FLOW_H
#define VR_ANA_FLOW_H
#include "num/mat.h"
#include <stdint.h>

typedef struct {
  int bins;       /* cells along an axis */
  int least;      /* frames that a cell needs */
  int surrogates; /* 0: no null */
  double piece;   /* s; as in vr_jpca_par */
  uint64_t seed;
} vr_flow_par;
#define VR_FLOW_DEFAULTS                                                                           \
  {                                                                                                \
    .bins = 20, .least = 5, .surrogates = 1000, .seed = 1                                          \
  }

/* The cells that have enough frames. Zero-initialise; freed with vr_flow_free. */
enum { VR_FLOW_X, VR_FLOW_Y, VR_FLOW_DX, VR_FLOW_DY, VR_FLOW_SDX, VR_FLOW_SDY, VR_FLOW_COLS };
typedef struct {
  vr_mat cell;     /* cells x VR_FLOW_COLS: centre, mean velocity and its sd, per second */
  int32_t *count;  /* frames of each */
  double step[2];  /* size of a cell */
  double rotation; /* index, -1 .. 1 */
  double rotation_null, rotation_p; /* of its magnitude: 95 % of the surrogates; p. 0: no null */
  double divergence;                /* 1/s: trace of the linear field nearest to the velocities */
  size_t pieces, shortest;          /* that the null is made of, if they are enough */
} vr_flow;

/* The plane of columns cx and cy of x (rows x n), about its origin. VR_EARG for a bad grid. A field in
 * which no cell has enough frames has no cells. */
int vr_flow_make(
  const vr_mat *x, size_t cx, size_t cy, const vr_trials *tr, const vr_flow_par *par, vr_flow *f);
void vr_flow_free(vr_flow *f);

#endif
