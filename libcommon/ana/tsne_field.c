#include "ana/tsne_in.h"
#include "base/err.h"
#include <math.h>
#include <string.h>

/* Repulsion by a particle mesh: every point is one unit charge, spread by a cubic B-spline over
 * 4 x 4 nodes. The spectra of the kernels fall as exp(-|k|), so a spacing of SPACING keeps the force
 * within 1.5 % (rms) of the exact one; see tests/unit/ana/test_tsne_force.c. */
#define SPACING 0.4
enum { SMALL = 24, GRIDS = 4, EDGE = 4, POINTS = 4096, ADD = 16384 };

struct vr_field {
  size_t n;
  const vr_pool *pool;
  vr_mesh *mesh;
  vr_nodes nodes; /* of the mesh as it is now */
  size_t grids;   /* charges are spread in so many parts, each on a grid of its own */
  float *grid;    /* (grids - 1) x grid_size; the first part goes to the mesh */
  size_t grid_size;
  double low[2], high[2];
  const double *y;
  double *force;
};

int vr_field_new(size_t n, const vr_pool *pool, vr_field **field)
{
  VR_TRY(vr_alloc(field, 1, sizeof **field));
  vr_field *f = *field;
  *f = (vr_field){.n = n, .pool = pool};
  // the number of parts depends on the points alone, never on the threads
  f->grids = n / 8192 + 1 < GRIDS ? n / 8192 + 1 : GRIDS;
  int code = vr_mesh_new(pool, &f->mesh);
  if (code) {
    vr_field_free(f);
    *field = NULL;
  }
  return code;
}

void vr_field_free(vr_field *f)
{
  if (!f) return;
  vr_mesh_free(f->mesh);
  vr_release(f->grid);
  vr_release(f);
}

/* -- splines ----------------------------------------------------------------------------------- */

/* Place of a point on the grid: first node and the four weights along one axis. */
static inline size_t spline(double place, float w[4])
{
  double floor_ = floor(place);
  float t = (float)(place - floor_), s = 1 - t;
  w[0] = s * s * s * (1 / 6.0f);
  w[1] = (4 - 3 * t * t * (1 + s)) * (1 / 6.0f);
  w[2] = (4 - 3 * s * s * (1 + t)) * (1 / 6.0f);
  w[3] = t * t * t * (1 / 6.0f);
  return (size_t)floor_ - 1;
}

static inline size_t node_of(const vr_field *f, const double *y, float wx[4], float wy[4])
{
  size_t a = spline((y[0] - f->low[0]) / f->nodes.h + EDGE / 2, wx);
  size_t b = spline((y[1] - f->low[1]) / f->nodes.h + EDGE / 2, wy);
  return b * f->nodes.nx + a;
}

/* -- charges ----------------------------------------------------------------------------------- */

static void box_of(vr_field *f, const double *y, double margin)
{
  for (int a = 0; a < 2; a++) {
    f->low[a] = INFINITY;
    f->high[a] = -INFINITY;
  }
  for (size_t i = 0; i < f->n; i++)
    for (int a = 0; a < 2; a++) {
      f->low[a] = fmin(f->low[a], y[2 * i + (size_t)a]);
      f->high[a] = fmax(f->high[a], y[2 * i + (size_t)a]);
    }
  for (int a = 0; a < 2; a++) {
    f->low[a] -= margin;
    f->high[a] += margin;
  }
}

/* The grid for the box of the points. A small map is on a fine grid, its spacing halved until there
 * are SMALL nodes along its longer side. */
static int fit_grid(vr_field *f, const double *y, double margin)
{
  box_of(f, y, margin);
  double dx = f->high[0] - f->low[0], dy = f->high[1] - f->low[1], longer = fmax(dx, dy);
  double h = SPACING;
  if (!isfinite(longer) || longer > 1e5)
    return vr_fail(VR_ENUM, "the map left the finite numbers; use a smaller --learning-rate");
  while (longer < SMALL * h && h > 1e-30) h /= 2;
  VR_TRY(vr_mesh_fit(f->mesh, dx, dy, h, EDGE));
  f->nodes = vr_mesh_nodes(f->mesh);
  size_t size = f->nodes.nx * f->nodes.ny;
  if (f->grids > 1 && size > f->grid_size) {
    vr_release(f->grid);
    f->grid = NULL;
    f->grid_size = 0;
    VR_TRY(vr_alloc(&f->grid, (f->grids - 1) * size, sizeof *f->grid));
    f->grid_size = size;
  }
  return 0;
}

