#include "ana/tsne_in.h"
#include "base/err.h"
#include "num/fft.h"
#include <math.h>
#include <string.h>

#if defined __x86_64__ && !defined __SANITIZE_ADDRESS__
#define FAST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FAST
#endif

/* Charges c on nx x ny nodes, zero-padded to lx x ly >= 2 nx x 2 ny so that the cyclic convolution
 * is a free one. Rows are transformed first, then blocks of columns go forward, are multiplied by
 * the two (or three) kernels and come back while they are in cache; only the nx x ny part is ever
 * touched. The kernels are spectra of w^2 dx and w^2 dy (odd, so imaginary) and of w (even, real)
 * on the nodes, divided by that of the cubic B-spline once for the charges and once for the
 * evaluation: splines through the nodes reproduce the kernel there. */
enum { COLUMNS = 16, ROWS = 16, SLOTS = 3 * COLUMNS + 2 };

typedef float cpx[2];

struct vr_mesh {
  const vr_pool *pool;
  vr_arena arena;
  size_t nx, ny, lx, ly, half, stride; /* half = lx / 2 + 1 columns, stride floats a row */
  double h;
  float *charge, *out[3]; /* ny x stride; charge has ly rows, for the kernels */
  cpx *spec[4];           /* the same as complex numbers: of the charges, of the three results */
  float *kernel[3];       /* half x ly, column after column: x, y, w */
  cpx *buf;               /* threads x SLOTS x ly */
  double *part;           /* of z: one a block of columns */
  const vr_fft *r2c, *c2r, *forward, *backward;
  int kernels; /* how many results are wanted */
};

int vr_mesh_new(const vr_pool *pool, vr_mesh **mesh)
{
  VR_TRY(vr_alloc(mesh, 1, sizeof **mesh));
  (*mesh)->pool = pool;
  return 0;
}

void vr_mesh_free(vr_mesh *m)
{
  if (!m) return;
  vr_arena_free(&m->arena);
  vr_release(m);
}

/* Arrays and plans for the present lengths. */
static int allocate(vr_mesh *m)
{
  size_t grid = m->ny * m->stride, tall = m->ly * m->stride, kernel = m->half * m->ly;
  size_t buf = SLOTS * m->ly * (size_t)vr_pool_threads(m->pool);
  vr_arena_free(&m->arena);
  VR_TRY(vr_arena_alloc(&m->arena, &m->charge, tall, sizeof *m->charge));
  VR_TRY(vr_arena_alloc(&m->arena, &m->spec[0], tall / 2, sizeof *m->spec[0]));
  for (int k = 0; k < 3; k++) {
    VR_TRY(vr_arena_alloc(&m->arena, &m->out[k], grid, sizeof *m->out[k]));
    VR_TRY(vr_arena_alloc(&m->arena, &m->spec[k + 1], grid / 2, sizeof *m->spec[k + 1]));
    VR_TRY(vr_arena_alloc(&m->arena, &m->kernel[k], kernel, sizeof *m->kernel[k]));
  }
  VR_TRY(vr_arena_alloc(&m->arena, &m->buf, buf, sizeof *m->buf));
  VR_TRY(vr_arena_alloc(&m->arena, &m->part, m->half / COLUMNS + 1, sizeof *m->part));
  VR_TRY(vr_fft_plan(VR_FFT_R2C, 1, m->lx, &m->r2c));
  VR_TRY(vr_fft_plan(VR_FFT_C2R, 1, m->lx, &m->c2r));
  VR_TRY(vr_fft_plan(VR_FFT_FORWARD, 1, m->ly, &m->forward));
  return vr_fft_plan(VR_FFT_BACKWARD, 1, m->ly, &m->backward);
}

/* -- kernels ----------------------------------------------------------------------------------- */

/* Spectrum of the cubic B-spline at the nodes, (1 4 1) / 6, squared: charges and evaluation. */
static double spline_spectrum(size_t k, size_t length)
{
  double s = (2 + cos(2 * M_PI * (double)k / (double)length)) / 3;
  return s * s;
}

