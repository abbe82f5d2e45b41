/* jpca.h -- the planes in which the state of a population turns (jPCA; Churchland et al. 2012).
 *
 * The columns are reduced to n principal components, and the step of each frame to the next, within
 * trials, is told by the state: step = state M with M skew-symmetric. The least-squares M is exact,
 * S M + M S = C - C' with S = sum of state' state and C = sum of state' step, so there is no
 * minimiser. Its eigenvectors give n / 2 orthogonal planes, the fastest first. The state is that in
 * the middle of a step, for which a rotation at frequency f gives w = 2 tan(pi f dt) whatever f is; of
 * the first frame, as in the original program, it gives sin(2 pi f dt), which tells f only below a
 * quarter of the sampling rate.
 *
 * Smooth noise turns as well, so every number has a null. The trials, or pieces of long ones, are the
 * independent samples; a surrogate gives each component of each piece a sign of its own, which keeps
 * the course of every component and undoes their relation, and is then brought back to the
 * covariance of the data. Under the null (components that know nothing of each other) data and
 * surrogates are alike, so p is right for any spectrum. It needs enough of them (pieces.h).
 *
 * Same bytes for any pool, also NULL. */
#ifndef VR_ANA_JPCA_H
#define VR_ANA_JPCA_H
#include "ana/pca.h"

enum { VR_JPCA_MAX = 32 }; /* most components */

typedef struct {
  int n;          /* components; even */
  int scale;      /* divide columns by their standard deviation */
  double soft;    /* >= 0: divide columns by their range + soft instead */
  int mean;       /* subtract the mean over the trials at each time (equal lengths) */
  int first;      /* the state of the first frame of a step, as in the original */
  int surrogates; /* 0: no null */
  double piece;   /* s; length of pieces; 0: the trials, cut where they are few */
  uint64_t seed;
} vr_jpca_par;
#define VR_JPCA_DEFAULTS                                                                           \
  {                                                                                                \
    .n = 6, .soft = -1, .surrogates = 1000, .seed = 1                                              \
  }

/* One plane. null: the point that 95 % of the surrogates stay below; p: of as much or more. */
typedef struct {
  double speed;     /* w, rad/s, as fitted */
  double frequency; /* Hz, corrected for the step */
  double share;     /* of the variance of all columns */
  double r2, best;  /* of the steps in this plane: by M, and by any matrix in the plane */
  double peak;      /* Hz: where the spectrum of the two scores is highest */
  double turn;      /* Hz: mean turn of the state, weighted by the squared radius */
  double frequency_null, frequency_p, share_null, share_p;
} vr_jpca_plane;

/* Zero-initialise; freed with vr_jpca_free. */
typedef struct {
  size_t n, planes;
  vr_pca pca;      /* the components (n of them), with mean and scale of the columns */
  vr_mat scores;   /* rows x n: on the jPCs */
  vr_mat loadings; /* columns x n: the jPCs in the space of the columns */
  vr_mat basis;    /* n x n: the jPCs (columns) in the space of the components */
  vr_mat matrix;   /* n x n: M, 1/s */
  vr_jpca_plane plane[VR_JPCA_MAX / 2];
  double r2, best;      /* of all steps: by M, and by any matrix */
  double r2_null, r2_p; /* of r2 */
  double gap;      /* (variance of component n - that of n + 1) / that of n; 1: there is none */
  size_t steps;    /* frames that have a next one */
  size_t pieces;   /* that the null is made of, if they are enough */
  size_t shortest; /* frames of the shortest of them */
  vr_mat null;     /* surrogates x (1 + 2 planes): r2, frequencies, shares; no rows: no null */
} vr_jpca;

/* x (M x N), M = rows of tr, tr->rate in Hz. VR_EARG: an odd number of components, or more than
 * there are columns; VR_EDATA: too few frames, dimensions, or unequal trials with `mean`. */
int vr_jpca_fit(
  const vr_mat *x, const vr_trials *tr, const vr_jpca_par *par, const vr_pool *pool, vr_jpca *j);
void vr_jpca_free(vr_jpca *j);

/* M (n x n, per step) from the sums S, C (n x n); scratch for 4 n n numbers. */
int vr_jpca_skew(size_t n, const double *s, const double *c, double *scratch, double *m);

#endif
