/* fuzz.h -- runs mutations in child processes, so that a crash is found and named. */
#ifndef VR_TESTS_FUZZ_H
#define VR_TESTS_FUZZ_H
#include "base/rng.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One mutation, all of whose chance comes from r. Returns NULL, or what is wrong. */
typedef const char *(*fuzz_fn)(void *ctx, vr_rng *r);

static int fuzz_tests, fuzz_failed;

/* Mutations 1 .. n of a kind, or as many as fit in `seconds`; prints one line of TAP. VR_FUZZ=K does
 * K times as many. */
static void fuzz(const char *name, unsigned kind, unsigned n, double seconds, fuzz_fn fn, void *ctx)
{
  unsigned times = getenv("VR_FUZZ") ? (unsigned)atoi(getenv("VR_FUZZ")) : 1;
  unsigned *at = mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  n *= times;
  time_t end = time(NULL) + (time_t)(seconds * times);
  char why[256] = "";

  if (at == MAP_FAILED) exit(1);
  fflush(stdout);
  pid_t child = fork();
  if (!child) {
    for (*at = 1; *at <= n && time(NULL) < end; ++*at) {
      vr_rng r = vr_rng_new(1, kind, *at);
      alarm(20); // a mutation that hangs is ended, and named by its number
      const char *wrong = fn(ctx, &r);
      if (!wrong) continue;
      fprintf(stderr, "# mutation %u: %s\n", *at, wrong);
      _exit(9);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    snprintf(why, sizeof why, "signal %d in mutation %u", WTERMSIG(status), *at);
  else if (WEXITSTATUS(status))
    snprintf(why, sizeof why, "mutation %u fails", *at);
  printf("%s %d - %s, %u mutations%s%s\n", *why ? "not ok" : "ok", ++fuzz_tests, name, *at - 1,
    *why ? ": " : "", why);
  fuzz_failed += *why != 0;
  munmap(at, sizeof *at);
}

static int fuzz_end(void)
{
  printf("1..%d\n", fuzz_tests);
  return fuzz_failed ? 1 : 0;
}

#endif
