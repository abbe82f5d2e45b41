/* align_in.h -- what the files of windows share; included nowhere else. */
#ifndef VR_ANA_ALIGN_IN_H
#define VR_ANA_ALIGN_IN_H
#include "ana/align.h"

/* t->value against column `at` of null (rows x stride); low: small values count. The column is left in
 * `column`, reordered. */
void vr_align_test(
  const double *null, size_t rows, size_t stride, size_t at, int low, double *column, vr_tested *t);

/* UNIFORM and ENTROPY of the peaks (lags) of a's units; column: room for the surrogates. */
int vr_align_tile(const vr_align_par *par, const int32_t *peak, double *column, vr_aligned *a);

#endif
