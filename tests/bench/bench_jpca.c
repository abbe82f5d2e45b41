/* bench_jpca.c -- jPCA with 1000 surrogates: bench_jpca FILE ROWS COLUMNS THREADS
 * Trials of 1375 rows at 50 Hz. quality: how far the skew-symmetric M is from solving its equation,
 * |S M + M S - C + C'| / |C - C'|, with the state of the first frame as the port has it. */
#include "ana/jpca.h"
#include "bench.h"

enum { TRIAL = 1375, N = 6 };

static double residual(const vr_jpca *j, const vr_trials *tr)
{
  double s[N * N] = {0}, c[N * N] = {0}, off = 0, all = 0;
  for (size_t k = 0; k < tr->n; k++)
    for (size_t t = tr->first[k]; t + 1 < tr->first[k] + tr->frames[k]; t++) {
      double x[N] = {0}, y[N] = {0};
      for (size_t i = 0; i < N; i++)
        for (size_t l = 0; l < N; l++) {
          x[i] += vr_row(&j->scores, t)[l] * vr_row(&j->basis, i)[l];
          y[i] += vr_row(&j->scores, t + 1)[l] * vr_row(&j->basis, i)[l];
        }
      for (size_t i = 0; i < N; i++)
        for (size_t l = 0; l < N; l++) {
          s[i * N + l] += x[i] * x[l];
          c[i * N + l] += x[i] * (y[l] - x[l]);
        }
    }
  for (size_t i = 0; i < N; i++)
    for (size_t l = 0; l < N; l++) {
      double right = c[i * N + l] - c[l * N + i], left = 0;
      for (size_t k = 0; k < N; k++)
        left += (s[i * N + k] * j->matrix.a[k * N + l] + j->matrix.a[i * N + k] * s[k * N + l]) /
                tr->rate;
      off += (left - right) * (left - right);
      all += right * right;
    }
  return sqrt(off / all);
}

int main(int argc, char **argv)
{
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_jpca j = {0};
  vr_jpca_par par = VR_JPCA_DEFAULTS;
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_must(vr_trials_resize(&tr, x.rows / TRIAL));
  for (size_t k = 0; k < tr.n; k++) {
    tr.first[k] = k * TRIAL;
    tr.frames[k] = TRIAL;
  }
  tr.rate = 50;
  par.first = 1;
  bench_clock();
  bench_must(vr_jpca_fit(&x, &tr, &par, &pool, &j));
  bench_tell();
  printf("quality %.3g\n", residual(&j, &tr));
  vr_jpca_free(&j);
  vr_trials_free(&tr);
  vr_mat_free(&x);
  return 0;
}
