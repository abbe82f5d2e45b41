/* What learning needs beside the agent: Adam, running moments, PopArt, and the fast functions. */
#include "../test.h"
#include "base/rng.h"
#include "nn/act.h"
#include "nn/adam.h"
#include "nn/norm.h"
#include "nn/popart.h"
#include <math.h>
#include <string.h>

/* The first step of Adam moves each parameter by the rate against the sign of its gradient; later
 * ones follow the formulas of the paper. */
static void adam(void **state)
{
  (void)state;
  enum { N = 37 };
  vr_adam_par par = VR_ADAM_DEFAULTS;
  float param[N], grad[N], m[N] = {0}, v[N] = {0};
  double want[N], dm[N] = {0}, dv[N] = {0}, norm;
  uint64_t t = 0;
  vr_rng r = vr_rng_new(1, 0, 0);
  par.clip = 0;
  for (size_t i = 0; i < N; i++) want[i] = param[i] = (float)vr_rng_normal(&r);
  for (int step = 1; step <= 20; step++) {
    double size = 0;
    for (size_t i = 0; i < N; i++) grad[i] = (float)vr_rng_normal(&r);
    for (size_t i = 0; i < N; i++) size += (double)grad[i] * (double)grad[i];
    assert_int_equal(vr_adam_step(&par, N, grad, param, m, v, &t, &norm), 0);
    assert_true(fabs(norm - sqrt(size)) < 1e-12);
    for (size_t i = 0; i < N; i++) {
      double g = (double)grad[i];
      dm[i] = 0.9 * dm[i] + 0.1 * g;
      dv[i] = 0.999 * dv[i] + 0.001 * g * g;
      double mhat = dm[i] / (1 - pow(0.9, step)), vhat = dv[i] / (1 - pow(0.999, step));
      want[i] -= 3e-4 * mhat / (sqrt(vhat) + 1e-5);
      assert_true(fabs((double)param[i] - want[i]) < 1e-6);
    }
  }
  assert_int_equal(t, 20);
}

/* A long gradient counts as one of length `clip`; one that is not finite changes nothing. */
static void clip(void **state)
{
  (void)state;
  vr_adam_par par = VR_ADAM_DEFAULTS;
  float a[2] = {1, 1}, b[2] = {1, 1}, m[2] = {0}, v[2] = {0}, m2[2] = {0}, v2[2] = {0};
  float big[2] = {300, 400}, unit[2] = {0.6f, 0.8f};
  uint64_t t = 0, t2 = 0;
  double norm;
  assert_int_equal(vr_adam_step(&par, 2, big, a, m, v, &t, &norm), 0);
  assert_true(norm == 500);
  assert_int_equal(vr_adam_step(&par, 2, unit, b, m2, v2, &t2, NULL), 0);
  for (int i = 0; i < 2; i++)
    assert_true(fabsf(a[i] - b[i]) < 1e-7f && fabsf(m[i] - m2[i]) < 1e-7f);
  memcpy(b, a, sizeof a);
  big[1] = NAN;
  assert_int_equal(vr_adam_step(&par, 2, big, a, m, v, &t, NULL), VR_ENUM);
  assert_memory_equal(a, b, sizeof a);
  assert_int_equal(t, 1);
}

static void running_moments(void **state)
{
  (void)state;
  enum { N = 1000, D = 3 };
  static float x[N * D], y[N * D];
  vr_norm all, part[3];
  vr_rng r = vr_rng_new(2, 0, 0);
  for (size_t i = 0; i < N * D; i++) x[i] = 100 * (float)(i % D) + (float)vr_rng_normal(&r);
  assert_int_equal(vr_norm_init(&all, D), 0);
  vr_norm_apply(&all, 1, x, D, y, D);
  assert_true(y[0] == x[0] && y[1] == 5); // nothing seen yet
  vr_norm_add(&all, x, N);
  for (size_t j = 0; j < D; j++) {
    double mean = 0, m2 = 0;
    for (size_t i = 0; i < N; i++) mean += (double)x[i * D + j] / N;
    for (size_t i = 0; i < N; i++) m2 += pow((double)x[i * D + j] - mean, 2);
    assert_true(fabs(all.mean[j] - mean) < 1e-9 && fabs(all.m2[j] / m2 - 1) < 1e-9);
    assert_true(fabs(vr_norm_sd(&all, j) - sqrt(m2 / N)) < 1e-9);
  }
  // three parts merged see what one saw
  for (size_t k = 0; k < 3; k++) {
    assert_int_equal(vr_norm_init(part + k, D), 0);
    vr_norm_add(part + k, x + k * 300 * D, k < 2 ? 300 : 400);
    if (k) vr_norm_merge(part, part + k);
  }
  assert_true(part->count == N);
  for (size_t j = 0; j < D; j++)
    assert_true(
      fabs(part->mean[j] - all.mean[j]) < 1e-9 && fabs(part->m2[j] / all.m2[j] - 1) < 1e-9);
  // frozen, it stays; what is far off is cut
  all.frozen = 1;
  vr_norm_add(&all, x, 10);
  assert_true(all.count == N);
  x[0] = 1e9f;
  x[1] = -1e9f;
  vr_norm_apply(&all, N, x, D, y, D);
  assert_true(y[0] == 5 && y[1] == -5 && fabsf(y[2]) < 5);
  vr_norm_clear(&all);
  assert_true(all.count == 0 && all.mean[1] == 0 && all.m2[2] == 0);
  vr_norm_free(&all);
  for (size_t k = 0; k < 3; k++) vr_norm_free(part + k);
  assert_int_equal(vr_norm_init(&all, 0), VR_EARG);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_norm_init(&all, 1), VR_EMEM);
  vr_alloc_fail_at(0);
}

