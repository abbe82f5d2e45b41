#include "ana/detect.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/fft.h"
#include "num/stat.h"
#include <math.h>
#include <string.h>

int vr_episodes_add(vr_episodes *e, vr_episode new)
{
  if (e->n == e->room) {
    size_t room = e->room ? 2 * e->room : 64;
    VR_TRY(vr_grow(&e->row, e->room, room, sizeof *e->row));
    e->room = room;
  }
  e->row[e->n++] = new;
  return 0;
}

void vr_episodes_free(vr_episodes *e)
{
  vr_release(e->row);
  *e = (vr_episodes){0};
}

// Stays of one trial: on[i] = 1 .. 0, gaps of fewer than `gap` frames filled.
static void fill_gaps(unsigned char *on, size_t n, size_t gap)
{
  size_t last = n;
  for (size_t i = 0; i < n; i++) {
    if (!on[i]) continue;
    if (last < n && i - last - 1 < gap) memset(on + last, 1, i - last);
    last = i;
  }
}

static size_t frames_of(double seconds, double rate)
{
  double n = ceil(seconds * rate - 1e-9);
  return n > 0 ? (size_t)fmin(n, 1e15) : 0;
}

static int stays(const unsigned char *on, const double *x, size_t n, size_t shortest, int32_t trial,
  double rate, vr_episodes *e)
{
  for (size_t i = 0, j; i < n; i = j) {
    double most = -INFINITY;
    for (j = i; j < n && on[j] == on[i]; j++)
      if (x[j] > most) most = x[j];
    if (!on[i] || j - i < shortest) continue;
    VR_TRY(vr_episodes_add(e, (vr_episode){trial, (double)i / rate, (double)j / rate, most}));
  }
  return 0;
}

int vr_detect_level(const double *x, const unsigned char *active, const vr_trials *tr,
  const vr_level *par, vr_episodes *e)
{
  unsigned char *on;
  if (!(par->rise >= par->fall))
    return vr_fail(VR_EARG, "a stay that begins at %g cannot end below %g", par->rise, par->fall);
  VR_TRY(vr_alloc(&on, vr_trials_longest(tr), 1));
  size_t gap = frames_of(par->gap, tr->rate), shortest = frames_of(par->shortest, tr->rate);
  int code = 0;
  for (size_t k = 0; k < tr->n && !code; k++) {
    const double *y = x + tr->first[k];
    size_t n = tr->frames[k];
    for (size_t i = 0, in = 0; i < n; i++) {
      int can = !active || active[tr->first[k] + i];
      in = can && y[i] >= (in ? par->fall : par->rise);
      on[i] = (unsigned char)in;
    }
    fill_gaps(on, n, gap);
    code = stays(on, y, n, shortest ? shortest : 1, (int32_t)k, tr->rate, e);
  }
  vr_release(on);
  return code;
}

void vr_unwrap(double *angle, const vr_trials *tr)
{
  for (size_t k = 0; k < tr->n; k++) {
    double *a = angle + tr->first[k];
    for (size_t i = 1; i < tr->frames[k]; i++)
      a[i] -= 2 * M_PI * round((a[i] - a[i - 1]) / (2 * M_PI));
  }
}

int vr_detect_turns(
  const double *heading, const vr_trials *tr, double rate, double least, double gap, vr_episodes *e)
{
  unsigned char *on;
  size_t half = (size_t)fmax(1, round(0.05 * tr->rate)), gaps = frames_of(gap, tr->rate);
  VR_TRY(vr_alloc(&on, vr_trials_longest(tr), 1));
  int code = 0;
  for (size_t k = 0; k < tr->n && !code; k++)
    for (int sign = -1; sign < 2 && !code; sign += 2) {
      const double *h = heading + tr->first[k];
      size_t n = tr->frames[k];
      for (size_t i = 0; i < n; i++) {
        size_t a = i > half ? i - half : 0, b = i + half < n ? i + half : n - 1;
        on[i] = b > a && sign * (h[b] - h[a]) / (double)(b - a) * tr->rate >= rate;
      }
      fill_gaps(on, n, gaps);
      for (size_t i = 0, j; i < n && !code; i = j) {
        for (j = i; j < n && on[j] == on[i]; j++)
          ;
        double turn = h[j - 1] - h[i];
        if (on[i] && sign * turn >= least)
          code = vr_episodes_add(
            e, (vr_episode){(int32_t)k, (double)i / tr->rate, (double)j / tr->rate, turn});
      }
    }
  vr_release(on);
  return code;
}

