#include "ana/tsne_in.h"
#include "base/err.h"
#include <math.h>

int vr_tsne_gradient(const vr_affinity *p, const vr_mat *y, vr_tsne_mode mode, double theta,
  const vr_pool *pool, vr_mat *g)
{
  size_t n = p->n;
  vr_mat away = {0};
  vr_matf place = {0};
  vr_push *push = NULL;
  double z = 1;
  if (y->rows != n || y->cols != 2)
    return vr_fail(VR_EARG, "the map is %zu x %zu, not %zu x 2", y->rows, y->cols, n);
  int code = vr_mat_resize(g, n, 2);
  if (!code) code = vr_mat_resize(&away, n, 2);
  if (!code) code = vr_matf_resize(&place, n, 2);
  if (!code) code = vr_push_new(mode, n, theta, pool, &push);
  if (!code) code = vr_push_run(push, y->a, away.a, &z);
  if (!code) {
    for (size_t k = 0; k < 2 * n; k++) place.a[k] = (float)y->a[k];
    if (mode == VR_TSNE_FFT)
      vr_tsne_pullf(p, place.a, 0, n, g->a);
    else
      vr_tsne_pull(p, y->a, 0, n, g->a);
    for (size_t k = 0; k < 2 * n; k++) g->a[k] = 4 * (g->a[k] - away.a[k] / z);
  }
  vr_push_free(push);
  vr_mat_free(&away);
  vr_matf_free(&place);
  return code;
}

int vr_tsne_kl(const vr_affinity *p, const vr_mat *y, const vr_pool *pool, double *kl)
{
  size_t n = p->n;
  vr_mat force = {0};
  vr_push *push = NULL;
  double z = 1, sum = 0;
  if (y->rows != n || y->cols != 2)
    return vr_fail(VR_EARG, "the map is %zu x %zu, not %zu x 2", y->rows, y->cols, n);
  int code = vr_mat_resize(&force, n, 2);
  if (!code) code = vr_push_new(VR_TSNE_EXACT, n, 0, pool, &push);
  if (!code) code = vr_push_run(push, y->a, force.a, &z);
  // sum p ln p + sum p ln(1 + d^2) + ln Z, as all p sum to 1
  for (size_t e = 0; e < p->start[n] && !code; e++)
    if (p->value[e] > 0) sum += (double)p->value[e] * log(p->value[e]);
  if (!code) *kl = sum + vr_tsne_log_sum(p, y->a, 0, n) + log(z);
  vr_push_free(push);
  vr_mat_free(&force);
  return code;
}
