#include "base/mem.h"
#include "base/err.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ALIGN 64

static long fail_at;

void vr_alloc_fail_at(long n)
{
  fail_at = n;
}

/* bytes of n x size, rounded up to the alignment; 0 where the product does not fit */
static size_t block_bytes(size_t n, size_t size)
{
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2) return 0;
  return bytes ? (bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
}

/* more than the machine has: a system that promises it all the same would end us later */
static int is_too_much(size_t bytes)
{
  if (bytes <= (size_t)1 << 30) return 0;
  long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 && bytes / (size_t)page > (size_t)pages;
}

static void *block_new(size_t bytes)
{
  if (is_too_much(bytes)) return NULL;
  if (fail_at && __atomic_sub_fetch(&fail_at, 1, __ATOMIC_RELAXED) == 0) return NULL;
  return bytes ? aligned_alloc(ALIGN, bytes) : NULL;
}

int vr_alloc(void *p, size_t n, size_t size)
{
  size_t bytes = block_bytes(n, size);
  void *block = block_new(bytes);
  memcpy(p, &block, sizeof block);
  if (!block) return vr_fail(VR_EMEM, "no memory for %zu x %zu bytes", n, size);
  memset(block, 0, bytes);
  return 0;
}

int vr_grow(void *p, size_t old_n, size_t n, size_t size)
{
  void *old, *block;
  VR_TRY(vr_alloc(&block, n, size));
  memcpy(&old, p, sizeof old);
  size_t keep = (old_n < n ? old_n : n) * size;
  if (old && keep) memcpy(block, old, keep);
  free(old);
  memcpy(p, &block, sizeof block);
  return 0;
}

void vr_release(void *block)
{
  free(block);
}

struct vr_arena_block {
  struct vr_arena_block *next;
  char pad[ALIGN - sizeof(void *)];
};

int vr_arena_alloc(vr_arena *a, void *p, size_t n, size_t size)
{
  void *none = NULL;
  struct vr_arena_block *b;
  memcpy(p, &none, sizeof none);
  size_t bytes = block_bytes(n, size);
  if (!bytes) return vr_fail(VR_EMEM, "no memory for %zu x %zu bytes", n, size);
  VR_TRY(vr_alloc(&b, bytes + sizeof *b, 1));
  b->next = a->blocks;
  a->blocks = b;
  void *data = b + 1;
  memcpy(p, &data, sizeof data);
  return 0;
}

void vr_arena_free(vr_arena *a)
{
  for (struct vr_arena_block *b = a->blocks, *next; b; b = next) {
    next = b->next;
    free(b);
  }
  a->blocks = NULL;
}
