/* timescale.h -- how long a series remembers: where its autocorrelation falls to 1/e.
 *
 * The autocorrelation is the biased one, with the mean of each trial taken off and the products of
 * all trials pooled. Short trials and their means make it fall too early: of a process that forgets
 * exponentially with a constant of 5 s, trials of 20 s show 2.2 s. What an Ornstein-Uhlenbeck
 * process shows in the very trials at hand is known exactly, so a measured time is turned into the
 * constant of the process that shows it. Constants so long that the curve is flat cannot be told
 * apart: they are beyond vr_timescale_limit. */
#ifndef VR_ANA_TIMESCALE_H
#define VR_ANA_TIMESCALE_H
#include "base/pool.h"
#include "num/mat.h"

/* fall[cols]: s until the autocorrelation of each column of x, linear between frames, first falls
 * to 1/e; 0 for a constant column. VR_EDATA without a trial of three frames. */
int vr_timescale(const vr_mat *x, const vr_trials *tr, const vr_pool *pool, double *fall);

/* The same of an Ornstein-Uhlenbeck process with this constant in s: from the expected products. */
int vr_timescale_expect(const vr_trials *tr, double constant, double *fall);

/* The longest constant that these trials can tell: its process shows 0.9 of what a random walk does.*/
int vr_timescale_limit(const vr_trials *tr, double *limit);

/* constant[n]: of the process that shows fall[k]; the limit where it is beyond it. */
int vr_timescale_calibrate(const vr_trials *tr, const double *fall, size_t n, double *constant);

/* fall[n]: what n processes of this constant, drawn by chance, show in these trials. */
int vr_timescale_draw(
  const vr_trials *tr, double constant, size_t n, uint64_t seed, const vr_pool *pool, double *fall);

#endif
