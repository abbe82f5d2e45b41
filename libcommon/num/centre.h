/* centre.h -- the inner loop of covariances: takes its mean off a series. */
#ifndef VR_NUM_CENTRE_H
#define VR_NUM_CENTRE_H
#include <stddef.h>

/* x -= mean of x (n numbers), which is returned; 0 for n = 0. The float form sums in double and
 * returns the mean before it is rounded. */
double vr_centre(double *x, size_t n);
double vr_centref(float *x, size_t n);

#endif
