/* spline.h -- a square grid of numbers enlarged by interpolation with cubic B-splines.
 *
 * Sample i of n reads position i (m - 1) / (n - 1) of the m there were; the spline goes through all
 * of them, and they are mirrored at the edges without repeating the edge, as scipy.ndimage.zoom
 * does (Unser 1999, Splines: a perfect fit for signal and image processing). */
#ifndef VR_SIM_SPLINE_H
#define VR_SIM_SPLINE_H
#include <stddef.h>

typedef struct vr_spline vr_spline;

int vr_spline_new(size_t m, size_t n, vr_spline **s); /* m, n >= 2; VR_EMEM */
void vr_spline_free(vr_spline *s);

/* out (n x n) from in (m x m), whose numbers are lost. Allocates nothing. */
void vr_spline_enlarge(vr_spline *s, double *in, double *out);

#endif
