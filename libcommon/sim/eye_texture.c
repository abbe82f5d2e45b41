/* eye_texture.c -- textures as GL samples them: repeat, linear, linear between mipmaps. */
#include "base/err.h"
#include "base/isa.h"
#include "base/mem.h"
#include "sim/eye_parts.h"

/* the level below: means of 2 x 2 texels, channel by channel */
static void halve(const uint32_t *from, int w, int h, uint32_t *to)
{
  int hw = w > 1 ? w / 2 : 1, hh = h > 1 ? h / 2 : 1;
  for (int y = 0; y < hh; y++)
    for (int x = 0; x < hw; x++) {
      int x1 = 2 * x + 1 < w ? 2 * x + 1 : 2 * x, y1 = 2 * y + 1 < h ? 2 * y + 1 : 2 * y;
      uint32_t a = from[2 * y * w + 2 * x], b = from[2 * y * w + x1], texel = 0;
      uint32_t c = from[y1 * w + 2 * x], d = from[y1 * w + x1];
      for (int k = 0; k < 24; k += 8) {
        uint32_t sum = (a >> k & 255) + (b >> k & 255) + (c >> k & 255) + (d >> k & 255);
        texel |= (sum + 2) / 4 << k;
      }
      to[y * hw + x] = texel;
    }
}

/* the first level: three channels, the faces of a cube one after the other */
static void copy_faces(const mjModel *m, int id, int faces, uint32_t *to)
{
  int channels = m->tex_nchannel[id], w = m->tex_width[id];
  int repeated = faces == 6 && m->tex_height[id] == w, h = faces == 6 ? w : m->tex_height[id];
  const mjtByte *from = m->tex_data + m->tex_adr[id];
  for (int f = 0; f < faces; f++)
    for (int i = 0; i < w * h; i++) {
      const mjtByte *p = from + ((repeated ? 0 : f * w * h) + i) * channels;
      to[f * w * h + i] =
        p[0] | (uint32_t)p[channels > 1 ? 1 : 0] << 8 | (uint32_t)p[channels > 2 ? 2 : 0] << 16;
    }
}

int vr_eye_texture_make(const mjModel *m, int id, vr_eye_texture *t)
{
  int faces = m->tex_type[id] == mjTEXTURE_2D ? 1 : 6;
  int w = m->tex_width[id], h = faces == 6 ? w : m->tex_height[id], texels = 0;
  *t = (vr_eye_texture){.width = w, .height = h, .faces = faces};
  for (int k = 0; k < VR_EYE_LEVELS; k++) {
    t->first[k] = texels;
    texels += faces * w * h;
    t->levels++;
    if (w == 1 && h == 1) break;
    w = w > 1 ? w / 2 : 1;
    h = h > 1 ? h / 2 : 1;
  }
  VR_TRY(vr_alloc(&t->texel, (size_t)texels, sizeof *t->texel));
  copy_faces(m, id, faces, t->texel);
  w = t->width, h = t->height;
  for (int k = 0; k + 1 < t->levels; k++) {
    int hw = w > 1 ? w / 2 : 1, hh = h > 1 ? h / 2 : 1;
    for (int f = 0; f < faces; f++)
      halve(t->texel + t->first[k] + f * w * h, w, h, t->texel + t->first[k + 1] + f * hw * hh);
    w = hw, h = hh;
  }
  return 0;
}

void vr_eye_texture_free(vr_eye_texture *t)
{
  vr_release(t->texel);
  *t = (vr_eye_texture){0};
}

VR_INLINE int floor_int(float x)
{
  int i = (int)x;
  return i - ((float)i > x);
}

/* i is in -1 .. n: moved into 0 .. n - 1 by `step`, which is n where the texture repeats, else 1 */
VR_INLINE int wrap(int i, int n, int step)
{
  return i + step * (i < 0) - step * (i >= n);
}

/* rgb += share of one level, between four texels; u, v in [0, 1] */
VR_INLINE void add_level(const vr_eye_texture *t, int level, int face, float u, float v,
  float share, float *red, float *green, float *blue)
{
  int w = t->width >> level, h = t->height >> level, repeat = t->faces == 1;
  w += w == 0, h += h == 0;
  float x = u * (float)w - 0.5f, y = v * (float)h - 0.5f;
  int x0 = floor_int(x), y0 = floor_int(y), right = 1 + repeat * (w - 1),
      down = 1 + repeat * (h - 1);
  float fx = x - (float)x0, fy = (y - (float)y0) * share, gx = 1 - fx, gy = share - fy;
  int at = t->first[level] + face * w * h;
  int xa = at + wrap(x0, w, right), xb = at + wrap(x0 + 1, w, right);
  int ya = w * wrap(y0, h, down), yb = w * wrap(y0 + 1, h, down);
  int a = (int)t->texel[ya + xa], b = (int)t->texel[ya + xb];
  int c = (int)t->texel[yb + xa], d = (int)t->texel[yb + xb];
  float wa = gx * gy, wb = fx * gy, wc = gx * fy, wd = fx * fy;
  *red +=
    wa * (float)(a & 255) + wb * (float)(b & 255) + wc * (float)(c & 255) + wd * (float)(d & 255);
  *green += wa * (float)(a >> 8 & 255) + wb * (float)(b >> 8 & 255) + wc * (float)(c >> 8 & 255) +
            wd * (float)(d >> 8 & 255);
  *blue +=
    wa * (float)(a >> 16) + wb * (float)(b >> 16) + wc * (float)(c >> 16) + wd * (float)(d >> 16);
}

VR_CLONES void vr_eye_texture_read(const vr_eye_texture *t, vr_eye_packet *k)
{
  const vr_eye_texture own = *t;
  float most = (float)(own.levels - 1), whole = own.faces == 1;
#pragma omp simd
  for (int i = 0; i < k->n; i++) {
    float lod = k->lod[i], u = k->u[i], v = k->v[i], rgb[3] = {0, 0, 0};
    lod = lod > 0 ? lod : 0;
    lod = lod < most ? lod : most;
    u -= whole * (float)floor_int(u);
    v -= whole * (float)floor_int(v);
    int level = (int)lod, below = level + (level + 1 < own.levels);
    float part = lod - (float)level;
    add_level(&own, level, k->face[i], u, v, 1 - part, &rgb[0], &rgb[1], &rgb[2]);
    add_level(&own, below, k->face[i], u, v, part, &rgb[0], &rgb[1], &rgb[2]);
    k->texel[0][i] = rgb[0] / 255;
    k->texel[1][i] = rgb[1] / 255;
    k->texel[2][i] = rgb[2] / 255;
  }
}
