/* cka_deal.h -- nulls for what layers differ in: CKA after the units are dealt to the layers anew.
 *
 * If a unit might as well be in any layer, the units of all layers can be dealt again to layers of the
 * same sizes, and whatever is computed from a table of CKAs -- the difference of two layers, which of
 * them leads -- has the distribution of its values over deals: a permutation test, exact for any such
 * statistic. All comparisons of a deal use the same one, so statistics are taken deal by deal.
 *
 * The hypothesis is a strong one: it fails as well where units of a layer only have a signal in common,
 * whatever it has to do with the features. Beside it belongs a null that keeps layers whole. */
#ifndef VR_ANA_CKA_DEAL_H
#define VR_ANA_CKA_DEAL_H
#include "ana/cka.h"

/* What is compared. Layers may have several sides, as in two tasks: the same units in other rows, which
 * are dealt together. All matrices have the same k > 3 rows, and a layer the same columns on all sides. */
typedef struct {
  size_t layers, sides;
  const vr_mat *x; /* x[s * layers + l]: layer l on side s */
  const vr_gram
    *g; /* g[sides * layers] and further: what stays as it is. NULL when no pair says so */
} vr_cka_hand;

/* The two estimators (n x deals): of pair[m], places in x or, above those, in g, in every deal. A deal
 * is named by seed and number: tables of the same layers are dealt alike. deals >= 1, layers >= 2. The
 * same for any pool. VR_EARG for other shapes, VR_EMEM. */
int vr_cka_deal(const vr_cka_hand *h, const vr_cka_pair *pair, size_t n, int deals, uint64_t seed,
  const vr_pool *pool, double *paper, double *debiased);

#endif
