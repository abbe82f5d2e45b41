/* ablation_in.h -- what the two halves of an ablation share: playing (ablation.c) and writing
 * (ablation_put.c). For these; included nowhere else. */
#ifndef VR_IO_ABLATION_IN_H
#define VR_IO_ABLATION_IN_H
#include "base/mem.h"
#include "io/ablation.h"
#include "io/labels.h"

/* Windows of the behaviour in the recording. */
typedef struct {
  size_t n, length, *first;
  double before; /* frames before the event */
  vr_trials trials;
} windows;

/* A layer by what it does around the behaviour. */
typedef struct {
  const char *name;
  size_t k, units;      /* k: of vr_agent_layers */
  double *score, *hold; /* units */
  int32_t *order;       /* units, from 0 */
  size_t *unit;         /* sets x units: which are taken first; set 0: by rank */
  vr_mat *course;       /* sets: of the behaviour, and of other moments */
} layer;

typedef struct {
  const vr_ablation_par *par;
  const vr_lesion_par *trials;
  windows window;
  layer *layer;
  size_t nlayer;
  vr_lesion *condition;
  size_t ncondition;
  size_t *at; /* layers x levels x sets: number of the condition */
  vr_lesion_trial *trial;
  vr_arena arena;
} job;

int vr_ablation_put(const job *j, vr_turn *t);

#endif
