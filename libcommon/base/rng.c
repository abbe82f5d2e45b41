#include "base/rng.h"
#include <math.h>

static void multiply(uint32_t a, uint32_t b, uint32_t *high, uint32_t *low)
{
  uint64_t product = (uint64_t)a * b;
  *high = (uint32_t)(product >> 32);
  *low = (uint32_t)product;
}

void vr_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
  for (int round = 0; round < 10; round++) {
    uint32_t high0, low0, high1, low1;
    multiply(0xD2511F53u, c[0], &high0, &low0);
    multiply(0xCD9E8D57u, c[2], &high1, &low1);
    c[0] = high1 ^ c[1] ^ k[0];
    c[1] = low1;
    c[2] = high0 ^ c[3] ^ k[1];
    c[3] = low0;
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  for (int i = 0; i < 4; i++) out[i] = c[i];
}

vr_rng vr_rng_new(uint64_t seed, uint32_t a, uint32_t b)
{
  return (vr_rng){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)}, .counter = {0, 0, a, b}};
}

uint32_t vr_rng_u32(vr_rng *r)
{
  if (!r->left) {
    vr_philox(r->counter, r->key, r->block);
    if (!++r->counter[0]) r->counter[1]++;
    r->left = 4;
  }
  return r->block[4 - r->left--];
}

static uint64_t next_u64(vr_rng *r)
{
  uint64_t high = vr_rng_u32(r);
  return high << 32 | vr_rng_u32(r);
}

uint64_t vr_rng_below(vr_rng *r, uint64_t n)
{
  if (n < 2) return 0;
  uint64_t limit = UINT64_MAX - UINT64_MAX % n, x;
  do x = next_u64(r);
  while (x >= limit);
  return x % n;
}

double vr_rng_uniform(vr_rng *r)
{
  return (double)(next_u64(r) >> 11) * 0x1p-53;
}

double vr_rng_normal(vr_rng *r)
{
  if (r->has_spare) {
    r->has_spare = 0;
    return r->spare;
  }
  double radius = sqrt(-2 * log(1 - vr_rng_uniform(r)));
  double angle = 2 * 3.14159265358979323846 * vr_rng_uniform(r);
  r->spare = radius * sin(angle);
  r->has_spare = 1;
  return radius * cos(angle);
}

void vr_rng_order(vr_rng *r, int32_t *order, size_t n)
{
  for (size_t i = 0; i < n; i++) order[i] = (int32_t)i;
  for (size_t i = n; i-- > 1;) {
    size_t other = (size_t)((uint64_t)vr_rng_u32(r) * (i + 1) >> 32);
    int32_t swap = order[i];
    order[i] = order[other];
    order[other] = swap;
  }
}
