/* bench_embree_sim TASK FRAMES -- the rays of the eye by Embree, as a limit for our own: the same
 * pictures as `bench_world_sim TASK 0.002 FRAMES 1 rays`. The arena (quads, a grid, spheres) is built
 * once an episode; the rat's limbs (capsules; ellipsoids as spheres) are refitted for each picture.
 * Sixteen coherent rays at a time, one thread. quality: pixels in which both are as far, to 1 mm (a grid's cells are
 * divided along their other diagonal). */
#include "base/err.h"
#include "sim/eye_parts.h"
#include "sim/play.h"
#include <embree3/rtcore.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STEPS = 100, ACTIONS = 38, LANES = 16, SIDE = 4 };

typedef struct {
  RTCDevice device;
  RTCScene arena, limbs;
  RTCGeometry curves;
  int ncurves, geom[256];
} world;

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* p in the geom's axes to the world */
static void put(const vr_env *e, int geom, double x, double y, double z, float *out)
{
  const double *at = e->d->geom_xpos + 3 * geom, *r = e->d->geom_xmat + 9 * geom;
  for (int k = 0; k < 3; k++)
    out[k] = (float)(at[k] + r[3 * k] * x + r[3 * k + 1] * y + r[3 * k + 2] * z);
}

static void finish(const world *w, RTCScene scene, RTCGeometry g, int id)
{
  rtcCommitGeometry(g);
  rtcAttachGeometryByID(scene, g, (unsigned)id);
  rtcReleaseGeometry(g);
  (void)w;
}

static void add_box(const world *w, const vr_env *e, int id)
{
  static const unsigned face[6][4] = {
    {0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}};
  RTCGeometry g = rtcNewGeometry(w->device, RTC_GEOMETRY_TYPE_QUAD);
  float *v = rtcSetNewGeometryBuffer(g, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 12, 8);
  unsigned *q = rtcSetNewGeometryBuffer(g, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT4, 16, 6);
  const double *s = e->m->geom_size + 3 * id;
  int plane = e->m->geom_type[id] == mjGEOM_PLANE;
  double sx = plane && s[0] <= 0 ? 1e3 : s[0], sy = plane && s[1] <= 0 ? 1e3 : s[1];
  for (int i = 0; i < 8; i++)
    put(e, id, i & 1 ? sx : -sx, i & 2 ? sy : -sy, plane ? 0 : (i & 4 ? s[2] : -s[2]), v + 3 * i);
  for (int i = 0; i < 24; i++) q[i] = face[i / 4][i % 4];
  finish(w, w->arena, g, id);
}

static void add_field(const world *w, const vr_env *e, int id)
{
  int rows = e->m->hfield_nrow[0], cols = e->m->hfield_ncol[0];
  const double *size = e->m->hfield_size;
  RTCGeometry g = rtcNewGeometry(w->device, RTC_GEOMETRY_TYPE_GRID);
  float *v = rtcSetNewGeometryBuffer(
    g, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 12, (size_t)(rows * cols));
  struct RTCGrid *grid =
    rtcSetNewGeometryBuffer(g, RTC_BUFFER_TYPE_GRID, 0, RTC_FORMAT_GRID, sizeof *grid, 1);
  for (int i = 0; i < rows * cols; i++)
    put(e, id, size[0] * (2.0 * (i % cols) / (cols - 1) - 1),
      size[1] * (2.0 * (i / cols) / (rows - 1) - 1), size[2] * (double)e->m->hfield_data[i],
      v + 3 * i);
  *grid = (struct RTCGrid){0, (unsigned)cols, (unsigned short)cols, (unsigned short)rows};
  finish(w, w->arena, g, id);
}

static void add_sphere(const world *w, const vr_env *e, int id)
{
  RTCGeometry g = rtcNewGeometry(w->device, RTC_GEOMETRY_TYPE_SPHERE_POINT);
  float *v = rtcSetNewGeometryBuffer(g, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 16, 1);
  put(e, id, 0, 0, 0, v);
  v[3] = (float)e->m->geom_size[3 * id];
  finish(w, w->arena, g, id);
}

/* ends of the limbs where they are now */
static void move_limbs(const world *w, const vr_env *e)
{
  float *v = rtcGetGeometryBufferData(w->curves, RTC_BUFFER_TYPE_VERTEX, 0);
  for (int i = 0; i < w->ncurves; i++) {
    const double *s = e->m->geom_size + 3 * w->geom[i];
    int capsule = e->m->geom_type[w->geom[i]] == mjGEOM_CAPSULE;
    for (int k = 0; k < 2; k++) {
      put(e, w->geom[i], 0, 0, capsule ? (k ? s[1] : -s[1]) : 1e-6 * k, v + 8 * i + 4 * k);
      v[8 * i + 4 * k + 3] = (float)(capsule ? s[0] : (s[0] + s[1] + s[2]) / 3);
    }
  }
  rtcUpdateGeometryBuffer(w->curves, RTC_BUFFER_TYPE_VERTEX, 0);
  rtcCommitGeometry(w->curves);
  rtcCommitScene(w->limbs);
}

