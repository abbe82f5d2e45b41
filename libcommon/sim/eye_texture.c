/* eye_texture.c -- textures as GL samples them: repeat, linear, linear between mipmaps. */
#include "base/err.h"
#include "base/mem.h"
#include "sim/eye_parts.h"
#include <string.h>

/* A texel is four floats, of which the last is unused, so that its channels go side by side. */
typedef float color __attribute__((vector_size(16)));

/* as a texture of bytes holds it */
static float rounded(float x)
{
  return (float)(int)(255 * x + 0.5f) / 255;
}

/* the level below: means of 2 x 2 texels */
static void halve(const float *from, int w, int h, float *to)
{
  int hw = w > 1 ? w / 2 : 1, hh = h > 1 ? h / 2 : 1;
  for (int y = 0; y < hh; y++)
    for (int x = 0; x < hw; x++)
      for (int c = 0; c < 3; c++) {
        int x1 = 2 * x + 1 < w ? 2 * x + 1 : 2 * x, y1 = 2 * y + 1 < h ? 2 * y + 1 : 2 * y;
        float sum = from[(2 * y * w + 2 * x) * 4 + c] + from[(2 * y * w + x1) * 4 + c] +
                    from[(y1 * w + 2 * x) * 4 + c] + from[(y1 * w + x1) * 4 + c];
        to[(y * hw + x) * 4 + c] = rounded(0.25f * sum);
      }
}

/* the first level: three channels, the faces of a cube one after the other */
static void copy_faces(const mjModel *m, int id, int faces, float *to)
{
  int channels = m->tex_nchannel[id], w = m->tex_width[id];
  int repeated = faces == 6 && m->tex_height[id] == w, h = faces == 6 ? w : m->tex_height[id];
  const mjtByte *from = m->tex_data + m->tex_adr[id];
  for (int f = 0; f < faces; f++)
    for (int i = 0; i < w * h; i++)
      for (int c = 0; c < 3; c++)
        to[(f * w * h + i) * 4 + c] =
          (float)from[((repeated ? 0 : f * w * h) + i) * channels + (c < channels ? c : 0)] / 255;
}

int vr_eye_texture_make(const mjModel *m, int id, vr_eye_texture *t)
{
  int faces = m->tex_type[id] == mjTEXTURE_2D ? 1 : 6;
  int w = m->tex_width[id], h = faces == 6 ? w : m->tex_height[id];
  size_t texels = 0;
  *t = (vr_eye_texture){.width = w, .height = h, .faces = faces};
  for (int k = 0; k < VR_EYE_LEVELS; k++) {
    texels += (size_t)faces * (size_t)w * (size_t)h;
    t->levels++;
    if (w == 1 && h == 1) break;
    w = w > 1 ? w / 2 : 1;
    h = h > 1 ? h / 2 : 1;
  }
  float *data;
  VR_TRY(vr_alloc(&data, texels, sizeof(color)));
  copy_faces(m, id, faces, data);
  w = t->width, h = t->height;
  for (int k = 0; k < t->levels; k++) {
    t->level[k] = data;
    float *next = data + (size_t)faces * (size_t)w * (size_t)h * 4;
    int hw = w > 1 ? w / 2 : 1, hh = h > 1 ? h / 2 : 1;
    for (int f = 0; f < faces && k + 1 < t->levels; f++)
      halve(data + f * w * h * 4, w, h, next + f * hw * hh * 4);
    data = next, w = hw, h = hh;
  }
  return 0;
}

void vr_eye_texture_free(vr_eye_texture *t)
{
  vr_release((void *)t->level[0]);
  *t = (vr_eye_texture){0};
}

static int floor_int(float x)
{
  int i = (int)x;
  return i - ((float)i > x);
}

/* i is in -1 .. n: the other end, or the same */
static int wrap(int i, int n, int repeat)
{
  if (i < 0) return repeat ? n - 1 : 0;
  if (i >= n) return repeat ? 0 : n - 1;
  return i;
}

