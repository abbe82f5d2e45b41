#include "ana/spikes.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/stat.h"
#include <math.h>

/* d of every frame of one point; 0 where the frame or one beside it is missing */
static size_t distances(const vr_tracks *k, size_t animal, size_t point, double *d, double *sorted)
{
  size_t n = 0;
  for (size_t t = 0; t < k->frames; t++) {
    d[t] = 0;
    if (t == 0 || t + 1 == k->frames) continue;
    const double *a = vr_point(k, t - 1, animal, point), *x = vr_point(k, t, animal, point),
                 *b = vr_point(k, t + 1, animal, point);
    double sum = 0;
    for (size_t i = 0; i < k->dims; i++) {
      double off = x[i] - (a[i] + b[i]) / 2;
      sum += off * off;
    }
    if (isnan(sum)) continue;
    d[t] = sqrt(sum);
    sorted[n++] = d[t];
  }
  vr_sort(sorted, n);
  return n;
}

int vr_spikes(vr_tracks *k, double times, int remove, size_t *count)
{
  if (!(times > 0)) return vr_fail(VR_EARG, "spikes of %g times the usual cannot be", times);
  double *d;
  VR_TRY(vr_alloc(&d, 2 * k->frames, sizeof *d));
  for (size_t p = 0; p < k->points; p++) {
    if (count) count[p] = 0;
    for (size_t a = 0; a < k->animals; a++) {
      size_t n = distances(k, a, p, d, d + k->frames);
      double usual = n ? d[k->frames + n / 2] : 0;
      for (size_t t = 1; usual > 0 && t + 1 < k->frames; t++) {
        // the neighbours of a spike are off too, by half as much
        if (!(d[t] > times * usual && d[t] >= d[t - 1] && d[t] > d[t + 1])) continue;
        if (count) count[p]++;
        for (size_t i = 0; remove && i < k->dims; i++) vr_point(k, t, a, p)[i] = NAN;
      }
    }
  }
  vr_release(d);
  return 0;
}
