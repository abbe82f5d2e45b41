#include "sim/eye.h"
#include "base/err.h"
#include "base/mem.h"
#include "sim/eye_parts.h"
#include "sim/play.h"
#include <math.h>
#include <string.h>

/* -- what does not change -- */

/* the sky is always equally far */
static void find_sky(const mjModel *m, vr_eye *eye)
{
  for (int i = 0; i < m->ntex && !eye->sky; i++) {
    if (m->tex_type[i] != mjTEXTURE_SKYBOX) continue;
    eye->sky = &eye->texture[i];
    eye->sky_lod = vr_eye_log2((float)m->tex_width[i] * eye->tangent / VR_EYE_SIZE);
  }
}

static int make_field(const mjModel *m, vr_eye *eye)
{
  vr_eye_field *f = &eye->field;
  if (!m->nhfield) return 0;
  f->rows = m->hfield_nrow[0];
  f->cols = m->hfield_ncol[0];
  f->bcols = (f->cols - 2) / VR_EYE_BLOCK + 1;
  f->blocks = (f->rows - 1) * (f->cols - 1);
  int tops = f->blocks + f->bcols * ((f->rows - 2) / VR_EYE_BLOCK + 1);
  f->half[0] = (float)m->hfield_size[0];
  f->half[1] = (float)m->hfield_size[1];
  VR_TRY(vr_alloc(&eye->heights, (size_t)f->rows * (size_t)f->cols, sizeof(float)));
  VR_TRY(vr_alloc(&eye->tops, (size_t)tops, sizeof(float)));
  f->data = eye->heights;
  f->top = eye->tops;
  return 0;
}

static int make(const vr_scene *s, const char *camera, vr_eye *eye)
{
  const mjModel *m = s->m;
  eye->camera = mj_name2id(m, mjOBJ_CAMERA, camera);
  if (eye->camera < 0) return vr_fail(VR_EDATA, "the scene has no camera %s", camera);
  eye->tangent = (float)tan(m->cam_fovy[eye->camera] * 3.14159265358979323846 / 360);
  VR_TRY(vr_alloc(&eye->geom, (size_t)m->ngeom, sizeof *eye->geom));
  VR_TRY(vr_alloc(&eye->last, (size_t)m->ngeom + 2, sizeof *eye->last));
  VR_TRY(vr_alloc(&eye->texture, (size_t)m->ntex, sizeof *eye->texture));
  for (; eye->ntextures < m->ntex; eye->ntextures++)
    VR_TRY(vr_eye_texture_make(m, eye->ntextures, &eye->texture[eye->ntextures]));
  for (int i = 0; i < VR_EYE_SIZE; i++)
    eye->view.ray[i] = eye->tangent * (2 * ((float)i + 0.5f) / VR_EYE_SIZE - 1);
  find_sky(m, eye);
  return make_field(m, eye);
}

int vr_eye_new(const vr_scene *s, const char *camera, vr_eye **eye)
{
  VR_TRY(vr_alloc(eye, 1, sizeof **eye));
  int code = make(s, camera, *eye);
  if (code) {
    vr_eye_free(*eye);
    *eye = NULL;
  }
  return code;
}

void vr_eye_free(vr_eye *eye)
{
  if (!eye) return;
  for (int i = 0; i < eye->ntextures; i++) vr_eye_texture_free(&eye->texture[i]);
  vr_release(eye->texture);
  vr_release(eye->geom);
  vr_release(eye->last);
  vr_release(eye->heights);
  vr_release(eye->tops);
  vr_release(eye);
}

/* -- once an episode: the height field -- */

/* the highest corner of each cell, then the highest of each block */
static void bound(vr_eye_field *f, float *top)
{
  const float *h = f->data;
  int cols = f->cols - 1, nblocks = f->bcols * ((f->rows - 2) / VR_EYE_BLOCK + 1);
  float *block = top + f->blocks;
  for (int i = 0; i < nblocks; i++) block[i] = -1e30f;
  for (int r = 0; r < f->rows - 1; r++)
    for (int c = 0; c < cols; c++) {
      const float *p = h + r * f->cols + c;
      float *b = block + r / VR_EYE_BLOCK * f->bcols + c / VR_EYE_BLOCK;
      float most = fmaxf(fmaxf(p[0], p[1]), fmaxf(p[f->cols], p[f->cols + 1]));
      top[r * cols + c] = most;
      *b = fmaxf(*b, most);
    }
  f->highest = -1e30f;
  for (int i = 0; i < nblocks; i++) f->highest = fmaxf(f->highest, block[i]);
}

static void take_heights(vr_eye *eye, const mjModel *m, unsigned long episode)
{
  if (!m->nhfield || eye->episode == episode) return;
  float scale = (float)m->hfield_size[2];
  for (int i = 0; i < eye->field.rows * eye->field.cols; i++)
    eye->heights[i] = scale * m->hfield_data[i];
  bound(&eye->field, eye->tops);
  eye->episode = episode;
}

/* -- once a picture: camera, geoms, lights -- */

