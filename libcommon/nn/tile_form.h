/* tile_form.h -- inside of nn: one form of the kernel of tile.h, for vectors of LANES numbers, of which
 * ROOM fit into registers as sums. Included once for each form, after NAME, TARGET, LANES and ROOM; no
 * guard. GCC takes vectors wider than the registers apart badly, hence one type for each form. */
#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define V CAT(NAME, vector)

typedef vr_real V __attribute__((vector_size(LANES * sizeof(vr_real)), aligned(sizeof(vr_real))));

/* ROWS x COLS vectors of c in registers, while all of k passes. */
TARGET static inline __attribute__((always_inline)) void CAT(NAME, tile)(
  const vr_tile *t, size_t i, size_t j, const int rows, const int cols)
{
  V acc[16][8];
  vr_real *c = t->c + i * t->ldc + j;
  const vr_real *from = t->start ? t->start + j : c;
  size_t step = t->start ? 0 : t->ldc;
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
    for (int v = 0; v < cols; v++) acc[r][v] = *(const V *)(from + (size_t)r * step + v * LANES);
  for (size_t s = 0; s < t->parts; s++) {
    const vr_real *a = t->a + s * t->apart + i * t->row, *b = t->b + s * t->bpart + j;
    for (size_t k = 0; k < t->k; k++, b += t->ldb, a += t->col) {
      V y[8];
      // 64 vectors ahead: weights of several layers come from behind the second cache
      const vr_real *ahead = b + (size_t)(64 / cols) * t->ldb;
#pragma GCC unroll 8
      for (int v = 0; v < cols; v++) {
        y[v] = *(const V *)(b + v * LANES);
        __builtin_prefetch(ahead + v * LANES);
      }
#pragma GCC unroll 16
      for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
        for (int v = 0; v < cols; v++) acc[r][v] += y[v] * a[(size_t)r * t->row];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
    for (int v = 0; v < cols; v++) *(V *)(c + (size_t)r * t->ldc + v * LANES) = acc[r][v];
}

/* All rows of `cols` vectors of columns from column j. */
#define RUN(rows, cols)                                                                            \
  if ((rows) * (cols) <= ROOM)                                                                     \
    for (; i + (rows) <= t->m; i += (rows)) CAT(NAME, tile)(t, i, j, rows, cols)

TARGET static void CAT(NAME, panel)(const vr_tile *t, size_t j, size_t cols)
{
  size_t i = 0;
  switch (cols) {
  case 8:
    RUN(2, 8);
    RUN(1, 8);
    break;
  case 4:
    RUN(6, 4);
    RUN(4, 4);
    RUN(2, 4);
    RUN(1, 4);
    break;
  case 2:
    RUN(12, 2);
    RUN(8, 2);
    RUN(6, 2);
    RUN(4, 2);
    RUN(2, 2);
    RUN(1, 2);
    break;
  default:
    RUN(16, 1);
    RUN(8, 1);
    RUN(4, 1);
    RUN(2, 1);
    RUN(1, 1);
  }
}
#undef RUN

/* The last columns, fewer than a vector: through copies that are filled up with zeros. */
TARGET static void CAT(NAME, rest)(const vr_tile *t, size_t j)
{
  enum { DEEP = 256, HIGH = 12 };
  vr_real b[DEEP * LANES] = {0}, c[HIGH * LANES] = {0};
  size_t n = t->n - j, size = n * sizeof *c;
  for (size_t s = 0; s < t->parts; s++)
    for (size_t k = 0; !k || k < t->k; k += DEEP) {
      size_t deep = t->k - k < DEEP ? t->k - k : DEEP;
      for (size_t i = 0; i < deep; i++)
        memcpy(b + i * LANES, t->b + s * t->bpart + (k + i) * t->ldb + j, size);
      for (size_t first = 0; first < t->m; first += HIGH) {
        size_t high = t->m - first < HIGH ? t->m - first : HIGH;
        vr_real *to = t->c + first * t->ldc + j;
        for (size_t i = 0; i < high; i++)
          memcpy(c + i * LANES, t->start && !s && !k ? t->start + j : to + i * t->ldc, size);
        vr_tile part = {.m = high,
          .n = LANES,
          .k = deep,
          .parts = 1,
          .row = t->row,
          .col = t->col,
          .b = b,
          .ldb = LANES,
          .c = c,
          .ldc = LANES};
        part.a = t->a + s * t->apart + first * t->row + k * t->col;
        CAT(NAME, panel)(&part, 0, 1);
        for (size_t i = 0; i < high; i++) memcpy(to + i * t->ldc, c + i * LANES, size);
      }
    }
}

TARGET static void CAT(NAME, add)(const vr_tile *t)
{
  enum { BLOCK = 96 }; // rows of a that stay in the cache
  for (size_t i = 0; i < t->m; i += BLOCK) {
    vr_tile some = *t;
    some.m = t->m - i < BLOCK ? t->m - i : BLOCK;
    some.a += i * t->row;
    some.c += i * t->ldc;
    size_t j = 0, wide = some.m <= 2 ? 8 : some.m <= 6 ? 4 : 2;
    for (; wide; wide /= 2)
      for (; j + wide * LANES <= t->n; j += wide * LANES) CAT(NAME, panel)(&some, j, wide);
    if (j < t->n) CAT(NAME, rest)(&some, j);
  }
}

#undef CAT_
#undef CAT
#undef V
#undef NAME
#undef TARGET
#undef LANES
#undef ROOM
