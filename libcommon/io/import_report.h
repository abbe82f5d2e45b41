/* import_report.h -- what vr-import understood and did, as lines for its user.
 *
 * The calls add lines, ended by \n, to a string; names from files are escaped. */
#ifndef VR_IO_IMPORT_REPORT_H
#define VR_IO_IMPORT_REPORT_H
#include "ana/fill.h"
#include "io/import.h"

/* "DeepLabCut csv: 2 animals (adult, juvenile), 7 points, 2-D, ..." and the share that is missing. */
void vr_report_read(vr_str *t, const vr_import *im, const char *units);
/* Names and counts of the points that have any: "nose 12, tail 3"; at most `most` of them, largest
 * first. */
void vr_report_points(vr_str *t, char *const *names, const size_t *count, size_t n, size_t most);
/* Keeps the points of a list, or (points NULL) those that are not in `without`; NULL, NULL: all. */
int vr_import_points(vr_tracks *k, const char *points, const char *without, vr_str *said);
/* Keeps n animals, as vr_tracks_animals does. */
int vr_import_animals(vr_tracks *k, size_t n, int merge, vr_str *said);
/* What becomes of points that are not to be trusted. */
typedef struct {
  double confidence; /* points with less are missing; 0: none */
  double spikes;     /* so are points that jump so many times the usual; 0: they are told */
  vr_fill_par fill;
  int drop; /* frames in which a point is still missing will be left out */
} vr_clean_par;
#define VR_CLEAN_DEFAULTS                                                                          \
  {                                                                                                \
    .fill = VR_FILL_DEFAULTS                                                                       \
  }
/* *mask := 1 where a point was filled (vr_release), NULL where none is. */
int vr_import_clean(vr_tracks *k, const vr_clean_par *par, uint8_t **mask, vr_str *said);
/* In how many frames each track is seen; nothing when all are seen in all. */
void vr_report_cover(vr_str *t, const vr_tracks *k);
/* Which tracks were kept, joined and left out. */
void vr_report_tracks(vr_str *t, char *const *tracks, size_t n, char *const *animals,
  const vr_track_fate *fate, size_t frames);
void vr_report_confident(vr_str *t, const vr_tracks *k, double least, const size_t *count);
/* Nothing when there are none. */
void vr_report_spikes(
  vr_str *t, const vr_tracks *k, double times, int removed, const size_t *count);
void vr_report_fill(
  vr_str *t, const vr_tracks *k, const char *how, int drop, const vr_fill_count *count);
void vr_report_trials(vr_str *t, const vr_tracks *k, const vr_stretches *s, double min_s);

#endif
