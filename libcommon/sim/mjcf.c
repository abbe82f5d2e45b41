#include "sim/mjcf.h"
#include "base/err.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const shapes[] = {"sphere", "capsule", "ellipsoid", "cylinder", "box"};
static const char *const modes[] = {"fixed", "track", "trackcom"};
static const char *const sensors[] = {
  "accelerometer", "velocimeter", "gyro", "touch", "subtreelinvel", "framepos"};

void vr_mjcf_number(vr_str *out, double x)
{
  // the fewest digits that give the number back
  char text[32];
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, x);
    if (strtod(text, NULL) == x) break;
  }
  vr_str_add(out, text);
}

void vr_mjcf_numbers(vr_str *out, const char *name, const double *x, size_t n)
{
  vr_str_addf(out, " %s=\"", name);
  for (size_t i = 0; i < n && !isnan(x[i]); i++) {
    if (i) vr_str_addc(out, ' ');
    vr_mjcf_number(out, x[i]);
  }
  vr_str_addc(out, '"');
}

// position and, unless there is no rotation, quaternion
static void pose(vr_str *out, const double *pos, const double *quat)
{
  vr_mjcf_numbers(out, "pos", pos, 3);
  if (quat[0] != 1) vr_mjcf_numbers(out, "quat", quat, 4);
}

static void put_options(vr_str *out, const vr_body *b, const vr_world *w, double timestep)
{
  const vr_body_options *o = b->options;
  vr_str_add(out, "  <compiler angle=\"radian\" eulerseq=\"xyz\"");
  vr_mjcf_numbers(out, "boundmass", &o->boundmass, 1);
  vr_mjcf_numbers(out, "boundinertia", &o->boundinertia, 1);
  vr_str_add(out, "/>\n  <option");
  vr_mjcf_numbers(out, "timestep", &timestep, 1);
  vr_str_addf(out, " cone=\"%s\" noslip_iterations=\"%d\"", o->cone ? "elliptic" : "pyramidal",
    o->noslip_iterations);
  vr_mjcf_numbers(out, "noslip_tolerance", &o->noslip_tolerance, 1);
  if (w->option.n)
    vr_str_addf(out, ">\n%s  </option>\n", vr_str_get(&w->option));
  else
    vr_str_add(out, "/>\n");
  vr_str_addf(out, "  <size memory=\"%dM\"/>\n  <statistic", o->memory);
  vr_mjcf_numbers(out, "meansize", &o->meansize, 1);
  if (w->extent > 0) vr_mjcf_numbers(out, "extent", &w->extent, 1);
  vr_str_addf(out, "/>\n  <visual>\n    <quality shadowsize=\"%d\"/>\n%s  </visual>\n",
    o->shadowsize, vr_str_get(&w->visual));
  vr_str_addf(out, "  <asset>\n%s  </asset>\n", vr_str_get(&w->asset));
  if (w->smooth)
    vr_str_addf(
      out, "  <custom>\n    <numeric name=\"%s\" data=\"1\"/>\n  </custom>\n", VR_SMOOTH_NUMERIC);
}

