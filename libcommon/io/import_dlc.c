// DeepLabCut and LightningPose: csv, and the columns that csv and pandas files share
#include "base/err.h"
#include "base/mem.h"
#include "io/import_kinds.h"
#include <math.h>
#include <string.h>

static int coord_of(const char *name)
{
  if (!strcmp(name, "x")) return 0;
  if (!strcmp(name, "y")) return 1;
  if (!strcmp(name, "z")) return 2;
  return strcmp(name, "likelihood") ? -1 : 3;
}

/* place of `name` in list, added when new */
static size_t place_of(char **list, size_t *n, const char *name)
{
  size_t i = vr_names_find(list, *n, name);
  if (i == *n) list[(*n)++] = (char *)name;
  return i;
}

/* places of all columns, and the names in the order in which they come */
static int sort_columns(const vr_dlc_column *col, size_t n, vr_import *im, vr_dlc_place *place,
  char **animal, size_t *animals, char **point, size_t *points)
{
  int several = 0;
  for (size_t c = 0; c < n; c++) several |= strcmp(col[c].animal, col[0].animal) != 0;
  char **extra = NULL;
  size_t extras = 0, unknown = 0;
  VR_TRY(vr_alloc(&extra, n, sizeof *extra));
  int bad = 0;
  for (size_t c = 0; c < n && !bad; c++) {
    place[c] = (vr_dlc_place){0, 0, coord_of(col[c].coord)};
    if (strcmp(col[c].scorer, col[0].scorer))
      bad = vr_fail(VR_EDATA, "two scorers in one table, %.60s and %.60s: import them apart",
        col[0].scorer, col[c].scorer);
    if (place[c].what < 0) unknown++;
    // DeepLabCut's name for points that belong to no animal (corners of the arena)
    if (several && !strcmp(col[c].animal, "single")) {
      place_of(extra, &extras, col[c].point);
      place[c].what = -1;
    }
    if (place[c].what < 0) continue;
    place[c].animal = place_of(animal, animals, col[c].animal);
    place[c].point = place_of(point, points, col[c].point);
  }
  if (unknown)
    vr_str_addf(
      &im->notes, "%zu columns that are neither x, y, z nor likelihood are left out\n", unknown);
  if (extras) {
    vr_str_add(&im->notes, "points of no animal (individual \"single\") are left out:");
    for (size_t i = 0; i < extras; i++) vr_str_addf(&im->notes, " %s", extra[i]);
    vr_str_addc(&im->notes, '\n');
  }
  vr_release(extra);
  return bad;
}

/* each point has x and y, all of them z or none, no column comes twice */
static int check_columns(const vr_dlc_column *col, const vr_dlc_place *place, size_t n,
  size_t animals, size_t points, size_t *dims, int *conf)
{
  unsigned char *seen;
  VR_TRY(vr_alloc(&seen, animals * points * 4, 1));
  int bad = 0, any[4] = {0};
  for (size_t c = 0; c < n && !bad; c++) {
    if (place[c].what < 0) continue;
    unsigned char *s =
      &seen[(place[c].animal * points + place[c].point) * 4 + (size_t)place[c].what];
    if (*s)
      bad = vr_fail(VR_EDATA, "column %.60s of point %.60s%s%.60s comes twice", col[c].coord,
        col[c].point, col[c].animal[0] ? " of " : "", col[c].animal);
    any[place[c].what] = *s = 1;
  }
  *dims = any[2] ? 3 : 2;
  *conf = any[3];
  for (size_t c = 0; c < n && !bad; c++) {
    if (place[c].what < 0) continue;
    unsigned char *s = &seen[(place[c].animal * points + place[c].point) * 4];
    if (!s[0] || !s[1] || (any[2] && !s[2]))
      bad = vr_fail(VR_EDATA, "point %.60s lacks %s, which others have", col[c].point,
        !s[0]   ? "x"
        : !s[1] ? "y"
                : "z");
  }
  // a point that only some animals have stays missing in the others
  vr_release(seen);
  return bad;
}

