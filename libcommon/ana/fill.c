#include "ana/fill.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>

/* slope of a monotone cubic at an end of the data: three-point formula, kept in shape */
static double end_slope(double h0, double h1, double d0, double d1)
{
  double m = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (m * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && fabs(m) > 3 * fabs(d0)) return 3 * d0;
  return m;
}

/* slope at knot i of the n points (t, v) */
static double slope(const double *t, const double *v, size_t n, size_t i)
{
  if (n == 2) return (v[1] - v[0]) / (t[1] - t[0]);
  size_t l = i == 0 ? 0 : i == n - 1 ? n - 3 : i - 1;
  double h0 = t[l + 1] - t[l], h1 = t[l + 2] - t[l + 1];
  double d0 = (v[l + 1] - v[l]) / h0, d1 = (v[l + 2] - v[l + 1]) / h1;
  if (i == 0) return end_slope(h0, h1, d0, d1);
  if (i == n - 1) return end_slope(h1, h0, d1, d0);
  if (d0 * d1 <= 0) return 0;
  double w0 = 2 * h1 + h0, w1 = h1 + 2 * h0;
  return (w0 + w1) / (w0 / d0 + w1 / d1);
}

/* value in frame `at` of the gap between knots i and i+1 */
static double between(int how, const double *t, const double *v, size_t n, size_t i, double at)
{
  if (how == VR_FILL_HOLD) return v[i];
  double h = t[i + 1] - t[i], s = (at - t[i]) / h;
  if (how == VR_FILL_LINEAR) return v[i] + s * (v[i + 1] - v[i]);
  double m0 = h * slope(t, v, n, i), m1 = h * slope(t, v, n, i + 1);
  double s2 = s * s, s3 = s2 * s;
  return (2 * s3 - 3 * s2 + 1) * v[i] + (s3 - 2 * s2 + s) * m0 + (3 * s2 - 2 * s3) * v[i + 1] +
         (s3 - s2) * m1;
}

/* Fills frames a .. b-1 of one point from knot i; b is the next knot, or the end for hold. */
static void fill_gap(vr_tracks *k, size_t animal, size_t point, int how, const double *t,
  const double *v, size_t n, size_t i, size_t b, uint8_t *mask)
{
  for (size_t f = (size_t)t[i] + 1; f < b; f++) {
    double *x = vr_point(k, f, animal, point);
    for (size_t d = 0; d < k->dims; d++) x[d] = between(how, t, v + d * k->frames, n, i, (double)f);
    if (mask) mask[(f * k->animals + animal) * k->points + point] = 1;
  }
}

/* one point of one animal; t and v (dims x frames) are room for its knots */
static void fill_point(vr_tracks *k, size_t animal, size_t point, const vr_fill_par *par,
  size_t most, double *t, double *v, uint8_t *mask, vr_fill_count *c)
{
  size_t n = 0;
  for (size_t f = 0; f < k->frames; f++) {
    if (!vr_seen(k, f, animal, point)) continue;
    for (size_t d = 0; d < k->dims; d++) v[d * k->frames + n] = vr_point(k, f, animal, point)[d];
    t[n++] = (double)f;
  }
  c->missing += k->frames - n;
  // the gaps before the first knot, between knots, and after the last
  for (size_t i = 0; i <= n; i++) {
    size_t a = i ? (size_t)t[i - 1] + 1 : 0, b = i < n ? (size_t)t[i] : k->frames;
    size_t gap = b - a;
    if (!gap) continue;
    int bridged = i > 0 && (i < n || par->how == VR_FILL_HOLD);
    if (par->how != VR_FILL_NONE && bridged && gap <= most) {
      fill_gap(k, animal, point, par->how, t, v, n, i - 1, b, mask);
      c->filled += gap;
    } else if (gap > c->longest) {
      c->longest = gap;
    }
  }
}

int vr_fill(vr_tracks *k, const vr_fill_par *par, uint8_t *mask, vr_fill_count *count)
{
  if (!(k->rate > 0)) return vr_fail(VR_EARG, "gaps in seconds need a frame rate: say --rate HZ");
  if (!(par->max_gap >= 0)) return vr_fail(VR_EARG, "a gap of %g s cannot be", par->max_gap);
  double frames = floor(par->max_gap * k->rate + 1e-9);
  size_t most = frames > (double)k->frames ? k->frames : (size_t)frames;
  double *room;
  VR_TRY(vr_alloc(&room, k->frames * (k->dims + 1), sizeof *room));
  for (size_t p = 0; p < k->points; p++) {
    count[p] = (vr_fill_count){0};
    for (size_t a = 0; a < k->animals; a++)
      fill_point(k, a, p, par, most, room, room + k->frames, mask, &count[p]);
  }
  vr_release(room);
  return 0;
}

static int whole(const vr_tracks *k, size_t t, size_t a)
{
  size_t p = 0;
  while (p < k->points && vr_seen(k, t, a, p)) p++;
  return p == k->points;
}

static int ever_seen(const vr_tracks *k, size_t a)
{
  for (size_t t = 0; t < k->frames; t++)
    for (size_t p = 0; p < k->points; p++)
      if (vr_seen(k, t, a, p)) return 1;
  return 0;
}

static int add(vr_stretches *s, size_t *cap, vr_stretch one)
{
  if (s->n == *cap) {
    VR_TRY(vr_grow(&s->list, *cap, *cap ? 2 * *cap : 16, sizeof *s->list));
    *cap = *cap ? 2 * *cap : 16;
  }
  s->list[s->n++] = one;
  return 0;
}

int vr_split(const vr_tracks *k, int drop, double min_s, vr_stretches *out)
{
  *out = (vr_stretches){0};
  size_t cap = 0, least = (size_t)fmax(1, ceil(min_s * k->rate - 1e-9));
  for (size_t a = 0; a < k->animals; a++) {
    if (!drop) {
      if (ever_seen(k, a)) VR_TRY(add(out, &cap, (vr_stretch){a, 0, k->frames, 0}));
      continue;
    }
    for (size_t t = 0; t < k->frames;) {
      if (!whole(k, t, a)) {
        out->gap_frames++;
        t++;
        continue;
      }
      size_t end = t;
      while (end < k->frames && whole(k, end, a)) end++;
      if (end - t >= least) {
        VR_TRY(add(out, &cap, (vr_stretch){a, t, end - t, end < k->frames}));
      } else {
        out->short_frames += end - t;
        out->short_stretches++;
      }
      t = end;
    }
  }
  return 0;
}
