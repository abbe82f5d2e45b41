/* kmeans_in.h -- inside of kmeans: rows in single precision, packed centres, scores.
 *
 * Rows are shifted and scaled so that their largest number is near 1. The score of a row x and a
 * centre c is |c|^2 / 2 - x.c, which differs from half the squared distance by what is the same for
 * all centres. Its error is below `rounding` (|x| |c| + |c|^2 / 2) + KM_TINY. */
#ifndef VR_ANA_KMEANS_IN_H
#define VR_ANA_KMEANS_IN_H
#include "ana/kmeans.h"
#include "base/mem.h"

enum { KM_ROWS = 6, KM_PANEL = 16, KM_BLOCK = 504, KM_CHUNK = 1008 };
#define KM_ULP 0x1.02p-24
#define KM_TINY 1e-33

typedef struct {
  const vr_mat *x;     /* the rows as they came */
  float *a;            /* n x d, scale (x - mean) */
  double *half;        /* n: half squared norms of the rows of a */
  double *mean;        /* d */
  double scale;        /* a power of two */
  double rounding;     /* relative error of scores */
  size_t chunks, size; /* fixed pieces of the rows */
  const vr_pool *pool;
} km_rows;

/* Centres in panels of 16: for each panel d x 16 numbers, then 16 half squared norms. */
typedef struct {
  size_t d, k, panels;
  float *panel, *half; /* panels x d x 16, panels x 16; infinite half norms beyond k */
  double norm;         /* the largest of the centres */
} km_pack;

int vr_km_pack_new(km_pack *p, size_t d, size_t k, vr_arena *arena);
/* Packs k centres (k x d, as x came). */
void vr_km_pack_set(km_pack *p, const km_rows *rows, const double *centre, size_t k);

/* score[r * 16 panels + c] for KM_ROWS rows. */
void vr_km_scores(const km_pack *p, const float *const *row, float *score);

/* The least of n scores (n a multiple of 16), where it is, and the second least. score is changed. */
typedef struct {
  float least, second;
  int32_t at;
} km_least;
void vr_km_pick(float *score, size_t n, km_least *out);

/* Dot product and squared distance; the same on every processor for doubles. */
float vr_km_dot(const float *x, const float *y, size_t d);
double vr_km_dist2(const double *x, const double *y, size_t d);

/* The error of the scores of row i with these centres. */
double vr_km_error(const km_rows *rows, const km_pack *p, size_t i);

/* First row and one past the last of a chunk. */
static inline size_t km_first(const km_rows *r, size_t chunk)
{
  return chunk * r->size;
}
static inline size_t km_end(const km_rows *r, size_t chunk)
{
  size_t end = (chunk + 1) * r->size;
  return end < r->x->rows ? end : r->x->rows;
}

/* Centres (restarts x k x d, as x came) by k-means++ for starts first .. first + restarts - 1. */
int vr_km_seed(
  const km_rows *rows, size_t k, size_t first, size_t restarts, uint64_t seed, double *centre);

/* What one run of Lloyd's iterations leaves. */
typedef struct {
  int32_t *label; /* n, from 0 */
  size_t *count;
  int iterations, converged;
} km_run;

/* Iterates from `centre` (k x d), which becomes that of the result. run->label and count are the
 * caller's. */
int vr_km_lloyd(const km_rows *rows, size_t k, int iterations, double *centre, km_run *run);

#endif
