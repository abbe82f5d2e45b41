/* adam.h -- Adam (Kingma & Ba 2015), after a clip of the whole gradient's norm.
 *
 * Its state is three plain things that a checkpoint can hold: m and v (n each, 0 at first) and the
 * number of steps t. */
#ifndef VR_NN_ADAM_H
#define VR_NN_ADAM_H
#include "nn/real.h"
#include <stddef.h>
#include <stdint.h>

typedef struct {
  double rate, beta1, beta2, eps;
  double clip; /* norm of the gradient at most; 0: any */
} vr_adam_par;
#define VR_ADAM_DEFAULTS                                                                           \
  {                                                                                                \
    .rate = 3e-4, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-5, .clip = 1                             \
  }

/* Length of a vector; the sum is double, in one order on every machine. */
double vr_norm2(size_t n, const vr_real *x);

/* One step against grad. The norm of grad before the clip goes to *norm (may be NULL). VR_ENUM, with
 * nothing changed, when it is not finite. */
int vr_adam_step(const vr_adam_par *par, size_t n, const vr_real *grad, vr_real *param, vr_real *m,
  vr_real *v, uint64_t *t, double *norm);

#endif
