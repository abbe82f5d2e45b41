/* teacher.h -- players of the tasks that see the whole state and tell what to do in any of it.
 *
 *   vr_teacher_new("teacher", gaits, scene, &t);   one for each environment, by the scene's task
 *   vr_env_reset(env, seed, obs);
 *   vr_teacher_start(t, seed);
 *   in each control step:
 *     vr_teacher_act(t, env, label);               what the teacher would do in the state env is in
 *     vr_env_step(env, label or any other action, obs, &reward);
 *
 * A label is good also where somebody else has acted: the phase of a gait or of the righting kick
 * follows the activations of the actuators when they have left the teacher's own, headings follow
 * the animal, ways are planned from where it is. What is remembered between steps (phases, the stage
 * of a tap) is a few plain numbers that can be saved. A step costs microseconds; planning the way out
 * of a bowl, once in an episode, some tens of milliseconds. Gaits and numbers: gaits.md 2-10. */
#ifndef VR_SIM_TEACHER_H
#define VR_SIM_TEACHER_H
#include "sim/env.h"
#include "sim/reflex.h"

typedef struct vr_teacher vr_teacher;

/* spec: "teacher"; it has no settings, all follows from the scene's task. gaits: the folder of their
 * tables. The scene must outlive it. VR_EARG: another name, a setting, a task without a teacher; VR_EDATA, VR_EIO: a gait table; VR_EMEM. */
int vr_teacher_new(const char *spec, const char *gaits, const vr_scene *scene, vr_teacher **t);
void vr_teacher_free(vr_teacher *t);

/* From now on it runs (in twotap: taps) with this gait and reflex (NULL: none), which are copied: how a
 * gait is tried. */
void vr_teacher_use(vr_teacher *t, const vr_gait *g, const vr_reflex *r);

/* Forgets all: an episode begins. All chance (the first phase) follows from the seed. */
void vr_teacher_start(vr_teacher *t, uint64_t seed);

/* The label (nact, -1 .. 1) of the control step that begins now, in an environment of the teacher's
 * scene. To be called once in each control step, whoever acts. Allocates nothing. */
void vr_teacher_act(vr_teacher *t, const vr_env *e, float *action);

/* What it is at since the last vr_teacher_act: "run", "right", "tap"... Never NULL. */
const char *vr_teacher_doing(const vr_teacher *t);

/* Bytes of all it remembers, without pointers; the labels after vr_teacher_restore, with the
 * environment restored too, are the same to the bit. VR_EDATA: the state of another task's. */
size_t vr_teacher_state_size(const vr_teacher *t);
void vr_teacher_save(const vr_teacher *t, void *state);
int vr_teacher_restore(vr_teacher *t, const void *state);

#endif
