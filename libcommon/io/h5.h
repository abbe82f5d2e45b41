/* h5.h -- HDF5 files, opened as if every one were hostile and written as DESIGN's stream wants it.
 *
 * This is the only layer that calls HDF5. Paths are absolute ("/pose/angles"). Every dataset we
 * write is chunked, has fletcher32 checksums, no object times, the attribute `units` and a
 * dimension scale on every axis. Not thread-safe: HDF5 from one thread only. */
#ifndef VR_IO_H5_H
#define VR_IO_H5_H
#include "base/str.h"
#include <stddef.h>
#include <stdint.h>

enum { VR_H5_MAXRANK = 8 };

typedef enum { VR_F64, VR_F32, VR_I64, VR_I32, VR_U8, VR_STR, VR_OTHER } vr_type;
/* Element of a buffer for a type; 0 for VR_STR and VR_OTHER. */
size_t vr_type_size(vr_type type);

typedef struct vr_h5 vr_h5; /* one open file */

typedef struct {
  vr_type type; /* nearest of ours to what is stored; VR_OTHER: compound, reference... */
  int rank;     /* 0: a scalar (dim[] empty, one element), -1: an empty (null) dataspace */
  size_t dim[VR_H5_MAXRANK];
  size_t row;   /* elements in one row = product of dim[1..] (1 for rank 0 and 1) */
  size_t rows;  /* dim[0]; 1 for a scalar */
  size_t bytes; /* of a stored element */
} vr_h5_info;

/* Opens a file for reading (or, `write`, one that we made, for extension). Refuses what is not HDF5
 * (VR_EDATA). External links, plugins, external storage, virtual datasets and filters other than
 * deflate, shuffle and fletcher32 are never followed; see vr_h5_get_info. */
int vr_h5_open(const char *path, int write, vr_h5 **f);
int vr_h5_create(const char *path, vr_h5 **f); /* new file: V18 format, no times */
int vr_h5_close(vr_h5 **f); /* NULL is fine; *f = NULL; VR_EIO when flushing fails */

const char *vr_h5_version(void); /* of the library that is linked: "1.10.8" */

/* -- what is there -- */
int vr_h5_has(const vr_h5 *f, const char *path); /* 1: a dataset or group is there */
int vr_h5_is_group(const vr_h5 *f, const char *path);
/* 1: a link is there that is not followed (external, or dangling), so that vr_h5_has says 0. */
int vr_h5_has_bad_link(const vr_h5 *f, const char *path);
/* Shape and type after all checks on a dataset (see DESIGN 3, Foreign files). VR_EDATA names what
 * is wrong and where. */
int vr_h5_get_info(const vr_h5 *f, const char *path, vr_h5_info *info);
/* Names of the members of a group, sorted; one block, vr_release(*names). Members that are neither
 * dataset nor group (external links, dangling soft links) are left out. */
int vr_h5_list(const vr_h5 *f, const char *group, char ***names, size_t *n);
/* Calls fn for every dataset below `group` (paths sorted, each object once). fn returns 0 or an
 * error that ends the walk. */
int vr_h5_walk(const vr_h5 *f, const char *group,
  int (*fn)(void *ctx, const char *path, const vr_h5_info *info), void *ctx);
/* As vr_h5_walk, but a dataset that is refused does not end it: fn gets info = NULL, and vr_errmsg
 * tells why. */
int vr_h5_walk_all(const vr_h5 *f, const char *group,
  int (*fn)(void *ctx, const char *path, const vr_h5_info *info), void *ctx);

/* -- reading -- */
/* Rows first .. first+rows-1 of a numeric dataset, converted to `as`, into buf (rows * info.row
 * elements). A scalar is one row. Damage found by checksums is VR_EDATA. */
int vr_h5_read(const vr_h5 *f, const char *path, vr_type as, size_t first, size_t rows, void *buf);
/* All strings of a dataset of any rank (C order), fixed or variable length, trailing NULs and
 * spaces cut; one block, vr_release(*list). */
int vr_h5_read_strings(const vr_h5 *f, const char *path, char ***list, size_t *n);
/* One field of a compound dataset of rank 1 as doubles; `width` elements a row (array fields). The
 * caller frees *a with vr_release. */
