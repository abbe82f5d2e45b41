/* rowstore.h -- rows of doubles that wait until their number is known; the first megabytes in
 * memory, the rest in a temporary file. */
#ifndef VR_IO_ROWSTORE_H
#define VR_IO_ROWSTORE_H
#include "io/image.h"
#include <stddef.h>

/* Set cols, the rest to zero; freed with vr_rowstore_free. */
typedef struct {
  size_t cols, rows;
  double *tail; /* rows that are not yet in the file */
  size_t ntail, cap;
  vr_spool spool;
  int spilled;
} vr_rowstore;

/* Where the next row goes: cols doubles, valid until the next call. */
int vr_rowstore_add(vr_rowstore *s, double **row);
/* Takes back the row that was added last. */
void vr_rowstore_undo(vr_rowstore *s);
/* Rows first .. first+n-1 into buf. */
int vr_rowstore_read(vr_rowstore *s, size_t first, size_t n, double *buf);
void vr_rowstore_free(vr_rowstore *s);

#endif
