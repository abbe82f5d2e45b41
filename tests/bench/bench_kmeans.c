/* bench_kmeans.c -- k-means, k = 50, from rows 0, n / 50, 2 n / 50 ... to convergence:
 * bench_kmeans FILE ROWS COLUMNS THREADS [LABELS]
 * quality: the inertia; LABELS gets the labels as raw int32. */
#include "ana/kmeans.h"
#include "bench.h"
#include <string.h>

enum { K = 50 };

int main(int argc, char **argv)
{
  vr_mat x = {0}, start = {0};
  vr_kmeans_fit fit = {0};
  vr_kmeans_par par = {.k = K, .restarts = 1, .iterations = 1000};
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_must(vr_mat_resize(&start, K, x.cols));
  for (size_t c = 0; c < K; c++)
    memcpy(vr_row(&start, c), vr_row(&x, c * x.rows / K), x.cols * sizeof *x.a);
  bench_clock();
  bench_must(vr_kmeans(&x, &start, &par, 1, &pool, NULL, NULL, &fit));
  bench_tell();
  printf("quality %.12g\n", fit.inertia);
  printf("iterations %d\n", fit.iterations);
  FILE *labels = argc > 5 ? fopen(argv[5], "wb") : NULL;
  if (argc > 5 && (!labels || fwrite(fit.label, sizeof *fit.label, fit.n, labels) != fit.n))
    return 1;
  if (labels) fclose(labels);
  vr_kmeans_free(&fit);
  vr_mat_free(&start);
  vr_mat_free(&x);
  return 0;
}
