/* cells.h -- cells of an NWB file: the spikes of /units, and the intervals that make trials of them.
 *
 * Times are s on the clock of the file. */
#ifndef VR_IO_CELLS_H
#define VR_IO_CELLS_H
#include "ana/fill.h"
#include "base/str.h"
#include "io/stream.h"

/* Zero-initialise; freed with vr_units_free. */
typedef struct {
  size_t n;              /* units */
  char **name, **region; /* of each; regions are words that can be a part of a path */
  size_t *first;      /* n + 1: the spikes of unit u are time[first[u]] .. time[first[u + 1] - 1] */
  double *time;       /* they rise within a unit */
  size_t *seen_first; /* as first, of the pairs (from, to) in `seen` when a unit was observed; */
  double *seen;       /* NULL: always */
} vr_units;

/* A column of a table of intervals: numbers or text. */
typedef struct {
  char name[64];
  double *number;
  char **text;
} vr_interval_column;

/* Zero-initialise; freed with vr_intervals_free. */
typedef struct {
  char name[64]; /* of the table: "trials" */
  size_t n;
  double *start, *stop;
  char **task; /* what tags or labels say of each, or NULL; one block */
  vr_interval_column *column;
  size_t columns;
} vr_intervals;

/* A piece of the recording that becomes a trial. */
typedef struct {
  double start; /* s: the time of its first frame */
  size_t frames;
  size_t interval; /* the row of the intervals that it lies in */
  size_t stretch;  /* the stretch of the pose that it lies in */
  size_t first;    /* frames of that before it */
  int cut;         /* it ended at a gap */
} vr_sweep;

typedef struct {
  size_t n, cap;
  vr_sweep *list; /* freed with vr_release */
} vr_sweeps;

/* -- reading (f: an NWB file) -- */

int vr_has_cells(const vr_h5 *f);
/* VR_EDATA, with dataset and row: an index that falls or ends past the spikes, times that are missing
 * or fall within a unit. `notes` gets lines about names and regions that had to be changed. */
int vr_units_read(const vr_h5 *f, vr_units *c, vr_str *notes);
/* Keeps the units of these names or regions, between commas, in the order of the file. VR_EARG with
 * the nearest name. */
int vr_units_keep(vr_units *c, const char *list);
void vr_units_free(vr_units *c);
/* /intervals/NAME; NULL: trials, else epochs, else nothing (iv->n = 0). VR_EARG: no such table. */
int vr_intervals_read(const vr_h5 *f, const char *name, vr_intervals *iv, vr_str *notes);
void vr_intervals_free(vr_intervals *iv);

/* -- which pieces become trials -- */

/* One for each interval, or one from 0 (or the first spike) to the last spike where there are none;
 * those without a whole frame are left out. VR_EDATA: they are too long for a rate in Hz. */
int vr_sweeps_of_cells(const vr_units *c, const vr_intervals *iv, double rate, vr_sweeps *p);
/* The parts of stretches of a pose, the first frame at `clock`, that lie in the intervals, or all. */
int vr_sweeps_of_pose(
  const vr_stretches *s, const vr_intervals *iv, double clock, double rate, vr_sweeps *p);
/* Leaves out the frames in which a cell was not observed: trials end there, and those of less than
 * min_s are left out too. `said` gets a line about it. */
int vr_sweeps_drop(vr_sweeps *p, const vr_units *c, double rate, double min_s, vr_str *said);

/* -- writing -- */

typedef struct {
  const vr_units *cells;
  const vr_intervals *intervals;
  const vr_sweeps *pieces;
  double rate, smooth; /* Hz; sd of the Gaussian in s, 0: none */
  const char *task;    /* of all trials; NULL: as the intervals say, or else `usual` */
  const char *usual, *recording, *subject;
} vr_cells_table;

/* The task of trial i. */
const char *vr_cell_task(const vr_cells_table *w, size_t i);
/* Pieces longer than `longest` s (0: none) become parts of so many seconds, the last one of what is
 * left. */
int vr_sweeps_cut(vr_sweeps *p, double rate, double longest);
/* The stretches become the pieces of them, with their tasks (vr_release(*tasks)). VR_EARG: cells, but
 * more than one animal. */
int vr_sweeps_to_pose(const vr_cells_table *w, vr_stretches *s, char *const **tasks);
/* /time, /trial and /trials of a recording that has no pose. */
int vr_put_cell_trials(vr_turn *t, const vr_cells_table *w);
/* Into a turn that has its trials: /spikes/{number,trial,time,unit}, /names/unit_REGION,
 * /neural/REGION/rate; of the intervals, /trials/COLUMN, and /events from columns NAME_time. `said`
 * gets lines about them. */
int vr_put_cells(vr_turn *t, const vr_cells_table *w, vr_str *said);

/* What vr_put_cells found. */
typedef struct {
  size_t spikes, outside; /* written, and in no trial */
  size_t unseen;          /* rates that are missing, over all units */
  size_t events;
} vr_cells_count;
/* Adds the lines. */
void vr_report_cells(vr_str *said, const vr_cells_table *w, const vr_cells_count *count);

#endif
