/* rowtext.h -- datasets side by side as lines of text, a block of rows at a time. */
#ifndef VR_IO_ROWTEXT_H
#define VR_IO_ROWTEXT_H
#include "base/str.h"
#include "io/h5.h"

typedef struct vr_rowtext vr_rowtext;

/* Opens `n` datasets of one file that have the same number of rows. VR_EDATA: rows differ, or a
 * dataset holds neither numbers nor strings. The file and the paths must last until
 * vr_rowtext_free. */
int vr_rowtext_open(const vr_h5 *f, const char *const *paths, size_t n, vr_rowtext **r);
/* Adds the names of the columns, separated by tabs, and a newline. */
int vr_rowtext_header(vr_rowtext *r, vr_str *text);
/* Adds the next block of rows, about a megabyte of numbers; *more = 0 when none were left. Numbers
 * read back exactly; NaN is "nan". */
int vr_rowtext_next(vr_rowtext *r, vr_str *text, int *more);
void vr_rowtext_free(vr_rowtext *r);

#endif
