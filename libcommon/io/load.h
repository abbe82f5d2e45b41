/* load.h -- columns of a text table become datasets of a stream. */
#ifndef VR_IO_LOAD_H
#define VR_IO_LOAD_H
#include "io/rowstore.h"
#include "io/schema.h"
#include "io/stream.h"

/* One dataset and the columns that go into it. */
typedef struct {
  char *path;
  vr_type type;
  const vr_schema_row *row; /* NULL for a path outside the table */
  size_t *column, n;
  char **name;  /* of each column, NULL without a header; one block */
  size_t space; /* columns of one point, for (time x body x space); else 0 */
} vr_load_set;

typedef struct {
  vr_load_set *set;
  size_t nsets;
} vr_load_plan;

/* Gives the columns of a table to the datasets of `spec`: "/path" takes those that no other wants,
 * "/path=GLOB,GLOB" those whose names match. `taken[c]` marks columns with a use of their own
 * (trial, time). names: ncol of them, or NULL. type: VR_OTHER for that of the schema (float64
 * where it has none). VR_EARG: a spec without columns, a column without a dataset. */
int vr_load_plan_make(const char *const *spec, size_t nspec, char *const *names, size_t ncol,
  const char *taken, vr_type type, vr_load_plan *plan);
/* Numbers that cannot be in a dataset of whole numbers: VR_EDATA names the column. */
int vr_load_check(const vr_load_plan *plan, const double *row);
/* Writes the rows, with names of the columns; `units` for all datasets, NULL for the schema's. */
int vr_load_write(const vr_load_plan *plan, vr_rowstore *rows, const char *units, vr_turn *t);
void vr_load_plan_free(vr_load_plan *plan);

#endif
