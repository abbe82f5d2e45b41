#include "io/import.h"
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char hdf5[8] = "\x89HDF\r\n\x1a\n";

/* the first bytes of the file */
static int read_head(const char *path, char *head, size_t size, size_t *n)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return vr_fail(VR_EIO, "cannot be opened: %s", strerror(errno));
  *n = 0;
  for (ssize_t got = 1; got > 0 && *n < size;) {
    got = read(fd, head + *n, size - *n);
    if (got < 0 && errno == EINTR)
      got = 1;
    else if (got < 0) {
      int e = errno;
      close(fd);
      return vr_fail(VR_EIO, "cannot be read: %s", strerror(e));
    } else
      *n += (size_t)got;
  }
  close(fd);
  return *n ? 0 : vr_fail(VR_EDATA, "empty file");
}

/* -- HDF5 -- */

/* the only group with a pandas table, as "/df_with_missing" */
static int find_pandas(const vr_h5 *f, char *path, size_t size, int *found)
{
  char **names = NULL;
  size_t n = 0;
  *found = 0;
  VR_TRY(vr_h5_list(f, "/", &names, &n));
  int bad = 0;
  for (size_t i = 0; i < n && !bad; i++) {
    char one[256];
    snprintf(one, sizeof one, "/%.200s", names[i]);
    if (!vr_h5_is_group(f, one) || !vr_h5_has_attr(f, one, "pandas_type")) continue;
    if ((*found)++)
      bad = vr_fail(VR_EDATA, "two pandas tables, %.80s and %.80s: keep one", path, one);
    else
      snprintf(path, size, "%s", one);
  }
  vr_release(names);
  return bad;
}

/* every group of the root holds syllables: results of keypoint-MoSeq */
static int is_kpms(const vr_h5 *f)
{
  char **names = NULL, path[256];
  size_t n = 0, with = 0;
  if (vr_h5_list(f, "/", &names, &n)) return 0;
  for (size_t i = 0; i < n; i++) {
    snprintf(path, sizeof path, "/%.200s/syllable", names[i]);
    with += vr_h5_has(f, path) != 0;
  }
  vr_release(names);
  return n && with == n;
}

static int is_nwb(const vr_h5 *f)
{
  char *type = NULL;
  if (!vr_h5_has_attr(f, "/", "neurodata_type")) return 0;
  if (vr_h5_get_attr_str(f, "/", "neurodata_type", &type)) return 0;
  int yes = !strcmp(type, "NWBFile");
  vr_release(type);
  return yes;
}

/* What is known and cannot be read: what it is, and the way round. */
static int refuse_known(const vr_h5 *f)
{
  if (vr_h5_has_attr(f, "/", "vr_format"))
    return vr_fail(VR_EDATA, "this is a stream of ours already: nothing to import");
  if (vr_h5_is_group(f, "/Facemap"))
    return vr_fail(VR_EDATA, "this is a Facemap file: export its points to csv");
  if (is_kpms(f))
    return vr_fail(VR_EDATA,
      "these are results of keypoint-MoSeq: import the pose they were made of, "
      "or one array of them by -i PATH");
  return 0;
}

enum {
  NONE,
  SLEAP,
  SLP,
  SLEAP_CSV,
  DLC,
  ANIPOSE,
  SLEAP3D,
  JABS,
  MOVEMENT,
  DANNCE,
  NWB,
  UNITS,
  TEXT,
  DATASET
};
static const char *const kinds[] = {"", "sleap", "slp", "sleap-csv", "dlc", "anipose",
  "sleap-anipose", "jabs", "movement", "dannce", "nwb", "units", "text", "hdf5"};

static int recognise(const vr_h5 *f, int *kind)
{
  vr_h5_info info = {.rank = -1};
  if (is_nwb(f)) {
    *kind = NWB;
  } else if (vr_h5_has(f, "/tracks") && !vr_h5_is_group(f, "/tracks")) {
    VR_TRY(vr_h5_get_info(f, "/tracks", &info));
    int names = vr_h5_has(f, "/node_names") || vr_h5_has(f, "/track_occupancy");
    *kind = names ? SLEAP : SLEAP3D;
  } else if (vr_h5_has(f, "/frames") && vr_h5_has(f, "/instances") && vr_h5_has(f, "/metadata")) {
    *kind = SLP;
  } else if (vr_h5_has_attr(f, "/", "PYTABLES_FORMAT_VERSION")) {
    *kind = DLC;
  } else if (vr_h5_has(f, "/poseest/points")) {
    *kind = JABS;
  } else if (vr_h5_has(f, "/position") && !vr_h5_is_group(f, "/position")) {
    *kind = MOVEMENT;
  } else if (vr_h5_has(f, "/pred") && vr_h5_has_attr(f, "/pred", "MATLAB_class")) {
    *kind = DANNCE;
  } else {
    return vr_fail(VR_EDATA,
      "HDF5, but no kind of pose file that is known: name the positions by -i "
      "PATH (h5ls -r lists them)");
  }
  return 0;
}

