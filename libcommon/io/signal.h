/* signal.h -- one number a frame from what a stream tells: columns, speed, heading, tilt. */
#ifndef VR_IO_SIGNAL_H
#define VR_IO_SIGNAL_H
#include "io/stream.h"

/* The caller frees *x with vr_release; it has a number for each frame of the turn. */

/* "/path:column", or "/path" of a single column. VR_EDATA with the nearest name. */
int vr_signal_column(const vr_turn *t, const char *what, double **x);
/* Columns of a dataset as they are, and their names (one block, vr_release): for `contact`. */
int vr_signal_columns(const vr_turn *t, const char *path, vr_mat *x, char ***names);
/* Speed over the ground of /pose/root, in its units a second, over a tenth of a second. */
int vr_signal_speed(const vr_turn *t, const vr_trials *tr, double **x);
/* Heading in rad without jumps: of /pose/heading, or of /pose/root. */
int vr_signal_heading(const vr_turn *t, const vr_trials *tr, double **x);
/* Of /pose/root: *pitch, rad that the body points above the level, *up, 1 upright to -1 on its back.
 * Either may be NULL. */
int vr_signal_tilt(const vr_turn *t, double **pitch, double **up);

#endif