static void build(world *w, const vr_env *e, int animal)
{
  w->arena = rtcNewScene(w->device);
  w->limbs = rtcNewScene(w->device);
  rtcSetSceneFlags(w->limbs, RTC_SCENE_FLAG_DYNAMIC);
  rtcSetSceneBuildQuality(w->limbs, RTC_BUILD_QUALITY_LOW);
  w->ncurves = 0;
  for (int id = 0; id < e->m->ngeom; id++) {
    if (e->m->geom_group[id] > 1) continue;
    int type = e->m->geom_type[id];
    if (e->m->body_rootid[e->m->geom_bodyid[id]] == animal)
      w->geom[w->ncurves++] = id;
    else if (type == mjGEOM_PLANE || type == mjGEOM_BOX)
      add_box(w, e, id);
    else if (type == mjGEOM_HFIELD)
      add_field(w, e, id);
    else
      add_sphere(w, e, id);
  }
  size_t n = (size_t)w->ncurves;
  w->curves = rtcNewGeometry(w->device, RTC_GEOMETRY_TYPE_ROUND_LINEAR_CURVE);
  rtcSetNewGeometryBuffer(w->curves, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT4, 16, 2 * n);
  unsigned *at =
    rtcSetNewGeometryBuffer(w->curves, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT, 4, n);
  for (unsigned i = 0; i < n; i++) at[i] = 2 * i;
  rtcAttachGeometry(w->limbs, w->curves);
  move_limbs(w, e);
  rtcCommitScene(w->arena);
}

static void destroy(const world *w)
{
  rtcReleaseGeometry(w->curves);
  rtcReleaseScene(w->arena);
  rtcReleaseScene(w->limbs);
}

/* depth of each pixel */
static void trace(const world *w, const vr_eye *eye, float *depth)
{
  _Alignas(64)
    const int all[LANES] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
  const vr_eye_view *v = &eye->view;
  struct RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
  for (int tile = 0; tile < VR_EYE_PIXELS / LANES; tile++) {
    int x0 = tile % (VR_EYE_SIZE / SIDE) * SIDE, y0 = tile / (VR_EYE_SIZE / SIDE) * SIDE;
    struct RTCRayHit16 r;
    for (int i = 0; i < LANES; i++) {
      float x = v->ray[x0 + i % SIDE], y = -v->ray[y0 + i / SIDE], d[3];
      for (int k = 0; k < 3; k++)
        d[k] = x * (float)eye->turn[3 * k] + y * (float)eye->turn[3 * k + 1] -
               (float)eye->turn[3 * k + 2];
      r.ray.org_x[i] = (float)eye->at[0];
      r.ray.org_y[i] = (float)eye->at[1];
      r.ray.org_z[i] = (float)eye->at[2];
      r.ray.dir_x[i] = d[0], r.ray.dir_y[i] = d[1], r.ray.dir_z[i] = d[2];
      r.ray.tnear[i] = v->near, r.ray.tfar[i] = v->far;
      r.ray.time[i] = 0, r.ray.mask[i] = ~0u, r.ray.flags[i] = 0;
      r.hit.geomID[i] = RTC_INVALID_GEOMETRY_ID;
    }
    rtcIntersect16(all, w->arena, &context, &r);
    rtcIntersect16(all, w->limbs, &context, &r);
    for (int i = 0; i < LANES; i++)
      depth[(y0 + i / SIDE) * VR_EYE_SIZE + x0 + i % SIDE] = r.ray.tfar[i];
  }
}

static int bench(const char *spec, int frames)
{
  vr_body body = {0};
  vr_task task = {0};
  vr_scene *s;
  vr_env *e;
  vr_eye *eye;
  world w = {.device = rtcNewDevice("threads=1")};
  double refit = 0, spent = 0, reward;
  long same = 0;
  float action[ACTIONS];
  static float depth[VR_EYE_PIXELS];
  VR_TRY(vr_body_load("share/body/rat", &body));
  VR_TRY(vr_task_read("share/task", spec, &task));
  VR_TRY(vr_scene_of(&body, &task, 0.002, &s));
  VR_TRY(vr_env_new(s, &e));
  VR_TRY(vr_eye_new(s, VR_EYE_CAMERA, &eye));
  for (int k = 0; k < frames / STEPS; k++) {
    VR_TRY(vr_env_reset(e, (uint64_t)k, NULL));
    build(&w, e, s->senses.root);
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < ACTIONS; i++) action[i] = (float)(0.4 * sin(0.3 * t + i + (double)k));
      vr_env_step(e, action, NULL, &reward);
      vr_eye_cast(eye, e->m, e->d, e->episode);
      double from = seconds();
      move_limbs(&w, e);
      refit += seconds() - from;
      trace(&w, eye, depth);
      spent += seconds() - from;
      for (int i = 0; i < VR_EYE_PIXELS; i++) same += fabsf(depth[i] - eye->view.t[i]) < 1e-3f;
    }
    destroy(&w);
  }
  printf("cpu_s %.6f\nwall_s %.6f\nrefit_s %.6f\nquality %.4f\nversion Embree %d.%d.%d\n", spent,
    spent, refit, (double)same / VR_EYE_PIXELS / (frames / STEPS * STEPS), RTC_VERSION_MAJOR,
    RTC_VERSION_MINOR, RTC_VERSION_PATCH);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc != 3) {
    fprintf(stderr, "usage: bench_embree_sim TASK FRAMES\n");
    return 2;
  }
  if (!bench(argv[1], atoi(argv[2]))) return 0;
  fprintf(stderr, "bench_embree_sim: %s\n", vr_errmsg());
  return 1;
}
