/* mds.h -- multidimensional scaling: points in few dimensions whose distances are near given ones.
 *
 * Classical (Torgerson 1952): the leading eigenvectors of -1/2 H D^2 H, times the roots of their
 * eigenvalues; of Euclidean distances this is PCA. SMACOF (de Leeuw 1977): the sum of (d - delta)^2
 * over all pairs, the stress, made smaller step by step by the Guttman transform; it never grows.
 * What is found may be turned and mirrored: here the axes are principal, the first the longest, the
 * largest coordinate of each positive. */
#ifndef VR_ANA_MDS_H
#define VR_ANA_MDS_H
#include "base/pool.h"
#include "num/mat.h"

/* d (n x n): Euclidean distances between the rows of x (n x m). */
int vr_mds_distances(const vr_mat *x, const vr_pool *pool, vr_mat *d);

/* d (n x n) from similarities s, such as dot products: d^2 = s_ii + s_jj - 2 s_ij. VR_EDATA where
 * that is negative, and where s is not symmetric. */
int vr_mds_from_similarity(const vr_mat *s, vr_mat *d);

/* VR_EDATA unless d is square and symmetric, with zeros on the diagonal and nothing negative. */
int vr_mds_check(const vr_mat *d);

/* y (n x dims): classical scaling of d (n x n). value[n]: all eigenvalues, descending; negative ones
 * show how far the distances are from Euclidean. Axes with a negative eigenvalue are 0. */
int vr_mds_classical(const vr_mat *d, size_t dims, vr_mat *y, double *value);

/* The same for the rows of x (n x m), by their principal components: value[dims] (the further ones
 * add up to *rest), without a matrix of n x n. */
int vr_mds_points(
  const vr_mat *x, size_t dims, const vr_pool *pool, vr_mat *y, double *value, double *rest);

typedef struct {
  int dims;         /* 1 to VR_MDS_DIMS */
  int starts;       /* from points at random, beside the classical ones */
  int iterations;   /* at most, from each start */
  double tolerance; /* ends when the stress falls by less than this share of the sum of d^2 */
} vr_mds_par;
#define VR_MDS_DEFAULTS                                                                            \
  {                                                                                                \
    .dims = 2, .starts = 4, .iterations = 300, .tolerance = 1e-6                                   \
  }
enum { VR_MDS_DIMS = 10 };

/* What SMACOF did. */
typedef struct {
  double stress;  /* of the best start, with its last points */
  int start;      /* which it was: 0 the classical one, or the one given */
  int iterations; /* of it */
} vr_mds_info;

/* y (n x dims): the configuration of least stress. start: NULL, or points (n x dims) to start from
 * instead, in which case nothing is drawn. stress[starts + 1] of each start, or NULL. The same bytes
 * for any pool. */
int vr_mds_smacof(const vr_mat *d, const vr_mat *start, const vr_mds_par *par, uint64_t seed,
  const vr_pool *pool, vr_mat *y, double *stress, vr_mds_info *info);

/* Sum over pairs of (|y_i - y_j| - d_ij)^2, and of |y_i - y_j|^2: their ratio is the square of
 * Kruskal's stress-1. */
void vr_mds_stress(const vr_mat *d, const vr_mat *y, double *stress, double *square);

#endif
