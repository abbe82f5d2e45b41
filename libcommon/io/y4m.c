#include "io/y4m.h"
#include <math.h>

void vr_y4m_ratio(double rate, int32_t *num, int32_t *den)
{
  // convergents of the continued fraction
  double x = rate, h[2] = {1, 0}, k[2] = {0, 1};
  for (int i = 0; i < 24; i++) {
    double a = floor(x), p = a * h[0] + h[1], q = a * k[0] + k[1];
    if (p > INT32_MAX || q > INT32_MAX) break;
    h[1] = h[0], h[0] = p;
    k[1] = k[0], k[0] = q;
    if (fabs(p / q - rate) <= 1e-9 * rate) break;
    x = 1 / (x - a);
  }
  *num = (int32_t)h[0];
  *den = (int32_t)k[0];
}

void vr_y4m_head(vr_str *out, size_t w, size_t h, double rate, vr_y4m_chroma chroma)
{
  int32_t num, den;
  vr_y4m_ratio(rate, &num, &den);
  vr_str_addf(out, "YUV4MPEG2 W%zu H%zu F%d:%d Ip A1:1 C%s\n", w, h, num, den,
    chroma == VR_Y4M_420 ? "420jpeg" : "444");
}

static size_t chroma_size(size_t w, size_t h, vr_y4m_chroma chroma)
{
  return chroma == VR_Y4M_420 ? ((w + 1) / 2) * ((h + 1) / 2) : w * h;
}

size_t vr_y4m_size(size_t w, size_t h, vr_y4m_chroma chroma)
{
  return w * h + 2 * chroma_size(w, h, chroma);
}

/* BT.601 in limited range (formats.md 8.1), in units of 1 / 2^16 of a step: the coefficients are
 * those for 0..1 times 65536 / 255. `n` pixels were added up; halves are rounded up. */
typedef struct {
  int64_t r, g, b, offset;
} weights;
static const weights luma = {16829, 33039, 6416, 16};
static const weights blue = {-9714, -19070, 28784, 128}, red = {28784, -24103, -4681, 128};

static uint8_t weigh(const weights *c, int64_t r, int64_t g, int64_t b, int64_t n)
{
  int64_t sum = c->r * r + c->g * g + c->b * b, unit = n << 16;
  return (uint8_t)((sum + c->offset * unit + unit / 2) / unit);
}

void vr_y4m_planes(const uint8_t *rgb, size_t w, size_t h, vr_y4m_chroma chroma, uint8_t *planes)
{
  size_t step = chroma == VR_Y4M_420 ? 2 : 1;
  uint8_t *y = planes, *cb = y + w * h, *cr = cb + chroma_size(w, h, chroma);
  for (size_t i = 0; i < w * h; i++)
    y[i] = weigh(&luma, rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 1);
  for (size_t row = 0; row < h; row += step)
    for (size_t col = 0; col < w; col += step) {
      // the pixels that share this sample
      int64_t sum[3] = {0}, n = 0;
      for (size_t i = row; i < row + step && i < h; i++)
        for (size_t j = col; j < col + step && j < w; j++, n++)
          for (int k = 0; k < 3; k++) sum[k] += rgb[3 * (i * w + j) + (size_t)k];
      *cb++ = weigh(&blue, sum[0], sum[1], sum[2], n);
      *cr++ = weigh(&red, sum[0], sum[1], sum[2], n);
    }
}
