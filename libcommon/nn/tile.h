/* tile.h -- inside of nn: products of strided matrices by a kernel of our own.
 *
 * Faster than BLAS for few rows, a few columns, or rows that overlap in memory (convolutions). Every
 * element is summed in the order of k, whatever the sizes: a row of the product has the same bits
 * alone and among others. */
#ifndef VR_NN_TILE_H
#define VR_NN_TILE_H
#include "nn/real.h"
#include <stddef.h>

/* c += the sum of `parts` products a b; a (m x k): element (i, j) of part s is
 * a[i * row + j * col + s * apart]; b (k x n): b[j * ldb + ... + s * bpart]; c (m x n). */
typedef struct {
  size_t m, n, k, parts;
  const vr_real *a;
  size_t row, col, apart;
  const vr_real *b;
  size_t ldb, bpart;
  vr_real *c;
  size_t ldc;
  const vr_real *start; /* n: c = start (in each row) + the products; or NULL */
} vr_tile;

void vr_tile_add(const vr_tile *t);

/* c += a b, or start + a b, all row-major. */
static inline void vr_tile_mm(size_t m, size_t n, size_t k, const vr_real *a, size_t lda,
  const vr_real *b, size_t ldb, const vr_real *start, vr_real *c, size_t ldc)
{
  vr_tile_add(&(vr_tile){m, n, k, 1, a, lda, 1, 0, b, ldb, 0, c, ldc, start});
}

#endif