int vr_h5_read_field(
  const vr_h5 *f, const char *path, const char *field, double **a, size_t *rows, size_t *width);
/* Attributes of a dataset or group ("/" for the root). Strings are freed with vr_release; numbers
 * are the first element. VR_EDATA when absent or of another kind. */
int vr_h5_has_attr(const vr_h5 *f, const char *path, const char *name);
int vr_h5_get_attr_str(const vr_h5 *f, const char *path, const char *name, char **value);
int vr_h5_get_attr_num(const vr_h5 *f, const char *path, const char *name, double *value);
/* Names of the attributes of an object but for those of dimension scales; vr_release(*names). */
int vr_h5_list_attrs(const vr_h5 *f, const char *path, char ***names, size_t *n);
/* Adds an attribute's value as JSON; null for what is neither number nor string. */
int vr_h5_attr_json(const vr_h5 *f, const char *path, const char *name, vr_str *text);
/* 1: every stored byte of the dataset is covered by a checksum (fletcher32). */
int vr_h5_has_checksums(const vr_h5 *f, const char *path);
/* Name of the scale attached to axis k of a dataset, its path's last part; "" when none. */
int vr_h5_get_axis(const vr_h5 *f, const char *path, int k, char *name, size_t size);

/* -- writing -- */
/* Creates a dataset and the groups above it. `axes` names each axis by one word ("time joint"):
 * an axis named as the dataset itself makes the (1-D) dataset a scale; else the scale is the
 * dataset of that name in the same group, a group above, or /names (then linked into the group);
 * where none is, numbers 1, 2, ... are made as a scale beside the dataset (as NAME_LENGTH where
 * NAME is taken by another length). A dataset along `time` that has not as many rows as /time is
 * VR_EDATA. `units`: "1" for numbers without unit, "" for strings and labels.
 * A dataset that is there is replaced (the image must then be repacked: vr_h5_needs_repack). */
int vr_h5_begin(vr_h5 *f, const char *path, vr_type type, int rank, const size_t *dim,
  const char *axes, const char *units);
/* Rows first .. first+rows-1 from buf, whose elements are of `type`. */
int vr_h5_write(
  vr_h5 *f, const char *path, vr_type type, size_t first, size_t rows, const void *buf);
/* begin + write of the whole. */
int vr_h5_put(vr_h5 *f, const char *path, vr_type type, int rank, const size_t *dim,
  const void *buf, const char *axes, const char *units);
/* Strings of one fixed length (the longest + NUL), UTF-8, rank 1. */
int vr_h5_put_strings(vr_h5 *f, const char *path, char *const *list, size_t n, const char *axis);
/* Adds a line to a growing list of strings (made when missing); it is its own scale. */
int vr_h5_append_line(vr_h5 *f, const char *path, const char *line);
int vr_h5_set_attr_str(vr_h5 *f, const char *path, const char *name, const char *value);
int vr_h5_set_attr_num(vr_h5 *f, const char *path, const char *name, double value);
/* Removes a dataset or group; nothing there is fine. */
int vr_h5_remove(vr_h5 *f, const char *path);
int vr_h5_needs_repack(const vr_h5 *f);

/* -- copying between files -- */
/* Copies the datasets for which keep(ctx, path) is not 0 (NULL: all), with groups, attributes,
 * scales and stored bytes as they are (chunks are not decoded). Datasets already in `to` stay.
 * VR_H5_PACK: instead, chunks are decoded and written with shuffle + deflate. VR_H5_HALF: the same,
 * and float32 becomes IEEE half precision (float16 of other readers; vr_h5_read knows it, too), each
 * number the nearest; VR_EDATA where one is not within -65504 .. 65504. */
typedef enum { VR_H5_AS_STORED, VR_H5_PACK, VR_H5_HALF } vr_h5_way;
int vr_h5_copy(
  const vr_h5 *from, vr_h5 *to, int (*keep)(void *ctx, const char *path), void *ctx, vr_h5_way way);

/* Copies the attributes of one object that `to` does not have, but for those of scales. */
int vr_h5_copy_attrs(const vr_h5 *from, vr_h5 *to, const char *path);
/* Closes what is kept open of a dataset, or of all below a group ("/": all), to free memory. */
void vr_h5_forget(const vr_h5 *f, const char *path);

#endif
