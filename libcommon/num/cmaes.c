#include "num/cmaes.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "num/lin.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RNG_CMAES = 48 };

/* Names as in the tutorial. All of `block` but scale and weight is state. */
struct vr_cmaes {
  size_t n, lambda, mu, generation,
    decomposed; /* decomposed: generation of the last eigenvectors */
  uint64_t seed;
  double mueff, cc, cs, c1, cmu, damps, chin, sigma;
  double *block, *mean, *pc, *ps, *cov, *axes,
    *root; /* axes: eigenvectors as rows; root of values */
  double *y, *cost, *scale, *weight, *work;
  size_t *order;
};

enum { HEAD = 3 }; // sigma, generation, decomposed

/* Numbers of block that are state: mean, pc, ps, root, cov, axes. */
static size_t state_of(size_t n)
{
  return 4 * n + 2 * n * n;
}

/* Weights of the better half, and the rates that follow (tutorial, table 1). */
static void tune(vr_cmaes *c)
{
  double n = (double)c->n, sum = 0, square = 0;
  for (size_t i = 0; i < c->mu; i++) {
    c->weight[i] = log(((double)c->lambda + 1) / 2) - log((double)i + 1);
    sum += c->weight[i];
  }
  for (size_t i = 0; i < c->mu; i++) {
    c->weight[i] /= sum;
    square += c->weight[i] * c->weight[i];
  }
  double mueff = c->mueff = 1 / square;
  c->cc = (4 + mueff / n) / (n + 4 + 2 * mueff / n);
  c->cs = (mueff + 2) / (n + mueff + 5);
  c->c1 = 2 / ((n + 1.3) * (n + 1.3) + mueff);
  c->cmu = fmin(1 - c->c1, 2 * (mueff - 2 + 1 / mueff) / ((n + 2) * (n + 2) + mueff));
  c->damps = 1 + 2 * fmax(0, sqrt((mueff - 1) / (n + 1)) - 1) + c->cs;
  c->chin = sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

/* Pointers into one block. */
static int divide(vr_cmaes *c)
{
  size_t n = c->n, all = state_of(n) + c->lambda * n + c->lambda + n + c->mu + n * n + 2 * n;
  VR_TRY(vr_alloc(&c->block, all, sizeof *c->block));
  double *p = c->block;
  double **to[] = {&c->mean, &c->pc, &c->ps, &c->root, &c->cov, &c->axes, &c->y, &c->cost,
    &c->scale, &c->weight, &c->work};
  const size_t size[] = {n, n, n, n, n * n, n * n, c->lambda * n, c->lambda, n, c->mu};
  for (size_t i = 0; i < VR_LEN(to); i++) {
    *to[i] = p;
    if (i < VR_LEN(size)) p += size[i];
  }
  return vr_alloc(&c->order, c->lambda, sizeof *c->order);
}

int vr_cmaes_new(const vr_cmaes_par *par, const double *start, const double *scale, vr_cmaes **c)
{
  *c = NULL;
  size_t n = par->n, lambda = par->population;
  if (!n || n > 10000) return vr_fail(VR_EARG, "CMA-ES: of %zu numbers", n);
  if (!lambda) lambda = 4 + (size_t)(3 * log((double)n));
  if (lambda < 4 || !(par->sigma > 0))
    return vr_fail(VR_EARG,
      "CMA-ES: it takes 4 candidates at least, and a step above 0; not %zu, %g", lambda,
      par->sigma);
  VR_TRY(vr_alloc(c, 1, sizeof **c));
  **c = (vr_cmaes){.n = n, .lambda = lambda, .mu = lambda / 2, .seed = par->seed};
  int code = divide(*c);
  if (code) {
    vr_cmaes_free(*c);
    *c = NULL;
    return code;
  }
  tune(*c);
  (*c)->sigma = par->sigma;
  for (size_t i = 0; i < n; i++) {
    (*c)->scale[i] = scale ? scale[i] : 1;
    (*c)->mean[i] = start[i];
    (*c)->cov[i * n + i] = (*c)->axes[i * n + i] = (*c)->root[i] = 1;
  }
  return 0;
}

void vr_cmaes_free(vr_cmaes *c)
{
  if (!c) return;
  vr_release(c->block);
  vr_release(c->order);
  vr_release(c);
}

size_t vr_cmaes_population(const vr_cmaes *c)
{
  return c->lambda;
}

/* y = axes' diag(root) z of candidate k */
static void draw(const vr_cmaes *c, size_t k, double *y)
{
  size_t n = c->n;
  uint32_t stream = (uint32_t)(c->generation * c->lambda + k);
  vr_rng r = vr_rng_new(c->seed, stream, RNG_CMAES);
  memset(y, 0, n * sizeof *y);
  for (size_t j = 0; j < n; j++) {
    double z = c->root[j] * vr_rng_normal(&r);
    for (size_t i = 0; i < n; i++) y[i] += c->axes[j * n + i] * z;
  }
}

void vr_cmaes_ask(const vr_cmaes *c, double *x)
{
  for (size_t k = 0; k < c->lambda; k++) {
    double *row = x + k * c->n;
    draw(c, k, row);
    for (size_t i = 0; i < c->n; i++) row[i] = c->mean[i] + c->sigma * c->scale[i] * row[i];
  }
}

/* Candidates by cost, into order. */
static void sort(vr_cmaes *c, const double *cost)
{
  for (size_t k = 0; k < c->lambda; k++) {
    double f = isfinite(cost[k]) ? cost[k] : INFINITY;
    size_t i = k;
    for (; i && f < c->cost[c->order[i - 1]]; i--) c->order[i] = c->order[i - 1];
    c->order[i] = k;
    c->cost[k] = f;
  }
}

/* The paths and the step, from the weighted step of the mean. */
static void follow(vr_cmaes *c, const double *step)
{
  size_t n = c->n;
  double length = 0, keep = 1 - c->cs, gain = sqrt(c->cs * (2 - c->cs) * c->mueff);
  for (size_t i = 0; i < n; i++) c->ps[i] *= keep;
  for (size_t j = 0; j < n; j++) {
    // C^-1/2 step, one eigenvector after the other
    const double *axis = c->axes + j * n;
    double along = 0;
    for (size_t i = 0; i < n; i++) along += axis[i] * step[i];
    for (size_t i = 0; i < n; i++) c->ps[i] += gain * axis[i] * along / c->root[j];
  }
  for (size_t i = 0; i < n; i++) length += c->ps[i] * c->ps[i];
  length = sqrt(length);
  double done = 1 - pow(keep, 2 * (double)(c->generation + 1));
  int stalls = length / sqrt(done) / c->chin >= 1.4 + 2 / ((double)n + 1);
  gain = stalls ? 0 : sqrt(c->cc * (2 - c->cc) * c->mueff);
  for (size_t i = 0; i < n; i++) c->pc[i] = (1 - c->cc) * c->pc[i] + gain * step[i];
  double lost = stalls ? c->c1 * c->cc * (2 - c->cc) : 0; // of variance, when pc stalls
  double old = 1 - c->c1 - c->cmu + lost;
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++) {
      double *to = c->cov + i * n + j;
      *to = old * *to + c->c1 * c->pc[i] * c->pc[j];
      for (size_t m = 0; m < c->mu; m++) {
        const double *y = c->y + c->order[m] * n;
        *to += c->cmu * c->weight[m] * y[i] * y[j];
      }
    }
  c->sigma *= exp(fmin(1, c->cs / c->damps * (length / c->chin - 1)));
}

