/* bench_watershed.c -- regions of a map on a grid of 501 x 501: bench_watershed FILE ROWS 2 THREADS
 * SIGMA, the blur as a share of the width. quality: number of regions, for the peer to agree with. */
#include "ana/regions.h"
#include "ana/watershed.h"
#include "base/mem.h"
#include "bench.h"

int main(int argc, char **argv)
{
  vr_mat x = {0}, p = {0};
  vr_grid g;
  vr_density_par density = VR_DENSITY_DEFAULTS;
  vr_watershed_par par = VR_WATERSHED_DEFAULTS;
  int32_t *label, *of;
  size_t regions;
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_clock();
  bench_must(vr_grid_fit(&x, &density, &g));
  density.sigma = (argc > 5 ? strtod(argv[5], NULL) : VR_DENSITY_SIGMA) * g.width;
  bench_must(vr_grid_fit(&x, &density, &g));
  bench_must(vr_density(&x, &g, &pool, &p));
  par.floor = vr_watershed_floor(&par, &g);
  bench_must(vr_alloc(&label, g.n * g.n, sizeof *label));
  bench_must(vr_alloc(&of, x.rows, sizeof *of));
  bench_must(vr_watershed(&p, &par, label, &regions));
  vr_regions_of(&x, &g, label, of);
  bench_tell();
  printf("quality %zu\n", regions);
  vr_release(label);
  vr_release(of);
  vr_mat_free(&x);
  vr_mat_free(&p);
  return 0;
}
