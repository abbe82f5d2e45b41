/* bench_cka.c -- CKA over the rows as clusters: bench_cka FILE ROWS COLUMNS THREADS null|pair|pairs|deals
 * null: of the first 128 columns with the others, with 1000 permutations, both estimators, 20 times;
 * pair: the value alone, of similarity matrices that are there, 2000 times; pairs: all ten pairs of
 * four layers of 128 columns and the features in the others, from the means to the values, 20 times;
 * deals: the same after each of 1000 deals of the units to the layers, both estimators.
 * quality: the value, or the sum of the values, of deals in the mean. */
#include "ana/cka_deal.h"
#include "bench.h"
#include <string.h>

enum { WIDE = 128, SETS = 5, ALL = SETS * (SETS - 1) / 2, TIMES = 20, PAIRS = 2000, DRAWS = 1000 };

static void cut(const vr_mat *x, size_t from, size_t to, vr_mat *part)
{
  bench_must(vr_mat_resize(part, x->rows, to - from));
  for (size_t i = 0; i < x->rows; i++)
    memcpy(vr_row(part, i), vr_row(x, i) + from, part->cols * sizeof *x->a);
}

static double one(const vr_mat *all, int null, const vr_pool *pool)
{
  vr_mat x = {0}, y = {0};
  vr_gram g[2] = {{0}, {0}};
  vr_cka_result r = {.paper = {.value = 0}};
  const vr_cka_pair pair = {0, 1};
  cut(all, 0, WIDE, &x);
  cut(all, WIDE, all->cols, &y);
  bench_must(vr_gram_make(&x, &g[0]));
  bench_must(vr_gram_make(&y, &g[1]));
  bench_clock();
  for (int t = 0; t < TIMES && null; t++) {
    bench_must(vr_gram_make(&x, &g[0]));
    bench_must(vr_gram_make(&y, &g[1]));
    bench_must(vr_cka_pairs(g, &pair, 1, DRAWS, (uint64_t)t, pool, &r));
  }
  for (int t = 0; t < PAIRS && !null; t++) r.paper.value += vr_cka(&g[0], &g[1]) / PAIRS;
  bench_tell();
  vr_gram_free(&g[0]);
  vr_gram_free(&g[1]);
  vr_mat_free(&x);
  vr_mat_free(&y);
  return r.paper.value;
}

static double all_pairs(const vr_mat *all)
{
  vr_mat x[SETS] = {{0}};
  vr_gram g[SETS] = {{0}};
  double sum = 0;
  for (size_t m = 0; m < SETS; m++)
    cut(all, WIDE * m, m + 1 < SETS ? WIDE * (m + 1) : all->cols, &x[m]);
  bench_clock();
  for (int t = 0; t < TIMES; t++) {
    sum = 0;
    for (size_t m = 0; m < SETS; m++) {
      bench_must(vr_gram_make(&x[m], &g[m]));
      for (size_t n = 0; n < m; n++) sum += vr_cka(&g[m], &g[n]);
    }
  }
  bench_tell();
  for (size_t m = 0; m < SETS; m++) {
    vr_gram_free(&g[m]);
    vr_mat_free(&x[m]);
  }
  return sum;
}

static double deals(const vr_mat *all, const vr_pool *pool)
{
  static double paper[ALL * DRAWS], debiased[ALL * DRAWS];
  vr_mat x[SETS] = {{0}};
  vr_gram g[SETS] = {{0}};
  vr_cka_pair pair[ALL];
  size_t n = 0;
  double sum = 0;
  for (size_t m = 0; m < SETS; m++) {
    cut(all, WIDE * m, m + 1 < SETS ? WIDE * (m + 1) : all->cols, &x[m]);
    for (size_t k = 0; k < m; k++) pair[n++] = (vr_cka_pair){m, k};
  }
  bench_must(vr_gram_make(&x[SETS - 1], &g[SETS - 1]));
  bench_clock();
  bench_must(
    vr_cka_deal(&(vr_cka_hand){SETS - 1, 1, x, g}, pair, n, DRAWS, 1, pool, paper, debiased));
  bench_tell();
  for (size_t e = 0; e < ALL * DRAWS; e++) sum += paper[e] / DRAWS;
  vr_gram_free(&g[SETS - 1]);
  for (size_t m = 0; m < SETS; m++) vr_mat_free(&x[m]);
  return sum;
}

int main(int argc, char **argv)
{
  vr_mat x = {0};
  vr_pool pool = bench_begin(argc, argv, &x);
  const char *mode = argc > 5 ? argv[5] : "pairs";
  double value = !strcmp(mode, "pairs")   ? all_pairs(&x)
                 : !strcmp(mode, "deals") ? deals(&x, &pool)
                                          : one(&x, !strcmp(mode, "null"), &pool);
  printf("quality %.12g\n", value);
  vr_mat_free(&x);
  return 0;
}
