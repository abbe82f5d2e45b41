/* rng.h -- counter-based random streams (Philox 4x32, 10 rounds; Salmon et al., SC 2011).
 *
 * A stream is named by a seed and two numbers (trial, purpose), so that draw k of stream (s, a, b)
 * is the same on any thread, machine and in any order of work. */
#ifndef VR_BASE_RNG_H
#define VR_BASE_RNG_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t key[2], counter[4], block[4];
  int left;     /* unused words in block */
  double spare; /* second normal of a pair */
  int has_spare;
} vr_rng;

vr_rng vr_rng_new(uint64_t seed, uint32_t a, uint32_t b);
uint32_t vr_rng_u32(vr_rng *r);
uint64_t vr_rng_below(vr_rng *r, uint64_t n); /* 0 .. n-1 without bias; 0 for n = 0 */
double vr_rng_uniform(vr_rng *r);             /* [0, 1), 53 bits */
double vr_rng_normal(vr_rng *r);              /* mean 0, sd 1 (Box-Muller) */
/* order (n < 2^31): 0 .. n-1 in random order, with a bias below n / 2^32. */
void vr_rng_order(vr_rng *r, int32_t *order, size_t n);

/* The Philox function itself: out = f(counter, key). */
void vr_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
