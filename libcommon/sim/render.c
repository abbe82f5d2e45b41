#include "sim/render.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/art.h"
#include "sim/eye_parts.h"
#include "sim/gl.h"
#include "sim/physics.h"
#include "sim/play.h"
#include "sim/render_strip.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAXGEOMS = 5000, LEAST = 64, MOST = 4096 };

struct vr_render {
  vr_render_par par;
  vr_gl *gl;
  mjModel *m;       /* of the world that is looked at */
  mjModel *dressed; /* the same with skin and textures; NULL: there are none */
  mjData *d;        /* of both */
  const vr_scene *world;
  uint64_t seed;
  vr_ground ground;
  mjrContext context;
  mjvScene scene;
  mjvOption all, seen; /* geoms that are drawn, and those that the eye sees */
  mjvCamera camera;
  vr_eye *eye; /* NULL: the animal has none */
  mjvFigure *figure;
  uint8_t *flipped; /* height x width x 3, the bottom row first */
};

int vr_render_new(const vr_render_par *par, vr_render **view)
{
  *view = NULL;
  if (par->width < LEAST || par->width > MOST || par->height < LEAST || par->height > MOST)
    return vr_fail(VR_EARG, "a picture of %d x %d: sides are %d to %d pixels", par->width,
      par->height, LEAST, MOST);
  VR_TRY(vr_alloc(view, 1, sizeof **view));
  vr_render *v = *view;
  v->par = *par;
  mjr_defaultContext(&v->context);
  mjv_defaultScene(&v->scene);
  mjv_defaultOption(&v->all);
  v->seen = v->all;
  v->seen.geomgroup[2] = 0;
  int code = vr_alloc(&v->figure, 1, sizeof *v->figure);
  if (!code) code = vr_alloc(&v->flipped, (size_t)par->width * (size_t)par->height, 3);
  if (!code) code = vr_gl_open(&v->gl);
  if (code) {
    vr_render_free(v);
    *view = NULL;
  }
  return code;
}

static void leave(vr_render *v)
{
  if (v->m) {
    mjr_freeContext(&v->context);
    mjv_freeScene(&v->scene);
  }
  vr_eye_free(v->eye);
  mj_deleteData(v->d);
  mj_deleteModel(v->m);
  mj_deleteModel(v->dressed);
  vr_ground_free(&v->ground);
  v->eye = NULL;
  v->d = NULL;
  v->m = v->dressed = NULL;
}

void vr_render_free(vr_render *v)
{
  if (!v) return;
  leave(v);
  vr_gl_close(v->gl);
  vr_release(v->figure);
  vr_release(v->flipped);
  vr_release(v);
}

// what the camera sees; the eye sees v->m
static mjModel *shown(const vr_render *v)
{
  return v->dressed ? v->dressed : v->m;
}

// a camera of the animal, or one that goes with its torso
static int aim(vr_render *v)
{
  char names[160] = "free";
  size_t n = strlen(names);
  mjv_defaultCamera(&v->camera);
  if (!strcmp(v->par.camera, "free")) {
    v->camera.type = mjCAMERA_TRACKING;
    v->camera.trackbodyid = v->world->senses.torso;
    v->camera.distance = v->par.distance;
    v->camera.azimuth = v->par.azimuth;
    v->camera.elevation = v->par.elevation;
    return 0;
  }
  v->camera.type = mjCAMERA_FIXED;
  v->camera.fixedcamid = mj_name2id(v->m, mjOBJ_CAMERA, v->par.camera);
  if (v->camera.fixedcamid >= 0) return 0;
  for (int i = 0; i < v->m->ncam && n < sizeof names - 40; i++)
    n +=
      (size_t)snprintf(names + n, sizeof names - n, ", %.32s", mj_id2name(v->m, mjOBJ_CAMERA, i));
  return vr_fail(VR_EARG, "there is no camera '%.40s': the cameras are %s", v->par.camera, names);
}

static void upload(void *ctx)
{
  vr_render *v = ctx;
  int scale = v->par.height >= 720 ? mjFONTSCALE_150 : mjFONTSCALE_100;
  if (v->par.height < 360) scale = mjFONTSCALE_50;
  mjv_makeScene(shown(v), &v->scene, MAXGEOMS);
  mjr_makeContext(shown(v), &v->context, scale);
  mjr_setBuffer(mjFB_OFFSCREEN, &v->context);
}