int vr_dlc_layout(
  const vr_dlc_column *col, size_t n, size_t frames, vr_import *im, vr_dlc_place *place)
{
  if (!n) return vr_fail(VR_EDATA, "the table has no columns");
  char **names;
  VR_TRY(vr_alloc(&names, 2 * n, sizeof *names));
  size_t animals = 0, points = 0, dims = 2;
  int conf = 0;
  int bad = sort_columns(col, n, im, place, names, &animals, names + n, &points);
  if (!bad && !points) bad = vr_fail(VR_EDATA, "no column is the x, y or z of a point");
  if (!bad) bad = check_columns(col, place, n, animals, points, &dims, &conf);
  if (!bad) bad = vr_tracks_alloc(&im->k, frames, animals, points, dims, conf);
  if (!bad && animals == 1 && !names[0][0]) names[0] = (char *)"animal";
  if (!bad) bad = vr_names_copy(names, animals, &im->k.animal);
  if (!bad) bad = vr_names_copy(names + n, points, &im->k.point);
  vr_release(names);
  im->units = dims == 3 ? "1" : "px";
  return bad;
}

void vr_dlc_put(vr_import *im, const vr_dlc_place *place, size_t frame, double value)
{
  if (place->what < 0) return;
  if (place->what == 3)
    *vr_conf(&im->k, frame, place->animal, place->point) = value;
  else
    vr_point(&im->k, frame, place->animal, place->point)[place->what] = value;
}

/* -- csv -- */

typedef struct {
  char **level[4];    /* scorer, individuals, bodyparts, coords: cells of the header rows */
  size_t cells, head; /* columns; those before the first value (1, or 3 with image paths) */
} header;

/* The rows whose first cell names a level; the row just read is then the first of the data. */
static int read_header(vr_csv *c, header *h)
{
  static const char *const word[] = {"scorer", "individuals", "bodyparts", "coords"};
  h->cells = c->ncells;
  for (int more = 1; more;) {
    size_t w = 0;
    while (w < VR_LEN(word) && strcmp(c->cell[0], word[w])) w++;
    if (w == VR_LEN(word)) break;
    VR_TRY(vr_csv_width(c, h->cells));
    if (h->level[w]) return vr_fail(VR_EDATA, "line %zu: a second row \"%s\"", c->line, word[w]);
    VR_TRY(vr_alloc(&h->level[w], h->cells, sizeof *h->level[w]));
    memcpy(h->level[w], c->cell, h->cells * sizeof *c->cell);
    VR_TRY(vr_csv_next(c, &more));
    if (!more) return vr_fail(VR_EDATA, "the file ends with its header: no frames");
  }
  if (!h->level[2] || !h->level[3])
    return vr_fail(VR_EDATA, "a DeepLabCut header needs the rows bodyparts and coords");
  h->head = 1;
  while (h->head < h->cells && !h->level[2][h->head][0]) h->head++;
  return 0;
}

static int data_rows(
  vr_csv *c, const header *h, vr_import *im, const vr_dlc_place *place, double *number)
{
  size_t frame = 0;
  for (int more = 1; more; frame++) {
    VR_TRY(vr_csv_width(c, h->cells));
    double x;
    if (h->head > 1 || vr_csv_number(c, 0, &number[frame]))
      return vr_fail(VR_EDATA,
        "line %zu: \"%.60s\" is not a frame number: these are labelled images, not tracking "
        "(analyse the video and import that file)",
        c->line, c->cell[0]);
    for (size_t i = h->head; i < h->cells; i++) {
      VR_TRY(vr_csv_number(c, i, &x));
      vr_dlc_put(im, &place[i - h->head], frame, x);
    }
    VR_TRY(vr_csv_next(c, &more));
  }
  im->k.frames = frame;
  return vr_tracks_spread(&im->k, number, &im->added);
}

int vr_import_dlc_csv(vr_csv *c, vr_import *im)
{
  header h = {0};
  vr_dlc_column *col = NULL;
  vr_dlc_place *place = NULL;
  double *number = NULL;
  int bad = read_header(c, &h);
  size_t rows = bad ? 0 : vr_csv_lines(c) + 1, n = bad ? 0 : h.cells - h.head;
  if (!bad) bad = vr_alloc(&col, n, sizeof *col);
  if (!bad) bad = vr_alloc(&place, n, sizeof *place);
  if (!bad) bad = vr_alloc(&number, rows, sizeof *number);
  for (size_t i = 0; !bad && i < n; i++)
    col[i] = (vr_dlc_column){h.level[0] ? h.level[0][h.head + i] : "",
      h.level[1] ? h.level[1][h.head + i] : "", h.level[2][h.head + i], h.level[3][h.head + i]};
  if (!bad) bad = vr_dlc_layout(col, n, rows, im, place);
  if (!bad) bad = data_rows(c, &h, im, place, number);
  for (size_t i = 0; i < VR_LEN(h.level); i++) vr_release(h.level[i]);
  vr_release(col);
  vr_release(place);
  vr_release(number);
  return bad;
}
