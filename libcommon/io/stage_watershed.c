#include "io/stage_watershed.h"
#include "ana/bouts.h"
#include "ana/regions.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "io/labels.h"
#include <math.h>
#include <string.h>

#define GROUP "/region"

// everything between reading the map and writing the regions
typedef struct {
  vr_mat xy, p, table;
  vr_trials tr;
  vr_grid g;
  double floor;
  int32_t *label, *of; // grid, frames
  size_t regions;
  double sigma[VR_SWEEP_COUNT];
  int32_t count[VR_SWEEP_COUNT];
  vr_bouts bouts;
} work;

static void work_free(work *w)
{
  vr_mat_free(&w->xy);
  vr_mat_free(&w->p);
  vr_mat_free(&w->table);
  vr_trials_free(&w->tr);
  vr_bouts_free(&w->bouts);
  vr_release(w->label);
  vr_release(w->of);
}

// region counts of all sigmas; with par->regions the first that has few enough is taken
static int run_sweep(
  work *w, const vr_stage_watershed_par *par, const vr_pool *pool, vr_density_par *density)
{
  VR_TRY(vr_grid_fit(&w->xy, density, &w->g));
  for (int k = 0; k < VR_SWEEP_COUNT; k++)
    w->sigma[k] = VR_SWEEP_FIRST * w->g.width * exp2((double)k / VR_SWEEP_STEPS);
  VR_TRY(
    vr_watershed_sweep(&w->xy, density, &par->watershed, pool, w->sigma, VR_SWEEP_COUNT, w->count));
  if (par->regions < 1) return 0;
  for (int k = 0; k < VR_SWEEP_COUNT; k++)
    if (w->count[k] <= par->regions) {
      density->sigma = w->sigma[k];
      return 0;
    }
  return vr_fail(VR_EARG,
    "no sigma up to %g gives %d regions or fewer: say --merge or more regions",
    w->sigma[VR_SWEEP_COUNT - 1], par->regions);
}

static int divide(work *w, const vr_stage_watershed_par *par, const vr_pool *pool)
{
  vr_density_par density = par->density;
  vr_watershed_par shed = par->watershed;
  if (par->sweep || par->regions > 0) VR_TRY(run_sweep(w, par, pool, &density));
  VR_TRY(vr_grid_fit(&w->xy, &density, &w->g));
  VR_TRY(vr_density(&w->xy, &w->g, pool, &w->p));
  VR_TRY(vr_alloc(&w->label, w->g.n * w->g.n, sizeof *w->label));
  shed.floor = w->floor = vr_watershed_floor(&shed, &w->g);
  VR_TRY(vr_watershed(&w->p, &shed, w->label, &w->regions));
  return vr_regions(&w->p, &w->g, w->label, w->regions, &w->table);
}

// frames to regions, smoothed in time, and their bouts
static int follow(work *w, const vr_stage_watershed_par *par)
{
  int32_t *raw;
  double half = floor(par->smooth * w->tr.rate / 2 + 1e-9);
  double shortest = ceil(par->shortest * w->tr.rate - 1e-9);
  VR_TRY(vr_alloc(&w->of, w->xy.rows, sizeof *w->of));
  VR_TRY(vr_alloc(&raw, w->xy.rows, sizeof *raw));
  vr_regions_of(&w->xy, &w->g, w->label, raw);
  int code = vr_bouts_smooth(raw, &w->tr, w->regions, (size_t)fmin(half, 1e9), w->of);
  vr_release(raw);
  if (code) return code;
  return vr_bouts_find(w->of, &w->tr, (size_t)fmax(1, fmin(shortest, 1e15)), &w->bouts);
}

static int put_column(
  vr_turn *t, const char *path, const vr_mat *m, size_t col, const char *axis, const char *units)
{
  vr_mat one = {0};
  int code = vr_mat_resize(&one, m->rows, 1);
  for (size_t i = 0; i < m->rows && !code; i++) one.a[i] = vr_row(m, i)[col];
  if (!code) code = vr_h5_put(t->out, path, VR_F64, 1, &m->rows, one.a, axis, units);
  vr_mat_free(&one);
  return code;
}

static int put_doubles(
  vr_turn *t, const char *path, const double *a, size_t n, const char *axis, const char *units)
{
  return vr_h5_put(t->out, path, VR_F64, 1, &n, a, axis, units);
}

static int put_grid(vr_turn *t, const work *w, const char *units)
{
  size_t n = w->g.n, dim[2] = {n, n};
  double *at;
  VR_TRY(vr_alloc(&at, n, sizeof *at));
  for (size_t i = 0; i < n; i++) at[i] = w->g.x0 + (double)i * w->g.step;
  int code = put_doubles(t, GROUP "/x", at, n, "x", units);
  for (size_t i = 0; i < n; i++) at[i] = w->g.y0 + (double)i * w->g.step;
  if (!code) code = put_doubles(t, GROUP "/y", at, n, "y", units);
  vr_release(at);
  if (code) return code;
  VR_TRY(vr_h5_put(t->out, GROUP "/density", VR_F64, 2, dim, w->p.a, "y x",
    strcmp(units, "1") ? "1 / units of x^2" : "1"));
  VR_TRY(vr_h5_put(t->out, GROUP "/label", VR_I32, 2, dim, w->label, "y x", ""));
  VR_TRY(vr_h5_set_attr_num(t->out, GROUP "/density", "sigma", w->g.sigma));
  return vr_h5_set_attr_num(t->out, GROUP "/density", "floor", w->floor);
}

