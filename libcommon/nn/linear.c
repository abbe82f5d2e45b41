#include "nn/linear.h"
#include "nn/gemm.h"
#include "nn/tile.h"
#include "num/blas.h"

void vr_linear_forward(size_t n, size_t in, size_t out, const vr_real *x, size_t ldx,
  const vr_real *w, const vr_real *b, vr_real *y, size_t ldy)
{
  vr_tile_mm(n, out, in, x, ldx, w, out, b, y, ldy);
}

void vr_linear_backward(size_t n, size_t in, size_t out, const vr_real *x, size_t ldx,
  const vr_real *dy, size_t ldy, vr_real *dw, vr_real *db)
{
  static const vr_real one = 1;
  vr_blas_begin();
  vr_mm_tn(in, out, n, x, ldx, dy, ldy, 1, dw, out);
  if (db) vr_tile_add(&(vr_tile){1, out, n, 1, &one, 0, 0, 0, dy, ldy, 0, db, 0, NULL});
}

void vr_linear_backward_input(size_t n, size_t in, size_t out, const vr_real *w, const vr_real *dy,
  size_t ldy, int add, vr_real *dx, size_t lddx)
{
  vr_blas_begin();
  vr_mm_nt(n, in, out, dy, ldy, w, out, (vr_real)(add != 0), dx, lddx);
}
