/* cmaes.h -- minimising a function of many numbers by the evolution of a normal distribution.
 *
 *   vr_cmaes_new(&par, start, scale, &c);
 *   loop: vr_cmaes_ask(c, x); f[k] = cost of row k of x; vr_cmaes_tell(c, f);
 *
 * CMA-ES as in N. Hansen, The CMA evolution strategy: a tutorial (2016): weighted recombination of the
 * better half, cumulative step-size adaptation, rank-one and rank-mu updates; no negative weights.
 * Candidate k of generation g is drawn from a random stream of its own, so what is asked next follows
 * from the seed and what was told. */
#ifndef VR_NUM_CMAES_H
#define VR_NUM_CMAES_H
#include <stddef.h>
#include <stdint.h>

typedef struct vr_cmaes vr_cmaes;

typedef struct {
  size_t n;          /* numbers */
  size_t population; /* candidates a generation; 0: 4 + 3 ln n */
  double sigma;      /* first step, in units of scale */
  uint64_t seed;
} vr_cmaes_par;

/* start, scale (n): the first mean, and the unit of each number (NULL: 1). Copied. VR_EARG, VR_EMEM. */
int vr_cmaes_new(const vr_cmaes_par *par, const double *start, const double *scale, vr_cmaes **c);
void vr_cmaes_free(vr_cmaes *c);

size_t vr_cmaes_population(const vr_cmaes *c);

/* The candidates of this generation: x (population x n). The same again until told. */
void vr_cmaes_ask(const vr_cmaes *c, double *x);

/* Their costs: what is not finite is worse than all that is, ties go by number. Moves the distribution.
 * VR_ENUM when it has degenerated. */
int vr_cmaes_tell(vr_cmaes *c, const double *cost);

/* The distribution now: mean (n, or NULL), step in units of scale, generations told. */
void vr_cmaes_mean(const vr_cmaes *c, double *mean);
double vr_cmaes_sigma(const vr_cmaes *c);
size_t vr_cmaes_generation(const vr_cmaes *c);

/* All of it as doubles, and back into one of the same parameters. */
size_t vr_cmaes_state_size(const vr_cmaes *c);
void vr_cmaes_save(const vr_cmaes *c, double *state);
void vr_cmaes_restore(vr_cmaes *c, const double *state);

#endif
