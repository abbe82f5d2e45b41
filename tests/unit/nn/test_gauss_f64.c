/* The Gaussian policy, in double precision: closed forms, sampling, central differences. */
#include "gradient.h"
#include "nn/gauss.h"

enum { N = 4, D = 5 };

static vr_real pmean[N * D], pstd[N * D], qmean[N * D], qstd[N * D], action[N * D];
static vr_real dmean[N * D], dstd[N * D];
static double weight[N] = {0.5, -1.25, 2, 0.75}, other[N] = {1, 0.25, -0.5, 3};

static void begin(void)
{
  fill(N * D, pmean, 1, 1);
  fill(N * D, pstd, 0.3, 2);
  fill(N * D, qmean, 1, 3);
  fill(N * D, qstd, 0.3, 4);
  fill(N * D, action, 1, 5);
  for (size_t i = 0; i < N * D; i++) {
    pstd[i] = 0.2 + fabs(pstd[i]);
    qstd[i] = 0.2 + fabs(qstd[i]);
  }
  memset(dmean, 0, sizeof dmean);
  memset(dstd, 0, sizeof dstd);
}

static double sum(const double *w, const double *row)
{
  double s = 0;
  for (size_t i = 0; i < N; i++) s += w[i] * row[i];
  return s;
}

static double logp_loss(void *ctx)
{
  double row[N];
  (void)ctx;
  vr_gauss_logp(N, D, qmean, qstd, action, row);
  return sum(weight, row);
}

static double kl_loss(void *ctx)
{
  double row[N];
  (void)ctx;
  vr_gauss_kl(N, D, pmean, pstd, qmean, qstd, row);
  return sum(weight, row);
}

static double split_loss(void *ctx)
{
  double a[N], b[N];
  (void)ctx;
  vr_gauss_kl_split(N, D, pmean, pstd, qmean, qstd, a, b);
  return sum(weight, a) + sum(other, b);
}

static double entropy_loss(void *ctx)
{
  double row[N];
  (void)ctx;
  vr_gauss_entropy(N, D, qstd, row);
  return sum(weight, row);
}

static void check(double (*loss)(void *), int of_mean)
{
  if (of_mean) assert_true(gradient_error(N * D, qmean, dmean, N * D, 1e-5, loss, NULL) < 1e-6);
  assert_true(gradient_error(N * D, qstd, dstd, N * D, 1e-5, loss, NULL) < 1e-6);
}

static void gradients(void **state)
{
  (void)state;
  begin();
  vr_gauss_logp_grad(N, D, qmean, qstd, action, weight, dmean, dstd);
  check(logp_loss, 1);
  begin();
  vr_gauss_kl_grad(N, D, pmean, pstd, qmean, qstd, weight, dmean, dstd);
  check(kl_loss, 1);
  begin();
  vr_gauss_kl_split_grad(N, D, pmean, pstd, qmean, qstd, weight, other, dmean, dstd);
  check(split_loss, 1);
  begin();
  vr_gauss_entropy_grad(N, D, qstd, weight, dstd);
  check(entropy_loss, 0);
}

/* Values that anyone can work out. */
static void closed_forms(void **state)
{
  (void)state;
  vr_real zero[2] = {0, 0}, one[2] = {1, 1}, two[2] = {2, 2};
  double v, w;
  vr_gauss_logp(1, 2, zero, one, zero, &v);
  assert_true(fabs(v + log(2 * M_PI)) < 1e-15);
  vr_gauss_logp(1, 2, one, two, zero, &v);
  assert_true(fabs(v + log(2 * M_PI) + 2 * log(2) + 0.25) < 1e-15);
  vr_gauss_kl(1, 2, zero, one, one, one, &v);
  assert_true(fabs(v - 1) < 1e-15);
  vr_gauss_kl_split(1, 2, zero, one, one, two, &v, &w);
  assert_true(fabs(v - 1) < 1e-15 && fabs(w - 2 * (log(2) + 0.125 - 0.5)) < 1e-15);
  vr_gauss_entropy(1, 2, one, &v);
  assert_true(fabs(v - log(2 * M_PI) - 1) < 1e-15);
  // with equal spreads the means tell all, with equal means the spreads do
  vr_gauss_kl_split(1, 2, zero, one, one, one, &v, &w);
  assert_true(fabs(v - 1) < 1e-15 && w == 0);
}

/* Divergence and entropy are means over draws; the draws have the mean and spread asked for. */
static void sampling(void **state)
{
  (void)state;
  enum { DRAWS = 200000 };
  begin();
  vr_rng r = vr_rng_new(4, 0, 0);
  double kl, entropy, p, q, ratio = 0, surprise = 0, mean[D] = {0}, square[D] = {0};
  for (size_t k = 0; k < DRAWS; k++) {
    vr_gauss_sample(D, pmean, pstd, &r, action);
    vr_gauss_logp(1, D, pmean, pstd, action, &p);
    vr_gauss_logp(1, D, qmean, qstd, action, &q);
    ratio += (p - q) / DRAWS;
    surprise -= p / DRAWS;
    for (size_t j = 0; j < D; j++) {
      double z = (action[j] - pmean[j]) / pstd[j];
      mean[j] += z / DRAWS;
      square[j] += z * z / DRAWS;
    }
  }
  vr_gauss_kl(1, D, pmean, pstd, qmean, qstd, &kl);
  vr_gauss_entropy(1, D, pstd, &entropy);
  // five standard errors
  assert_true(fabs(ratio / kl - 1) < 0.03);
  assert_true(fabs(surprise - entropy) < 5 * sqrt(D / 2.0 / DRAWS));
  for (size_t j = 0; j < D; j++) {
    assert_true(fabs(mean[j]) < 5 / sqrt(DRAWS));
    assert_true(fabs(square[j] - 1) < 5 * sqrt(2.0 / DRAWS));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(gradients),
    cmocka_unit_test(closed_forms),
    cmocka_unit_test(sampling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