/* Row b of kernel `which` at lags b x a, in cyclic order; the lag that is both ends is left out. */
static void kernel_row(const vr_mesh *m, int which, size_t b, float *row)
{
  ptrdiff_t lag = b < m->ly / 2 ? (ptrdiff_t)b : (ptrdiff_t)b - (ptrdiff_t)m->ly;
  double dy = m->h * (double)lag;
  for (size_t a = 0; a < m->lx; a++) {
    ptrdiff_t along = a < m->lx / 2 ? (ptrdiff_t)a : (ptrdiff_t)a - (ptrdiff_t)m->lx;
    double dx = m->h * (double)along, w = 1 / (1 + dx * dx + dy * dy);
    if (which == 0 && a == m->lx / 2) dx = 0;
    double d = which == 0 ? dx : which == 1 ? (b == m->ly / 2 ? 0 : dy) : 1 / w;
    row[a] = (float)(w * w * d);
  }
}

typedef struct {
  vr_mesh *m;
  int which;
} kernel_job;

static int kernel_rows(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  const kernel_job *job = ctx;
  vr_mesh *m = job->m;
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ly; b++) {
    kernel_row(m, job->which, b, m->charge + b * m->stride);
    vr_fft_run(m->r2c, m->charge + b * m->stride, m->spec[0] + b * (m->stride / 2));
  }
  return 0;
}

static int kernel_columns(void *ctx, size_t chunk, int thread)
{
  const kernel_job *job = ctx;
  vr_mesh *m = job->m;
  cpx *in = m->buf + (size_t)thread * SLOTS * m->ly, *out = in + m->ly;
  for (size_t a = chunk * COLUMNS; a < (chunk + 1) * COLUMNS && a < m->half; a++) {
    for (size_t b = 0; b < m->ly; b++)
      memcpy(in[b], m->spec[0][b * (m->stride / 2) + a], sizeof *in);
    vr_fft_run(m->forward, in, out);
    double scale = 1 / ((double)m->lx * (double)m->ly * spline_spectrum(a, m->lx));
    for (size_t b = 0; b < m->ly; b++)
      m->kernel[job->which][a * m->ly + b] =
        (float)((double)out[b][job->which == 2 ? 0 : 1] * scale / spline_spectrum(b, m->ly));
  }
  return 0;
}

/* An even length with small factors, at least n; ly in whole cache lines so that columns stay
 * aligned. */
static size_t good_length(size_t n, size_t multiple)
{
  size_t m = (n + multiple - 1) / multiple;
  return vr_fft_good(m) * multiple;
}

int vr_mesh_fit(vr_mesh *m, size_t nx, size_t ny, double h)
{
  int serves =
    m->lx && h == m->h && 2 * nx <= m->lx && 2 * ny <= m->ly && 4 * nx > m->lx && 4 * ny > m->ly;
  if (!serves) {
    // a tenth of room to grow, so that the kernels last for some iterations
    m->lx = good_length(2 * nx + nx / 5, 2);
    m->ly = good_length(2 * ny + ny / 5, 8);
    m->nx = m->lx / 2;
    m->ny = m->ly / 2;
    m->h = h;
    m->half = m->lx / 2 + 1;
    m->stride = (2 * m->half + 15) / 16 * 16;
    int code = allocate(m);
    for (int which = 0; which < 3 && !code; which++) {
      kernel_job job = {m, which};
      code = vr_pool_run(m->pool, (m->ly + ROWS - 1) / ROWS, kernel_rows, &job);
      if (!code)
        code = vr_pool_run(m->pool, (m->half + COLUMNS - 1) / COLUMNS, kernel_columns, &job);
    }
    if (code) {
      m->lx = 0;
      return code;
    }
  }
  memset(m->charge, 0, m->ny * m->stride * sizeof *m->charge);
  return 0;
}

float *vr_mesh_charge(vr_mesh *m, size_t *stride, size_t *rows)
{
  *stride = m->stride;
  *rows = m->ny;
  return m->charge;
}

