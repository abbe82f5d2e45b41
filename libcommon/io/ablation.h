/* ablation.h -- which units a behaviour needs: ranking, holding and driving (figure 12 of the paper).
 *
 * From a recording: the windows of a behaviour, and by them for each layer the score and rank of its
 * units, the values they are held at and the course that they follow (ana/modulation.h). Then trials
 * with the cells of the n highest units of a layer held, or driven, beside trials with nothing done and
 * controls: the same number of units drawn by chance, or the same units on the course of moments
 * drawn by chance. All conditions play the same seeds (rl/lesion.h). */
#ifndef VR_IO_ABLATION_H
#define VR_IO_ABLATION_H
#include "io/stream.h"
#include "rl/lesion.h"

enum { VR_ABLATION_LEVELS = 32, VR_ABLATION_CONTROLS = 64 };

typedef struct {
  const char *event;    /* of the recording: what happens at the end of the part `before` */
  double before, after; /* s: the window around each */
  int drive; /* cells are driven along their course, else held at their mean in the windows */
  double at, within; /* driven: from this second on; a success counts until so long after the end */
  const char *const *layer; /* nlayer; none: all layers of the policy */
  size_t nlayer;
  size_t level[VR_ABLATION_LEVELS],
    nlevel; /* how many units, rising; more than a layer has are all */
  size_t controls;
} vr_ablation_par;

#define VR_ABLATION_DEFAULTS                                                                       \
  {                                                                                                \
    .before = 0.8, .at = 2, .within = 1, .level = {0, 8, 16, 32, 64, 96, 128}, .nlevel = 7,        \
    .controls = 3                                                                                  \
  }

/* How many windows of the behaviour a recording has; those that leave their trial do not count. */
int vr_ablation_windows(const vr_turn *t, const vr_ablation_par *par, size_t *n);

/* Ranks, plays and writes /ablation into the turn. `trials` says what is played and counted; its goal's
 * part of the trial is set here. VR_EDATA: the recording has no such event (the nearest one), too few of
 * them, or no cells of a layer of the policy; VR_EARG, VR_EMEM, VR_EIO, VR_ENUM. */
int vr_ablation(vr_turn *t, const vr_ablation_par *par, const vr_lesion_par *trials,
  const vr_pool *pool, void (*progress)(const char *what, double done, double total));

#endif
