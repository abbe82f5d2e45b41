#include "num/centre.h"
#include "base/isa.h"

// Sixteen sums side by side, added in one order: the same bits on every processor.
enum { LANES = 16 };

VR_CLONES double vr_centre(double *x, size_t n)
{
  double part[LANES] = {0}, sum = 0;
  size_t whole = n - n % LANES;
  for (size_t i = 0; i < whole; i += LANES)
#pragma omp simd
    for (size_t k = 0; k < LANES; k++) part[k] += x[i + k];
  for (size_t i = whole; i < n; i++) part[i - whole] += x[i];
  for (size_t k = 0; k < LANES; k++) sum += part[k];
  double mean = n ? sum / (double)n : 0;
#pragma omp simd
  for (size_t i = 0; i < n; i++) x[i] -= mean;
  return mean;
}

VR_CLONES double vr_centref(float *x, size_t n)
{
  double part[LANES] = {0}, sum = 0;
  size_t whole = n - n % LANES;
  for (size_t i = 0; i < whole; i += LANES)
#pragma omp simd
    for (size_t k = 0; k < LANES; k++) part[k] += (double)x[i + k];
  for (size_t i = whole; i < n; i++) part[i - whole] += (double)x[i];
  for (size_t k = 0; k < LANES; k++) sum += part[k];
  double mean = n ? sum / (double)n : 0;
  float rounded = (float)mean;
#pragma omp simd
  for (size_t i = 0; i < n; i++) x[i] -= rounded;
  return mean;
}
