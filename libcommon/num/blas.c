/* blas.c -- kernels and threads of OpenBLAS. */
#include "num/blas.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// OpenBLAS only; absent in other libraries, which we then leave as they are.
__attribute__((weak)) void openblas_set_num_threads(int n);
__attribute__((weak)) char *openblas_get_corename(void);
__attribute__((weak)) char *openblas_get_config(void);
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);

// The kernels that fit the processor, or NULL when the library's own choice stands.
static const char *wanted_core(const char *now)
{
#if defined(__x86_64__) && defined(__GNUC__)
  const char *isa = getenv("VR_ISA");
  int pinned = isa && !strcmp(isa, "v3");

  __builtin_cpu_init();
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (pinned && v3) return strcmp(now, "Haswell") ? "Haswell" : NULL;
  // Prescott is what it takes for a processor that it does not know
  if (strcmp(now, "Prescott")) return NULL;
  return v4 ? "SkylakeX" : v3 ? "Haswell" : NULL;
#else
  (void)now;
  return NULL;
#endif
}

static void begin(void)
{
  if (openblas_get_corename && gotoblas_dynamic_init && gotoblas_dynamic_quit &&
      !getenv("OPENBLAS_CORETYPE")) {
    const char *core = wanted_core(openblas_get_corename());
    if (core) {
      // the library reads its choice from the environment only
      setenv("OPENBLAS_CORETYPE", core, 1);
      gotoblas_dynamic_quit();
      gotoblas_dynamic_init();
      unsetenv("OPENBLAS_CORETYPE");
    }
  }
  if (openblas_set_num_threads) openblas_set_num_threads(1);
}

void vr_blas_begin(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once(&once, begin);
}

const char *vr_blas_name(void)
{
  static char name[64];
  char version[32] = "";

  if (!openblas_get_config || !openblas_get_corename) return NULL;
  sscanf(openblas_get_config(), "OpenBLAS %31s", version);
  snprintf(name, sizeof name, "OpenBLAS %s %s", version, openblas_get_corename());
  return name;
}
