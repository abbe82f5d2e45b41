#include "sim/physics.h"
#include "base/err.h"
#include "sim/senses.h"
#include "sim/smooth.h"
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* The engine ends the process on an error unless its handler does not return: calls that can fail
 * are made between CATCH and DONE, and an error comes back to CATCH. */
static _Thread_local jmp_buf *back;
static _Thread_local char message[256];

static void on_message(const mjLogMessage *log)
{
  if (log->level != mjLOG_ERROR) return;
  snprintf(message, sizeof message, "%.200s", log->subject);
  if (back) longjmp(*back, 1);
}

static void install(void)
{
  mju_setLogHandler(on_message);
  vr_smooth_install();
}

static void ready(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
}

#define CATCH(place) (back = &(place), setjmp(place))
#define DONE() (back = NULL)

int vr_physics_compile_as(
  const char *mjcf, void (*edit)(mjSpec *spec, const void *ctx), const void *ctx, mjModel **m)
{
  ready();
  *m = NULL;
  char error[512] = "";
  jmp_buf place;
  mjSpec *volatile spec = NULL;
  if (CATCH(place)) {
    DONE();
    mj_deleteSpec(spec);
    return vr_fail(VR_EDATA, "scene: %s", message);
  }
  spec = mj_parseXMLString(mjcf, NULL, error, sizeof error);
  if (spec) {
    if (edit) edit(spec, ctx);
    *m = mj_compile(spec, NULL);
    if (!*m) snprintf(error, sizeof error, "%s", mjs_getError(spec));
    mj_deleteSpec(spec);
  }
  DONE();
  if (*m) return 0;
  // the compiler's messages have several lines
  for (char *c = error; *c; c++)
    if (*c == '\n') *c = ' ';
  return vr_fail(VR_EDATA, "scene does not compile: %s", error);
}

int vr_physics_compile(const char *mjcf, mjModel **m)
{
  return vr_physics_compile_as(mjcf, NULL, NULL, m);
}

int vr_physics_copy(const mjModel *m, mjModel **copy)
{
  ready();
  *copy = NULL;
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_EMEM, "copy of the model: %s", message);
  }
  *copy = mj_copyModel(NULL, m);
  DONE();
  return *copy ? 0 : vr_fail(VR_EMEM, "no memory for a copy of the model");
}

int vr_physics_data(const mjModel *m, mjData **d)
{
  ready();
  *d = NULL;
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_EMEM, "data of a simulation: %s", message);
  }
  *d = mj_makeData(m);
  DONE();
  return *d ? 0 : vr_fail(VR_EMEM, "no memory for the data of a simulation");
}

/* The first warning the engine has counted since the last reset, as an error. */
static int check(const mjData *d)
{
  static const char *const name[mjNWARNING] = {
    [mjWARN_INERTIA] = "singular inertia",
    [mjWARN_CONTACTFULL] = "too many contacts",
    [mjWARN_CNSTRFULL] = "too many constraints",
    [mjWARN_BADQPOS] = "position not finite or huge",
    [mjWARN_BADQVEL] = "velocity not finite or huge",
    [mjWARN_BADQACC] = "acceleration not finite or huge",
    [mjWARN_BADCTRL] = "command not finite or huge",
  };
  // the cause comes after its consequences in the engine's list
  for (int i = mjNWARNING - 1; i >= 0; i--)
    if (d->warning[i].number) return vr_fail(VR_ENUM, "%s", name[i] ? name[i] : "engine warning");
  return 0;
}

int vr_physics_reset(const mjModel *m, mjData *d)
{
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_ENUM, "reset: %s", message);
  }
  mj_resetData(m, d);
  DONE();
  return 0;
}

int vr_physics_place(const mjModel *m, mjData *d)
{
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_ENUM, "placing: %s", message);
  }
  mj_kinematics(m, d);
  mj_collision(m, d);
  DONE();
  return check(d);
}

