/* train_log.h -- the metrics of a training as lines of tab-separated numbers. */
#ifndef VR_CLI_TRAIN_LOG_H
#define VR_CLI_TRAIN_LOG_H
#include "rl/herd.h"
#include "rl/trainer.h"
#include <stdio.h>

/* Zero-initialise; what came together since the last line. */
typedef struct {
  FILE *out; /* NULL: nothing is written */
  int headed;
  vr_round sum; /* times, frames and broken episodes: of these rounds */
  double rounds, seconds, begin;
} vr_train_log;

/* Takes in a round. */
void vr_train_log_add(
  vr_train_log *log, const vr_round *round, const vr_train_par *par, const vr_herd *h);

/* Writes a line of the last round (before the first one, the names of the columns), and clears the
 * tallies. VR_EIO. */
int vr_train_log_line(vr_train_log *log, const vr_round *round, const vr_herd *h, vr_tally *tally);

#endif
