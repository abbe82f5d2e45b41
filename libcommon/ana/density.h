/* density.h -- probability density of points in the plane, on a square grid.
 *
 * Points are counted on a G x G grid and the counts are convolved directly with a Gaussian
 * (separable, cut at 4 sigma, mirrored at the border), so empty space is exactly 0 and no mass is
 * lost: a convolution by FFT leaves ripples there that later become peaks. */
#ifndef VR_ANA_DENSITY_H
#define VR_ANA_DENSITY_H
#include "base/pool.h"
#include "num/mat.h"

typedef struct {
  int grid;      /* pixels a side */
  double sigma;  /* sd of the Gaussian in map units; 0: VR_DENSITY_SIGMA of the map's width */
  double extent; /* the grid covers -extent .. extent on both axes; 0: the points and 4 sigma */
} vr_density_par;
#define VR_DENSITY_DEFAULTS                                                                        \
  {                                                                                                \
    .grid = 501, .sigma = 0, .extent = 0                                                           \
  }

/* Berman 2014 and CAPTURE_demo blur by 2 units on maps about 100 wide. */
#define VR_DENSITY_SIGMA 0.02

/* Pixel (r, c) is the square of side `step` about (x0 + c step, y0 + r step). */
typedef struct {
  size_t n;            /* pixels a side */
  double x0, y0, step; /* map units */
  double sigma;        /* map units */
  double width;        /* wider side of the box around the points */
} vr_grid;

/* The grid for points xy (M x 2, finite). VR_EARG: no points, another shape, a kernel wider than
 * the grid. */
int vr_grid_fit(const vr_mat *xy, const vr_density_par *par, vr_grid *g);

/* The pixel of a point, r * n + c; points outside count for the border pixel next to them. */
size_t vr_grid_pixel(const vr_grid *g, double x, double y);

/* p (n x n, rows are y) = density of xy per square map unit; its sum times step^2 is 1. Same bytes
 * for any pool. p is resized, the caller frees it. 0, VR_EARG or VR_EMEM. */
int vr_density(const vr_mat *xy, const vr_grid *g, const vr_pool *pool, vr_mat *p);

#endif
