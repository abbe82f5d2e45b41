/* import_report.h -- what vr-import understood and did, as lines for its user.
 *
 * Each call adds lines, ended by \n, to a string; names from files are escaped. */
#ifndef VR_IO_IMPORT_REPORT_H
#define VR_IO_IMPORT_REPORT_H
#include "ana/fill.h"
#include "io/import.h"

/* "DeepLabCut csv: 2 animals (adult, juvenile), 7 points, 2-D, ..." and the share that is missing. */
void vr_report_read(vr_str *t, const vr_import *im, const char *units);
/* Names and counts of the points that have any: "nose 12, tail 3"; at most `most` of them, largest
 * first. */
void vr_report_points(vr_str *t, char *const *names, const size_t *count, size_t n, size_t most);
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