// what the episode draws by chance, in its place
static int arrange(vr_render *v)
{
  const vr_task *task = &v->world->task;
  if (!task->name) return 0;
  VR_TRY(vr_ground_new(task, &v->ground));
  VR_TRY(vr_ground_draw(task, v->seed, &v->ground));
  VR_TRY(vr_place(&v->world->places, &v->ground, v->m));
  return v->dressed ? vr_place(&v->world->places, &v->ground, v->dressed) : 0;
}

static void set_quality(const vr_render_par *par, mjModel *m)
{
  m->vis.global.offwidth = par->width;
  m->vis.global.offheight = par->height;
  if (par->plain) {
    m->vis.quality.offsamples = m->vis.quality.shadowsize = 0;
    for (int i = 0; i < m->nmat; i++) m->mat_reflectance[i] = 0;
  }
  // the scene's light casts none, so that the eye need not know of them; a film looks better so
  for (int i = 0; i < m->nlight && !par->plain; i++) m->light_castshadow[i] = 1;
}

int vr_render_scene(vr_render *v, const vr_scene *scene, uint64_t seed)
{
  leave(v);
  VR_TRY(vr_physics_copy(scene->m, &v->m));
  v->world = scene;
  v->seed = seed;
  if (v->par.art && scene->task.name && strcmp(v->par.camera, VR_EYE_CAMERA))
    VR_TRY(vr_art_dress(v->par.art, v->par.body, scene, &v->dressed));
  set_quality(&v->par, shown(v));
  int code = vr_physics_data(v->m, &v->d);
  if (!code) code = arrange(v);
  if (!code) code = aim(v);
  if (!code && mj_name2id(v->m, mjOBJ_CAMERA, VR_EYE_CAMERA) >= 0)
    code = vr_eye_new(scene, VR_EYE_CAMERA, &v->eye);
  if (!code) code = vr_physics_try(VR_EIO, "OpenGL", upload, v);
  if (!code && v->context.currentBuffer != mjFB_OFFSCREEN)
    code = vr_fail(VR_EIO, "OpenGL: no buffer for a picture: install libgl1-mesa-dri");
  return code;
}

static void place(void *ctx)
{
  vr_render *v = ctx;
  mj_kinematics(v->m, v->d);
  mj_comPos(v->m, v->d);
  mj_camlight(v->m, v->d);
}

int vr_render_pose(vr_render *v, const float *root, const float *angles)
{
  const vr_senses *s = &v->world->senses;
  for (int i = 0; i < 7; i++) v->d->qpos[s->qpos + i] = root[i];
  for (int i = 0; i < s->njoint; i++) v->d->qpos[v->m->jnt_qposadr[s->joint0 + i]] = angles[i];
  return vr_physics_try(VR_ENUM, "placing the animal", place, v);
}

/* -- orbs -- */

static void paint(vr_render *v, size_t orb, const char *material)
{
  int geom = v->m->body_geomadr[v->world->places.orb + (int)orb];
  int id = mj_name2id(v->m, mjOBJ_MATERIAL, material);
  if (id < 0) return;
  v->m->geom_matid[geom] = shown(v)->geom_matid[geom] = id;
}

// the orb that is nearest to any part of the animal, of those that are left
static size_t nearest(const vr_render *v)
{
  const vr_senses *s = &v->world->senses;
  int taken = mj_name2id(v->m, mjOBJ_MATERIAL, "orb_taken");
  size_t best = 0;
  double least = INFINITY;
  for (size_t k = 0; k < v->ground.norbs; k++) {
    int body = v->world->places.orb + (int)k;
    if (v->m->geom_matid[v->m->body_geomadr[body]] == taken) continue;
    for (int i = s->body0; i < s->body0 + s->nbody; i++) {
      double d = mju_dist3(v->d->xpos + 3 * i, v->m->body_pos + 3 * body);
      if (d < least) least = d, best = k;
    }
  }
  return best;
}

