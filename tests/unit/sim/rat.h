/* rat.h -- the rat on flat ground, for tests of what it senses and does. */
#ifndef VR_TEST_RAT_H
#define VR_TEST_RAT_H
#include "sim/env.h"
#include <string.h>
#include "../test.h"

/* The scene of a task from the tables in share/. */
static inline int open_scene(const char *task, double step, vr_scene **s)
{
  vr_body body = {0};
  vr_task t = {0};
  *s = NULL;
  int code = vr_body_load("share/body/rat", &body);
  if (!code) code = vr_task_read("share/task", task, &t);
  if (!code) code = vr_scene_of(&body, &t, step, s);
  vr_task_free(&t);
  vr_body_free(&body);
  return code;
}

/* Columns of a sense in the vector of observations. */
static inline const vr_sense *find_sense(const vr_scene *s, const char *name)
{
  const vr_layout *l = vr_scene_layout(s);
  for (size_t i = 0; i < l->nsense; i++)
    if (!strcmp(l->sense[i].name, name)) return l->sense + i;
  return NULL;
}

#endif
