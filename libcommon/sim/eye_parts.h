/* eye_parts.h -- what the files of the eye share; for eye*.c, included nowhere else. */
#ifndef VR_SIM_EYE_PARTS_H
#define VR_SIM_EYE_PARTS_H
#include "sim/eye.h"
#include <mujoco/mujoco.h>
#include <string.h>

enum {
  VR_EYE_PIXELS = VR_EYE_SIZE * VR_EYE_SIZE,
  VR_EYE_LEVELS = 12, /* of a texture: up to 2048 texels wide */
  VR_EYE_LIGHTS = 8,
  VR_EYE_BLOCK = 8, /* cells of a height field that share one bound */
};

/* A texture with its mipmaps: level k of face f starts at level[k] + f * w * h * 4. */
typedef struct {
  int width, height, faces, levels;
  const float *level[VR_EYE_LEVELS];
} vr_eye_texture;

int vr_eye_texture_make(const mjModel *m, int id, vr_eye_texture *t);
void vr_eye_texture_free(vr_eye_texture *t);
/* One cube of t's finest level below `lod` that holds what is seen at `lod`: read with lod 0. */
int vr_eye_texture_premix(const vr_eye_texture *t, float lod, vr_eye_texture *mixed);
/* rgb = texel at (u, v) in repeats, `lod` = log2 of texels a pixel. */
void vr_eye_texture_read(const vr_eye_texture *t, float u, float v, float lod, float rgb[3]);
/* the same in a direction from the middle of a cube */
void vr_eye_cube_read(const vr_eye_texture *t, const float dir[3], float lod, float rgb[3]);
/* log2 to 1e-4, without the mathematics library; x > 0 */
static inline float vr_eye_log2(float x)
{
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (int)(bits >> 23) - 127;
  bits = (bits & 0x7fffff) | 0x3f800000;
  memcpy(&x, &bits, sizeof x);
  // a polynomial for log2 on [1, 2), exact at both ends
  float m = x - 1;
  return (float)exponent +
         m *
           (1.4424673f + m * (-0.7169752f + m * (0.4474182f + m * (-0.2371023f + m * 0.064192f))));
}

/* One geom in its own frame: the ray of pixel (x, y) is o + t (x mx + y my + mz); t is the depth. */
typedef struct {
  int type, id;
  float o[3], mx[3], my[3], mz[3], size[3];
  int x0, x1, y0, y1; /* pixels that can show it: x0 <= x < x1 */
  float turn[9];      /* to world axes, row-major */
  float color[3], specular, emission;
  int shininess, uniform;        /* of the material */
  float repeat[2];               /* of its texture, in GL's units for this kind of geom */
  const vr_eye_texture *texture; /* NULL: none */
} vr_eye_geom;

typedef struct {
  const float *data, *top; /* heights in m; bound of each block */
  int rows, cols, brows, bcols;
  float half[2], highest;
} vr_eye_field;

/* Nearest hits so far of all pixels. */
typedef struct {
  float near, far;
  float ray[VR_EYE_SIZE]; /* x of a column; -y of a row */
  float t[VR_EYE_PIXELS];
  int16_t seen[VR_EYE_PIXELS]; /* place in the list of geoms, -1: sky */
} vr_eye_view;

/* Tests one geom against its pixels. */
void vr_eye_hit(const vr_eye_geom *g, int16_t place, vr_eye_view *v);
void vr_eye_hit_field(const vr_eye_geom *g, const vr_eye_field *f, int16_t place, vr_eye_view *v);
/* Outward normal, not of unit length, in the geom's frame at its point p. */
void vr_eye_normal(const vr_eye_geom *g, const vr_eye_field *f, const float p[3], float n[3]);

typedef struct {
  float ambient[3], diffuse[3], specular[3];
  float pos[3], dir[3]; /* from the camera, world axes; pos unused for directional ones */
  float attenuation[3], cos_cutoff;
  int directional, exponent;
} vr_eye_light;

/* Pixels of one row on their way through the lights; world axes, from the camera. */
typedef struct {
  int n, at[VR_EYE_SIZE];                          /* how many, and their columns */
  int shiny;                                       /* one of them has specular reflection */
  float p[3][VR_EYE_SIZE], normal[3][VR_EYE_SIZE]; /* point; unit normal */
  float color[3][VR_EYE_SIZE];                     /* of the material */
  float texel[3][VR_EYE_SIZE];
  float specular[VR_EYE_SIZE], emission[VR_EYE_SIZE];
  int shininess[VR_EYE_SIZE];
  float out[3][VR_EYE_SIZE];
} vr_eye_row;

struct vr_eye {
  int camera;
  vr_eye_texture sky; /* as it is seen in a pixel; no levels: black */
  int ntextures, ngeoms, nlights;
  vr_eye_texture *texture;
  vr_eye_geom *geom;
  float tangent; /* of half the field of view */
  vr_eye_light light[VR_EYE_LIGHTS];
  vr_eye_field field; /* the scene's only height field */
  float *heights, *tops;
  unsigned long episode; /* whose heights these are */
  vr_eye_view view;
  double at[3], turn[9]; /* the camera in the world */
};

/* Colours of row y of the picture, once all geoms were hit. */
void vr_eye_shade_row(const vr_eye *eye, int y, vr_eye_row *r, uint8_t *rgb);
/* out = lights on the row's materials, not yet clamped, texel left out */
void vr_eye_light_row(const vr_eye_light *light, int nlights, vr_eye_row *r);

#endif
