#include "ana/egocentric.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/stat.h"
#include <math.h>

/* mean of the points in `set` (n = 0: of all); NaN when one of them is missing */
static void centre(
  const double *x, size_t points, size_t dims, const size_t *set, size_t n, double mean[3])
{
  size_t count = n ? n : points;
  mean[0] = mean[1] = mean[2] = 0;
  for (size_t i = 0; i < count; i++) {
    const double *p = x + (n ? set[i] : i) * dims;
    for (size_t d = 0; d < dims; d++) mean[d] += p[d] / (double)count;
  }
}

void vr_egocentric(const double *x, size_t stride, size_t frames, size_t points, size_t dims,
  const vr_body_axes *axes, double *ego, double *root, double *heading)
{
  double before = 0; // last heading that was seen
  for (size_t t = 0; t < frames; t++) {
    const double *in = x + t * stride;
    double origin[3], back[3], front[3], angle = 0;
    centre(in, points, dims, axes->root, axes->nroot, origin);
    if (axes->nback) {
      centre(in, points, dims, axes->back, axes->nback, back);
      centre(in, points, dims, axes->front, axes->nfront, front);
      angle = atan2(front[1] - back[1], front[0] - back[0]);
      angle += 2 * M_PI * round((before - angle) / (2 * M_PI));
    }
    if (isnan(angle)) origin[0] = NAN;
    if (isnan(origin[0])) {
      angle = NAN;
      origin[1] = origin[2] = NAN;
    } else {
      before = angle;
    }
    // turn by -angle about z
    double c = cos(angle), s = sin(angle);
    for (size_t p = 0; p < points; p++) {
      const double *from = in + p * dims;
      double *to = ego + (t * points + p) * dims, dx = from[0] - origin[0],
             dy = from[1] - origin[1];
      to[0] = c * dx + s * dy;
      to[1] = c * dy - s * dx;
      if (dims == 3) to[2] = from[2] - origin[2];
    }
    double *r = root + t * 7;
    r[0] = origin[0];
    r[1] = origin[1];
    r[2] = origin[2];
    r[3] = cos(angle / 2);
    r[4] = r[5] = isnan(angle) ? NAN : 0;
    r[6] = sin(angle / 2);
    heading[t] = angle;
  }
}

void vr_egocentric_undo(const double *ego, const double *root, const double *heading, size_t frames,
  size_t points, size_t dims, double *world)
{
  for (size_t t = 0; t < frames; t++) {
    double c = cos(heading[t]), s = sin(heading[t]);
    for (size_t p = 0; p < points; p++) {
      const double *from = ego + (t * points + p) * dims;
      double *to = world + (t * points + p) * dims;
      to[0] = root[t * 7] + c * from[0] - s * from[1];
      to[1] = root[t * 7 + 1] + s * from[0] + c * from[1];
      if (dims == 3) to[2] = root[t * 7 + 2] + from[2];
    }
  }
}

void vr_differences(
  const double *x, size_t stride, size_t frames, double rate, int turn, double *out, size_t ostride)
{
  for (size_t t = 0; t < frames; t++) {
    size_t a = t ? t - 1 : 0, b = t + 1 < frames ? t + 1 : t;
    double step = x[b * stride] - x[a * stride];
    if (turn) step -= 2 * M_PI * round(step / (2 * M_PI));
    out[t * ostride] = b > a ? step * rate / (double)(b - a) : step;
  }
}

void vr_root_speeds(
  const double *root, const double *heading, size_t frames, double rate, double *speeds)
{
  for (size_t d = 0; d < 3; d++) vr_differences(root + d, 7, frames, rate, 0, speeds + d, 6);
  // a turn about z is the same in the world and in the body
  vr_differences(heading, 1, frames, rate, 0, speeds + 5, 6);
  for (size_t t = 0; t < frames; t++)
    speeds[t * 6 + 3] = speeds[t * 6 + 4] = isnan(speeds[t * 6 + 5]) ? NAN : 0;
}

int vr_body_length(const double *x, size_t stride, size_t frames, size_t points, size_t dims,
  const vr_body_axes *axes, double *length)
{
  double *d, back[3], front[3];
  size_t n = 0;
  VR_TRY(vr_alloc(&d, frames, sizeof *d));
  for (size_t t = 0; t < frames && axes->nback; t++) {
    centre(x + t * stride, points, dims, axes->back, axes->nback, back);
    centre(x + t * stride, points, dims, axes->front, axes->nfront, front);
    d[n] = hypot(front[0] - back[0], front[1] - back[1]);
    n += !isnan(d[n]);
  }
  vr_sort(d, n);
  *length = n ? d[n / 2] : 0;
  vr_release(d);
  if (*length > 0) return 0;
  return vr_fail(VR_EDATA, "there is no distance from back to front: say --heading BACK,FRONT");
}
