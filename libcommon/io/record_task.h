/* record_task.h -- the task of a recorded trial, read back. */
#ifndef VR_IO_RECORD_TASK_H
#define VR_IO_RECORD_TASK_H
#include "io/stream.h"
#include "sim/task.h"

/* What makes the scene of trial `trial` (a row of /trials) again: its task with the parameters as
 * they were (its table is in `folder`), its seed and the time step of its physics (s). The caller frees the task. VR_EARG: there
 * is no such trial; VR_EDATA: the recording does not tell (it is of a real animal, or damaged). */
int vr_recall_task(
  const vr_turn *t, const char *folder, size_t trial, vr_task *task, uint64_t *seed, double *step);

#endif
