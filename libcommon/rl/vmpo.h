/* vmpo.h -- maximum a posteriori policy optimisation with a learned value (Song et al. 2019).
 *
 * The E-step weighs the better half of the samples, the M-step fits the policy to the weighted
 * samples while it may move only so far from the old one, mean and spread bounded apart. */
#ifndef VR_RL_VMPO_H
#define VR_RL_VMPO_H
#include <stddef.h>
#include <stdint.h>

/* E-step. Of the samples i with use[i] (NULL: all) the half with the largest advantage (the larger
 * half of an odd number, ties by index) gets weight[i] = exp(A_i / eta) / sum exp(A_j / eta), all others 0. *eta is
 * the minimum of its dual eta * bound + eta * log(mean exp(A / eta)) over that half, found by
 * bisection: there KL(weight || uniform) = bound. Where all advantages are equal, or no eta reaches
 * the bound, *eta is the smallest tried and the weights are shared by the best. Returns that KL, nats.
 * place: scratch of n numbers. */
double vr_vmpo_weigh(const double *advantage, const uint8_t *use, size_t n, double bound,
  double *weight, double *eta, size_t *place);

/* A Lagrange multiplier after a step whose KL was `kl` (nats, mean over samples): its logarithm
 * climbs by rate * (kl / bound - 1), at most 3 * rate, within 1e-3 .. 1e8. */
double vr_vmpo_dual(double alpha, double kl, double bound, double rate);

#endif