/* to = R^T v, R row-major */
static void turn_back(const double r[9], const double v[3], double to[3])
{
  for (int k = 0; k < 3; k++) to[k] = r[k] * v[0] + r[3 + k] * v[1] + r[6 + k] * v[2];
}

/* narrows [*from, *to) to the pixels between two slopes */
static void narrow(double low, double high, double tangent, int *from, int *to)
{
  double a = floor((low / tangent + 1) * VR_EYE_SIZE / 2 - 0.5);
  double b = ceil((high / tangent + 1) * VR_EYE_SIZE / 2 + 0.5);
  *from = a < *from ? *from : a > *to ? *to : (int)a;
  *to = b < *from ? *from : b > *to ? *to : (int)b;
}

/* to the pixels of a sphere at `side`, `ahead` of the camera: between its tangents */
static void narrow_to_sphere(
  double side, double ahead, double radius, double tangent, int *from, int *to)
{
  double away = side * side + ahead * ahead - radius * radius;
  if (ahead <= radius || away <= 0) return;
  double root = radius * sqrt(away), base = ahead * ahead - radius * radius;
  narrow((side * ahead - root) / base, (side * ahead + root) / base, tangent, from, to);
}

/* to a box: its corners in front of the near plane, and where its edges come through that */
static void narrow_to_box(const vr_eye *eye, const double c[3], vr_eye_geom *g)
{
  double corner[8][3], near = eye->view.near, low[2] = {1e30, 1e30}, high[2] = {-1e30, -1e30};
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) { // right, down, ahead
      const float *m = k == 0 ? g->mx : k == 1 ? g->my : g->mz;
      corner[i][k] = k == 0 ? c[0] : -c[k];
      for (int j = 0; j < 3; j++)
        corner[i][k] += (k == 1 ? -1 : 1) * (i >> j & 1 ? 1 : -1) * (double)(g->size[j] * m[j]);
    }
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 4; j++) {
      const double *p = corner[i], *q = corner[j ? i ^ 1 << (j - 1) : i];
      if (p[2] < near || (j && q[2] >= near)) continue;
      double part = j ? (p[2] - near) / (p[2] - q[2]) : 0, ahead = p[2] + part * (q[2] - p[2]);
      for (int k = 0; k < 2; k++) {
        double slope = (p[k] + part * (q[k] - p[k])) / ahead;
        low[k] = fmin(low[k], slope);
        high[k] = fmax(high[k], slope);
      }
    }
  narrow(low[0], high[0], eye->tangent, &g->x0, &g->x1);
  narrow(low[1], high[1], eye->tangent, &g->y0, &g->y1);
}

/* colour as MuJoCo draws it: the geom's own colour where it was set, else the material's */
static const float *color_of(const mjModel *m, int id)
{
  static const float unset[4] = {0.5f, 0.5f, 0.5f, 1};
  const float *own = m->geom_rgba + 4 * id;
  int material = m->geom_matid[id];
  return material >= 0 && !memcmp(own, unset, sizeof unset) ? m->mat_rgba + 4 * material : own;
}

static void pose(
  const vr_eye *eye, const mjModel *m, const mjData *d, vr_eye_geom *g, const double from[3])
{
  const double *r = d->geom_xmat + 9 * g->id;
  double o[3], v[3], column[3];
  turn_back(r, from, o);
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < 3; i++) column[i] = eye->turn[3 * i + k];
    turn_back(r, column, v);
    float *to = k == 0 ? g->mx : k == 1 ? g->my : g->mz;
    for (int i = 0; i < 3; i++) to[i] = (float)(k == 2 ? -v[i] : v[i]);
  }
  for (int i = 0; i < 3; i++) {
    g->o[i] = (float)o[i];
    g->size[i] = (float)m->geom_size[3 * g->id + i];
  }
  for (int i = 0; i < 9; i++) g->turn[i] = (float)r[i];
  if (g->type == mjGEOM_SPHERE) g->size[1] = g->size[2] = g->size[0];
}

/* scale of a flat texture, as the renderer sets it (half repeats in units of the surface) */
static void set_repeat(const mjModel *m, int material, vr_eye_geom *g)
{
  for (int k = 0; k < 2; k++) {
    float repeat = m->mat_texrepeat[2 * material + k], size = g->size[k];
    if (g->type == mjGEOM_HFIELD)
      repeat /= g->uniform ? 1 : (float)m->hfield_size[k];
    else if (g->uniform && size > 0)
      repeat *= size;
    g->repeat[k] = 0.5f * repeat;
  }
}

static void set_material(const vr_eye *eye, const mjModel *m, const float *color, vr_eye_geom *g)
{
  int material = m->geom_matid[g->id];
  memcpy(g->color, color, sizeof g->color);
  g->specular = material < 0 ? 0.5f : m->mat_specular[material];
  g->shininess = (int)(128 * (material < 0 ? 0.5f : m->mat_shininess[material]) + 0.5f);
  g->emission = material < 0 ? 0 : m->mat_emission[material];
  g->texture = NULL;
  if (material < 0) return;
  int texture = m->mat_texid[material * mjNTEXROLE + mjTEXROLE_RGB];
  g->uniform = m->mat_texuniform[material];
  if (texture < 0) return;
  g->texture = &eye->texture[texture];
  set_repeat(m, material, g);
}

