#include "ana/picture.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

static const uint32_t palette[VR_PALETTE_SIZE] = {
  0x0072b2, // blue
  0xe69f00, // orange
  0x009e73, // green
  0xcc5aa0, // pink
  0x56b4e9, // sky
  0xd55e00, // vermilion
  0x6a51a3, // violet
  0xc9b400, // yellow, dark enough for white paper
  0x7a4a2b, // brown
};

static const uint32_t value_ramp[] = {
  0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725};

static const uint32_t density_ramp[] = {
  0xffffff, 0xe3eef9, 0xc7dcef, 0x9dc6e0, 0x6aadd5, 0x4191c6, 0x2071b4, 0x0f519a, 0x08306b};

uint32_t vr_mix(uint32_t a, uint32_t b, double share)
{
  uint32_t out = 0;
  for (int s = 0; s < 24; s += 8) {
    double x = a >> s & 255, y = b >> s & 255;
    out |= (uint32_t)(x + share * (y - x) + 0.5) << s;
  }
  return out;
}

uint32_t vr_palette(size_t k)
{
  uint32_t c = palette[k % VR_PALETTE_SIZE];
  switch (k / VR_PALETTE_SIZE % 3) {
  case 1: return vr_mix(c, 0xffffff, 0.45);
  case 2: return vr_mix(c, 0x000000, 0.4);
  default: return c;
  }
}

uint32_t vr_ramp_colour(vr_ramp ramp, double x)
{
  const uint32_t *c = ramp == VR_RAMP_DENSITY ? density_ramp : value_ramp;
  size_t last = VR_LEN(value_ramp) - 1;
  if (!(x > 0)) return c[0];
  if (x >= 1) return c[last];
  size_t k = (size_t)(x * (double)last);
  return vr_mix(c[k], c[k + 1], x * (double)last - (double)k);
}

int vr_image_new(vr_image *im, size_t w, size_t h)
{
  uint8_t *a;
  VR_TRY(vr_alloc(&a, w * h, 4));
  vr_image_free(im);
  *im = (vr_image){w, h, a};
  return 0;
}

void vr_image_free(vr_image *im)
{
  vr_release(im->a);
  *im = (vr_image){0};
}

void vr_image_set(vr_image *im, size_t x, size_t y, uint32_t colour, double alpha)
{
  uint8_t *p = im->a + 4 * (y * im->w + x);
  p[0] = (uint8_t)(colour >> 16);
  p[1] = (uint8_t)(colour >> 8);
  p[2] = (uint8_t)colour;
  p[3] = (uint8_t)(255 * alpha + 0.5);
}

// what lies on a pixel: light of the discs by channel, and their number
typedef struct {
  float light[3], cover;
} heap;

// one disc; its edge is soft over a pixel
static void add_disc(heap *q, const vr_image *im, double x, double y, double radius, const float *c)
{
  double reach = radius + 0.5;
  ptrdiff_t left = (ptrdiff_t)ceil(x - reach), right = (ptrdiff_t)floor(x + reach);
  ptrdiff_t low = (ptrdiff_t)ceil(y - reach), high = (ptrdiff_t)floor(y + reach);
  for (ptrdiff_t j = low > 0 ? low : 0; j <= high && j < (ptrdiff_t)im->h; j++)
    for (ptrdiff_t i = left > 0 ? left : 0; i <= right && i < (ptrdiff_t)im->w; i++) {
      double cover = reach - hypot((double)i - x, (double)j - y);
      if (cover <= 0) continue;
      float part = (float)fmin(cover, 1);
      heap *p = q + (size_t)j * im->w + (size_t)i;
      for (int k = 0; k < 3; k++) p->light[k] += part * c[k];
      p->cover += part;
    }
}

static double to_light(double s)
{
  return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static double from_light(double l)
{
  return l <= 0.0031308 ? 12.92 * l : 1.055 * pow(l, 1 / 2.4) - 0.055;
}

// steps of colour and opacity that nobody sees, and that make the picture half as large
enum { COLOURS = 51, ALPHAS = 24 };

static void settle(const heap *q, vr_image *im, double alpha)
{
  double through = log1p(-fmin(alpha, 0.999));
  for (size_t i = 0; i < im->w * im->h; i++) {
    if (!(q[i].cover > 0)) continue;
    uint32_t colour = 0;
    for (int k = 0; k < 3; k++) {
      double s = from_light((double)q[i].light[k] / (double)q[i].cover);
      colour = colour << 8 | (uint32_t)(fmax(0, fmin(1, s)) * COLOURS + 0.5) * (255 / COLOURS);
    }
    double opaque = -expm1((double)q[i].cover * through);
    vr_image_set(im, i % im->w, i / im->w, colour, floor(opaque * ALPHAS + 0.5) / ALPHAS);
  }
}

int vr_image_points(vr_image *im, const vr_view *box, const vr_mat *xy, const uint32_t *colour,
  double radius, double alpha)
{
  heap *q;
  float light[256];
  VR_TRY(vr_alloc(&q, im->w * im->h, sizeof *q));
  for (int k = 0; k < 256; k++) light[k] = (float)to_light(k / 255.0);
  double sx = (double)im->w / (box->x1 - box->x0), sy = (double)im->h / (box->y1 - box->y0);
  for (size_t i = 0; i < xy->rows; i++) {
    double x = vr_row(xy, i)[0], y = vr_row(xy, i)[1];
    if (!(x >= box->x0 && x <= box->x1 && y >= box->y0 && y <= box->y1)) continue;
    const float c[3] = {
      light[colour[i] >> 16 & 255], light[colour[i] >> 8 & 255], light[colour[i] & 255]};
    add_disc(q, im, (x - box->x0) * sx - 0.5, (y - box->y0) * sy - 0.5, radius, c);
  }
  settle(q, im, alpha);
  vr_release(q);
  return 0;
}
