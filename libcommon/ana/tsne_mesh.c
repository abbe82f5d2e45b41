#include "ana/tsne_in.h"
#include "base/err.h"
#include "base/isa.h"
#include "num/fft.h"
#include <math.h>
#include <string.h>

/* Charges c on nx x ny nodes, padded with zeros to lx = 2 nx, ly = 2 ny, so that the cyclic
 * convolution is a free one. Two rows at a time are transformed as one complex row; blocks of columns
 * go forward, are multiplied and come back while they are in cache; the result is one complex
 * number a node, the force along x and i times that along y. The kernels w^2 dx and w^2 dy are odd, so
 * their spectra i X and i Y are imaginary, that of w is real. All are divided by the spectrum of the
 * cubic B-spline once for the charges and once for the evaluation: splines through the nodes then
 * reproduce the kernel there. */
enum { COLUMNS = 16, ROWS = 16, SLOTS = 2 * COLUMNS + 2, SHORTEST = 64, PAD = 8, LINE = 8 };

typedef float cpx[2];

struct vr_mesh {
  const vr_pool *pool;
  vr_arena arena;
  size_t nx, ny, lx, ly, half; /* half = lx / 2 + 1 */
  size_t wide, tall; /* lx and ly with room, so that rows do not share cache lines' sets */
  double h;
  float *charge;    /* ny x nx */
  cpx *force, *w;   /* ny x nx: force along x and y; w and 0, only where it was asked for */
  cpx *spec;        /* ny x half: rows of charges, transformed */
  cpx *back;        /* ny x wide: columns, transformed back; while kernels are made ly x half */
  float *kernel[3]; /* half x ly, column after column: X, Y, and of w */
  cpx *buf;         /* threads x SLOTS x the longer of wide and tall */
  double *part;     /* of z: one a block of columns */
  const vr_fft *real, *row, *row_back, *column, *column_back;
  int potential; /* w is wanted, not the force */
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

static cpx *buffer(const vr_mesh *m, int thread)
{
  return m->buf + (size_t)thread * SLOTS * (m->wide > m->tall ? m->wide : m->tall);
}

/* Arrays and plans for the present lengths. */
static int allocate(vr_mesh *m)
{
  size_t nodes = m->ny * m->nx, longer = m->wide > m->tall ? m->wide : m->tall;
  vr_arena_free(&m->arena);
  VR_TRY(vr_arena_alloc(&m->arena, &m->charge, nodes, sizeof *m->charge));
  VR_TRY(vr_arena_alloc(&m->arena, &m->force, nodes, sizeof *m->force));
  VR_TRY(vr_arena_alloc(&m->arena, &m->spec, m->ny * m->half, sizeof *m->spec));
  VR_TRY(vr_arena_alloc(&m->arena, &m->back, m->ly * (m->half + PAD), sizeof *m->back));
  for (int k = 0; k < 3; k++)
    VR_TRY(vr_arena_alloc(&m->arena, &m->kernel[k], m->half * m->ly, sizeof *m->kernel[k]));
  size_t buf = SLOTS * longer * (size_t)vr_pool_threads(m->pool);
  VR_TRY(vr_arena_alloc(&m->arena, &m->buf, buf, sizeof *m->buf));
  VR_TRY(vr_arena_alloc(&m->arena, &m->part, m->half / COLUMNS + 1, sizeof *m->part));
  m->w = NULL;
  VR_TRY(vr_fft_plan(VR_FFT_R2C, 1, m->lx, &m->real));
  VR_TRY(vr_fft_plan(VR_FFT_FORWARD, 1, m->lx, &m->row));
  VR_TRY(vr_fft_plan(VR_FFT_BACKWARD, 1, m->lx, &m->row_back));
  VR_TRY(vr_fft_plan(VR_FFT_FORWARD, 1, m->ly, &m->column));
  return vr_fft_plan(VR_FFT_BACKWARD, 1, m->ly, &m->column_back);
}

/* -- kernels ----------------------------------------------------------------------------------- */

/* Spectrum of the cubic B-spline at the nodes, (1 4 1) / 6, squared: charges and evaluation. */
static double spline_spectrum(size_t k, size_t length)
{
  double s = (2 + cos(2 * M_PI * (double)k / (double)length)) / 3;
  return s * s;
}

/* Row b of kernel `which`, in cyclic order; of the lag that is both ends nothing is odd. */
static void kernel_row(const vr_mesh *m, int which, size_t b, float *row)
{
  ptrdiff_t lag = b < m->ly / 2 ? (ptrdiff_t)b : (ptrdiff_t)b - (ptrdiff_t)m->ly;
  double dy = m->h * (double)lag;
  for (size_t a = 0; a < m->lx; a++) {
    ptrdiff_t along = a < m->lx / 2 ? (ptrdiff_t)a : (ptrdiff_t)a - (ptrdiff_t)m->lx;
    double dx = m->h * (double)along, w = 1 / (1 + dx * dx + dy * dy), odd = w * w;
    if (which == 0) odd *= a == m->lx / 2 ? 0 : dx;
    if (which == 1) odd *= b == m->ly / 2 ? 0 : dy;
    row[a] = (float)(which == 2 ? w : odd);
  }
}

typedef struct {
  vr_mesh *m;
  int which;
} kernel_job;

static int kernel_rows(void *ctx, size_t chunk, int thread)
{
  const kernel_job *job = ctx;
  vr_mesh *m = job->m;
  float *row = (float *)buffer(m, thread);
  cpx *out = (cpx *)row + m->lx;
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ly; b++) {
    kernel_row(m, job->which, b, row);
    vr_fft_run(m->real, row, out);
    memcpy(m->back + b * m->half, out, m->half * sizeof *out);
  }
  return 0;
}

