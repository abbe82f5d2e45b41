#include "sim/body.h"
#include "base/err.h"
#include "base/str.h"
#include <stddef.h>

// a shape's sizes, as many as it has
#define SIZE(type)                                                                                 \
  {                                                                                                \
    .name = "size1 size2 size3", .kind = VR_COL_NUM, VR_AT(type, size), .min = 1e-6, .max = 1e3,   \
    .optional = 1                                                                                  \
  }

// reads the table `name`.tsv
static int load(
  const char *folder, const char *name, const vr_col *cols, size_t ncols, size_t size, vr_table *t)
{
  vr_str path = {0};
  vr_str_addf(&path, "%s/%s.tsv", folder, name);
  int code = vr_str_ok(&path);
  if (!code) code = vr_table_read(vr_str_get(&path), cols, ncols, size, t);
  vr_str_free(&path);
  return code;
}
#define LOAD(name, cols, type, which)                                                              \
  load(folder, name, cols, VR_LEN(cols), sizeof(type), &t[which])

static int load_bones(const char *folder, vr_table *t)
{
  const vr_col bones[] = {
    VR_KEY("name"),
    {.name = "parent", .kind = VR_COL_REF, VR_AT(vr_bone, parent), .optional = 1},
    VR_NUM("x y z", vr_bone, pos, -1e3, 1e3),
    VR_NUM("qw qx qy qz", vr_bone, quat, -1, 1),
  };
  const vr_col classes[] = {
    VR_KEY("name"),
    VR_NUM("stiffness", vr_joint_class, stiffness, 0, 1e9),
    VR_NUM("damping", vr_joint_class, damping, 0, 1e9),
    VR_NUM("armature", vr_joint_class, armature, 0, 1e9),
    VR_NUM("springref", vr_joint_class, springref, -10, 10),
    VR_NUM("limit_time limit_ratio", vr_joint_class, solref, -1e9, 1e9),
    VR_NUM("limit_min limit_max limit_width limit_mid limit_power", vr_joint_class, solimp, 0, 100),
  };
  const vr_col joints[] = {
    VR_KEY("name"),
    VR_REF("body", vr_joint, body, &t[VR_T_BODIES]),
    VR_REF("class", vr_joint, cls, &t[VR_T_CLASSES]),
    VR_NUM("x y z", vr_joint, pos, -1e3, 1e3),
    VR_NUM("ax ay az", vr_joint, axis, -1, 1),
    VR_NUM("low high", vr_joint, range, -10, 10),
  };
  VR_TRY(LOAD("bodies", bones, vr_bone, VR_T_BODIES));
  VR_TRY(LOAD("classes", classes, vr_joint_class, VR_T_CLASSES));
  return LOAD("joints", joints, vr_joint, VR_T_JOINTS);
}

