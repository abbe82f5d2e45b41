/* watershed.h -- the regions of a density: each pixel belongs to the peak that a flood reaches it
 * from.
 *
 * Meyer's flooding of -p from its regional maxima over 8 neighbours. Pixels are taken in order of
 * (height, arrival), as scikit-image does; a pixel reached from a lower one counts as high as its
 * source. The queue is one list for each distinct height, found by one radix sort, so the whole is
 * linear in the number of pixels. */
#ifndef VR_ANA_WATERSHED_H
#define VR_ANA_WATERSHED_H
#include "ana/density.h"
#include "num/mat.h"
#include <stdint.h>

typedef struct {
  double
    floor; /* density below which a pixel belongs to no region; 0: VR_WATERSHED_FLOOR / width^2 */
  double merge; /* a peak that stands less than this share of its height above the pass to a higher
                   one is no region of its own (h-maxima, relative) */
  int lines;    /* pixels where two floods meet stay 0 */
} vr_watershed_par;
#define VR_WATERSHED_DEFAULTS                                                                      \
  {                                                                                                \
    .floor = 0, .merge = 0, .lines = 0                                                             \
  }

/* CAPTURE_demo cuts at 1e-5 on maps about 100 wide. */
#define VR_WATERSHED_FLOOR 0.1

/* label[r * cols + c] = 1 .. *regions, the region of largest mass first (ties: the earlier peak in
 * row order), 0 outside. p is finite and not negative; par->floor is taken as it stands. 0, VR_EARG
 * or VR_EMEM. */
int vr_watershed(const vr_mat *p, const vr_watershed_par *par, int32_t *label, size_t *regions);

/* The floor in use: par->floor, or the default for this grid. */
double vr_watershed_floor(const vr_watershed_par *par, const vr_grid *g);

/* Number of regions for each of n blurs (map units) of the points xy. regions[] and sigma[] are the
 * caller's. */
int vr_watershed_sweep(const vr_mat *xy, const vr_density_par *density, const vr_watershed_par *par,
  const vr_pool *pool, const double *sigma, size_t n, int32_t *regions);

#endif
