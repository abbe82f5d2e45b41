#include "num/knn_scan.h"
#include "base/isa.h"
#pragma GCC optimize("fp-contract=fast")

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

// four floats a register, sixteen registers: any processor
#define NAME plain
#define TARGET
#define LANES 4
#define ROWS 4
#define COLS 2
#include "num/knn_tile.h"

#ifdef __x86_64__
#define NAME v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define ROWS 6
#define COLS 2
#include "num/knn_tile.h"

#define NAME v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define LANES 16
#define ROWS 12
#define COLS 2
#include "num/knn_tile.h"
#endif

void vr_knn_scan(const knn_set *set, knn_block *b, size_t p)
{
#ifdef __x86_64__
  if (vr_isa() >= 4) {
    v4_scan(set, b, p);
    return;
  }
  if (vr_isa() >= 3) {
    v3_scan(set, b, p);
    return;
  }
#endif
  plain_scan(set, b, p);
}
