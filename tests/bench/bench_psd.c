/* bench_psd.c -- Welch spectra of each column, segments of 10 s at 50 Hz that overlap by half, trials
 * of 1375 rows: bench_psd FILE ROWS COLUMNS THREADS. quality: sum of all powers, for the peer to
 * agree with. */
#include "ana/psd.h"
#include "bench.h"

int main(int argc, char **argv)
{
  enum { TRIAL = 1375 };
  vr_mat x = {0};
  vr_trials tr = {0};
  vr_psd p = {0};
  vr_psd_par par = VR_PSD_SCIPY;
  vr_pool pool = bench_begin(argc, argv, &x);
  bench_must(vr_trials_resize(&tr, (x.rows + TRIAL - 1) / TRIAL));
  tr.rate = 50;
  for (size_t k = 0; k < tr.n; k++) {
    tr.first[k] = k * TRIAL;
    tr.frames[k] = x.rows - k * TRIAL < TRIAL ? x.rows - k * TRIAL : TRIAL;
  }
  bench_clock();
  bench_must(vr_psd_welch(&x, &tr, NULL, 1, &par, &pool, &p));
  bench_tell();
  double sum = 0;
  for (size_t i = 0; i < p.cols * p.nfreq; i++) sum += p.power[i];
  printf("quality %.12g\n", sum);
  vr_psd_free(&p);
  vr_trials_free(&tr);
  vr_mat_free(&x);
  return 0;
}
