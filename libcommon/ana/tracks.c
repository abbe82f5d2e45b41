#include "ana/tracks.h"
#include "ana/names.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>
#include <string.h>

int vr_tracks_alloc(
  vr_tracks *k, size_t frames, size_t animals, size_t points, size_t dims, int conf)
{
  if (!frames || !animals || !points)
    return vr_fail(
      VR_EDATA, "%zu frames, %zu animals, %zu points: nothing to import", frames, animals, points);
  if (dims != 2 && dims != 3)
    return vr_fail(VR_EDATA, "points of %zu dimensions: only 2 and 3 can be imported", dims);
  size_t most = SIZE_MAX / 64;
  if (points > most / animals || frames > most / (animals * points))
    return vr_fail(
      VR_EDATA, "%zu frames x %zu animals x %zu points are too many", frames, animals, points);
  size_t n = frames * animals * points;
  double *x = NULL, *c = NULL;
  VR_TRY(vr_alloc(&x, n * dims, sizeof *x));
  if (conf && vr_alloc(&c, n, sizeof *c)) {
    vr_release(x);
    return VR_EMEM;
  }
  for (size_t i = 0; i < n * dims; i++) x[i] = NAN;
  for (size_t i = 0; c && i < n; i++) c[i] = NAN;
  vr_release(k->x);
  vr_release(k->conf);
  k->x = x;
  k->conf = c;
  k->frames = frames;
  k->animals = animals;
  k->points = points;
  k->dims = dims;
  return 0;
}

void vr_tracks_free(vr_tracks *k)
{
  vr_release(k->x);
  vr_release(k->conf);
  vr_release(k->animal);
  vr_release(k->point);
  vr_release(k->edge);
  *k = (vr_tracks){0};
}

void vr_tracks_clean(vr_tracks *k, size_t *torn)
{
  size_t n = k->frames * k->animals * k->points;
  for (size_t i = 0; i < n; i++) {
    double *x = k->x + i * k->dims;
    size_t bad = 0, nan = 0;
    for (size_t d = 0; d < k->dims; d++) {
      bad += !isfinite(x[d]);
      nan += isnan(x[d]) != 0;
    }
    if (bad && nan < k->dims && torn) ++*torn;
    for (size_t d = 0; bad && d < k->dims; d++) x[d] = NAN;
  }
}

int vr_tracks_spread(vr_tracks *k, const double *number, size_t *added)
{
  *added = 0;
  for (size_t t = 0; t < k->frames; t++) {
    if (!(fabs(number[t]) < 1e15) || number[t] != floor(number[t]))
      return vr_fail(VR_EDATA, "row %zu: %g is not a frame number", t, number[t]);
    if (t && number[t] <= number[t - 1])
      return vr_fail(VR_EDATA,
        "row %zu: frame %.0f comes after frame %.0f: sort the rows by frame, each once", t,
        number[t], number[t - 1]);
  }
  k->first = number[0];
  double span = number[k->frames - 1] - number[0] + 1;
  if (span == (double)k->frames) return 0;
  if (span > 20.0 * (double)k->frames)
    return vr_fail(VR_EDATA,
      "%zu rows with frame numbers from %.0f to %.0f: more than 19 of 20 frames are missing",
      k->frames, number[0], number[k->frames - 1]);
  // the rows move into a block of the whole length
  vr_tracks whole = {0};
  VR_TRY(vr_tracks_alloc(&whole, (size_t)span, k->animals, k->points, k->dims, k->conf != NULL));
  size_t row = k->animals * k->points;
  for (size_t t = 0; t < k->frames; t++) {
    size_t to = (size_t)(number[t] - number[0]);
    memcpy(whole.x + to * row * k->dims, k->x + t * row * k->dims, row * k->dims * sizeof *k->x);
    if (k->conf) memcpy(whole.conf + to * row, k->conf + t * row, row * sizeof *k->conf);
  }
  *added = whole.frames - k->frames;
  vr_release(k->x);
  vr_release(k->conf);
  k->x = whole.x;
  k->conf = whole.conf;
  k->frames = whole.frames;
  return 0;
}

