/* popart.h -- targets of each value head brought to mean 0 and spread 1, the head's weights changed so
 * that what it says stays the same (van Hasselt et al. 2016; a head a task: Hessel et al. 2019).
 *
 * Head k of the network says n; the value is scale n + mu. */
#ifndef VR_NN_POPART_H
#define VR_NN_POPART_H
#include "nn/real.h"
#include <stddef.h>

/* mu, nu (mean of the squares) and count (updates so far) are what a file must keep. Zero-initialise,
 * then vr_popart_init. */
typedef struct {
  size_t n; /* heads */
  double *mu, *nu, *count;
  double rate;        /* 1e-3: of an update, once the first 1 / rate of them are over */
  double least, most; /* of the scale: 1e-2, 1e6 */
} vr_popart;

int vr_popart_init(vr_popart *p, size_t n); /* VR_EARG for n = 0, VR_EMEM */
void vr_popart_free(vr_popart *p);

double vr_popart_scale(const vr_popart *p, size_t k);           /* 1 before the first update */
double vr_popart_value(const vr_popart *p, size_t k, double n); /* scale n + mu */
double vr_popart_normalised(const vr_popart *p, size_t k, double value); /* and back */

/* Moves the statistics of head k towards n targets (unnormalised), and its weights so that the value
 * stays: w (in x heads; column k), b (heads). The first updates count as a mean of all, so the start
 * weighs nothing. n = 0 changes nothing. */
void vr_popart_update(
  vr_popart *p, size_t k, const double *target, size_t n, size_t in, vr_real *w, vr_real *b);

#endif