static int kernel_columns(void *ctx, size_t chunk, int thread)
{
  const kernel_job *job = ctx;
  vr_mesh *m = job->m;
  cpx *in = buffer(m, thread), *out = in + m->ly;
  int part = job->which == 2 ? 0 : 1;
  for (size_t a = chunk * COLUMNS; a < (chunk + 1) * COLUMNS && a < m->half; a++) {
    for (size_t b = 0; b < m->ly; b++) memcpy(in[b], m->back[b * m->half + a], sizeof *in);
    vr_fft_run(m->column, in, out);
    double scale = 1 / ((double)m->lx * (double)m->ly * spline_spectrum(a, m->lx));
    for (size_t b = 0; b < m->ly; b++)
      m->kernel[job->which][a * m->ly + b] =
        (float)((double)out[b][part] * scale / spline_spectrum(b, m->ly));
  }
  return 0;
}

/* The fastest transforms have lengths 2^k, 5 2^k and 3 2^k: on the processors tried up to twice as
 * fast as their neighbours. */
static size_t good_length(size_t n)
{
  size_t length = SHORTEST;
  while (2 * length < n) length *= 2;
  for (size_t quarters = 4; quarters < 8; quarters++)
    if (quarters != 7 && length / 4 * quarters >= n) return length / 4 * quarters;
  return 2 * length;
}

