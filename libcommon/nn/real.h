/* real.h -- the number type of networks.
 *
 * float, for speed. The tests compile the same sources once more in double (-DVR_NN_DOUBLE), because
 * central differences in float cannot tell a wrong gradient from rounding; nothing else does. */
#ifndef VR_NN_REAL_H
#define VR_NN_REAL_H

#ifdef VR_NN_DOUBLE
typedef double vr_real;
#else
typedef float vr_real;
#endif

#endif