const float *vr_mesh_force(const vr_mesh *m, int axis)
{
  return m->out[axis];
}

/* -- convolution ------------------------------------------------------------------------------- */

static int rows_forward(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  vr_mesh *m = ctx;
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ny; b++)
    vr_fft_run(m->r2c, m->charge + b * m->stride, m->spec[0] + b * (m->stride / 2));
  return 0;
}

/* out = i k s (an odd kernel). */
FAST static void times_odd(size_t n, const cpx *s, const float *k, cpx *out)
{
#pragma omp simd
  for (size_t b = 0; b < n; b++) {
    out[b][0] = -s[b][1] * k[b];
    out[b][1] = s[b][0] * k[b];
  }
}

FAST static void times_even(size_t n, const cpx *s, const float *k, cpx *out)
{
#pragma omp simd
  for (size_t b = 0; b < n; b++) {
    out[b][0] = s[b][0] * k[b];
    out[b][1] = s[b][1] * k[b];
  }
}

FAST static double power(size_t n, const cpx *s, const float *k)
{
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t b = 0; b < n; b++)
    sum += ((double)s[b][0] * s[b][0] + (double)s[b][1] * s[b][1]) * k[b];
  return sum;
}

/* A block of columns: gathered, and for each forward, products, backward; then put back. */
static int columns_product(void *ctx, size_t chunk, int thread)
{
  vr_mesh *m = ctx;
  size_t ly = m->ly, wide = m->stride / 2, first = chunk * COLUMNS;
  size_t n = m->half - first < COLUMNS ? m->half - first : COLUMNS;
  cpx *slot = m->buf + (size_t)thread * SLOTS * ly;
  cpx *spectrum = slot + 3 * COLUMNS * ly, *product = spectrum + ly;
  double sum = 0;
  for (size_t c = 0; c < n; c++) memset(slot + c * ly + m->ny, 0, (ly - m->ny) * sizeof *slot);
  for (size_t b = 0; b < m->ny; b++)
    for (size_t c = 0; c < n; c++)
      memcpy(slot[c * ly + b], m->spec[0][b * wide + first + c], sizeof *slot);
  for (size_t c = 0; c < n; c++) {
    size_t a = first + c;
    vr_fft_run(m->forward, slot + c * ly, spectrum);
    // columns inside stand for their mirror image too
    double both = a == 0 || a == m->lx / 2 ? 1 : 2;
    sum += both * power(ly, spectrum, m->kernel[2] + a * ly);
    for (int k = 0; k < m->kernels; k++) {
      (k == 2 ? times_even : times_odd)(ly, spectrum, m->kernel[k] + a * ly, product);
      vr_fft_run(m->backward, product, slot + ((size_t)k * COLUMNS + c) * ly);
    }
  }
  for (int k = 0; k < m->kernels; k++)
    for (size_t b = 0; b < m->ny; b++)
      for (size_t c = 0; c < n; c++)
        memcpy(m->spec[k + 1][b * wide + first + c], slot[((size_t)k * COLUMNS + c) * ly + b],
          sizeof *slot);
  m->part[chunk] = sum;
  return 0;
}

static int rows_backward(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  vr_mesh *m = ctx;
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ny; b++)
    for (int k = 0; k < m->kernels; k++)
      vr_fft_run(m->c2r, m->spec[k + 1] + b * (m->stride / 2), m->out[k] + b * m->stride);
  return 0;
}

int vr_mesh_convolve(vr_mesh *m, int potential, double *z)
{
  size_t rows = (m->ny + ROWS - 1) / ROWS, blocks = (m->half + COLUMNS - 1) / COLUMNS;
  m->kernels = potential ? 3 : 2;
  VR_TRY(vr_pool_run(m->pool, rows, rows_forward, m));
  VR_TRY(vr_pool_run(m->pool, blocks, columns_product, m));
  VR_TRY(vr_pool_run(m->pool, rows, rows_backward, m));
  *z = 0;
  for (size_t b = 0; b < blocks; b++) *z += m->part[b];
  return 0;
}
