#include "../test.h"
#include "io/image.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

/* a superblock of the given version at `at`, whose image ends at `eof` */
static void superblock(unsigned char *head, size_t at, int version, uint64_t base, uint64_t eof)
{
  static const size_t place[4][3] = {{13, 24, 40}, {13, 28, 44}, {9, 12, 28}, {9, 12, 28}};
  memset(head, 0, VR_IMAGE_HEAD);
  memcpy(head + at, signature, 8);
  head[at + 8] = (unsigned char)version;
  head[at + place[version][0]] = 8;
  for (int i = 0; i < 8; i++) {
    head[at + place[version][1] + (size_t)i] = (unsigned char)(base >> 8 * i);
    head[at + place[version][2] + (size_t)i] = (unsigned char)(eof >> 8 * i);
  }
}

static void lengths(void **state)
{
  (void)state;
  unsigned char head[VR_IMAGE_HEAD];
  uint64_t length;
  for (int version = 0; version < 4; version++) {
    superblock(head, 0, version, 0, 1234567);
    assert_int_equal(vr_image_length(head, sizeof head, &length), 0);
    assert_int_equal(length, 1234567);
    superblock(head, 512, version, 512, 11229); // behind MATLAB's block: absolute address
    assert_int_equal(vr_image_length(head, sizeof head, &length), 0);
    assert_int_equal(length, 11229);
  }
}

static void not_images(void **state)
{
  (void)state;
  unsigned char head[VR_IMAGE_HEAD];
  uint64_t length;
  superblock(head, 0, 2, 0, 20); // shorter than its superblock
  assert_int_equal(vr_image_length(head, sizeof head, &length), VR_EDATA);
  superblock(head, 0, 2, 0, UINT64_MAX - 5);
  assert_int_equal(vr_image_length(head, sizeof head, &length), VR_EDATA);
  superblock(head, 0, 2, 999, 100);
  assert_int_equal(vr_image_length(head, sizeof head, &length), VR_EDATA);
  superblock(head, 0, 2, 0, 1000);
  assert_int_equal(vr_image_length(head, 20, &length), VR_EDATA); // cut
  head[8] = 9;
  assert_int_equal(vr_image_length(head, sizeof head, &length), VR_EDATA);
  memcpy(head, "frame,x,y\n1,2,3\n", 16);
  assert_int_equal(vr_image_length(head, 16, &length), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "text"));
  memcpy(head, "\x1f\x8b\x08\x00", 4);
  assert_int_equal(vr_image_length(head, 4, &length), VR_EDATA);
  assert_non_null(strstr(vr_errmsg(), "gzip"));
}

static void spools(void **state)
{
  (void)state;
  vr_spool a, b;
  char back[6] = "";
  uint64_t copied;
  assert_int_equal(vr_spool_new(&a), 0);
  assert_int_equal(vr_spool_new(&b), 0);
  assert_int_equal(access(a.path, F_OK), 0);
  vr_spool_unlink(&a);
  assert_null(a.path);
  assert_int_equal(write(a.fd, "hello", 5), 5);
  assert_int_equal(lseek(a.fd, 0, SEEK_SET), 0);
  assert_int_equal(vr_copy_bytes(a.fd, b.fd, 100, &copied), 0); // fewer are there
  assert_int_equal(copied, 5);
  assert_int_equal(pread(b.fd, back, 5, 0), 5);
  assert_string_equal(back, "hello");
  char *path = strdup(b.path);
  vr_spool_free(&a);
  vr_spool_free(&b);
  assert_int_not_equal(access(path, F_OK), 0);
  free(path);
  setenv("TMPDIR", "/nonexistent", 1);
  assert_int_equal(vr_spool_new(&a), VR_EIO);
  unsetenv("TMPDIR");
}

static void through_pipes(void **state)
{
  (void)state;
  vr_spool a;
  int fd[2];
  char back[8] = "";
  uint64_t copied;
  assert_int_equal(vr_spool_new(&a), 0);
  assert_int_equal(pipe(fd), 0);
  assert_int_equal(write(fd[1], "abcdefgh", 8), 8);
  assert_int_equal(vr_copy_bytes(fd[0], a.fd, 3, &copied), 0); // pipe to file
  assert_int_equal(copied, 3);
  assert_int_equal(lseek(a.fd, 0, SEEK_SET), 0);
  assert_int_equal(vr_copy_bytes(a.fd, fd[1], 3, &copied), 0); // file to pipe
  close(fd[1]);
  assert_int_equal(read(fd[0], back, 8), 8);
  assert_memory_equal(back, "defghabc", 8);
  close(fd[0]);
  int full = open("/dev/full", O_WRONLY);
  lseek(a.fd, 0, SEEK_SET);
  assert_int_equal(vr_copy_bytes(a.fd, full, 3, NULL), VR_EIO);
  close(full);
  vr_spool_free(&a);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lengths),
    cmocka_unit_test(not_images),
    cmocka_unit_test(spools),
    cmocka_unit_test(through_pipes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
