/* render.h -- pictures of an animal in its world, by MuJoCo's own renderer without a screen.
 *
 *   vr_render *view;
 *   vr_render_new(&par, &view);                  opens OpenGL
 *   vr_render_scene(view, scene, seed);          the world of an episode
 *   vr_render_pose(view, root, angles);          where the animal is
 *   vr_render_draw(view, &over, rgb);            a picture
 *   vr_render_free(view);
 *
 * One thread uses one view. The same calls give the same bytes on one machine; another driver may
 * round otherwise. */
#ifndef VR_SIM_RENDER_H
#define VR_SIM_RENDER_H
#include "sim/env.h"

enum {
  VR_RENDER_EYE = 64,
  VR_RENDER_MAXCOLUMNS = 99
}; /* side of what the eye sees; lines in a strip */

typedef struct {
  int width, height;  /* pixels of the whole picture */
  const char *camera; /* of the animal's tables (back, side, side_alt, top), or "free" */
  double distance, azimuth, elevation; /* m and degrees; of the free camera, which goes with the
                                          animal */
  double window;                       /* s of the series in a strip */
  int plain;           /* no shadows, reflections and smooth edges: five times faster */
  const vr_body *body; /* whose scenes they are, and the folder of its skin and textures; */
  const char *art;     /* NULL, and in the eye's own camera: its geoms, and our textures */
} vr_render_par;
#define VR_RENDER_DEFAULTS                                                                         \
  {                                                                                                \
    .width = 640, .height = 480, .camera = "free", .distance = 0.5, .azimuth = 120,                \
    .elevation = -25, .window = 4                                                                  \
  }

/* Series below the picture: a (rows x cols), row i at time i / rate. */
typedef struct {
  const char *title;
  size_t rows, cols;
  char *const *name; /* of the columns; NULL: none */
  const float *a;
  double rate;
} vr_strip;

/* What is drawn over the picture. */
typedef struct {
  double time;      /* s, of the strips' cursor */
  const char *text; /* lines at the bottom left, or NULL */
  int see;          /* what the eye sees, at the top right */
  const uint8_t
    *eye; /* VR_RENDER_EYE x VR_RENDER_EYE x 3, the top row first; NULL: it is drawn, too */
  const vr_strip *strip;
  size_t nstrips; /* the lowest part of the picture, half of it at most */
} vr_render_over;

typedef struct vr_render vr_render;

/* VR_EARG: sizes that cannot be; VR_EIO: no OpenGL, and what to install; VR_EMEM. */
int vr_render_new(const vr_render_par *par, vr_render **view);
/* The world of an episode of the scene; the one before is forgotten. The scene must last until the
 * next one. VR_EARG names the cameras when there is none of that name. */
int vr_render_scene(vr_render *view, const vr_scene *scene, uint64_t seed);
/* root (7): position and quaternion w x y z; angles (njoint): rad, in the order of the scene. */
int vr_render_pose(vr_render *view, const float *root, const float *angles);
/* What an event (as env.h reports it) changes in the world: orbs that are taken, touched or new. All
 * are to be told in their order, each where the animal was then. */
void vr_render_event(vr_render *view, const char *name, double value);
/* rgb (height x width x 3), the top row first. */
int vr_render_draw(vr_render *view, const vr_render_over *over, uint8_t *rgb);
void vr_render_free(vr_render *view);

#endif
