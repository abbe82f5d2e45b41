#include "sim/body.h"
#include "base/err.h"
#include <math.h>

// length of a vector of n numbers within 1e-6 of 1
static int is_unit(const double *v, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++) sum += v[i] * v[i];
  return fabs(sqrt(sum) - 1) < 1e-6;
}

// is `a` the body b or one above it
static int above(const vr_body *body, int a, int b)
{
  while (b > a) b = body->bone[b].parent;
  return a == b;
}

// one root, and depth first: what precedes a body lies below the body's parent
static int check_bones(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_BODIES];
  if (!b->nbones) return vr_fail(VR_EDATA, "%s: there is no body", t->path);
  for (size_t i = 0; i < b->nbones; i++) {
    int parent = b->bone[i].parent;
    if ((parent < 0) != (i == 0))
      return vr_table_fail(t, i,
        i ? "only the first body may be without a parent"
          : "the first body is the root: its parent is -");
    if (i && !above(b, parent, (int)i - 1))
      return vr_table_fail(t, i,
        "bodies stand depth first: '%s' belongs right after the bodies "
        "below '%s'",
        b->bone[i].name, b->bone[parent].name);
    if (!is_unit(b->bone[i].quat, 4)) return vr_table_fail(t, i, "qw qx qy qz is not of length 1");
  }
  return 0;
}

// rows in the order of their bodies, so that row numbers are the engine's
static int check_order(const vr_table *t, size_t i, int body, int before)
{
  if (body < before) return vr_table_fail(t, i, "rows stand in the order of their bodies");
  return 0;
}

static int check_joints(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_JOINTS];
  for (size_t i = 0; i < b->njoints; i++) {
    const vr_joint *j = &b->joint[i];
    VR_TRY(check_order(t, i, j->body, i ? j[-1].body : 0));
    if (j->body == 0) return vr_table_fail(t, i, "the root moves freely: it has no hinge");
    if (!is_unit(j->axis, 3)) return vr_table_fail(t, i, "ax ay az is not of length 1");
    if (j->range[0] >= j->range[1]) return vr_table_fail(t, i, "low is not below high");
  }
  return 0;
}

// as many sizes as the shape has
static int check_size(const vr_table *t, size_t i, int shape, const double *size)
{
  static const int need[] = {
    [VR_SPHERE] = 1, [VR_CAPSULE] = 2, [VR_ELLIPSOID] = 3, [VR_CYLINDER] = 2, [VR_BOX] = 3};
  for (int k = 0; k < 3; k++)
    if (isnan(size[k]) != (k >= need[shape]))
      return vr_table_fail(
        t, i, "this shape has %d size%s, the rest is -", need[shape], need[shape] > 1 ? "s" : "");
  return 0;
}

static int check_shapes(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_GEOMS];
  for (size_t i = 0; i < b->ngeoms; i++) {
    const vr_geom *g = &b->geom[i];
    VR_TRY(check_order(t, i, g->body, i ? g[-1].body : 0));
    VR_TRY(check_size(t, i, g->shape, g->size));
    if (!is_unit(g->quat, 4)) return vr_table_fail(t, i, "qw qx qy qz is not of length 1");
  }
  t = &b->table[VR_T_SITES];
  for (size_t i = 0; i < b->nsites; i++) {
    const vr_site *s = &b->site[i];
    VR_TRY(check_order(t, i, s->body, i ? s[-1].body : 0));
    VR_TRY(check_size(t, i, s->shape, s->size));
    if (!is_unit(s->quat, 4)) return vr_table_fail(t, i, "qw qx qy qz is not of length 1");
  }
  t = &b->table[VR_T_EXCLUDES];
  for (size_t i = 0; i < b->nexcludes; i++)
    if (b->exclude[i].body[0] == b->exclude[i].body[1])
      return vr_table_fail(t, i, "a body with itself");
  return 0;
}

// every tendon pulls on something, no joint twice; rows stand in the order of the tendons
static int check_tendons(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_TENDON_JOINTS];
  size_t i = 0;
  for (size_t k = 0; k < b->ntendons; k++) {
    size_t first = i;
    for (; i < b->ntendon_joints && b->tendon_joint[i].tendon == (int)k; i++)
      for (size_t l = first; l < i; l++)
        if (b->tendon_joint[l].joint == b->tendon_joint[i].joint)
          return vr_table_fail(t, i, "the joint was there before");
    if (i == first)
      return vr_table_fail(&b->table[VR_T_TENDONS], k,
        "'%s' has no joints in %s, where rows stand "
        "in the order of the tendons",
        b->tendon[k].name, t->path);
  }
  if (i < b->ntendon_joints) return vr_table_fail(t, i, "rows stand in the order of the tendons");
  return 0;
}

static int check_actuators(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_ACTUATORS];
  for (size_t i = 0; i < b->nactuators; i++) {
    const vr_actuator *a = &b->actuator[i];
    if (a->target < 0)
      return vr_table_fail(t, i, "target: there is no '%s' in %s", a->target_name,
        b->table[a->on ? VR_T_TENDONS : VR_T_JOINTS].path);
    if (a->ctrl[0] >= a->ctrl[1]) return vr_table_fail(t, i, "ctrl_low is not below ctrl_high");
    if (a->force[0] >= a->force[1]) return vr_table_fail(t, i, "force_low is not below force_high");
  }
  return 0;
}

// each type of sensor has its object, and nothing else
static int check_sensors(const vr_body *b)
{
  const vr_table *t = &b->table[VR_T_SENSORS];
  for (size_t i = 0; i < b->nsensors; i++) {
    const vr_sensor *s = &b->sensor[i];
    int on_body = s->type == VR_SUBTREELINVEL || s->type == VR_FRAMEPOS;
    if ((s->site >= 0) == on_body || (s->body >= 0) != on_body)
      return vr_table_fail(t, i, "this sensor sits on a %s: give that, and - for the other",
        on_body ? "body" : "site");
    if ((s->relative >= 0) != (s->type == VR_FRAMEPOS))
      return vr_table_fail(t, i, "relative: a body for framepos, - for the others");
  }
  t = &b->table[VR_T_OPTIONS];
  if (t->n != 1) return vr_fail(VR_EDATA, "%s: there must be one row", t->path);
  return 0;
}

// cameras need two directions that are not along each other
static int check_cameras(const vr_body *b)
{
  for (size_t i = 0; i < b->ncameras; i++) {
    const double *r = b->camera[i].right, *u = b->camera[i].up;
    double x = r[1] * u[2] - r[2] * u[1], y = r[2] * u[0] - r[0] * u[2],
           z = r[0] * u[1] - r[1] * u[0];
    if (x * x + y * y + z * z < 1e-12)
      return vr_table_fail(&b->table[VR_T_CAMERAS], i, "right and up lie along each other");
  }
  return 0;
}

int vr_body_check(const vr_body *b)
{
  VR_TRY(check_bones(b));
  VR_TRY(check_joints(b));
  VR_TRY(check_shapes(b));
  VR_TRY(check_tendons(b));
  VR_TRY(check_actuators(b));
  VR_TRY(check_sensors(b));
  return check_cameras(b);
}