static int spread_part(void *ctx, size_t part, int thread)
{
  (void)thread;
  vr_field *f = ctx;
  size_t each = (f->n + f->grids - 1) / f->grids, nx = f->nodes.nx;
  size_t end = (part + 1) * each < f->n ? (part + 1) * each : f->n;
  float *grid = part ? f->grid + (part - 1) * f->grid_size : f->nodes.charge;
  memset(grid, 0, nx * f->nodes.ny * sizeof *grid);
  for (size_t i = part * each; i < end; i++) {
    float wx[4], wy[4], *to = grid + node_of(f, f->y + 2 * i, wx, wy);
    for (int b = 0; b < 4; b++, to += nx)
      for (int a = 0; a < 4; a++) to[a] += wy[b] * wx[a];
  }
  return 0;
}

/* The parts are added in their order, each chunk some nodes of the grid. */
static int add_parts(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  vr_field *f = ctx;
  size_t size = f->nodes.nx * f->nodes.ny, first = chunk * ADD;
  size_t end = first + ADD < size ? first + ADD : size;
  for (size_t g = 0; g + 1 < f->grids; g++) {
    const float *grid = f->grid + g * f->grid_size;
    for (size_t k = first; k < end; k++) f->nodes.charge[k] += grid[k];
  }
  return 0;
}

static int charges(vr_field *f, const double *y, double margin)
{
  VR_TRY(fit_grid(f, y, margin));
  f->y = y;
  VR_TRY(vr_pool_run(f->pool, f->grids, spread_part, f));
  if (f->grids == 1) return 0;
  return vr_pool_run(f->pool, (f->nodes.nx * f->nodes.ny + ADD - 1) / ADD, add_parts, f);
}

/* -- forces ------------------------------------------------------------------------------------ */

/* Both numbers of the nodes, weighted by the splines. */
static inline void gather(
  const float *grid, size_t nx, const float wx[4], const float wy[4], double out[2])
{
  float sum[8] = {0};
  for (int b = 0; b < 4; b++, grid += 2 * nx)
    for (int a = 0; a < 8; a++) sum[a] += wy[b] * grid[a];
  for (int a = 0; a < 2; a++)
    out[a] =
      (double)((sum[a] * wx[0] + sum[a + 2] * wx[1]) + (sum[a + 4] * wx[2] + sum[a + 6] * wx[3]));
}

static int gather_points(void *ctx, size_t chunk, int thread)
{
  (void)thread;
  vr_field *f = ctx;
  for (size_t i = chunk * POINTS; i < (chunk + 1) * POINTS && i < f->n; i++) {
    float wx[4], wy[4];
    size_t at = node_of(f, f->y + 2 * i, wx, wy);
    gather(f->nodes.force + 2 * at, f->nodes.nx, wx, wy, f->force + 2 * i);
  }
  return 0;
}

int vr_field_push(vr_field *f, const double *y, double *force, double *z)
{
  VR_TRY(charges(f, y, 0));
  VR_TRY(vr_mesh_convolve(f->mesh, 0, z));
  *z -= (double)f->n; // each point on itself
  f->force = force;
  return vr_pool_run(f->pool, (f->n + POINTS - 1) / POINTS, gather_points, f);
}

int vr_field_fix(vr_field *f, const double *y, double margin)
{
  double z;
  VR_TRY(charges(f, y, margin));
  VR_TRY(vr_mesh_convolve(f->mesh, 1, &z));
  VR_TRY(vr_mesh_convolve(f->mesh, 0, &z));
  f->nodes = vr_mesh_nodes(f->mesh);
  return 0;
}

void vr_field_at(const vr_field *f, const double place[2], double *w, double force[2])
{
  float wx[4], wy[4];
  double inside[2], both[2];
  for (int a = 0; a < 2; a++) inside[a] = fmin(fmax(place[a], f->low[a]), f->high[a]);
  size_t at = node_of(f, inside, wx, wy);
  gather(f->nodes.force + 2 * at, f->nodes.nx, wx, wy, force);
  gather(f->nodes.w + 2 * at, f->nodes.nx, wx, wy, both);
  *w = both[0];
}