/* the geom, and the pixels that it can cover; 0: it is out of view */
static int in_view(vr_eye *eye, const mjModel *m, const mjData *d, int id, vr_eye_geom *g)
{
  double from[3], back[3], c[3], radius = m->geom_rbound[id];
  int type = m->geom_type[id];
  for (int k = 0; k < 3; k++) {
    from[k] = eye->at[k] - d->geom_xpos[3 * id + k];
    back[k] = -from[k];
  }
  *g = (vr_eye_geom){.type = type, .id = id, .x1 = VR_EYE_SIZE, .y1 = VR_EYE_SIZE};
  if (type != mjGEOM_PLANE && type != mjGEOM_HFIELD) {
    turn_back(eye->turn, back, c); // the middle, as the camera sees it: x right, y up, -z ahead
    if (-c[2] + radius < eye->view.near || -c[2] - radius > eye->view.far) return 0;
    narrow_to_sphere(c[0], -c[2], radius, eye->tangent, &g->x0, &g->x1);
    narrow_to_sphere(-c[1], -c[2], radius, eye->tangent, &g->y0, &g->y1);
    if (g->x0 >= g->x1 || g->y0 >= g->y1) return 0;
  }
  pose(eye, m, d, g, from);
  if (type == mjGEOM_BOX) narrow_to_box(eye, c, g);
  return g->x0 < g->x1 && g->y0 < g->y1;
}

static void hit_all(vr_eye *eye, const mjModel *m, const mjData *d)
{
  vr_eye_view *v = &eye->view;
  for (int i = 0; i < VR_EYE_PIXELS; i++) {
    v->t[i] = v->far;
    v->seen[i] = -1;
  }
  eye->ngeoms = 0;
  for (int id = 0; id < m->ngeom; id++) {
    vr_eye_geom *g = &eye->geom[eye->ngeoms];
    const float *color = color_of(m, id);
    if (m->geom_group[id] > 1 || color[3] < 0.5f || !in_view(eye, m, d, id, g)) continue;
    set_material(eye, m, color, g);
    if (g->type == mjGEOM_HFIELD)
      vr_eye_hit_field(g, &eye->field, (int16_t)eye->ngeoms, v);
    else
      vr_eye_hit(g, (int16_t)eye->ngeoms, v);
    eye->ngeoms++;
  }
}

static void colors(
  vr_eye_light *l, const float *ambient, const float *diffuse, const float *specular)
{
  memcpy(l->ambient, ambient, sizeof l->ambient);
  memcpy(l->diffuse, diffuse, sizeof l->diffuse);
  memcpy(l->specular, specular, sizeof l->specular);
}

static void find_lights(vr_eye *eye, const mjModel *m, const mjData *d)
{
  eye->nlights = 0;
  if (m->vis.headlight.active) {
    vr_eye_light *l = &eye->light[eye->nlights++];
    *l = (vr_eye_light){.directional = 1, .attenuation = {1, 0, 0}, .cos_cutoff = -2};
    colors(l, m->vis.headlight.ambient, m->vis.headlight.diffuse, m->vis.headlight.specular);
    for (int k = 0; k < 3; k++) l->dir[k] = (float)-eye->turn[3 * k + 2];
  }
  for (int i = 0; i < m->nlight && eye->nlights < VR_EYE_LIGHTS; i++) {
    int spot = m->light_type[i] == mjLIGHT_SPOT;
    if (!m->light_active[i] || (!spot && m->light_type[i] != mjLIGHT_DIRECTIONAL)) continue;
    vr_eye_light *l = &eye->light[eye->nlights++];
    *l = (vr_eye_light){.directional = !spot,
      .exponent = (int)lroundf(m->light_exponent[i]),
      .cos_cutoff = (float)cos(m->light_cutoff[i] * 3.14159265358979323846 / 180)};
    colors(l, m->light_ambient + 3 * i, m->light_diffuse + 3 * i, m->light_specular + 3 * i);
    for (int k = 0; k < 3; k++) {
      l->attenuation[k] = m->light_attenuation[3 * i + k];
      l->pos[k] = (float)(d->light_xpos[3 * i + k] - eye->at[k]);
      l->dir[k] = (float)d->light_xdir[3 * i + k];
    }
  }
}

void vr_eye_cast(vr_eye *eye, const mjModel *m, const mjData *d, unsigned long episode)
{
  take_heights(eye, m, episode);
  memcpy(eye->at, d->cam_xpos + 3 * eye->camera, sizeof eye->at);
  memcpy(eye->turn, d->cam_xmat + 9 * eye->camera, sizeof eye->turn);
  eye->view.near = (float)(m->vis.map.znear * m->stat.extent);
  eye->view.far = (float)(m->vis.map.zfar * m->stat.extent);
  find_lights(eye, m, d);
  hit_all(eye, m, d);
}

void vr_eye_see(vr_eye *eye, const vr_env *e, uint8_t *rgb)
{
  vr_eye_cast(eye, e->m, e->d, e->episode);
  vr_eye_shade(eye, rgb);
}