/* Eigenvectors anew, when the covariance has changed enough. */
static int decompose(vr_cmaes *c)
{
  size_t n = c->n;
  double wait = 1 / (c->c1 + c->cmu) / (double)n / 10;
  if ((double)(c->generation - c->decomposed) < wait) return 0;
  memcpy(c->work, c->cov, n * n * sizeof *c->work);
  double *values = c->work + n * n;
  VR_TRY(vr_wrap(vr_eigh(n, c->work, n, values, c->axes), "CMA-ES"));
  if (!(values[n - 1] > 0) || values[0] > 1e14 * values[n - 1] || !isfinite(c->sigma))
    return vr_fail(VR_ENUM, "CMA-ES: the distribution has degenerated");
  for (size_t i = 0; i < n; i++) c->root[i] = sqrt(values[i]);
  c->decomposed = c->generation;
  return 0;
}

int vr_cmaes_tell(vr_cmaes *c, const double *cost)
{
  size_t n = c->n;
  sort(c, cost);
  for (size_t k = 0; k < c->lambda; k++) draw(c, k, c->y + k * n);
  double *step = c->work;
  memset(step, 0, n * sizeof *step);
  for (size_t m = 0; m < c->mu; m++)
    for (size_t i = 0; i < n; i++) step[i] += c->weight[m] * c->y[c->order[m] * n + i];
  for (size_t i = 0; i < n; i++) c->mean[i] += c->sigma * c->scale[i] * step[i];
  follow(c, step);
  c->generation++;
  return decompose(c);
}

void vr_cmaes_mean(const vr_cmaes *c, double *mean)
{
  memcpy(mean, c->mean, c->n * sizeof *mean);
}

double vr_cmaes_sigma(const vr_cmaes *c)
{
  return c->sigma;
}

size_t vr_cmaes_generation(const vr_cmaes *c)
{
  return c->generation;
}

size_t vr_cmaes_state_size(const vr_cmaes *c)
{
  return HEAD + state_of(c->n);
}

void vr_cmaes_save(const vr_cmaes *c, double *state)
{
  state[0] = c->sigma;
  state[1] = (double)c->generation;
  state[2] = (double)c->decomposed;
  memcpy(state + HEAD, c->block, state_of(c->n) * sizeof *state);
}

void vr_cmaes_restore(vr_cmaes *c, const double *state)
{
  c->sigma = state[0];
  c->generation = (size_t)state[1];
  c->decomposed = (size_t)state[2];
  memcpy(c->block, state + HEAD, state_of(c->n) * sizeof *state);
}
