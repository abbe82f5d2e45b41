// DeepLabCut tables that pandas wrote to HDF5, in its layouts "table" and "fixed"
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include "io/pickle.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PATH = 512, LEVELS = 8 };

/* levels of a column, outermost first, by how many there are */
static int columns_of(char *const *names, size_t n, size_t width, vr_dlc_column *col)
{
  if (width < 2 || width > 4)
    return vr_fail(VR_EDATA,
      "columns have %zu levels: DeepLabCut's have scorer, (individuals,) bodyparts and coords",
      width);
  for (size_t i = 0; i < n; i++) {
    char *const *c = names + i * width;
    col[i] = (vr_dlc_column){"", "", c[width - 2], c[width - 1]};
    if (width >= 3) col[i].scorer = c[0];
    if (width == 4) col[i].animal = c[1];
  }
  return 0;
}

static int stills(void)
{
  return vr_fail(VR_EDATA, "rows are named by images: hand-labelled stills (CollectedData), not "
                           "tracking: analyse the video "
                           "and import that file");
}

/* rows are frames: their numbers, or 0, 1, 2 ... where the index is not numeric */
static int spread(vr_import *im, const double *number, size_t rows)
{
  im->k.frames = rows;
  return vr_tracks_spread(&im->k, number, &im->added);
}

/* -- table: one compound row a frame, names in pickles -- */

/* the pickled names of one block of columns */
static int block_names(
  const vr_h5 *f, const char *table, const char *field, char ***names, size_t *n, size_t *width)
{
  char attr[64];
  snprintf(attr, sizeof attr, "%s_kind", field);
  char *pickle = NULL;
  if (!vr_h5_has_attr(f, table, attr))
    return vr_fail(
      VR_EDATA, "%.200s lacks the attribute %s with the names of the columns", table, attr);
  VR_TRY(vr_h5_get_attr_str(f, table, attr, &pickle));
  int bad = vr_pickle_columns(pickle, names, n, width);
  vr_release(pickle);
  return vr_wrap(bad, "%.200s, attribute %s", table, attr);
}

/* one block: its values into the tracks, laid out when it is the first */
static int table_block(
  const vr_h5 *f, const char *table, const char *field, vr_import *im, size_t *rows)
{
  char **names = NULL;
  size_t n = 0, width = 0, cells = 0;
  double *a = NULL;
  vr_dlc_column *col = NULL;
  vr_dlc_place *place = NULL;
  int bad = block_names(f, table, field, &names, &n, &width);
  if (!bad) bad = vr_h5_read_field(f, table, field, &a, rows, &cells);
  if (!bad && cells != n)
    bad = vr_fail(VR_EDATA, "%.200s: %zu names for %zu columns", table, n, cells);
  if (!bad) bad = vr_alloc(&col, n, sizeof *col);
  if (!bad) bad = vr_alloc(&place, n, sizeof *place);
  if (!bad) bad = columns_of(names, n, width, col);
  if (!bad) bad = vr_dlc_layout(col, n, *rows, im, place);
  for (size_t t = 0; !bad && t < *rows; t++)
    for (size_t c = 0; c < n; c++) vr_dlc_put(im, &place[c], t, a[t * n + c]);
  vr_release(names);
  vr_release(a);
  vr_release(col);
  vr_release(place);
  return bad;
}

static int read_table(const vr_h5 *f, const char *group, vr_import *im)
{
  char table[PATH];
  snprintf(table, sizeof table, "%s/table", group);
  char *kind = NULL;
  if (vr_h5_has_attr(f, table, "index_kind") &&
      !vr_h5_get_attr_str(f, table, "index_kind", &kind)) {
    int text = !strcmp(kind, "string");
    vr_release(kind);
    if (text) return stills();
  }
  if (vr_h5_has_attr(f, table, "values_block_1_kind"))
    return vr_fail(VR_EDATA,
      "%.200s holds columns of several types: save the csv beside it and import that", table);
  double *number = NULL;
  size_t rows = 0, width = 0;
  if (vr_h5_read_field(f, table, "index", &number, &rows, &width) || width != 1) {
    vr_release(number);
    return stills();
  }
  int bad = table_block(f, table, "values_block_0", im, &rows);
  if (!bad) bad = spread(im, number, rows);
  vr_release(number);
  return bad;
}

/* -- fixed: levels and labels in arrays -- */

