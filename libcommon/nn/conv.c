#include "nn/conv.h"
#include "nn/fast.h"
#include "nn/tile.h"
#include <string.h>

/* Inside its border of zeros, what three neighbouring pixels hold lies in one piece, and so does what
 * the next pixel of a row looks at, further by a step that may be shorter than the piece: each row of
 * pixels is a product of overlapping rows with three pieces of the weights. */

size_t vr_conv_scratch(const vr_conv *c)
{
  size_t out = vr_conv_side(c) + 2, in = c->side + 2, line = c->side * c->cin;
  size_t there = in * in * c->cin, back = out * out * c->cout + line;
  return there > back ? there : back;
}

/* A copy of x (side x side x n) within borders of zeros: `before` pixels on two sides, one on the
 * others. */
VR_NN_CLONES static void frame(
  const vr_real *x, size_t side, size_t n, size_t before, int relu, vr_real *to)
{
  size_t line = side * n, wide = line + (before + 1) * n;
  memset(to, 0, before * wide * sizeof *to);
  to += before * wide;
  for (size_t i = 0; i < side; i++, x += line, to += wide) {
    memset(to, 0, before * n * sizeof *to);
    vr_real *row = to + before * n;
    if (relu)
#pragma omp simd
      for (size_t j = 0; j < line; j++) row[j] = x[j] > 0 ? x[j] : 0;
    else
      memcpy(row, x, line * sizeof *row);
    memset(row + line, 0, n * sizeof *row);
  }
  memset(to, 0, wide * sizeof *to);
}

VR_NN_CLONES static void begin(
  size_t pixels, size_t n, const vr_real *b, const vr_real *add, vr_real *y)
{
  for (size_t i = 0; i < pixels; i++, y += n, add += n)
#pragma omp simd
    for (size_t u = 0; u < n; u++) y[u] = b[u] + add[u];
}

void vr_conv_forward(const vr_conv *c, const vr_real *x, const vr_real *w, const vr_real *b,
  const vr_real *add, vr_real *y, vr_real *scratch)
{
  size_t out = vr_conv_side(c), n = c->cout, line = (c->side + 2) * c->cin;
  frame(x, c->side, c->cin, 1, c->relu, scratch);
  if (add) begin(out * out, n, b, add, y);
  for (size_t i = 0; i < out; i++) {
    vr_tile t = {.m = out, .n = n, .k = 3 * c->cin, .parts = 3, .col = 1, .apart = line};
    t.a = scratch + i * c->stride * line;
    t.row = c->stride * c->cin;
    t.b = w;
    t.ldb = n;
    t.bpart = t.k * n;
    t.c = y + i * out * n;
    t.ldc = n;
    t.start = add ? NULL : b;
    vr_tile_add(&t);
  }
}

void vr_conv_backward(
  const vr_conv *c, const vr_real *x, const vr_real *dy, vr_real *dw, vr_real *db, vr_real *scratch)
{
  static const vr_real one = 1;
  size_t out = vr_conv_side(c), n = c->cout, line = (c->side + 2) * c->cin;
  frame(x, c->side, c->cin, 1, c->relu, scratch);
  vr_tile t = {.m = 1, .n = n, .k = out * out, .parts = 1, .a = &one, .b = dy, .ldb = n, .c = db};
  vr_tile_add(&t);
  for (size_t ky = 0; ky < 3; ky++) {
    t = (vr_tile){.m = 3 * c->cin, .n = n, .k = out, .parts = out, .row = 1};
    t.a = scratch + ky * line;
    t.col = c->stride * c->cin;
    t.apart = c->stride * line;
    t.b = dy;
    t.ldb = n;
    t.bpart = out * n;
    t.c = dw + ky * t.m * n;
    t.ldc = n;
    vr_tile_add(&t);
  }
}

/* The way back for stride 2: the pixels of even and of odd rows and columns look at 1 or 2 x 1 or 2
 * pixels of the output. Where the weights of a kind begin, in pixels: */
static size_t kind_first(size_t py, size_t px)
{
  return py ? 3 + 2 * px : px;
}

