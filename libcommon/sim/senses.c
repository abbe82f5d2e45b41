#include "sim/senses.h"
#include "base/err.h"
#include <math.h>
#include <string.h>

static int id_of(const mjModel *m, mjtObj type, const char *kind, const char *name, int *id)
{
  *id = mj_name2id(m, type, name);
  return *id >= 0 ? 0 : vr_fail(VR_EDATA, "scene has no %s '%s'", kind, name);
}

static int find_root(const mjModel *m, vr_senses *s)
{
  int joint = 0;
  while (joint < m->njnt && m->jnt_type[joint] != mjJNT_FREE) joint++;
  if (joint == m->njnt) return vr_fail(VR_EDATA, "scene has no animal: no free joint");
  s->root = m->jnt_bodyid[joint];
  s->qpos = m->jnt_qposadr[joint];
  s->qvel = m->jnt_dofadr[joint];
  // bodies are depth first: those below the root follow it
  s->body0 = s->root + 1;
  while (s->body0 + s->nbody < m->nbody && m->body_rootid[s->body0 + s->nbody] == s->root)
    s->nbody++;
  s->joint0 = joint + 1;
  while (s->joint0 + s->njoint < m->njnt && m->jnt_type[s->joint0 + s->njoint] == mjJNT_HINGE &&
         m->body_rootid[m->jnt_bodyid[s->joint0 + s->njoint]] == s->root)
    s->njoint++;
  return s->njoint ? 0 : vr_fail(VR_EDATA, "the animal of the scene has no hinge joints");
}

static int find_sensors(const mjModel *m, vr_senses *s)
{
  static const char *const name[] = {
    "accelerometer", "gyro", "velocimeter", "palm_L", "palm_R", "sole_L", "sole_R"};
  int *const place[] = {
    &s->accelerometer, &s->gyro, &s->velocimeter, s->pad, s->pad + 1, s->pad + 2, s->pad + 3};
  for (size_t i = 0; i < VR_LEN(name); i++) {
    int id;
    VR_TRY(id_of(m, mjOBJ_SENSOR, "sensor", name[i], &id));
    *place[i] = m->sensor_adr[id];
  }
  return 0;
}

int vr_senses_find(const mjModel *m, vr_senses *s)
{
  static const char *const ends[VR_NENDS] = {
    "lower_arm_R", "lower_arm_L", "foot_R", "foot_L", "skull"};
  *s = (vr_senses){0};
  VR_TRY(find_root(m, s));
  VR_TRY(id_of(m, mjOBJ_BODY, "body", "torso", &s->torso));
  VR_TRY(id_of(m, mjOBJ_BODY, "body", "pelvis", &s->pelvis));
  VR_TRY(id_of(m, mjOBJ_SITE, "site", "head", &s->head));
  for (int i = 0; i < VR_NENDS; i++) VR_TRY(id_of(m, mjOBJ_BODY, "body", ends[i], s->ends + i));
  VR_TRY(find_sensors(m, s));
  if (m->nu > VR_MAXNU) return vr_fail(VR_EDATA, "scene has more than %d actuators", VR_MAXNU);
  for (int i = 0; i < m->nu; i++)
    if (m->actuator_trntype[i] == mjTRN_JOINT) s->servo[s->nservo++] = m->actuator_trnid[2 * i];

  // the vector of observations, in the order of the release
  size_t nservo = (size_t)s->nservo, ntendon = (size_t)m->ntendon;
  const vr_sense sense[VR_NSENSES] = {
    {"actuator_activation", "1", "actuator", 0, (size_t)m->na},
    {"appendages_pos", "m", "appendage", 0, 3 * VR_NENDS},
    {"body_height", "m", "", 0, 1},
    {"end_effectors_pos", "m", "end_effector", 0, 3 * (VR_NENDS - 1)},
    {"joints_pos", "rad", "servo", 0, nservo},
    {"joints_vel", "rad/s", "servo", 0, nservo},
    {"sensors_accelerometer", "m/s^2", "space", 0, 3},
    {"sensors_gyro", "rad/s", "space", 0, 3},
    {"sensors_touch", "1", "pad", 0, VR_NPADS},
    {"sensors_velocimeter", "m/s", "space", 0, 3},
    {"tendons_pos", "rad", "tendon", 0, ntendon},
    {"tendons_vel", "rad/s", "tendon", 0, ntendon},
    {"world_zaxis", "1", "space", 0, 3},
  };
  for (size_t i = 0; i < VR_NSENSES; i++) vr_senses_add(s, sense + i);
  return 0;
}

