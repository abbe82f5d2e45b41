/* axes.h -- which points are the origin, the back and the front of an animal. */
#ifndef VR_ANA_AXES_H
#define VR_ANA_AXES_H
#include "ana/egocentric.h"
#include "base/str.h"

/* Looks the axes up by the names of the points, from what trackers usually call them ("Snout",
 * "tail_base", "Tail(base)"; case and signs do not count). front, back, root: room for two places
 * each; *nX = 0 where nothing was found (a pair such as both hips gives two). */
void vr_guess_axes(char *const *names, size_t n, size_t front[2], size_t *nfront, size_t back[2],
  size_t *nback, size_t root[2], size_t *nroot);

/* The axes that the user names, else those that the names tell. root: "A,B" (their mean), "all" or
 * NULL; heading: "BACK,FRONT", each side one point or several ("A+B"), "none" or NULL. What was
 * taken (none, of one point) is added to `said` as one line. The sets lie in *block, freed with vr_release. VR_EARG when
 * a name is wrong, or none is given and the names do not tell. */
int vr_find_axes(char *const *names, size_t n, const char *root, const char *heading,
  vr_body_axes *axes, size_t **block, vr_str *said);

#endif
