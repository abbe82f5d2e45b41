/* bench_knn.c -- 90 nearest neighbours of each row: bench_knn FILE ROWS COLUMNS THREADS
 * quality: share of right neighbours of 100 rows, by all distances in double precision. */
#include "bench.h"
#include "num/knn.h"

enum { K = 90, SAMPLE = 100 };

static const double *distance;

static int by_distance(const void *a, const void *b)
{
  double x = distance[*(const int32_t *)a], y = distance[*(const int32_t *)b];
  return (x > y) - (x < y);
}

static double recall(const vr_mat *x, const vr_knn *got)
{
  size_t n = x->rows, right = 0;
  double *d = malloc(n * sizeof *d);
  int32_t *order = malloc(n * sizeof *order);
  if (!d || !order) exit(1);
  distance = d;
  for (size_t s = 0; s < SAMPLE; s++) {
    size_t i = s * n / SAMPLE;
    for (size_t j = 0; j < n; j++) {
      d[j] = 0;
      order[j] = (int32_t)j;
      for (size_t c = 0; c < x->cols; c++) {
        double e = vr_row(x, i)[c] - vr_row(x, j)[c];
        d[j] += e * e;
      }
    }
    d[i] = INFINITY;
    qsort(order, n, sizeof *order, by_distance);
    for (size_t c = 0; c < K; c++)
      right += d[got->index[i * K + c]] <= d[order[K - 1]];
  }
  free(d);
  free(order);
  return (double)right / (SAMPLE * K);
}

int main(int argc, char **argv)
{
  vr_mat x = {0};
  vr_knn got = {0};
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_clock();
  bench_must(vr_knn_self(&x, K, &pool, &got));
  bench_tell();
  printf("quality %.6f\n", recall(&x, &got));
  vr_knn_free(&got);
  vr_mat_free(&x);
  return 0;
}
