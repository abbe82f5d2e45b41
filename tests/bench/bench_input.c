/* bench_input.c -- input of the benchmarks: bench_input series|features ROWS COLUMNS FILE
 *
 * 40 behaviours follow each other in bouts of 0.3 to 3 s at 50 Hz, in trials of 1375 frames.
 *   series    every behaviour has its own frequency, and amplitude and phase in each column;
 *             noise of 0.3; the kind of signal that posture modes are
 *   features  every behaviour has its own centre; frames wander about it (time-correlated)
 * Columns are scaled to mean 0 and variance 1. Raw float32, row by row; the same bytes always. */
#include "base/rng.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEHAVIOURS = 40, TRIAL = 1375, RATE = 50 };

typedef struct {
  double freq[BEHAVIOURS];
  double *amp, *phase; // BEHAVIOURS x columns
} cast;

static void cast_new(cast *c, size_t cols, vr_rng *r)
{
  c->amp = malloc(BEHAVIOURS * cols * sizeof *c->amp);
  c->phase = malloc(BEHAVIOURS * cols * sizeof *c->phase);
  if (!c->amp || !c->phase) exit(1);
  for (int b = 0; b < BEHAVIOURS; b++)
    c->freq[b] = exp(log(0.7) + log(15 / 0.7) * vr_rng_uniform(r));
  for (size_t i = 0; i < BEHAVIOURS * cols; i++) {
    c->amp[i] = vr_rng_normal(r);
    c->phase[i] = 6.283185307179586 * vr_rng_uniform(r);
  }
}

static void fill(float *x, size_t rows, size_t cols, int features, vr_rng *r)
{
  cast c;
  double *wander = calloc(cols, sizeof *wander);
  size_t left = 0;
  int b = 0;

  if (!wander) exit(1);
  cast_new(&c, cols, r);
  for (size_t t = 0; t < rows; t++) {
    // a bout ends by itself or with the trial
    if (!left || t % TRIAL == 0) {
      b = (int)vr_rng_below(r, BEHAVIOURS);
      left = 15 + vr_rng_below(r, 135);
    }
    left--;
    double turn = 6.283185307179586 * c.freq[b] * (double)(t % TRIAL) / RATE;
    for (size_t j = 0; j < cols; j++) {
      size_t k = (size_t)b * cols + j;
      double noise = vr_rng_normal(r);
      wander[j] = 0.95 * wander[j] + 0.3122 * noise; // variance 1
      x[t * cols + j] = (float)(features ? c.amp[k] + 0.5 * wander[j]
                                         : c.amp[k] * sin(turn + c.phase[k]) + 0.3 * noise);
    }
  }
  free(wander);
  free(c.amp);
  free(c.phase);
}

static void standardise(float *x, size_t rows, size_t cols)
{
  for (size_t j = 0; j < cols; j++) {
    double s = 0, q = 0;
    for (size_t t = 0; t < rows; t++) s += x[t * cols + j];
    s /= (double)rows;
    for (size_t t = 0; t < rows; t++) q += (x[t * cols + j] - s) * (x[t * cols + j] - s);
    q = sqrt(q / (double)rows);
    for (size_t t = 0; t < rows; t++) x[t * cols + j] = (float)((x[t * cols + j] - s) / q);
  }
}

int main(int argc, char **argv)
{
  if (argc != 5) {
    fprintf(stderr, "usage: bench_input series|features ROWS COLUMNS FILE\n");
    return 2;
  }
  size_t rows = strtoul(argv[2], NULL, 10), cols = strtoul(argv[3], NULL, 10);
  vr_rng r = vr_rng_new(1, 0, 0);
  float *x = malloc(rows * cols * sizeof *x);
  FILE *f = fopen(argv[4], "wb");
  if (!x || !f) return 1;
  fill(x, rows, cols, !strcmp(argv[1], "features"), &r);
  standardise(x, rows, cols);
  int bad = fwrite(x, sizeof *x, rows * cols, f) != rows * cols;
  free(x);
  return fclose(f) || bad;
}
