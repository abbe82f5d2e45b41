/* stage_watershed.h -- the map of a turn divided into regions, as vr-watershed does it. */
#ifndef VR_IO_STAGE_WATERSHED_H
#define VR_IO_STAGE_WATERSHED_H
#include "ana/purity.h"
#include "ana/watershed.h"
#include "io/stream.h"

typedef struct {
  vr_density_par density;
  vr_watershed_par watershed;
  int regions;     /* > 0: the smallest sigma of the sweep with at most so many regions */
  int sweep;       /* write the number of regions for each sigma of the sweep */
  double smooth;   /* s; labels by majority over a window of this length; 0: as they are */
  double shortest; /* s; shorter bouts are left out */
} vr_stage_watershed_par;
#define VR_STAGE_WATERSHED_DEFAULTS                                                                \
  {                                                                                                \
    .density = VR_DENSITY_DEFAULTS, .watershed = VR_WATERSHED_DEFAULTS                             \
  }

/* The sweep: sigma from VR_SWEEP_FIRST of the map's width, VR_SWEEP_STEPS to an octave. */
#define VR_SWEEP_FIRST 0.0025
enum { VR_SWEEP_COUNT = 46, VR_SWEEP_STEPS = 8 };

typedef struct {
  size_t regions, bouts;
  double sigma, floor; /* in use */
  size_t outside;      /* frames without a region */
  size_t frames;
} vr_stage_watershed_info;

/* Reads `path` (M x 2; "/map/xy"); writes /region and /label/region (see vr.5), replacing what was
 * there. */
int vr_stage_watershed(vr_turn *t, const char *path, const vr_stage_watershed_par *par,
  const vr_pool *pool, vr_stage_watershed_info *info);

/* /region/mean/PATH: means of the rows of a dataset over the frames of each region; `rms`:
 * /region/rms/PATH, roots of the means of their squares. */
int vr_stage_region_mean(vr_turn *t, const char *path, int rms);

/* /region/against: how the regions agree with other labels of the frames (io/labels.h). */
int vr_stage_region_against(vr_turn *t, const char *what, vr_purity *purity);

#endif
