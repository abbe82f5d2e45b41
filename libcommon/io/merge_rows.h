/* merge_rows.h -- the parts of a merge that move numbers; used by merge.c only. */
#ifndef VR_IO_MERGE_ROWS_H
#define VR_IO_MERGE_ROWS_H
#include "io/h5.h"

/* *same = 1: both files hold the same values of the same type and shape at path. */
int vr_merge_equal(const vr_h5 *a, const vr_h5 *b, const char *path, int *same);
/* /time with its rate, and /trial renumbered. */
int vr_merge_axes(vr_h5 *const *in, size_t n, vr_h5 *out);
/* A dataset with a row a frame: rows after rows. */
int vr_merge_frames(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path);
/* A column of /trials: numbers and first rows shifted. */
int vr_merge_table(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path);
/* A column of /events or /spikes, of the inputs that have them; *everywhere = 0: not all of these
 * have it, and nothing is written. */
int vr_merge_moments(vr_h5 *const *in, size_t n, vr_h5 *out, const char *path, int *everywhere);

#endif
