#include "num/fft_lanes.h"
#include "base/err.h"
#include "base/isa.h"
#include "base/mem.h"
#include <math.h>

enum { STAGES = 64 };

#define NAME plain
#define TARGET
#define WIDTH 2
#include "num/fft_lanes_form.h"

#ifdef __x86_64__
#define NAME v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define WIDTH 4
#include "num/fft_lanes_form.h"

#define NAME v4
#define TARGET __attribute__((target("arch=x86-64-v4,prefer-vector-width=512")))
#define WIDTH 8
#include "num/fft_lanes_form.h"
#endif

typedef void stage_fn(
  size_t radix, size_t m, size_t s, const double *w, const double *x, double *y);

struct vr_lanes {
  size_t n, stages;
  struct {
    size_t radix, m, s; /* rest of the length after it, transforms before it */
    double *w;          /* m x (radix - 1) complex roots of unity */
  } stage[STAGES];
};

int vr_lanes_fit(size_t n)
{
  static const size_t prime[] = {2, 3, 5};
  for (size_t k = 0; k < VR_LEN(prime); k++)
    while (n && n % prime[k] == 0) n /= prime[k];
  return n == 1;
}

void vr_lanes_free(vr_lanes *p)
{
  if (!p) return;
  for (size_t k = 0; k < p->stages; k++) vr_release(p->stage[k].w);
  vr_release(p);
}

/* the next stage, of a transform of n points that are left */
static int add_stage(vr_lanes *p, size_t n, size_t s, size_t radix)
{
  size_t m = n / radix, k = p->stages;
  double *w;
  VR_TRY(vr_alloc(&w, m * (radix - 1), 2 * sizeof *w));
  p->stage[k].radix = radix;
  p->stage[k].m = m;
  p->stage[k].s = s;
  p->stage[k].w = w;
  p->stages++;
  for (size_t i = 0; i < m; i++)
    for (size_t t = 1; t < radix; t++, w += 2) {
      double angle = 2 * M_PI * (double)(i * t) / (double)n;
      w[0] = cos(angle);
      w[1] = -sin(angle);
    }
  return 0;
}

int vr_lanes_new(size_t n, vr_lanes **out)
{
  static const size_t radices[] = {4, 5, 3, 2};
  vr_lanes *p;
  *out = NULL;
  if (!vr_lanes_fit(n) || n > (size_t)1 << 40)
    return vr_fail(VR_EARG, "a transform of %zu points is not one of radices 2 to 5", n);
  VR_TRY(vr_alloc(&p, 1, sizeof *p));
  p->n = n;
  size_t left = n, s = 1;
  int code = 0;
  for (size_t k = 0; k < VR_LEN(radices); k++)
    for (size_t r = radices[k]; left % r == 0 && left > 1 && !code; left /= r, s *= r)
      code = add_stage(p, left, s, r);
  if (code) {
    vr_lanes_free(p);
    return code;
  }
  *out = p;
  return 0;
}

double *vr_lanes_run(const vr_lanes *p, double *x, double *room)
{
  stage_fn *run = plain_stage;
#ifdef __x86_64__
  int level = vr_isa();
  if (level >= 3) run = level >= 4 ? v4_stage : v3_stage;
#endif
  for (size_t k = 0; k < p->stages; k++) {
    run(p->stage[k].radix, p->stage[k].m, p->stage[k].s, p->stage[k].w, x, room);
    double *swap = x;
    x = room;
    room = swap;
  }
  return x;
}
