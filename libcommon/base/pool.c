#include "base/pool.h"
#include "base/err.h"
#include <omp.h>
#include <stdio.h>

int vr_pool_threads(const vr_pool *pool)
{
  return pool && pool->threads > 1 ? pool->threads : 1;
}

int vr_pool_default_threads(void)
{
  return omp_get_max_threads();
}

int vr_pool_run(const vr_pool *pool, size_t n, vr_chunk_fn fn, void *ctx)
{
  int threads = vr_pool_threads(pool);
  if ((size_t)threads > n) threads = n ? (int)n : 1;
  if (threads == 1) {
    for (size_t i = 0; i < n; i++) VR_TRY(fn(ctx, i, 0));
    return 0;
  }
  int code = 0;
  size_t failed = n;
  char why[2048] = "";
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (size_t i = 0; i < n; i++) {
    size_t first;
#pragma omp atomic read
    first = failed;
    if (i > first) continue;
    int error = fn(ctx, i, omp_get_thread_num());
    if (!error) continue;
#pragma omp critical(vr_pool_error)
    if (i < failed) {
#pragma omp atomic write
      failed = i;
      code = error;
      snprintf(why, sizeof why, "%s", vr_errmsg());
    }
  }
  return code ? vr_fail(code, "%s", why) : 0;
}