int vr_mesh_fit(vr_mesh *m, double width, double height, double h, size_t edge)
{
  // what there is serves while the box fits, unless its nodes are much too dense
  double nodes_x = width / m->h + (double)edge + 1, nodes_y = height / m->h + (double)edge + 1;
  if (m->lx && m->h <= h && m->h > 0.4 * h && nodes_x <= (double)m->nx && nodes_y <= (double)m->ny)
    return 0;
  // a tenth of room to grow, so that the kernels last for some iterations
  double room_x = 1.1 * width, room_y = 1.1 * height;
  m->lx = good_length(2 * ((size_t)(room_x / h) + edge + 1));
  m->ly = good_length(2 * ((size_t)(room_y / h) + edge + 1));
  m->nx = m->lx / 2;
  m->ny = m->ly / 2;
  m->half = m->lx / 2 + 1;
  m->wide = m->lx + PAD;
  m->tall = m->ly + PAD;
  // lengths are few: nodes as dense as the length allows
  double dense = fmax(room_x / (double)(m->nx - edge - 1), room_y / (double)(m->ny - edge - 1));
  m->h = fmin(h, fmax(dense, 0.5 * h));
  int code = allocate(m);
  for (int which = 0; which < 3 && !code; which++) {
    kernel_job job = {m, which};
    code = vr_pool_run(m->pool, (m->ly + ROWS - 1) / ROWS, kernel_rows, &job);
    if (!code) code = vr_pool_run(m->pool, (m->half + COLUMNS - 1) / COLUMNS, kernel_columns, &job);
  }
  if (code) m->lx = 0;
  return code;
}

vr_nodes vr_mesh_nodes(const vr_mesh *m)
{
  return (vr_nodes){m->nx, m->ny, m->h, m->charge, &m->force[0][0], m->w ? &m->w[0][0] : NULL};
}

/* -- convolution ------------------------------------------------------------------------------- */

/* Rows 2 b and 2 b + 1 as real and imaginary part of one; their half spectra are told apart by
 * symmetry. */
static void pair_forward(vr_mesh *m, size_t b, cpx *in, cpx *out)
{
  const float *one = m->charge + b * m->nx, *two = one + m->nx;
  cpx *s = m->spec + b * m->half, *t = s + m->half;
  for (size_t a = 0; a < m->nx; a++) {
    in[a][0] = one[a];
    in[a][1] = two[a];
  }
  memset(in + m->nx, 0, (m->lx - m->nx) * sizeof *in);
  vr_fft_run(m->row, in, out);
  for (size_t k = 0; k < m->half; k++) {
    const float *z = out[k], *mirror = out[k ? m->lx - k : 0];
    s[k][0] = 0.5f * (z[0] + mirror[0]);
    s[k][1] = 0.5f * (z[1] - mirror[1]);
    t[k][0] = 0.5f * (z[1] + mirror[1]);
    t[k][1] = 0.5f * (mirror[0] - z[0]);
  }
}

static int rows_forward(void *ctx, size_t chunk, int thread)
{
  vr_mesh *m = ctx;
  cpx *in = buffer(m, thread);
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ny; b += 2)
    pair_forward(m, b, in, in + m->lx);
  return 0;
}

/* The spectrum of force x + i force y is (i X - Y) s at k, and at -k the conjugate of (i X + Y) s:
 * up and down get these two products. */
VR_CLONES static void times_force(
  size_t n, const cpx *s, const float *x, const float *y, cpx *up, cpx *down)
{
#pragma omp simd
  for (size_t b = 0; b < n; b++) {
    float re = s[b][0], im = s[b][1], xi = x[b] * im, xr = x[b] * re, yr = y[b] * re,
          yi = y[b] * im;
    up[b][0] = -xi - yr;
    up[b][1] = xr - yi;
    down[b][0] = yr - xi;
    down[b][1] = xr + yi;
  }
}

VR_CLONES static void times_w(size_t n, const cpx *s, const float *w, cpx *up)
{
#pragma omp simd
  for (size_t b = 0; b < n; b++) {
    up[b][0] = s[b][0] * w[b];
    up[b][1] = s[b][1] * w[b];
  }
}

VR_CLONES static double power(size_t n, const cpx *s, const float *w)
{
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t b = 0; b < n; b++) sum += (double)((s[b][0] * s[b][0] + s[b][1] * s[b][1]) * w[b]);
  return sum;
}

