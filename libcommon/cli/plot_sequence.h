/* plot_sequence.h -- what the pictures of vr-align share; included nowhere else. */
#ifndef VR_CLI_PLOT_SEQUENCE_H
#define VR_CLI_PLOT_SEQUENCE_H
#include "cli/plot.h"

/* m := /sequence/PATH/NAME. */
int vr_plot_aligned(const vr_turn *t, const char *path, const char *name, vr_mat *m);

/* The axis of lags of /sequence/PATH. */
int vr_plot_lags(const vr_turn *t, const char *path, const vr_mat *lag, vr_figure *f);

#endif
