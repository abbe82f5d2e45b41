/* texttable.h -- numbers in a text file, row by row: TSV, CSV, or columns between blanks.
 *
 * The separator is found in the first line: tab, semicolon, comma, else blanks. The first line is
 * a header when one of its cells is no number. Lines that start with # and empty lines are passed
 * over; CRLF, quotes around cells and a missing last newline are fine; an empty cell is NaN. */
#ifndef VR_IO_TEXTTABLE_H
#define VR_IO_TEXTTABLE_H
#include <stddef.h>

typedef struct vr_texttable vr_texttable;

/* Reads the start of the descriptor and finds out the columns. VR_EDATA: empty, or not text. The
 * descriptor stays the caller's. */
int vr_texttable_open(int fd, vr_texttable **t);
size_t vr_texttable_columns(const vr_texttable *t);
/* Names from the header, NULL where there is none; they live as long as the table. */
char *const *vr_texttable_names(const vr_texttable *t);
size_t vr_texttable_line(const vr_texttable *t); /* number of the line read last, from 1 */
/* The next row into row[0 .. columns-1]; *more = 0 at the end. Infinities, and NaN unless `nan`,
 * ragged rows and words are VR_EDATA with line and column. */
int vr_texttable_next(vr_texttable *t, int nan, double *row, int *more);
void vr_texttable_free(vr_texttable *t);

#endif
