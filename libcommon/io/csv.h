/* csv.h -- rows of a comma, tab or semicolon separated file (RFC 4180), one after the other. */
#ifndef VR_IO_CSV_H
#define VR_IO_CSV_H
#include <stddef.h>

/* Zero-initialise. The file is held whole and cut up in place while it is read. */
typedef struct {
  char *text;
  size_t size, at, line; /* bytes, place of the next row, number of the row just read (from 1) */
  char sep;
  char **cell; /* of the row just read; valid until the next one */
  size_t ncells, cap;
} vr_csv;

/* Reads the file. The separator is the one of tab, semicolon and comma that the first line holds
 * most of. A byte order mark is skipped; UTF-16 and files with NUL bytes are VR_EDATA. */
int vr_csv_open(const char *path, vr_csv *c);
/* The next row that is not blank; *more = 0 at the end. VR_EDATA on a quote that is not closed. */
int vr_csv_next(vr_csv *c, int *more);
size_t vr_csv_lines(const vr_csv *c); /* rows that are left, at most */
/* Number in a cell of the row just read; "", NA, NaN and null give NaN. VR_EDATA names the line and
 * the column otherwise. */
int vr_csv_number(const vr_csv *c, size_t column, double *x);
/* VR_EDATA unless the row just read has `want` cells. */
int vr_csv_width(const vr_csv *c, size_t want);
void vr_csv_free(vr_csv *c);

#endif
