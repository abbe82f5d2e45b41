#include "num/fft.h"
#include "base/err.h"
#include "base/mem.h"
#include <fftw3.h>
#include <limits.h>
#include <pthread.h>

struct vr_fft {
  vr_fft_kind kind;
  int single;
  size_t n, many;
  fftw_plan plan;
  fftwf_plan planf;
  struct vr_fft *next;
};

// FFTW's planner has state of its own and must run in one thread at a time.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static vr_fft *plans;

static fftw_plan plan_double(vr_fft_kind kind, int n, int many, void *in, void *out)
{
  const fftw_r2r_kind dct = FFTW_REDFT10;
  const unsigned how = FFTW_ESTIMATE;
  int s = many; // from one number of a series to its next
  switch (kind) {
  case VR_FFT_FORWARD:
    return fftw_plan_many_dft(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, FFTW_FORWARD, how);
  case VR_FFT_BACKWARD:
    return fftw_plan_many_dft(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, FFTW_BACKWARD, how);
  case VR_FFT_R2C: return fftw_plan_many_dft_r2c(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, how);
  case VR_FFT_C2R: return fftw_plan_many_dft_c2r(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, how);
  case VR_FFT_DCT2:
    return fftw_plan_many_r2r(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, &dct, how);
  }
  return NULL;
}

static fftwf_plan plan_single(vr_fft_kind kind, int n, int many, void *in, void *out)
{
  const fftwf_r2r_kind dct = FFTW_REDFT10;
  const unsigned how = FFTW_ESTIMATE;
  int s = many;
  switch (kind) {
  case VR_FFT_FORWARD:
    return fftwf_plan_many_dft(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, FFTW_FORWARD, how);
  case VR_FFT_BACKWARD:
    return fftwf_plan_many_dft(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, FFTW_BACKWARD, how);
  case VR_FFT_R2C:
    return fftwf_plan_many_dft_r2c(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, how);
  case VR_FFT_C2R:
    return fftwf_plan_many_dft_c2r(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, how);
  case VR_FFT_DCT2:
    return fftwf_plan_many_r2r(1, &n, many, in, NULL, s, 1, out, NULL, s, 1, &dct, how);
  }
  return NULL;
}

static void plan_free(vr_fft *p)
{
  if (!p) return;
  if (p->plan) fftw_destroy_plan(p->plan);
  if (p->planf) fftwf_destroy_plan(p->planf);
  vr_release(p);
}

/* a new plan; FFTW looks at the alignment of two scratch blocks and leaves them as they are */
static int plan_new(vr_fft_kind kind, int single, size_t n, size_t many, vr_fft **plan)
{
  void *in = NULL, *out = NULL;
  vr_fft *p = NULL;
  int code = vr_alloc(&in, (n + 1) * many, 2 * sizeof(double));
  if (!code) code = vr_alloc(&out, (n + 1) * many, 2 * sizeof(double));
  if (!code) code = vr_alloc(&p, 1, sizeof *p);
  if (!code) {
    *p = (vr_fft){.kind = kind, .single = single, .n = n, .many = many};
    if (single)
      p->planf = plan_single(kind, (int)n, (int)many, in, out);
    else
      p->plan = plan_double(kind, (int)n, (int)many, in, out);
    if (!p->plan && !p->planf) code = vr_fail(VR_EMEM, "no plan for a transform of %zu points", n);
  }
  vr_release(in);
  vr_release(out);
  if (code) {
    plan_free(p);
    return code;
  }
  *plan = p;
  return 0;
}

int vr_fft_plan(vr_fft_kind kind, int single, size_t n, const vr_fft **plan)
{
  return vr_fft_plan_many(kind, single, n, 1, plan);
}

int vr_fft_plan_many(vr_fft_kind kind, int single, size_t n, size_t many, const vr_fft **plan)
{
  *plan = NULL;
  if (n < 1 || many < 1 || n > INT_MAX / 4 / many)
    return vr_fail(VR_EARG, "%zu Fourier transforms of %zu points cannot be", many, n);
  int code = 0;
  pthread_mutex_lock(&lock);
  vr_fft *p = plans;
  while (p && (p->kind != kind || p->single != !!single || p->n != n || p->many != many))
    p = p->next;
  if (!p) {
    code = plan_new(kind, !!single, n, many, &p);
    if (!code) {
      p->next = plans;
      plans = p;
    }
  }
  pthread_mutex_unlock(&lock);
  *plan = p;
  return code;
}

static void run_double(const vr_fft *p, void *in, void *out)
{
  switch (p->kind) {
  case VR_FFT_FORWARD:
  case VR_FFT_BACKWARD: fftw_execute_dft(p->plan, in, out); break;
  case VR_FFT_R2C: fftw_execute_dft_r2c(p->plan, in, out); break;
  case VR_FFT_C2R: fftw_execute_dft_c2r(p->plan, in, out); break;
  case VR_FFT_DCT2: fftw_execute_r2r(p->plan, in, out); break;
  }
}

static void run_single(const vr_fft *p, void *in, void *out)
{
  switch (p->kind) {
  case VR_FFT_FORWARD:
  case VR_FFT_BACKWARD: fftwf_execute_dft(p->planf, in, out); break;
  case VR_FFT_R2C: fftwf_execute_dft_r2c(p->planf, in, out); break;
  case VR_FFT_C2R: fftwf_execute_dft_c2r(p->planf, in, out); break;
  case VR_FFT_DCT2: fftwf_execute_r2r(p->planf, in, out); break;
  }
}

void vr_fft_run(const vr_fft *p, void *in, void *out)
{
  if (p->single)
    run_single(p, in, out);
  else
    run_double(p, in, out);
}

size_t vr_fft_good(size_t n)
{
  static const size_t prime[] = {2, 3, 5, 7};
  for (size_t m = n ? n : 1;; m++) {
    size_t rest = m;
    for (size_t i = 0; i < VR_LEN(prime); i++)
      while (rest % prime[i] == 0) rest /= prime[i];
    if (rest == 1) return m;
  }
}

void vr_fft_forget(void)
{
  pthread_mutex_lock(&lock);
  for (vr_fft *p = plans, *next; p; p = next) {
    next = p->next;
    plan_free(p);
  }
  plans = NULL;
  pthread_mutex_unlock(&lock);
}
