/* fano.h -- how much spike counts vary from one window around an event to the next, at equal mean counts.
 *
 * Churchland et al. 2010, Stimulus onset quenches neural variability, Nature Neuroscience 13:369, and the
 * conventions of its Variance Toolbox. A point is a unit (in one condition): over its n windows the count
 * of spikes has mean m and variance v (divisor n - 1). The Fano factor at a time is the slope of v on m
 * over the points, through the origin, with the weights w = n / (m + e)^2, e the mean of a unit that
 * fires once a second:
 *
 *   F = sum w m v / sum w m^2,   se = sqrt(sum w (v - F m)^2 / (N - 1) / sum w m^2),
 *
 * and the interval F -+ t se, t the 97.5 % quantile of Student's with N - 1 degrees of freedom (the
 * toolbox: 2). Points without a spike at a time say nothing of a slope and are left out there. Poisson
 * counts have F = 1 whatever their means.
 *
 * Where means change with time so may F, without any change of the variability at a mean. So at each time
 * the means are sorted into bins, of each bin as many points are kept as it has at the time when it has
 * least, and F is told of those. The toolbox draws them and averages F over draws. Here each point has the
 * weight of its chance to be drawn, q = least / number, in all the sums: N becomes the sum of q. That is
 * the average over all draws but for terms of order se / N (tests/unit/ana/test_fano.c holds it against
 * 20,000 draws).
 *
 * Points count as independent: variance that units share widens no interval. */
#ifndef VR_ANA_FANO_H
#define VR_ANA_FANO_H
#include "ana/align.h"

enum { VR_FANO_POINTS = 5 }; /* fewest points for a slope */

/* Rows `row` and on of mean and var (points x times; spikes, spikes^2), one for each column of x (rows x
 * units): of the sum of `frames` rows of scale * x, which are counts, from row first[e] + k * step on, over
 * the windows e < n. var has divisor n - 1. VR_EARG: fewer than two windows, one that leaves x, or no room
 * in mean or var; VR_EMEM. */
int vr_fano_moments(const vr_mat *x, double scale, const size_t *first, size_t n, size_t frames,
  size_t step, vr_mat *mean, vr_mat *var, size_t row);

/* Of one time each: F, its interval, the mean count of the points. */
typedef struct {
  double *factor, *low, *high, *count;
} vr_fano_curve;

/* Zero-initialise; freed with vr_fano_free. */
typedef struct {
  size_t times;
  int32_t *points;    /* times: points with a spike */
  size_t fewest, at;  /* the least of these, and when */
  size_t bins, kept;  /* bins that have points at all times, and how many points they keep */
  vr_fano_curve raw;  /* zeros where fewest < VR_FANO_POINTS */
  vr_fano_curve same; /* at matched means; zeros where kept < VR_FANO_POINTS */
} vr_fano;

/* mean, var: points x times; windows: how many each point has; seconds: of a counting window; bin: width
 * of the bins of means, spikes. VR_EARG: no points or times, sizes that differ, bin or seconds not above
 * 0, or a mean of more than a million bins; VR_EMEM. */
int vr_fano_factor(const vr_mat *mean, const vr_mat *var, const size_t *windows, double seconds,
  double bin, vr_fano *f);
void vr_fano_free(vr_fano *f);

/* Windows of one group after the other: of group g, those from[g] .. from[g + 1] - 1. */
typedef struct {
  const vr_mat *x; /* rows x units; scale * x are counts */
  double scale, rate;
  size_t frames, step, times; /* as in vr_fano_moments */
  size_t groups;
  const size_t *from;       /* groups + 1 */
  const size_t *first;      /* first row of each */
  const size_t *low, *high; /* the first rows that it may have within its trial */
  double bin;
  size_t inside[2]; /* times inside[0] .. inside[1] - 1 are "inside" */
} vr_fano_windows;

/* f := F over the windows, a point for each unit of each group; mean, var (groups * units x times) are
 * resized. */
int vr_fano_of(const vr_fano_windows *w, vr_mat *mean, vr_mat *var, vr_fano *f);

/* Do counts vary less inside? t[0], t[1]: of all points and at matched means, the logarithm of the mean of F
 * inside by that outside; below 0 is quenched. null: what 95 % of the surrogates stay above, in which each
 * window is anywhere in its trial, and p: the share of them that are as low, this one counted among them, and
 * those among them too in which too few points are left. p is 0 where there is no test: no inside or no outside,
 * no surrogates, or too few points. Same bytes for any pool, also NULL. */
int vr_fano_quench(const vr_fano_windows *w, const vr_fano *f, int surrogates, uint64_t seed,
  const vr_pool *pool, vr_tested t[2]);

#endif
