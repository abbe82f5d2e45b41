/* mem.h -- checked allocation, and an arena for what is born and dies together. */
#ifndef VR_BASE_MEM_H
#define VR_BASE_MEM_H
#include <stddef.h>

/* *p = n * size bytes, zeroed and aligned to 64; the caller frees them with vr_release. n = 0 gives
 * a valid empty block. VR_EMEM when the product overflows, memory is out, or more is asked for than
 * the machine has; *p is then NULL. */
int vr_alloc(void *p, size_t n, size_t size);

/* *p changes from old_n to n elements of `size` bytes, contents kept, new ones zeroed. On VR_EMEM
 * *p is unchanged. */
int vr_grow(void *p, size_t old_n, size_t n, size_t size);

void vr_release(void *block); /* NULL is fine */

/* Tests only: the n-th vr_alloc or vr_grow of this process from now on fails (1 = the next one);
 * 0 switches it off. */
void vr_alloc_fail_at(long n);

/* Blocks that are freed together. Zero-initialise; vr_arena_free leaves it empty and usable. */
typedef struct vr_arena {
  struct vr_arena_block *blocks;
} vr_arena;

int vr_arena_alloc(vr_arena *a, void *p, size_t n, size_t size); /* as vr_alloc */
void vr_arena_free(vr_arena *a);

#endif
