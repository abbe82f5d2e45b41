/* summary.h -- one image in a few numbers. */
#ifndef VR_IO_SUMMARY_H
#define VR_IO_SUMMARY_H
#include "io/stream.h"

/* What a file does not tell is NAN. */
typedef struct {
  double animals, trials;
  double points; /* key points, or bodies */
  double joints;
  double frames, rate, duration; /* Hz, s */
  double missing;                /* share of the points' positions that are NaN, 0 .. 1 */
} vr_summary;

/* For a foreign file, frames are the rows of t->rows_of and the rate is t->rate, where given. Reads
 * the positions in blocks. */
int vr_summarise(const vr_turn *t, vr_summary *s);

#endif
