/* clock.h -- time that passes. */
#ifndef VR_BASE_CLOCK_H
#define VR_BASE_CLOCK_H

/* Seconds on a clock that nobody sets; only differences mean anything. */
double vr_clock(void);

#endif
