/* pipeline.h -- the history of a stream as a table of runs, and as the shell line that repeats it. */
#ifndef VR_IO_PIPELINE_H
#define VR_IO_PIPELINE_H
#include "base/json.h"
#include "base/str.h"

/* Adds a word as a POSIX shell reads it back: as it is, in single quotes, or, where it holds
 * control characters, as $'...'. */
void vr_shell_word(vr_str *text, const char *word);

/* Adds an aligned table of the runs, oldest first: id, parents, version, command. VR_EDATA for a
 * line that is not JSON. */
int vr_history_table(char *const *lines, size_t n, vr_str *text);

/* Adds one line, "vr-record mix | vr-wavelet | vr-tsne": runs that stand for the newest ones and
 * their parents; several parents are "{ a; b; }". Prerequisites that a run computed for itself are
 * not repeated, and streams named on the command line are left out where the run before made them.
 * VR_EDATA: no history, or one that does not hang together. */
int vr_history_pipeline(char *const *lines, size_t n, vr_str *text);

#endif
