// arrays in HDF5: any dataset, sleap-anipose, JABS, movement
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

int vr_import_numbers(const vr_h5 *f, const char *path, double **x, vr_h5_info *info)
{
  VR_TRY(vr_h5_get_info(f, path, info));
  if (info->type == VR_STR || info->type == VR_OTHER || info->rank < 0)
    return vr_fail(VR_EDATA, "%.200s does not hold numbers", path);
  VR_TRY(vr_alloc(x, info->rows * info->row, sizeof **x));
  int bad = info->rows && info->row ? vr_h5_read(f, path, VR_F64, 0, info->rows, *x) : 0;
  if (bad) {
    vr_release(*x);
    *x = NULL;
  }
  return bad;
}

int vr_import_number_names(const char *prefix, size_t n, char ***names)
{
  enum { MOST = 48 };
  char **list;
  VR_TRY(vr_alloc(&list, n, sizeof *list + MOST));
  for (size_t i = 0; i < n; i++) {
    list[i] = (char *)(list + n) + i * MOST;
    snprintf(list[i], MOST, "%.20s%zu", prefix, i);
  }
  *names = list;
  return 0;
}

int vr_import_given_names(const char *list, size_t n, char ***names)
{
  *names = NULL;
  if (!list) return 0;
  size_t got = 0;
  VR_TRY(vr_str_split(list, ",", names, &got));
  if (got == n) return 0;
  vr_release(*names);
  *names = NULL;
  return vr_fail(VR_EARG, "--names gives %zu names, the file has %zu points", got, n);
}

int vr_axes_parse(const char *text, int rank, vr_axis_order *o)
{
  static const struct {
    const char *word;
    int axis;
  } words[] = {{"frame", 0}, {"time", 0}, {"animal", 1}, {"track", 1}, {"individual", 1},
    {"point", 2}, {"node", 2}, {"keypoint", 2}, {"space", 3}, {"xyz", 3}, {"xy", 3}};
  int at[4] = {-1, -1, -1, -1}, n = 0;
  for (const char *c = text; *c;) {
    size_t w = 0, len = strspn(c, "abcdefghijklmnopqrstuvwxyz");
    if (!len) {
      c++;
      continue;
    }
    // plurals are fine
    size_t stem = len > 1 && c[len - 1] == 's' ? len - 1 : len;
    while (w < VR_LEN(words) && (strlen(words[w].word) != stem || strncmp(words[w].word, c, stem)))
      w++;
    if (w == VR_LEN(words) || at[words[w].axis] >= 0)
      return vr_fail(
        VR_EARG, "axes \"%.80s\": give each of frame, animal, point and space at most once", text);
    at[words[w].axis] = n++;
    c += len;
  }
  if (n != rank)
    return vr_fail(VR_EARG, "axes \"%.80s\" are %d, the dataset has %d", text, n, rank);
  if (at[0] < 0 || at[3] < 0)
    return vr_fail(VR_EARG, "axes \"%.80s\": frame and space are needed", text);
  *o = (vr_axis_order){at[0], at[1], at[2], at[3]};
  return 0;
}

int vr_axes_gather(const double *x, const vr_h5_info *info, vr_axis_order o, vr_import *im)
{
  // size and step of each of ours in the file's array
  const int at[4] = {o.frame, o.animal, o.point, o.space};
  static const char *const word[4] = {"frame", "animal", "point", "space"};
  size_t size[4], step[4];
  im->axes[0] = 0;
  for (int i = 0; i < 4; i++) {
    size[i] = at[i] < 0 ? 1 : info->dim[at[i]];
    step[i] = 1;
    for (int d = at[i] < 0 ? info->rank : at[i] + 1; d < info->rank; d++) step[i] *= info->dim[d];
  }
  for (int d = 0; d < info->rank; d++)
    for (int i = 0; i < 4; i++)
      if (at[i] == d) {
        size_t used = strlen(im->axes);
        snprintf(im->axes + used, sizeof im->axes - used, "%s%s", d ? "," : "", word[i]);
      }
  vr_tracks *k = &im->k;
  VR_TRY(vr_tracks_alloc(k, size[0], size[1], size[2], size[3], 0));
  double *to = k->x;
  for (size_t t = 0; t < size[0]; t++)
    for (size_t a = 0; a < size[1]; a++)
      for (size_t p = 0; p < size[2]; p++)
        for (size_t d = 0; d < size[3]; d++)
          *to++ = x[t * step[0] + a * step[1] + p * step[2] + d * step[3]];
  return 0;
}

