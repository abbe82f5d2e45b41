/* import.h -- pose tracking files of other programs, recognised by what is in them.
 *
 * Read whole: SLEAP (analysis HDF5, projects, csv), DeepLabCut and LightningPose (csv; HDF5 by
 * pandas, fixed and table; one or several animals; 2-D and triangulated), Anipose (csv),
 * sleap-anipose, DANNCE (MATLAB 7.3), JABS, movement (netCDF), NWB (ndx-pose, positions, units), plain csv or
 * tsv, any HDF5 dataset.
 * What is recognised and cannot be read (MATLAB 5, keypoint-MoSeq) is VR_EDATA with what to do instead. */
#ifndef VR_IO_IMPORT_H
#define VR_IO_IMPORT_H
#include "ana/tracks.h"
#include "base/str.h"
#include "io/cells.h"

typedef struct {
  const char *kind;    /* NULL: recognise; else one of VR_IMPORT_KINDS */
  const char *dataset; /* path of any HDF5 dataset, NULL: none */
  const char *axes;    /* its axes, or those of SLEAP's tracks: "frame,animal,point,space"; NULL */
  const char *names;   /* names of the points where the file has none, "A,B,C"; NULL */
  const char *cells;   /* NWB: units or regions to keep, NULL: all, "none" */
  const char *trials;  /* NWB: intervals that become trials, NULL: as vr_intervals_read, "none" */
} vr_import_par;
#define VR_IMPORT_DEFAULTS                                                                         \
  {                                                                                                \
    0                                                                                              \
  }
#define VR_IMPORT_KINDS                                                                            \
  "sleap, slp, sleap-csv, dlc, anipose, sleap-anipose, jabs, movement, dannce, nwb, units, text, " \
  "hdf5"

/* What was read. Zero-initialise; freed with vr_import_free. */
typedef struct {
  vr_tracks k;
  char kind[48];      /* "SLEAP analysis HDF5" */
  char axes[48];      /* order of the axes in the file; "" where there is no choice */
  char rate_from[64]; /* where k.rate comes from; "" when it is 0 */
  const char *units;  /* "px", or "1": not known */
  size_t torn, added; /* points half missing, frames added where frame numbers jump */
  double clock;       /* NWB: time of the first frame, s */
  vr_units cells; /* NWB: of the same file; n = 0: none. There may be cells alone: k.frames = 0 */
  vr_intervals intervals;
  char *subject; /* NWB: as the file says, or "animal" */
  vr_str notes;  /* lines about what was left out or assumed, each ended by \n */
} vr_import;

/* Reads the tracks of a file, recognised from its contents. k.rate stays 0 where the file does not
 * say it. Names are checked, points are whole or missing. VR_EDATA or VR_EIO without the name of
 * the file, which the caller knows. */
int vr_import_read(const char *path, const vr_import_par *par, vr_import *im);
void vr_import_free(vr_import *im);

#endif
