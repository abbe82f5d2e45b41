/* regions.h -- what the regions of a map are like: place, size, and means of data over them. */
#ifndef VR_ANA_REGIONS_H
#define VR_ANA_REGIONS_H
#include "ana/density.h"
#include "num/mat.h"
#include <stdint.h>

enum { VR_REGION_X, VR_REGION_Y, VR_REGION_HEIGHT, VR_REGION_AREA, VR_REGION_MASS, VR_REGION_COLS };

/* table (regions x VR_REGION_COLS): where the density is highest (map units; the first such pixel in
 * row order), how high (per square map unit), area (square map units) and mass (share of all) of
 * regions 1 .. `regions` of a grid of labels. Resized, the caller frees it. */
int vr_regions(
  const vr_mat *p, const vr_grid *g, const int32_t *label, size_t regions, vr_mat *table);

/* of[i] = the region of the pixel that row i of xy lies in. */
void vr_regions_of(const vr_mat *xy, const vr_grid *g, const int32_t *label, int32_t *of);

/* mean (k x x->cols): means of the rows of x with labels 1 .. k; 0 where there are none. Rows are
 * added in order. frames[k] (may be NULL) counts them. Resized, the caller frees it. */
int vr_label_means(const vr_mat *x, const int32_t *label, size_t k, vr_mat *mean, int32_t *frames);

#endif