static int put_table(vr_turn *t, const work *w, const char *units)
{
  size_t n = w->regions;
  vr_mat peak = {0};
  int code = vr_mat_resize(&peak, n, 2);
  for (size_t i = 0; i < n && !code; i++) {
    vr_row(&peak, i)[0] = vr_row(&w->table, i)[VR_REGION_X];
    vr_row(&peak, i)[1] = vr_row(&w->table, i)[VR_REGION_Y];
  }
  if (!code) code = vr_put_mat(t, GROUP "/peak", &peak, "region coordinate", units);
  vr_mat_free(&peak);
  if (code) return code;
  VR_TRY(put_column(t, GROUP "/height", &w->table, VR_REGION_HEIGHT, "region", "1"));
  VR_TRY(put_column(t, GROUP "/area", &w->table, VR_REGION_AREA, "region", "1"));
  return put_column(t, GROUP "/mass", &w->table, VR_REGION_MASS, "region", "1");
}

static int put_dwell(vr_turn *t, const work *w)
{
  size_t n = w->regions;
  int32_t *count;
  double *mean = NULL;
  VR_TRY(vr_alloc(&count, 2 * n, sizeof *count));
  int code = vr_alloc(&mean, 2 * n, sizeof *mean);
  if (!code) code = vr_bouts_dwell(&w->bouts, w->tr.rate, n, count, mean, mean + n);
  for (size_t i = 0; i < w->xy.rows && !code; i++)
    if (w->of[i]) count[n + (size_t)w->of[i] - 1]++;
  if (!code) code = vr_put_ints(t, GROUP "/visits", count, n, "region");
  if (!code) code = vr_put_ints(t, GROUP "/frames", count + n, n, "region");
  if (!code) code = put_doubles(t, GROUP "/dwell", mean, n, "region", "s");
  if (!code) code = put_doubles(t, GROUP "/dwell_median", mean + n, n, "region", "s");
  vr_release(mean);
  vr_release(count);
  return code;
}

static int put_bouts(vr_turn *t, const work *w)
{
  const vr_bouts *b = &w->bouts;
  double *start;
  VR_TRY(vr_alloc(&start, 2 * b->n, sizeof *start));
  double *stop = start + b->n;
  for (size_t k = 0; k < b->n; k++) {
    size_t at = b->first[k] - w->tr.first[b->trial[k]];
    start[k] = (double)at / w->tr.rate;
    stop[k] = (double)(at + b->frames[k]) / w->tr.rate;
  }
  int code = vr_put_ints(t, GROUP "/bout/region", b->label, b->n, "bout");
  if (!code) code = vr_put_ints(t, GROUP "/bout/trial", b->trial, b->n, "bout");
  if (!code) code = put_doubles(t, GROUP "/bout/start", start, b->n, "bout", "s");
  if (!code) code = put_doubles(t, GROUP "/bout/stop", stop, b->n, "bout", "s");
  vr_release(start);
  return code;
}

static int put_all(vr_turn *t, const work *w, int sweep, const char *units)
{
  VR_TRY(vr_h5_remove(t->out, GROUP));
  VR_TRY(put_grid(t, w, units));
  VR_TRY(put_table(t, w, units));
  VR_TRY(put_dwell(t, w));
  VR_TRY(put_bouts(t, w));
  if (sweep) {
    VR_TRY(put_doubles(t, GROUP "/sweep/sigma", w->sigma, VR_SWEEP_COUNT, "sigma", units));
    VR_TRY(vr_put_ints(t, GROUP "/sweep/regions", w->count, VR_SWEEP_COUNT, "sigma"));
  }
  return vr_put_ints(t, "/label/region", w->of, w->xy.rows, "time");
}

int vr_stage_watershed(vr_turn *t, const char *path, const vr_stage_watershed_par *par,
  const vr_pool *pool, vr_stage_watershed_info *info)
{
  work w = {0};
  char *units = NULL;
  int code = vr_get_mat(t, path, &w.xy);
  if (!code && (w.xy.cols != 2 || !w.xy.rows))
    code = vr_fail(VR_EDATA, "%s: a map has 2 columns and at least a row, not %zu x %zu", path,
      w.xy.rows, w.xy.cols);
  if (!code) code = vr_get_trials(t, &w.tr);
  if (!code && vr_trials_rows(&w.tr) != w.xy.rows)
    code = vr_fail(VR_EDATA, "%s: %zu rows for %zu frames", path, w.xy.rows, vr_trials_rows(&w.tr));
  if (!code) code = divide(&w, par, pool);
  if (!code) code = follow(&w, par);
  if (!code && vr_h5_get_attr_str(vr_turn_find(t, path), path, "units", &units)) units = NULL;
  if (!code) code = put_all(t, &w, par->sweep, units ? units : "1");
  if (!code) {
    *info = (vr_stage_watershed_info){.regions = w.regions,
      .bouts = w.bouts.n,
      .sigma = w.g.sigma,
      .floor = w.floor,
      .frames = w.xy.rows};
    for (size_t i = 0; i < w.xy.rows; i++) info->outside += !w.of[i];
  }
  vr_release(units);
  work_free(&w);
  return code;
}
