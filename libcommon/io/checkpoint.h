/* checkpoint.h -- a training as it stands, in one HDF5 file that takes its name when it is whole.
 *
 * /checkpoint/NAME is a piece of memory each; the attribute `config` tells what made it, so that a run
 * goes on only as what it was. */
#ifndef VR_IO_CHECKPOINT_H
#define VR_IO_CHECKPOINT_H
#include "rl/trainer.h"

enum { VR_CHECKPOINT_FORMAT = 1 };

/* Writes path.new and renames it: what was there stays whole until then, also on a full disk. VR_EIO. */
int vr_checkpoint_write(const char *path, const char *config, const vr_part *piece, size_t n);

/* Pieces of all processes: the first `mine` are those that were given, the others owned here. */
typedef struct {
  vr_part *piece;
  size_t n, mine;
} vr_parts;

/* With several processes: rank 0 gets what the others have of their own, and frees it with
 * vr_checkpoint_drop; the others send it, and have nothing to write. VR_EMEM. */
int vr_checkpoint_gather(const vr_ranks *ranks, const vr_part *piece, size_t n, vr_parts *all);
void vr_checkpoint_drop(vr_parts *all);

/* Fills the pieces. VR_EDATA: not a checkpoint, of another format, of another config (the first line
 * that differs), or a piece that is missing or of another size. VR_EIO. */
int vr_checkpoint_read(const char *path, const char *config, const vr_part *piece, size_t n);

#endif
