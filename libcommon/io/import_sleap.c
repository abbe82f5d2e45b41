// SLEAP: analysis HDF5 in any order of its axes, and csv
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t count_names(const vr_h5 *f, const char *path)
{
  vr_h5_info info;
  if (!vr_h5_has(f, path) || vr_h5_get_info(f, path, &info) || info.rank != 1) return 0;
  return info.dim[0];
}

/* Axes of /tracks: what the caller says, what the file says, or what the lengths allow; where they
 * allow several, SLEAP's own order. */
static int find_axes(
  const vr_h5 *f, const vr_import_par *par, const vr_h5_info *info, vr_axis_order *o, vr_import *im)
{
  if (par->axes) return vr_axes_parse(par->axes, 4, o);
  char *text = NULL;
  if (vr_h5_has_attr(f, "/tracks", "dims") && !vr_h5_get_attr_str(f, "/tracks", "dims", &text)) {
    int bad = vr_axes_parse(text, 4, o);
    vr_release(text);
    return bad;
  }
  const vr_axis_order matlab = {3, 0, 2, 1}, standard = {0, 1, 2, 3};
  if (vr_h5_has_attr(f, "/", "preset") && !vr_h5_get_attr_str(f, "/", "preset", &text)) {
    int std = !strcmp(text, "standard");
    vr_release(text);
    *o = std ? standard : matlab;
    return 0;
  }
  // lengths that are known: points from their names, animals and frames from the occupancy
  vr_h5_info occ = {.rank = -1};
  if (vr_h5_has(f, "/track_occupancy")) VR_TRY(vr_h5_get_info(f, "/track_occupancy", &occ));
  size_t points = count_names(f, "/node_names"), fits = 0;
  const vr_axis_order *list[] = {&matlab, &standard};
  for (size_t i = 0; i < 2; i++) {
    const vr_axis_order *c = list[i];
    int ok = info->dim[c->space] == 2 || info->dim[c->space] == 3;
    if (points) ok &= info->dim[c->point] == points;
    if (occ.rank == 2)
      ok &= info->dim[c->frame] == occ.dim[0] && info->dim[c->animal] == occ.dim[1];
    if (ok && !fits++) *o = *c;
  }
  if (!fits)
    return vr_fail(VR_EDATA,
      "/tracks is %zu x %zu x %zu x %zu, which fits neither order of SLEAP with %zu points: say "
      "--axes",
      info->dim[0], info->dim[1], info->dim[2], info->dim[3], points);
  if (fits > 1)
    vr_str_add(&im->notes, "the order of axes is ambiguous: taken as SLEAP writes it\n");
  return 0;
}

static int read_edges(const vr_h5 *f, vr_import *im)
{
  if (!vr_h5_has(f, "/edge_inds")) return 0;
  double *e = NULL;
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, "/edge_inds", &e, &info));
  vr_tracks *k = &im->k;
  int bad = 0;
  if (info.rank == 2 && info.dim[1] == 2 && info.rows) {
    bad = vr_alloc(&k->edge, 2 * info.rows, sizeof *k->edge);
    for (size_t i = 0; !bad && i < 2 * info.rows; i++) {
      if (!(e[i] >= 0 && e[i] < (double)k->points))
        bad = vr_fail(VR_EDATA, "/edge_inds, row %zu: there is no point %g", i / 2, e[i]);
      else
        k->edge[i] = (size_t)e[i];
    }
    if (!bad) k->nedges = info.rows;
  }
  vr_release(e);
  return bad;
}

/* names of the tracks; fewer than there are (untracked: none) are numbered */
static int name_tracks(const vr_h5 *f, vr_import *im)
{
  size_t n = 0;
  if (count_names(f, "/track_names") == im->k.animals)
    return vr_h5_read_strings(f, "/track_names", &im->k.animal, &n);
  if (im->k.animals > 1) return vr_import_number_names("track_", im->k.animals, &im->k.animal);
  char *one[] = {(char *)"animal"};
  return vr_names_copy(one, 1, &im->k.animal);
}

int vr_import_sleap(const vr_h5 *f, const vr_import_par *par, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "SLEAP analysis HDF5");
  im->units = "px";
  double *x = NULL;
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, "/tracks", &x, &info));
  vr_axis_order o = {0};
  int bad = info.rank == 4 ? find_axes(f, par, &info, &o, im)
                           : vr_fail(VR_EDATA, "/tracks has %d axes, not 4", info.rank);
  if (!bad) bad = vr_axes_gather(x, &info, o, im);
  vr_release(x);
  VR_TRY(bad);
  VR_TRY(name_tracks(f, im));
  size_t n = 0;
  if (vr_h5_has(f, "/node_names"))
    VR_TRY(vr_h5_read_strings(f, "/node_names", &im->k.point, &n));
  else
    VR_TRY(vr_import_given_names(par->names, n = im->k.points, &im->k.point));
  if (!im->k.point) VR_TRY(vr_import_number_names("point_", n, &im->k.point));
  if (n != im->k.points)
    return vr_fail(VR_EDATA, "/node_names has %zu names for %zu points", n, im->k.points);
  VR_TRY(vr_axes_gather_conf(f, "/point_scores", &info, o, im));
  return read_edges(f, im);
}

