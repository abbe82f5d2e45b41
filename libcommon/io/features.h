/* features.h -- what a frame is for tools that compare frames: columns of several datasets, side by
 * side, each brought to mean 0 and standard deviation 1. */
#ifndef VR_IO_FEATURES_H
#define VR_IO_FEATURES_H
#include "base/pool.h"
#include "io/stream.h"

enum { VR_FEATURES_MAX = 64 }; /* most datasets of a list */

/* Sets of features by name, those of the paper's figure 5:
 *   angles, speeds, forces    /pose/angles, /pose/speeds, /force
 *   eigenpostures             scores of angles, where there are any, and of positions
 *   slow, intermediate, fast  kinematics of the band
 *   behaviour                 eigenpostures and intermediate kinematics: 60 columns for the rat */
enum { VR_FEATURE_SETS = 8, VR_FEATURE_PARTS = 3 };
extern const char *const vr_feature_sets[VR_FEATURE_SETS];

/* 1: `word` is the name of a set; 1: the turn has it, or what it is computed from. */
int vr_features_is_set(const char *word);
int vr_features_can(const vr_turn *t, const char *word);

/* The datasets of a set; path has room for VR_FEATURE_PARTS, the strings are static. What is missing
 * is computed, on the bases of `basis` where that is not NULL, with lines in the history that name
 * the program `because_of`; in a turn that is only read that is VR_EDATA. */
int vr_features_set(vr_turn *t, const char *word, const vr_h5 *basis, const char *because_of,
  const vr_pool *pool, const char **path, size_t *n);

/* The set `behaviour`, what tools take that compare frames when they are not told otherwise. */
int vr_features_default(vr_turn *t, const vr_h5 *basis, const char *because_of, const vr_pool *pool,
  const char *path[3], size_t *n);

/* Computes those of the datasets that are missing and that vr_features_set would compute. */
int vr_features_need(vr_turn *t, const char *const *path, size_t n, const vr_h5 *basis,
  const char *because_of, const vr_pool *pool);

/* Zero-initialise; freed with vr_features_free. */
typedef struct {
  vr_mat x;          /* M x d */
  double *mean, *sd; /* d, of the columns as they were; sd 0 where a column is constant */
} vr_features;

/* The columns of the datasets, z-scored; constant ones become 0. All must have the same rows. NaN
 * and Inf are VR_EDATA with dataset and row. */
int vr_features_get(const vr_turn *t, const char *const *path, size_t n, vr_features *f);

/* The same with given means and sds (d of each), so that new frames can be compared with old. */
int vr_features_get_by(const vr_turn *t, const char *const *path, size_t n, const double *mean,
  const double *sd, size_t d, vr_features *f);
void vr_features_free(vr_features *f);

#endif
