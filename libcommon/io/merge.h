/* merge.h -- several images into one, trials after trials.
 *
 * All must have the same rate, and the same names where they have names. Then
 *   - datasets with a row a frame follow each other; /trial, /trials, /events and /spikes are renumbered;
 *   - what is said once a file (bases, regions, parameters) stays when all say the same;
 *   - numbers that only mean something with a fit (scores with their basis, places in a map, regions;
 *     io/schema.h knows) stay when the fit does;
 *   - what is not in all of them, or has another shape or unit, is left out and told;
 *   - /task is the union, /history has every line once. */
#ifndef VR_IO_MERGE_H
#define VR_IO_MERGE_H
#include "base/str.h"
#include "io/h5.h"

/* Merges n >= 1 files of ours into the fresh file `out`. names[k] stands for in[k] in messages.
 * `dropped` gets a line "/path: why" for each dataset that was left out. Rows are read in blocks.
 * VR_EDATA: the inputs do not fit together; names the difference and both inputs. */
int vr_merge(vr_h5 *const *in, const char *const *names, size_t n, vr_h5 *out, vr_str *dropped);

#endif
