/* align.h -- lines of words in columns, for people. */
#ifndef VR_BASE_ALIGN_H
#define VR_BASE_ALIGN_H
#include "base/str.h"

/* Adds the lines of `tsv` (cells separated by tabs) to `out`, columns aligned with two blanks
 * between them. `how` has a character a column: 'l' left, 'r' right; columns beyond it are left.
 * Nothing trails. */
void vr_str_align(vr_str *out, const char *tsv, const char *how);

#endif
