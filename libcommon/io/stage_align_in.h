/* stage_align_in.h -- what the files of vr-align share; included nowhere else. */
#ifndef VR_IO_STAGE_ALIGN_IN_H
#define VR_IO_STAGE_ALIGN_IN_H
#include "io/events.h"
#include "io/labels.h"
#include "io/stage_align.h"

enum { VR_ALIGN_PATH = 512 };

/* Everything between reading and writing. */
typedef struct {
  vr_mat z; /* frames x units that change */
  vr_trials tr;
  vr_marks marks;
  vr_window *w;
  double *time; /* s in its trial, of each window */
  size_t n, lags;
  char **names;      /* of all columns */
  size_t *unit;      /* place of each kept one */
  double lag0, lag1; /* first lag, and from one to the next */
} vr_align_work;

/* Label of the frame of the event of window e. */
int32_t vr_align_label(const vr_align_work *w, const vr_labels *l, size_t e);

/* Writes /sequence/PATH/by: the windows parted by the label of the frame of their event, and whether
 * units peak in the same order in each. */
int vr_align_by(vr_turn *t, const char *path, const vr_stage_align_par *par, const vr_align_par *ap,
  const vr_align_work *w, const vr_pool *pool, vr_stage_align_info *info);

/* Writes /sequence/PATH/fano: how much counts vary over the windows, or over those of each label, if the
 * dataset holds counts. */
int vr_align_fano(vr_turn *t, const char *path, const vr_stage_align_par *par,
  const vr_align_work *w, const vr_pool *pool, vr_stage_fano_info *info);

#endif
