#include "nn/gauss.h"
#include <math.h>

#define LOG_2PI 1.8378770664093454836

static double square(double x)
{
  return x * x;
}

void vr_gauss_sample(size_t d, const vr_real *mean, const vr_real *std, vr_rng *r, vr_real *action)
{
  for (size_t j = 0; j < d; j++) action[j] = mean[j] + std[j] * (vr_real)vr_rng_normal(r);
}

void vr_gauss_logp(
  size_t n, size_t d, const vr_real *mean, const vr_real *std, const vr_real *action, double *logp)
{
  for (size_t i = 0; i < n; i++, mean += d, std += d, action += d) {
    double sum = 0;
    for (size_t j = 0; j < d; j++) {
      double s = (double)std[j];
      sum += 0.5 * square(((double)action[j] - (double)mean[j]) / s) + log(s);
    }
    logp[i] = -sum - 0.5 * (double)d * LOG_2PI;
  }
}

void vr_gauss_logp_grad(size_t n, size_t d, const vr_real *mean, const vr_real *std,
  const vr_real *action, const double *weight, vr_real *dmean, vr_real *dstd)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = i * d; k < (i + 1) * d; k++) {
      double s = (double)std[k], z = ((double)action[k] - (double)mean[k]) / s;
      if (dmean) dmean[k] += (vr_real)(weight[i] * z / s);
      if (dstd) dstd[k] += (vr_real)(weight[i] * (z * z - 1) / s);
    }
}

void vr_gauss_kl(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, double *kl)
{
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t k = i * d; k < (i + 1) * d; k++) {
      double p = (double)pstd[k], q = (double)qstd[k];
      double move = (double)pmean[k] - (double)qmean[k];
      sum += log(q / p) + 0.5 * ((square(p) + square(move)) / square(q) - 1);
    }
    kl[i] = sum;
  }
}

void vr_gauss_kl_grad(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, const double *weight, vr_real *dmean, vr_real *dstd)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = i * d; k < (i + 1) * d; k++) {
      double p = (double)pstd[k], q = (double)qstd[k];
      double move = (double)qmean[k] - (double)pmean[k];
      if (dmean) dmean[k] += (vr_real)(weight[i] * move / square(q));
      if (dstd) dstd[k] += (vr_real)(weight[i] * (1 - (square(p) + square(move)) / square(q)) / q);
    }
}

void vr_gauss_kl_split(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, double *by_mean, double *by_spread)
{
  for (size_t i = 0; i < n; i++) {
    double a = 0, b = 0;
    for (size_t k = i * d; k < (i + 1) * d; k++) {
      double p = (double)pstd[k], q = (double)qstd[k];
      a += 0.5 * square(((double)qmean[k] - (double)pmean[k]) / p);
      b += log(q / p) + 0.5 * (square(p / q) - 1);
    }
    by_mean[i] = a;
    by_spread[i] = b;
  }
}

void vr_gauss_kl_split_grad(size_t n, size_t d, const vr_real *pmean, const vr_real *pstd,
  const vr_real *qmean, const vr_real *qstd, const double *weight_mean, const double *weight_spread,
  vr_real *dmean, vr_real *dstd)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = i * d; k < (i + 1) * d; k++) {
      double p = (double)pstd[k], q = (double)qstd[k];
      double move = (double)qmean[k] - (double)pmean[k];
      if (dmean) dmean[k] += (vr_real)(weight_mean[i] * move / square(p));
      if (dstd) dstd[k] += (vr_real)(weight_spread[i] * (1 - square(p / q)) / q);
    }
}

void vr_gauss_entropy(size_t n, size_t d, const vr_real *std, double *entropy)
{
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t k = i * d; k < (i + 1) * d; k++) sum += log((double)std[k]);
    entropy[i] = sum + 0.5 * (double)d * (1 + LOG_2PI);
  }
}

void vr_gauss_entropy_grad(
  size_t n, size_t d, const vr_real *std, const double *weight, vr_real *dstd)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = i * d; k < (i + 1) * d; k++) dstd[k] += (vr_real)(weight[i] / (double)std[k]);
}
