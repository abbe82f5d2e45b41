/* task_kinds.h -- what a task is to task.c: a name and the function that makes its world. Adding a
 * task: a file task_NAME.c, a line here, a row in task.c, a table share/task/NAME.tsv. Between the
 * task*.c files; included nowhere else. */
#ifndef VR_SIM_TASK_KINDS_H
#define VR_SIM_TASK_KINDS_H
#include "sim/mjcf.h"
#include "sim/task.h"

/* Fills the empty world; whatever is drawn by chance follows from seed. 0 or an error; running out
 * of memory inside the strings is found by the caller. */
typedef int (*vr_task_world_fn)(const vr_task *task, uint64_t seed, vr_world *w);

int vr_task_flat(const vr_task *task, uint64_t seed, vr_world *w);

#endif
