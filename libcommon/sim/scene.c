/* scene.c -- a compiled world and the names of what can be recorded in it. */
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sim/mjcf.h"
#include "sim/physics.h"
#include "sim/play.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const xyz[] = {"x", "y", "z"};
static const char *const pose[] = {"x", "y", "z", "qw", "qx", "qy", "qz"};
static const char *const motion[] = {"vx", "vy", "vz", "wx", "wy", "wz"};
static const char *const pads[] = {"palm_L", "palm_R", "sole_L", "sole_R"};

/* The kinds of columns, in this order. */
enum { JOINT, BODY, ACTUATOR, SPACE, POSE, MOTION, SERVO, TENDON, PAD, APPENDAGE, EFFECTOR, NAXES };

static const char *const word[NAXES] = {"joint", "body", "actuator", "space", "coordinate",
  "velocity", "servo", "tendon", "pad", "appendage", "end_effector"};

/* Writes the name of column i of a kind. */
static void name_of(const vr_scene *s, int kind, int i, char *out, size_t size)
{
  const mjModel *m = s->m;
  const vr_senses *v = &s->senses;
  const char *a = NULL, *b = NULL;
  switch (kind) {
  case JOINT: a = mj_id2name(m, mjOBJ_JOINT, v->joint0 + i); break;
  case BODY: a = mj_id2name(m, mjOBJ_BODY, v->body0 + i); break;
  case ACTUATOR: a = mj_id2name(m, mjOBJ_ACTUATOR, i); break;
  case SPACE: a = xyz[i]; break;
  case POSE: a = pose[i]; break;
  case MOTION: a = motion[i]; break;
  case SERVO: a = mj_id2name(m, mjOBJ_JOINT, v->servo[i]); break;
  case TENDON: a = mj_id2name(m, mjOBJ_TENDON, i); break;
  case PAD: a = pads[i]; break;
  default: a = mj_id2name(m, mjOBJ_BODY, v->ends[i / 3]); b = xyz[i % 3];
  }
  snprintf(out, size, "%s%s%s", a ? a : "", b ? "_" : "", b ? b : "");
}

enum { NAME = 64 };

static int name_axes(vr_scene *s)
{
  const size_t n[NAXES] = {(size_t)s->senses.njoint, (size_t)s->senses.nbody, (size_t)s->m->nu, 3,
    7, 6, (size_t)s->senses.nservo, (size_t)s->m->ntendon, VR_NPADS, 3 * VR_NENDS,
    3 * (VR_NENDS - 1)};
  size_t total = 0;
  for (int k = 0; k < NAXES; k++) total += n[k];
  char **list;
  VR_TRY(vr_alloc(&s->axes, NAXES, sizeof *s->axes));
  VR_TRY(vr_alloc(&s->names, total, sizeof(char *) + NAME));
  memcpy(&list, &s->names, sizeof list);
  char *text = s->names + total * sizeof(char *);
  for (int k = 0; k < NAXES; k++) {
    s->axes[k] = (vr_axis){word[k], n[k], list};
    for (size_t i = 0; i < n[k]; i++, text += NAME) {
      name_of(s, k, (int)i, text, NAME);
      *list++ = text;
    }
  }
  return 0;
}

/* The command whose set point is angle or length zero: -b0 / gain (rodent.md 1.6). */
static void find_hold(vr_scene *s)
{
  for (int i = 0; i < s->m->nu; i++) {
    double gain = s->m->actuator_gainprm[i * mjNGAIN], bias = s->m->actuator_biasprm[i * mjNBIAS];
    s->hold[i] = gain != 0 ? fmin(fmax(-bias / gain, -1), 1) : 0;
  }
}

/* What may touch an orb: the whole animal, and each hand. */
static int find_feelers(vr_scene *s)
{
  VR_TRY(vr_feeler_find(s->m, s->senses.root, s->feeler + VR_ANIMAL));
  VR_TRY(vr_feeler_find(s->m, mj_name2id(s->m, mjOBJ_BODY, "hand_L"), s->feeler + VR_HAND_L));
  return vr_feeler_find(s->m, mj_name2id(s->m, mjOBJ_BODY, "hand_R"), s->feeler + VR_HAND_R);
}

