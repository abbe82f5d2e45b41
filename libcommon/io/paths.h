/* paths.h -- lists of datasets, chosen by name, by group, by pattern, or by their axes. */
#ifndef VR_IO_PATHS_H
#define VR_IO_PATHS_H
#include "io/h5.h"

/* Zero-initialise; freed with vr_paths_free. */
typedef struct {
  char **path;
  size_t n, cap;
} vr_paths;

int vr_paths_add(vr_paths *list, const char *path);
void vr_paths_free(vr_paths *list);
int vr_paths_has(const vr_paths *list, const char *path);
/* All datasets of a file, sorted. */
int vr_paths_all(const vr_h5 *f, vr_paths *list);
/* A dataset, or the datasets directly in a group (scales left out). VR_EDATA when nothing is
 * there, with the nearest name. */
int vr_paths_below(const vr_h5 *f, const char *path, vr_paths *list);
/* The datasets with a row a frame, but for /time and /trial and those of more than 3 axes. */
int vr_paths_frames(const vr_h5 *f, vr_paths *list);
/* 1: the first axis of the dataset is that of the frames. */
int vr_is_frames(const vr_h5 *f, const char *path);
/* Puts the scale of the first axis (`time`), and /trial (`trial`, where rows are frames) in front. */
int vr_paths_lead(const vr_h5 *f, int time, int trial, vr_paths *list);
/* 1: the text matches the pattern, in which * is any text (also '/'), ? any character. */
int vr_glob(const char *pattern, const char *text);
/* 1: the path matches a pattern, or lies in a group that does ("/pose" matches "/pose/angles"). */
int vr_glob_path(const char *pattern, const char *path);

#endif
