// NWB: the place of an animal as one tracked point, from a SpatialSeries; and cells beside any pose
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <stdio.h>
#include <string.h>

enum { PATH = 512 };

typedef struct {
  const vr_h5 *f;
  vr_str paths; // of the series that may be the place, one a line
  size_t n;
} found;

// "GROUP/data", a series of positions: 2 or 3 columns, or the x of a group of x, y and z
static int visit(void *ctx, const char *path, const vr_h5_info *info)
{
  found *s = ctx;
  size_t n = strlen(path);
  char group[PATH], above[PATH];
  if (n < 6 || n - 5 >= sizeof group || strcmp(path + n - 5, "/data")) return 0;
  snprintf(group, sizeof group, "%.*s", (int)(n - 5), path);
  snprintf(above, sizeof above, "%.*s", (int)(strrchr(group, '/') - group), group);
  if (!vr_nwb_is(s->f, group, "SpatialSeries") || !vr_nwb_is(s->f, above, "Position")) return 0;
  int wide = info->rank == 2 && (info->dim[1] == 2 || info->dim[1] == 3);
  int x = info->rank == 1 && !strcmp(strrchr(group, '/'), "/x");
  if (!wide && !x) return 0;
  if (s->n++) vr_str_addc(&s->paths, '\n');
  vr_str_add(&s->paths, x ? above : group);
  return vr_str_ok(&s->paths);
}

static int read_scale(const vr_h5 *f, const char *path, double *factor, double *offset)
{
  *factor = 1;
  *offset = 0;
  if (vr_h5_has_attr(f, path, "conversion"))
    VR_TRY(vr_h5_get_attr_num(f, path, "conversion", factor));
  return vr_h5_has_attr(f, path, "offset") ? vr_h5_get_attr_num(f, path, "offset", offset) : 0;
}

static int read_scaled(const vr_h5 *f, const char *path, double **x, vr_h5_info *info)
{
  double factor, offset;
  VR_TRY(read_scale(f, path, &factor, &offset));
  VR_TRY(vr_import_numbers(f, path, x, info));
  for (size_t i = 0; i < info->rows * info->row; i++) (*x)[i] = (*x)[i] * factor + offset;
  return 0;
}

// (T, 2 or 3) of one series
static int read_wide(const vr_h5 *f, const char *series, vr_import *im)
{
  char path[PATH + 8];
  double *x = NULL;
  vr_h5_info info;
  snprintf(path, sizeof path, "%s/data", series);
  int bad = read_scaled(f, path, &x, &info);
  if (!bad) bad = vr_tracks_alloc(&im->k, info.rows, 1, 1, info.dim[1], 0);
  if (!bad) memcpy(im->k.x, x, info.rows * info.row * sizeof *x);
  vr_release(x);
  return bad ? bad : vr_nwb_rate(f, series, im);
}

// x, y and perhaps z, each a series of its own
static int read_apart(const vr_h5 *f, const char *group, vr_import *im)
{
  static const char *const axis[] = {"x", "y", "z"};
  char path[PATH + 16];
  size_t dims = 2;
  snprintf(path, sizeof path, "%s/z/data", group);
  dims += vr_h5_has(f, path) != 0;
  for (size_t d = 0; d < dims; d++) {
    double *x = NULL;
    vr_h5_info info;
    snprintf(path, sizeof path, "%s/%s/data", group, axis[d]);
    int bad = read_scaled(f, path, &x, &info);
    if (!bad && !d) bad = vr_tracks_alloc(&im->k, info.rows, 1, 1, dims, 0);
    if (!bad && (info.rank != 1 || info.rows != im->k.frames))
      bad = vr_fail(VR_EDATA, "%s is no column of %zu rows", path, im->k.frames);
    for (size_t t = 0; t < info.rows && !bad; t++) im->k.x[t * dims + d] = x[t];
    vr_release(x);
    VR_TRY(bad);
  }
  snprintf(path, sizeof path, "%s/x", group);
  return vr_nwb_rate(f, path, im);
}

