/* pose.h -- tracked animals written as a recording: one trial a stretch of one animal.
 *
 * /time /trial /trials/{task,recording,subject,outcome,first,frames,start} /names/{body,space}
 * /pose/{positions,confidence,root,root_speeds,heading,filled}, and with angles /names/joint
 * /pose/{angles,speeds}. */
#ifndef VR_IO_POSE_H
#define VR_IO_POSE_H
#include "ana/egocentric.h"
#include "ana/fill.h"
#include "ana/skeleton.h"
#include "ana/tracks.h"
#include "io/stream.h"

typedef struct {
  const vr_tracks *k;
  const uint8_t *filled; /* as the mask of vr_fill, or NULL */
  const vr_stretches *trials;
  vr_body_axes axes;
  const vr_chain *chain; /* nchains of them, with their names */
  char *const *chain_name;
  size_t nchains;
  const char *units; /* of the world: "m", "px", "1" */
  int by_length;     /* positions in lengths of the animal (vr_body_length), in /trials/length */
  const char *task, *recording;
  char *const *tasks;   /* of each trial, instead of one for all; or NULL */
  char *const *subject; /* one an animal */
} vr_pose_table;

/* Writes all of it. *held (may be NULL): angles that did not exist and kept their last value. */
int vr_put_pose(vr_turn *t, const vr_pose_table *p, size_t *held);

#endif
