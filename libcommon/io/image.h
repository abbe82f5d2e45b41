/* image.h -- where an HDF5 image ends, and spools: private files that hold one image. */
#ifndef VR_IO_IMAGE_H
#define VR_IO_IMAGE_H
#include <stddef.h>
#include <stdint.h>

enum { VR_IMAGE_HEAD = 608 }; /* bytes that are always enough for vr_image_length */

/* Length in bytes of the image that starts with head[0 .. n-1], from its superblock (versions 0, 1,
 * 2, 3). VR_EDATA: not an HDF5 image (the message says what it looks like), or damaged. */
int vr_image_length(const unsigned char *head, size_t n, uint64_t *length);

/* A private file in $TMPDIR (or /tmp). It has a path as long as it is linked; vr_spool_unlink
 * removes the path, the open file stays. Paths are remembered and unlinked on a signal. */
typedef struct {
  int fd;
  char *path; /* NULL once unlinked */
  uint64_t length;
} vr_spool;

int vr_spool_new(vr_spool *s);
void vr_spool_unlink(vr_spool *s);
void vr_spool_free(vr_spool *s);
void vr_spool_unlink_all(void); /* async-signal-safe: for handlers */

/* Copies `length` bytes (UINT64_MAX: to the end) from one descriptor to the other with the fastest
 * call the pair allows (copy_file_range, splice, sendfile, read and write); *copied may be NULL.
 * `from` and `to` are used at their current offsets. VR_EIO names the side that failed. */
int vr_copy_bytes(int from, int to, uint64_t length, uint64_t *copied);

#endif