void vr_render_event(vr_render *v, const char *name, double value)
{
  const char *task = v->world->task.name;
  if (!task || !v->ground.norbs) return;
  if (!strcmp(task, "maze")) {
    if (!strcmp(name, "orb")) paint(v, nearest(v), "orb_taken");
    return;
  }
  double pos[3];
  if (!strcmp(name, "orb") && value >= 0 && value < UINT32_MAX) {
    vr_ground_orb(&v->world->task, v->seed, (uint32_t)value, pos);
    vr_place_orb(&v->world->places, v->m, 0, pos);
    paint(v, 0, "orb");
  } else if (!strcmp(name, "first-tap")) {
    paint(v, 0, "orb_once");
  } else if (!strcmp(name, "second-tap") || !strcmp(name, "too-soon")) {
    paint(v, 0, "orb_twice");
  }
}

/* -- pictures -- */

// the eye's picture at the top right, about a third of the view, its pixels as squares
static void put_eye(vr_render *v, mjrRect view, const uint8_t *rgb)
{
  int least = view.width < view.height ? view.width : view.height;
  int k = (least / 3 + VR_RENDER_EYE / 2) / VR_RENDER_EYE;
  if (k < 1) k = 1;
  int side = k * VR_RENDER_EYE;
  int gap = 8;
  if (side + 2 * gap > least) return;
  mjrRect r = {
    view.left + view.width - side - gap, view.bottom + view.height - side - gap, side, side};
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      int row = VR_RENDER_EYE - 1 - y / k;
      memcpy(v->flipped + 3 * (y * side + x), rgb + 3 * (row * VR_RENDER_EYE + x / k), 3);
    }
  mjr_rectangle((mjrRect){r.left - 2, r.bottom - 2, side + 4, side + 4}, 1, 1, 1, 1);
  mjr_drawPixels(v->flipped, NULL, r, &v->context);
}

typedef struct {
  vr_render *view;
  const vr_render_over *over;
} vr_drawing;

static void draw(void *ctx)
{
  vr_render *v = ((vr_drawing *)ctx)->view;
  const vr_render_over *o = ((vr_drawing *)ctx)->over;
  uint8_t eye[VR_RENDER_EYE * VR_RENDER_EYE * 3];
  int w = v->par.width, h = v->par.height, n = (int)o->nstrips;
  int high = n ? (n < 2 ? h / 4 : h / 2 / n) : 0;
  mjrRect all = {0, 0, w, h}, view = {0, n * high, w, h - n * high};
  int inside = v->camera.type == mjCAMERA_FIXED &&
               v->camera.fixedcamid == mj_name2id(v->m, mjOBJ_CAMERA, VR_EYE_CAMERA);
  mjv_updateScene(
    shown(v), v->d, inside ? &v->seen : &v->all, NULL, &v->camera, mjCAT_ALL, &v->scene);
  mjr_render(view, &v->scene, &v->context);
  if (o->see && !o->eye && v->eye) {
    vr_eye_cast(v->eye, v->m, v->d, 1);
    vr_eye_shade(v->eye, eye);
  }
  if (o->see && (o->eye || v->eye)) put_eye(v, view, o->eye ? o->eye : eye);
  if (o->text && *o->text)
    mjr_overlay(mjFONT_SHADOW, mjGRID_BOTTOMLEFT, view, o->text, NULL, &v->context);
  for (int i = 0; i < n; i++) {
    vr_render_strip(o->strip + i, o->time, v->par.window, v->figure);
    mjrRect r = {0, (n - 1 - i) * high, w, high};
    v->figure->flg_legend &= high >= 18 * (int)o->strip[i].cols + 20;
    mjr_figure(r, v->figure, &v->context);
  }
  mjr_readPixels(v->flipped, NULL, all, &v->context);
}

int vr_render_draw(vr_render *v, const vr_render_over *over, uint8_t *rgb)
{
  vr_drawing drawing = {v, over};
  size_t row = 3 * (size_t)v->par.width, h = (size_t)v->par.height;
  VR_TRY(vr_physics_try(VR_EIO, "OpenGL", draw, &drawing));
  for (size_t y = 0; y < h; y++) memcpy(rgb + y * row, v->flipped + (h - 1 - y) * row, row);
  return 0;
}
