/* vtrace.h -- returns of a behaviour that is not quite the policy's own (Espeholt et al. 2018). */
#ifndef VR_RL_VTRACE_H
#define VR_RL_VTRACE_H
#include <stddef.h>

typedef struct {
  double lambda;         /* 1: returns as long as the unroll; 0: of one step */
  double rho_max, c_max; /* where weights are clipped: how far corrections go, and how far back */
} vr_vtrace_par;

#define VR_VTRACE_DEFAULTS                                                                         \
  {                                                                                                \
    .lambda = 0.95, .rho_max = 1, .c_max = 1                                                       \
  }

/* What happened in an unroll of n steps of one animal. */
typedef struct {
  const double *reward;   /* n */
  const double *discount; /* n: what the value after the step counts; 0 where nothing can follow */
  const double *log_rho;  /* n: log pi(a|s) - log mu(a|s) of the action that was drawn, unclipped */
  const double *value;    /* n + 1: V of the states */
  const double *last; /* n: V of the last state of an episode that is over with this step, or was
                             cut; NAN where it goes on */
} vr_unroll;

/* target[t] = V_t + e_t,  e_t = delta_t + g_t c_t e_{t+1},  delta_t = r_t (R_t + g_t V_{t+1} - V_t),
 * r_t = min(rho_max, rho_t), c_t = lambda min(c_max, rho_t); a trace ends where an episode ends, and
 * the value of its last state stands for what would have followed.
 * advantage[t] = R_t + g_t target[t+1] - V_t. */
void vr_vtrace(
  const vr_vtrace_par *par, size_t n, const vr_unroll *u, double *target, double *advantage);

#endif
