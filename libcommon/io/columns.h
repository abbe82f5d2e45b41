/* columns.h -- the columns of a dataset and what they are called.
 *
 * A row of a dataset of rank 3 (time x body x space) has body * space columns, "snout.x" and so
 * on: the words of the scales of its axes, joined by dots. */
#ifndef VR_IO_COLUMNS_H
#define VR_IO_COLUMNS_H
#include "base/str.h"
#include "io/h5.h"

/* Last part of a path: "angles" of "/pose/angles". */
const char *vr_path_last(const char *path);
/* 1: the dataset is itself a scale (names of columns, numbers of rows). */
int vr_is_scale(const vr_h5 *f, const char *path);
/* Path of the dataset whose values name axis k: beside it, in a group above, or in /names. "" when
 * there is none. */
void vr_axis_path(const vr_h5 *f, const char *path, int k, char *scale, size_t size);
/* Words of axis k: its strings or numbers, or 1, 2, ... where it has no scale. One block,
 * vr_release(*words). */
int vr_axis_words(const vr_h5 *f, const char *path, int k, char ***words, size_t *n);
/* Names of the columns, without a prefix; info.row of them ("" for a dataset of one column). One
 * block, vr_release(*names). */
int vr_column_names(const vr_h5 *f, const char *path, char ***names, size_t *n);
/* Names of all axes, separated by `sep`; "-" for an axis without one. */
int vr_axes_text(const vr_h5 *f, const char *path, const char *sep, vr_str *text);
/* Text of the attribute `units`, "" when there is none. */
int vr_units_text(const vr_h5 *f, const char *path, vr_str *text);

/* Tables of moments, with the columns number, trial and time: "/events" or "/spikes" when the path lies
 * in it; else NULL. */
const char *vr_moments_of(const char *path);

#endif