// one class a kind of geom and a class of joints; the arena keeps the engine's defaults
static void put_defaults(vr_str *out, const vr_body *b)
{
  vr_str_add(out, "  <default>\n");
  for (size_t i = 0; i < b->nkinds; i++) {
    const vr_geom_kind *k = &b->kind[i];
    vr_str_addf(out,
      "    <default class=\"geom_%s\">\n      <geom contype=\"%d\" conaffinity=\"%d\" "
      "condim=\"%d\" priority=\"%d\" group=\"%d\"",
      k->name, k->contype, k->conaffinity, k->condim, k->priority, k->group);
    vr_mjcf_numbers(out, "friction", k->friction, 3);
    vr_mjcf_numbers(out, "solref", k->solref, 2);
    vr_mjcf_numbers(out, "solimp", k->solimp, 5);
    vr_mjcf_numbers(out, "margin", &k->margin, 1);
    vr_mjcf_numbers(out, "gap", &k->gap, 1);
    vr_mjcf_numbers(out, "rgba", k->rgba, 4);
    vr_str_add(out, "/>\n    </default>\n");
  }
  for (size_t i = 0; i < b->nclasses; i++) {
    const vr_joint_class *c = &b->cls[i];
    vr_str_addf(out, "    <default class=\"joint_%s\">\n      <joint limited=\"true\"", c->name);
    vr_mjcf_numbers(out, "stiffness", &c->stiffness, 1);
    vr_mjcf_numbers(out, "damping", &c->damping, 1);
    vr_mjcf_numbers(out, "armature", &c->armature, 1);
    vr_mjcf_numbers(out, "springref", &c->springref, 1);
    vr_mjcf_numbers(out, "solreflimit", c->solref, 2);
    vr_mjcf_numbers(out, "solimplimit", c->solimp, 5);
    vr_str_add(out, "/>\n    </default>\n");
  }
  vr_str_add(out, "  </default>\n");
}

static void put_joint(vr_str *out, const vr_body *b, const vr_joint *j)
{
  vr_str_addf(out, "<joint name=\"%s\" class=\"joint_%s\"", j->name, b->cls[j->cls].name);
  vr_mjcf_numbers(out, "pos", j->pos, 3);
  vr_mjcf_numbers(out, "axis", j->axis, 3);
  vr_mjcf_numbers(out, "range", j->range, 2);
  vr_str_add(out, "/>\n");
}

static void put_geom(vr_str *out, const vr_body *b, const vr_geom *g)
{
  vr_str_addf(out, "<geom name=\"%s\" class=\"geom_%s\" type=\"%s\"", g->name,
    b->kind[g->kind].name, shapes[g->shape]);
  vr_mjcf_numbers(out, "size", g->size, 3);
  pose(out, g->pos, g->quat);
  vr_mjcf_numbers(out, "density", &g->density, 1);
  vr_str_add(out, "/>\n");
}

static void put_site(vr_str *out, const vr_site *s)
{
  vr_str_addf(
    out, "<site name=\"%s\" type=\"%s\" group=\"%d\"", s->name, shapes[s->shape], s->group);
  vr_mjcf_numbers(out, "size", s->size, 3);
  pose(out, s->pos, s->quat);
  vr_str_add(out, "/>\n");
}

// What follows the animal but does not turn with it is placed by the engine as it stands at the
// start: turned back here, so that a start in another orientation does not move it.
static void turn_back(int mode, const double *spawn, const double *v, double *out)
{
  const double *q = spawn + 3, u[3] = {-q[1], -q[2], -q[3]};
  double t[3];
  for (int k = 0; k < 3; k++) out[k] = v[k];
  if (!strcmp(modes[mode], "fixed")) return;
  for (int k = 0; k < 3; k++) {
    int i = (k + 1) % 3, j = (k + 2) % 3;
    t[k] = 2 * (u[i] * v[j] - u[j] * v[i]);
  }
  for (int k = 0; k < 3; k++) {
    int i = (k + 1) % 3, j = (k + 2) % 3;
    out[k] += q[0] * t[k] + u[i] * t[j] - u[j] * t[i];
  }
}

static void put_camera(vr_str *out, const vr_camera *c, const double *spawn)
{
  double pos[3], axes[6];
  turn_back(c->mode, spawn, c->pos, pos);
  turn_back(c->mode, spawn, c->right, axes);
  turn_back(c->mode, spawn, c->up, axes + 3);
  vr_str_addf(out, "<camera name=\"%s\" mode=\"%s\"", c->name, modes[c->mode]);
  vr_mjcf_numbers(out, "fovy", &c->fovy, 1);
  vr_mjcf_numbers(out, "pos", pos, 3);
  vr_mjcf_numbers(out, "xyaxes", axes, 6);
  vr_str_add(out, "/>\n");
}

