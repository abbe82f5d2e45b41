/* align.h -- activity around events: windows, their average and spread, and the order of the units.
 *
 * A window has `lags` samples, `step` rows apart, the first at `row`, between rows by a straight line;
 * so windows of time (step 1) and windows of phase (a stride cut into equal parts) are the same thing.
 * None leaves its trial. The null of everything told here takes as many windows of the same trials and
 * lengths at places by chance: activity that is not locked to the events is as it was.
 *
 * Sorting draws a diagonal through any noise, so units are sorted by their peaks in the odd windows
 * and shown in the even ones. */
#ifndef VR_ANA_ALIGN_H
#define VR_ANA_ALIGN_H
#include "base/pool.h"
#include "num/mat.h"
#include <stdint.h>

enum {
  VR_ALIGN_WINDOWS = 10, /* fewest windows for a statistic */
  VR_ALIGN_UNITS = 5     /* fewest units */
};

typedef struct {
  int32_t trial;
  double row, step;
} vr_window;

/* What an average shows: the mean of |z|, |mean z|, or the mean of z. */
typedef enum { VR_SHOW_MEAN_ABS, VR_SHOW_ABS_MEAN, VR_SHOW_MEAN } vr_show;

typedef struct {
  size_t lags;
  vr_show show;
  size_t inside
    [2]; /* lags inside[0] .. inside[1] - 1 are "inside" for the spread; equal: no such test */
  double edge; /* share of the window at either end whose peaks are no sequence */
  int surrogates;
  uint64_t seed;
} vr_align_par;
#define VR_ALIGN_DEFAULTS                                                                          \
  {                                                                                                \
    .show = VR_SHOW_MEAN_ABS, .edge = 0.05, .surrogates = 1000, .seed = 1                          \
  }

/* SPLIT: Spearman correlation of the peak times of odd and even windows. RIDGE: how far the even
 * windows stand out where the odd ones peak, in sd over the lags, mean over the units. SINGLE:
 * correlation of one window with the mean of the others, mean over windows. QUENCH: log of the sd
 * over windows inside against outside, mean over units; below 0 is less. UNIFORM: Kolmogorov-Smirnov
 * distance of the peaks between the edges from an even spread. ENTROPY: of their histogram in ten
 * bins, as a share of the most. */
typedef enum {
  VR_ALIGN_SPLIT,
  VR_ALIGN_RIDGE,
  VR_ALIGN_SINGLE,
  VR_ALIGN_QUENCH,
  VR_ALIGN_UNIFORM,
  VR_ALIGN_ENTROPY,
  VR_ALIGN_STATISTICS
} vr_align_statistic;

/* null: what 95 % of the surrogates stay below (above, for QUENCH and ENTROPY); p: share of them that
 * reach the value. p is 0 where there is no test. UNIFORM and ENTROPY are against peaks spread evenly
 * by chance. */
typedef struct {
  double value, null, p;
} vr_tested;

/* Zero-initialise; freed with vr_align_free. Matrices are units x lags. */
typedef struct {
  size_t windows, lags, units;
  vr_mat average, even; /* of all windows, of the even ones, as `show` says */
  vr_mat mean, sd;      /* of z over windows; sd with divisor windows - 1 */
  int32_t *order;       /* units: the row that comes k-th, by its peak in the odd windows */
  int32_t *peak;        /* 3 x units: lag of the peak in odd, even, and all windows */
  double *spread;  /* 5 x lags: mean of sd over units, its 20th and 80th percentile, and the mean
                           and the 5th percentile of that mean in the surrogates (0: no null) */
  size_t interior; /* units that peak between the edges */
  vr_tested test[VR_ALIGN_STATISTICS];
} vr_aligned;

/* z (rows x units) has columns of mean 0 and sd 1; tr tells where windows may lie. Same bytes for any
 * pool, also NULL. VR_EARG for windows that leave their trial; VR_EDATA for none. */
int vr_align(const vr_mat *z, const vr_trials *tr, const vr_window *w, size_t n,
  const vr_align_par *par, const vr_pool *pool, vr_aligned *a);
void vr_align_free(vr_aligned *a);

/* x (windows x lags x units) := the windows as they are. */
int vr_align_cut(
  const vr_mat *x, const vr_trials *tr, const vr_window *w, size_t n, size_t lags, double *to);

/* Do units peak in the same order in two sets of windows?  value: correlation of the lags a and b (n
 * units) by their ranks, or, `around`, as places on a circle of `lags`; null and p: of units in an
 * order by chance. VR_EARG below two units. */
int vr_align_compare(const int32_t *a, const int32_t *b, size_t n, size_t lags, int around,
  const vr_align_par *par, vr_tested *t);

#endif
