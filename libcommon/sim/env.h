/* env.h -- an animal in a task: reset, act, sense.
 *
 *   vr_scene *scene;  one compiled world, read only, shared by threads
 *   vr_env *env;      one animal in it, used by one thread at a time
 *   vr_env_reset(env, seed, obs);
 *   do vr_env_step(env, action, obs, &reward); while (!vr_env_done(env));
 *
 * Arrays belong to the caller; nothing is allocated between vr_env_new and vr_env_free. All chance
 * in an episode follows from its seed, whatever ran before and on which thread. */
#ifndef VR_SIM_ENV_H
#define VR_SIM_ENV_H
#include "base/str.h"
#include "sim/body.h"
#include "sim/task.h"
#include <stddef.h>
#include <stdint.h>

typedef struct vr_scene vr_scene;
typedef struct vr_env vr_env;

#define VR_CONTROL_STEP 0.02 /* s between actions */

/* One observation: columns first .. first + n - 1 of the vector of observations. */
typedef struct {
  const char *name, *units, *axis; /* axis: the vr_axis that names its columns, "" for a scalar */
  size_t first, n;
} vr_sense;

/* Names of the columns of a kind: /names/WORD. */
typedef struct {
  const char *word;
  size_t n;
  char *const *name;
} vr_axis;

typedef struct {
  size_t nact, nobs, njoint, nbody;
  size_t nsense, naxes;
  const vr_sense *sense;
  const vr_axis *axis;
  const double *hold; /* nact: the commands that hold the spawn pose */
  int substeps;       /* physics steps in a control step */
  double step;        /* s, of a physics step */
} vr_layout;

/* The names of a kind of columns, NULL when there is none of that word. */
const vr_axis *vr_layout_axis(const vr_layout *layout, const char *word);

/* Pose of an animal (DESIGN 3). Members that are NULL are not filled. */
typedef struct {
  double *angles, *speeds; /* njoint: rad, rad/s */
  double *positions;       /* nbody x 3: origins of the bodies, m; origin at the root, x along the
                              heading, z up */
  double *root;            /* 7: position and quaternion w x y z of the root in the world */
  double *root_speeds;     /* 6: linear (world axes) and angular (root's axes) velocity */
  double *force;           /* nact: of the actuators, in the last physics step */
} vr_pose;

/* What built-in controllers look at. */
typedef struct {
  double time, heading;       /* s since the start; rad */
  double torso[3], pelvis[3]; /* world up in the axes of the torso and of the pelvis */
  double height;              /* of the torso's origin, m */
  double x, y;                /* of the torso's origin, m */
} vr_cue;

/* Lies on its side or back (rearing and diving are no falls). */
int vr_cue_lies(const vr_cue *cue);

/* Something that happened in the last step: a fall, a touch... */
typedef struct {
  const char *name;
  double value;
} vr_event;

/* A scene from MJCF text. task: what an episode draws by chance, what is rewarded, how it ends; NULL:
 * the flat task's defaults. It is copied. VR_EDATA, VR_EARG (no such task, odd time step), VR_EMEM. */
int vr_scene_new(const char *mjcf, const vr_task *task, vr_scene **s);
/* The same from the tables of an animal: composes the task's world around it, with room for what any
 * episode draws; each vr_env_reset moves it into place, without compiling. step: of the physics, s. */
int vr_scene_of(const vr_body *body, const vr_task *task, double step, vr_scene **s);
/* The MJCF text that it compiles; mjcf is cleared first, the caller frees it. */
int vr_scene_text(const vr_body *body, const vr_task *task, double step, vr_str *mjcf);
const vr_layout *vr_scene_layout(const vr_scene *s);
/* Time limit of an episode, s: the task's. It is kept by whoever steps the environment. */
double vr_scene_seconds(const vr_scene *s);
/* Adds what the engine has made of the animal: a line a quantity, with value and unit (tabs between). */
void vr_scene_count(const vr_scene *s, vr_str *text);
void vr_scene_free(vr_scene *s);

int vr_env_new(const vr_scene *s, vr_env **e);
void vr_env_free(vr_env *e);

/* Starts an episode. obs (nobs) may be NULL here and below. VR_ENUM when the start diverges. */
int vr_env_reset(vr_env *e, uint64_t seed, double *obs);

/* One control step with action (nact, -1..1). Observations are those before the reward changes what
 * a task remembers. *reward is the task's. When the engine diverges the
 * episode is done, obs is untouched and *reward is 0. */
void vr_env_step(vr_env *e, const float *action, double *obs, double *reward);

/* NULL while the episode goes on; else why it ended: "fell into the gap", "engine: ...". Time
 * limits are the caller's. */
const char *vr_env_done(const vr_env *e);

/* 1 when it ended since the engine diverged. */
int vr_env_broken(const vr_env *e);

/* Of the last step: 0 where nothing more could be earned after it (a fall into a gap, a diverged
 * engine), else 1, also where an episode ends in success or at a time limit. */
double vr_env_discount(const vr_env *e);

/* Events of the last step (or reset), *n of them. */
const vr_event *vr_env_events(const vr_env *e, size_t *n);

/* Bytes of a saved state; all that the next steps depend on, to the bit, without pointers. */
size_t vr_env_state_size(const vr_env *e);
void vr_env_save(const vr_env *e, void *state);
/* Goes on where a state was saved, in this or another environment of a scene that is the same. obs
 * as in vr_env_reset. VR_EDATA when it is the state of another scene, VR_ENUM. */
int vr_env_restore(vr_env *e, const void *state, double *obs);

void vr_env_pose(const vr_env *e, const vr_pose *p);
void vr_env_cue(const vr_env *e, vr_cue *cue);

/* Number of a trial's episode: 53 random bits of (seed, trial), exact in a double. */
uint64_t vr_trial_seed(uint64_t seed, uint32_t trial);
/* The same where a trial has one episode after the other. */
uint64_t vr_episode_seed(uint64_t seed, uint32_t trial, uint32_t episode);

#endif
