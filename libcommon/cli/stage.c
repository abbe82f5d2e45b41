#include "cli/stage.h"
#include "base/mem.h"
#include "cli/tool.h"
#include "sim/controller.h"
#include "sim/spec.h"
#include "sim/teacher.h"
#include <string.h>

void vr_stage_open(vr_stage *s, const char *task, double step)
{
  char *tasks, *rat;
  vr_body body = {0};
  *s = (vr_stage){0};
  vr_must(vr_share_path("task", &tasks));
  vr_must(vr_share_path("body/rat", &rat));
  vr_must(vr_share_path("gait", &s->gaits));
  vr_must(vr_task_read(tasks, task, &s->task));
  vr_must(vr_body_load(rat, &body));
  vr_must(vr_scene_of(&body, &s->task, step, &s->scene));
  vr_body_free(&body);
  vr_release(rat);
  vr_release(tasks);
}

void vr_stage_gaits(vr_stage *s, const char *folder)
{
  vr_release(s->gaits);
  vr_must(vr_alloc(&s->gaits, strlen(folder) + 1, 1));
  memcpy(s->gaits, folder, strlen(folder) + 1);
}

void vr_stage_check(const vr_stage *s, const char *controller)
{
  vr_controller *c = NULL;
  vr_teacher *t = NULL;
  if (vr_spec_is(controller, "teacher"))
    vr_must(vr_teacher_new(controller, s->gaits, s->scene, &t));
  else
    vr_must(vr_controller_new(controller, s->gaits, vr_scene_layout(s->scene), &c));
  vr_controller_free(c);
  vr_teacher_free(t);
}

void vr_stage_close(vr_stage *s)
{
  vr_scene_free(s->scene);
  vr_task_free(&s->task);
  vr_release(s->gaits);
}
