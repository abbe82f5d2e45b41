/* check.h -- is a file what vr.5 says? */
#ifndef VR_IO_CHECK_H
#define VR_IO_CHECK_H
#include "base/str.h"
#include "io/h5.h"

/* Zero-initialise; freed with vr_check_free. */
typedef struct {
  vr_str text;                                /* a line "/path: what is wrong" for each problem */
  size_t problems, datasets, frames, unknown; /* unknown: paths that the table of vr.5 lacks */
} vr_check_report;

/* Reads everything in the file and reports what is wrong: damage found by checksums, types, axes,
 * units and scales other than in the table (io/schema.h), missing numbers where there must be none,
 * frames, trials, events and history that do not fit together. 0, or VR_EMEM. */
int vr_check(const vr_h5 *f, vr_check_report *r);
/* Adds a problem; printf-like. */
void vr_check_say(vr_check_report *r, const char *path, const char *fmt, ...)
  __attribute__((format(printf, 3, 4)));
/* The part that compares /time, /trial, /trials, /events, /names and /history with each other. */
int vr_check_tables(const vr_h5 *f, vr_check_report *r);
void vr_check_free(vr_check_report *r);

#endif
