/* blas.h -- makes the linked BLAS ready for us.
 *
 * OpenBLAS picks its kernels by the model number of the processor and falls back to its slowest ones
 * (SSE3) on any model younger than itself: measured four times slower on a Xeon of 2023. And its own
 * threads would fight with ours, which deal out fixed blocks. */
#ifndef VR_NUM_BLAS_H
#define VR_NUM_BLAS_H

/* One BLAS thread, and the kernels for what the processor can do. The user's OPENBLAS_CORETYPE is
 * obeyed; VR_ISA=v3 keeps to AVX2, so that golden values do not depend on the machine. From any
 * thread; the first call does the work, before BLAS is used, later ones do nothing. */
void vr_blas_begin(void);

/* Name and kernels of the library ("OpenBLAS 0.3.21 SkylakeX"), for the line of -V; NULL when
 * no OpenBLAS is linked. */
const char *vr_blas_name(void);

#endif
