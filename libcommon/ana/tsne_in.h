/* tsne_in.h -- inside of tsne: forces, and the grid on which they are interpolated; included nowhere
 * else. */
#ifndef VR_ANA_TSNE_IN_H
#define VR_ANA_TSNE_IN_H
#include "ana/tsne.h"
#include "base/mem.h"

enum { TSNE_ROWS = 512 }; /* rows in a chunk of work */

/* Chunks of TSNE_ROWS rows. */
static inline size_t tsne_chunks(size_t n)
{
  return (n + TSNE_ROWS - 1) / TSNE_ROWS;
}
static inline size_t tsne_chunk_end(size_t chunk, size_t n)
{
  return (chunk + 1) * TSNE_ROWS < n ? (chunk + 1) * TSNE_ROWS : n;
}

/* -- pull: force[i] = sum_j p_ij w_ij (y_i - y_j), rows first .. end-1 -- */
/* y and force (n x 2). */
void vr_tsne_pull(const vr_affinity *p, const double *y, size_t first, size_t end, double *force);
/* In single precision. */
void vr_tsne_pullf(const vr_affinity *p, const float *y, size_t first, size_t end, double *force);
/* sum p_ij ln(1 + |y_i - y_j|^2) over these rows. */
double vr_tsne_log_sum(const vr_affinity *p, const double *y, size_t first, size_t end);

/* -- push: force[i] = sum_j w_ij^2 (y_i - y_j), and *z = sum of all w_ij, i != j -- */
typedef struct vr_push vr_push;
int vr_push_new(vr_tsne_mode mode, size_t n, double theta, const vr_pool *pool, vr_push **push);
int vr_push_run(vr_push *push, const double *y, double *force, double *z);
void vr_push_free(vr_push *push); /* NULL is fine */

typedef struct vr_tree vr_tree;
int vr_tree_new(size_t n, double theta, const vr_pool *pool, vr_tree **tree);
int vr_tree_push(vr_tree *tree, const double *y, double *force, double *z);
void vr_tree_free(vr_tree *tree);

typedef struct vr_field vr_field;
int vr_field_new(size_t n, const vr_pool *pool, vr_field **field);
int vr_field_push(vr_field *field, const double *y, double *force, double *z);
void vr_field_free(vr_field *field);
/* Field of the points y kept for evaluation anywhere within `margin` of their box: at (u, v),
 * sum_j w, and sum_j w^2 times the difference to each point. */
int vr_field_fix(vr_field *field, const double *y, double margin);
void vr_field_at(const vr_field *field, const double place[2], double *w, double force[2]);

/* -- mesh: charges on a grid, convolved with the three kernels -- */
typedef struct vr_mesh vr_mesh;
int vr_mesh_new(const vr_pool *pool, vr_mesh **mesh);
void vr_mesh_free(vr_mesh *mesh);
/* Makes room for a box of width x height with a spacing of at most h and `edge` nodes more. The grid
 * and its kernels are kept while they serve. */
int vr_mesh_fit(vr_mesh *mesh, double width, double height, double h, size_t edge);
/* The grid, row after row along x. Charges are written by the caller before each convolution; force
 * holds two numbers a node, w (NULL until it was asked for) w and 0. */
typedef struct {
  size_t nx, ny;
  double h;
  float *charge;
  const float *force, *w;
} vr_nodes;
vr_nodes vr_mesh_nodes(const vr_mesh *mesh);
/* Spline coefficients of the force at the nodes, w^2 times the difference (or, `potential`, of w),
 * and *z = sum of c_a w_ab c_b over all nodes. */
int vr_mesh_convolve(vr_mesh *mesh, int potential, double *z);

#endif