static int load_shapes(const char *folder, vr_table *t)
{
  const vr_col kinds[] = {
    VR_KEY("name"),
    VR_INT("contype", vr_geom_kind, contype, 0, 1e9),
    VR_INT("conaffinity", vr_geom_kind, conaffinity, 0, 1e9),
    VR_INT("condim", vr_geom_kind, condim, 1, 6),
    VR_INT("priority", vr_geom_kind, priority, 0, 100),
    VR_INT("group", vr_geom_kind, group, 0, 5),
    VR_NUM("slide torsion roll", vr_geom_kind, friction, 0, 1e9),
    VR_NUM("sol_time sol_ratio", vr_geom_kind, solref, -1e9, 1e9),
    VR_NUM("imp_min imp_max imp_width imp_mid imp_power", vr_geom_kind, solimp, 0, 100),
    VR_NUM("margin", vr_geom_kind, margin, -1e3, 1e3),
    VR_NUM("gap", vr_geom_kind, gap, -1e3, 1e3),
    VR_NUM("r g b a", vr_geom_kind, rgba, 0, 1),
  };
  const vr_col geoms[] = {
    VR_KEY("name"),
    VR_REF("body", vr_geom, body, &t[VR_T_BODIES]),
    VR_REF("kind", vr_geom, kind, &t[VR_T_KINDS]),
    VR_ONEOF("shape", vr_geom, shape, VR_SHAPE_WORDS),
    SIZE(vr_geom),
    VR_NUM("x y z", vr_geom, pos, -1e3, 1e3),
    VR_NUM("qw qx qy qz", vr_geom, quat, -1, 1),
    VR_NUM("density", vr_geom, density, 0, 1e9),
  };
  const vr_col sites[] = {
    VR_KEY("name"),
    VR_REF("body", vr_site, body, &t[VR_T_BODIES]),
    VR_ONEOF("shape", vr_site, shape, VR_SHAPE_WORDS),
    SIZE(vr_site),
    VR_NUM("x y z", vr_site, pos, -1e3, 1e3),
    VR_NUM("qw qx qy qz", vr_site, quat, -1, 1),
    VR_INT("group", vr_site, group, 0, 5),
  };
  const vr_col excludes[] = {
    VR_REF("body1 body2", vr_exclude, body, &t[VR_T_BODIES]),
  };
  VR_TRY(LOAD("kinds", kinds, vr_geom_kind, VR_T_KINDS));
  VR_TRY(LOAD("geoms", geoms, vr_geom, VR_T_GEOMS));
  VR_TRY(LOAD("sites", sites, vr_site, VR_T_SITES));
  return LOAD("excludes", excludes, vr_exclude, VR_T_EXCLUDES);
}

static int load_muscles(const char *folder, vr_table *t)
{
  const vr_col tendons[] = {
    VR_KEY("name"),
    VR_NUM("low high", vr_tendon, range, -1e9, 1e9),
  };
  const vr_col coefs[] = {
    VR_REF("tendon", vr_tendon_joint, tendon, &t[VR_T_TENDONS]),
    VR_REF("joint", vr_tendon_joint, joint, &t[VR_T_JOINTS]),
    VR_NUM("coef", vr_tendon_joint, coef, -1e9, 1e9),
  };
  const vr_col actuators[] = {
    VR_KEY("name"),
    VR_ONEOF("on", vr_actuator, on, "joint|tendon"),
    VR_WORD("target", vr_actuator, target_name),
    VR_NUM("time", vr_actuator, time, 1e-6, 1e3),
    VR_NUM("gain", vr_actuator, gain, -1e9, 1e9),
    VR_NUM("bias0 bias1", vr_actuator, bias, -1e9, 1e9),
    VR_NUM("ctrl_low ctrl_high", vr_actuator, ctrl, -1e9, 1e9),
    VR_NUM("force_low force_high", vr_actuator, force, -1e9, 1e9),
  };
  VR_TRY(LOAD("tendons", tendons, vr_tendon, VR_T_TENDONS));
  VR_TRY(LOAD("tendon_joints", coefs, vr_tendon_joint, VR_T_TENDON_JOINTS));
  return LOAD("actuators", actuators, vr_actuator, VR_T_ACTUATORS);
}

