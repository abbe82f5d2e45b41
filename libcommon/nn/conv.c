#include "nn/conv.h"
#include "nn/gemm.h"
#include "num/blas.h"
#include <string.h>

/* Rows of `col`: the 3 x 3 x cin numbers that an output pixel looks at. */
static void gather(const vr_conv *c, const vr_real *x, vr_real *col)
{
  size_t side = c->side, n = c->cin, out = vr_conv_side(c);
  for (size_t i = 0; i < out; i++)
    for (size_t j = 0; j < out; j++)
      for (size_t k = 0; k < 9; k++, col += n) {
        size_t row = i * c->stride + k / 3 - 1, at = j * c->stride + k % 3 - 1;
        if (row >= side || at >= side) {
          memset(col, 0, n * sizeof *col);
          continue;
        }
        const vr_real *from = x + (row * side + at) * n;
        if (!c->relu)
          memcpy(col, from, n * sizeof *col);
        else
          for (size_t u = 0; u < n; u++) col[u] = from[u] > 0 ? from[u] : 0;
      }
}

/* The way back of gather: adds to dx. */
static void scatter(const vr_conv *c, const vr_real *x, const vr_real *col, vr_real *dx)
{
  size_t side = c->side, n = c->cin, out = vr_conv_side(c);
  for (size_t i = 0; i < out; i++)
    for (size_t j = 0; j < out; j++)
      for (size_t k = 0; k < 9; k++, col += n) {
        size_t row = i * c->stride + k / 3 - 1, at = j * c->stride + k % 3 - 1;
        if (row >= side || at >= side) continue;
        size_t first = (row * side + at) * n;
        for (size_t u = 0; u < n; u++)
          if (!c->relu || x[first + u] > 0) dx[first + u] += col[u];
      }
}

void vr_conv_forward(const vr_conv *c, const vr_real *x, const vr_real *w, const vr_real *b,
  const vr_real *add, vr_real *y, vr_real *scratch)
{
  size_t pixels = vr_conv_side(c) * vr_conv_side(c), n = c->cout;
  for (size_t i = 0; i < pixels; i++)
    for (size_t u = 0; u < n; u++) y[i * n + u] = b[u] + (add ? add[i * n + u] : 0);
  gather(c, x, scratch);
  vr_blas_begin();
  vr_mm(pixels, n, 9 * c->cin, scratch, 9 * c->cin, w, n, 1, y, n);
}

void vr_conv_backward(const vr_conv *c, const vr_real *x, const vr_real *w, const vr_real *dy,
  vr_real *dw, vr_real *db, vr_real *dx, vr_real *scratch)
{
  size_t pixels = vr_conv_side(c) * vr_conv_side(c), n = c->cout, k = 9 * c->cin;
  vr_blas_begin();
  for (size_t i = 0; i < pixels; i++)
    for (size_t u = 0; u < n; u++) db[u] += dy[i * n + u];
  gather(c, x, scratch);
  vr_mm_tn(k, n, pixels, scratch, k, dy, n, 1, dw, n);
  if (!dx) return;
  vr_mm_nt(pixels, k, n, dy, n, w, n, 0, scratch, k);
  scatter(c, x, scratch, dx);
}

/* Where in the 3 x 3 numbers of channel u the largest stands. */
static size_t largest(size_t side, size_t n, const vr_real *x, size_t i, size_t j, size_t u)
{
  size_t best = (2 * i * side + 2 * j) * n + u;
  int none = 1;
  for (size_t k = 0; k < 9; k++) {
    size_t row = 2 * i + k / 3 - 1, at = 2 * j + k % 3 - 1;
    if (row >= side || at >= side) continue;
    size_t place = (row * side + at) * n + u;
    if (none || x[place] > x[best]) best = place;
    none = 0;
  }
  return best;
}

void vr_maxpool_forward(size_t side, size_t channels, const vr_real *x, vr_real *y)
{
  for (size_t i = 0; i < side / 2; i++)
    for (size_t j = 0; j < side / 2; j++)
      for (size_t u = 0; u < channels; u++) *y++ = x[largest(side, channels, x, i, j, u)];
}

void vr_maxpool_backward(
  size_t side, size_t channels, const vr_real *x, const vr_real *dy, vr_real *dx)
{
  for (size_t i = 0; i < side / 2; i++)
    for (size_t j = 0; j < side / 2; j++)
      for (size_t u = 0; u < channels; u++) dx[largest(side, channels, x, i, j, u)] += *dy++;
}
