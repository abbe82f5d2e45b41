/* lstm.h -- a layer of long short-term memory over an unroll (Hochreiter & Schmidhuber 1997), its
 * gates in the order i f g o.
 *
 * The input half of the gates, x wx + b of all steps, is one product (linear.h); here is the
 * recurrent half, step by step. State is 0 where an episode begins, and the cell of a unit can be
 * held or driven (perturbations). */
#ifndef VR_NN_LSTM_H
#define VR_NN_LSTM_H
#include "nn/real.h"
#include <stddef.h>
#include <stdint.h>

/* Holds c of a unit at a value (scale 0), or changes it: c <- scale * c + value, after the update of
 * the cell and before h is taken from it. */
typedef struct {
  size_t layer, unit;
  float scale, value;
} vr_clamp;

/* Time-major: (T x B x columns). */
typedef struct {
  size_t T, B, units;
  const uint8_t *reset;  /* T x B, 1: state is 0 before this step; or NULL */
  const vr_clamp *clamp; /* those of `layer` apply */
  size_t nclamp, layer;
  vr_real *gate;          /* 4 units: in x wx + b, out the values of the gates */
  vr_real *cprev, *hprev; /* units: the state that each step starts from; the caller fills step 0 */
  vr_real *c;             /* units */
  vr_real *h;             /* units, rows ldh apart */
  size_t ldh;
} vr_lstm;

void vr_lstm_forward(const vr_lstm *l, const vr_real *wh); /* wh (units x 4 units) */

/* From dh (rows lddh apart): dgate (T x B x 4 units) = d(loss)/d(x wx + b), and dwh grows. carry has
 * room for (2 B + 4 units) units. The state before the first step is a constant. */
void vr_lstm_backward(const vr_lstm *l, const vr_real *wh, const vr_real *dh, size_t lddh,
  vr_real *carry, vr_real *dgate, vr_real *dwh);

#endif
