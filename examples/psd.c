/* psd.c -- power spectrum of the first joint angle of a recording, with nothing but the library:
 *   cc psd.c $(pkg-config --cflags --libs vr) -o psd && vr-record trot | ./psd > spectrum.tsv */
#include <vr.h>
#include <math.h>
#include <stdio.h>
enum { N = 128 }; // frames in a segment

int main(void)
{
  double x[N] __attribute__((aligned(64))), y[N + 2] __attribute__((aligned(64)));
  double power[N / 2 + 1] = {0}, segments = 0, weight = 0.375 * N; // of the window, squared
  vr_source in = {.fd = 0, .name = "standard input"};
  vr_trials trial = {0};
  vr_mat angle = {0};
  vr_turn *turn = NULL;
  const vr_fft *plan = NULL;

  if (vr_source_next(&in, VR_TURN_READ, &turn) || vr_get_mat(turn, "/pose/angles", &angle) ||
      vr_get_trials(turn, &trial) || vr_fft_plan(VR_FFT_R2C, 0, N, &plan))
    return fprintf(stderr, "psd: %s\n", vr_errmsg()), 1;
  // Welch: segments that overlap by half, none across the border of a trial, Hann window
  for (size_t k = 0; k < trial.n; k++)
    for (size_t s = 0; s + N <= trial.frames[k]; s += N / 2, segments++) {
      for (size_t i = 0; i < N; i++)
        x[i] = vr_row(&angle, trial.first[k] + s + i)[0] * (0.5 - 0.5 * cos(2 * M_PI * i / N));
      vr_fft_run(plan, x, y);
      for (size_t f = 0; f <= N / 2; f++)
        power[f] += y[2 * f] * y[2 * f] + y[2 * f + 1] * y[2 * f + 1];
    }
  printf("Hz\trad^2/Hz\n");
  for (size_t f = 1; f < N / 2; f++)
    printf("%g\t%.6g\n", f * trial.rate / N, 2 * power[f] / (segments * weight * trial.rate));
  vr_trials_free(&trial);
  vr_mat_free(&angle);
  vr_turn_free(turn);
  return 0;
}
