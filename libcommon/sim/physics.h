/* physics.h -- MuJoCo behind calls that return errors: compile, reset, one control step.
 *
 * Seen by sim/ only; everything above uses sim/env.h. The engine's own messages are never printed
 * and never written to a log file: its errors and warnings come back as codes. */
#ifndef VR_SIM_PHYSICS_H
#define VR_SIM_PHYSICS_H
#include <mujoco/mujoco.h>
#include <stddef.h>

/* Compiles MJCF text held in memory. The caller frees *m with mj_deleteModel. VR_EDATA with the
 * compiler's message. */
int vr_physics_compile(const char *mjcf, mjModel **m);
/* The same after `edit` (unless NULL) has changed what the text says. */
int vr_physics_compile_as(
  const char *mjcf, void (*edit)(mjSpec *spec, const void *ctx), const void *ctx, mjModel **m);

/* A copy of a model, and the data of one simulation. VR_EMEM. */
int vr_physics_copy(const mjModel *m, mjModel **copy);
int vr_physics_data(const mjModel *m, mjData **d);

/* State of the model's qpos0 at time 0, activations and warnings zero; nothing is computed yet. */
int vr_physics_reset(const mjModel *m, mjData *d);

/* Places of bodies and contacts that follow from qpos, nothing else. VR_ENUM. */
int vr_physics_place(const mjModel *m, mjData *d);

/* Everything that follows from the state, with actuation switched off: what is sensed before the
 * first action. VR_ENUM. */
int vr_physics_forward(const mjModel *m, mjData *d);

/* One control step: ctrl = action (nu numbers), then `substeps` times the second and the first half
 * of a physics step, so that positions and velocities are up to date at the end (rodent.md 3.1).
 * VR_ENUM when the engine warns (divergence, buffers full): the message names the warning, the
 * state is then of no use. */
int vr_physics_step(mjModel *m, mjData *d, const float *action, int substeps);
/* The same with a call after each physics step (unless NULL). */
int vr_physics_run(
  mjModel *m, mjData *d, const float *action, int substeps, void (*each)(void *ctx), void *ctx);

/* Sensors that hang on accelerations (accelerometer, touch) in the state as it is, which a step has
 * left 1 ms behind; nothing that the next step depends on changes. VR_ENUM. */
int vr_physics_sense(const mjModel *m, mjData *d);

/* The whole state as numbers: positions, velocities, activations, time, the warm start of the
 * solver, and what was sensed and exerted in the last physics step. Loading makes everything that
 * follows from it up to date; the next step gives the same bits. VR_ENUM. */
size_t vr_physics_state_size(const mjModel *m);
void vr_physics_save(const mjModel *m, const mjData *d, double *state);
int vr_physics_load(const mjModel *m, mjData *d, const double *state);

/* Calls fn(ctx), which must own nothing: an error of the engine in it comes back as `code`, "what:
 * message". */
int vr_physics_try(int code, const char *what, void (*fn)(void *ctx), void *ctx);

/* Physics steps of a control step of `control` seconds, or VR_EARG when it is no whole number. */
int vr_physics_substeps(double control, double step, int *substeps);

#endif
