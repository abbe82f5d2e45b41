/* train_log.h -- the metrics of a training as lines of tab-separated numbers. */
#ifndef VR_CLI_TRAIN_LOG_H
#define VR_CLI_TRAIN_LOG_H
#include "rl/rats.h"
#include "rl/trainer.h"
#include <stdio.h>

enum { VR_LOG_COLUMNS = 96, VR_LOG_ROWS = 256 };

/* Zero-initialise, set `out`; vr_train_log_new; freed with vr_train_log_free. */
typedef struct {
  FILE *out; /* NULL: nothing is written */
  int headed;
  vr_round sum; /* times, frames and broken episodes: of the rounds since the last line */
  double seconds, begin;
  /* the numbers of a line under their names: of the last round, then of each task */
  size_t ncolumn;
  char name[VR_LOG_COLUMNS][VR_ARCH_WORD];
  double value[VR_LOG_COLUMNS];
  /* lines that are kept for the policy, but for what clocks tell; when there are too many, every other
   * one goes: how many, of how many lines each is one, lines so far, and the numbers */
  double *kept;
} vr_train_log;

int vr_train_log_new(vr_train_log *log, const vr_herd *h); /* VR_EMEM */
void vr_train_log_free(vr_train_log *log);

/* Takes in a round. */
void vr_train_log_add(vr_train_log *log, const vr_round *round);

/* Writes a line of the last round (before the first one, the names of the columns), and clears the
 * tallies. regular: it is kept, too; one that is written since a run stops there is not. VR_EIO. */
int vr_train_log_line(
  vr_train_log *log, const vr_round *round, const vr_herd *h, int regular, vr_tally *tally);

/* What is kept, as a piece of a checkpoint, and as the curves of a policy. */
vr_part vr_train_log_piece(const vr_train_log *log);
int vr_train_log_curves(const vr_train_log *log, vr_policy *p); /* VR_EMEM */

#endif