// the transform's weight of a frequency: 1 in the band, 0 beyond a tenth outside, a cosine between
static double pass(double f, double low, double high)
{
  double edge = f < low ? (low - f) / (0.1 * low) : f > high ? (f - high) / (0.1 * high) : 0;
  return edge < 1 ? (1 + cos(M_PI * edge)) / 2 : 0;
}

// the phase of one trial, mirrored at both ends to twice its length
static int phase_of(const double *x, size_t n, double rate, double low, double high, double *phase)
{
  const vr_fft *forward, *backward;
  size_t m = 2 * n;
  double *a, *b, mean = 0;
  VR_TRY(vr_fft_plan(VR_FFT_FORWARD, 0, m, &forward));
  VR_TRY(vr_fft_plan(VR_FFT_BACKWARD, 0, m, &backward));
  VR_TRY(vr_alloc(&a, 2 * m, sizeof *a));
  int code = vr_alloc(&b, 2 * m, sizeof *b);
  for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
  for (size_t i = 0; i < m && !code; i++) a[2 * i] = x[i < n ? i : m - 1 - i] - mean;
  if (!code) {
    vr_fft_run(forward, a, b);
    // only positive frequencies
    for (size_t k = 0; k < m; k++) {
      double w = k && k <= n ? pass((double)k * rate / (double)m, low, high) : 0;
      b[2 * k] *= w;
      b[2 * k + 1] *= w;
    }
    vr_fft_run(backward, b, a);
    for (size_t i = 0; i < n; i++) phase[i] = atan2(a[2 * i + 1], a[2 * i]);
  }
  vr_release(a);
  vr_release(b);
  return code;
}

int vr_phase(const double *x, const vr_trials *tr, double low, double high, double *phase)
{
  if (!(low > 0 && high > low && high <= tr->rate / 2))
    return vr_fail(
      VR_EARG, "a band from %g to %g Hz cannot be: 0 < low < high <= %g", low, high, tr->rate / 2);
  for (size_t k = 0; k < tr->n; k++)
    if (tr->frames[k])
      VR_TRY(phase_of(x + tr->first[k], tr->frames[k], tr->rate, low, high, phase + tr->first[k]));
  return 0;
}

int vr_detect_phase(
  const double *phase, const unsigned char *active, const vr_trials *tr, double at, vr_episodes *e)
{
  for (size_t k = 0; k < tr->n; k++)
    for (size_t i = 0; i + 1 < tr->frames[k]; i++) {
      const double *p = phase + tr->first[k] + i;
      if (active && !(active[tr->first[k] + i] && active[tr->first[k] + i + 1])) continue;
      // from -pi .. pi before the mark to 0 .. 2 pi behind it
      double before = remainder(p[0] - at, 2 * M_PI);
      double step = remainder(p[1] - p[0], 2 * M_PI);
      if (!(before < 0 && before + step >= 0)) continue;
      double t = ((double)i - before / step) / tr->rate;
      VR_TRY(vr_episodes_add(e, (vr_episode){(int32_t)k, t, t, 0}));
    }
  return 0;
}

// distance of mark i to the next one of its run, or 0
static double to_next(const vr_episodes *e, size_t i, double apart)
{
  const vr_episode *a = e->row + i;
  if (i + 1 >= e->n || a[1].trial != a->trial) return 0;
  double d = a[1].start - a->start;
  return d > apart ? 0 : d;
}

size_t vr_strides_keep(vr_episodes *e, double apart, double *median)
{
  size_t n = 0, kept = 0, all = e->n;
  double before = 0, *d;
  *median = 0;
  if (vr_alloc(&d, all, sizeof *d)) return 0;
  for (size_t i = 0; i < all; i++) {
    e->row[i].value = to_next(e, i, apart);
    if (e->row[i].value > 0) d[n++] = e->row[i].value;
  }
  if (n) *median = vr_quantile(d, n, 0.5);
  vr_release(d);
  for (size_t i = 0; i < all; i++) {
    double next = e->row[i].value, low = 0.5 * *median, high = 2 * *median;
    if (before >= low && before <= high && next >= low && next <= high && next > 0 && before > 0)
      e->row[kept++] = e->row[i];
    before = next;
  }
  e->n = kept;
  return all - kept;
}
