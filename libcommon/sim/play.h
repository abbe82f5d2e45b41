/* play.h -- the rules of a task: how an episode starts, what is rewarded, when it ends.
 *
 * Seen by sim/ only. A new task is a file play_NAME.c with one vr_play and a line in play.c. */
#ifndef VR_SIM_PLAY_H
#define VR_SIM_PLAY_H
#include "base/rng.h"
#include "sim/feeler.h"
#include "sim/place.h"
#include "sim/senses.h"

enum { VR_MAXEVENTS = 16, VR_MAXRULES = 12, VR_MAXORBS = 256 };
enum { VR_ANIMAL, VR_HAND_L, VR_HAND_R, VR_NFEELERS };

typedef struct {
  const char *name;
  /* Values of keys the rules use: names of the task's keys, with what they are when the task's
   * table has no such key; the episode finds them in the same order in vr_env.rule. */
  struct {
    const char *key;
    double value;
  } rule[VR_MAXRULES];
  /* What the animal may know beside its senses, in consecutive columns: appended to them where rule
   * number `asked` is above 0. Those without a name are none. */
  vr_sense cue[VR_MAXCUES];
  int asked;
  void (*tell)(const vr_env *e, double *out);
  /* Accelerometer and touch are those of the state at the end of each control step, not of the last
   * physics step before: what the release does where its own code reads the model in between. */
  int anew;
  /* Members that are NULL have nothing to do. In order:
   * start: places the animal in a state just reset (qpos, qvel only): it stands at e->ground.spawn,
   * and boxes, orbs and heights are in place. 0 or an error.
   * show: makes the model agree with e->is (places and colours), at a start and when a state is
   * restored.
   * before: a control step. during: after each physics step, and at the start.
   * after: the reward of a control step; ends episodes by vr_env_end, reports events by
   * vr_env_report. The senses have been read by then. */
  int (*start)(vr_env *e, vr_rng *r);
  void (*show)(vr_env *e);
  void (*before)(vr_env *e);
  void (*during)(vr_env *e);
  double (*after)(vr_env *e);
} vr_play;

/* The rules of a task by name; VR_EARG when there are none. */
int vr_play_find(const char *name, const vr_play **play);
extern const vr_play vr_play_flat, vr_play_gaps, vr_play_maze, vr_play_bowl, vr_play_twotap;

struct vr_scene {
  mjModel *m;
  vr_senses senses;
  vr_layout layout;
  const vr_play *play;
  vr_task task; /* what is drawn anew for each episode; name NULL: nothing is */
  vr_places places;
  vr_feeler feeler[VR_NFEELERS];
  int tells; /* the cue is among the senses */
  double rule[VR_MAXRULES], hold[VR_MAXNU];
  vr_axis *axes;
  char *names; /* block that the axes' names lie in */
};

/* What an episode has come to, beside the state of the engine; no pointers: it is saved as it is. */
typedef struct {
  int fallen;      /* the animal lies */
  int over;        /* the episode has ended */
  int broken;      /* since the engine diverged */
  char reason[96]; /* and why */
  double discount; /* of the last step */
  /* flat: what is asked for: speed, turning, the heading that follows from it; number of the
   * command, and when the next one comes */
  double speed, turn, course, until;
  uint32_t command;
  /* gaps: platforms that are behind. bowl: 1 when it has got out */
  int behind;
  /* maze: orbs that are taken, all and in this control step */
  uint64_t taken[VR_MAXORBS / 64];
  int ntaken, fresh;
  /* twotap */
  int logic, touches, timeout, replace; /* logic: rodent.md 4.4 */
  uint32_t orb;                         /* its number in this episode */
  double place[3], touched, first, second, shown;
} vr_episode;

struct vr_env {
  const vr_scene *scene;
  mjModel *m; /* its own: tasks may change it */
  mjData *d;
  uint64_t seed;    /* of the episode */
  vr_ground ground; /* of the episode */
  double rule[VR_MAXRULES];
  vr_episode is;
  unsigned long episode;  /* counts resets: what is drawn anew in each is seen to have changed */
  int anew;               /* accelerometer and touch are computed once more in this step */
  double com[3], heading; /* before the step: of the whole animal; of the root */
  vr_event event[VR_MAXEVENTS];
  size_t nevents;
};

void vr_env_report(vr_env *e, const char *name, double value);
/* Ends the episode with this step. discount: 0 where nothing more could have been earned. */
void vr_env_end(vr_env *e, const char *why, double discount);

/* Gives the geom of an orb the material of this name, where the scene has one. */
void vr_play_paint(vr_env *e, int orb, const char *material);

/* Uniform joint noise of `share` of each range, kept within the range. */
void vr_play_shake(vr_env *e, vr_rng *r, double share);
/* Random orientation at the lowest height (steps of 1 cm) without contact with the world. */
int vr_play_drop(vr_env *e, vr_rng *r);

/* How far x is in [low, high]: 1 inside, falling linearly to 0 at distance `margin`. */
double vr_play_within(double x, double low, double high, double margin);
/* Uprightness from the z component of a body's axis: 1 within 30 degrees, 0 upside down. */
double vr_play_upright(double zz);

#endif