static int keep_edges(vr_tracks *k, const size_t *keep, size_t n)
{
  size_t left = 0;
  for (size_t e = 0; e < k->nedges; e++) {
    size_t end[2] = {SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < n; i++)
      for (int s = 0; s < 2; s++)
        if (keep[i] == k->edge[2 * e + (size_t)s]) end[s] = i;
    if (end[0] == SIZE_MAX || end[1] == SIZE_MAX) continue;
    k->edge[2 * left] = end[0];
    k->edge[2 * left + 1] = end[1];
    left++;
  }
  k->nedges = left;
  return 0;
}

int vr_tracks_points(vr_tracks *k, const size_t *keep, size_t n)
{
  if (!n) return vr_fail(VR_EARG, "no point is left");
  vr_tracks some = {0};
  VR_TRY(vr_tracks_alloc(&some, k->frames, k->animals, n, k->dims, k->conf != NULL));
  for (size_t t = 0; t < k->frames; t++)
    for (size_t a = 0; a < k->animals; a++)
      for (size_t i = 0; i < n; i++) {
        memcpy(vr_point(&some, t, a, i), vr_point(k, t, a, keep[i]), k->dims * sizeof *k->x);
        if (k->conf) *vr_conf(&some, t, a, i) = *vr_conf(k, t, a, keep[i]);
      }
  char **was = NULL, **names = NULL;
  int bad = vr_alloc(&was, n, sizeof *was);
  for (size_t i = 0; !bad && i < n; i++) was[i] = k->point[keep[i]];
  if (!bad) bad = vr_names_copy(was, n, &names);
  vr_release(was);
  if (bad) {
    vr_tracks_free(&some);
    return bad;
  }
  keep_edges(k, keep, n);
  vr_release(k->x);
  vr_release(k->conf);
  vr_release(k->point);
  k->x = some.x;
  k->conf = some.conf;
  k->point = names;
  k->points = n;
  return 0;
}

void vr_tracks_confident(vr_tracks *k, double least, size_t *count)
{
  if (!k->conf) return;
  for (size_t i = 0; i < k->frames * k->animals * k->points; i++) {
    double *x = k->x + i * k->dims;
    if (isnan(x[0]) || k->conf[i] >= least) continue;
    for (size_t d = 0; d < k->dims; d++) x[d] = NAN;
    if (count) count[i % k->points]++;
  }
}

void vr_tracks_flip(vr_tracks *k, double height)
{
  for (size_t i = 0; i < k->frames * k->animals * k->points; i++)
    k->x[i * k->dims + 1] = height - k->x[i * k->dims + 1];
}

void vr_tracks_scale(vr_tracks *k, double factor)
{
  for (size_t i = 0; i < k->frames * k->animals * k->points * k->dims; i++) k->x[i] *= factor;
}

void vr_tracks_upright(vr_tracks *k, int up)
{
  // old axis (1, 2, 3 = x, y, z; negative: reversed) of the new x, y and z; each a rotation
  static const int turn[][3] = {[VR_UP_Z] = {1, 2, 3},
    [VR_UP_MZ] = {1, -2, -3},
    [VR_UP_Y] = {1, -3, 2},
    [VR_UP_MY] = {1, 3, -2},
    [VR_UP_X] = {2, 3, 1},
    [VR_UP_MX] = {2, -3, -1}};
  if (k->dims != 3 || up == VR_UP_Z) return;
  for (size_t i = 0; i < k->frames * k->animals * k->points; i++) {
    double *x = k->x + i * 3, old[3] = {x[0], x[1], x[2]};
    for (int d = 0; d < 3; d++) {
      int from = turn[up][d];
      x[d] = from > 0 ? old[from - 1] : -old[-from - 1];
    }
  }
}