static int fill(vr_scene *s, const char *mjcf, const vr_task *task)
{
  VR_TRY(vr_play_find(task ? task->name : "flat", &s->play));
  VR_TRY(vr_physics_compile(mjcf, &s->m));
  VR_TRY(vr_senses_find(s->m, &s->senses));
  if (task) VR_TRY(vr_task_copy(task, &s->task));
  VR_TRY(vr_places_find(s->m, &s->places));
  for (int i = 0; i < VR_MAXRULES && s->play->rule[i].key; i++) {
    double given = task ? vr_task_get(task, s->play->rule[i].key) : NAN;
    s->rule[i] = isnan(given) ? s->play->rule[i].value : given;
  }
  s->tells = s->play->tell && s->rule[s->play->asked] > 0;
  for (int i = 0; s->tells && i < VR_MAXCUES && s->play->cue[i].name; i++)
    vr_senses_add(&s->senses, s->play->cue + i);
  VR_TRY(find_feelers(s));
  find_hold(s);
  VR_TRY(name_axes(s));
  int substeps;
  VR_TRY(vr_physics_substeps(VR_CONTROL_STEP, s->m->opt.timestep, &substeps));
  s->layout = (vr_layout){
    .nact = (size_t)s->m->nu,
    .nobs = s->senses.nobs,
    .njoint = (size_t)s->senses.njoint,
    .nbody = (size_t)s->senses.nbody,
    .nsense = s->senses.nsense,
    .naxes = NAXES,
    .sense = s->senses.sense,
    .axis = s->axes,
    .hold = s->hold,
    .substeps = substeps,
    .step = s->m->opt.timestep,
  };
  return 0;
}

int vr_scene_new(const char *mjcf, const vr_task *task, vr_scene **s)
{
  VR_TRY(vr_alloc(s, 1, sizeof **s));
  int code = fill(*s, mjcf, task);
  if (code) {
    vr_scene_free(*s);
    *s = NULL;
  }
  return code;
}

/* The scene as text, with room for whatever the task may draw. It is compiled with the same ground and
 * start whichever episode comes first: what the compiler derives is then the same to the last bit. */
int vr_scene_text(const vr_body *body, const vr_task *task, double step, vr_str *mjcf)
{
  vr_ground ground;
  vr_world world = {0};
  VR_TRY(vr_ground_new(task, &ground));
  int code = vr_ground_draw(task, 0, &ground);
  const double upright[7] = {0, 0, 0, 1, 0, 0, 0};
  memcpy(ground.spawn, upright, sizeof upright);
  if (!code) code = vr_task_dress(task, &ground, 1, &world);
  if (!code) code = vr_mjcf_scene(body, &world, step, mjcf);
  vr_world_free(&world);
  vr_ground_free(&ground);
  return code;
}

int vr_scene_of(const vr_body *body, const vr_task *task, double step, vr_scene **s)
{
  vr_str mjcf = {0};
  *s = NULL;
  int code = vr_scene_text(body, task, step, &mjcf);
  if (!code) code = vr_scene_new(vr_str_get(&mjcf), task, s);
  vr_str_free(&mjcf);
  return code;
}

const vr_layout *vr_scene_layout(const vr_scene *s)
{
  return &s->layout;
}

double vr_scene_seconds(const vr_scene *s)
{
  return s->task.name ? vr_task_seconds(&s->task) : 30;
}

void vr_scene_count(const vr_scene *s, vr_str *text)
{
  const mjModel *m = s->m;
  int geoms = 0, tendons = 0;
  for (int g = 0; g < m->ngeom; g++) geoms += m->body_rootid[m->geom_bodyid[g]] == s->senses.root;
  for (int a = 0; a < m->nu; a++) tendons += m->actuator_trntype[a] == mjTRN_TENDON;
  vr_str_addf(text, "bodies\t%d\t-\n", s->senses.nbody + 1);
  vr_str_addf(text, "geoms\t%d\t-\n", geoms);
  vr_str_addf(text, "hinges\t%d\t-\n", s->senses.njoint);
  vr_str_addf(text, "actuators\t%d\t-\n", (int)m->nu);
  vr_str_addf(text, "actuators of tendons\t%d\t-\n", tendons);
  vr_str_addf(text, "mass\t%.6g\tkg\n", (double)m->body_subtreemass[s->senses.root]);
}

const vr_axis *vr_layout_axis(const vr_layout *layout, const char *axis)
{
  for (size_t i = 0; i < layout->naxes; i++)
    if (!strcmp(layout->axis[i].word, axis)) return layout->axis + i;
  return NULL;
}

void vr_scene_free(vr_scene *s)
{
  if (!s) return;
  mj_deleteModel(s->m);
  vr_task_free(&s->task);
  vr_release(s->axes);
  vr_release(s->names);
  vr_release(s);
}
