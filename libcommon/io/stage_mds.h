/* stage_mds.h -- multidimensional scaling of a turn, as vr-mds does it.
 *
 * For an input /PATH the group /mds/PATH gets: xy (point x dimension); label of each point, and where
 * it is from: row and trial of a frame, or cluster; eigenvalue or stress; separation/{measure,value,
 * mean,high,p}. */
#ifndef VR_IO_STAGE_MDS_H
#define VR_IO_STAGE_MDS_H
#include "ana/mds.h"
#include "base/str.h"
#include "io/stream.h"

typedef enum { VR_MDS_POINTS, VR_MDS_DISTANCES, VR_MDS_SIMILARITIES } vr_mds_kind;
enum { VR_MDS_MOST = 10000 }; /* points that are embedded */

typedef struct {
  vr_mds_par mds;
  vr_mds_kind
    kind;         /* what a row of the input is: a point, or its distances or likeness to others */
  int smacof;     /* or classical */
  int scale;      /* divide columns by their standard deviation */
  const char *by; /* NULL, or the label whose separation is measured */
  const char *means; /* NULL: frames are points; or the label over which they are averaged */
  int frames;        /* of each label, evenly spaced; 0: all */
  int least;         /* frames that a mean is made of, at least */
  int null;          /* draws of labels */
  const char *start; /* NULL, or the dataset of the points that SMACOF starts from */
  uint64_t seed;
} vr_stage_mds_par;
#define VR_STAGE_MDS_DEFAULTS                                                                      \
  {                                                                                                \
    .mds = VR_MDS_DEFAULTS, .frames = 250, .least = 20, .null = 199, .seed = 1                     \
  }

/* One input. What was found, and what could not be measured for want of points, is added to `notes`,
 * a line each. */
int vr_stage_mds(
  vr_turn *t, const char *path, const vr_stage_mds_par *par, const vr_pool *pool, vr_str *notes);

#endif
