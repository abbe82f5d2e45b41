/* stage_mds_in.h -- the points of an embedding and whom they belong to; included nowhere else than in
 * stage_mds*.c. */
#ifndef VR_IO_STAGE_MDS_IN_H
#define VR_IO_STAGE_MDS_IN_H
#include "ana/separation.h"
#include "io/labels.h"
#include "io/stage_mds.h"

/* Zero-initialise; freed with vr_points_free. */
typedef struct {
  vr_mat x;                      /* a row for each point; or n x n distances or similarities */
  vr_str units;                  /* of the embedding */
  vr_grouping g;                 /* units: trials of frames, or the points themselves */
  char **label_name;             /* g.labels */
  char **name;                   /* of the points, or NULL; one block */
  int32_t *row, *trial, *frames; /* of each point, or NULL */
  char **cluster;                /* of each point, or NULL */
  size_t *unit, *stratum;
  int32_t *label;
  vr_labels by, clusters;
} vr_points;

/* Reads and chooses the points of a dataset. What is left out is added to notes. */
int vr_points_get(
  const vr_turn *t, const char *path, const vr_stage_mds_par *par, vr_points *p, vr_str *notes);
void vr_points_free(vr_points *p);

#endif
