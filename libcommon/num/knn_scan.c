#include "num/knn_scan.h"
#pragma GCC optimize("fp-contract=fast")

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));

/* Scores of `rows` queries (from place r of a tile) with 16 x cols points (from place c of a
 * panel), given up after the first stage in which all of them are above their limits: then 0. */
static inline __attribute__((always_inline)) int tile_scores(const knn_set *set, const float *tile,
  const float *limit, const float *panel, const int rows, const int cols,
  float score[KNN_TILE][KNN_PANEL])
{
  v16 acc[KNN_TILE][2];
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < cols; c++) acc[r][c] = (v16){0};
  for (size_t s = 0; s < set->stages; s++) {
    // one stage: its columns, then the half norms of the points
    size_t dims = knn_stage_dims(set->dims, s);
    for (size_t d = 0; d < dims; d++) {
      const v16 *y = (const v16 *)panel;
#pragma GCC unroll 12
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (int c = 0; c < cols; c++) acc[r][c] += y[c] * tile[r];
      panel += KNN_PANEL;
      tile += KNN_TILE;
    }
    const v16 *norm = (const v16 *)panel;
    v16i below = {0};
#pragma GCC unroll 12
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
      for (int c = 0; c < cols; c++) {
        acc[r][c] += norm[c];
        below |= (v16i)(acc[r][c] - limit[r]);
      }
    panel += KNN_PANEL;
    limit += KNN_TILE;
    // the sign bit tells whether any score is below its limit
    int any = 0;
    for (int l = 0; l < 16; l++) any |= below[l];
    if (any >= 0) return 0;
  }
#pragma GCC unroll 12
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 2
    for (int c = 0; c < cols; c++) *(v16 *)(score[r] + 16 * c) = acc[r][c];
  return 1;
}

/* Passes the scores below the limit of their query on, in the order of the points. */
static void take_scores(const knn_set *set, knn_block *b, size_t query, size_t point, int rows,
  int width, float score[KNN_TILE][KNN_PANEL])
{
  for (int r = 0; r < rows; r++) {
    size_t i = query + (size_t)r;
    const float *limit =
      b->limit + (i / KNN_TILE * set->stages + set->stages - 1) * KNN_TILE + i % KNN_TILE;
    int any = 0;
#pragma omp simd reduction(| : any)
    for (int c = 0; c < width; c++) any |= score[r][c] < *limit;
    if (!any) continue;
    for (int c = 0; c < width; c++)
      if (score[r][c] < *limit) vr_knn_take(set, b, i, score[r][c], (int32_t)(point + (size_t)c));
  }
}

static inline __attribute__((always_inline)) void scan(
  const knn_set *set, knn_block *b, size_t p, const int rows, const int cols)
{
  _Alignas(64) float score[KNN_TILE][KNN_PANEL];
  const float *panel = set->panel + p * set->panel_size;
  for (size_t t = 0; t < b->tiles; t++)
    for (int r = 0; r < KNN_TILE; r += rows)
      for (int c = 0; c < KNN_PANEL; c += 16 * cols)
        if (tile_scores(set, b->tile + t * set->dims * KNN_TILE + r,
              b->limit + t * set->stages * KNN_TILE + r, panel + c, rows, cols, score))
          take_scores(
            set, b, t * KNN_TILE + (size_t)r, p * KNN_PANEL + (size_t)c, rows, 16 * cols, score);
}

#ifdef __x86_64__
__attribute__((target("arch=x86-64-v4"))) static void scan_v4(
  const knn_set *set, knn_block *b, size_t p)
{
  scan(set, b, p, 12, 2);
}

__attribute__((target("arch=x86-64-v3"))) static void scan_v3(
  const knn_set *set, knn_block *b, size_t p)
{
  scan(set, b, p, 6, 1);
}
#endif

void vr_knn_scan(const knn_set *set, knn_block *b, size_t p)
{
#ifdef __x86_64__
  // registers hold 12 x 32 sums on the widest processors, 6 x 16 and 3 x 16 on older ones
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd")) {
    scan_v4(set, b, p);
    return;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("bmi2")) {
    scan_v3(set, b, p);
    return;
  }
#endif
  scan(set, b, p, 3, 1);
}
