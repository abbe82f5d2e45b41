/* brain.c -- the rat in a task, with a brain of its own: an oscillator for each actuator.
 *   cc brain.c $(pkg-config --cflags --libs vr) -L/usr/lib/vr-tools -lmujoco -o brain
 *   LD_LIBRARY_PATH=/usr/lib/vr-tools ./brain /usr/share/vr-tools gaps
 * The folder is that of the tables (/usr/share/vr-tools); prints what happens, and the reward. */
#include <vr.h>
#include <math.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  char folder[3][512];
  static const char *const part[] = {"body/rat", "task", "gait"};
  vr_body rat = {0};
  vr_task task = {0};
  vr_scene *scene = NULL; // the world, which several environments may share
  vr_env *env = NULL;     // one rat in it
  vr_gait gait;
  double u[VR_GAIT_MAX], reward, sum = 0;
  float action[VR_GAIT_MAX];

  for (int i = 0; i < 3; i++)
    snprintf(folder[i], sizeof folder[i], "%s/%s", argc > 1 ? argv[1] : "share", part[i]);
  if (vr_body_load(folder[0], &rat) ||
      vr_task_read(folder[1], argc > 2 ? argv[2] : "flat", &task) ||
      vr_scene_of(&rat, &task, 0.001, &scene) || vr_env_new(scene, &env) ||
      vr_gait_read(folder[2], "rtrot", vr_scene_layout(scene), &gait) ||
      vr_env_reset(env, vr_trial_seed(1, 0), NULL))
    return fprintf(stderr, "brain: %s\n", vr_errmsg()), 1;

  for (int k = 0; k < 150 && !vr_env_done(env); k++) {
    vr_cue cue; // what a controller may look at; vr_env_step could fill all observations
    size_t n;
    vr_env_cue(env, &cue);
    vr_gait_act(&gait, 2 * M_PI * gait.frequency * cue.time, vr_gait_steer(cue.heading, 0), u);
    for (size_t i = 0; i < gait.n; i++) action[i] = (float)u[i];
    vr_env_step(env, action, NULL, &reward);
    const vr_event *event = vr_env_events(env, &n);
    for (size_t i = 0; i < n; i++)
      printf("%.2f s: %s %.3g\n", cue.time, event[i].name, event[i].value);
    sum += reward;
  }
  printf("reward %.2f, %s\n", sum, vr_env_done(env) ? vr_env_done(env) : "time is over");
  vr_env_free(env);
  vr_scene_free(scene);
  vr_task_free(&task);
  vr_body_free(&rat);
  return 0;
}
