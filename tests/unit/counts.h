/* counts.h -- spikes for tests. */
#ifndef VR_TEST_COUNTS_H
#define VR_TEST_COUNTS_H
#include "base/rng.h"
#include <math.h>

// a count of this mean, below 10 or so
static inline double poisson(vr_rng *r, double mean)
{
  double left = exp(-mean), p = vr_rng_uniform(r);
  int k = 0;
  while (p > left && k < 200) p *= vr_rng_uniform(r), k++;
  return k;
}

#endif