static void put_light(vr_str *out, const vr_light *l, const double *spawn)
{
  double pos[3], dir[3];
  turn_back(l->mode, spawn, l->pos, pos);
  turn_back(l->mode, spawn, l->dir, dir);
  vr_str_addf(out, "<light name=\"%s\" mode=\"%s\" type=\"spot\" castshadow=\"false\"", l->name,
    modes[l->mode]);
  vr_mjcf_numbers(out, "pos", pos, 3);
  vr_mjcf_numbers(out, "dir", dir, 3);
  vr_str_add(out, "/>\n");
}

static void indent(vr_str *out, int depth)
{
  for (int i = 0; i < depth; i++) vr_str_add(out, "  ");
}

// what hangs on body k: every row of a table whose `body` is k
#define EACH(array, number, call)                                                                  \
  for (size_t i = 0; i < b->number; i++)                                                           \
    if (b->array[i].body == k) {                                                                   \
      indent(out, depth + 1);                                                                      \
      call;                                                                                        \
    }

// A root without geoms gets the least mass there is at its own origin: left to itself, the engine
// puts the mass where the body stands in the world, so that the physics would depend on the spawn.
static void put_root(vr_str *out, const vr_body *b, int depth)
{
  const vr_body_options *o = b->options;
  const double inertia[3] = {o->boundinertia, o->boundinertia, o->boundinertia};
  indent(out, depth);
  vr_str_add(out, "<freejoint name=\"root\"/>\n");
  if (o->boundmass <= 0 || o->boundinertia <= 0) return;
  for (size_t i = 0; i < b->ngeoms; i++)
    if (b->geom[i].body == 0) return;
  indent(out, depth);
  vr_str_add(out, "<inertial pos=\"0 0 0\"");
  vr_mjcf_numbers(out, "mass", &o->boundmass, 1);
  vr_mjcf_numbers(out, "diaginertia", inertia, 3);
  vr_str_add(out, "/>\n");
}

static void put_body(vr_str *out, const vr_body *b, int k, int depth, const double *spawn)
{
  const vr_bone *bone = &b->bone[k];
  indent(out, depth);
  vr_str_addf(out, "<body name=\"%s\"", bone->name);
  pose(out, k ? bone->pos : spawn, k ? bone->quat : spawn + 3);
  vr_str_add(out, ">\n");
  if (k == 0) put_root(out, b, depth + 1);
  EACH(light, nlights, put_light(out, &b->light[i], spawn))
  EACH(camera, ncameras, put_camera(out, &b->camera[i], spawn))
  EACH(joint, njoints, put_joint(out, b, &b->joint[i]))
  EACH(geom, ngeoms, put_geom(out, b, &b->geom[i]))
  EACH(site, nsites, put_site(out, &b->site[i]))
}

// rows are depth first: before the next body opens, those that do not hold it close
static void put_bodies(vr_str *out, const vr_body *b, const vr_world *w)
{
  int n = (int)b->nbones, depth = 2;
  vr_str_addf(out, "  <worldbody>\n%s", vr_str_get(&w->bodies));
  for (int k = 0; k < n; k++, depth++) {
    for (int open = k - 1; open >= 0 && open != b->bone[k].parent; open = b->bone[open].parent) {
      indent(out, --depth);
      vr_str_add(out, "</body>\n");
    }
    put_body(out, b, k, depth, w->spawn);
  }
  while (depth > 2) {
    indent(out, --depth);
    vr_str_add(out, "</body>\n");
  }
  vr_str_addf(out, "%s  </worldbody>\n", vr_str_get(&w->after));
}

static void put_excludes(vr_str *out, const vr_body *b)
{
  vr_str_add(out, "  <contact>\n");
  for (size_t i = 0; i < b->nexcludes; i++) {
    const int *body = b->exclude[i].body;
    vr_str_addf(out, "    <exclude body1=\"%s\" body2=\"%s\"/>\n", b->bone[body[0]].name,
      b->bone[body[1]].name);
  }
  vr_str_add(out, "  </contact>\n");
}

