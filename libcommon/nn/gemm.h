/* gemm.h -- inside of nn: products of row-major matrices in the precision of real.h. */
#ifndef VR_NN_GEMM_H
#define VR_NN_GEMM_H
#include "nn/real.h"
#include <cblas.h>
#include <stddef.h>

#ifdef VR_NN_DOUBLE
#define VR_CBLAS_GEMM cblas_dgemm
#else
#define VR_CBLAS_GEMM cblas_sgemm
#endif

/* c = a b + beta c; a (m x k), b (k x n), c (m x n). The caller has called vr_blas_begin. */
static inline void vr_mm(size_t m, size_t n, size_t k, const vr_real *a, size_t lda,
  const vr_real *b, size_t ldb, vr_real beta, vr_real *c, size_t ldc)
{
  VR_CBLAS_GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1, a, (int)lda,
    b, (int)ldb, beta, c, (int)ldc);
}

/* c = a b' + beta c; b (n x k). */
static inline void vr_mm_nt(size_t m, size_t n, size_t k, const vr_real *a, size_t lda,
  const vr_real *b, size_t ldb, vr_real beta, vr_real *c, size_t ldc)
{
  VR_CBLAS_GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, 1, a, (int)lda, b,
    (int)ldb, beta, c, (int)ldc);
}

/* c = a' b + beta c; a (k x m). */
static inline void vr_mm_tn(size_t m, size_t n, size_t k, const vr_real *a, size_t lda,
  const vr_real *b, size_t ldb, vr_real beta, vr_real *c, size_t ldc)
{
  VR_CBLAS_GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1, a, (int)lda, b,
    (int)ldb, beta, c, (int)ldc);
}

#endif
