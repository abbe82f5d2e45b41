/* import_kinds.h -- between the readers of vr_import_read; included nowhere else. */
#ifndef VR_IO_IMPORT_KINDS_H
#define VR_IO_IMPORT_KINDS_H
#include "ana/names.h"
#include "io/csv.h"
#include "io/h5.h"
#include "io/import.h"

/* One column of a pandas or csv table: "" where a level is not there. */
typedef struct {
  const char *scorer, *animal, *point, *coord;
} vr_dlc_column;

/* Place of a column in the tracks; what: 0, 1, 2 = x, y, z; 3 = confidence; -1 = left out. */
typedef struct {
  size_t animal, point;
  int what;
} vr_dlc_place;

/* Animals, points and dimensions of the columns; names go to im->k, the numbers get room for
 * `frames` rows, place (n of them) tells where each column goes. */
int vr_dlc_layout(
  const vr_dlc_column *col, size_t n, size_t frames, vr_import *im, vr_dlc_place *place);
void vr_dlc_put(vr_import *im, const vr_dlc_place *place, size_t frame, double value);

/* Times (s) become frame numbers from 0; k.rate is read off over the whole, rate_from = source.
 * Frames that are not there leave gaps in the numbers. VR_EDATA when steps are uneven. */
int vr_import_clock(double *time, size_t n, const char *source, vr_import *im);

/* How the axes of an array are used; -1: not there. */
typedef struct {
  int frame, animal, point, space;
} vr_axis_order;

/* "frame,point,space" -> places; names must be as many as the array has axes. */
int vr_axes_parse(const char *text, int rank, vr_axis_order *o);
/* Copies an array in any order into im->k, allocated here, and writes the order to im->axes. */
int vr_axes_gather(const double *x, const vr_h5_info *info, vr_axis_order o, vr_import *im);
/* The confidence that has the axes o of the positions `of` without space; fine when it is absent. */
int vr_axes_gather_conf(
  const vr_h5 *f, const char *path, const vr_h5_info *of, vr_axis_order o, vr_import *im);
/* Numbers of a whole dataset as doubles, vr_release(*x). Refuses what is not numeric. */
int vr_import_numbers(const vr_h5 *f, const char *path, double **x, vr_h5_info *info);
/* Names "P1", "P2"... with the given prefix where there are none. */
int vr_import_number_names(const char *prefix, size_t n, char ***names);
/* Names of points from par->names; *names = NULL when it is NULL. VR_EARG on a wrong number. */
int vr_import_given_names(const char *list, size_t n, char ***names);

int vr_import_sleap(const vr_h5 *f, const vr_import_par *par, vr_import *im);
int vr_import_nwb(const vr_h5 *f, const vr_import_par *par, vr_import *im);
/* Cells and intervals of an NWB file, beside its pose or (`alone`, or no pose was read) without it. */
int vr_import_nwb_cells(const vr_h5 *f, const vr_import_par *par, int alone, vr_import *im);
/* Is the group of this neurodata_type? */
int vr_nwb_is(const vr_h5 *f, const char *group, const char *type);
/* k.rate and the clock of a series, by its starting_time or timestamps; its frames may be spread. */
int vr_nwb_rate(const vr_h5 *f, const char *series, vr_import *im);
void vr_nwb_unit(const vr_h5 *f, const char *series, vr_import *im);
/* One point, from the only Position of the file; k.frames stays 0 where there is none. */
int vr_import_nwb_place(const vr_h5 *f, vr_import *im);
int vr_import_slp(const vr_h5 *f, vr_import *im);
int vr_import_sleap3d(const vr_h5 *f, const vr_import_par *par, vr_import *im);
int vr_import_pandas(const vr_h5 *f, const char *group, vr_import *im);
int vr_import_dannce(const vr_h5 *f, const vr_import_par *par, vr_import *im);
int vr_import_jabs(const vr_h5 *f, vr_import *im);
int vr_import_movement(const vr_h5 *f, vr_import *im);
int vr_import_dataset(const vr_h5 *f, const vr_import_par *par, vr_import *im);
int vr_import_dlc_csv(vr_csv *c, vr_import *im);
int vr_import_anipose_csv(vr_csv *c, vr_import *im);
int vr_import_sleap_csv(vr_csv *c, vr_import *im);
int vr_import_text(vr_csv *c, vr_import *im);

#endif