static int read_hdf5(const char *path, const vr_import_par *par, int kind, vr_import *im)
{
  vr_h5 *f = NULL;
  VR_TRY(vr_h5_open(path, 0, &f));
  int bad = 0, found = 0;
  char group[256] = "";
  if (par->dataset) kind = DATASET;
  if (kind == NONE) bad = refuse_known(f);
  if (!bad && kind == NONE) bad = recognise(f, &kind);
  if (!bad && kind == DLC) bad = find_pandas(f, group, sizeof group, &found);
  if (bad) {
    vr_h5_close(&f);
    return bad;
  }
  switch (kind) {
  case SLEAP: bad = vr_import_sleap(f, par, im); break;
  case SLP: bad = vr_import_slp(f, im); break;
  case SLEAP3D: bad = vr_import_sleap3d(f, par, im); break;
  case JABS: bad = vr_import_jabs(f, im); break;
  case DANNCE: bad = vr_import_dannce(f, par, im); break;
  case NWB: bad = vr_import_nwb(f, par, im); break;
  case UNITS: break;
  case MOVEMENT: bad = vr_import_movement(f, im); break;
  case DLC:
    snprintf(im->kind, sizeof im->kind, "DeepLabCut HDF5");
    bad = found
            ? vr_import_pandas(f, group, im)
            : vr_fail(VR_EDATA, "PyTables HDF5 without a pandas table: name a dataset by -i PATH");
    break;
  case DATASET:
    bad = par->dataset ? vr_import_dataset(f, par, im)
                       : vr_fail(VR_EARG, "--kind hdf5 needs the dataset: -i PATH");
    break;
  default: bad = vr_fail(VR_EARG, "--kind %s is a text format, this is HDF5", kinds[kind]);
  }
  if (!bad && is_nwb(f)) bad = vr_import_nwb_cells(f, par, kind == UNITS, im);
  vr_h5_close(&f);
  return bad;
}

/* -- text -- */

static int any_ends(const vr_csv *c, const char *end)
{
  size_t n = strlen(end), hits = 0;
  for (size_t i = 0; i < c->ncells; i++) {
    size_t len = strlen(c->cell[i]);
    hits += len > n && !strcmp(c->cell[i] + len - n, end);
  }
  return hits > 0;
}

static int read_text(const char *path, int kind, vr_import *im)
{
  vr_csv c = {0};
  int more = 0, bad = vr_csv_open(path, &c);
  if (!bad) bad = vr_csv_next(&c, &more);
  if (!bad && !more) bad = vr_fail(VR_EDATA, "the file holds only blank lines");
  if (!bad && kind == NONE) {
    const char *first = c.cell[0];
    if (!strcmp(first, "scorer") || !strcmp(first, "bodyparts"))
      kind = DLC;
    else if (!strcmp(first, "track") && c.ncells > 3 && !strcmp(c.cell[1], "frame_idx"))
      kind = SLEAP_CSV;
    else if (any_ends(&c, "_ncams") && any_ends(&c, "_x"))
      kind = ANIPOSE;
    else
      kind = TEXT;
  }
  if (bad) {
    vr_csv_free(&c);
    return bad;
  }
  im->units = "px";
  switch (kind) {
  case DLC:
    snprintf(im->kind, sizeof im->kind, "DeepLabCut csv");
    bad = vr_import_dlc_csv(&c, im);
    break;
  case SLEAP_CSV:
    bad = c.ncells > 3 ? vr_import_sleap_csv(&c, im) : vr_fail(VR_EDATA, "line 1: too few columns");
    break;
  case ANIPOSE:
    snprintf(im->kind, sizeof im->kind, "Anipose csv");
    bad = vr_import_anipose_csv(&c, im);
    break;
  case TEXT:
    snprintf(im->kind, sizeof im->kind, "plain table");
    bad = vr_import_text(&c, im);
    break;
  default: bad = vr_fail(VR_EARG, "--kind %s is an HDF5 format, this is text", kinds[kind]);
  }
  vr_csv_free(&c);
  return bad;
}

static int find_kind(const char *name, int *kind)
{
  *kind = NONE;
  for (size_t i = 1; name && i < VR_LEN(kinds); i++)
    if (!strcmp(kinds[i], name)) *kind = (int)i;
  if (!name || *kind != NONE) return 0;
  const char *near = vr_str_nearest(name, kinds + 1, VR_LEN(kinds) - 1);
  return vr_fail(VR_EARG, "--kind %.40s: unknown%s%s; there are %s", name,
    near ? ", did you mean " : "", near ? near : "", VR_IMPORT_KINDS);
}

int vr_import_read(const char *path, const vr_import_par *par, vr_import *im)
{
  char head[4096] = "";
  size_t n = 0;
  int kind;
  im->units = "1";
  VR_TRY(find_kind(par->kind, &kind));
  VR_TRY(read_head(path, head, sizeof head, &n));
  if (n >= 19 && !memcmp(head, "MATLAB 5.0 MAT-file", 19))
    return vr_fail(VR_EDATA,
      "this is a MATLAB 5 file: load it in MATLAB and save(FILE, '-v7.3') makes "
      "it HDF5, which can be read");
  int is_hdf5 = n >= 8 && !memcmp(head, hdf5, 8);
  for (size_t at = 512; !is_hdf5 && at + 8 <= n; at *= 2) is_hdf5 = !memcmp(head + at, hdf5, 8);
  if (is_hdf5)
    VR_TRY(read_hdf5(path, par, kind, im));
  else if (par->dataset)
    return vr_fail(VR_EARG, "-i names a dataset, but the file is not HDF5");
  else
    VR_TRY(read_text(path, kind, im));
  VR_TRY(vr_str_ok(&im->notes));
  if (!im->k.frames && im->cells.n) return 0;
  VR_TRY(vr_names_check(im->k.point, im->k.points, "point"));
  VR_TRY(vr_names_check(im->k.animal, im->k.animals, "animal"));
  vr_tracks_clean(&im->k, &im->torn);
  return 0;
}

void vr_import_free(vr_import *im)
{
  vr_tracks_free(&im->k);
  vr_str_free(&im->notes);
  vr_units_free(&im->cells);
  vr_intervals_free(&im->intervals);
  vr_release(im->subject);
  *im = (vr_import){0};
}
