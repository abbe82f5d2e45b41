/* stage_kmeans.h -- the frames of a turn in clusters, as vr-kmeans makes them.
 *
 * Adds /label/NAME (M, int32: 1 .. k) and /cluster/NAME/:
 *   centre (k x d)   in the units of the columns; attributes tell how the clusters were made
 *   count, spread    frames of each cluster, and their mean squared distance to its centre
 *   inertia          of each start, the sum of squared distances
 *   input, mean, sd  the datasets of the features and what their columns were scaled by: with the
 *                    centres, what labels new frames */
#ifndef VR_IO_STAGE_KMEANS_H
#define VR_IO_STAGE_KMEANS_H
#include "ana/kmeans.h"
#include "io/stream.h"

typedef struct {
  vr_kmeans_par kmeans;
  int unscaled; /* columns as they are, not of standard deviation 1 */
  uint64_t seed;
  vr_kmeans_progress progress; /* or NULL */
} vr_stage_kmeans_par;
#define VR_STAGE_KMEANS_DEFAULTS                                                                   \
  {                                                                                                \
    .kmeans = VR_KMEANS_DEFAULTS, .seed = 1                                                        \
  }

/* What was done, to be told. */
typedef struct {
  size_t frames, k, least, empty; /* least: frames of the smallest cluster that has any */
  double inertia, share;          /* share: of the variance that the clusters explain */
  int restarts, iterations, converged;
} vr_stage_kmeans_info;

/* Clusters the features in the datasets path[0 .. n-1] under `name`; replaces what is there. from
 * NULL: starts of its own. Otherwise the centres of /cluster/NAME in that file, of columns scaled as
 * there; par->kmeans.iterations = 0 only labels the frames by them. */
int vr_stage_kmeans(vr_turn *t, const char *name, const char *const *path, size_t n,
  const vr_h5 *from, const vr_stage_kmeans_par *par, const vr_pool *pool,
  vr_stage_kmeans_info *info);

/* Clusters that a later stage needs: of every set of features that the turn has or can have, with the
 * defaults and this seed, and a line in the history that names the program `because_of`. Those that
 * are there stay. VR_EDATA when there is no set. */
int vr_need_clusters(vr_turn *t, uint64_t seed, const char *because_of, const vr_pool *pool);

/* What an input is called in /label: the word of a set, "pose-angles" for "/pose/angles". The caller
 * frees *name with vr_release. */
int vr_stage_kmeans_name(const char *input, char **name);

#endif
