/* h5_file.h -- what the h5_*.c files share; included nowhere else. */
#ifndef VR_IO_H5_FILE_H
#define VR_IO_H5_FILE_H
#include "io/h5.h"
#include <hdf5.h>

enum { VR_H5_KEPT = 48 }; /* datasets kept open, so that their chunk in work stays in memory */

typedef struct {
  char *path;
  hid_t id;
  vr_h5_info info;
  unsigned long used;
} vr_h5_open_set;

struct vr_h5 {
  hid_t id;
  char *path;
  uint64_t length; /* bytes of the file when it was opened for reading; 0 for one being made */
  int write, repack;
  int heaps; /* 0: not looked at; 1: whole, -1: damaged */
  unsigned long clock;
  vr_h5_open_set kept[VR_H5_KEPT];
};

/* Fails with "PATH: what: the innermost reason HDF5 gives". */
int vr_h5_fail(int code, const char *path, const char *what);
/* A dataset after all checks, kept open by the file: the caller must not close it. */
int vr_h5_dataset(const vr_h5 *f, const char *path, vr_h5_open_set **set);
/* Rows of a dataset of our own are all stored: VR_EDATA where chunks are lost. */
int vr_h5_check_chunks(const vr_h5 *f, const vr_h5_open_set *s, const char *path, size_t first,
  size_t rows);
/* VR_EDATA: a heap of the file would lead libhdf5 astray. To be called before strings of variable
 * length or lists of scales are read; looks once a file. */
int vr_h5_check_heaps(const vr_h5 *f);
hid_t vr_h5_memory_type(vr_type type);
/* Opens a dataset or group by path; negative with the error recorded. */
hid_t vr_h5_object(const vr_h5 *f, const char *path);
/* Path of the first scale of axis k ("" when there is none). */
int vr_h5_scale_path(hid_t dataset, int k, char *path, size_t size);
int vr_h5_make_groups(vr_h5 *f, const char *path); /* those above path */
/* "/a/b" of "/a/b/c", "" of "/c": length of the part before the last slash */
size_t vr_h5_parent(const char *path);

#endif
