/* policy.h -- policies in HDF5: the group /policy of an image (vr.5).
 *
 * It holds the architecture as text (share/agent/), each tensor of the weights as a dataset of its
 * own name, what normalises the inputs and the values, and the curves of the training. All that is
 * read back is to the bit what was written. */
#ifndef VR_IO_POLICY_H
#define VR_IO_POLICY_H
#include "io/stream.h"
#include "rl/policy.h"

enum { VR_POLICY_FORMAT = 1 };

/* Writes it into the output of a turn (the tool's run adds the history). NaN and Inf are VR_EDATA
 * with the tensor. VR_EIO, VR_EMEM. */
int vr_policy_put(const vr_policy *p, vr_turn *t);

/* Reads it from a turn; p is filled anew, the caller frees it. VR_EDATA names the place: no policy,
 * another format number, a tensor that is missing, of another size, or not finite, or one that the
 * architecture does not have. VR_EIO, VR_EMEM. */
int vr_policy_get(const vr_turn *t, vr_policy *p);

/* The same from the first image of a file ("-": standard input). Messages begin with its name. */
int vr_policy_load(const char *path, vr_policy *p);

#endif
