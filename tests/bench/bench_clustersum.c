/* bench_clustersum.c -- means of the rows by 50 labels: bench_clustersum FILE ROWS COLUMNS THREADS
 * quality: the sum of the squares of the means; read_s: what reading the numbers once takes. */
#include "ana/clustersum.h"
#include "bench.h"

enum { K = 50 };

int main(int argc, char **argv)
{
  vr_mat x = {0}, mean = {0};
  vr_clustersum s = {0};
  vr_pool pool = bench_begin(argc, argv, &x);
  int32_t *label = malloc(x.rows * sizeof *label);
  size_t which[K];
  if (!label) return 1;
  for (size_t i = 0; i < x.rows; i++) label[i] = (int32_t)(i / 7 * 31 % K) + 1;
  for (size_t c = 0; c < K; c++) which[c] = c;
  const int32_t *all = label;
  double read = bench_now(CLOCK_MONOTONIC), total = 0;
  for (size_t e = 0; e < x.rows * x.cols; e += 8) total += x.a[e];
  read = bench_now(CLOCK_MONOTONIC) - read;
  bench_clock();
  bench_must(vr_clustersum_init(&s, K, x.cols));
  bench_must(vr_clustersum_add(&s, 1, &x, &all, &pool));
  bench_must(vr_clustersum_means(&s, which, K, 1, &mean));
  bench_tell();
  double sum = 0;
  for (size_t e = 0; e < mean.rows * mean.cols; e++) sum += mean.a[e] * mean.a[e];
  printf("quality %.12g\nread_s %.4f\ntotal %g\n", sum, read, total);
  vr_clustersum_free(&s);
  vr_mat_free(&mean);
  vr_mat_free(&x);
  free(label);
  return 0;
}
