/* plot_groups.h -- what the pictures of vr-align --by share; included nowhere else. */
#ifndef VR_CLI_PLOT_GROUPS_H
#define VR_CLI_PLOT_GROUPS_H
#include "cli/plot_sequence.h"

/* /sequence/PATH/by and the axes of its datasets. */
typedef struct {
  char *path;
  size_t groups, units, lags;
  char **unit, **name;
  vr_mat lag, windows;
} vr_plot_groups_of;

/* `data` as vr_plot_result has it. Freed with vr_plot_groups_free, also after an error. */
int vr_plot_groups_read(const vr_turn *t, const char *data, vr_plot_groups_of *g);
void vr_plot_groups_free(vr_plot_groups_of *g);
/* m (groups x units * lags, or groups x units) := /sequence/PATH/by/NAME. */
int vr_plot_groups_table(const vr_turn *t, const vr_plot_groups_of *g, const char *name, vr_mat *m);

#endif
