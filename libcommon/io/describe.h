/* describe.h -- what a file holds, as a list for people and as JSON for programs. */
#ifndef VR_IO_DESCRIBE_H
#define VR_IO_DESCRIBE_H
#include "base/str.h"
#include "io/h5.h"

const char *vr_type_name(const vr_h5_info *info); /* "float32" */
/* "200 x 38"; "scalar", "empty". */
void vr_shape_text(const vr_h5_info *info, vr_str *text);
/* Bytes as people read them: "512", "1.5K", "30M". */
void vr_bytes_text(double bytes, vr_str *text);

/* One aligned line a dataset: path, shape, type, units, size, meaning. Datasets that cannot be read
 * are listed with the reason. */
int vr_describe_list(const vr_h5 *f, vr_str *text);

/* JSON, in parts: {"/":{"attributes":{..}}  then for each dataset  ,"/path":{..  [values]  and
 * the caller's closing brackets. */
int vr_describe_open(const vr_h5 *f, vr_str *text);
int vr_describe_dataset(const vr_h5 *f, const char *path, vr_str *text);
/* 1: not a row a frame, and few enough values to be shown unasked. */
int vr_describe_small(const vr_h5 *f, const char *path);
/* Adds the values from *row on, a block at a time; *more = 0 after the last. Nested as the shape
 * is; NaN is null. */
int vr_describe_values(const vr_h5 *f, const char *path, size_t *row, size_t *more, vr_str *text);

/* Adds an attribute as text: a number, a string with unusual characters escaped, or the items of a
 * list as JSON. VR_EDATA when it is not there. */
int vr_describe_attr(const vr_h5 *f, const char *path, const char *name, vr_str *text);

#endif
