/* bench_wavelet.c -- amplitudes of the columns of FILE at 25 frequencies from 1 to 25 Hz, trial by
 * trial as in the paper (a quarter of the trials 20 s, the others 30 s at 50 Hz), handed over a trial
 * at a time: bench_wavelet FILE ROWS COLUMNS THREADS [hold]
 * hold: all amplitudes are held in memory instead.
 *
 * quality: largest error against the double precision path, of the largest amplitude. */
#include "ana/wavelet.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/blas.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double seconds(clockid_t id)
{
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(int code)
{
  if (!code) return;
  fprintf(stderr, "bench_wavelet: %s\n", vr_errmsg());
  exit(1);
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

static void load(const char *path, vr_mat *x)
{
  FILE *f = fopen(path, "rb");
  float *row = malloc(x->cols * sizeof *row);
  if (!f || !row) must(vr_fail(VR_EIO, "%s: cannot be read", path));
  must(vr_mat_resize(x, x->rows, x->cols));
  for (size_t i = 0; i < x->rows; i++) {
    if (fread(row, sizeof *row, x->cols, f) != x->cols)
      must(vr_fail(VR_EIO, "%s: too short", path));
    for (size_t j = 0; j < x->cols; j++) vr_row(x, i)[j] = (double)row[j];
  }
  fclose(f);
  free(row);
}

/* what the threads share: each trial is a unit of work, its amplitudes go to a room of the thread */
typedef struct {
  vr_waves *w;
  const vr_wave_unit *unit;
  const vr_mat *x;
  void *scratch[64];
  float *room[64];
  float *first; /* a copy of the amplitudes of the first trial, for the quality */
} job;

static int run_unit(void *ctx, size_t i, int thread)
{
  job *b = ctx;
  const vr_wave_unit *u = &b->unit[i];
  vr_waves_run(b->w, u, vr_row(b->x, u->first), b->x->cols, b->scratch[thread], b->room[thread]);
  if (!u->first) vr_waves_rows(b->w, u, b->x->cols, b->room[thread], b->first);
  return 0;
}

/* trial after trial, none kept */
static void pass_by(const vr_mat *x, const vr_trials *tr, const vr_wavelet_par *par,
  const vr_pool *pool, float *first)
{
  job b = {.x = x, .first = first};
  vr_wave_unit *unit;
  size_t n, longest = vr_trials_longest(tr);
  must(vr_waves_new(par, tr->rate, &b.w));
  must(vr_waves_cut(b.w, tr, &unit, &n));
  for (int i = 0; i < pool->threads; i++) {
    must(vr_waves_scratch(b.w, longest, &b.scratch[i]));
    must(
      vr_alloc(&b.room[i], vr_waves_stride(longest) * x->cols * (size_t)par->nfreq, sizeof(float)));
  }
  for (size_t i = 0; i < n; i += 64) {
    size_t group = n - i < 64 ? n - i : 64;
    b.unit = unit + i;
    must(vr_waves_prepare(b.w, b.unit, group));
    must(vr_pool_run(pool, group, run_unit, &b));
  }
  for (int i = 0; i < pool->threads; i++) {
    vr_release(b.scratch[i]);
    vr_release(b.room[i]);
  }
  vr_release(unit);
  vr_waves_free(b.w);
}

/* error of the first trial */
static double error(const vr_mat *x, size_t rows, const vr_wavelet_par *par, const float *amp)
{
  vr_mat part = {.rows = rows, .cols = x->cols, .a = x->a}, want = {0};
  vr_trials tr = {0};
  double most = 0, worst = 0;
  must(vr_trials_single(&tr, rows, 50));
  must(vr_wavelet(&part, &tr, par, NULL, &want));
  for (size_t i = 0; i < want.rows * want.cols; i++) {
    most = fmax(most, want.a[i]);
    worst = fmax(worst, fabs(want.a[i] - (double)amp[i]));
  }
  vr_mat_free(&want);
  vr_trials_free(&tr);
  return worst / most;
}

int main(int argc, char **argv)
{
  if (argc < 5) return 2;
  vr_mat x = {.rows = strtoul(argv[2], NULL, 10), .cols = strtoul(argv[3], NULL, 10)};
  vr_matf amp = {0};
  vr_trials tr = {0};
  vr_pool pool = {.threads = atoi(argv[4])};
  vr_wavelet_par par = VR_WAVELET_DEFAULTS;
  int hold = argc > 5 && !strcmp(argv[5], "hold");
  if (pool.threads < 1 || pool.threads > 64) return 2;
  vr_blas_begin();
  load(argv[1], &x);
  cut_trials(x.rows, &tr);
  if (!hold) must(vr_matf_resize(&amp, tr.frames[0], x.cols * (size_t)par.nfreq));
  double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
  if (hold)
    must(vr_waveletf(&x, &tr, &par, &pool, &amp));
  else
    pass_by(&x, &tr, &par, &pool, amp.a);
  printf("cpu_s %.6f\nwall_s %.6f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
    seconds(CLOCK_MONOTONIC) - wall);
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  printf("peak_mb %.1f\n", (double)use.ru_maxrss / 1024);
  printf("quality %.3g\n", error(&x, tr.frames[0], &par, amp.a));
  vr_mat_free(&x);
  vr_matf_free(&amp);
  vr_trials_free(&tr);
  return 0;
}