static int load_senses(const char *folder, vr_table *t)
{
  const vr_table *bodies = &t[VR_T_BODIES];
  const vr_col sensors[] = {
    VR_KEY("name"),
    VR_ONEOF("type", vr_sensor, type, VR_SENSOR_WORDS),
    {.name = "site",
      .kind = VR_COL_REF,
      VR_AT(vr_sensor, site),
      .to = &t[VR_T_SITES],
      .optional = 1},
    {.name = "body", .kind = VR_COL_REF, VR_AT(vr_sensor, body), .to = bodies, .optional = 1},
    {.name = "relative",
      .kind = VR_COL_REF,
      VR_AT(vr_sensor, relative),
      .to = bodies,
      .optional = 1},
  };
  const vr_col cameras[] = {
    VR_KEY("name"),
    VR_REF("body", vr_camera, body, bodies),
    VR_ONEOF("mode", vr_camera, mode, VR_MODE_WORDS),
    VR_NUM("fovy", vr_camera, fovy, 1, 179),
    VR_NUM("x y z", vr_camera, pos, -1e3, 1e3),
    VR_NUM("rx ry rz", vr_camera, right, -1e3, 1e3),
    VR_NUM("ux uy uz", vr_camera, up, -1e3, 1e3),
  };
  const vr_col lights[] = {
    VR_KEY("name"),
    VR_REF("body", vr_light, body, bodies),
    VR_ONEOF("mode", vr_light, mode, VR_MODE_WORDS),
    VR_NUM("x y z", vr_light, pos, -1e3, 1e3),
    VR_NUM("dx dy dz", vr_light, dir, -1e3, 1e3),
  };
  const vr_col options[] = {
    VR_NUM("boundmass", vr_body_options, boundmass, 0, 1e9),
    VR_NUM("boundinertia", vr_body_options, boundinertia, 0, 1e9),
    VR_ONEOF("cone", vr_body_options, cone, "pyramidal|elliptic"),
    VR_INT("noslip_iterations", vr_body_options, noslip_iterations, 0, 1000),
    VR_NUM("noslip_tolerance", vr_body_options, noslip_tolerance, 0, 1),
    VR_NUM("meansize", vr_body_options, meansize, 1e-6, 1e3),
    VR_INT("memory", vr_body_options, memory, 1, 4096),
    VR_INT("shadowsize", vr_body_options, shadowsize, 0, 16384),
  };
  VR_TRY(LOAD("sensors", sensors, vr_sensor, VR_T_SENSORS));
  VR_TRY(LOAD("cameras", cameras, vr_camera, VR_T_CAMERAS));
  VR_TRY(LOAD("lights", lights, vr_light, VR_T_LIGHTS));
  return LOAD("options", options, vr_body_options, VR_T_OPTIONS);
}

// the actuators' targets as rows, -1 where there is none of that name
static void find_targets(vr_table *t)
{
  vr_actuator *a = t[VR_T_ACTUATORS].row;
  for (size_t i = 0; i < t[VR_T_ACTUATORS].n; i++)
    a[i].target = vr_table_find(&t[a[i].on ? VR_T_TENDONS : VR_T_JOINTS], a[i].target_name);
}

// points the arrays of the body into its tables
static void point(vr_body *b)
{
#define POINT(array, number, which)                                                                \
  do {                                                                                             \
    b->array = b->table[which].row;                                                                \
    b->number = b->table[which].n;                                                                 \
  } while (0)
  POINT(bone, nbones, VR_T_BODIES);
  POINT(cls, nclasses, VR_T_CLASSES);
  POINT(joint, njoints, VR_T_JOINTS);
  POINT(kind, nkinds, VR_T_KINDS);
  POINT(geom, ngeoms, VR_T_GEOMS);
  POINT(site, nsites, VR_T_SITES);
  POINT(tendon, ntendons, VR_T_TENDONS);
  POINT(tendon_joint, ntendon_joints, VR_T_TENDON_JOINTS);
  POINT(actuator, nactuators, VR_T_ACTUATORS);
  POINT(exclude, nexcludes, VR_T_EXCLUDES);
  POINT(sensor, nsensors, VR_T_SENSORS);
  POINT(camera, ncameras, VR_T_CAMERAS);
  POINT(light, nlights, VR_T_LIGHTS);
#undef POINT
  b->options = b->table[VR_T_OPTIONS].row;
}

int vr_body_load(const char *folder, vr_body *body)
{
  *body = (vr_body){0};
  int code = load_bones(folder, body->table);
  if (!code) code = load_shapes(folder, body->table);
  if (!code) code = load_muscles(folder, body->table);
  if (!code) code = load_senses(folder, body->table);
  if (!code) {
    find_targets(body->table);
    point(body);
    code = vr_body_check(body);
  }
  if (code) vr_body_free(body);
  return code;
}

void vr_body_free(vr_body *body)
{
  for (int i = 0; i < VR_T_N; i++) vr_table_free(&body->table[i]);
  *body = (vr_body){0};
}