int vr_axes_gather_conf(
  const vr_h5 *f, const char *path, const vr_h5_info *of, vr_axis_order o, vr_import *im)
{
  if (!vr_h5_has(f, path)) return 0;
  double *c = NULL;
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, path, &c, &info));
  vr_tracks *k = &im->k;
  size_t size = k->frames * k->animals * k->points, step[3] = {1, 1, 1};
  const int at[3] = {o.frame, o.animal, o.point};
  for (int i = 0; i < 3; i++)
    for (int d = at[i] + 1; at[i] >= 0 && d < of->rank; d++)
      step[i] *= d == o.space ? 1 : of->dim[d];
  // the same axes in the same order, without space
  int bad = info.rank != of->rank - 1;
  for (int d = 0, e = 0; !bad && d < of->rank; d++)
    if (d != o.space) bad = info.dim[e++] != of->dim[d];
  if (bad) bad = vr_fail(VR_EDATA, "%s does not have the shape of the positions", path);
  if (!bad) bad = vr_alloc(&k->conf, size, sizeof *k->conf);
  for (size_t i = 0; !bad && i < size; i++) {
    size_t t = i / (k->animals * k->points), a = i / k->points % k->animals, p = i % k->points;
    k->conf[i] =
      c[t * step[0] + (o.animal < 0 ? 0 : a * step[1]) + (o.point < 0 ? 0 : p * step[2])];
  }
  vr_release(c);
  return bad;
}

static int name_all(const vr_import_par *par, vr_import *im)
{
  vr_tracks *k = &im->k;
  VR_TRY(vr_import_given_names(par->names, k->points, &k->point));
  if (!k->point) VR_TRY(vr_import_number_names("point_", k->points, &k->point));
  if (k->animals > 1) return vr_import_number_names("track_", k->animals, &k->animal);
  char *one[] = {(char *)"animal"};
  return vr_names_copy(one, 1, &k->animal);
}

int vr_import_dataset(const vr_h5 *f, const vr_import_par *par, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "HDF5 dataset");
  double *x = NULL;
  vr_h5_info info;
  vr_axis_order o = {0, -1, -1, -1};
  VR_TRY(vr_import_numbers(f, par->dataset, &x, &info));
  int bad = 0;
  if (par->axes)
    bad = vr_axes_parse(par->axes, info.rank, &o);
  else if (info.rank < 2 || info.rank > 4)
    bad = vr_fail(VR_EDATA, "%.200s has %d axes: 2, 3 or 4 can be points", par->dataset, info.rank);
  else
    o = (vr_axis_order){
      0, info.rank == 4 ? 1 : -1, info.rank > 2 ? info.rank - 2 : -1, info.rank - 1};
  if (!bad && info.dim[o.space] != 2 && info.dim[o.space] != 3)
    bad = vr_fail(VR_EDATA, "%.200s: the axis of space has length %zu, not 2 or 3: say --axes",
      par->dataset, info.dim[o.space]);
  if (!bad) bad = vr_axes_gather(x, &info, o, im);
  vr_release(x);
  VR_TRY(bad);
  im->units = "1";
  return name_all(par, im);
}

int vr_import_sleap3d(const vr_h5 *f, const vr_import_par *par, vr_import *im)
{
  vr_import_par all = *par;
  all.dataset = "/tracks";
  VR_TRY(vr_import_dataset(f, &all, im));
  snprintf(im->kind, sizeof im->kind, "sleap-anipose HDF5");
  if (!par->names)
    vr_str_add(&im->notes, "points have no names in the file: give them by --names\n");
  if (par->axes) return 0; // the scores would need axes of their own
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(f, "/tracks", &info));
  const vr_axis_order o = {0, info.rank == 4 ? 1 : -1, info.rank - 2, info.rank - 1};
  return vr_axes_gather_conf(f, "/point_scores", &info, o, im);
}

