/* prov.h -- /history: one line a run, so that a result tells how it was made.
 *
 * A line is JSON: {"id":..., "parents":[...], "program":..., "version":..., "command":[words as
 * typed], "inputs":N, "options":{resolved}, "seed":...}; the last N words name streams. The id is a
 * hash of all the rest. No date, host, user or folder. */
#ifndef VR_IO_PROV_H
#define VR_IO_PROV_H
#include "io/stream.h"

typedef struct {
  const char *program;  /* "vr-wavelet" */
  char *const *command; /* words as typed, command[0] is the program */
  size_t nwords;
  char *const *names, *const *values; /* resolved options */
  size_t noptions;
  size_t ninputs;         /* streams among the words, at their end: in a pipeline they come before */
  const char *because_of; /* NULL, or the program that needed this as a prerequisite */
} vr_run;

/* Appends the run to the turn's /history (made when missing); the parents are the lines that were
 * the heads until now. */
int vr_history_add(vr_turn *t, const vr_run *run);
/* The lines of a file, oldest first; *n = 0 when there are none. vr_release(*lines). */
int vr_history_get(const vr_h5 *f, char ***lines, size_t *n);
/* Lines of several inputs into one history, each id once. */
int vr_history_merge(vr_h5 *out, const vr_h5 *const *in, size_t n);

#endif
