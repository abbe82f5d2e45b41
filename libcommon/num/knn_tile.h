/* knn_tile.h -- inside of knn: one form of the scan, for vectors of LANES floats and ROWS x COLS of
 * them in registers. Included once for each form, after NAME, TARGET, LANES, ROWS and COLS; no
 * guard. GCC takes vectors wider than the registers apart badly, hence one type for each form. */
#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define V CAT(NAME, float)
#define VI CAT(NAME, int)

typedef float V __attribute__((vector_size(4 * LANES)));
typedef int32_t VI __attribute__((vector_size(4 * LANES)));

/* Scores of ROWS queries (from place r of a tile) with LANES x COLS points (from place c of a
 * panel), given up after the first stage in which all of them are above their limits: then 0. */
TARGET static inline int CAT(NAME, tile)(const knn_set *set, const float *tile, const float *limit,
  const float *panel, float score[KNN_TILE][KNN_PANEL])
{
  V acc[ROWS][COLS];
  for (int r = 0; r < ROWS; r++)
    for (int c = 0; c < COLS; c++) acc[r][c] = (V){0};
  for (size_t s = 0; s < set->stages; s++) {
    // one stage: its columns, then the half norms of the points
    size_t dims = knn_stage_dims(set->dims, s);
    for (size_t d = 0; d < dims; d++) {
      const V *y = (const V *)panel;
#pragma GCC unroll 12
      for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
        for (int c = 0; c < COLS; c++) acc[r][c] += y[c] * tile[r];
      panel += KNN_PANEL;
      tile += KNN_TILE;
    }
    const V *norm = (const V *)panel;
    VI below = {0};
#pragma GCC unroll 12
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
      for (int c = 0; c < COLS; c++) {
        acc[r][c] += norm[c];
        below |= (VI)(acc[r][c] - limit[r]);
      }
    panel += KNN_PANEL;
    limit += KNN_TILE;
    // the sign bit tells whether any score is below its limit
    int any = 0;
    for (int l = 0; l < LANES; l++) any |= below[l];
    if (any >= 0) return 0;
  }
#pragma GCC unroll 12
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
    for (int c = 0; c < COLS; c++) *(V *)(score[r] + LANES * c) = acc[r][c];
  return 1;
}

TARGET static void CAT(NAME, scan)(const knn_set *set, knn_block *b, size_t p)
{
  _Alignas(64) float score[KNN_TILE][KNN_PANEL];
  const float *panel = set->panel + p * set->panel_size;
  for (size_t t = 0; t < b->tiles; t++)
    for (size_t r = 0; r < KNN_TILE; r += ROWS)
      for (size_t c = 0; c < KNN_PANEL; c += LANES * COLS)
        if (CAT(NAME, tile)(set, b->tile + t * set->dims * KNN_TILE + r,
              b->limit + t * set->stages * KNN_TILE + r, panel + c, score))
          take_scores(set, b, t * KNN_TILE + r, p * KNN_PANEL + c, ROWS, LANES * COLS, score);
}

#undef CAT_
#undef CAT
#undef V
#undef VI
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef COLS