static int choose(const found *s)
{
  char **path;
  size_t n;
  vr_str list = {0};
  VR_TRY(vr_str_split(s->paths.s, "\n", &path, &n));
  for (size_t i = 0; i < n; i++) {
    vr_str_add(&list, i ? ", " : "");
    vr_str_add_escaped(&list, path[i], strlen(path[i]), 200);
  }
  int bad = vr_fail(VR_EDATA, "this NWB file holds %zu positions: name one by -i PATH/data: %s", n,
    vr_str_get(&list));
  vr_str_free(&list);
  vr_release(path);
  return bad;
}

static int name_point(const char *series, vr_import *im)
{
  char *point[] = {(char *)strrchr(series, '/') + 1}, *animal[] = {(char *)"animal"};
  VR_TRY(vr_names_copy(point, 1, &im->k.point));
  return vr_names_copy(animal, 1, &im->k.animal);
}

int vr_import_nwb_place(const vr_h5 *f, vr_import *im)
{
  found s = {.f = f};
  int bad = vr_h5_walk(f, "/", visit, &s);
  if (!bad && s.n > 1) bad = choose(&s);
  if (!bad && s.n == 1) {
    char path[PATH + 8];
    snprintf(path, sizeof path, "%s/data", s.paths.s);
    snprintf(im->kind, sizeof im->kind, "NWB position");
    bad = vr_h5_has(f, path) ? read_wide(f, s.paths.s, im) : read_apart(f, s.paths.s, im);
    if (!bad) bad = name_point(s.paths.s, im);
    snprintf(path, sizeof path, "%s%s", s.paths.s, vr_h5_has(f, path) ? "" : "/x");
    if (!bad) vr_nwb_unit(f, path, im);
  }
  vr_str_free(&s.paths);
  return bad;
}

/* -- cells -- */

static int read_subject(const vr_h5 *f, vr_import *im)
{
  static const char path[] = "/general/subject/subject_id";
  char **list = NULL;
  size_t n = 0;
  if (vr_h5_has(f, path) && vr_h5_read_strings(f, path, &list, &n)) n = 0;
  const char *name = n && list[0][0] ? list[0] : "animal";
  int bad = vr_alloc(&im->subject, strlen(name) + 1, 1);
  if (!bad) memcpy(im->subject, name, strlen(name));
  vr_release(list);
  return bad;
}

int vr_import_nwb_cells(const vr_h5 *f, const vr_import_par *par, int alone, vr_import *im)
{
  char series[PATH];
  double factor, offset;
  // a dataset that was named by its path is that of a series
  if (par->dataset && !alone && !im->k.rate && strlen(par->dataset) < sizeof series) {
    snprintf(series, sizeof series, "%s", par->dataset);
    char *last = strrchr(series, '/');
    if (last && !strcmp(last, "/data")) {
      *last = 0;
      VR_TRY(read_scale(f, par->dataset, &factor, &offset));
      vr_tracks_scale(&im->k, factor);
      for (size_t i = 0; i < im->k.frames * im->k.animals * im->k.points * im->k.dims; i++)
        im->k.x[i] += offset;
      vr_nwb_unit(f, series, im);
      VR_TRY(vr_nwb_rate(f, series, im));
    }
  }
  int cells = vr_has_cells(f) && !(par->cells && !strcmp(par->cells, "none"));
  if (alone && !cells) return vr_fail(VR_EDATA, "this NWB file has no /units with spike_times");
  if (cells) VR_TRY(vr_units_read(f, &im->cells, &im->notes));
  if (cells && par->cells) VR_TRY(vr_units_keep(&im->cells, par->cells));
  if (cells || par->trials) VR_TRY(vr_intervals_read(f, par->trials, &im->intervals, &im->notes));
  return read_subject(f, im);
}
