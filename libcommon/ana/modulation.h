/* modulation.h -- how much each unit has to do with a behaviour (figure 12 of the paper).
 *
 * A behaviour is a set of windows of equal length, such as the 0.8 s before each second tap. Activity
 * is z-scored over all frames; units are ranked by the mean over the window of the absolute value of
 * the z-scored activity averaged over the windows. */
#ifndef VR_ANA_MODULATION_H
#define VR_ANA_MODULATION_H
#include "num/mat.h"

typedef struct {
  size_t n, length;    /* windows; frames of each */
  const size_t *first; /* n: their first rows */
} vr_windows;

/* Of x (frames x units), all resized:
 *   course (length x units)   activity averaged over the windows, as it is
 *   score (units)             mean over the window of |average z|; 0 for a unit that never changes
 *   hold (units)              mean activity within the windows
 *   order (units)             units by falling score, ties by index
 * score, hold and order have room for x->cols numbers. VR_EARG: no window, or one that leaves x;
 * VR_EMEM. */
int vr_modulation(const vr_matf *x, const vr_windows *w, vr_mat *course, double *score,
  double *hold, int32_t *order);

#endif
