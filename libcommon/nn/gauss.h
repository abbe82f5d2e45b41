/* gauss.h -- normal distributions with a mean and a standard deviation for each action: the policy.
 *
 * Arrays hold n rows (steps) of d columns (actions); sums over the columns are double, one a row.
 * A ..._grad adds weight[i] times the derivative of row i to dmean and dstd; either may be NULL. */
#ifndef VR_NN_GAUSS_H
#define VR_NN_GAUSS_H
#include "base/rng.h"
#include "nn/real.h"
#include <stddef.h>

/* One row: action = mean + std * normal. */
void vr_gauss_sample(size_t d, const vr_real *mean, const vr_real *std, vr_rng *r, vr_real *action);

/* logp[i] = log density of the actions of row i. */
void vr_gauss_logp(
  size_t n, size_t d, const vr_real *mean, const vr_real *std, const vr_real *action, double *logp);
void vr_gauss_logp_grad(size_t n, size_t d, const vr_real *mean, const vr_real *std,
  const vr_real *action, const double *weight, vr_real *dmean, vr_real *dstd);

/* Kullback-Leibler divergence of p from q, KL(p || q); the derivative is that with respect to q. */
void vr_gauss_kl(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, double *kl);
void vr_gauss_kl_grad(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, const double *weight, vr_real *dmean, vr_real *dstd);

/* The two parts that MPO bounds apart (Abdolmaleki et al. 2018), of the new policy q from the old p:
 * by the means, both with the old spread, and by the spreads, both with the old mean. */
void vr_gauss_kl_split(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, double *by_mean, double *by_spread);
void vr_gauss_kl_split_grad(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, const double *weight_mean, const double *weight_spread,
  vr_real *dmean, vr_real *dstd);

void vr_gauss_entropy(size_t n, size_t d, const vr_real *std, double *entropy);
void vr_gauss_entropy_grad(
  size_t n, size_t d, const vr_real *std, const double *weight, vr_real *dstd);

#endif