static inline color load(const float *p)
{
  color c;
  memcpy(&c, p, sizeof c);
  return c;
}

/* one level, between four texels; u, v in [0, 1] */
static color read_level(const vr_eye_texture *t, int k, int face, float u, float v)
{
  int w = t->width >> k, h = t->height >> k, repeat = t->faces == 1;
  w = w ? w : 1, h = h ? h : 1;
  float x = u * (float)w - 0.5f, y = v * (float)h - 0.5f;
  int x0 = floor_int(x), y0 = floor_int(y);
  float fx = x - (float)x0, fy = y - (float)y0;
  int xa = wrap(x0, w, repeat), xb = wrap(x0 + 1, w, repeat);
  int ya = wrap(y0, h, repeat), yb = wrap(y0 + 1, h, repeat);
  const float *p = t->level[k] + (size_t)face * (size_t)w * (size_t)h * 4;
  const float *a = p + ya * w * 4, *b = p + yb * w * 4;
  color above = load(a + xa * 4) * (1 - fx) + load(a + xb * 4) * fx;
  color below = load(b + xa * 4) * (1 - fx) + load(b + xb * 4) * fx;
  return above * (1 - fy) + below * fy;
}

static void read_face(const vr_eye_texture *t, int face, float u, float v, float lod, float rgb[3])
{
  float most = (float)(t->levels - 1);
  lod = lod < 0 ? 0 : lod > most ? most : lod;
  int k = (int)lod;
  float part = lod - (float)k;
  if (t->faces == 1) u -= (float)floor_int(u), v -= (float)floor_int(v);
  color c = read_level(t, k, face, u, v);
  if (part > 0) c = c * (1 - part) + read_level(t, k + 1, face, u, v) * part;
  for (int i = 0; i < 3; i++) rgb[i] = c[i];
}

int vr_eye_texture_premix(const vr_eye_texture *t, float lod, vr_eye_texture *mixed)
{
  int k = lod < 0 ? 0 : (int)lod, last = t->levels - 1;
  k = k < last ? k : last;
  int w = t->width >> k, h = t->height >> k;
  w = w ? w : 1, h = h ? h : 1;
  float *data;
  *mixed = (vr_eye_texture){.width = w, .height = h, .faces = t->faces, .levels = 1};
  VR_TRY(vr_alloc(&data, (size_t)t->faces * (size_t)w * (size_t)h, sizeof(color)));
  mixed->level[0] = data;
  for (int f = 0; f < t->faces; f++)
    for (int i = 0; i < w * h; i++, data += 4) {
      float rgb[3], u = ((float)(i % w) + 0.5f) / (float)w;
      read_face(t, f, u, ((float)(i / w) + 0.5f) / (float)h, lod, rgb);
      memcpy(data, rgb, sizeof rgb);
    }
  return 0;
}

void vr_eye_texture_read(const vr_eye_texture *t, float u, float v, float lod, float rgb[3])
{
  read_face(t, 0, u, v, lod, rgb);
}

void vr_eye_cube_read(const vr_eye_texture *t, const float d[3], float lod, float rgb[3])
{
  // the face that the longest component points to, and its own coordinates (GL 4.6, table 8.19)
  float ax = d[0] < 0 ? -d[0] : d[0], ay = d[1] < 0 ? -d[1] : d[1], az = d[2] < 0 ? -d[2] : d[2];
  float s, r, major;
  int face;
  if (ax >= ay && ax >= az) {
    face = d[0] < 0, major = ax;
    s = d[0] < 0 ? d[2] : -d[2], r = -d[1];
  } else if (ay >= az) {
    face = 2 + (d[1] < 0), major = ay;
    s = d[0], r = d[1] < 0 ? -d[2] : d[2];
  } else {
    face = 4 + (d[2] < 0), major = az;
    s = d[2] < 0 ? -d[0] : d[0], r = -d[1];
  }
  if (major <= 0) major = 1;
  read_face(t, face, 0.5f * (s / major + 1), 0.5f * (r / major + 1), lod, rgb);
}
