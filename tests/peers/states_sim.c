/* states_sim SCENE.xml TASK < states -- our rules on states that another program has simulated.
 *
 * Numbers are doubles as the machine has them. First how many orbs there are, and their places; then
 * for each control step the place of the orb (of twotap; else anything) and a state (time, qpos, qvel)
 * after each physics step. The first control step has one state only: the start. A line a control
 * step: reward, discount, whether the episode has ended, how many orbs were taken or state of
 * task_logic. */
#include "base/err.h"
#include "sim/physics.h"
#include "sim/play.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static char text[1 << 24];

static int numbers(double *x, size_t n)
{
  return fread(x, sizeof *x, n, stdin) == n;
}

/* The next state of the input, with what follows from it. */
static int take_state(vr_env *e)
{
  if (!numbers(&e->d->time, 1) || !numbers(e->d->qpos, (size_t)e->m->nq) ||
      !numbers(e->d->qvel, (size_t)e->m->nv))
    return 0;
  mj_step1(e->m, e->d);
  if (e->scene->play->during) e->scene->play->during(e);
  return 1;
}

static int read_orbs(vr_env *e)
{
  double n, pos[3];
  if (!numbers(&n, 1) || n > (double)e->ground.maxorbs) return 0;
  for (e->ground.norbs = 0; (double)e->ground.norbs < n; e->ground.norbs++) {
    if (!numbers(pos, 3)) return 0;
    vr_orb *orb = e->ground.orb + e->ground.norbs;
    orb->radius = vr_task_get(&e->scene->task, "radius");
    memcpy(orb->pos, pos, sizeof pos);
  }
  return 1;
}

static int run(vr_env *e)
{
  const vr_play *play = e->scene->play;
  vr_rng r = vr_rng_new(1, 0, 0);
  e->is = (vr_episode){.discount = 1};
  VR_TRY(vr_physics_reset(e->m, e->d));
  if (!read_orbs(e)) return vr_fail(VR_EDATA, "no orbs");
  if (play->start && strcmp(play->name, "bowl")) VR_TRY(play->start(e, &r));
  if (!numbers(e->is.place, 3) || !take_state(e)) return vr_fail(VR_EDATA, "no start");
  double place[3];
  while (numbers(place, 3)) {
    e->nevents = 0;
    e->is.discount = 1;
    if (play->before) play->before(e);
    memcpy(e->is.place, place, sizeof place);
    for (int k = 0; k < e->scene->layout.substeps; k++)
      if (!take_state(e)) return vr_fail(VR_EDATA, "the input is cut");
    double reward = play->after(e);
    printf("%.17g %.17g %d %d\n", reward, e->is.discount, e->is.over, e->is.ntaken + e->is.logic);
  }
  return 0;
}

int main(int argc, char **argv)
{
  vr_task task = {0};
  vr_scene *scene = NULL;
  vr_env *e = NULL;
  FILE *f = argc == 3 ? fopen(argv[1], "r") : NULL;
  if (!f) return 2;
  text[fread(text, 1, sizeof text - 1, f)] = 0;
  fclose(f);
  int code = vr_task_read("share/task", argv[2], &task);
  if (!code) code = vr_scene_new(text, &task, &scene);
  if (!code) code = vr_env_new(scene, &e);
  if (!code) code = run(e);
  if (code) fprintf(stderr, "states_sim: %s\n", vr_errmsg());
  vr_env_free(e);
  vr_scene_free(scene);
  vr_task_free(&task);
  return code != 0;
}
