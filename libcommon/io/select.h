/* select.h -- a smaller stream out of a stream: trials, times, columns, datasets. */
#ifndef VR_IO_SELECT_H
#define VR_IO_SELECT_H
#include "io/stream.h"

/* What is not set selects everything. Lists of patterns are separated by commas. */
typedef struct {
  const char *trials;                               /* numbers from 0: "0,3-5,8-" */
  const char *task, *subject, *recording, *outcome; /* patterns for columns of /trials */
  const char *frames; /* "A:B", frames A up to B, B not included, of each trial; both may lack */
  const char *time;   /* "A:B", in s since the start of each trial */
  size_t every;       /* every N-th frame of what is left; 0 and 1: all. No filter goes before */
  const char *const *columns; /* "AXIS=PATTERNS" */
  size_t ncolumns;
  const char *const *keep, *const *drop; /* datasets or groups, patterns */
  size_t nkeep, ndrop;
} vr_select_par;

/* Writes what is selected of in->in to the fresh file `out`: times start at 0 again in each trial,
 * trials and events are renumbered, trials of which nothing is left go. `dropped` gets a line for
 * each dataset that would not be valid any more. Rows are read in blocks. VR_EARG: a selection that
 * cannot be read; VR_EDATA: one of something that is not there, or of nothing. */
int vr_select(const vr_turn *in, const vr_select_par *par, vr_h5 *out, vr_str *dropped);

#endif
