#include "base/isa.h"
#include <stdlib.h>
#include <string.h>

static int detect(void)
{
#ifdef __x86_64__
  const char *want = getenv("VR_ISA");
  int most = want && !strcmp(want, "v3") ? 3 : want && !strcmp(want, "v1") ? 1 : 4;
  int three = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
              __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  int four = three && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd");
  if (four && most >= 4) return 4;
  if (three && most >= 3) return 3;
#endif
  return 1;
}

int vr_isa(void)
{
  static int level;
  int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
  if (!known) __atomic_store_n(&level, known = detect(), __ATOMIC_RELAXED);
  return known;
}
