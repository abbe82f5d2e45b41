/* picture.h -- colours, and pictures made of points, fields and bars.
 *
 * A hundred thousand points as vectors make a file of many megabytes; as a picture they make one of
 * some hundred kilobytes, and overlapping points can be averaged instead of hiding each other. */
#ifndef VR_ANA_PICTURE_H
#define VR_ANA_PICTURE_H
#include "num/mat.h"
#include <stdint.h>

/* Colours are 0xRRGGBB. */
enum { VR_NO_COLOUR = 0xc8c8c8, VR_PALETTE_SIZE = 9 };

/* Distinct colours for k = 0, 1, ...: nine that colour-blind people tell apart (after Okabe and Ito,
 * and Tol), then the same lighter, then darker, then from the start. */
uint32_t vr_palette(size_t k);
/* Colour of x in 0 .. 1 (clamped): VR_RAMP_VALUE is viridis, VR_RAMP_DENSITY goes from white to dark
 * blue; both are perceptually even. */
typedef enum { VR_RAMP_VALUE, VR_RAMP_DENSITY } vr_ramp;
uint32_t vr_ramp_colour(vr_ramp ramp, double x);
/* share of b in a mixture of a and b */
uint32_t vr_mix(uint32_t a, uint32_t b, double share);

/* RGBA, 8 bits each, h rows of w; row 0 is the lowest y. Zero-initialise; vr_image_free. */
typedef struct {
  size_t w, h;
  uint8_t *a;
} vr_image;

/* Transparent. VR_EMEM. */
int vr_image_new(vr_image *im, size_t w, size_t h);
void vr_image_free(vr_image *im);
void vr_image_set(vr_image *im, size_t x, size_t y, uint32_t colour, double alpha);

/* What a picture shows of the plane. */
typedef struct {
  double x0, x1, y0, y1;
} vr_view;

/* Discs of `radius` pixels at the points xy (M x 2), each covering `alpha` of what lies behind it.
 * A pixel gets the mean colour of the discs on it (in linear light), so the order of the points
 * plays no part. Points outside the box are left out. VR_EMEM. */
int vr_image_points(vr_image *im, const vr_view *box, const vr_mat *xy, const uint32_t *colour,
  double radius, double alpha);

#endif