void vr_conv_turn(const vr_conv *c, const vr_real *w, vr_real *turned)
{
  size_t size = c->cin * c->cout;
  for (size_t k = 0; k < 9; k++) {
    size_t ky = k / 3, kx = k % 3, place = 8 - k;
    if (c->stride == 2) {
      // kernel row 1 meets even pixels; 2, then 0, the odd ones
      size_t py = ky != 1, px = kx != 1;
      place = kind_first(py, px) + (ky == 0) * (1 + px) + (kx == 0);
    }
    for (size_t i = 0; i < c->cin; i++)
      for (size_t o = 0; o < c->cout; o++)
        turned[place * size + o * c->cin + i] = w[k * size + i * c->cout + o];
  }
}

/* dx += line where the input passed relu. */
VR_NN_CLONES static void pass(
  size_t n, int relu, const vr_real *x, const vr_real *line, vr_real *dx)
{
#pragma omp simd
  for (size_t j = 0; j < n; j++) dx[j] += !relu || x[j] > 0 ? line[j] : 0;
}

void vr_conv_backward_input(const vr_conv *c, const vr_real *x, const vr_real *turned,
  const vr_real *dy, vr_real *dx, vr_real *scratch)
{
  size_t out = vr_conv_side(c), size = c->cin * c->cout, two = c->stride == 2;
  size_t wide = (out + 2 - two) * c->cout, n = c->side * c->cin;
  vr_real *line = scratch + wide * (out + 2 - two);
  frame(dy, out, c->cout, 1 - two, 0, scratch);
  for (size_t i = 0; i < c->side; i++, x += n, dx += n) {
    vr_tile t = {.m = out, .n = c->cin, .k = 3 * c->cout, .parts = 3, .row = c->cout, .col = 1};
    t.apart = wide;
    t.b = turned;
    t.ldb = c->cin;
    t.ldc = c->stride * c->cin;
    t.a = scratch + i / c->stride * wide;
    memset(line, 0, n * sizeof *line);
    for (size_t px = 0; px < c->stride; px++) {
      if (two) {
        t.k = (1 + px) * c->cout;
        t.parts = 1 + i % 2;
        t.b = turned + kind_first(i % 2, px) * size;
      }
      t.bpart = t.k * c->cin;
      t.c = line + px * c->cin;
      vr_tile_add(&t);
    }
    pass(n, c->relu, x, line, dx);
  }
}

VR_NN_CLONES void vr_maxpool_forward(size_t side, size_t channels, const vr_real *x, vr_real *y)
{
  for (size_t i = 0; i < side / 2; i++)
    for (size_t j = 0; j < side / 2; j++, y += channels) {
      memcpy(y, x + (2 * i * side + 2 * j) * channels, channels * sizeof *y);
      for (size_t k = 0; k < 9; k++) {
        size_t row = 2 * i + k / 3 - 1, at = 2 * j + k % 3 - 1;
        if (row >= side || at >= side) continue;
        const vr_real *from = x + (row * side + at) * channels;
#pragma omp simd
        for (size_t u = 0; u < channels; u++) y[u] = from[u] > y[u] ? from[u] : y[u];
      }
    }
}

VR_NN_CLONES void vr_maxpool_backward(
  size_t side, size_t channels, const vr_real *x, const vr_real *y, const vr_real *dy, vr_real *dx)
{
  enum { SOME = 16 }; // channels at a time
  for (size_t i = 0; i < side / 2; i++)
    for (size_t j = 0; j < side / 2; j++, y += channels, dy += channels)
      for (size_t first = 0; first < channels; first += SOME) {
        size_t n = channels - first < SOME ? channels - first : SOME;
        vr_real left[SOME];
        memcpy(left, dy + first, n * sizeof *left);
        for (size_t k = 0; k < 9; k++) {
          size_t row = 2 * i + k / 3 - 1, at = 2 * j + k % 3 - 1;
          if (row >= side || at >= side) continue;
          size_t place = (row * side + at) * channels + first;
          for (size_t u = 0; u < n; u++) {
            vr_real here = x[place + u] == y[first + u] ? left[u] : 0;
            dx[place + u] += here;
            left[u] -= here;
          }
        }
      }
}
