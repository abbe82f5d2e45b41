#include "nn/lstm.h"
#include "nn/fast.h"
#include "nn/gemm.h"
#include "nn/tile.h"
#include "num/blas.h"
#include <string.h>

/* Gates of one animal at one step, the cell and what it says. */
VR_NN_CLONES static void update(
  size_t n, vr_real *gate, const vr_real *cprev, vr_real *c, vr_real *h)
{
  vr_real *i = gate, *f = gate + n, *g = gate + 2 * n, *o = gate + 3 * n;
#pragma omp simd
  for (size_t u = 0; u < n; u++) {
    i[u] = vr_fast_sigmoid(i[u]);
    f[u] = vr_fast_sigmoid(f[u]);
    g[u] = vr_fast_tanh(g[u]);
    o[u] = vr_fast_sigmoid(o[u]);
    c[u] = f[u] * cprev[u] + i[u] * g[u];
    h[u] = o[u] * vr_fast_tanh(c[u]);
  }
}

static void clamp(const vr_lstm *l, const vr_real *o, vr_real *c, vr_real *h)
{
  for (const vr_clamp *k = l->clamp; k < l->clamp + l->nclamp; k++) {
    if (k->layer != l->layer) continue;
    size_t u = k->unit;
    c[u] = (vr_real)k->scale * c[u] + (vr_real)k->value;
    h[u] = o[u] * vr_fast_tanh(c[u]);
  }
}

/* The state that step t starts from: that after the step before, or 0. */
static void start(const vr_lstm *l, size_t t)
{
  size_t n = l->units, size = n * sizeof(vr_real);
  for (size_t b = 0; b < l->B; b++) {
    size_t row = t * l->B + b;
    if (l->reset && l->reset[row]) {
      memset(l->cprev + row * n, 0, size);
      memset(l->hprev + row * n, 0, size);
    } else if (t) {
      memcpy(l->cprev + row * n, l->c + (row - l->B) * n, size);
      memcpy(l->hprev + row * n, l->h + (row - l->B) * l->ldh, size);
    }
  }
}

void vr_lstm_forward(const vr_lstm *l, const vr_real *wh)
{
  size_t n = l->units;
  for (size_t t = 0; t < l->T; t++) {
    start(l, t);
    size_t row = t * l->B;
    vr_tile_mm(
      l->B, 4 * n, n, l->hprev + row * n, n, wh, 4 * n, NULL, l->gate + row * 4 * n, 4 * n);
    for (size_t end = row + l->B; row < end; row++) {
      vr_real *gate = l->gate + row * 4 * n, *c = l->c + row * n, *h = l->h + row * l->ldh;
      update(n, gate, l->cprev + row * n, c, h);
      clamp(l, gate + 3 * n, c, h);
    }
  }
}

/* The way back of one animal at one step, first half: from h to the output gate and the cell; dc
 * comes in as what later steps ask of the cell. */
VR_NN_CLONES static void emit_back(size_t n, const vr_real *o, const vr_real *c, const vr_real *dh,
  const vr_real *later, vr_real *dc, vr_real *dout)
{
#pragma omp simd
  for (size_t u = 0; u < n; u++) {
    vr_real a = vr_fast_tanh(c[u]), d = dh[u] + later[u];
    dc[u] += d * o[u] * (1 - a * a);
    dout[u] = d * a * o[u] * (1 - o[u]);
  }
}

/* Second half: from the cell to its gates; dc goes out as what is asked of cprev. */
VR_NN_CLONES static void update_back(
  size_t n, const vr_real *gate, const vr_real *cprev, vr_real *dc, vr_real *dgate)
{
  const vr_real *i = gate, *f = gate + n, *g = gate + 2 * n;
#pragma omp simd
  for (size_t u = 0; u < n; u++) {
    vr_real e = dc[u];
    dgate[u] = e * g[u] * i[u] * (1 - i[u]);
    dgate[n + u] = e * cprev[u] * f[u] * (1 - f[u]);
    dgate[2 * n + u] = e * i[u] * (1 - g[u] * g[u]);
    dc[u] = e * f[u];
  }
}

/* to (cols x rows) = w'. */
static void turn(size_t rows, size_t cols, const vr_real *w, vr_real *to)
{
  enum { BLOCK = 16 };
  for (size_t i = 0; i < rows; i += BLOCK)
    for (size_t j = 0; j < cols; j++)
      for (size_t k = i; k < rows && k < i + BLOCK; k++) to[j * rows + k] = w[k * cols + j];
}

void vr_lstm_backward(const vr_lstm *l, const vr_real *wh, const vr_real *dh, size_t lddh,
  vr_real *carry, vr_real *dgate, vr_real *dwh)
{
  size_t n = l->units, B = l->B;
  vr_real *dc = carry, *later = carry + B * n, *turned = later + B * n;
  memset(carry, 0, 2 * B * n * sizeof *carry);
  turn(n, 4 * n, wh, turned);
  vr_blas_begin();
  for (size_t t = l->T; t-- > 0;) {
    for (size_t b = 0; b < B; b++) {
      size_t row = t * B + b;
      vr_real *gate = l->gate + row * 4 * n, *c = dc + b * n;
      emit_back(n, gate + 3 * n, l->c + row * n, dh + row * lddh, later + b * n, c,
        dgate + row * 4 * n + 3 * n);
      for (size_t k = 0; k < l->nclamp; k++)
        if (l->clamp[k].layer == l->layer) c[l->clamp[k].unit] *= (vr_real)l->clamp[k].scale;
      update_back(n, gate, l->cprev + row * n, c, dgate + row * 4 * n);
    }
    // what this step asks of the step before, unless an episode began here
    memset(later, 0, B * n * sizeof *later);
    vr_tile_mm(B, n, 4 * n, dgate + t * B * 4 * n, 4 * n, turned, n, NULL, later, n);
    for (size_t b = 0; b < B; b++)
      if (l->reset && l->reset[t * B + b]) {
        memset(dc + b * n, 0, n * sizeof *dc);
        memset(later + b * n, 0, n * sizeof *later);
      }
  }
  vr_mm_tn(n, 4 * n, l->T * B, l->hprev, n, dgate, 4 * n, 1, dwh, 4 * n);
}
