/* task.h -- a task by name, its parameters, and the world it makes.
 *
 * A task is written NAME[:key=value,...]. The keys, their defaults, ranges and units stand in the
 * table NAME.tsv of the task folder (share/task). */
#ifndef VR_SIM_TASK_H
#define VR_SIM_TASK_H
#include "base/str.h"
#include "base/table.h"
#include "sim/world.h"
#include <stdint.h>

typedef struct {
  const char *name;
  double value, min, max;
  const char *unit, *what; /* unit "a|b|c": the values 0, 1, 2 have these names */
} vr_task_key;

/* Zero-initialise; freed with vr_task_free. */
typedef struct {
  const char *name; /* "flat" */
  vr_table table;   /* rows are vr_task_key; `value` as resolved */
  int kind;         /* place in vr_task_names */
} vr_task;

/* Names of all tasks, "flat" first; *n of them. */
const char *const *vr_task_names(size_t *n);

/* Reads the table of the task in `folder` and sets what `spec` says: NAME[:key=value,...], or
 * DIR/NAME.tsv[:key=value,...], a table of the user whose values take the place of those in
 * `folder`; keys that it does not have keep them. VR_EARG: no such task or key (the message names the
 * nearest right one), a value that is no number or out of range, each with file and line where it
 * stands in a table; VR_EIO, VR_EMEM. */
int vr_task_read(const char *folder, const char *spec, vr_task *task);

/* Value of a key; NAN when there is none of that name. */
double vr_task_get(const vr_task *task, const char *key);

/* Time limit of an episode, s: the key `seconds`, else 30. */
double vr_task_seconds(const vr_task *task);

/* Adds the resolved table as text, in the form of the table file: /task/NAME of a recording. */
void vr_task_text(const vr_task *task, vr_str *out);

/* The task `name` of `folder` with the values in a text of n bytes that vr_task_text made; keys that
 * the text does not have keep their defaults. VR_EDATA: a key that the task does not have, or a value
 * that is out of its range. */
int vr_task_recall(const char *folder, const char *name, const char *text, size_t n, vr_task *task);

/* A copy of its own, with the values as they are. VR_EMEM. */
int vr_task_copy(const vr_task *task, vr_task *copy);

/* The world of this task in the episode `seed`. *w is filled anew. */
int vr_task_world(const vr_task *task, uint64_t seed, vr_world *w);

/* The world around a ground (sim/ground.h); `parked`: with all the boxes and orbs that there may be in
 * another episode, out of the way. */
struct vr_ground;
int vr_task_dress(const vr_task *task, const struct vr_ground *g, int parked, vr_world *w);

void vr_task_free(vr_task *task);

#endif
