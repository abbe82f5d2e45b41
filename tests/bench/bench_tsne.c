/* bench_tsne.c -- a map of the rows:
 *   bench_tsne FILE ROWS COLUMNS THREADS auto|bh|fft [ITERATIONS [MAP]]
 * with ITERATIONS after the 250 of the first phase (500); or the quality of a map made elsewhere:
 *   bench_tsne FILE ROWS COLUMNS THREADS kl MAP
 * quality: divergence from the affinities of exact neighbours, with all pairs in Z. MAP is raw
 * float64, row by row. */
#include "ana/tsne.h"
#include "bench.h"
#include <string.h>

static void read_map(const char *path, size_t n, vr_mat *y)
{
  FILE *f = fopen(path, "rb");
  bench_must(vr_mat_resize(y, n, 2));
  if (!f || fread(y->a, 2 * sizeof *y->a, n, f) != n) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(1);
  }
  fclose(f);
}

static void write_map(const char *path, const vr_mat *y)
{
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(y->a, 2 * sizeof *y->a, y->rows, f) != y->rows || fclose(f)) {
    fprintf(stderr, "%s: cannot be written\n", path);
    exit(1);
  }
}

static void tell_quality(const vr_mat *x, const vr_mat *y, const vr_pool *pool)
{
  vr_affinity p = {0};
  double kl;
  bench_must(vr_tsne_joint(x, 30, 0, pool, &p));
  bench_must(vr_tsne_kl(&p, y, pool, &kl));
  printf("quality %.6f\n", kl);
  vr_affinity_free(&p);
}

int main(int argc, char **argv)
{
  vr_mat x = {0};
  vr_tsne_map map = {0};
  vr_tsne_par par = VR_TSNE_DEFAULTS;
  vr_pool pool = bench_begin(argc, argv, &x);
  const char *word = argc > 5 ? argv[5] : "auto";
  if (!strcmp(word, "kl") && argc > 6) {
    read_map(argv[6], x.rows, &map.y);
  } else {
    if (!strcmp(word, "bh")) par.mode = VR_TSNE_BH;
    if (!strcmp(word, "fft")) par.mode = VR_TSNE_FFT;
    if (argc > 6) par.iterations = (int)strtol(argv[6], NULL, 10);
    bench_clock();
    bench_must(vr_tsne(&x, &par, 1, &pool, NULL, NULL, &map));
    bench_tell();
    if (argc > 7) write_map(argv[7], &map.y);
  }
  tell_quality(&x, &map.y, &pool);
  vr_tsne_free(&map);
  vr_mat_free(&x);
  return 0;
}
