/* body.h -- an animal in numbers: the tables of a folder such as share/body/rat.
 *
 * Row i of a table is element i of the array here, and the order is the engine's: bodies depth
 * first, joints, geoms and sites body by body. Body i has MuJoCo id i + 1, joint i has id i + 1
 * (joint 0 is the free joint of the root), site, tendon, actuator and sensor i have id i. Lengths in
 * m, masses in kg, angles in rad, quaternions w x y z; poses are in the parent's frame. */
#ifndef VR_SIM_BODY_H
#define VR_SIM_BODY_H
#include "base/table.h"

typedef struct {
  const char *name;
  int parent; /* -1: the root, row 0, which carries the free joint */
  double pos[3], quat[4];
} vr_bone;

typedef struct {
  const char *name;
  double stiffness, damping, armature, springref;
  double solref[2], solimp[5]; /* of the limit */
} vr_joint_class;

typedef struct { /* hinge */
  const char *name;
  int body, cls;
  double pos[3], axis[3], range[2];
} vr_joint;

typedef struct {
  const char *name;
  int contype, conaffinity, condim, priority, group;
  double friction[3], solref[2], solimp[5], margin, gap, rgba[4];
} vr_geom_kind;

typedef enum { VR_SPHERE, VR_CAPSULE, VR_ELLIPSOID, VR_CYLINDER, VR_BOX } vr_shape;
#define VR_SHAPE_WORDS "sphere|capsule|ellipsoid|cylinder|box"

typedef struct {
  const char *name;
  int body, kind, shape;
  double size[3]; /* radius; radius, half length; or three half extents. The rest is NAN */
  double pos[3], quat[4], density;
} vr_geom;

typedef struct {
  const char *name;
  int body, shape, group;
  double size[3], pos[3], quat[4];
} vr_site;

typedef struct { /* length = sum over its joints of coef * angle */
  const char *name;
  double range[2]; /* in the tables, not in force */
} vr_tendon;

typedef struct {
  int tendon, joint;
  double coef;
} vr_tendon_joint;

typedef struct { /* force = gain * act + bias[0] + bias[1] * length; act' = (ctrl - act) / time */
  const char *name;
  int on;     /* 0 joint, 1 tendon */
  int target; /* row of joint or tendon */
  const char *target_name;
  double time, gain, bias[2], ctrl[2], force[2]; /* force: in the tables, not in force */
} vr_actuator;

typedef struct {
  int body[2];
} vr_exclude;

typedef enum {
  VR_ACCELEROMETER,
  VR_VELOCIMETER,
  VR_GYRO,
  VR_TOUCH,
  VR_SUBTREELINVEL,
  VR_FRAMEPOS
} vr_sensor_type;
#define VR_SENSOR_WORDS "accelerometer|velocimeter|gyro|touch|subtreelinvel|framepos"

typedef struct {
  const char *name;
  int type, site, body, relative; /* rows or -1; relative: the body whose frame framepos uses */
} vr_sensor;

typedef struct {
  const char *name;
  int body, mode; /* VR_MODE_WORDS */
  double fovy, pos[3], right[3], up[3];
} vr_camera;
#define VR_MODE_WORDS "fixed|track|trackcom"

typedef struct {
  const char *name;
  int body, mode;
  double pos[3], dir[3];
} vr_light;

typedef struct {
  double boundmass, boundinertia;
  int cone; /* 0 pyramidal, 1 elliptic */
  int noslip_iterations;
  double noslip_tolerance, meansize;
  int memory;     /* MiB for the contacts and the stack of the engine */
  int shadowsize; /* of the viewer */
} vr_body_options;

typedef enum {
  VR_T_BODIES,
  VR_T_CLASSES,
  VR_T_JOINTS,
  VR_T_KINDS,
  VR_T_GEOMS,
  VR_T_SITES,
  VR_T_TENDONS,
  VR_T_TENDON_JOINTS,
  VR_T_ACTUATORS,
  VR_T_EXCLUDES,
  VR_T_SENSORS,
  VR_T_CAMERAS,
  VR_T_LIGHTS,
  VR_T_OPTIONS,
  VR_T_N
} vr_body_table;

/* Zero-initialise; freed with vr_body_free. */
typedef struct {
  const vr_bone *bone;
  const vr_joint_class *cls;
  const vr_joint *joint;
  const vr_geom_kind *kind;
  const vr_geom *geom;
  const vr_site *site;
  const vr_tendon *tendon;
  const vr_tendon_joint *tendon_joint;
  const vr_actuator *actuator;
  const vr_exclude *exclude;
  const vr_sensor *sensor;
  const vr_camera *camera;
  const vr_light *light;
  const vr_body_options *options;
  size_t nbones, nclasses, njoints, nkinds, ngeoms, nsites, ntendons, ntendon_joints, nactuators,
    nexcludes, nsensors, ncameras, nlights;
  vr_table table[VR_T_N]; /* what the above points into */
} vr_body;

/* Reads the tables of `folder`. VR_EIO, VR_EDATA (one line naming file and line) or VR_EMEM; the
 * body is then empty. */
int vr_body_load(const char *folder, vr_body *body);
/* What the columns cannot say by themselves: order, unit lengths, sizes of shapes... vr_body_load
 * ends with it. */
int vr_body_check(const vr_body *body);
void vr_body_free(vr_body *body);

#endif
