/* rank.h -- correlations of ranks and of angles. */
#ifndef VR_NUM_RANK_H
#define VR_NUM_RANK_H
#include <stddef.h>

/* Spearman's correlation of two lists of n numbers: of their ranks; equal numbers share a rank. 0 if
 * one list is constant. */
int vr_spearman(const double *a, const double *b, size_t n, double *r);

/* The same with room of the caller's: n places and 2 n numbers. */
double vr_spearman_in(const double *a, const double *b, size_t n, size_t *order, double *scratch);

/* Correlation of angles (rad), -1 .. 1, that needs no mean direction, which angles all around the circle
 * do not have (Fisher and Lee 1983, eq. 3). */
double vr_circular_correlation(const double *a, const double *b, size_t n);

#endif