/* MATLAB shows its arrays with the axes reversed: pred (T, 3, K), of several animals (T, N, 3, K) */
int vr_import_dannce(const vr_h5 *f, const vr_import_par *par, vr_import *im)
{
  vr_import_par all = *par;
  vr_h5_info info;
  vr_axis_order o;
  all.dataset = "/pred";
  VR_TRY(vr_h5_get_info(f, all.dataset, &info));
  if (!all.axes) all.axes = info.rank == 4 ? "point,space,animal,frame" : "point,space,frame";
  VR_TRY(vr_import_dataset(f, &all, im));
  VR_TRY(vr_axes_parse(all.axes, info.rank, &o));
  snprintf(im->kind, sizeof im->kind, "DANNCE MATLAB 7.3");
  if (!par->names)
    vr_str_add(&im->notes, "points have no names in the file: give them by --names\n");
  vr_str_add(
    &im->notes, "confidence is the peak of the heat map: do not cut it as that of others\n");
  return vr_axes_gather_conf(f, "/p_max", &info, o, im);
}

/* -- JABS: instances of each frame, put together by their identity -- */

typedef struct {
  double *points, *conf, *count, *id, *mask;
  size_t instances;
  double first_id; /* 1: numbers from 1, 0 is none; 0: numbers from 0 */
} jabs;

static int jabs_read(const vr_h5 *f, jabs *j, vr_h5_info *p)
{
  vr_h5_info info;
  VR_TRY(vr_import_numbers(f, "/poseest/points", &j->points, p));
  if (p->rank == 3) { // version 2: one animal
    j->instances = 1;
  } else if (p->rank == 4) {
    j->instances = p->dim[1];
  } else {
    return vr_fail(VR_EDATA, "/poseest/points has %d axes, not 3 or 4", p->rank);
  }
  if (p->dim[p->rank - 1] != 2 || p->dim[p->rank - 2] != 12)
    return vr_fail(VR_EDATA, "/poseest/points does not end in 12 points x 2");
  size_t per = p->dim[0] * j->instances;
  const struct {
    const char *path;
    double **to;
    size_t size;
  } all[] = {{"/poseest/confidence", &j->conf, per * 12},
    {"/poseest/instance_count", &j->count, p->dim[0]}, {"/poseest/id_mask", &j->mask, per},
    {vr_h5_has(f, "/poseest/instance_embed_id") ? "/poseest/instance_embed_id"
                                                : "/poseest/instance_track_id",
      &j->id, per}};
  for (size_t i = 0; i < VR_LEN(all); i++) {
    if (!vr_h5_has(f, all[i].path)) continue;
    VR_TRY(vr_import_numbers(f, all[i].path, all[i].to, &info));
    if (info.rows * info.row != all[i].size)
      return vr_fail(VR_EDATA, "%s does not have the shape of the points", all[i].path);
  }
  j->first_id = vr_h5_has(f, "/poseest/instance_embed_id");
  return j->conf ? 0 : vr_fail(VR_EDATA, "/poseest/confidence is missing");
}

/* identity of instance i of frame t from 0 on; SIZE_MAX: none */
static size_t jabs_id(const jabs *j, size_t t, size_t i)
{
  size_t at = t * j->instances + i;
  if (j->count && (double)i >= j->count[t]) return SIZE_MAX;
  if (j->mask && j->mask[at] != 0) return SIZE_MAX;
  if (!j->id) return i;
  double id = j->id[at] - j->first_id;
  return id >= 0 && id < 1e6 ? (size_t)id : SIZE_MAX;
}

static int jabs_place(const jabs *j, size_t frames, vr_import *im)
{
  size_t animals = 0, lost = 0;
  for (size_t t = 0; t < frames; t++)
    for (size_t i = 0; i < j->instances; i++) {
      size_t a = jabs_id(j, t, i);
      if (a == SIZE_MAX)
        lost += !j->count || (double)i < j->count[t];
      else if (a + 1 > animals)
        animals = a + 1;
    }
  vr_tracks *k = &im->k;
  VR_TRY(vr_tracks_alloc(k, frames, animals, 12, 2, 1));
  for (size_t t = 0; t < frames; t++)
    for (size_t i = 0; i < j->instances; i++) {
      size_t a = jabs_id(j, t, i);
      for (size_t p = 0; p < 12 && a != SIZE_MAX; p++) {
        const double *yx = j->points + ((t * j->instances + i) * 12 + p) * 2;
        double conf = j->conf[(t * j->instances + i) * 12 + p];
        *vr_conf(k, t, a, p) = conf;
        if (!(conf > 0) || (yx[0] == 0 && yx[1] == 0)) continue;
        vr_point(k, t, a, p)[0] = yx[1];
        vr_point(k, t, a, p)[1] = yx[0];
      }
    }
  if (lost) vr_str_addf(&im->notes, "%zu instances without identity are left out\n", lost);
  return 0;
}

