// NWB: pose of the extension ndx-pose, one PoseEstimation an animal, one series a point
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 512 };

/* The series of all points, as they lie in the file: by path. */
typedef struct {
  const vr_h5 *f;
  vr_str paths; /* of the groups of the series, one a line */
  size_t n;
  char **series; /* the same, split */
  char **animal; /* paths of their PoseEstimation groups; animals of them */
  size_t animals;
} found;

int vr_nwb_is(const vr_h5 *f, const char *group, const char *type)
{
  char *own = NULL;
  if (!vr_h5_has_attr(f, group, "neurodata_type")) return 0;
  if (vr_h5_get_attr_str(f, group, "neurodata_type", &own)) return 0;
  int yes = !strcmp(own, type);
  vr_release(own);
  return yes;
}

/* a dataset "GROUP/data" of a PoseEstimationSeries is taken down */
static int visit(void *ctx, const char *path, const vr_h5_info *info)
{
  found *s = ctx;
  size_t n = strlen(path);
  char group[PATH];
  (void)info;
  if (n < 6 || n - 5 >= sizeof group || strcmp(path + n - 5, "/data")) return 0;
  snprintf(group, sizeof group, "%.*s", (int)(n - 5), path);
  if (!vr_nwb_is(s->f, group, "PoseEstimationSeries")) return 0;
  if (s->n++) vr_str_addc(&s->paths, '\n');
  vr_str_add(&s->paths, group);
  return vr_str_ok(&s->paths);
}