void vr_senses_add(vr_senses *s, const vr_sense *sense)
{
  vr_sense *new = s->sense + s->nsense++;
  *new = *sense;
  new->first = s->nobs;
  s->nobs += new->n;
}

/* out = the vector from one point to another, in the axes of body `b` */
static void seen_from(const mjData *d, int b, const double *to, double out[3])
{
  const double *from = d->xpos + 3 * b, *r = d->xmat + 9 * b;
  double v[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
  for (int k = 0; k < 3; k++) out[k] = r[k] * v[0] + r[3 + k] * v[1] + r[6 + k] * v[2];
}

static double *put(double *out, const double *from, int n)
{
  memcpy(out, from, (size_t)n * sizeof *out);
  return out + n;
}

void vr_senses_read(const vr_senses *s, const mjModel *m, const mjData *d, double *obs)
{
  double ends[3 * VR_NENDS];
  for (int i = 0; i < VR_NENDS; i++) seen_from(d, s->torso, d->xpos + 3 * s->ends[i], ends + 3 * i);

  obs = put(obs, d->act, (int)m->na);
  obs = put(obs, ends, 3 * VR_NENDS);
  *obs++ = d->xpos[3 * s->torso + 2];
  obs = put(obs, ends, 3 * (VR_NENDS - 1));
  for (int i = 0; i < s->nservo; i++) *obs++ = d->qpos[m->jnt_qposadr[s->servo[i]]];
  for (int i = 0; i < s->nservo; i++) *obs++ = d->qvel[m->jnt_dofadr[s->servo[i]]];
  obs = put(obs, d->sensordata + s->accelerometer, 3);
  obs = put(obs, d->sensordata + s->gyro, 3);
  for (int i = 0; i < VR_NPADS; i++) *obs++ = d->sensordata[s->pad[i]] > 1e-3;
  obs = put(obs, d->sensordata + s->velocimeter, 3);
  obs = put(obs, d->ten_length, (int)m->ntendon);
  obs = put(obs, d->ten_velocity, (int)m->ntendon);
  put(obs, d->xmat + 9 * s->torso + 6, 3);
}

double vr_senses_heading(const vr_senses *s, const mjData *d)
{
  const double *r = d->xmat + 9 * s->root;
  return atan2(r[3], r[0]);
}

void vr_senses_pose(const vr_senses *s, const mjModel *m, const mjData *d, const vr_pose *p)
{
  int q0 = m->jnt_qposadr[s->joint0], v0 = m->jnt_dofadr[s->joint0];
  if (p->angles) put(p->angles, d->qpos + q0, s->njoint);
  if (p->speeds) put(p->speeds, d->qvel + v0, s->njoint);
  if (p->root) put(p->root, d->qpos + s->qpos, 7);
  if (p->root_speeds) put(p->root_speeds, d->qvel + s->qvel, 6);
  if (p->force) put(p->force, d->actuator_force, (int)m->nu);
  if (!p->positions) return;
  double heading = vr_senses_heading(s, d), c = cos(heading), sn = sin(heading);
  const double *o = d->xpos + 3 * s->root;
  for (int i = 0; i < s->nbody; i++) {
    const double *x = d->xpos + 3 * (s->body0 + i);
    double dx = x[0] - o[0], dy = x[1] - o[1], *out = p->positions + 3 * i;
    out[0] = c * dx + sn * dy;
    out[1] = c * dy - sn * dx;
    out[2] = x[2] - o[2];
  }
}
