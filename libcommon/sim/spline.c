#include "sim/spline.h"
#include "base/err.h"
#include "base/mem.h"
#include <math.h>

/* Each new sample is a sum over four old ones. */
typedef struct {
  size_t from[4];
  double weight[4];
} tap;

struct vr_spline {
  size_t m, n;
  tap *tap;     /* n */
  double *half; /* m x n: rows enlarged */
};

// basis functions at distances 1 + f, f, 1 - f, 2 - f
static void weigh(double f, double w[4])
{
  double g = 1 - f;
  w[0] = g * g * g / 6;
  w[1] = (4 - 6 * f * f + 3 * f * f * f) / 6;
  w[2] = (4 - 6 * g * g + 3 * g * g * g) / 6;
  w[3] = f * f * f / 6;
}

// mirrored at 0 and m - 1
static size_t mirror(long i, long m)
{
  long period = 2 * (m - 1);
  i = (i % period + period) % period;
  return (size_t)(i < m ? i : period - i);
}

int vr_spline_new(size_t m, size_t n, vr_spline **s)
{
  VR_TRY(vr_alloc(s, 1, sizeof **s));
  (*s)->m = m;
  (*s)->n = n;
  int code = vr_alloc(&(*s)->tap, n, sizeof *(*s)->tap);
  if (!code) code = vr_alloc(&(*s)->half, m * n, sizeof *(*s)->half);
  if (code) {
    vr_spline_free(*s);
    *s = NULL;
    return code;
  }
  for (size_t i = 0; i < n; i++) {
    tap *t = (*s)->tap + i;
    double at = (double)i * (double)(m - 1) / (double)(n - 1), whole = floor(at);
    weigh(at - whole, t->weight);
    for (long k = 0; k < 4; k++) t->from[k] = mirror((long)whole - 1 + k, (long)m);
  }
  return 0;
}

void vr_spline_free(vr_spline *s)
{
  if (!s) return;
  vr_release(s->tap);
  vr_release(s->half);
  vr_release(s);
}

// coefficients of the spline through n numbers `step` apart, in place: one pole, forth and back
static void prefilter(double *c, size_t n, size_t step)
{
  const double z = sqrt(3) - 2;
  double last = pow(z, (double)(n - 1)), sum, zk = 1;
  for (size_t k = 0; k < n; k++) c[k * step] *= 6;
  sum = c[0] + last * c[(n - 1) * step];
  for (size_t k = 1; k + 1 < n; k++) {
    zk *= z;
    sum += (zk + last * last / zk) * c[k * step];
  }
  c[0] = sum / (1 - last * last);
  for (size_t k = 1; k < n; k++) c[k * step] += z * c[(k - 1) * step];
  c[(n - 1) * step] = z / (z * z - 1) * (c[(n - 1) * step] + z * c[(n - 2) * step]);
  for (size_t k = n - 1; k-- > 0;) c[k * step] = z * (c[(k + 1) * step] - c[k * step]);
}

void vr_spline_enlarge(vr_spline *s, double *in, double *out)
{
  size_t m = s->m, n = s->n;
  for (size_t i = 0; i < m; i++) prefilter(in + i * m, m, 1);
  for (size_t j = 0; j < m; j++) prefilter(in + j, m, m);
  // along the rows, then across them
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      const tap *t = s->tap + j;
      double sum = 0;
      for (int k = 0; k < 4; k++) sum += t->weight[k] * in[i * m + t->from[k]];
      s->half[i * n + j] = sum;
    }
  for (size_t i = 0; i < n; i++) {
    const tap *t = s->tap + i;
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) sum += t->weight[k] * s->half[t->from[k] * n + j];
      out[i * n + j] = sum;
    }
  }
}
