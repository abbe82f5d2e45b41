/* spikes.h -- points that jump for a frame, as trackers make them.
 *
 * In frame t a point lies d(t) away from the middle between where it was in t-1 and in t+1. A
 * spike is a local maximum of d that is more than `times` the median of d of that point and
 * animal. Jumps that last show at their two ends only. */
#ifndef VR_ANA_SPIKES_H
#define VR_ANA_SPIKES_H
#include "ana/tracks.h"

/* count[p]: spikes of point p over all animals (k->points entries, or NULL). With `remove` they
 * become missing. Points of which the median is 0 (half of the frames at rest) have none. */
int vr_spikes(vr_tracks *k, double times, int remove, size_t *count);

#endif
