#include "io/png.h"
#include "base/err.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int put(FILE *f, const char *path, const uint8_t *rgb, size_t w, size_t h)
{
  png_image image = {.version = PNG_IMAGE_VERSION,
    .width = (png_uint_32)w,
    .height = (png_uint_32)h,
    .format = PNG_FORMAT_RGB};
  if (png_image_write_to_stdio(&image, f, 0, rgb, (png_int_32)(3 * w), NULL) && !fflush(f))
    return 0;
  return vr_fail(VR_EIO, "%s: %s", path, *image.message ? image.message : strerror(errno));
}

int vr_png_write(const char *path, const uint8_t *rgb, size_t w, size_t h)
{
  vr_str name = {0};
  vr_str_addf(&name, "%s.XXXXXX", path);
  VR_TRY(vr_str_ok(&name));
  int fd = mkostemp(name.s, O_CLOEXEC), code = 0;
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
  if (!f) code = vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  if (!code) {
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
    code = put(f, path, rgb, w, h);
  }
  if (f && fclose(f) && !code) code = vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  if (!code && rename(name.s, path)) code = vr_fail(VR_EIO, "%s: %s", path, strerror(errno));
  if (code && fd >= 0) unlink(name.s);
  vr_str_free(&name);
  return code;
}

int vr_png_name(const char *pattern, size_t n, vr_str *name, int *counts)
{
  vr_str_clear(name);
  *counts = 0;
  for (const char *c = pattern; *c; c++) {
    if (c[0] != '%' || c[1] == '%') {
      vr_str_addc(name, *c);
      c += c[0] == '%';
      continue;
    }
    // zeros in front, and how many digits there are at least
    int zeros = c[1] == '0', digits = 0;
    for (c++; isdigit((unsigned char)*c); c++) digits = digits * 10 + *c - '0';
    if (*c != 'd' || digits > 20 || *counts)
      return vr_fail(VR_EARG, "%.200s: a name for pictures has one %%d or %%05d in it", pattern);
    *counts = 1;
    vr_str_addf(name, zeros ? "%0*zu" : "%*zu", digits, n);
  }
  return vr_str_ok(name);
}
