/* bench_mds.c -- SMACOF in the plane, 100 steps from the first two columns: bench_mds FILE ROWS
 * COLUMNS THREADS. quality: stress. */
#include "ana/mds.h"
#include "bench.h"

int main(int argc, char **argv)
{
  vr_mat x = {0}, d = {0}, start = {0}, y = {0};
  vr_mds_par par = {.dims = 2, .iterations = 100, .tolerance = 0};
  vr_mds_info info;
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_must(vr_mds_distances(&x, &pool, &d));
  bench_must(vr_mat_resize(&start, x.rows, 2));
  for (size_t i = 0; i < x.rows; i++)
    for (size_t k = 0; k < 2; k++) vr_row(&start, i)[k] = vr_row(&x, i)[k];
  bench_clock();
  bench_must(vr_mds_smacof(&d, &start, &par, 1, &pool, &y, NULL, &info));
  bench_tell();
  printf("quality %.10g\n", info.stress);
  vr_mat_free(&x);
  vr_mat_free(&d);
  vr_mat_free(&start);
  vr_mat_free(&y);
  return 0;
}
