/* eye_parts.h -- what the files of the eye share; for eye*.c, included nowhere else. */
#ifndef VR_SIM_EYE_PARTS_H
#define VR_SIM_EYE_PARTS_H
#include "base/isa.h"
#include "sim/eye.h"
#include <mujoco/mujoco.h>
#include <string.h>

enum {
  VR_EYE_PIXELS = VR_EYE_SIZE * VR_EYE_SIZE,
  VR_EYE_LEVELS = 12, /* of a texture: up to 2048 texels wide */
  VR_EYE_LIGHTS = 8,
  VR_EYE_BLOCK = 4,   /* cells of a height field, a side, that share one bound */
  VR_EYE_LANES = 16,  /* pixels that go side by side, at least */
  VR_EYE_PACKET = 64, /* and at most */
};

/* Pixels that show the same geom, on their way to a colour; vectors are in the axes of the geom. */
typedef struct {
  int n, at[VR_EYE_PACKET];                 /* a multiple of VR_EYE_LANES, the last repeated */
  float x[VR_EYE_PACKET], y[VR_EYE_PACKET]; /* the ray: (x, y, 1) to the right, up, ahead */
  float t[VR_EYE_PACKET];                   /* depth */
  float p[3][VR_EYE_PACKET];                /* point */
  float q[3][VR_EYE_PACKET];                /* the same from the camera */
  float normal[3][VR_EYE_PACKET];           /* outward */
  float u[VR_EYE_PACKET], v[VR_EYE_PACKET]; /* place in the texture, in repeats */
  float lod[VR_EYE_PACKET];                 /* log2 of texels a pixel */
  int face[VR_EYE_PACKET];                  /* of a cube texture */
  float texel[3][VR_EYE_PACKET];            /* 0 .. 1 */
  float lit[3][VR_EYE_PACKET];              /* the material's colour in the light, not clamped */
} vr_eye_packet;

/* A texture with its mipmaps, four bytes a texel (red lowest): level k of face f starts at
 * texel[first[k] + f * w * h]. */
typedef struct {
  int width, height, faces, levels;
  int first[VR_EYE_LEVELS];
  uint32_t *texel;
} vr_eye_texture;

int vr_eye_texture_make(const mjModel *m, int id, vr_eye_texture *t);
void vr_eye_texture_free(vr_eye_texture *t);
/* texel = at (u, v) of the face, between the two levels of `lod` */
void vr_eye_texture_read(const vr_eye_texture *t, vr_eye_packet *k);

/* log2 to 1e-4, without the mathematics library; x > 0 */
VR_INLINE float vr_eye_log2(float x)
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
  const float *data, *top;       /* heights in m; bounds of the cells, then of the blocks */
  int rows, cols, bcols, blocks; /* blocks: where their bounds begin */
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
/* Outward normals, not of unit length. */
void vr_eye_normals(const vr_eye_geom *g, vr_eye_packet *k);
void vr_eye_field_normals(const vr_eye_field *f, vr_eye_packet *k);

typedef struct {
  float ambient[3], diffuse[3], specular[3];
  float pos[3], dir[3]; /* from the camera, world axes; pos unused for directional ones */
  float attenuation[3], cos_cutoff;
  int directional, exponent;
} vr_eye_light;

/* lit = the geom's material in the lights; normals are of unit length */
void vr_eye_light_up(
  const vr_eye_light *light, int nlights, const vr_eye_geom *g, vr_eye_packet *k);

struct vr_eye {
  int camera;
  int ntextures, ngeoms, nlights;
  vr_eye_texture *texture;
  vr_eye_geom *geom;
  int16_t *last;             /* of the pixels of each geom */
  float tangent;             /* of half the field of view */
  const vr_eye_texture *sky; /* NULL: black */
  float sky_lod;
  vr_eye_light light[VR_EYE_LIGHTS];
  vr_eye_field field; /* the scene's only height field */
  float *heights, *tops;
  unsigned long episode; /* whose heights these are */
  vr_eye_view view;
  double at[3], turn[9]; /* the camera in the world */
};

/* What each pixel hits, and the lights. episode: whose heights m has; from 1. */
void vr_eye_cast(vr_eye *eye, const mjModel *m, const mjData *d, unsigned long episode);
/* Colours of the picture, once all geoms were hit. */
void vr_eye_shade(const vr_eye *eye, uint8_t *rgb);

#endif
