/* stage_cka_in.h -- inside of stage_cka: what is compared, and the table that comes of it. */
#ifndef VR_IO_STAGE_CKA_IN_H
#define VR_IO_STAGE_CKA_IN_H
#include "ana/cka.h"
#include "io/stage_cka.h"

/* One comparison. The strings belong to others. */
typedef struct {
  const char *kind, *labels, *a, *b, *task_a, *task_b;
  size_t clusters;
  vr_cka_result r, shift; /* beside permutations, beside shifts in time */
  double dim_a, dim_b;
} cka_row;

/* Both estimators in every draw of a null: rows of the table x draws. */
typedef struct {
  double *paper, *debiased;
  size_t draws;
} cka_draws;

typedef struct {
  cka_row *row;
  size_t n;
  cka_draws shift, deal;
} cka_table;

/* What makes a comparison again with one side shifted in time. */
typedef struct {
  size_t row;              /* of the table */
  size_t place, layer;     /* the labelling, and the layer that is shifted */
  size_t *which, n, group; /* the means of that layer, as vr_clustersum_means takes them */
  vr_gram other;           /* of the other side */
} cka_again;

typedef struct {
  cka_again *item;
  size_t n;
} cka_agains;

void vr_cka_agains_free(cka_agains *list);

/* Fills `shift` of the table and of its rows, each of which is made again by one of `again`. layer[]:
 * the datasets; of[place]: labels of k[place] clusters in tasks, a frame. */
int vr_cka_shift(vr_turn *t, const char *const *layer, size_t layers, const int32_t *const *of,
  const size_t *k, size_t places, const vr_stage_cka_par *par, const vr_pool *pool,
  const cka_agains *again, cka_table *table);

/* deal[0], deal[1]: its draws of table->deal, NULL when there are none. */
int vr_cka_table_add(cka_table *table, const cka_row *row, const double *const deal[2]);
/* /cka/kind and the other columns, and the draws. */
int vr_cka_table_put(vr_turn *t, const cka_table *table);
void vr_cka_table_free(cka_table *table);

/* The similarity matrices of one labelling: names[m] of the means mean[m], of the clusters which[n]
 * (from 0) with so many frames; arranged by the last of the matrices. */
int vr_cka_put_similarities(vr_turn *t, const char *labels, const char *const *names,
  const vr_mat *mean, size_t m, const size_t *which, const size_t *frames, size_t n);

/* "core" for "/neural/core/c" and "/neural/core/rate", else the path with - for /. */
int vr_cka_layer_name(const char *path, char **name);

#endif