/* One column: forward, products, back: column a in `slot`, its mirror image in `mirror`. */
static double column_product(vr_mesh *m, size_t a, cpx *slot, cpx *mirror, cpx *s, cpx *up)
{
  size_t at = a * m->ly;
  int inner = a > 0 && a < m->lx / 2;
  vr_fft_run(m->column, slot, s);
  if (m->potential) {
    times_w(m->ly, s, m->kernel[2] + at, up);
    vr_fft_run(m->column_back, up, slot);
    memcpy(mirror, slot, m->ny * sizeof *slot); // conjugated where it is put back
  } else {
    times_force(m->ly, s, m->kernel[0] + at, m->kernel[1] + at, up, slot);
    if (inner) vr_fft_run(m->column_back, slot, mirror);
    vr_fft_run(m->column_back, up, slot);
  }
  return (inner ? 2 : 1) * power(m->ly, s, m->kernel[2] + at);
}

/* Columns first .. first+n-1 of the rows, each into its slot; LINE rows at a time stay in cache. */
static void columns_out(const vr_mesh *m, size_t first, size_t n, cpx *slot)
{
  for (size_t low = 0; low < m->ny; low += LINE)
    for (size_t c = 0; c < n; c++)
      for (size_t b = low; b < low + LINE; b++)
        memcpy(slot[c * m->tall + b], m->spec[b * m->half + first + c], sizeof *slot);
}

/* The way back; columns inside have a mirror image at lx - a. */
static void columns_in(const vr_mesh *m, size_t first, size_t n, cpx *slot, cpx *mirror)
{
  for (size_t low = 0; low < m->ny; low += LINE)
    for (size_t c = 0; c < n; c++) {
      size_t a = first + c;
      cpx *to = m->back + low * m->wide, *from = slot + c * m->tall + low;
      for (size_t b = 0; b < LINE; b++) memcpy(to[b * m->wide + a], from[b], sizeof *to);
      if (a == 0 || a == m->lx / 2) continue;
      from = mirror + c * m->tall + low;
      for (size_t b = 0; b < LINE; b++) {
        to[b * m->wide + m->lx - a][0] = from[b][0];
        to[b * m->wide + m->lx - a][1] = -from[b][1];
      }
    }
}

static int columns_product(void *ctx, size_t chunk, int thread)
{
  vr_mesh *m = ctx;
  size_t tall = m->tall, first = chunk * COLUMNS;
  size_t n = m->half - first < COLUMNS ? m->half - first : COLUMNS;
  cpx *slot = buffer(m, thread), *mirror = slot + COLUMNS * tall, *s = mirror + COLUMNS * tall;
  m->part[chunk] = 0;
  columns_out(m, first, n, slot);
  for (size_t c = 0; c < n; c++) {
    memset(slot + c * tall + m->ny, 0, (m->ly - m->ny) * sizeof *slot);
    m->part[chunk] += column_product(m, first + c, slot + c * tall, mirror + c * tall, s, s + tall);
  }
  columns_in(m, first, n, slot, mirror);
  return 0;
}

static int rows_backward(void *ctx, size_t chunk, int thread)
{
  vr_mesh *m = ctx;
  cpx *out = buffer(m, thread), *to = m->potential ? m->w : m->force;
  for (size_t b = chunk * ROWS; b < (chunk + 1) * ROWS && b < m->ny; b++) {
    vr_fft_run(m->row_back, m->back + b * m->wide, out);
    memcpy(to + b * m->nx, out, m->nx * sizeof *out);
  }
  return 0;
}

int vr_mesh_convolve(vr_mesh *m, int potential, double *z)
{
  size_t rows = (m->ny + ROWS - 1) / ROWS, blocks = (m->half + COLUMNS - 1) / COLUMNS;
  m->potential = potential;
  if (potential && !m->w) VR_TRY(vr_arena_alloc(&m->arena, &m->w, m->ny * m->nx, sizeof *m->w));
  VR_TRY(vr_pool_run(m->pool, rows, rows_forward, m));
  VR_TRY(vr_pool_run(m->pool, blocks, columns_product, m));
  VR_TRY(vr_pool_run(m->pool, rows, rows_backward, m));
  *z = 0;
  for (size_t b = 0; b < blocks; b++) *z += m->part[b];
  return 0;
}
