#include "ana/tsne_in.h"
#include "base/err.h"
#include "base/isa.h"

struct vr_push {
  vr_tsne_mode mode;
  size_t n;
  const vr_pool *pool;
  double *xy; /* exact: all x, then all y */
  double *z;  /* exact: one a row */
  vr_tree *tree;
  vr_field *field;
};

int vr_push_new(vr_tsne_mode mode, size_t n, double theta, const vr_pool *pool, vr_push **push)
{
  vr_push *p;
  VR_TRY(vr_alloc(push, 1, sizeof *p));
  p = *push;
  *p = (vr_push){.mode = mode, .n = n, .pool = pool};
  int code;
  switch (mode) {
  case VR_TSNE_BH: code = vr_tree_new(n, theta, pool, &p->tree); break;
  case VR_TSNE_FFT: code = vr_field_new(n, pool, &p->field); break;
  default:
    code = vr_alloc(&p->xy, 2 * n, sizeof *p->xy);
    if (!code) code = vr_alloc(&p->z, n, sizeof *p->z);
  }
  if (code) {
    vr_push_free(p);
    *push = NULL;
  }
  return code;
}

/* All points on row i: the difference to itself is 0 and its w is 1. */
VR_CLONES static void exact_row(
  size_t n, const double *x, const double *y, size_t i, double *force, double *z)
{
  double x0 = x[i], y0 = y[i], fx = 0, fy = 0, sum = 0;
#pragma omp simd reduction(+ : fx, fy, sum)
  for (size_t j = 0; j < n; j++) {
    double dx = x0 - x[j], dy = y0 - y[j];
    double w = 1 / (1 + dx * dx + dy * dy);
    sum += w;
    fx += w * w * dx;
    fy += w * w * dy;
  }
  force[0] = fx;
  force[1] = fy;
  *z = sum - 1;
}

typedef struct {
  vr_push *push;
  double *force;
} exact_job;

static int exact_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  const exact_job *job = ctx;
  const vr_push *p = job->push;
  for (size_t i = chunk * 64; i < (chunk + 1) * 64 && i < p->n; i++)
    exact_row(p->n, p->xy, p->xy + p->n, i, job->force + 2 * i, p->z + i);
  return 0;
}

static int exact_push(vr_push *p, const double *y, double *force, double *z)
{
  exact_job job = {p, force};
  for (size_t i = 0; i < p->n; i++) {
    p->xy[i] = y[2 * i];
    p->xy[p->n + i] = y[2 * i + 1];
  }
  VR_TRY(vr_pool_run(p->pool, (p->n + 63) / 64, exact_rows, &job));
  *z = 0;
  for (size_t i = 0; i < p->n; i++) *z += p->z[i];
  return 0;
}

int vr_push_run(vr_push *p, const double *y, double *force, double *z)
{
  if (p->tree) return vr_tree_push(p->tree, y, force, z);
  if (p->field) return vr_field_push(p->field, y, force, z);
  return exact_push(p, y, force, z);
}

void vr_push_free(vr_push *p)
{
  if (!p) return;
  vr_tree_free(p->tree);
  vr_field_free(p->field);
  vr_release(p->xy);
  vr_release(p->z);
  vr_release(p);
}
