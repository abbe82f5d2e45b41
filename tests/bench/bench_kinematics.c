/* bench_kinematics.c -- wavelets and their components in one pass: the columns of FILE as two sets,
 * 25 frequencies from 1 to 25 Hz, 15 components of each set; trials as in bench_wavelet.
 * bench_kinematics FILE ROWS COLUMNS THREADS
 *
 * quality: largest error of the first five scores of the first set in the first trial against double
 * precision, of the largest score. */
#include "ana/kinematics.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/blas.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { SETS = 2, KEPT = 15 };

typedef struct {
  float *x;
  size_t rows, cols, set; /* cols: of both sets */
  vr_mat scores[SETS];
} job;

static double seconds(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int code)
{
  if (!code) return;
  fprintf(stderr, "bench_kinematics: %s\n", vr_errmsg());
  exit(1);
}

static int read_rows(void *ctx, size_t first, size_t rows, double *x)
{
  const job *b = ctx;
  size_t m = b->cols / SETS;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < m; j++)
      x[i * m + j] = (double)b->x[(first + i) * b->cols + b->set * m + j];
  return 0;
}

static int put_scores(void *ctx, size_t first, size_t rows, const double *scores)
{
  job *b = ctx;
  memcpy(vr_row(&b->scores[b->set], first), scores, rows * KEPT * sizeof *scores);
  return 0;
}

static void run(job *b, const vr_trials *tr, int exact, const vr_pool *pool)
{
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  vr_pca_par pca = {.n = KEPT};
  vr_kinematics_io io = {read_rows, put_scores, NULL, b};
  vr_kinematics_room room = VR_KINEMATICS_ROOM;
  vr_pca basis = {0};
  vr_waves *w;
  par.exact = exact;
  must(vr_waves_new(&par, tr->rate, &w));
  for (b->set = 0; b->set < SETS; b->set++) {
    must(vr_mat_resize(&b->scores[b->set], b->rows, KEPT));
    must(vr_kinematics(w, tr, b->cols / SETS, &pca, 1, &io, &room, pool, &basis));
  }
  vr_release(room.block);
  vr_pca_free(&basis);
  vr_waves_free(w);
}

/* trials of 1000, 1500, 1500, 1500, 1000 ... rows, the last one as long as the rows last */
static void cut_trials(size_t rows, vr_trials *tr)
{
  must(vr_trials_resize(tr, rows / 1000 + 1));
  tr->rate = 50;
  tr->n = 0;
  for (size_t at = 0; at < rows; tr->n++) {
    size_t n = tr->n % 4 ? 1500 : 1000;
    tr->first[tr->n] = at;
    at += tr->frames[tr->n] = rows - at < n ? rows - at : n;
  }
}

int main(int argc, char **argv)
{
  if (argc != 5) return 2;
  job b = {.rows = strtoul(argv[2], NULL, 10), .cols = strtoul(argv[3], NULL, 10)}, exact;
  vr_trials tr = {0};
  vr_pool pool = {.threads = atoi(argv[4])};
  FILE *f = fopen(argv[1], "rb");
  vr_blas_begin();
  must(vr_alloc(&b.x, b.rows * b.cols, sizeof *b.x));
  if (!f || fread(b.x, sizeof *b.x, b.rows * b.cols, f) != b.rows * b.cols) return 1;
  fclose(f);
  cut_trials(b.rows, &tr);
  double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
  run(&b, &tr, 0, &pool);
  printf("cpu_s %.6f\nwall_s %.6f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
    seconds(CLOCK_MONOTONIC) - wall);
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  printf("peak_mb %.1f\n", (double)use.ru_maxrss / 1024);
  exact = b;
  memset(exact.scores, 0, sizeof exact.scores);
  run(&exact, &tr, 1, &pool);
  double most = 0, worst = 0;
  for (size_t i = 0; i < tr.frames[0]; i++)
    for (size_t k = 0; k < 5; k++) {
      most = fmax(most, fabs(vr_row(&exact.scores[0], i)[k]));
      worst = fmax(worst, fabs(vr_row(&exact.scores[0], i)[k] - vr_row(&b.scores[0], i)[k]));
    }
  printf("quality %.3g\n", worst / most);
  for (int s = 0; s < SETS; s++) {
    vr_mat_free(&b.scores[s]);
    vr_mat_free(&exact.scores[s]);
  }
  vr_release(b.x);
  vr_trials_free(&tr);
  return 0;
}
