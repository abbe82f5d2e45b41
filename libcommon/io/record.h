/* record.h -- trials of an animal in one or more tasks, as the datasets of a recording.
 *
 * Row k of a trial holds what the animal is and senses at time k / 50 Hz, the action it then takes,
 * and the reward and discount that this action brings (DESIGN 3). Forces are those of the last physics step
 * before the row. A trial whose physics diverges ends with the row before; /trials/outcome says so
 * and no number that is not finite is written. */
#ifndef VR_IO_RECORD_H
#define VR_IO_RECORD_H
#include "base/pool.h"
#include "base/str.h"
#include "io/stream.h"
#include "rl/policy.h"
#include "sim/env.h"

/* A task to record, and the frames of each of its trials (of the longest), unless they end early. */
typedef struct {
  const vr_scene *scene;
  const vr_task *task;
  size_t frames;
} vr_venue;

typedef struct {
  size_t trials,
    first; /* how many of each task, and the number of the first one: its chance follows from it */
  size_t frames; /* of vr_record: as in vr_venue */
  uint64_t seed;
  int wide;        /* states and senses as float64, else float32 */
  int keep_action; /* /action of the turn stays as it is */
  int eye;         /* also /eye: what the animal sees */
  /* who acts: a built-in controller by name, with the folder of the gait tables; or a policy, with
   * what it is called, which is recorded too (/neural, /value); or, where both are NULL, rows of
   * actions. Trials of a recording come with their `seeds` (else NULL). */
  const char *controller, *gaits;
  const vr_policy *policy;
  const char *who;
  int sample;            /* the policy draws its actions, else it takes their mean */
  int blind;             /* it sees grey, whatever there is to see; so does /eye */
  const vr_clamp *clamp; /* nclamp cells of it that are held */
  size_t nclamp;
  const vr_matf *action;
  const vr_trials *rows;
  const double *seeds;
  void (*progress)(const char *what, double done, double total); /* or NULL */
} vr_record_par;

#define VR_RECORD_DEFAULTS                                                                         \
  {                                                                                                \
    .trials = 25, .frames = 1500, .seed = 1                                                        \
  }

/* The task as it was recorded in a turn: *spec = `task` (NAME[:key=value,...]) with what it does
 * not say taken from /task/NAME, *step = the physics step there (unchanged when there is none).
 * spec is cleared first; the caller frees it. VR_EDATA, VR_EMEM. */
int vr_record_task(const vr_turn *t, const char *task, vr_str *spec, double *step);

/* Plays the trials on the pool, task after task, and writes /time, /trial, /trials, /events, /names, /pose,
 * /action, /force, /reward, /discount, /sense, /task (and /eye, /neural, /value) into the turn. A turn
 * that holds trials already keeps them, and its events; VR_EDATA when a trial then ends early. The
 * bytes do not depend on the pool, nor those of a trial on which others are played.
 * VR_EARG (also: tasks that differ in what is sensed), VR_EDATA (a policy for another animal), VR_EMEM,
 * VR_EIO, VR_ENUM. */
int vr_record_tasks(
  const vr_venue *venue, size_t n, const vr_record_par *par, const vr_pool *pool, vr_turn *t);

/* One task. */
int vr_record(const vr_scene *scene, const vr_task *task, const vr_record_par *par,
  const vr_pool *pool, vr_turn *t);

#endif
