/* pool.h -- work in fixed chunks on several threads.
 *
 * The chunks are chosen by the caller and never depend on the number of threads; what a chunk
 * writes must not depend on which thread runs it, so the bytes are the same for any pool. */
#ifndef VR_BASE_POOL_H
#define VR_BASE_POOL_H
#include <stddef.h>

typedef struct {
  int threads;
} vr_pool;

/* Does chunk `chunk`; `thread` in 0 .. threads-1 names scratch memory. 0 or an error code. */
typedef int (*vr_chunk_fn)(void *ctx, size_t chunk, int thread);

/* Runs chunks 0 .. n-1, dealt out one by one to pool->threads threads (NULL: one thread). Returns
 * the error of the lowest failing chunk with its message; chunks after a failure may be skipped. */
int vr_pool_run(const vr_pool *pool, size_t n, vr_chunk_fn fn, void *ctx);

int vr_pool_threads(const vr_pool *pool); /* 1 for NULL */

/* Threads the machine offers this process (cores in its affinity mask, OMP_NUM_THREADS obeyed). */
int vr_pool_default_threads(void);

#endif
