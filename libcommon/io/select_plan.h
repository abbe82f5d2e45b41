/* select_plan.h -- what select.c decides and select_write.c does; included nowhere else. */
#ifndef VR_IO_SELECT_PLAN_H
#define VR_IO_SELECT_PLAN_H
#include "io/paths.h"
#include "io/stream.h"

/* Rows first .. first+rows-1 of a trial, of which every n-th, `kept` of them, stays. */
typedef struct {
  size_t trial, start; /* of the input; start: frames left out before it */
  size_t first, rows, kept;
} vr_segment;

/* Entries of an axis that stay. */
typedef struct {
  char axis[64];
  size_t *index, n;
} vr_pick;

typedef struct {
  const vr_h5 *in;
  vr_h5 *out;
  double rate;          /* of the input */
  size_t every, frames; /* frames that stay */
  int changed;          /* not all frames stay */
  vr_segment *seg;
  size_t nseg;
  vr_pick *pick;
  size_t npicks;
} vr_selection;

/* The picks of the axes of a dataset (NULL where all stays); 0 when there are none. */
int vr_picks_of(
  const vr_selection *s, const char *path, int rank, const vr_pick *picks[VR_H5_MAXRANK]);
int vr_select_names(const vr_selection *s, const char *path); /* /names/AXIS */
int vr_select_axes(const vr_selection *s);                    /* /time, /trial */
int vr_select_trials(const vr_selection *s, const char *path);
int vr_select_frames(const vr_selection *s, const char *path);
int vr_select_constant(const vr_selection *s, const char *path); /* with picks */
/* Columns of a table of moments (/events); `paths` are all of them. */
int vr_select_moments(const vr_selection *s, const char *table, const vr_paths *paths);

#endif
