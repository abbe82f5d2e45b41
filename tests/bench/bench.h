/* bench.h -- what the drivers of benchmarks share: input, clocks, and the lines that harness.py
 * reads. A driver is called `bench_STAGE FILE ROWS COLUMNS THREADS [WORD ...]`. */
#ifndef VR_BENCH_H
#define VR_BENCH_H
#include "base/err.h"
#include "base/pool.h"
#include "num/blas.h"
#include "num/mat.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double bench_cpu, bench_wall;

static inline void bench_must(int code)
{
  if (!code) return;
  fprintf(stderr, "%s\n", vr_errmsg());
  exit(1);
}

static inline double bench_now(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The input, raw float32 row by row, as doubles; the pool of the threads that were asked for. */
static inline vr_pool bench_begin(int argc, char **argv, vr_mat *x)
{
  if (argc < 5) {
    fprintf(stderr, "usage: %s FILE ROWS COLUMNS THREADS [WORD ...]\n", argv[0]);
    exit(2);
  }
  size_t rows = strtoul(argv[2], NULL, 10), cols = strtoul(argv[3], NULL, 10);
  FILE *f = fopen(argv[1], "rb");
  float v;
  bench_must(vr_mat_resize(x, rows, cols));
  for (size_t k = 0; k < rows * cols; k++) {
    if (!f || fread(&v, sizeof v, 1, f) != 1) {
      fprintf(stderr, "%s: cannot be read\n", argv[1]);
      exit(1);
    }
    x->a[k] = (double)v;
  }
  fclose(f);
  vr_blas_begin();
  return (vr_pool){(int)strtol(argv[4], NULL, 10)};
}

static inline void bench_clock(void)
{
  bench_cpu = bench_now(CLOCK_PROCESS_CPUTIME_ID);
  bench_wall = bench_now(CLOCK_MONOTONIC);
}

static inline void bench_tell(void)
{
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  printf("cpu_s %.4f\n", bench_now(CLOCK_PROCESS_CPUTIME_ID) - bench_cpu);
  printf("wall_s %.4f\n", bench_now(CLOCK_MONOTONIC) - bench_wall);
  printf("peak_mb %.1f\n", (double)use.ru_maxrss / 1024);
}

#endif
