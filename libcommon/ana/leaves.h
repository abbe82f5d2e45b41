/* leaves.h -- an order of rows in which similar ones are neighbours, for matrices that are looked at. */
#ifndef VR_ANA_LEAVES_H
#define VR_ANA_LEAVES_H
#include "num/mat.h"

/* order[n] = the leaves of the average-linkage tree (Euclidean distances) of the rows of x, each
 * branch turned so that the ends that meet are near. Ties by index. n^3 steps at worst; VR_EMEM. */
int vr_leaves(const vr_mat *x, size_t *order);

#endif