/* -- csv: a row an animal and frame -- */

typedef struct {
  size_t rows, values;
  double *frame, *value; /* rows, rows x values */
  size_t *track;
  char **name; /* of the tracks */
  size_t tracks;
} long_rows;

static int read_rows(vr_csv *c, long_rows *r)
{
  size_t most = vr_csv_lines(c), width = c->ncells;
  r->values = width - 3;
  VR_TRY(vr_alloc(&r->frame, most, sizeof *r->frame));
  VR_TRY(vr_alloc(&r->track, most, sizeof *r->track));
  VR_TRY(vr_alloc(&r->name, most, sizeof *r->name));
  if (r->values > SIZE_MAX / 16 / (most + 1)) return vr_fail(VR_EDATA, "too many columns");
  VR_TRY(vr_alloc(&r->value, most * r->values, sizeof *r->value));
  for (int more = 1;; r->rows++) {
    VR_TRY(vr_csv_next(c, &more));
    if (!more) break;
    VR_TRY(vr_csv_width(c, width));
    VR_TRY(vr_csv_number(c, 1, &r->frame[r->rows]));
    if (!(r->frame[r->rows] >= 0 && r->frame[r->rows] < 1e12))
      return vr_fail(VR_EDATA, "line %zu: \"%.40s\" is not a frame number", c->line, c->cell[1]);
    size_t a = vr_names_find(r->name, r->tracks, c->cell[0]);
    if (a == r->tracks) r->name[r->tracks++] = c->cell[0];
    r->track[r->rows] = a;
    for (size_t i = 0; i < r->values; i++)
      VR_TRY(vr_csv_number(c, i + 3, &r->value[r->rows * r->values + i]));
  }
  return r->rows ? 0 : vr_fail(VR_EDATA, "the file ends with its header: no frames");
}

/* columns "node.x", "node.y", "node.score" in that order, node by node */
static int node_names(vr_csv *c, size_t *points, char ***names)
{
  *points = (c->ncells - 3) / 3;
  char **list;
  VR_TRY(vr_alloc(&list, *points, sizeof *list));
  int bad =
    c->ncells % 3 || !*points ? vr_fail(VR_EDATA, "columns are not node.x, node.y, node.score") : 0;
  static const char *const end[] = {".x", ".y", ".score"};
  for (size_t i = 3; i < c->ncells && !bad; i++) {
    char *name = c->cell[i], *dot = strrchr(name, '.');
    if (!dot || strcmp(dot, end[i % 3]))
      bad = vr_fail(VR_EDATA, "column %zu is not node%s", i + 1, end[i % 3]);
    else
      *dot = 0;
    if (!bad && i % 3 == 0)
      list[i / 3 - 1] = name;
    else if (!bad && strcmp(name, list[i / 3 - 1]))
      bad = vr_fail(VR_EDATA, "column %zu is not of node %.60s", i + 1, list[i / 3 - 1]);
  }
  if (!bad) bad = vr_names_copy(list, *points, names);
  vr_release(list);
  return bad;
}

static int place_rows(const long_rows *r, size_t points, vr_import *im)
{
  double low = INFINITY, high = 0;
  for (size_t i = 0; i < r->rows; i++) {
    low = fmin(low, r->frame[i]);
    high = fmax(high, r->frame[i]);
  }
  if (high - low > 20.0 * (double)r->rows)
    return vr_fail(
      VR_EDATA, "%zu rows for frames %.0f to %.0f: almost all are missing", r->rows, low, high);
  vr_tracks *k = &im->k;
  VR_TRY(vr_tracks_alloc(k, (size_t)(high - low) + 1, r->tracks, points, 2, 1));
  k->first = low;
  for (size_t i = 0; i < r->rows; i++) {
    size_t t = (size_t)(r->frame[i] - low), a = r->track[i];
    for (size_t p = 0; p < points; p++) {
      const double *v = r->value + i * r->values + 3 * p;
      double *to = vr_point(k, t, a, p);
      if (!isnan(to[0]))
        return vr_fail(VR_EDATA,
          "frame %.0f has two rows of track \"%.60s\": track the animals first", r->frame[i],
          r->name[a]);
      to[0] = v[0];
      to[1] = v[1];
      *vr_conf(k, t, a, p) = v[2];
    }
  }
  if (r->tracks == 1 && !r->name[0][0]) r->name[0] = (char *)"animal";
  return vr_names_copy(r->name, r->tracks, &k->animal);
}

int vr_import_sleap_csv(vr_csv *c, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "SLEAP csv");
  im->units = "px";
  size_t points = 0;
  VR_TRY(node_names(c, &points, &im->k.point));
  long_rows r = {0};
  int bad = read_rows(c, &r);
  if (!bad) bad = place_rows(&r, points, im);
  vr_release(r.frame);
  vr_release(r.value);
  vr_release(r.track);
  vr_release(r.name);
  return bad;
}