static const char *last_part(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* the groups above the series, each once */
static int find_animals(found *s)
{
  VR_TRY(vr_str_split(s->paths.s, "\n", &s->series, &s->n));
  char **above, **block = NULL;
  VR_TRY(vr_alloc(&above, s->n, sizeof *above));
  int bad = vr_names_copy(s->series, s->n, &block);
  for (size_t i = 0; i < s->n && !bad; i++) {
    *strrchr(block[i], '/') = 0;
    if (vr_names_find(above, s->animals, block[i]) == s->animals) above[s->animals++] = block[i];
  }
  if (!bad) bad = vr_names_copy(above, s->animals, &s->animal);
  vr_release(block);
  vr_release(above);
  return bad;
}

/* Names of the points: those of the nodes when the series of an animal bear them, else of the
 * series in their order. */
static int name_points(const found *s, vr_tracks *k)
{
  char path[PATH + 32], **nodes = NULL, **names;
  size_t per = s->n / s->animals, n = 0, match = 0;
  const char *const where[] = {"nodes", "skeleton/nodes"};
  for (size_t w = 0; w < 2 && !nodes; w++) {
    snprintf(path, sizeof path, "%s/%s", s->animal[0], where[w]);
    if (vr_h5_has(s->f, path)) VR_TRY(vr_h5_read_strings(s->f, path, &nodes, &n));
  }
  for (size_t i = 0; i < n; i++) {
    snprintf(path, sizeof path, "%s/%.200s", s->animal[0], nodes[i]);
    match += vr_nwb_is(s->f, path, "PoseEstimationSeries");
  }
  k->points = per;
  if (n == per && match == n) {
    k->point = nodes;
    return 0;
  }
  vr_release(nodes);
  VR_TRY(vr_alloc(&names, s->n, sizeof *names));
  n = 0;
  size_t above = strlen(s->animal[0]);
  for (size_t i = 0; i < s->n; i++)
    if (!strncmp(s->series[i], s->animal[0], above) && s->series[i][above] == '/')
      names[n++] = (char *)last_part(s->series[i]);
  int bad = n == per ? vr_names_copy(names, n, &k->point)
                     : vr_fail(VR_EDATA, "animals have %zu and %zu points", n, per);
  vr_release(names);
  return bad;
}

static double number_attr(const vr_h5 *f, const char *path, const char *name, double otherwise)
{
  double x = otherwise;
  if (vr_h5_has_attr(f, path, name) && vr_h5_get_attr_num(f, path, name, &x)) x = otherwise;
  return x;
}

/* rate from starting_time or timestamps; steps of 1 s are frame numbers by mistake */
int vr_nwb_rate(const vr_h5 *f, const char *series, vr_import *im)
{
  char path[PATH + 32];
  vr_h5_info info;
  double *time = NULL;
  snprintf(path, sizeof path, "%s/starting_time", series);
  if (vr_h5_has(f, path)) {
    im->k.rate = number_attr(f, path, "rate", 0);
    VR_TRY(vr_h5_read(f, path, VR_F64, 0, 1, &im->clock));
    snprintf(im->rate_from, sizeof im->rate_from, "starting_time");
    return 0;
  }
  snprintf(path, sizeof path, "%s/timestamps", series);
  if (!vr_h5_has(f, path)) return 0;
  VR_TRY(vr_import_numbers(f, path, &time, &info));
  int bad = info.rows == im->k.frames ? 0 : vr_fail(VR_EDATA, "%s: wrong length", path);
  if (!bad) im->clock = time[0];
  if (!bad) bad = vr_import_clock(time, info.rows, "the timestamps", im);
  if (!bad && fabs(im->k.rate - 1) < 1e-9) {
    vr_str_add(&im->notes, "timestamps are 1 s apart: taken as frame numbers\n");
    im->k.rate = 0;
  }
  if (!bad) bad = vr_tracks_spread(&im->k, time, &im->added);
  vr_release(time);
  return bad;
}

/* one point of one animal; the first lays out the room for all */
static int read_series(const found *s, size_t a, size_t p, vr_import *im)
{
  char path[PATH + 32];
  double *x = NULL, *c = NULL;
  vr_h5_info info, ci;
  vr_tracks *k = &im->k;
  size_t points = k->points;
  snprintf(path, sizeof path, "%s/%.200s/data", s->animal[a], k->point[p]);
  VR_TRY(vr_import_numbers(s->f, path, &x, &info));
  int bad = info.rank == 2 ? 0 : vr_fail(VR_EDATA, "%s has %d axes, not 2", path, info.rank);
  if (!bad && !k->x) bad = vr_tracks_alloc(k, info.rows, s->animals, points, info.dim[1], 1);
  if (!bad && (info.rows != k->frames || info.dim[1] != k->dims))
    bad = vr_fail(VR_EDATA, "%s is %zu x %zu, others %zu x %zu", path, info.rows, info.dim[1],
      k->frames, k->dims);
  double factor = number_attr(s->f, path, "conversion", 1),
         offset = number_attr(s->f, path, "offset", 0);
  for (size_t i = 0; !bad && i < info.rows * info.dim[1]; i++)
    vr_point(k, i / k->dims, a, p)[i % k->dims] = x[i] * factor + offset;
  snprintf(path, sizeof path, "%s/%.200s/confidence", s->animal[a], k->point[p]);
  if (!bad && vr_h5_has(s->f, path)) bad = vr_import_numbers(s->f, path, &c, &ci);
  if (!bad && c && ci.rows * ci.row != k->frames) bad = vr_fail(VR_EDATA, "%s: wrong length", path);
  for (size_t t = 0; !bad && c && t < k->frames; t++) *vr_conf(k, t, a, p) = c[t];
  vr_release(x);
  vr_release(c);
  return bad;
}

void vr_nwb_unit(const vr_h5 *f, const char *series, vr_import *im)
{
  char path[PATH + 32], *unit = NULL;
  snprintf(path, sizeof path, "%s/data", series);
  im->units = "1";
  if (!vr_h5_has_attr(f, path, "unit") || vr_h5_get_attr_str(f, path, "unit", &unit)) return;
  if (!strncmp(unit, "pixel", 5)) im->units = "px";
  if (!strcmp(unit, "meters") || !strcmp(unit, "m")) im->units = "m";
  vr_release(unit);
  if (im->k.dims == 3 && !strcmp(im->units, "px"))
    vr_str_add(&im->notes, "the file calls its 3-D units pixels: say --units if they are not\n");
}

static int read_all(found *s, vr_import *im)
{
  VR_TRY(find_animals(s));
  VR_TRY(name_points(s, &im->k));
  for (size_t a = 0; a < s->animals; a++)
    for (size_t p = 0; p < im->k.points; p++) VR_TRY(read_series(s, a, p, im));
  char **names;
  VR_TRY(vr_alloc(&names, s->animals, sizeof *names));
  for (size_t a = 0; a < s->animals; a++)
    names[a] = s->animals > 1 ? (char *)last_part(s->animal[a]) : (char *)"animal";
  int bad = vr_names_copy(names, s->animals, &im->k.animal);
  vr_release(names);
  VR_TRY(bad);
  vr_nwb_unit(s->f, s->series[0], im);
  return vr_nwb_rate(s->f, s->series[0], im);
}

int vr_import_nwb(const vr_h5 *f, const vr_import_par *par, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "NWB pose");
  found s = {.f = f};
  int bad = vr_h5_walk(f, "/", visit, &s);
  if (!bad) bad = s.n ? read_all(&s, im) : vr_import_nwb_place(f, im);
  vr_str_free(&s.paths);
  vr_release(s.series);
  vr_release(s.animal);
  if (bad || im->k.frames) return bad;
  if (vr_has_cells(f) && !(par->cells && !strcmp(par->cells, "none"))) return 0;
  return vr_fail(VR_EDATA,
    "this NWB file holds no pose (PoseEstimation), no Position and no units: name an array of "
    "positions by -i PATH (h5ls -r lists them)");
}
