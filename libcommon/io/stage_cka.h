/* stage_cka.h -- similarities of layers and features of a turn, as vr-cka finds them.
 *
 * Frames are put into clusters by labels; the means of a layer's units, and of the features that made
 * the clusters, are compared cluster by cluster (ana/cka.h). Adds one table, a row a comparison, and
 * the similarity matrices behind it:
 *   /cka/kind               "layers" (two layers), "features" (a layer and the features), "tasks" (a
 *                           layer in two tasks, over the clusters that occur in both)
 *   /cka/labels             the labels that make the clusters
 *   /cka/a, /cka/b          layers, or a layer and the features
 *   /cka/task_a, task_b     tasks, or what --across names; "all" where there is no choice
 *   /cka/clusters           how many clusters
 *   /cka/value, null_mean, null_95, p    the paper's estimator, and what permutations of clusters give
 *   /cka/debiased, debiased_null_mean, debiased_null_95, debiased_p
 *   /cka/shift_mean, shift_95, shift_p, debiased_shift_mean ...    the same where, instead, the units of
 *                           b (of a, where b are features) are shifted in time against all else, every
 *                           trial round by its own amount: what two unrelated signals give that change
 *                           as slowly as these. Clusters are not exchangeable where signals are slow:
 *                           permutations then call nearly anything related (95 % of unrelated ones of
 *                           autocorrelation 0.9 from frame to frame)
 *   /cka/shifts/value, debiased    (row x shift) the values behind these; shift k is the same for all rows
 *   /cka/deals/value, debiased     (row x deal) the values after the units of all layers are dealt to the
 *                           layers anew (ana/cka_deal.h), deal k the same for all rows: what is computed
 *                           from several rows has its null in the same of each column. Of two layers or
 *                           more
 *   /cka/dim_a, dim_b       effective dimensions
 *   /cka/rsm/LABELS/NAME    (cluster x other) dot products of the means; cluster tells their labels,
 *                           frames how many frames they have, order how to arrange them
 * A comparison of too few clusters has no row but a line in info->notes. */
#ifndef VR_IO_STAGE_CKA_H
#define VR_IO_STAGE_CKA_H
#include "base/pool.h"
#include "base/str.h"
#include "io/stream.h"

typedef struct {
  int draws;          /* permutations of the clusters */
  int shifts;         /* shifts of the activity against the labels in time; 0: none */
  int deals;          /* deals of the units to the layers; 0: none */
  int frames;         /* a cluster, in a task, counts from so many frames */
  int clusters;       /* a comparison is made from so many clusters */
  const char *across; /* labels (io/labels.h) of what each layer is compared between; frames without
                         one are left out. NULL: task, where there are tasks */
  uint64_t seed;
} vr_stage_cka_par;
#define VR_STAGE_CKA_DEFAULTS                                                                      \
  {                                                                                                \
    .draws = 1000, .shifts = 200, .deals = 200, .frames = 20, .clusters = 10, .seed = 1            \
  }

/* Zero-initialise; freed with vr_stage_cka_free. */
typedef struct {
  size_t layers, labels, rows;
  vr_str notes; /* lines: what could not be compared, and why */
} vr_stage_cka_info;

/* layer: datasets with a row a frame; labels: words of io/labels.h, or names of /cluster/NAME. Labels
 * of vr-kmeans bring their features with them. VR_EDATA when nothing could be compared. */
int vr_stage_cka(vr_turn *t, const char *const *layer, size_t layers, const char *const *labels,
  size_t nlabels, const vr_stage_cka_par *par, const vr_pool *pool, vr_stage_cka_info *info);
void vr_stage_cka_free(vr_stage_cka_info *info);

/* The layers of a turn, in the order that the attribute `layers` of /neural tells, else by name: the
 * cells of each (c), or the rates. One block; the caller frees *path with vr_release. */
int vr_stage_cka_layers(const vr_turn *t, char ***path, size_t *n);

/* The names of the clusters in /cluster; the caller frees *name with vr_release. */
int vr_stage_cka_clusters(const vr_turn *t, char ***name, size_t *n);

#endif
