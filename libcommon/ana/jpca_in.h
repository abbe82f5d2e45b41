/* jpca_in.h -- what the files of jPCA share; included nowhere else. */
#ifndef VR_ANA_JPCA_IN_H
#define VR_ANA_JPCA_IN_H
#include "ana/jpca.h"
#include "ana/pieces.h"

/* sums (3 n n numbers): state' state, state' step and step' step, n x n each, += those of the steps
 * of a piece of a (rows x n). */
void vr_jpca_sums(const vr_mat *a, vr_span p, int first_state, double *sums);

/* The planes of a fit and what is to be tested: w and share of each (n / 2), r2. basis (n x n): rows
 * are the jPCs; NULL where not wanted. scratch: VR_JPCA_SCRATCH n n numbers. `power`: sum of the
 * squares of all columns, for the shares. */
enum { VR_JPCA_SCRATCH = 8 };
typedef struct {
  double w[VR_JPCA_MAX / 2], share[VR_JPCA_MAX / 2], r2;
} vr_jpca_turns;
int vr_jpca_turn(size_t n, const double *sums, double power, double *scratch, double *m,
  double *basis, vr_jpca_turns *t);

/* Corrected frequency in Hz of w per step. */
double vr_jpca_frequency(double w, double rate, int first_state);

/* Peak of the spectrum of both scores of a plane, and the mean turn, both in Hz. */
int vr_jpca_companions(
  const vr_mat *scores, const vr_trials *tr, size_t plane, double *peak, double *turn);

/* Fills the null of j from its scores on the components a. */
int vr_jpca_null(const vr_mat *a, const vr_trials *tr, const vr_jpca_par *par, double power,
  const vr_pool *pool, vr_jpca *j);

#endif
