/* tsne.h -- t-distributed stochastic neighbour embedding in two dimensions.
 *
 * van der Maaten & Hinton, JMLR 2008; Barnes-Hut: van der Maaten, JMLR 2014; interpolation on a grid:
 * Linderman et al., Nature Methods 2019. Rows of x become points y that minimise
 *   KL(P || Q) = sum p_ij ln(p_ij / q_ij),   q_ij = w_ij / Z,   w_ij = 1 / (1 + |y_i - y_j|^2),
 * P being Gaussian affinities whose width gives every row the same perplexity. All sums run in a
 * fixed order over fixed chunks: the bytes are the same for any number of threads. */
#ifndef VR_ANA_TSNE_H
#define VR_ANA_TSNE_H
#include "base/pool.h"
#include "num/mat.h"

typedef enum { VR_TSNE_AUTO, VR_TSNE_BH, VR_TSNE_FFT, VR_TSNE_EXACT } vr_tsne_mode;
typedef enum { VR_TSNE_PCA, VR_TSNE_RANDOM } vr_tsne_start;

typedef struct {
  double perplexity;     /* 3 x perplexity neighbours are kept; the exact mode keeps all */
  vr_tsne_mode mode;     /* how repulsion is summed; AUTO: by the number of rows */
  double theta;          /* Barnes-Hut: a cell is one point when its size / distance is below */
  double exaggeration;   /* factor of P in the first phase */
  int early, iterations; /* iterations of the first phase and after it */
  double rate;           /* learning rate; 0: rows / exaggeration of the phase (opt-SNE) */
  double momentum_early, momentum;
  double step;         /* no point moves further in one iteration; 0: no such limit */
  vr_tsne_start start; /* both with sd 1e-4 in the first column */
  const vr_mat *from;  /* or this map (n x 2); NULL */
} vr_tsne_par;

/* The schedule of openTSNE: the one with the lowest divergence after 750 iterations. The learning
 * rate belongs to the gradient without its factor 4, as in bhtsne and openTSNE. */
#define VR_TSNE_DEFAULTS                                                                           \
  {                                                                                                \
    .perplexity = 30, .mode = VR_TSNE_AUTO, .theta = 0.5, .exaggeration = 12, .early = 250,        \
    .iterations = 500, .rate = 0, .momentum_early = 0.8, .momentum = 0.8, .step = 5,               \
    .start = VR_TSNE_PCA,                                                                          \
  }
/* As MATLAB's tsne runs by default, the likely settings of the paper. */
#define VR_TSNE_MATLAB                                                                             \
  {                                                                                                \
    .perplexity = 30, .mode = VR_TSNE_BH, .theta = 0.5, .exaggeration = 4, .early = 99,            \
    .iterations = 901, .rate = 500, .momentum_early = 0.5, .momentum = 0.8, .step = 0,             \
    .start = VR_TSNE_RANDOM,                                                                       \
  }
/* As bhtsne and Rtsne run. */
#define VR_TSNE_BHTSNE                                                                             \
  {                                                                                                \
    .perplexity = 30, .mode = VR_TSNE_BH, .theta = 0.5, .exaggeration = 12, .early = 250,          \
    .iterations = 750, .rate = 200, .momentum_early = 0.5, .momentum = 0.8, .step = 0,             \
    .start = VR_TSNE_RANDOM,                                                                       \
  }

/* AUTO: exact below the first number of rows, Barnes-Hut below the second, then interpolation. */
enum { VR_TSNE_EXACT_BELOW = 500, VR_TSNE_FFT_FROM = 20000 };

/* Told how far a stage ("neighbours", "iterations") is. */
typedef void (*vr_tsne_progress)(void *ctx, const char *what, double done, double total);

/* Zero-initialise; freed with vr_tsne_free. */
typedef struct {
  vr_mat y;       /* n x 2 */
  vr_mat history; /* rows: iteration, divergence of the kept neighbours (without exaggeration) */
  vr_tsne_mode mode;
} vr_tsne_map;

/* Embeds the rows of x (n x d). `progress` may be NULL. VR_EARG: a setting out of range;
 * VR_EDATA: n - 1 < 3 perplexity, or a number that is not finite; VR_EMEM. */
int vr_tsne(const vr_mat *x, const vr_tsne_par *par, uint64_t seed, const vr_pool *pool,
  vr_tsne_progress progress, void *ctx, vr_tsne_map *map);
void vr_tsne_free(vr_tsne_map *map);

/* Symmetric affinities as sparse rows: row i has entries start[i] .. start[i+1]-1, its neighbours in
 * `index` and p_ij in `value`; all values sum to 1. Single precision. */
typedef struct {
  size_t n;
  size_t *start;
  int32_t *index;
  float *value;
} vr_affinity;

/* From the k nearest neighbours of each row (k = 0: 3 x perplexity). */
int vr_tsne_joint(
  const vr_mat *x, double perplexity, size_t k, const vr_pool *pool, vr_affinity *p);
void vr_affinity_free(vr_affinity *p);

/* Conditional affinities p (k) of one row from squared distances (ascending), whose entropy is
 * ln(perplexity) to 1e-10; where more neighbours than that share the smallest distance they share
 * all. Returns the precision beta in p ~ exp(-beta dist2). */
double vr_tsne_row(const float *dist2, size_t k, double perplexity, double *p);

/* Gradient of KL(P || Q) at y (n x 2), factor 4 included: g (n x 2), resized. mode not AUTO. */
int vr_tsne_gradient(const vr_affinity *p, const vr_mat *y, vr_tsne_mode mode, double theta,
  const vr_pool *pool, vr_mat *g);

/* KL(P || Q) with all pairs in Z, in double precision and a fixed order: the measure by which maps
 * are compared. n x n operations. */
int vr_tsne_kl(const vr_affinity *p, const vr_mat *y, const vr_pool *pool, double *kl);

/* Places new rows q (m x d) into a map y (n x 2) of the rows x (n x d), each for itself: from the
 * median of the places of its 25 nearest rows, and from that of the nearest, it descends
 * KL(P_i || Q_i) against the fixed map, with perplexity `perplexity` (5 in openTSNE). A row that is
 * in x, or a thousand times closer to one than to its 25th neighbour, takes the place of that row.
 * out (m x 2), resized. VR_EARG, VR_EMEM. */
int vr_tsne_place(const vr_mat *x, const vr_mat *y, const vr_mat *q, double perplexity,
  const vr_pool *pool, vr_tsne_progress progress, void *ctx, vr_mat *out);

#endif
