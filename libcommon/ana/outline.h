/* outline.h -- the borders of the regions of a label grid, as smooth lines to draw. */
#ifndef VR_ANA_OUTLINE_H
#define VR_ANA_OUTLINE_H
#include "ana/density.h"
#include "num/mat.h"
#include <stdint.h>

/* Line k is points first[k] .. first[k + 1] - 1 of xy (x, y in map units). A line runs from one
 * meeting of three regions to the next, or is closed (its last point is its first). Zero-initialise;
 * freed with vr_outline_free. */
typedef struct {
  vr_mat xy;
  size_t n, *first;
} vr_outline;

/* Borders between pixels of different label (n x n of the grid; what lies outside is 0). The steps of
 * the pixels are smoothed away. 0 or VR_EMEM. */
int vr_outline_of(const int32_t *label, const vr_grid *g, vr_outline *o);
void vr_outline_free(vr_outline *o);

/* colour[k - 1] in 0 .. colours-1 for regions k = 1 .. n, such that regions that touch (pixels at
 * most two apart) differ wherever that is possible and all colours are used about equally. */
int vr_outline_colours(const int32_t *label, const vr_grid *g, size_t n, int colours, int *colour);

#endif
