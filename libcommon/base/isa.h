/* isa.h -- which vector instructions the processor has, for kernels that come in several forms. */
#ifndef VR_BASE_ISA_H
#define VR_BASE_ISA_H

/* Before a function: it is compiled for each level, and the best form that the processor can run is
 * taken. Only for loops whose results do not depend on it. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                        \
  !defined(__SANITIZE_ADDRESS__)
#define VR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VR_CLONES
#endif

/* A function that such loops call: it becomes part of each form of them. */
#if defined(__GNUC__)
#define VR_INLINE static inline __attribute__((always_inline))
#else
#define VR_INLINE static inline
#endif

/* 4 or 3: all of x86-64-v4 or v3, as the psABI numbers them; 1: anything else. VR_ISA=v3 (or v1) in
 * the environment lowers it. */
int vr_isa(void);

#endif
