/* fast.h -- inside of nn: exponential and its kin in plain arithmetic, which vectorises and gives the
 * same bits on every machine that multiplies and adds in one (no libm). Relative error of exp 2e-7,
 * of tanh 4e-7, of softplus 6e-7; in double precision they are libm's. */
#ifndef VR_NN_FAST_H
#define VR_NN_FAST_H
#include "nn/real.h"
#include <math.h>
#include <stdint.h>
#include <string.h>
#pragma GCC optimize("fp-contract=fast") // here and in the files of kernels that include this

#ifdef VR_NN_DOUBLE
static inline double vr_fast_exp(double x)
{
  return exp(x);
}
static inline double vr_fast_tanh(double x)
{
  return tanh(x);
}
static inline double vr_fast_softplus(double x)
{
  return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}
#else
static inline float vr_fast_exp(float x)
{
  // x = n ln 2 + r; 1.5 * 2^23 rounds to a whole n
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  float n = x * 1.44269504f + 12582912.0f;
  int32_t bits;
  memcpy(&bits, &n, sizeof bits);
  n -= 12582912.0f;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  // exp r = 1 + r + r^2 q(r), q fitted on |r| <= ln 2 / 2
  float q = 1.393454452e-3f;
  q = q * r + 8.363776467e-3f;
  q = q * r + 4.166645678e-2f;
  q = q * r + 1.666657336e-1f;
  q = q * r + 5.000000014e-1f;
  float y = (r + r * r * q) + 1;
  // times 2^n: n stands in the low bits of the rounded number
  int32_t scale = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float two;
  memcpy(&two, &scale, sizeof two);
  return y * two;
}

static inline float vr_fast_tanh(float x)
{
  // x p(x^2) / q(x^2), fitted up to 8.3, where tanh is 1 but for rounding
  x = x < -8.3f ? -8.3f : x;
  x = x > 8.3f ? 8.3f : x;
  float z = x * x, p = 1.494412771e-8f, q = 8.435052337e-7f;
  p = p * z + 2.178355317e-5f;
  p = p * z + 3.568142653e-3f;
  p = p * z + 1.344246268e-1f;
  p = p * z + 9.999999404e-1f;
  q = q * z + 3.403476730e-4f;
  q = q * z + 2.615411952e-2f;
  q = q * z + 4.677579403e-1f;
  q = q * z + 1;
  float y = x * p / q;
  y = y < -1 ? -1 : y;
  return y > 1 ? 1 : y;
}

/* log(1 + exp x) */
static inline float vr_fast_softplus(float x)
{
  // log(1 + e), 0 < e <= 1, is e p(e) / q(e)
  float e = vr_fast_exp(x < 0 ? x : -x), p = 3.830743946e-3f, q = 8.063296124e-2f;
  p = p * e + 2.519871216e-1f;
  p = p * e + 1.090224059f;
  p = p * e + 1;
  q = q * e + 7.137660306e-1f;
  q = q * e + 1.590224058f;
  q = q * e + 1;
  return (x > 0 ? x : 0) + e * p / q;
}
#endif

static inline vr_real vr_fast_sigmoid(vr_real x)
{
  return 1 / (1 + vr_fast_exp(-x));
}

#if defined(__x86_64__) && defined(__gnu_linux__)
#define VR_NN_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VR_NN_CLONES
#endif

#endif
