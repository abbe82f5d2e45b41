#include "cli/tool.h"
#include "base/mem.h"
#include "base/str.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int vr_share_path(const char *name, char **path)
{
  // installed beside bin/, in the source tree, and in a build below it
  static const char *const places[] = {"../share/vr-tools", "../share", "../../../share"};
  const char *set = getenv("VR_SHARE");
  char program[4096];
  vr_str p = {0};
  *path = NULL;
  if (set && *set) {
    vr_str_addf(&p, "%s/%s", set, name);
    VR_TRY(vr_str_ok(&p));
    *path = p.s;
    if (!access(p.s, R_OK)) return 0;
    vr_fail(VR_EIO, "%s: is not there (VR_SHARE is set)", p.s);
    vr_str_free(&p);
    *path = NULL;
    return VR_EIO;
  }
  ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
  if (n < 0) return vr_fail(VR_EIO, "share/%s: set VR_SHARE to the folder of data files", name);
  program[n] = 0;
  *strrchr(program, '/') = 0;
  for (size_t i = 0; i < VR_LEN(places); i++) {
    vr_str_clear(&p);
    vr_str_addf(&p, "%s/%s/%s", program, places[i], name);
    VR_TRY(vr_str_ok(&p));
    if (access(p.s, R_OK)) continue;
    *path = p.s;
    return 0;
  }
  vr_str_free(&p);
  return vr_fail(VR_EIO, "share/%s: is not there (set VR_SHARE to the folder of data files)", name);
}
