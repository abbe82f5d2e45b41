#include "base/pool.h"
#include "base/err.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAXTHREADS = 1024, SPINS = 1000 };

/* What is being done: chunks are dealt out by `next`. */
typedef struct {
  vr_chunk_fn fn;
  void *ctx;
  size_t n;
  atomic_size_t next, failed; // chunks after `failed` need not be done
  pthread_mutex_t lock;       // of the members below
  int code;
  char why[2048];
} job;

/* The threads of the process, made when they are first needed; they sleep between jobs. */
static struct {
  pthread_mutex_t use;  // held by the caller whose job it is
  pthread_mutex_t lock; // of the members below
  pthread_cond_t begun, ended;
  int hired, wanted; // threads there are, and those that may take part: 1 .. wanted
  job *job;          // NULL: none, or all of it is dealt out
  atomic_uint round; // number of the job
  atomic_int busy;   // threads that take part
} crew = {.use = PTHREAD_MUTEX_INITIALIZER,
  .lock = PTHREAD_MUTEX_INITIALIZER,
  .begun = PTHREAD_COND_INITIALIZER,
  .ended = PTHREAD_COND_INITIALIZER};

static _Thread_local int inside; // this thread does a chunk: what it starts, it does alone

int vr_pool_threads(const vr_pool *pool)
{
  return pool && pool->threads > 1 ? pool->threads : 1;
}

int vr_pool_default_threads(void)
{
  const char *asked = getenv("OMP_NUM_THREADS");
  long n = asked ? strtol(asked, NULL, 10) : 0;
  cpu_set_t set;
  if (n < 1) n = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
  return n < MAXTHREADS ? (int)n : MAXTHREADS;
}

static void fail(job *j, size_t chunk, int code)
{
  pthread_mutex_lock(&j->lock);
  if (chunk < atomic_load(&j->failed)) {
    atomic_store(&j->failed, chunk);
    j->code = code;
    snprintf(j->why, sizeof j->why, "%s", vr_errmsg());
  }
  pthread_mutex_unlock(&j->lock);
}

static void take_part(job *j, int thread)
{
  inside = 1;
  for (size_t i; (i = atomic_fetch_add(&j->next, 1)) < j->n && i <= atomic_load(&j->failed);) {
    int code = j->fn(j->ctx, i, thread);
    if (code) fail(j, i, code);
  }
  inside = 0;
}

static void rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/* Joins the job after round `seen`: often it comes at once. NULL: it is over, or for fewer. */
static job *next_job(unsigned *seen, int thread)
{
  for (int i = 0; i < SPINS && atomic_load(&crew.round) == *seen; i++) rest();
  pthread_mutex_lock(&crew.lock);
  while (atomic_load(&crew.round) == *seen) pthread_cond_wait(&crew.begun, &crew.lock);
  *seen = atomic_load(&crew.round);
  job *j = thread <= crew.wanted ? crew.job : NULL;
  if (j) atomic_fetch_add(&crew.busy, 1);
  pthread_mutex_unlock(&crew.lock);
  return j;
}

static void *work(void *arg)
{
  int thread = (int)(size_t)arg;
  unsigned seen = 0;
  for (;;) {
    job *j = next_job(&seen, thread);
    if (!j) continue;
    take_part(j, thread);
    pthread_mutex_lock(&crew.lock);
    if (atomic_fetch_sub(&crew.busy, 1) == 1) pthread_cond_signal(&crew.ended);
    pthread_mutex_unlock(&crew.lock);
  }
  return NULL;
}

/* A child of fork has none of its parent's threads. */
static void start_over(void)
{
  pthread_mutex_init(&crew.use, NULL);
  pthread_mutex_init(&crew.lock, NULL);
  pthread_cond_init(&crew.begun, NULL);
  pthread_cond_init(&crew.ended, NULL);
  crew.hired = 0;
  crew.job = NULL;
  atomic_store(&crew.round, 0);
  atomic_store(&crew.busy, 0);
  inside = 0;
}

/* Threads 1 .. n, or as many as there can be. Signals are the main thread's. */
static int hire(int n)
{
  static int prepared;
  if (!prepared) prepared = !pthread_atfork(NULL, NULL, start_over);
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  while (crew.hired < n) {
    pthread_t t;
    if (pthread_create(&t, NULL, work, (void *)(size_t)(crew.hired + 1))) break;
    pthread_detach(t);
    crew.hired++;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return crew.hired < n ? crew.hired : n;
}

/* Runs a job on the caller and up to n further threads: on a busy machine, those that wake in time. */
static void share_out(job *j, int n)
{
  n = hire(n);
  pthread_mutex_lock(&crew.lock);
  crew.job = j;
  crew.wanted = n;
  atomic_fetch_add(&crew.round, 1);
  pthread_cond_broadcast(&crew.begun);
  pthread_mutex_unlock(&crew.lock);
  take_part(j, 0);
  pthread_mutex_lock(&crew.lock);
  crew.job = NULL;
  pthread_mutex_unlock(&crew.lock);
  for (int i = 0; i < SPINS && atomic_load(&crew.busy); i++) rest();
  pthread_mutex_lock(&crew.lock);
  while (atomic_load(&crew.busy)) pthread_cond_wait(&crew.ended, &crew.lock);
  pthread_mutex_unlock(&crew.lock);
}

int vr_pool_run(const vr_pool *pool, size_t n, vr_chunk_fn fn, void *ctx)
{
  int threads = vr_pool_threads(pool);
  if (threads > MAXTHREADS) threads = MAXTHREADS;
  if ((size_t)threads > n) threads = n ? (int)n : 1;
  // alone: one chunk, a chunk's own jobs, or another thread of the program has the crew
  if (threads == 1 || inside || pthread_mutex_trylock(&crew.use)) {
    for (size_t i = 0; i < n; i++) VR_TRY(fn(ctx, i, 0));
    return 0;
  }
  job j = {.fn = fn, .ctx = ctx, .n = n, .failed = n, .lock = PTHREAD_MUTEX_INITIALIZER};
  share_out(&j, threads - 1);
  pthread_mutex_unlock(&crew.use);
  return j.code ? vr_fail(j.code, "%s", j.why) : 0;
}