/* the columns of an axis (axis0, block0_items): one block of names, `width` a column */
static int axis_names(
  const vr_h5 *f, const char *group, const char *axis, size_t width, char ***names, size_t *n)
{
  char **level[LEVELS] = {0}, **flat = NULL, path[PATH];
  double *label[LEVELS] = {0};
  size_t levels[LEVELS] = {0};
  int bad = 0;
  for (size_t l = 0; l < width && !bad; l++) {
    vr_h5_info info;
    snprintf(path, sizeof path, "%s/%s_label%zu", group, axis, l);
    bad = vr_import_numbers(f, path, &label[l], &info);
    if (!bad && l && info.rows != *n) bad = vr_fail(VR_EDATA, "%.200s: wrong length", path);
    *n = bad ? 0 : info.rows;
    snprintf(path, sizeof path, "%s/%s_level%zu", group, axis, l);
    // a scorer may be a pickled object: its name is not needed
    if (!bad) bad = vr_h5_read_strings(f, path, &level[l], &levels[l]);
    if (bad && l == 0 && width > 2) bad = 0;
  }
  if (!bad) bad = vr_alloc(&flat, *n * width, sizeof *flat);
  for (size_t i = 0; !bad && i < *n * width; i++) {
    size_t l = i % width;
    double at = label[l][i / width];
    if (!level[l])
      flat[i] = (char *)"";
    else if (at >= 0 && at < (double)levels[l])
      flat[i] = level[l][(size_t)at];
    else
      bad = vr_fail(VR_EDATA, "%.200s: column %zu has no name at level %zu", group, i / width, l);
  }
  if (!bad) bad = vr_names_copy(flat, *n * width, names);
  for (size_t l = 0; l < width; l++) {
    vr_release(level[l]);
    vr_release(label[l]);
  }
  vr_release(flat);
  return bad;
}

static int same(const vr_dlc_column *a, const vr_dlc_column *b)
{
  return !strcmp(a->point, b->point) && !strcmp(a->coord, b->coord) &&
         !strcmp(a->animal, b->animal) && !strcmp(a->scorer, b->scorer);
}

/* values of block k go to the places of the columns of the same names */
static int fixed_block(const vr_h5 *f, const char *group, size_t k, size_t width,
  const vr_dlc_column *all, const vr_dlc_place *place, size_t nall, vr_import *im)
{
  char axis[64], path[PATH], **names = NULL;
  double *a = NULL;
  vr_dlc_column *col = NULL;
  vr_h5_info info = {0};
  size_t n = 0;
  snprintf(axis, sizeof axis, "block%zu_items", k);
  snprintf(path, sizeof path, "%s/block%zu_values", group, k);
  int bad = axis_names(f, group, axis, width, &names, &n);
  if (!bad) bad = vr_import_numbers(f, path, &a, &info);
  if (!bad && (info.rank != 2 || info.dim[1] != n || info.rows != im->k.frames))
    bad = vr_fail(VR_EDATA, "%.200s: its shape does not fit its names", path);
  if (!bad) bad = vr_alloc(&col, n, sizeof *col);
  if (!bad) bad = columns_of(names, n, width, col);
  for (size_t c = 0; c < n && !bad; c++) {
    size_t i = 0;
    while (i < nall && !same(&col[c], &all[i])) i++;
    if (i == nall) bad = vr_fail(VR_EDATA, "%.200s: a column that the table does not have", path);
    for (size_t t = 0; !bad && t < info.rows; t++) vr_dlc_put(im, &place[i], t, a[t * n + c]);
  }
  vr_release(names);
  vr_release(a);
  vr_release(col);
  return bad;
}

static int read_fixed(const vr_h5 *f, const char *group, vr_import *im)
{
  double levels = 1, blocks = 0;
  if (vr_h5_has_attr(f, group, "axis0_nlevels"))
    VR_TRY(vr_h5_get_attr_num(f, group, "axis0_nlevels", &levels));
  VR_TRY(vr_h5_get_attr_num(f, group, "nblocks", &blocks));
  if (levels < 2 || levels > 4 || blocks < 1 || blocks > 64)
    return vr_fail(VR_EDATA,
      "%.200s: a pandas table with %g levels of columns and %g blocks is not "
      "DeepLabCut's",
      group, levels, blocks);
  size_t width = (size_t)levels, n = 0;
  char path[PATH], **names = NULL;
  snprintf(path, sizeof path, "%s/axis1", group);
  vr_h5_info info;
  VR_TRY(vr_h5_get_info(f, path, &info));
  if (info.type == VR_STR || vr_h5_has_attr(f, group, "axis1_nlevels")) return stills();
  double *number = NULL;
  vr_dlc_column *col = NULL;
  vr_dlc_place *place = NULL;
  int bad = vr_import_numbers(f, path, &number, &info);
  if (!bad) bad = axis_names(f, group, "axis0", width, &names, &n);
  if (!bad) bad = vr_alloc(&col, n, sizeof *col);
  if (!bad) bad = vr_alloc(&place, n, sizeof *place);
  if (!bad) bad = columns_of(names, n, width, col);
  if (!bad) bad = vr_dlc_layout(col, n, info.rows, im, place);
  for (size_t k = 0; k < (size_t)blocks && !bad; k++)
    bad = fixed_block(f, group, k, width, col, place, n, im);
  if (!bad) bad = spread(im, number, info.rows);
  vr_release(number);
  vr_release(names);
  vr_release(col);
  vr_release(place);
  return bad;
}

int vr_import_pandas(const vr_h5 *f, const char *group, vr_import *im)
{
  char *type = NULL;
  VR_TRY(vr_h5_get_attr_str(f, group, "pandas_type", &type));
  int table = !strcmp(type, "frame_table"), fixed = !strcmp(type, "frame");
  int bad = table ? read_table(f, group, im) : 0;
  if (fixed) bad = read_fixed(f, group, im);
  if (!table && !fixed)
    bad =
      vr_fail(VR_EDATA, "%.200s is a pandas object of type \"%.40s\", not a table", group, type);
  vr_release(type);
  return bad;
}
