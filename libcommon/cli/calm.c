#include "cli/state.h"
#include <stdlib.h>
#include <unistd.h>

void vr_calm_threads(char **argv)
{
  if (getenv("OMP_WAIT_POLICY") || getenv("GOMP_SPINCOUNT")) return;
  if (setenv("GOMP_SPINCOUNT", "2000", 0)) return;
  execv("/proc/self/exe", argv); // where that cannot be, it is only slower
}
