/* fft.h -- FFTW plans, one for each kind, precision and length, shared by all threads.
 *
 * Plans are made with FFTW_ESTIMATE, so the algorithm depends on the length alone and two runs give
 * the same bytes. They are kept until vr_fft_forget. Making and running plans is safe from any
 * thread. Nothing is normalised: backward after forward gives n times the input. */
#ifndef VR_NUM_FFT_H
#define VR_NUM_FFT_H
#include <stddef.h>

typedef enum {
  VR_FFT_FORWARD,  /* n complex -> n complex, exp(-2 pi i j k / n) */
  VR_FFT_BACKWARD, /* n complex -> n complex, exp(+2 pi i j k / n) */
  VR_FFT_R2C,      /* n real -> n / 2 + 1 complex */
  VR_FFT_C2R,      /* n / 2 + 1 complex -> n real; the input is overwritten */
  VR_FFT_DCT2,     /* n real -> n real, 2 sum_j x[j] cos(pi k (j + 1/2) / n) */
} vr_fft_kind;

typedef struct vr_fft vr_fft;

/* The plan for one transform of n >= 1 points of float (single) or double numbers, out of place.
 * The plan belongs to the library. 0, VR_EARG for a length that cannot be, VR_EMEM. */
int vr_fft_plan(vr_fft_kind kind, int single, size_t n, const vr_fft **plan);

/* The plan for `many` transforms at once of interleaved series: number i of series j stands at
 * [i * many + j], before and after. Which algorithm FFTW takes depends on `many` too. */
int vr_fft_plan_many(vr_fft_kind kind, int single, size_t n, size_t many, const vr_fft **plan);

/* Runs a plan from `in` to `out`: two different blocks of the plan's precision, aligned as vr_alloc
 * aligns (64). Complex numbers are pairs (re, im). */
void vr_fft_run(const vr_fft *plan, void *in, void *out);

/* The smallest length >= n that has no prime factor above 7. */
size_t vr_fft_good(size_t n);

/* Frees all plans; those handed out are gone. For tests and for programs that embed the library. */
void vr_fft_forget(void);

#endif
