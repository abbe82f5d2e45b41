/* names.h -- lists of names: of points, animals, angles. */
#ifndef VR_ANA_NAMES_H
#define VR_ANA_NAMES_H
#include <stddef.h>

/* *to = the names as one block, freed by vr_release(*to). */
int vr_names_copy(char *const *from, size_t n, char ***to);
/* Place of a name in a list; n when it is not there. */
size_t vr_names_find(char *const *list, size_t n, const char *name);
/* 0 when all names are different and none is empty; else VR_EDATA that says which. */
int vr_names_check(char *const *list, size_t n, const char *what);
/* Places of the words of `text`, between any of the characters in `sep`; a word that is not there
 * as written may differ in case. VR_EARG with the nearest name. vr_release(*place). */
int vr_names_pick(
  char *const *list, size_t n, const char *text, const char *sep, size_t **place, size_t *count);

#endif
