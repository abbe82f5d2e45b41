/* clip.h -- a trial as it is filmed: where the animal is, what is told and drawn beside it. */
#ifndef VR_CLI_CLIP_H
#define VR_CLI_CLIP_H
#include "io/stream.h"
#include "sim/render.h"

typedef struct {
  double time, value;
  const char *name;
} vr_clip_event;

/* Zero-initialise; freed with vr_clip_free. Rows are those of the whole trial. */
typedef struct {
  const vr_turn *turn;
  size_t trial, first, frames, rows; /* first: of its rows in the turn's datasets; rows: of all */
  double rate;
  vr_matf root, angles;
  size_t nstrips, nevents;
  vr_strip *strip;
  char **title;         /* of each strip */
  char ***columns;      /* of each strip, in one block each */
  vr_matf *data;        /* of each strip */
  vr_clip_event *event; /* in the order of time */
  char **words;         /* their names */
  int has_eye;
  uint8_t eye[VR_RENDER_EYE * VR_RENDER_EYE * 3];
} vr_clip;

/* Reads trial k; trace[0 .. n-1] are "/path" or "/path:column,column". The joints must be those of
 * the scene. VR_EDATA: not a recording of this animal, or an eye of another size; VR_EARG: no such
 * trial or column. */
int vr_clip_read(const vr_turn *t, size_t k, const vr_layout *layout, const char *const *trace,
  size_t n, vr_clip *clip);

/* What was seen in frame i is in clip->eye. */
int vr_clip_see(vr_clip *clip, size_t i);

/* Adds lines that tell of frame i: `task`, the trial, the time, and events of the last second. */
void vr_clip_tell(const vr_clip *clip, const char *task, size_t i, vr_str *text);

void vr_clip_free(vr_clip *clip);

#endif
