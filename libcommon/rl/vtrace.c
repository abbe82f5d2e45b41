#include "rl/vtrace.h"
#include <math.h>

void vr_vtrace(
  const vr_vtrace_par *par, size_t n, const vr_unroll *u, double *target, double *advantage)
{
  double error = 0; // e_{t+1}
  for (size_t t = n; t-- > 0;) {
    int goes_on = isnan(u->last[t]);
    double next = goes_on ? u->value[t + 1] : u->last[t];
    double rho = exp(u->log_rho[t]), g = u->discount[t];
    double delta = fmin(par->rho_max, rho) * (u->reward[t] + g * next - u->value[t]);
    if (!goes_on) error = 0;
    advantage[t] = u->reward[t] + g * (next + error) - u->value[t];
    error = delta + g * par->lambda * fmin(par->c_max, rho) * error;
    target[t] = u->value[t] + error;
  }
}
