/* fill.h -- short gaps of tracked points filled by name, long ones made the ends of trials.
 *
 * Nothing is extrapolated: a gap is filled only between two frames in which the point was seen
 * (hold: after one), and only when it is not longer than max_gap. */
#ifndef VR_ANA_FILL_H
#define VR_ANA_FILL_H
#include "ana/tracks.h"

enum {
  VR_FILL_NONE,
  VR_FILL_LINEAR, /* straight line between the frames around the gap */
  VR_FILL_HOLD,   /* the last value before the gap */
  VR_FILL_PCHIP,  /* monotone cubic (Fritsch and Butland 1984, as SciPy's PchipInterpolator) */
};
#define VR_FILL_WORDS "none|linear|hold|pchip"

typedef struct {
  int how;
  double max_gap; /* s */
} vr_fill_par;
#define VR_FILL_DEFAULTS                                                                           \
  {                                                                                                \
    .how = VR_FILL_NONE, .max_gap = 0.2                                                            \
  }

typedef struct {
  size_t missing; /* frames in which the point was missing, over all animals */
  size_t filled;  /* of these, filled */
  size_t longest; /* frames of the longest gap that was left */
} vr_fill_count;

/* Fills k in place. mask (frames x animals x points, or NULL) gets 1 where a point was filled;
 * count holds k->points entries. k->rate must be known. 0, VR_EARG or VR_EMEM. */
int vr_fill(vr_tracks *k, const vr_fill_par *par, uint8_t *mask, vr_fill_count *count);

/* A stretch of one animal that becomes a trial. */
typedef struct {
  size_t animal, first, frames;
  int cut; /* it ended at a gap, not with the recording */
} vr_stretch;

typedef struct {
  size_t n;
  vr_stretch *list;    /* freed with vr_release */
  size_t gap_frames;   /* frames of all animals left out because a point is missing */
  size_t short_frames; /* frames left out in stretches shorter than the shortest allowed */
  size_t short_stretches;
} vr_stretches;

/* Without `drop` one stretch an animal that was seen at all; with it, the longest stretches of
 * frames in which every point is there, those of less than min_s seconds left out. out->list is to
 * be freed also after an error. */
int vr_split(const vr_tracks *k, int drop, double min_s, vr_stretches *out);

#endif
