/* png.h -- pictures as PNG files, one a frame. */
#ifndef VR_IO_PNG_H
#define VR_IO_PNG_H
#include "base/str.h"
#include <stdint.h>

/* Writes rgb (h x w x 3, the top row first) to `path`, which appears by rename when it is whole.
 * VR_EIO, VR_EMEM. */
int vr_png_write(const char *path, const uint8_t *rgb, size_t w, size_t h);

/* Name of file number n: `pattern` with its %d or %05d filled in, and %% as %. *counts = 1 when it
 * has a number in it. name is cleared first. VR_EARG: more than one number, or another %. */
int vr_png_name(const char *pattern, size_t n, vr_str *name, int *counts);

#endif