int vr_import_jabs(const vr_h5 *f, vr_import *im)
{
  static const char *const names[12] = {"NOSE", "LEFT_EAR", "RIGHT_EAR", "BASE_NECK",
    "LEFT_FRONT_PAW", "RIGHT_FRONT_PAW", "CENTER_SPINE", "LEFT_REAR_PAW", "RIGHT_REAR_PAW",
    "BASE_TAIL", "MID_TAIL", "TIP_TAIL"};
  snprintf(im->kind, sizeof im->kind, "JABS pose HDF5");
  snprintf(im->rate_from, sizeof im->rate_from, "the convention of JABS");
  im->units = "px";
  im->k.rate = 30;
  jabs j = {0};
  vr_h5_info p;
  int bad = jabs_read(f, &j, &p);
  if (!bad) bad = jabs_place(&j, p.dim[0], im);
  vr_release(j.points);
  vr_release(j.conf);
  vr_release(j.count);
  vr_release(j.id);
  vr_release(j.mask);
  VR_TRY(bad);
  double cm = 0;
  if (vr_h5_has_attr(f, "/poseest", "cm_per_pixel") &&
      !vr_h5_get_attr_num(f, "/poseest", "cm_per_pixel", &cm))
    vr_str_addf(
      &im->notes, "the file says %.6g cm a pixel: --scale %.6g gives metres\n", cm, cm / 100);
  VR_TRY(vr_names_copy((char *const *)names, 12, &im->k.point));
  if (im->k.animals > 1) return vr_import_number_names("animal_", im->k.animals, &im->k.animal);
  char *one[] = {(char *)"animal"};
  return vr_names_copy(one, 1, &im->k.animal);
}

/* -- movement: netCDF with named axes -- */

int vr_import_movement(const vr_h5 *f, vr_import *im)
{
  snprintf(im->kind, sizeof im->kind, "movement netCDF");
  im->units = "px";
  double *x = NULL;
  vr_h5_info info;
  vr_axis_order o = {0};
  VR_TRY(vr_import_numbers(f, "/position", &x, &info));
  vr_str axes = {0};
  char name[64] = "", point[80] = "/keypoints", animal[80] = "/individuals";
  for (int d = 0; d < info.rank; d++) {
    int bad = vr_h5_get_axis(f, "/position", d, name, sizeof name);
    if (!bad) vr_str_addf(&axes, "%s%s", d ? "," : "", name);
    if (!strncmp(name, "keypoint", 8)) snprintf(point, sizeof point, "/%s", name);
    if (!strncmp(name, "individual", 10)) snprintf(animal, sizeof animal, "/%s", name);
  }
  int bad = vr_axes_parse(vr_str_get(&axes), info.rank, &o);
  vr_str_free(&axes);
  if (!bad) bad = vr_axes_gather(x, &info, o, im);
  vr_release(x);
  VR_TRY(bad);
  size_t n = 0;
  vr_tracks *k = &im->k;
  VR_TRY(vr_h5_read_strings(f, point, &k->point, &n));
  if (n != k->points)
    return vr_fail(VR_EDATA, "%s has %zu names for %zu points", point, n, k->points);
  VR_TRY(vr_h5_read_strings(f, animal, &k->animal, &n));
  if (n != k->animals)
    return vr_fail(VR_EDATA, "%s has %zu names for %zu animals", animal, n, k->animals);
  if (vr_h5_has_attr(f, "/", "fps") && !vr_h5_get_attr_num(f, "/", "fps", &k->rate))
    snprintf(im->rate_from, sizeof im->rate_from, "the attribute fps");
  return vr_axes_gather_conf(f, "/confidence", &info, o, im);
}