int vr_physics_forward(const mjModel *m, mjData *d)
{
  // a shallow copy: only the options differ
  mjModel passive = *m;
  passive.opt.disableflags |= mjDSBL_ACTUATION;
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_ENUM, "first pass: %s", message);
  }
  mj_forward(&passive, d);
  DONE();
  return check(d);
}

/* Sensors act on nothing: only those of the last physics step are computed. */
static void sense(mjModel *m, int on)
{
  if (on)
    m->opt.disableflags &= ~mjDSBL_SENSOR;
  else
    m->opt.disableflags |= mjDSBL_SENSOR;
}

int vr_physics_step(mjModel *m, mjData *d, const float *action, int substeps)
{
  return vr_physics_run(m, d, action, substeps, NULL, NULL);
}

int vr_physics_run(
  mjModel *m, mjData *d, const float *action, int substeps, void (*each)(void *ctx), void *ctx)
{
  for (int i = 0; i < m->nu; i++) d->ctrl[i] = action[i];
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    sense(m, 1);
    return vr_fail(VR_ENUM, "%s", message);
  }
  int bad = 0;
  for (int k = 0; k < substeps && !bad; k++) {
    sense(m, k == substeps - 1);
    mj_step2(m, d);
    mj_step1(m, d);
    // a warning has reset the state: no further step may hide it
    for (int i = 0; i < mjNWARNING; i++) bad |= d->warning[i].number;
    if (each && !bad) each(ctx);
  }
  DONE();
  sense(m, 1);
  return check(d);
}

int vr_physics_sense(const mjModel *m, mjData *d)
{
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_ENUM, "%s", message);
  }
  // what is reported as the force is that of the step
  double force[VR_MAXNU];
  memcpy(force, d->actuator_force, (size_t)m->nu * sizeof *force);
  mj_forwardSkip(m, d, mjSTAGE_VEL, 0);
  memcpy(d->actuator_force, force, (size_t)m->nu * sizeof *force);
  DONE();
  return check(d);
}

int vr_physics_try(int code, const char *what, void (*fn)(void *ctx), void *ctx)
{
  ready();
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(code, "%s: %s", what, message);
  }
  fn(ctx);
  DONE();
  return 0;
}

int vr_physics_substeps(double control, double step, int *substeps)
{
  double n = step > 0 ? round(control / step) : 0;
  if (n < 1 || n > 10000 || fabs(n * step - control) > 1e-9 * control)
    return vr_fail(VR_EARG,
      "physics step of %g s: a control step of %g s is no whole number of it; try 0.001 or 0.002",
      step, control);
  *substeps = (int)n;
  return 0;
}

size_t vr_physics_state_size(const mjModel *m)
{
  return (size_t)mj_stateSize(m, mjSTATE_INTEGRATION) + (size_t)m->nsensordata + (size_t)m->nu;
}

void vr_physics_save(const mjModel *m, const mjData *d, double *state)
{
  mj_getState(m, d, state, mjSTATE_INTEGRATION);
  state += mj_stateSize(m, mjSTATE_INTEGRATION);
  memcpy(state, d->sensordata, (size_t)m->nsensordata * sizeof *state);
  memcpy(state + m->nsensordata, d->actuator_force, (size_t)m->nu * sizeof *state);
}

static void load(const mjModel *m, mjData *d, const double *state)
{
  mj_setState(m, d, state, mjSTATE_INTEGRATION);
  mj_step1(m, d);
  state += mj_stateSize(m, mjSTATE_INTEGRATION);
  memcpy(d->sensordata, state, (size_t)m->nsensordata * sizeof *state);
  memcpy(d->actuator_force, state + m->nsensordata, (size_t)m->nu * sizeof *state);
}

int vr_physics_load(const mjModel *m, mjData *d, const double *state)
{
  VR_TRY(vr_physics_reset(m, d));
  jmp_buf place;
  if (CATCH(place)) {
    DONE();
    return vr_fail(VR_ENUM, "state: %s", message);
  }
  load(m, d, state);
  DONE();
  return check(d);
}