/* New statistics leave every value as it was, and targets come to mean 0 and spread 1. */
static void popart(void **state)
{
  (void)state;
  enum { IN = 6, HEADS = 2, N = 500 };
  vr_popart p;
  float w[IN * HEADS], b[HEADS] = {0.5f, -1}, h[IN];
  double target[N];
  vr_rng r = vr_rng_new(3, 0, 0);
  assert_int_equal(vr_popart_init(&p, HEADS), 0);
  for (size_t i = 0; i < IN * HEADS; i++) w[i] = (float)vr_rng_normal(&r);
  for (size_t i = 0; i < IN; i++) h[i] = (float)vr_rng_normal(&r);
  double before[HEADS], raw[HEADS];
  for (int step = 0; step < 30; step++) {
    for (int after = 0; after < 2; after++) {
      for (size_t k = 0; k < HEADS; k++) {
        raw[k] = (double)b[k];
        for (size_t i = 0; i < IN; i++) raw[k] += (double)h[i] * (double)w[i * HEADS + k];
        double value = vr_popart_value(&p, k, raw[k]);
        if (after) assert_true(fabs(value - before[k]) < 1e-4);
        assert_true(fabs(vr_popart_normalised(&p, k, value) - raw[k]) < 1e-9);
        before[k] = value;
      }
      if (after) break;
      for (size_t i = 0; i < N; i++) target[i] = 20 + 3 * vr_rng_normal(&r);
      vr_popart_update(&p, 1, target, N, IN, w, b);
      vr_popart_update(&p, 0, target, 0, IN, w, b);
    }
  }
  assert_true(fabs(p.mu[1] - 20) < 0.2 && fabs(vr_popart_scale(&p, 1) - 3) < 0.2);
  assert_true(p.mu[0] == 0 && vr_popart_scale(&p, 0) == 1); // nothing came for head 0
  // a task whose returns never change
  for (size_t i = 0; i < N; i++) target[i] = 7;
  vr_popart_update(&p, 0, target, N, IN, w, b);
  assert_true(vr_popart_scale(&p, 0) == p.least);
  vr_popart_free(&p);
  assert_int_equal(vr_popart_init(&p, 0), VR_EARG);
  vr_alloc_fail_at(1);
  assert_int_equal(vr_popart_init(&p, 1), VR_EMEM);
  vr_alloc_fail_at(0);
}

/* The functions without libm, over all that can come. */
static void fast_functions(void **state)
{
  (void)state;
  enum { N = 20001 };
  static float x[N], y[N], one[N], dx[N];
  for (int i = 0; i < N; i++) {
    x[i] = (float)(i - N / 2) * 1e-3f;
    one[i] = 1;
  }
  x[0] = -1e30f;
  x[N - 1] = INFINITY;
  vr_tanh_forward(1, N, x, N, y, N);
  for (int i = 0; i < N; i++) {
    double want = tanh((double)x[i]);
    assert_true(fabs((double)y[i] - want) <= 4e-7 * fabs(want) && fabsf(y[i]) <= 1);
  }
  vr_softplus_backward(N, x, one, dx);
  for (int i = 0; i < N; i++) {
    double want = 1 / (1 + exp(-(double)x[i]));
    assert_true(fabs((double)dx[i] - want) <= 4e-7 * want + 1e-37);
  }
  vr_softplus_forward(N, x, 0, y);
  for (int i = 0; i < N; i++) {
    double a = (double)x[i], want = fmax(a, 0) + log1p(exp(-fabs(a)));
    assert_true(i == N - 1 ? isinf(y[i]) : fabs((double)y[i] - want) <= 6e-7 * want + 1e-37);
  }
  x[0] = NAN;
  vr_tanh_forward(1, 1, x, 1, y, 1);
  assert_true(isnan(y[0]));
  vr_softplus_forward(1, x, 0, y);
  assert_true(isnan(y[0]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(adam),
    cmocka_unit_test(clip),
    cmocka_unit_test(running_moments),
    cmocka_unit_test(popart),
    cmocka_unit_test(fast_functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
