/* knn_scan.h -- inside of knn: points packed in panels, queries in tiles, candidates.
 *
 * Columns are cut into stages of 16. A panel holds 32 points: for each stage its columns
 * (column x 32) and one row of half squared norms h_y. A tile holds 12 queries: for each stage its
 * columns, negated (column x 12). After a stage the sum of h_y - x.y over the columns so far is
 * half the squared distance in them, less half the squared norm of x in them. */
#ifndef VR_NUM_KNN_SCAN_H
#define VR_NUM_KNN_SCAN_H
#include "num/mat.h"

enum { KNN_PANEL = 32, KNN_TILE = 12, KNN_STAGE = 16 };

/* A candidate with its squared distance in double precision. */
typedef struct {
  double dist2;
  int32_t index;
} knn_exact;

/* Queries of one block and the candidates found for them. A candidate's score is half its squared
 * distance less half the squared norm of the query, less a bound on the rounding. */
typedef struct {
  size_t first, n; /* rows of the queries */
  size_t tiles, cap, k;
  float *tile;     /* tiles x dims x 12 */
  float *limit;    /* tiles x stages x 12: a score above it after a stage is no neighbour */
  float *tail;     /* the same shape: half squared norm of the query in the later stages */
  double *half;    /* tiles x 12: half squared norm of the query */
  float *score;    /* tiles x 12 x cap */
  int32_t *index;  /* tiles x 12 x cap */
  size_t *count;   /* tiles x 12 */
  int32_t *last;   /* tiles x 12: once panels ascend no row above it is wanted */
  knn_exact *list; /* cap, scratch */
  int ascending;
} knn_block;

typedef struct {
  const vr_mat *x, *q; /* points and queries, as they came (the same matrix within one set) */
  int self;            /* a row is no neighbour of itself */
  size_t dims, stages, panels, panel_size;
  double *mean, *axes; /* turned = axes (x - mean), with the scale in the axes */
  double scale;
  double slack; /* bound on the relative rounding of scores */
  float *panel;
} knn_set;

/* Number of columns in stage s. */
static inline size_t knn_stage_dims(size_t dims, size_t s)
{
  size_t left = dims - s * KNN_STAGE;
  return left < KNN_STAGE ? left : KNN_STAGE;
}

/* Compares all queries of the block with the points of panel p. */
void vr_knn_scan(const knn_set *set, knn_block *b, size_t p);

/* Forgets the candidates of query i (place in the block): all points are wanted again. */
void vr_knn_open(const knn_set *set, knn_block *b, size_t i);

/* Adds point j to the candidates of query i; makes room when they are many. */
void vr_knn_take(const knn_set *set, knn_block *b, size_t i, float score, int32_t j);

/* The k nearest of query i in order, in b->list. */
void vr_knn_finish(const knn_set *set, knn_block *b, size_t i);

#endif
