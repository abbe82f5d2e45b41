/* norm.h -- running mean and spread of the inputs, to feed a network numbers of order 1. */
#ifndef VR_NN_NORM_H
#define VR_NN_NORM_H
#include "nn/real.h"
#include <stddef.h>

/* Moments of d columns; count, mean and m2 are what a file must keep. m2: sum of squared distances
 * from the mean. Zero-initialise, then vr_norm_init. */
typedef struct {
  size_t d;
  double count;
  double *mean, *m2; /* d each */
  int frozen;        /* vr_norm_add does nothing any more */
} vr_norm;

#define VR_NORM_CLIP 5

int vr_norm_init(vr_norm *s, size_t d); /* nothing seen yet. VR_EARG for d = 0, VR_EMEM */
void vr_norm_free(vr_norm *s);
void vr_norm_clear(vr_norm *s); /* forgets what was seen */

/* Takes in n rows, x (n x d) (Welford 1962). */
void vr_norm_add(vr_norm *s, const vr_real *x, size_t n);
/* Adds what another has seen, of the same d (Chan, Golub & LeVeque 1983); also to a frozen one. */
void vr_norm_merge(vr_norm *into, const vr_norm *from);

/* Standard deviation of column j, by which it is divided: 1 before two rows were seen, at least
 * 1e-6. */
double vr_norm_sd(const vr_norm *s, size_t j);

/* y = (x - mean) / sd, within +-VR_NORM_CLIP; before the first row y = x within these. x, y
 * (n x d), rows ldx and ldy apart, may be the same. */
void vr_norm_apply(
  const vr_norm *s, size_t n, const vr_real *x, size_t ldx, vr_real *y, size_t ldy);

#endif
