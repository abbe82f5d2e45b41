/* kmeans_tile.h -- inside of kmeans: one form of the scores, for vectors of LANES floats, ROWS rows and
 * PANELS panels at a time in registers. Included once for each form, after NAME, TARGET, LANES, ROWS
 * and PANELS; no guard. */
#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define V CAT(NAME, vector)
#define EACH (KM_PANEL / LANES)
#define COLS (PANELS * EACH)

typedef float V __attribute__((vector_size(4 * LANES)));

/* Scores of ROWS rows with the centres of PANELS panels from `first`. */
TARGET static inline void CAT(NAME, tile)(
  const km_pack *p, size_t first, const float *const *row, float *score)
{
  V acc[ROWS][COLS];
  const float *panel = p->panel + first * p->d * KM_PANEL;
  size_t wide = p->panels * KM_PANEL;
#pragma GCC unroll 4
  for (int c = 0; c < COLS; c++)
#pragma GCC unroll 6
    for (int r = 0; r < ROWS; r++) acc[r][c] = *(const V *)(p->half + first * KM_PANEL + LANES * c);
  for (size_t t = 0; t < p->d; t++)
#pragma GCC unroll 6
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
      for (int c = 0; c < COLS; c++) {
        const float *y = panel + ((size_t)(c / EACH) * p->d + t) * KM_PANEL + c % EACH * LANES;
        acc[r][c] -= *(const V *)y * row[r][t];
      }
#pragma GCC unroll 6
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
    for (int c = 0; c < COLS; c++)
      *(V *)(score + (size_t)r * wide + first * KM_PANEL + LANES * c) = acc[r][c];
}

#undef CAT_
#undef CAT
#undef V
#undef EACH
#undef COLS
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef PANELS