static void put_tendons(vr_str *out, const vr_body *b)
{
  size_t k = 0;
  vr_str_add(out, "  <tendon>\n");
  for (size_t i = 0; i < b->ntendons; i++) {
    vr_str_addf(out, "    <fixed name=\"%s\" limited=\"false\"", b->tendon[i].name);
    vr_mjcf_numbers(out, "range", b->tendon[i].range, 2);
    vr_str_add(out, ">\n");
    for (; k < b->ntendon_joints && b->tendon_joint[k].tendon == (int)i; k++) {
      vr_str_addf(out, "      <joint joint=\"%s\"", b->joint[b->tendon_joint[k].joint].name);
      vr_mjcf_numbers(out, "coef", &b->tendon_joint[k].coef, 1);
      vr_str_add(out, "/>\n");
    }
    vr_str_add(out, "    </fixed>\n");
  }
  vr_str_add(out, "  </tendon>\n");
}

static void put_actuators(vr_str *out, const vr_body *b)
{
  vr_str_add(out, "  <actuator>\n");
  for (size_t i = 0; i < b->nactuators; i++) {
    const vr_actuator *a = &b->actuator[i];
    vr_str_addf(out, "    <general name=\"%s\" %s=\"%s\" dyntype=\"filter\"", a->name,
      a->on ? "tendon" : "joint", a->target_name);
    vr_mjcf_numbers(out, "dynprm", &a->time, 1);
    vr_mjcf_numbers(out, "gainprm", &a->gain, 1);
    vr_str_add(out, " biastype=\"affine\"");
    vr_mjcf_numbers(out, "biasprm", a->bias, 2);
    vr_str_add(out, " ctrllimited=\"true\"");
    vr_mjcf_numbers(out, "ctrlrange", a->ctrl, 2);
    vr_str_add(out, " forcelimited=\"false\"");
    vr_mjcf_numbers(out, "forcerange", a->force, 2);
    vr_str_add(out, " actlimited=\"false\"/>\n");
  }
  vr_str_add(out, "  </actuator>\n");
}

static void put_sensors(vr_str *out, const vr_body *b, const vr_world *w)
{
  vr_str_add(out, "  <sensor>\n");
  for (size_t i = 0; i < b->nsensors; i++) {
    const vr_sensor *s = &b->sensor[i];
    vr_str_addf(out, "    <%s name=\"%s\"", sensors[s->type], s->name);
    if (s->type == VR_FRAMEPOS)
      vr_str_addf(out, " objtype=\"xbody\" objname=\"%s\" reftype=\"xbody\" refname=\"%s\"/>\n",
        b->bone[s->body].name, b->bone[s->relative].name);
    else if (s->type == VR_SUBTREELINVEL)
      vr_str_addf(out, " body=\"%s\"/>\n", b->bone[s->body].name);
    else
      vr_str_addf(out, " site=\"%s\"/>\n", b->site[s->site].name);
  }
  vr_str_addf(out, "%s  </sensor>\n", vr_str_get(&w->sensor));
}

int vr_mjcf_scene(const vr_body *b, const vr_world *w, double timestep, vr_str *out)
{
  vr_str_clear(out);
  if (!(timestep >= 1e-5 && timestep <= 0.02))
    return vr_fail(VR_EARG, "a physics step of %g s is not in 1e-05 .. 0.02", timestep);
  vr_str_add(out, "<mujoco model=\"vr\">\n");
  put_options(out, b, w, timestep);
  put_defaults(out, b);
  put_bodies(out, b, w);
  put_excludes(out, b);
  put_tendons(out, b);
  put_actuators(out, b);
  put_sensors(out, b, w);
  vr_str_add(out, "</mujoco>\n");
  return vr_str_ok(out);
}
