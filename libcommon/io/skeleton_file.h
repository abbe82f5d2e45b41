/* skeleton_file.h -- chains of points from a text table, for joint angles.
 *
 * One line an edge or an angle, cells between tabs or commas, lines that start with # passed over:
 *   A B                an edge: with the other edges it makes all the chains there are
 *   A B C              the angle at B between A and C, named A-B-C
 *   NAME A B C         the same with a name
 *   NAME A B C KIND    KIND: bend, yaw or pitch (skeleton.h) */
#ifndef VR_IO_SKELETON_FILE_H
#define VR_IO_SKELETON_FILE_H
#include "ana/skeleton.h"

/* The chains and their names (one block each, vr_release). VR_EDATA names the line. */
int vr_skeleton_read(const char *path, char *const *points, size_t npoints, vr_chain **chain,
  char ***names, size_t *n);
/* The chains of edges, named A-B-C. */
int vr_skeleton_of_edges(const size_t *edge, size_t nedges, char *const *points, size_t npoints,
  vr_chain **chain, char ***names, size_t *n);

#endif
