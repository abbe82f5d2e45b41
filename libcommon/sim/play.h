/* play.h -- the rules of a task: how an episode starts, what is rewarded, when it ends.
 *
 * Seen by sim/ only. A new task is a file play_NAME.c with one vr_play and a line in play.c. */
#ifndef VR_SIM_PLAY_H
#define VR_SIM_PLAY_H
#include "base/rng.h"
#include "sim/place.h"
#include "sim/senses.h"

enum { VR_MAXEVENTS = 16, VR_MAXRULES = 8 };

typedef struct {
  const char *name;
  /* Values of keys the rules use: names of the task's keys, with what they are when the task's
   * table has no such key; the episode finds them in the same order in vr_env.rule. */
  struct {
    const char *key;
    double value;
  } rule[VR_MAXRULES];
  /* Places the animal in a state just reset (qpos, qvel only): it stands at e->ground.spawn, and
   * boxes, orbs and heights are in place. 0 or an error. */
  int (*start)(vr_env *e, vr_rng *r);
  /* After a control step: the reward; sets e->done, reports events by vr_env_report. */
  double (*after)(vr_env *e);
} vr_play;

/* The rules of a task by name; VR_EARG when there are none. */
int vr_play_find(const char *name, const vr_play **play);
extern const vr_play vr_play_flat;

struct vr_scene {
  mjModel *m;
  vr_senses senses;
  vr_layout layout;
  const vr_play *play;
  vr_task task; /* what is drawn anew for each episode; name NULL: nothing is */
  vr_places places;
  double rule[VR_MAXRULES], hold[VR_MAXNU];
  vr_axis *axes;
  char *names; /* block that the axes' names lie in */
};

struct vr_env {
  const vr_scene *scene;
  mjModel *m; /* its own: tasks may change it */
  mjData *d;
  uint64_t seed;    /* of the episode */
  vr_ground ground; /* of the episode */
  double rule[VR_MAXRULES];
  int fallen;
  double com[3], heading; /* before the step: of the whole animal; of the root */
  const char *done;
  char reason[96];
  vr_event event[VR_MAXEVENTS];
  size_t nevents;
};

void vr_env_report(vr_env *e, const char *name, double value);

/* Uniform joint noise of `share` of each range, kept within the range. */
void vr_play_shake(vr_env *e, vr_rng *r, double share);
/* Random orientation at the lowest height (steps of 1 cm) without contact with the world. */
int vr_play_drop(vr_env *e, vr_rng *r);

/* How far x is in [low, high]: 1 inside, falling linearly to 0 at distance `margin`. */
double vr_play_within(double x, double low, double high, double margin);
/* Uprightness from the z component of a body's axis: 1 within 30 degrees, 0 upside down. */
double vr_play_upright(double zz);

#endif
